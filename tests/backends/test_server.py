"""The server backend against a real HTTP server: what it asks, what it makes of good and of bad answers."""

import math
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from secassist.backends.server import ServerBackend
from secassist.config import Settings
from secassist.errors import BackendError
from tests.backends.samples import SCHEMA, request
from tests.backends.server import Script, serving

LN = math.log


@pytest.fixture
def script() -> Iterator[Script]:
    with serving(Script()) as running:
        yield running


@pytest.fixture
def backend(script: Script, tmp_path: Path) -> ServerBackend:
    return connected(script.url, tmp_path)


def connected(url: str, home: Path, **more: Any) -> ServerBackend:
    settings = {"server_model": "tiny", "server_key": "invented-key", "server_timeout": 5.0, **more}
    return ServerBackend(Settings(home=home, backend="server", server_url=url, **settings))


def test_what_is_asked(backend: ServerBackend, script: Script) -> None:
    answer = backend.complete([request("1| x", shots=(("q", "a"),))])[0]
    assert (answer.text, answer.finish) == (script.text, "stop")
    assert (answer.prompt_tokens, answer.answer_tokens) == (11, 7)
    body = script.asked[0]
    assert [(m["role"], m["content"]) for m in body["messages"]] == [
        ("system", "Judge."),
        ("user", "q"),
        ("assistant", "a"),
        ("user", "1| x"),
    ]
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert (body["max_tokens"], body["temperature"], body["logprobs"]) == (200, 0.0, True)
    assert script.headers[0]["Authorization"] == "Bearer invented-key"


def test_an_adapter_is_addressed_by_model_name(backend: ServerBackend, script: Script) -> None:
    backend.complete([request(analyzer="triage")])
    backend.complete([request(analyzer="review")])
    assert [body["model"] for body in script.asked] == ["tiny-triage", "tiny"]
    assert [backend.wants_examples(name) for name in ("triage", "review")] == [False, True]
    tuned, plain = backend.identity("triage"), backend.identity("review")
    assert (tuned.model, tuned.adapter, plain.adapter) == ("tiny", "tiny-triage", "")
    assert tuned.model_digest != plain.model_digest


def test_many_answers_keep_their_order(backend: ServerBackend, script: Script) -> None:
    script.delay = 0.01
    script.answer = lambda body: {"choices": [{"message": {"content": body["messages"][-1]["content"]}}]}  # type: ignore[method-assign]
    users = [str(number) for number in range(40)]
    assert [answer.text for answer in backend.complete([request(user) for user in users])] == users


class TestOdds:
    def asked(self, backend: ServerBackend, script: Script, *tokens: tuple[str, dict[str, float]]) -> dict[str, float]:
        script.tokens = list(tokens)
        return backend.complete([request()])[0].choices

    def test_they_come_from_the_first_token_of_the_value(self, backend: ServerBackend, script: Script) -> None:
        tops = {"y": LN(0.6), "no": LN(0.2), "x": LN(0.2)}
        odds = self.asked(
            backend, script, ('{"', {}), ("decision", {"no": -0.1}), ('":"', {}), ("yes", tops), ('"}', {})
        )
        assert odds == pytest.approx({"yes": 0.75, "no": 0.25})

    def test_spaced_json_is_understood(self, backend: ServerBackend, script: Script) -> None:
        odds = self.asked(backend, script, ('{"decision": "', {}), ("no", {"no": LN(0.9), "yes": LN(0.1)}))
        assert odds == pytest.approx({"yes": 0.1, "no": 0.9})

    def test_they_are_unknown_without_log_probabilities(self, backend: ServerBackend) -> None:
        assert backend.complete([request()])[0].choices == {}

    @pytest.mark.parametrize("tops", [{}, {"maybe": -0.1}])
    def test_they_are_unknown_when_no_choice_is_listed(
        self, backend: ServerBackend, script: Script, tops: dict[str, float]
    ) -> None:
        assert self.asked(backend, script, ('{"decision":"', {}), ("yes", tops)) == {}

    def test_impossible_log_probabilities_stay_bounded(self, backend: ServerBackend, script: Script) -> None:
        odds = self.asked(backend, script, ('{"decision":"', {}), ("yes", {"yes": 1e9, "no": -1e9}))
        assert odds == pytest.approx({"yes": 1.0, "no": 0.0})


class TestEndings:
    @pytest.mark.parametrize(
        ("finish", "message", "expected"),
        [
            ("stop", {}, "stop"),
            ("length", {}, "length"),
            ("content_filter", {}, "refused"),
            ("stop", {"refusal": "I cannot"}, "refused"),
            ("stop", {"refusal": None}, "stop"),
        ],
    )
    def test_finish(
        self, backend: ServerBackend, script: Script, finish: str, message: dict[str, Any], expected: str
    ) -> None:
        script.finish, script.message = finish, message
        assert backend.complete([request()])[0].finish == expected

    def test_empty_content_is_empty_text(self, backend: ServerBackend, script: Script) -> None:
        script.message = {"content": None}
        assert backend.complete([request()])[0].text == ""


class TestTrouble:
    @pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503, 307])
    def test_an_error_status(self, backend: ServerBackend, script: Script, status: int) -> None:
        script.status = status
        with pytest.raises(BackendError, match=str(status)):
            backend.complete([request()])

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"not json",
            b"[]",
            b"{}",
            b'{"choices": []}',
            b'{"choices": {}}',
            b'{"choices": [{}]}',
            b'{"choices": [{"message": "text"}]}',
            b'{"choices": [{"message": {"content": ["a"]}}]}',
            b'{"choices": [{"message": {"content": "a"}}], "usage": {"prompt_tokens": "many"}}',
            b'{"choices": [{"message": {"content": "a"}, "logprobs": {"content": [7]}}]}',
            b'{"choices": [{"message": {"content": "a"}, "logprobs": 7}]}',
            b"\xff\xfe",
        ],
    )
    def test_a_malformed_answer(self, backend: ServerBackend, script: Script, body: bytes) -> None:
        script.body = body
        with pytest.raises(BackendError):
            backend.complete([request()])

    def test_a_timeout(self, script: Script, tmp_path: Path) -> None:
        script.delay = 0.5
        with pytest.raises(BackendError, match="is the server up"):
            connected(script.url, tmp_path, server_timeout=0.05).complete([request()])

    def test_a_connection_that_was_cut_is_tried_again(self, backend: ServerBackend, script: Script) -> None:
        script.cut = 2
        assert backend.complete([request()])[0].text == script.text
        assert len(script.asked) == 3

    def test_but_not_for_ever(self, backend: ServerBackend, script: Script) -> None:
        script.cut = 3
        with pytest.raises(BackendError, match="is the server up"):
            backend.complete([request()])

    def test_nobody_listens(self, tmp_path: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
        with pytest.raises(BackendError, match="is the server up"):
            connected(url, tmp_path).identity("triage")

    @pytest.mark.parametrize("models", [None, "tiny", [None], [{}], [{"id": 7}]])
    def test_a_strange_listing_means_no_adapters(self, backend: ServerBackend, script: Script, models: Any) -> None:
        script.models = models
        assert backend.wants_examples("triage")

    def test_the_key_is_never_repeated(self, backend: ServerBackend, script: Script) -> None:
        script.status = 401
        with pytest.raises(BackendError) as caught:
            backend.complete([request()])
        assert "invented-key" not in str(caught.value)
        assert "invented-key" not in repr(backend.settings)

    def test_proxies_of_the_environment_are_not_used(
        self, script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        assert connected(script.url, tmp_path).complete([request()])[0].text == script.text

"""Listener: an OpenAI-compatible server on this machine around any backend of ours, for tests of the server path."""

import json
import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from secassist.backends.base import Backend, Completion, Request
from secassist.errors import SecassistError
from secassist.templates import Prompt

NAME = "secassist"
LARGEST = 8 * 1024 * 1024
"""Bytes of a request body that are read."""


@contextmanager
def listening(backend: Backend, analyzers: Sequence[str]) -> Iterator[str]:
    """The URL of a server on a free port of 127.0.0.1 that lists `secassist` and `secassist-<analyzer>`."""
    server = _Server(backend, analyzers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, backend: Backend, analyzers: Sequence[str]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.backend = backend
        self.names = [NAME, *(f"{NAME}-{analyzer}" for analyzer in analyzers)]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """The list of models."""
        if self.path == "/v1/models":
            self._send(200, {"object": "list", "data": [{"id": name, "object": "model"} for name in self.server.names]})
        else:
            self._send(404, {"error": {"message": "no such path"}})

    def do_POST(self) -> None:
        """One chat completion."""
        try:
            size = int(self.headers.get("Content-Length", "0"))
            if self.path != "/v1/chat/completions" or not 0 < size <= LARGEST:
                self._send(404, {"error": {"message": "no such path, or a body out of bounds"}})
                return
            asked = json.loads(self.rfile.read(size))
            request = to_request(asked)
            self._send(200, to_answer(asked["model"], request, self.server.backend.complete([request])[0]))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            self._send(400, {"error": {"message": f"the request lacks {type(error).__name__}: {error}"}})
        except SecassistError as error:
            self._send(500, {"error": {"message": str(error)}})

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's signature
        """Nothing: requests hold inputs."""

    def _send(self, status: int, body: Mapping[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def to_request(asked: Mapping[str, Any]) -> Request:
    """A request as the server backend spells it, turned back; raises ValueError, KeyError or TypeError otherwise."""
    schema = asked["response_format"]["json_schema"]["schema"]
    messages = asked["messages"]
    if messages[0]["role"] != "system" or [m["role"] for m in messages[1:]] != ["user", "assistant"] * (
        (len(messages) - 2) // 2
    ) + ["user"]:
        raise ValueError("turns in the order system, user, assistant, ..., user")
    texts = [str(message["content"]) for message in messages]
    decision, choices = _decision(schema) if asked.get("logprobs") else ("", ())
    return Request(
        analyzer=str(asked["model"]).removeprefix(NAME).removeprefix("-"),
        prompt=Prompt(system=texts[0], user=texts[-1], shots=tuple(zip(texts[1:-1:2], texts[2:-1:2], strict=True))),
        schema=schema,
        answer_tokens=int(asked["max_tokens"]),
        decision=decision,
        choices=choices,
    )


def _decision(schema: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The first property and its words, where it is a choice of words."""
    name, field = next(iter(schema["properties"].items()))
    return (str(name), tuple(map(str, field["enum"]))) if "enum" in field else ("", ())


def to_answer(model: str, request: Request, completion: Completion) -> dict[str, Any]:
    """The completion in the protocol's words; the odds stand as alternatives of the decision's token."""
    choice: dict[str, Any] = {
        "index": 0,
        "message": {"role": "assistant", "content": completion.text},
        "finish_reason": "length" if completion.finish == "length" else "stop",
    }
    head = f'{{"{request.decision}":"'
    if completion.choices and completion.text.startswith(head):
        word = completion.text[len(head) :].split('"', 1)[0]
        tops = [{"token": name, "logprob": math.log(max(p, 1e-30))} for name, p in completion.choices.items()]
        choice["logprobs"] = {"content": [{"token": head}, {"token": word, "top_logprobs": tops}]}
    usage = {"prompt_tokens": completion.prompt_tokens, "completion_tokens": completion.answer_tokens}
    return {"object": "chat.completion", "model": model, "choices": [choice], "usage": usage}

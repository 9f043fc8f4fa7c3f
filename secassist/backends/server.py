"""The server backend: any OpenAI-compatible server (vLLM and others), asked for JSON of the schema and log-probabilities."""

import math
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import httpx

from schemas import digest
from secassist.backends.base import Completion, Identity, Request
from secassist.config import Settings
from secassist.errors import BackendError
from secassist.registry import Calibration

PARALLEL = 16
"""Requests in flight; the server batches them."""
PAUSES = (0.1, 0.4)
"""Seconds before a request whose connection was cut is sent again."""


class ServerBackend:
    """Adapters are addressed by model name: `<server_model>-<analyzer>` where the server lists it, else the base."""

    name = "server"

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        key = settings.server_key.get_secret_value()
        self._client = httpx.Client(
            base_url=settings.server_url.rstrip("/"),
            timeout=settings.server_timeout,
            headers={"Authorization": f"Bearer {key}"} if key else {},
            trust_env=False,
        )
        self._listed: frozenset[str] | None = None

    def identity(self, analyzer: str) -> Identity:
        """Named, not hashed: the server does not show its weights; its address and model name are what is known."""
        model, adapter = self.settings.server_model, self._adapter(analyzer)
        where = [self.settings.server_url, model, adapter]
        decoding = [self.settings.temperature, self.settings.top_p, self.settings.seed]
        return Identity(model, digest(where), adapter, digest(adapter) if adapter else "", digest(decoding))

    def calibration(self, analyzer: str) -> Calibration:  # noqa: ARG002 - the contract's signature
        """None is known for a foreign model."""
        return Calibration()

    def wants_examples(self, analyzer: str) -> bool:
        """Where the server has no adapter for the analyzer."""
        return not self._adapter(analyzer)

    def count_tokens(self, text: str) -> int:
        """An upper estimate: three bytes a token."""
        return len(text.encode("utf-8", "replace")) // 3 + 1

    def complete(self, requests: Sequence[Request]) -> list[Completion]:
        """All requests at once, at most PARALLEL in flight."""
        with ThreadPoolExecutor(max_workers=PARALLEL) as pool:
            return list(pool.map(self._ask, requests))

    def _adapter(self, analyzer: str) -> str:
        if self._listed is None:
            rows = self._call("GET", "/models").get("data")
            rows = rows if isinstance(rows, list) else []
            self._listed = frozenset(str(row["id"]) for row in rows if isinstance(row, dict) and "id" in row)
        name = f"{self.settings.server_model}-{analyzer}"
        return name if name in self._listed else ""

    def _ask(self, request: Request) -> Completion:
        s = self.settings
        messages = [{"role": "system", "content": request.prompt.system}]
        for question, answer in request.prompt.shots:
            messages += [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
        messages.append({"role": "user", "content": request.prompt.user})
        form = {"name": request.analyzer, "schema": request.schema, "strict": True}
        body = {
            "model": self._adapter(request.analyzer) or s.server_model,
            "messages": messages,
            "max_tokens": request.answer_tokens,
            "temperature": s.temperature,
            "top_p": s.top_p,
            "seed": s.seed,
            "response_format": {"type": "json_schema", "json_schema": form},
            "logprobs": bool(request.choices),
            "top_logprobs": 10 if request.choices else None,
        }
        return _completion(
            self._call("POST", "/chat/completions", {k: v for k, v in body.items() if v is not None}), request
        )

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            answer = self._sent(method, path, body)
            answer.raise_for_status()
            value = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            url = f"{self.settings.server_url}{path}"
            raise BackendError(f"{url}: {error}; is the server up and the model's name right?") from error
        if not isinstance(value, dict):
            raise BackendError(f"{self.settings.server_url}{path}: the answer is not a JSON object")
        return value

    def _sent(self, method: str, path: str, body: dict[str, Any] | None) -> httpx.Response:
        """Once more where the connection was cut: servers close idle ones, and refuse some of many that come at once."""
        for pause in PAUSES:
            try:
                return self._client.request(method, path, json=body)
            except (httpx.NetworkError, httpx.RemoteProtocolError):
                time.sleep(pause)
        return self._client.request(method, path, json=body)


def _completion(answer: dict[str, Any], request: Request) -> Completion:
    try:
        choice = answer["choices"][0]
        message = choice["message"]
        usage = answer.get("usage") or {}
        text = message.get("content") or ""
        if not isinstance(text, str):
            raise TypeError("content that is text")
        return Completion(
            text=text,
            finish=_finish(choice.get("finish_reason"), message.get("refusal")),
            choices=_odds((choice.get("logprobs") or {}).get("content") or [], request),
            prompt_tokens=int(usage.get("prompt_tokens") or 0),
            answer_tokens=int(usage.get("completion_tokens") or 0),
        )
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise BackendError(f"the server's answer lacks {error}; is it OpenAI-compatible?") from error


def _finish(reason: Any, refusal: Any) -> Literal["stop", "length", "refused"]:
    if refusal or reason == "content_filter":
        return "refused"
    return "length" if reason == "length" else "stop"


def _odds(tokens: list[dict[str, Any]], request: Request) -> dict[str, float]:
    """Probabilities of the decision's choices from the alternatives of its first token; {} if they were not sent."""
    text = ""
    for token in tokens:
        if request.choices and text.endswith(f'"{request.decision}":"'):
            return _share(token.get("top_logprobs") or [], request.choices)
        text = (text + str(token.get("token", ""))).replace('": "', '":"')
    return {}


def _share(alternatives: list[dict[str, Any]], choices: tuple[str, ...]) -> dict[str, float]:
    weights = dict.fromkeys(choices, 0.0)
    for row in alternatives:
        piece = str(row.get("token", ""))
        for choice in choices:
            if piece and (choice.startswith(piece) or piece.startswith(choice)):
                weights[choice] += math.exp(min(0.0, float(row.get("logprob", -99.0))))
    total = sum(weights.values())
    return {choice: weight / total for choice, weight in weights.items()} if total else {}


PLUGIN = ServerBackend

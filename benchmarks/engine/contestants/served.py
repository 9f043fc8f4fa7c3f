"""Served: our server backend against llama.cpp's OpenAI-compatible endpoint, with prompts as text."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from benchmarks.engine.contestants.base import Answer, Setup
from benchmarks.engine.contestants.llama_cpp import SLOT_TOKENS, SLOTS, VARIANTS, Server
from benchmarks.engine.workload import Ask


class Served:
    """One backend per analyzer's server. The server tokenizes the text itself, nearly but not wholly as we do."""

    side_by_side = True

    def __init__(self, setup: Setup) -> None:
        from secassist.backends.server import ServerBackend
        from secassist.config import Settings

        self._servers: list[Server] = []
        self._backends: dict[str, Any] = {}
        slots = min(SLOTS, setup.waiting)
        for name in setup.analyzers:
            weights = setup.work / "models" / name / "f32.gguf"
            server = Server(setup, weights, slots, VARIANTS[""], SLOT_TOKENS)
            self._servers.append(server)
            url = f"http://127.0.0.1:{server.port}/v1"
            settings = Settings(backend="server", server_url=url, server_model="base", server_timeout=1800)
            self._backends[name] = ServerBackend(settings)

    def complete(self, asks: Sequence[Ask]) -> list[Answer]:
        """Analyzers take turns, as with the server alone."""
        began = time.monotonic()
        answers: dict[int, Answer] = {}
        for name in dict.fromkeys(ask.analyzer for ask in asks):
            rows = [row for row, ask in enumerate(asks) if ask.analyzer == name]
            requests = [replace(asks[row].request(), choices=()) for row in rows]
            found = self._backends[name].complete(requests)
            end = time.monotonic() - began
            answers |= {row: Answer(one.text, end, one.answer_tokens) for row, one in zip(rows, found, strict=True)}
        return [answers[row] for row in range(len(asks))]

    def processes(self) -> tuple[int, ...]:
        """The servers."""
        return tuple(server.process.pid for server in self._servers)

    def close(self) -> None:
        """Stops every server."""
        for server in self._servers:
            server.close()

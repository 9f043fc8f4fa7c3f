"""Ours: the local backend of this repository, with whatever options are asked for."""

import inspect
import time
from collections.abc import Sequence
from typing import Any

from benchmarks.engine.contestants.base import Answer, Setup, Unavailable, own_process
from benchmarks.engine.workload import Ask

CALLBACK = "done"
"""Parameter of `complete`, where the backend has it, that is called with (index, completion) as each answer is ready."""


class Ours:
    """Loads base and adapters as a user's call does."""

    side_by_side = True

    def __init__(self, setup: Setup) -> None:
        import torch
        from pydantic import ValidationError

        from secassist.backends.local import LocalBackend
        from secassist.config import Settings

        torch.set_num_threads(setup.threads)
        options = {"threads": setup.threads, "batch": 32, **setup.settings}
        if setup.model:
            options |= {"model": setup.model, "adapters": setup.model}
        try:
            self.backend: Any = LocalBackend(Settings(**options))
        except ValidationError as error:
            raise Unavailable(
                f"these settings are not known: {setup.settings} ({error.error_count()} wrong)"
            ) from error
        self._odds = setup.variant == "odds"
        self._tells = CALLBACK in inspect.signature(self.backend.complete).parameters

    def complete(self, asks: Sequence[Ask]) -> list[Answer]:
        """One call of the backend."""
        began = time.monotonic()
        finished: dict[int, float] = {}

        def done(index: int, _completion: Any) -> None:
            finished[index] = time.monotonic() - began

        requests = [ask.request(odds=self._odds) for ask in asks]
        found = self.backend.complete(requests, **({CALLBACK: done} if self._tells else {}))
        end = time.monotonic() - began
        return [
            Answer(one.text, finished.get(index, end), one.answer_tokens, tuple(getattr(one, "ids", ()) or ()))
            for index, one in enumerate(found)
        ]

    def processes(self) -> tuple[int, ...]:
        """This one."""
        return own_process()

    def close(self) -> None:
        """Lets the backend stop what it started, if it can."""
        if hasattr(self.backend, "close"):
            self.backend.close()

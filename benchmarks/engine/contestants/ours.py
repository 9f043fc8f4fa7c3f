"""Ours: the local backend of this repository, with whatever options are asked for."""

import inspect
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import Any

from benchmarks.engine.contestants.base import Answer, Setup, Unavailable, own_process
from benchmarks.engine.workload import Ask
from secassist.backends.base import Completion, Request

CALLBACK = "done"
"""Parameter of `complete`, where the backend has it, that is called with (index, completion) as each answer is ready."""


VARIANTS: dict[str, dict[str, Any]] = {"bf16": {"precision": "bf16"}, "int8": {"precision": "int8"}}
"""What comes after the hyphen of the name, and the settings it stands for."""
ENOUGH = {
    "triage": ("triage", "harmless_enough"),
    "sensitive": ("sensitive", "harmless_enough"),
    "review": ("review", "safe_enough"),
}
"""Which function says that a decision needs no words."""
PATCH = "engine."
"""Settings that begin so are no settings of ours: they take an ingredient out of the engine that users cannot."""


def _patch(name: str) -> None:
    """Takes one ingredient out: "forced" tokens are then chosen one by one, "shortcut" compares all allowed tokens."""
    from secassist.engine.choosing import Chooser
    from secassist.engine.grammar import Matcher

    if name == "forced":
        Matcher.forced = lambda _self: []  # type: ignore[method-assign]
    elif name == "shortcut":
        Chooser._plain = lambda _self, _sequence, _token: False  # type: ignore[method-assign]
    else:
        raise Unavailable(f"the engine has no ingredient {name!r}")


class Ours:
    """Loads base and adapters as a user's call does."""

    side_by_side = True

    def __init__(self, setup: Setup) -> None:
        import torch
        from pydantic import ValidationError

        from secassist.backends.local import LocalBackend
        from secassist.config import Settings

        torch.set_num_threads(setup.threads)
        for name in [name for name in setup.settings if name.startswith(PATCH)]:
            _patch(name.removeprefix(PATCH))
        given = {name: value for name, value in setup.settings.items() if not name.startswith(PATCH)}
        options = {"threads": setup.threads, "batch": 32, **VARIANTS.get(setup.variant, {}), **given}
        if setup.model:
            options |= {"model": setup.model, "adapters": setup.model}
        try:
            self.backend: Any = LocalBackend(Settings(**options))
        except ValidationError as error:
            raise Unavailable(
                f"these settings are not known: {setup.settings} ({error.error_count()} wrong)"
            ) from error
        self._odds = setup.variant in ("odds", "brief")
        self._brief = setup.variant == "brief"
        self._tells = CALLBACK in inspect.signature(self.backend.complete).parameters

    def complete(self, asks: Sequence[Ask]) -> list[Answer]:
        """One call of the backend."""
        began = time.monotonic()
        finished: dict[int, float] = {}

        def done(index: int, _completion: Any) -> None:
            finished[index] = time.monotonic() - began

        requests = [self._request(ask) for ask in asks]
        found = self.backend.complete(requests, **({CALLBACK: done} if self._tells else {}))
        end = time.monotonic() - began
        return [
            Answer(_text(one, ask), finished.get(index, end), one.answer_tokens, tuple(getattr(one, "ids", ()) or ()))
            for index, (one, ask) in enumerate(zip(found, asks, strict=True))
        ]

    def _request(self, ask: Ask) -> Request:
        """As in service; brief answers end by the calibrated thresholds of their analyzer."""
        request = ask.request(odds=self._odds)
        enough = ENOUGH.get(ask.analyzer)
        if not self._brief or enough is None or "facts:\n- " in request.prompt.user:
            return request
        module, name = enough
        judge = getattr(import_module(f"secassist.analyzers.{module}"), name)
        return replace(request, enough=partial(judge, calibration=self.backend.calibration(ask.analyzer)))

    def processes(self) -> tuple[int, ...]:
        """This one."""
        return own_process()

    def close(self) -> None:
        """Lets the backend stop what it started, if it can."""
        if hasattr(self.backend, "close"):
            self.backend.close()


def _text(one: Completion, ask: Ask) -> str:
    """The answer, or what the product makes of one that ended at its decision."""
    if one.finish != "decided":
        return one.text
    from schemas.answers import ANSWERS, least

    return least(ANSWERS[ask.output], one.chosen).model_dump_json()

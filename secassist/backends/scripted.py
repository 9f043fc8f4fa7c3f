"""The scripted backend: answers from a function or a list instead of a model, for tests of everything around it."""

from collections.abc import Callable, Iterable, Sequence

from schemas import digest
from secassist.backends.base import Completion, Identity, Request
from secassist.registry import Calibration


class ScriptedBackend:
    """Answers each request by calling `script`, or with the next of a list of texts or completions."""

    name = "scripted"

    def __init__(self, script: Callable[[Request], Completion | str] | Iterable[Completion | str]) -> None:
        self._script = script if callable(script) else iter(script)
        self.seen: list[Request] = []

    def identity(self, analyzer: str) -> Identity:
        """A fixed name; nothing is loaded."""
        return Identity(model="scripted", model_digest=digest("scripted"), adapter=analyzer)

    def calibration(self, analyzer: str) -> Calibration:  # noqa: ARG002 - the contract's signature
        """The identity."""
        return Calibration()

    def wants_examples(self, analyzer: str) -> bool:  # noqa: ARG002
        """No."""
        return False

    def count_tokens(self, text: str) -> int:
        """One token per four characters."""
        return len(text) // 4 + 1

    def complete(self, requests: Sequence[Request]) -> list[Completion]:
        """One scripted answer per request, in order."""
        self.seen += requests
        answers = [self._script(request) if callable(self._script) else next(self._script) for request in requests]
        return [a if isinstance(a, Completion) else Completion(text=a, finish="stop") for a in answers]


PLUGIN = ScriptedBackend

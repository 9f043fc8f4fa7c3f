"""The contract of a model backend: rendered prompts in, schema-shaped text and decision probabilities out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from secassist.registry import Calibration
from secassist.templates import Prompt


@dataclass(frozen=True)
class Request:
    """One question. `schema` is the JSON Schema of the answer; `decision`/`choices` name the field to read odds from.

    `decide` picks the choice from the odds by calibrated thresholds; a backend that cannot steer its model leaves it out.
    `enough` says of odds and choice whether the decision alone will do, so that no word need be written. `urgent` marks
    a question that a person waits for.
    """

    analyzer: str
    prompt: Prompt
    schema: dict[str, Any]
    answer_tokens: int
    decision: str = ""
    choices: tuple[str, ...] = ()
    decide: Callable[[Mapping[str, float]], str] | None = None
    enough: Callable[[Mapping[str, float], str], bool] | None = None
    urgent: bool = False


@dataclass(frozen=True)
class Completion:
    """One answer. `choices` holds the probability per choice of the decision field (empty if it cannot be known).

    `finish`: "stop" whole, "length" cut at the budget, "refused" the model declined, "decided" ended at the decision
    `chosen`, which was all that was asked for. `ids` are the answer's tokens where the backend knows them.
    """

    text: str
    finish: Literal["stop", "length", "refused", "decided"]
    choices: dict[str, float] = field(default_factory=dict)
    chosen: str = ""
    prompt_tokens: int = 0
    answer_tokens: int = 0
    ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Identity:
    """Who answers: names and digests for the lineage of an Analysis."""

    model: str
    model_digest: str
    adapter: str = ""
    adapter_digest: str = ""
    decoding_digest: str = ""


class Backend(Protocol):
    """A plug-in `secassist/backends/<name>.py` ends with `PLUGIN = ItsBackend`, a class called with the settings."""

    name: str

    def identity(self, analyzer: str) -> Identity:
        """Who would answer for this analyzer; raises ModelError when nobody can."""
        ...

    def calibration(self, analyzer: str) -> Calibration:
        """How raw decision probabilities of this analyzer are corrected."""
        ...

    def wants_examples(self, analyzer: str) -> bool:
        """Whether prompts need few-shot examples: a model without an adapter for the analyzer does."""
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of a text under this model's tokenizer (an upper estimate where it cannot be asked)."""
        ...

    def complete(self, requests: Sequence[Request]) -> list[Completion]:
        """Answers in the order of the requests. Raises BackendError when the backend as a whole fails."""
        ...

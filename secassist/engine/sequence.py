"""Sequence: one prompt on its way to a completion, in tokens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from secassist.engine.grammar import Matcher

Lane = Literal["interactive", "batch"]
"""Who waits for the answer: a person (served first) or a queue."""


@dataclass(frozen=True)
class Watch:
    """Asks for the probabilities of the choices of one field: `prefix` is the text before its value.

    The choices must differ in their first character, so that the first token of the value tells them apart. `decide`,
    if given, picks the choice from the probabilities (a calibrated threshold); otherwise the likeliest token is taken.
    `enough`, if given and true of the probabilities and the choice, ends the sequence there: the decision is all it takes.
    """

    prefix: str
    choices: tuple[str, ...]
    decide: Callable[[Mapping[str, float]], str] | None = None
    enough: Callable[[Mapping[str, float], str], bool] | None = None

    def __post_init__(self) -> None:
        if len({choice[:1] for choice in self.choices}) != len(self.choices):
            raise ValueError(f"choices must differ in their first character: {self.choices}")


@dataclass(frozen=True)
class Decoding:
    """How tokens are chosen: greedy at temperature 0 (the default, deterministic), else sampling with `seed`.

    `weigh` keeps the log-probability of every chosen token under the grammar, which costs one mask a token.
    """

    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0
    weigh: bool = False


@dataclass(eq=False)
class Sequence:
    """State while decoding. `pending` are tokens not yet seen by the model; `answer` is what was produced so far.

    `adapter` names the weights that serve it ("" for the bare base). `tail` is the end of the answer's text. A sequence
    ends by "stop" (whole), "length" (cut at `limit` tokens) or "decided" (its watch had enough).
    """

    prompt: list[int]
    matcher: Matcher
    limit: int
    watch: Watch | None = None
    adapter: str = ""
    decoding: Decoding = Decoding()
    lane: Lane = "batch"
    pending: list[int] = field(default_factory=list)
    answer: list[int] = field(default_factory=list)
    tail: str = ""
    text: str = ""
    position: int = 0
    finish: Literal["", "stop", "length", "decided"] = ""
    choices: dict[str, float] = field(default_factory=dict)
    chosen: str = ""
    log_probability: float = 0.0
    free_tokens: int = 0
    generator: Any = field(default=None, repr=False)

"""The contract of a runner: something that computes logits for the new tokens of sequences that it holds in slots."""

from typing import Any, Protocol

from secassist.engine.attention import Feed
from secassist.engine.prefix import PrefixCache


class Runner(Protocol):
    """Called from one thread at a time. `slots` sequences fit, each of up to `context` tokens (prompt and answer).

    `guesses` says whether a feed may hold tokens that turn out wrong and are then fed otherwise from the same position.
    """

    guesses: bool
    slots: int
    context: int
    prefixes: PrefixCache

    def knows(self, adapter: str) -> bool:
        """Whether sequences may name this adapter ("" is the bare base)."""
        ...

    def reserve(self, length: int) -> None:
        """Makes room for sequences of this length."""
        ...

    def begin(self, slot: int, keys: list[bytes]) -> int:
        """Starts a sequence in a slot; returns how many of its first tokens are there already."""
        ...

    def remember(self, slot: int, keys: list[bytes]) -> None:
        """Called when a prompt is computed, to keep what others share of it."""
        ...

    def copy(self, source: int, target: int, length: int) -> None:
        """Makes slot `target` hold the first `length` tokens of slot `source`."""
        ...

    def step(self, feeds: list[Feed]) -> Any:
        """Logits, a tensor (places that feeds ask for, vocabulary) in fp32 on the CPU, in the order of feeds and places."""
        ...

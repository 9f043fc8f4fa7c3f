"""How well the words of a rule fit an event: overlaps and outcomes as numbers, for texts that hold both."""

import math
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

BUCKETS = 1 << 13
"""Buckets of stems whose rarity is kept."""
TRAITS = 12
"""Numbers told of a rule and an event; see `Pair.traits`."""
LINES, LENGTH = 300, 2_000
"""Lines and characters of each that are read."""
STEM = 7
_WORD = re.compile(r"[a-z]{3,}")
_JOINTS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ENDS = ("ations", "ation", "ings", "ing", "ions", "ion", "ies", "ers", "ed", "es", "s", "e")
_IDLE_WORDS = """the and for with from this that are was when which has been may can who not any all its into via use used
using user users detects detect detection event events alert alerts log logs rule aws gcp azure okta github"""
_IDLE = frozenset(_IDLE_WORDS.split())
_ACTION = re.compile(
    r"event_?name|event_?type|action|operation|method_?name|activity|event_?simple_?name|verb|display_?(?:name|message)"
    r"|category|status|result|outcome|^type$|^name$",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:fail(?:ed|ure|s)?|denied|deny|error|unauthorized|forbidden|false|blocked|rejected|accessdenied)\b",
    re.IGNORECASE,
)
Floats = np.ndarray[Any, np.dtype[np.float32]]


class Pair(NamedTuple):
    """Stems of a rule's title and description, of an event's values, names and actions, and what speaks of refusal."""

    title: frozenset[str]
    description: frozenset[str]
    values: frozenset[str]
    names: frozenset[str]
    actions: frozenset[str]
    refusals: int
    asks_refusal: bool
    lines: int

    def traits(self, rarity: Floats) -> Floats:
        """(TRAITS,): shares by rarity of the rule's stems that the event holds and the other way round, and counts."""

        def share(some: frozenset[str], of: frozenset[str]) -> float:
            total = sum(float(rarity[_bucket(stem)]) for stem in some)
            return sum(float(rarity[_bucket(stem)]) for stem in some & of) / total if total else 0.0

        event, rule = self.values | self.names, self.title | self.description
        told = (
            share(self.title, self.values),
            share(self.title, event),
            share(self.description, self.values),
            share(self.description, event),
            share(self.actions, rule),
            share(self.title, self.actions),
            share(self.values, rule),
            len(self.title & self.values),
            len(self.title - self.values),
            self.refusals > 0 and not self.asks_refusal,
            self.asks_refusal and not self.refusals,
            math.log1p(self.lines),
        )
        return np.array(told, np.float32)


@dataclass(frozen=True)
class Fit:
    """Rarity of stems (BUCKETS,), and mean, and weight of each trait (TRAITS,) in log-odds."""

    rarity: Floats
    mean: Floats
    weights: Floats

    def hears(self, text: str) -> float:
        """What the fit of rule and event speaks for; 0 where the text does not hold both."""
        pair = read(text)
        return float((pair.traits(self.rarity) - self.mean) @ self.weights) if pair else 0.0


def read(text: str) -> Pair | None:
    """The rule (`rule.title: ...`, `rule.description: ...`) and the event in a text of `field: value` lines, or None."""
    rule: dict[str, str] = {}
    event: list[tuple[str, str]] = []
    for line in islice(text.split("\n"), LINES):
        name, _, value = line[:LENGTH].rpartition(" | ")[2].partition(": ")
        if name in ("rule.title", "rule.description"):
            rule[name] = value
        elif value and not name.startswith("rule."):
            event.append((name, value))
    if not rule or not event:
        return None
    told = " ".join(rule.values())
    acts = [value for name, value in event if _ACTION.search(name.rpartition(".")[2])]
    refusals = sum(len(_REFUSED.findall(value)) for _, value in event)
    return Pair(
        stems([rule.get("rule.title", "")]),
        stems([rule.get("rule.description", "")]),
        stems(value for _, value in event),
        stems(name for name, _ in event),
        stems(acts),
        refusals,
        bool(_REFUSED.search(told)),
        len(event),
    )


def stems(texts: Iterable[str]) -> frozenset[str]:
    """The words of texts, camel case apart, in lower case and without their endings."""
    words = (word for text in texts for word in _WORD.findall(_JOINTS.sub(" ", text).lower()))
    return frozenset(_stem(word) for word in words if word not in _IDLE)


def rarities(pairs: Sequence[Pair]) -> Floats:
    """Inverse frequency of every bucket of stems (BUCKETS,), as `ln((n + 1) / (held + 1))`."""
    held = np.zeros(BUCKETS)
    for pair in pairs:
        held[sorted({_bucket(stem) for stem in pair.title | pair.description | pair.values})] += 1
    return np.log((len(pairs) + 1) / (held + 1)).astype(np.float32)


def _bucket(stem: str) -> int:
    return zlib.crc32(stem.encode()) % BUCKETS


def _stem(word: str) -> str:
    for end in _ENDS:
        if word.endswith(end) and len(word) - len(end) >= 3:
            return word[: -len(end)][:STEM]
    return word[:STEM]

"""Scenario: one generated, labelled input with the judgement, the words that carry it, and the reason in two languages."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

RATIONALE_LIMIT = 160
"""Longest rationale in characters; what a small model can be asked to write in one field."""


@dataclass(frozen=True)
class Scenario:
    """One labelled input.

    `input` has the shapes of the public threat rows; `cited` are exact substrings of single lines of its texts;
    `rationale` has the keys en and zh, `language` says which one is asked for; all twins of a family share `group`.
    """

    id: str
    family: str
    language: Literal["en", "zh"]
    input: dict[str, Any]
    verdict: Literal["malicious", "suspicious", "benign"]
    disposition: str
    severity: str
    techniques: tuple[str, ...]
    cited: tuple[str, ...]
    rationale: dict[str, str]
    missing: tuple[str, ...]
    group: str


@dataclass
class Draft:
    """A scenario being drawn: the filled input and the judgement, before checks and identity.

    `theme` names what to check next where the input's shape does not tell it.
    """

    family: str
    input: dict[str, Any]
    verdict: str
    disposition: str
    severity: str
    techniques: tuple[str, ...] = ()
    cited: tuple[str, ...] = ()
    rationale: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    theme: str = ""


def leaves(value: Any) -> Iterator[str]:
    """Every leaf of a nested value as text, line by line, spelled as a subject's lines spell it."""
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item)
    else:
        text = value if isinstance(value, str) else json.dumps(value)
        yield from text.splitlines()


def sentence(text: str) -> str:
    """The text with its first letter as a sentence has it."""
    return text[:1].upper() + text[1:]

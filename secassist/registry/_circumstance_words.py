"""The words of circumstances.yaml as patterns, made once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

FILE: Final = Path(__file__).with_name("circumstances.yaml")
Pattern = re.Pattern[str]


@dataclass(frozen=True)
class Fields:
    """Fields of one meaning: found by `names` unless `others` finds them too; see the head of circumstances.yaml."""

    names: Pattern
    others: Pattern | None
    reads: str
    says: tuple[tuple[str, Pattern], ...]
    present: str
    absent: str


@dataclass(frozen=True)
class Words:
    """All of circumstances.yaml."""

    kinds: Mapping[str, tuple[str, str]]
    absent: Pattern
    fields: tuple[Fields, ...]
    numbered: Pattern
    text: tuple[tuple[str, Pattern], ...]
    captured: Pattern
    source: Pattern
    source_not: Pattern
    ours: Pattern


@cache
def words() -> Words:
    """The words, read once."""
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return Words(
        {kind: (english, chinese) for kind, (english, chinese) in raw["kinds"].items()},
        re.compile("|".join(raw["absent"]), re.IGNORECASE),
        tuple(_fields(one) for one in raw["fields"]),
        re.compile(raw["numbered"]),
        _says(raw["text"]),
        _names(raw["captured"]),
        _names(raw["source"]),
        _names(raw["source_not"]),
        _names(raw["ours"]),
    )


def _fields(raw: Mapping[str, Any]) -> Fields:
    others = _names(raw["not"]) if "not" in raw else None
    says = _says(raw.get("says", {}))
    return Fields(
        _names(raw["names"]), others, raw.get("reads", ""), says, raw.get("present", ""), raw.get("absent", "")
    )


def _says(raw: Mapping[str, Iterable[str]]) -> tuple[tuple[str, Pattern], ...]:
    return tuple((kind, _any(found, "(?<![a-z])(?:", ")(?![a-z])")) for kind, found in raw.items())


def _names(raw: Iterable[str]) -> Pattern:
    """Finds one of these in a name that is words in lower case between single blanks."""
    return _any(raw, " (?:", ") ")


def _any(raw: Iterable[str], before: str, after: str) -> Pattern:
    """Whole words between these bounds where they are English, parts where they hold a Chinese character."""
    given = list(raw)
    english = [one for one in given if one.isascii()]
    parts = [f"{before}{'|'.join(english)}{after}"] if english else []
    return re.compile("|".join(parts + [one for one in given if not one.isascii()]), re.IGNORECASE)

"""Circumstances: what a record says around an alert's content that people decide by, whatever the product calls it.

A change that was announced, a thing seen a thousand times, a second factor passed, a certificate that is three days old:
products write such facts in fields of their own naming. Here they are read into the same few names, so that what was
learned from one product holds for another. The words stand in circumstances.yaml. Names and values of fields are read;
sentences are not where a sensor captured them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from itertools import islice
from typing import Final

from secassist.registry._circumstance_words import Fields, words

__all__ = ["LINES", "Circumstance", "kinds", "read", "words"]

LINES, VALUE, NAME = 400, 240, 120
"""Lines of a record, and characters of each value and name, that are read."""
OFTEN, SELDOM = 10, 1
"""From how many sightings on something is usual, and up to how many it is new."""
OLD, YOUNG = timedelta(days=60), timedelta(days=8)
"""How long ago something must have begun to be long known, and up to when it is fresh."""
OLD_AGE, YOUNG_AGE = 120, 32
"""The same for an age that is told in days, as of domains."""
LARGE = 100_000_000
"""Bytes sent that are much."""
LABEL, ALIKE = 5, 0.85
"""Letters of a name that can be imitated, at least, and the least likeness of what imitates it."""
_JOINTS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^0-9A-Za-z\u4e00-\u9fff]+")
_DATE: Final = re.compile(r"(20\d\d)[-/](\d\d?)[-/](\d\d?)")
_ENDS: Final = re.compile(r" (?:after|expir\w*|valid|until|to|end|due) |到期|有效|截止|结束|起止|止")
_NUMBER: Final = re.compile(
    r"(\d{1,15})(?:\.\d+)? ?([KMGT]?)(?:i?B|bytes)?(?: ?(?:次|条|天|days?))?(?= ?\(|$)", re.IGNORECASE
)
_UNITS: Final = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_ADDRESS: Final = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")
_INSIDE: Final = re.compile(
    r"10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\."
)
_MAIL: Final = re.compile(r"[\w.+-]{1,64}@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4})", re.IGNORECASE)
_DOMAIN: Final = re.compile(r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24}(?![\w-])")


@dataclass(frozen=True)
class Circumstance:
    """One circumstance of `kinds()` and the 1-based line of the record that names it."""

    kind: str
    line: int


def kinds() -> Mapping[str, tuple[str, str]]:
    """Every circumstance and how it is told in English and in Chinese, in the order of the witness's weights."""
    return words().kinds


def read(record: str) -> tuple[Circumstance, ...]:
    """The circumstances of a record given as `field: value` lines, each kind once, in the order of their lines."""
    lines = [_split(line) for line in record.split("\n", LINES)[:LINES]]
    today = _latest(lines)
    found: dict[str, int] = {}
    for number, (name, value) in enumerate(lines, start=1):
        for kind in _kinds(name, value, today):
            found.setdefault(kind, number)
    for number in _imitations(lines):
        found.setdefault("look-alike", number)
    return tuple(Circumstance(kind, line) for kind, line in found.items())


def _split(line: str) -> tuple[str, str]:
    """The name of a field as words in lower case between blanks, and its value."""
    name, colon, value = line.partition(": ")
    if not colon:
        name = name.removesuffix(":")
    return f" {_JOINTS.sub(' ', name[:NAME]).strip().lower()} ", value[:VALUE].strip()


def _kinds(name: str, value: str, today: date | None) -> Iterator[str]:
    known = words()
    empty = known.absent.fullmatch(value) is not None
    for field in known.fields:
        if field.names.search(name) and not (field.others and field.others.search(name)):
            yield from _said(field, value, empty)
            yield from _measured(field.reads, value, today)
    if known.source.search(name) and not known.source_not.search(name) and (address := _ADDRESS.match(value)):
        yield "from-inside" if _INSIDE.match(address[0]) else "from-outside"
    if known.numbered.fullmatch(value):
        yield "change"
    if (value.count(" ") >= 2 or not value.isascii()) and not known.captured.search(name):
        yield from (kind for kind, pattern in known.text if pattern.search(value))


def _said(field: Fields, value: str, empty: bool) -> Iterator[str]:
    """What the words of a value, or that there are none, make of its field: the first kind whose words it holds."""
    told = field.absent if empty else field.present
    if told:
        yield told
    if not empty or not field.absent:
        yield from islice((kind for kind, pattern in field.says if pattern.search(value)), 1)


def _measured(reads: str, value: str, today: date | None) -> Iterator[str]:
    """What a count, an age in days, a date or a volume amounts to."""
    if reads == "date":
        began = _day(value)
        if began and today and began <= today:
            yield from ["long-known"] if today - began >= OLD else ["fresh"] if today - began <= YOUNG else []
        return
    amount = _amount(value) if reads else None
    if amount is None:
        return
    if reads == "count":
        yield from ["seen-often"] if amount >= OFTEN else ["seldom-seen"] if amount <= SELDOM else []
    elif reads == "age":
        yield from ["long-known"] if amount >= OLD_AGE else ["fresh"] if amount <= YOUNG_AGE else []
    elif amount >= LARGE:
        yield "much-sent"


def _amount(value: str) -> int | None:
    """The number that a value is, in its unit."""
    number = _NUMBER.match(value.replace(",", ""))
    return int(number[1]) * _UNITS[number[2].upper()] if number else None


def _latest(lines: Sequence[tuple[str, str]]) -> date | None:
    """The latest day that stands in a record, terms aside: when it happened."""
    return max((day for name, value in lines if not _ENDS.search(name) and (day := _day(value))), default=None)


def _day(value: str) -> date | None:
    hit = _DATE.match(value)
    try:
        return date(int(hit[1]), int(hit[2]), int(hit[3])) if hit else None
    except ValueError:
        return None


def _imitations(lines: Sequence[tuple[str, str]]) -> Iterator[int]:
    """Lines with a domain whose name holds, or is a slip of, the one that the record's own people write from."""
    ours = _own_domain(lines)
    label = _label(ours) if ours else ""
    if len(label) < LABEL:
        return
    for number, (_, value) in enumerate(lines, start=1):
        for hit in islice(_DOMAIN.finditer(value.replace("@", " ").lower()), 8):
            theirs = _label(hit[0])
            if not hit[0].endswith(ours) and theirs != label and (label in theirs or _slips(label, theirs)):
                yield number


def _own_domain(lines: Sequence[tuple[str, str]]) -> str:
    own = Counter(
        mail[1].lower()
        for name, value in lines
        if words().ours.search(name)
        for mail in islice(_MAIL.finditer(value), 3)
    )
    return own.most_common(1)[0][0] if own else ""


def _label(domain: str) -> str:
    """The name that somebody registered: what stands before the ending."""
    parts = domain.split(".")
    return parts[-3] if len(parts) > 2 and len(parts[-2]) <= 3 else parts[-2]


def _slips(one: str, other: str) -> bool:
    """Whether two names differ by a letter or two."""
    return abs(len(one) - len(other)) <= 1 and SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE

"""Replaces found values by tokens and keeps of each no more than a mask and a keyed hash."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol, TypeVar

from schemas import Alert, Field, FindingKind, Place, SecretTrace, Subject, TextSubject
from schemas.finding import SHORTEST_SHOWN

SHORTEST_REPEATED = 8
"""Values from this length on are also replaced where no detector pointed at them; shorter ones may be ordinary words."""

SHORTEST_COVERED = 4
"""Values shorter than this say nothing and would blot out ordinary words."""

ENCODED = "encoded-"
"""Begins the type of what stands there in an encoding: of it nothing is shown, for 16 of its characters may be 8."""

_NEWLINES = re.compile(r"\r\n|\r|\n")
_CHARSETS = (
    ("digits", re.compile(r"[0-9]+")),
    ("hex", re.compile(r"[0-9a-fA-F]+")),
    ("alphanumeric", re.compile(r"[0-9A-Za-z]+")),
    ("base64", re.compile(r"[0-9A-Za-z+/_=-]+")),
    ("printable", re.compile(r"[ -~\s]+")),
)
Span = tuple[int, int, str]
S = TypeVar("S", bound=Subject)


class Found(Protocol):
    """What is needed of a detector's candidate: where it is, what it is, and the value in clear."""

    @property
    def kind(self) -> FindingKind: ...
    @property
    def type(self) -> str: ...
    @property
    def place(self) -> Place: ...
    @property
    def value(self) -> str: ...


def mask(value: str) -> str:
    """First and last characters around stars: 4 + 4 from 24 characters on, 2 + 2 from 16, none below; never a newline."""
    if len(value) < SHORTEST_SHOWN:
        return "****"
    shown = 4 if len(value) >= 24 else 2
    return f"{_plain(value[:shown])}****{_plain(value[-shown:])}"


def trace(value: str, key: bytes) -> SecretTrace:
    """Mask, HMAC-SHA256 (64 hex digits) under `key`, length in characters and charset of a value."""
    charset = next((name for name, pattern in _CHARSETS if pattern.fullmatch(value)), "unicode" if value else "")
    return SecretTrace(mask=mask(value), hmac=keyed(value, key), length=len(value), charset=charset)


def keyed(text: str, key: bytes) -> str:
    """HMAC-SHA256 of a text, 64 hex digits: the same for the same text, of no use to who has not the key."""
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def redact(text: str, spans: Sequence[Span]) -> str:
    """`text` with each (start, end, type) replaced by `[type:mask]`; overlapping spans become one, newlines stay."""
    parts, position = [], 0
    for start, end, name in _merged(spans, len(text)):
        value = text[start:end]
        shown = mask("" if name.startswith(ENCODED) else value)
        parts += [text[position:start], f"[{name}:{shown}]", *_NEWLINES.findall(value)]
        position = end
    return "".join([*parts, text[position:]])


def cover(text: str, values: Iterable[str]) -> str:
    """The text without these values: whole ones, JSON-escaped ones, and every part of 8 or more characters, masked.

    For what a model wrote about a secret, which may quote a piece of it. Linear in text and values.
    """
    spellings = {spelling for found in values for spelling in (found, json.dumps(found)[1:-1])}
    for value in sorted(spellings, key=len, reverse=True):
        if SHORTEST_COVERED <= len(value) < SHORTEST_REPEATED:
            text = text.replace(value, mask(value))
        elif len(value) >= SHORTEST_REPEATED:
            text = _without_parts(text, value)
    return text


def _without_parts(text: str, value: str) -> str:
    size = SHORTEST_REPEATED
    parts = {value[start : start + size] for start in range(len(value) - size + 1)}
    spans = [(start, start + size, "") for start in range(len(text) - size + 1) if text[start : start + size] in parts]
    kept, position = [], 0
    for start, end, _ in _joined(spans):
        kept += [text[position:start], mask(value)]
        position = end
    return "".join([*kept, text[position:]])


class Cover:
    """Takes many values, and every part of 8 or more of their characters, out of texts; knows them by their parts.

    One pass over a text, however many values there are.
    """

    def __init__(self, values: Iterable[str]) -> None:
        size = SHORTEST_REPEATED
        spelled = {spelling for value in values for spelling in (value, json.dumps(value)[1:-1])}
        self._short = {v for v in spelled if SHORTEST_COVERED <= len(v) < size}
        self._parts = {value[at : at + size] for value in spelled for at in range(len(value) - size + 1)}

    def __call__(self, text: str) -> str:
        """The text with stars where the parts stood."""
        size = SHORTEST_REPEATED
        found = [(at, at + size, "") for at in range(len(text) - size + 1) if text[at : at + size] in self._parts]
        kept, position = [], 0
        for start, end, _ in _joined(found):
            kept += [text[position:start], mask("")]
            position = end
        text = "".join([*kept, text[position:]])
        for value in sorted(self._short_in(text), key=lambda value: (-len(value), value)):
            text = text.replace(value, mask(value))
        return text

    def _short_in(self, text: str) -> set[str]:
        """The short values that stand in the text, looked up by its pieces: there may be more values than characters."""
        sizes = {len(value) for value in self._short}
        return self._short.intersection(text[at : at + size] for size in sizes for at in range(len(text) - size + 1))


def _joined(spans: Sequence[Span]) -> Iterator[Span]:
    """Sorted spans, those that touch or overlap made one."""
    current: Span | None = None
    for span in spans:
        if current is not None and span[0] <= current[1]:
            current = (current[0], max(current[1], span[1]), current[2])
        else:
            if current is not None:
                yield current
            current = span
    if current is not None:
        yield current


def redact_subject(subject: S, candidates: Iterable[Found]) -> S:
    """The same subject without the candidates' values, in fields or body, title and description.

    Candidate offsets are in `Subject.text`; weaknesses and candidates without a value are left alone. Every other
    occurrence of a value of 8 characters or more goes too. The number of lines stays; a body's line ends become LF.
    """
    found = [c for c in candidates if c.value and c.kind is not FindingKind.WEAKNESS]
    if not found:
        return subject
    spans = [
        (c.place.start, c.place.end, c.type) for c in found if c.place.start is not None and c.place.end is not None
    ]
    repeated = _Repeated((c.value, c.type) for c in found)
    if isinstance(subject, Alert):
        changes = _alert_changes(subject, spans, repeated)
    elif isinstance(subject, TextSubject):
        text = subject.text
        changes = {"body": redact(text, [*spans, *repeated.spans(text)])}
    else:
        changes = {}
    changes["title"] = repeated.redact(subject.title)
    kept = {name: getattr(subject, name) for name in type(subject).model_fields if name != "id"}
    return type(subject)(**{**kept, **changes})


def _alert_changes(alert: Alert, spans: list[Span], repeated: "_Repeated") -> dict[str, object]:
    ordered = _merged(spans, len(alert.text))
    fields, position, first = [], 0, 0
    for field in alert.fields:
        parts = []
        for part in _NEWLINES.split(field.value):
            begin = position + (len(field.path) + 2 if field.path else 0)
            position = begin + len(part) + 1
            while first < len(ordered) and ordered[first][1] <= begin:
                first += 1
            inside = list(_clip(ordered, first, begin, begin + len(part)))
            parts.append(redact(part, [*inside, *repeated.spans(part)]))
        value = repeated.redact("\n".join(parts))
        fields.append(Field(path=repeated.redact(field.path), value=value))
    return {"fields": tuple(fields), "description": repeated.redact(alert.description)}


def _clip(ordered: Sequence[Span], first: int, begin: int, end: int) -> Iterator[Span]:
    """The parts of sorted spans that lie in begin..end, as offsets from `begin`."""
    for start, stop, name in islice(ordered, first, None):
        if start >= end:
            return
        if stop > begin:
            yield max(start, begin) - begin, min(stop, end) - begin, name


def _merged(spans: Iterable[Span], length: int) -> list[Span]:
    merged: list[Span] = []
    for raw_start, raw_end, name in sorted(spans, key=lambda span: (span[0], -span[1], span[2])):
        start, end = max(raw_start, 0), min(raw_end, length)
        if start >= end:
            continue
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end), merged[-1][2])
        else:
            merged.append((start, end, name))
    return merged


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() and char not in "[]" else "*" for char in text)


class _Repeated:
    """Finds known values anywhere in one pass: looked up by their first 8 characters, then by length."""

    def __init__(self, values: Iterable[tuple[str, str]]) -> None:
        self._known: dict[str, dict[int, dict[str, str]]] = {}
        for value, name in values:
            if len(value) >= SHORTEST_REPEATED:
                lengths = self._known.setdefault(value[:SHORTEST_REPEATED], {})
                lengths.setdefault(len(value), {}).setdefault(value, name)

    def spans(self, text: str) -> Iterator[Span]:
        """Where known values stand in the text."""
        if not self._known:
            return
        for start in range(len(text) - SHORTEST_REPEATED + 1):
            lengths = self._known.get(text[start : start + SHORTEST_REPEATED])
            for length, names in (lengths or {}).items():
                name = names.get(text[start : start + length])
                if name is not None:
                    yield start, start + length, name

    def redact(self, text: str) -> str:
        """The text without them."""
        return redact(text, list(self.spans(text)))

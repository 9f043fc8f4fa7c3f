"""JSON text -> objects with the line they begin on: JSON Lines streamed, documents, arrays and envelopes walked whole.

It knows nothing of alerts; a broken value costs that value only, and the walk goes on at the next one.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from json import JSONDecodeError
from pathlib import Path
from typing import Any

from schemas import Subject
from secassist.errors import SourceError
from secassist.sources._bytes import (
    HEAD_BYTES,
    NumberedLine,
    decode,
    head,
    lines,
    refuse_binary,
    shown,
    text,
)
from secassist.sources._records import decoder
from secassist.sources.base import Limits, Rejected, Skipped

Make = Callable[[Mapping[str, Any], str], Subject]
Parsed = tuple[int, Any]

_LISTS = {
    "alerts",
    "Records",
    "records",
    "hits",
    "value",
    "Findings",
    "findings",
    "events",
    "Events",
    "results",
    "items",
    "resources",
    "data",
    "reply",
    "list",
    "rows",
    "affected_items",
}
_NESTED = {"hits", "data", "reply"}
"""Whose value may be an envelope in turn."""
_BESIDE = {
    "took", "timed_out", "_shards", "total", "max_score", "count", "next", "previous", "cursor", "page", "size",
    "status", "version", "receiver", "groupKey", "groupLabels", "commonLabels", "commonAnnotations", "externalURL",
    "truncatedAlerts", "aggregations", "NextToken", "nextToken", "@odata.context", "@odata.count", "@odata.nextLink",
    "@odata.deltaLink", "_scroll_id", "pit_id", "terminated_early", "meta", "errors", "pagination", "total_count",
    "result_count", "preview", "init_offset", "post_process_count", "messages", "fields", "highlighted", "success",
    "total_affected_items", "total_failed_items", "failed_items", "pageNum", "pageSize", "pages",
}  # fmt: skip
"""What may stand beside the list in an envelope and says nothing of its elements; with anything else it is a record."""
_CODES, _WORDS = ("code", "error", "errcode"), {"msg", "message", "errmsg"}
"""What an interface says of itself; only where a code is that of success are the words beside it its own, too."""
_MAYBE_ENVELOPE = re.compile(r'"(?:' + "|".join(sorted(_LISTS)) + r')"\s{0,64}:\s{0,64}[\[{]')
_BEGINS = re.compile(r"[\ufeff\s]{0,1024}(?:\{\s{0,1024}(?:[\"}]|\Z)|\[\s{0,1024}(?:[\"{\[]|\Z))")
"""An object or a list of objects, texts or lists; not "[section]" nor "{% if %}"."""
_BLANK = re.compile(r"[\s\ufeff\x1e]*")
_BLANK_OR_COMMA = re.compile(r"[\s,]*")
_BUDGET = 8
"""Times the length of a document that may be scanned in vain before the rest is given up; honest damage costs far less."""
_ERRORS = (ValueError, RecursionError, IndexError)


def subjects(path: Path, limits: Limits, make: Make) -> Iterator[Subject | Rejected]:
    """`make(object, origin)` for every object of the file; a SourceError of `make` becomes a Rejected.

    The first object that begins on a line has the origin "file:17", the next one "file:17#2".
    """
    origin, last, number = shown(path), 0, 0
    for item in values(path, limits):
        if isinstance(item, Rejected):
            yield item
            continue
        number = number + 1 if item[0] == last else 1
        last = item[0]
        yield made(item[1], f"{origin}:{last}#{number}" if number > 1 else f"{origin}:{last}", make)


def made(value: Any, origin: str, make: Make) -> Subject | Rejected:
    """One value as a Subject, or why not."""
    if not isinstance(value, Mapping):
        return Rejected(origin, f"a JSON {_kind(value)}, not an object; wrap it in an object with named fields")
    try:
        return make(value, origin)
    except SourceError as error:
        return Rejected(origin, str(error))


def _kind(value: Any) -> str:
    return "array" if isinstance(value, list) else "null" if value is None else "scalar"


def values(path: Path, limits: Limits) -> Iterator[Parsed | Rejected]:
    """Every record of the file as (line, value); arrays and envelopes are opened, one file with no value is Skipped.

    Raises SourceError when the file cannot be read, is binary, or is one document above `limits.file_bytes`.
    """
    start = head(path)
    refuse_binary(path, start)
    origin = shown(path)
    begin = decode(start)
    if len(start) < HEAD_BYTES and not begin.strip():
        yield Skipped(origin, "empty file; nothing to read")
    elif is_lines(begin):
        for line in lines(path, limits):
            yield from _of_line(line, origin)
    else:
        yield from of_text(text(path, limits), origin)


def of_text(source: str, origin: str) -> Iterator[Parsed | Rejected]:
    """Every record of a text as (line, value); arrays and envelopes are opened."""
    return _Walk(source, origin).values()


def _of_line(line: NumberedLine | Rejected, origin: str) -> Iterator[Parsed | Rejected]:
    if isinstance(line, Rejected):
        yield line
    elif line.text.strip():
        yield from _Walk(line.text, origin, line.number).values()


def is_lines(begin: str) -> bool:
    """Whether the first 64 KiB look like JSON Lines: an early line is a whole object and the file is no larger document."""
    whole = [line for line in begin.split("\n")[:8] if line.strip()]
    if not whole or whole[0].rstrip().endswith(("{", "[", ",", ":")) or whole[0].lstrip().startswith("["):
        return False
    return any(line.startswith("{") and isinstance(whole_value(line), dict) for line in whole)


def whole_value(line: str) -> Any:
    """The line as one JSON value, or None when it is not exactly one."""
    try:
        return decoder().decode(line)
    except _ERRORS:
        return None


class _Walk:
    """A walk over JSON text that never goes back: `pos` is where it stands, `line` the line of `pos`."""

    def __init__(self, source: str, origin: str, line: int = 1) -> None:
        self.text, self.origin, self.line = source, origin, line
        self.first = line
        self.pos = self._counted = self.broken = self.spent = 0
        self.decode = decoder().raw_decode

    def values(self) -> Iterator[Parsed | Rejected]:
        """Top-level values one after the other, however they are separated."""
        while self._skip(_BLANK):
            if self.text[self.pos] == "[":
                yield from self._array()
            elif self.text[self.pos] == "{":
                yield from self._object()
            else:
                yield from self._one()

    def _skip(self, blank: re.Pattern[str]) -> bool:
        """Past blanks; False at the end."""
        found = blank.match(self.text, self.pos)
        self._move(found.end() if found else self.pos)
        return self.pos < len(self.text)

    def _move(self, pos: int) -> None:
        self.line += self.text.count("\n", self._counted, pos)
        self.pos = self._counted = pos

    def _object(self) -> Iterator[Parsed | Rejected]:
        window = self.text[self.pos : self.pos + 4096]
        start = _locate(self.text, self.pos, self.decode) if _MAYBE_ENVELOPE.search(window) else None
        if start is None:
            yield from self._one()
            return
        end = self._envelope_end()
        if end == self.pos:  # well-formed, but more than an envelope
            yield from self._one()
            return
        self._move(start)
        yield from self._array()
        if end > 0:
            self._move(end)
        elif self._skip(_BLANK):
            yield self._reject("the document around the list is not valid JSON; its end was not read")
            self._move(len(self.text))

    def _envelope_end(self) -> int:
        """Where the envelope here ends; -1 if it is broken; `pos` itself if it is a record after all."""
        try:
            value, end = self.decode(self.text, self.pos)
        except _ERRORS:
            return -1
        return end if _is_envelope(value) else self.pos

    def _array(self) -> Iterator[Parsed | Rejected]:
        self._move(self.pos + 1)
        broken = self.broken
        while self._skip(_BLANK_OR_COMMA):
            if self.text[self.pos] == "]":
                self._move(self.pos + 1)
                return
            yield from self._one(inside=True)
        if self.broken == broken:
            yield self._reject("the list is not closed; the file was cut off here, fetch it again")

    def _one(self, inside: bool = False) -> Iterator[Parsed | Rejected]:
        try:
            value, end = self.decode(self.text, self.pos)
        except _ERRORS as error:
            yield self._reject(f"not valid JSON ({self._why(error)}); fix or remove this record")
            self.spent += max(getattr(error, "pos", len(self.text)) - self.pos, 1)
            yield from self._recover(inside)
            return
        yield self.line, value
        self._move(end)

    def _recover(self, inside: bool) -> Iterator[Rejected]:
        """To where the next value may begin: a line with "{" at the same indentation; else the next line, or the end."""
        self.broken += 1
        begin = self.text.rfind("\n", 0, self.pos) + 1
        indent = self.text[begin : self.pos]
        brace = self.text[self.pos] == "{"
        found = -1
        if not indent.strip():
            found = self.text.find(f"\n{indent}{{" if brace or inside else "\n", self.pos)
        if found >= 0 and self.spent > _BUDGET * len(self.text):
            self._move(found + 1)
            yield self._reject("too much before this is broken, the rest was not read; is this JSON?")
            found = -1
        self._move(found + 1 if found >= 0 else len(self.text))

    def _reject(self, reason: str) -> Rejected:
        return Rejected(f"{self.origin}:{self.line}", reason)

    def _why(self, error: Exception) -> str:
        """What is wrong, and at which line and column of the file."""
        return why(error, self.text, self.first)


def why(error: Exception, source: str, first: int = 1) -> str:
    """What is wrong with JSON text that begins in line `first`, in words, with line and column."""
    if isinstance(error, RecursionError):
        return "nested too deep"
    if not isinstance(error, JSONDecodeError):
        return "unreadable value"
    place = f"line {first + error.lineno - 1} column {error.colno}"
    if not source[error.pos :].strip() or error.msg.startswith("Unterminated string"):
        return f"it ends in the middle of a value, {place}: {error.msg}"
    return f"{error.msg}, {place}"


def fault(source: str) -> tuple[int, str] | None:
    """Line and reason why a text that begins like JSON is none; None where it is, or does not begin so."""
    if not _BEGINS.match(source):
        return None
    try:
        decoder().decode(source.removeprefix("\ufeff"))
    except _ERRORS as error:
        return getattr(error, "lineno", 1), f"not valid JSON ({why(error, source)})"
    return None


def _is_envelope(value: Mapping[str, Any]) -> bool:
    """Whether it is a list of objects under a known name with nothing else that matters."""
    codes = {key for key in _CODES if key in value and value[key] in (0, 200, "0", "200")}
    spoken = codes | _WORDS if codes else codes
    own = [key for key in value if key not in _BESIDE and key not in spoken]
    if len(own) != 1 or own[0] not in _LISTS:
        return False
    inner = value[own[0]]
    if isinstance(inner, Mapping):
        return own[0] in _NESTED and _is_envelope(inner)
    return isinstance(inner, list) and (not inner or any(isinstance(item, Mapping) for item in inner))


def _locate(source: str, pos: int, decode_at: Callable[[str, int], tuple[Any, int]]) -> int | None:
    """Where the list of the envelope at `pos` opens, though the document may be broken later; None if it is none."""
    try:
        while True:
            key, pos = decode_at(source, _past(source, pos + 1))
            pos = _past(source, pos)
            if source[pos] != ":" or not isinstance(key, str):
                return None
            pos = _past(source, pos + 1)
            if key in _LISTS:
                if source[pos] == "[":
                    return pos
                return _locate(source, pos, decode_at) if key in _NESTED and source[pos] == "{" else None
            if key not in _BESIDE and key not in _CODES and key not in _WORDS:
                return None
            pos = _past(source, decode_at(source, pos)[1])
            if source[pos] != ",":
                return None
    except _ERRORS:
        return None


def _past(source: str, pos: int) -> int:
    found = _BLANK.match(source, pos)
    return found.end() if found else pos

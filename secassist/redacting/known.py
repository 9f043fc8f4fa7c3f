"""Finds values that are known already wherever else they stand: as they are, escaped, percent-encoded, base64 or hex."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secassist.redacting.anchors import UNIT, Anchors, chosen_offsets, packed
from secassist.redacting.layout_json import unescape
from secassist.redacting.views import View

SHORTEST = 8
"""Characters from which on a value is looked for where no detector pointed at it; shorter ones may be ordinary words."""

_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)"
)
_ONE_CHARACTER = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_PHASES = (0, 4, 2)
"""Bits of a value that share a base64 character with the byte before it."""
_BEYOND = 255
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}){8,}")

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Hit:
    """A known value at `start..end` of the raw text; `encoded` unless it stands there as it is."""

    start: int
    end: int
    value: str = field(repr=False)
    type: str
    encoded: bool


class Known:
    """Values of 8 characters or more with their types, ready to be looked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._numbers = {value: number for number, value in enumerate(values)}
        self._values = [_bytes(value) for value in values]
        self._owners = {value: number for number, value in enumerate(self._values)}
        self._types = list(values.values())
        self._spaces = any(b" " in value for value in self._values)
        if self._values:
            offsets = chosen_offsets(self._values)
            self._offsets = offsets
            keys = np.array([_unit(v, int(o)) for v, o in zip(self._values, offsets, strict=True)], dtype=np.uint64)
            sizes = np.array([len(value) for value in self._values], dtype=np.int64)
            self._plain = Anchors(*_distinct(keys, offsets, sizes))
            self._base64 = [Anchors(*_distinct(_sextet_keys(keys, offsets, n), offsets, sizes)) for n in _PHASES]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._values)

    def number(self, value: str) -> int:
        """The place of a value among all, -1 for none."""
        return self._numbers.get(value, -1)

    @property
    def left_out(self) -> int:
        """Values that cannot be looked for everywhere, since those of too many other lengths look like them."""
        return max(anchors.left_out for anchors in (self._plain, *self._base64)) if self._values else 0

    def hits(self, text: str) -> Iterator[Hit]:
        """Every occurrence, in no order, several on one place where values overlap."""
        if not self._values:
            return
        raw = _bytes(text)
        data = np.frombuffer(raw, dtype=np.uint8)
        where = _characters(data, text)
        for start, end, owner in self._verbatim(raw, data):
            yield self._hit(int(where[start]), int(where[end]), owner, encoded=False)
        for start, end, owner in (*self._hex(raw, data), *self._sixty_four(data)):
            yield self._hit(int(where[start]), int(where[end]), owner, encoded=True)
        for view in _spelled(text, spaces=self._spaces):
            yield from self._in_view(view, text)

    def _hit(self, start: int, end: int, owner: int, *, encoded: bool) -> Hit:
        value = self._values[owner].decode("utf-8", "surrogatepass")
        return Hit(start, end, value, self._types[owner], encoded)

    def _in_view(self, view: View, text: str) -> Iterator[Hit]:
        raw = _bytes(view.verbatim)
        data = np.frombuffer(raw, dtype=np.uint8)
        where = _characters(data, view.verbatim)
        for start, end, owner in self._verbatim(raw, data):
            spans = view.spans(int(where[start]), int(where[end]))
            hit = self._hit(spans[0][0], spans[-1][1], owner, encoded=True)
            if text[hit.start : hit.end] != hit.value:
                yield hit

    def _verbatim(self, raw: bytes, data: Bytes) -> Iterator[tuple[int, int, int]]:
        for position, like in self._plain.matches(packed(data, 8)):
            start = position - int(self._offsets[like])
            end = start + len(self._values[like])
            owner = self._owners.get(raw[start:end]) if 0 <= start <= len(raw) - len(self._values[like]) else None
            if owner is not None:
                yield start, end, owner

    def _hex(self, raw: bytes, data: Bytes) -> Iterator[tuple[int, int, int]]:
        nibbles = _NIBBLES[data]
        eights = packed(nibbles, 4)
        sixteens = (eights[:-UNIT] << np.uint64(32)) | eights[UNIT:]
        for position, like in self._plain.matches(sixteens):
            start = position - 2 * int(self._offsets[like])
            end = start + 2 * len(self._values[like])
            digits = raw[start:end] if start >= 0 and end <= len(raw) else b""
            owner = self._owners.get(bytes.fromhex(digits.decode())) if _HEX.fullmatch(digits) else None
            if owner is not None:
                yield start, end, owner

    def _sixty_four(self, data: Bytes) -> Iterator[tuple[int, int, int]]:
        places = np.flatnonzero(~_SPACE[data])
        sextets = _SEXTETS[data[places]]
        windows = packed(np.where(sextets == _BEYOND, 0, sextets).astype(np.uint8), 6)
        for phase, anchors in zip(_PHASES, self._base64, strict=True):
            for position, like in anchors.matches(windows):
                found = self._decoded(sextets, position, like, phase)
                if found:
                    yield int(places[found[0]]), int(places[found[1] - 1]) + 1, found[2]

    def _decoded(self, sextets: Bytes, position: int, like: int, phase: int) -> tuple[int, int, int] | None:
        """The characters of base64 text that hold bits of a value as long as the value `like`, and that value's number."""
        size = 8 * len(self._values[like])
        first = 8 * int(self._offsets[like])
        start = position - (first + (phase - first) % 6 - phase) // 6
        whole = (size - phase) // 6
        left = size - phase - 6 * whole
        low, high = start - (phase > 0), start + whole + (left > 0)
        if low < 0 or high > len(sextets) or bool((sextets[low:high] == _BEYOND).any()):
            return None
        lead = 6 - phase if phase else 0
        spelled = np.unpackbits(sextets[low:high].reshape(-1, 1), axis=1)[:, 2:].reshape(-1)
        owner = self._owners.get(np.packbits(spelled[lead : lead + size]).tobytes())
        return None if owner is None else (low, high, owner)


def _spelled(text: str, *, spaces: bool) -> Iterator[View]:
    """The text with its escapes read, in each way in which it has any."""
    if "\\" in text:
        yield _unescaped(text)
    if "%" in text and _PERCENT.search(text):
        yield _unquoted(text, plus=False)
    if spaces and "+" in text:
        yield _unquoted(text, plus=True)


def _unescaped(text: str) -> View:
    view, last = View(), 0
    for escape in _ESCAPE.finditer(text):
        view.copy(text[last : escape.start()], last)
        view.atom(_character(escape[0]), escape.start(), len(escape[0]))
        last = escape.end()
    view.copy(text[last:], last)
    return view


def _character(escape: str) -> str:
    if escape[1] == "u":
        return unescape(escape)
    if escape[1] == "x" and len(escape) == 4:
        return chr(int(escape[2:], 16))
    return _ONE_CHARACTER.get(escape[1], escape[1])


def _unquoted(text: str, *, plus: bool) -> View:
    view, last = View(), 0
    for run in (re.compile(r"(?:%[0-9A-Fa-f]{2})+|\+") if plus else _PERCENT).finditer(text):
        view.copy(text[last : run.start()], last)
        if run[0] == "+":
            view.atom(" ", run.start(), 1)
        else:
            _add_run(view, run[0], run.start())
        last = run.end()
    view.copy(text[last:], last)
    return view


def _add_run(view: View, run: str, start: int) -> None:
    """`%E5%BC%A0%40` as one atom for each character it spells."""
    for char in bytes.fromhex(run.replace("%", "")).decode("utf-8", "surrogateescape"):
        width = 3 * len(char.encode("utf-8", "surrogateescape"))
        view.atom(char, start, width)
        start += width


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _unit(value: bytes, offset: int) -> int:
    return int.from_bytes(value[offset : offset + UNIT], "big")


def _distinct(
    keys: NDArray[np.uint64], offsets: NDArray[np.int64], sizes: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """One value for all that share key, place of the key and length: which of them it is, the text at that place says."""
    alike = np.stack([keys, offsets.astype(np.uint64), sizes.astype(np.uint64)], axis=1)
    _, first = np.unique(alike, axis=0, return_index=True)
    return keys[first], first.astype(np.int64)


def _sextet_keys(keys: NDArray[np.uint64], offsets: NDArray[np.int64], phase: int) -> NDArray[np.uint64]:
    """The 8 base64 characters that lie within each value's anchor of 64 bits when its first `phase` bits do not."""
    skipped = ((phase - 8 * offsets) % 6).astype(np.uint64)
    return (keys >> (np.uint64(16) - skipped)) & np.uint64((1 << 48) - 1)


def _characters(data: Bytes, text: str) -> Any:
    """The character that each byte belongs to, and one more for the end."""
    if len(data) == len(text):
        return range(len(text) + 1)
    begins = (data & 0xC0) != 0x80
    return np.append(np.cumsum(begins) - 1, len(text))


def _table(beyond: int, *alphabets: bytes) -> Bytes:
    """The number of each byte: its place in one of the alphabets, or `beyond`."""
    table = np.full(256, beyond, dtype=np.uint8)
    for alphabet in alphabets:
        table[np.frombuffer(alphabet, dtype=np.uint8)] = np.arange(len(alphabet))
    return table


_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_SEXTETS = _table(_BEYOND, _LETTERS + b"+/", _LETTERS + b"-_")
_NIBBLES = _table(0, b"0123456789abcdef", b"0123456789ABCDEF")
_SPACE = np.isin(np.arange(256), list(b" \t\r\n"))

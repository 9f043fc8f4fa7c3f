"""Finds values inside base64, hex, percent and backslash encodings and says where their encoded characters stand."""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from secassist.redaction.masking import ENCODED, Span

Find = Callable[[str], list[Span]]
"""Where the values to hide stand in a text."""

DEPTH = 4
"""Encodings inside each other that are taken apart: a JSON text in a JSON text that a log quotes has three."""
_SHORTEST = 8
"""Bytes; less than this decoded can hold no named value."""
_PRINTABLE = 0.9
"""Least share of printable characters in what counts as text; random bytes have a third."""
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){8,}")
_PERCENT = re.compile(r"[^\s%]*(?:%[0-9A-Fa-f]{2}[^\s%]*)+")
_PERCENT_PART = re.compile(r"%([0-9A-Fa-f]{2})|\+|[^%+]+|%")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([\"'\\/nrtbf]))")
_HIDING = re.compile(r"\\(?:[\"/]|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2})")
"""Escapes that keep a value from being read; paths of Windows and escaped newlines do not."""
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


@dataclass(frozen=True)
class _Layer:
    """A decoded text; the character `i` of it was written from `begins[i]` to before `ends[i]` of the outer one."""

    text: str
    begins: list[int]
    ends: list[int]


@dataclass(frozen=True)
class Wrapped:
    """Where encoded characters carry a value, the value's type, and the value as it reads decoded."""

    start: int
    end: int
    type: str
    plain: str = field(repr=False)


def wrapped(text: str, find: Find, depth: int = DEPTH) -> Iterator[Wrapped]:
    """Every value that `find` sees once an encoding in `text` is taken off, at its place in `text`.

    Only the part that carries the value is meant, on whole groups of the encoding, so that the rest can still be
    decoded. Linear in the text for a linear `find`.
    """
    for layer in _layers(text):
        inner = [Wrapped(start, end, name, layer.text[start:end]) for start, end, name in find(layer.text)]
        if depth > 1:
            inner += wrapped(layer.text, find, depth - 1)
        for hit in inner:
            if hit.start < hit.end:
                name = ENCODED + hit.type.removeprefix(ENCODED)
                yield Wrapped(layer.begins[hit.start], layer.ends[hit.end - 1], name, hit.plain)


def _layers(text: str) -> Iterator[_Layer]:
    for hit in _BASE64.finditer(text):
        yield from _base64(hit[0], hit.start())
    for hit in _HEX.finditer(text):
        data = bytes.fromhex(hit[0])
        yield from _texts(data, range(hit.start(), hit.end(), 2), range(hit.start() + 2, hit.end() + 2, 2))
    if "%" in text:
        for hit in _PERCENT.finditer(text):
            yield from _percent(hit[0], hit.start())
    if _HIDING.search(text):
        yield from _unescaped(text)


def _base64(run: str, offset: int) -> Iterator[_Layer]:
    """Standard or URL alphabet, with or without its padding; what is left over at the end counts with its group."""
    body = run.replace("-", "+").replace("_", "/")
    body = body[:-1] if len(body) % 4 == 1 else body
    data = base64.b64decode(body + "=" * (-len(body) % 4))
    begins = [offset + index // 3 * 4 for index in range(len(data))]
    ends = [min(begin + 4, offset + len(run)) for begin in begins]
    yield from _texts(data, begins, ends)


def _texts(data: bytes, begins: "list[int] | range", ends: "list[int] | range") -> Iterator[_Layer]:
    """The bytes as UTF-8 and as UTF-16 (Windows' spelling of encoded commands), where that is text."""
    if len(data) < _SHORTEST:
        return
    wide = data[1:64:2].count(0) * 4 > len(data[1:64:2])
    coding, unit = ("utf-16-le", 2) if wide else ("utf-8", 1)
    text = data[: len(data) // unit * unit].decode(coding, "replace")
    if sum(map(_is_text, text[:256])) < _PRINTABLE * len(text[:256]):
        return
    if text.isascii():
        yield _Layer(text, list(begins[::unit])[: len(text)], list(ends[unit - 1 :: unit])[: len(text)])
        return
    sizes = [len(char.encode(coding, "replace")) if char != "\ufffd" else 1 for char in text]
    if sum(sizes) == len(data) // unit * unit:
        firsts = [0, *_running(sizes)]
        yield _Layer(text, [begins[at] for at in firsts[:-1]], [ends[at - 1] for at in firsts[1:]])


def _is_text(char: str) -> bool:
    return (char.isprintable() or char.isspace()) and char != "\ufffd"


def _running(sizes: list[int]) -> Iterator[int]:
    total = 0
    for size in sizes:
        total += size
        yield total


def _percent(run: str, offset: int) -> Iterator[_Layer]:
    """The run with %XX decoded and + as a space."""
    data, begins, ends = bytearray(), list[int](), list[int]()
    for part in _PERCENT_PART.finditer(run):
        start, end = offset + part.start(), offset + part.end()
        if part[1] or part[0] == "+":
            piece, places = (bytes.fromhex(part[1]) if part[1] else b" "), [(start, end)]
        else:
            piece = part[0].encode("utf-8", "surrogatepass")
            places = [
                (start + index, start + index + 1)
                for index, char in enumerate(part[0])
                for _ in range(len(char.encode("utf-8", "surrogatepass")))
            ]
        data += piece
        begins += [begin for begin, _ in places]
        ends += [stop for _, stop in places]
    yield from _texts(bytes(data), begins, ends)


def _unescaped(text: str) -> Iterator[_Layer]:
    r"""The text with JSON's and most languages' backslash escapes (\" \n \u0041 \x41) taken out."""
    parts, begins, ends, position = list[str](), list[int](), list[int](), 0
    for hit in _ESCAPE.finditer(text):
        parts += [text[position : hit.start()], _character(hit)]
        begins += [*range(position, hit.start()), hit.start()]
        ends += [*range(position + 1, hit.start() + 1), hit.end()]
        position = hit.end()
    if position:
        parts.append(text[position:])
        begins += range(position, len(text))
        ends += range(position + 1, len(text) + 1)
        yield _Layer("".join(parts), begins, ends)


def _character(hit: re.Match[str]) -> str:
    code = hit[1] or hit[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(hit[3], hit[3])

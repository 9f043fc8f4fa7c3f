"""Finds values inside base64, hex, percent and backslash encodings and says where their encoded characters stand."""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from secassist.masking.values import ENCODED, Span

Find = Callable[[str], list[Span]]
"""Where the values to hide stand in a text."""

DEPTH = 4
"""Encodings inside each other that are taken apart: a JSON text in a JSON text that a log quotes has three."""
_SAMPLE = 344
"""Characters of an encoded run that tell whether it is text: 258 bytes of base64."""
_SHORTEST = 8
"""Bytes; less than this decoded can hold no named value."""
_PRINTABLE = 0.9
"""Least share of printable characters in what counts as text; random bytes have a third."""
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}")
_HEX = re.compile(r"[0-9A-Fa-f]{16,}")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_WORD_END = re.compile(r"\s")
_PERCENT_PART = re.compile(r"%([0-9A-Fa-f]{2})|\+|[^%+]+|%")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([\"'\\/nrtbf]))")
_HIDING = re.compile(r"\\(?:[\"/]|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2})")
"""Escapes that keep a value from being read; paths of Windows and escaped newlines do not."""
_SURROGATES = re.compile("[\ud800-\udfff]")
"""What bytes that are no text were decoded to, one for one; patterns in other languages do not take them."""
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
        yield from _hex(hit[0], hit.start())
    for start, end in _percent_runs(text):
        yield from _percent(text[start:end], start)
    if _HIDING.search(text):
        yield from _unescaped(text)


def _base64(run: str, offset: int) -> Iterator[_Layer]:
    """Standard or URL alphabet, with or without padding; up to 3 characters of what stands before it may be glued on."""
    body = run.replace("-", "+").replace("_", "/")
    for skip in range(4):
        if _is_text(_decoded(body[skip : skip + _SAMPLE])):
            data = _decoded(body[skip:])
            begins = [offset + skip + index // 3 * 4 for index in range(len(data))]
            yield from _texts(data, begins, [min(begin + 4, offset + len(run)) for begin in begins])
            return


def _decoded(body: str) -> bytes:
    """Characters that fill no byte are left out."""
    body = body[:-1] if len(body) % 4 == 1 else body
    return base64.b64decode(body + "=" * (-len(body) % 4))


def _hex(run: str, offset: int) -> Iterator[_Layer]:
    """Two digits a byte, from the first or the second one on."""
    for skip in range(2):
        data = bytes.fromhex(run[skip : len(run) - (len(run) - skip) % 2])
        if _is_text(data[:_SAMPLE]):
            begins = range(offset + skip, offset + skip + 2 * len(data), 2)
            yield from _texts(data, begins, range(begins.start + 2, begins.stop + 2, 2))
            return


def _is_text(sample: bytes) -> bool:
    text = sample.decode(*_coding(sample))
    good = sum(char.isprintable() or char.isspace() for char in text)
    return len(sample) >= _SHORTEST and good >= _PRINTABLE * len(text)


def _coding(data: bytes) -> tuple[str, str]:
    """UTF-8, or UTF-16 (Windows' spelling of encoded commands) where every other byte is 0; errors stay one for one."""
    wide = data[1:64:2].count(0) * 4 > len(data[1:64:2]) and len(data) % 2 == 0
    return ("utf-16-le", "surrogatepass") if wide else ("utf-8", "surrogateescape")


def _texts(data: bytes, begins: "list[int] | range", ends: "list[int] | range") -> Iterator[_Layer]:
    """The bytes as text, each character at the places of its bytes."""
    data = data[:-1] if len(data) % 2 and _coding(data[:-1])[0] == "utf-16-le" else data
    coding, errors = _coding(data)
    text = data.decode(coding, errors)
    if text.isascii():
        unit = len(data) // max(1, len(text))
        yield _Layer(text, list(begins[: len(data) : unit]), list(ends[unit - 1 : len(data) : unit]))
        return
    firsts = [0, *accumulate(len(char.encode(coding, errors)) for char in text)]
    places = [begins[at] for at in firsts[:-1]], [ends[at - 1] for at in firsts[1:]]
    yield _Layer(_SURROGATES.sub("\ufffd", text), *places)


def _percent_runs(text: str) -> Iterator[tuple[int, int]]:
    """Words with %XX in them, from the white space before to the white space after; linear however long a word is."""
    done = 0
    for hit in _PERCENT.finditer(text) if "%" in text else ():
        if hit.start() >= done:
            gap = _WORD_END.search(text[done : hit.start()][::-1])
            start, last = hit.start() - (gap.start() if gap else hit.start() - done), _WORD_END.search(text, hit.end())
            done = last.start() if last else len(text)
            yield start, done


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

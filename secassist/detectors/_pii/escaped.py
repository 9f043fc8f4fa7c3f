r"""Chinese that stands escaped, as \u7530 in JSON or %E7%94%B0 in URLs: read as what it says, found where it stands."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from secassist.detectors._secret.hit import Hit

_POINT = r"\\{1,3}u[0-9A-Fa-f]{4}"
_BYTES = "%[Ee][3-9][%][89ABab][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]"
ESCAPED = re.compile(rf"{_POINT}|{_BYTES}")
"""One character: a code point of four digits, or three bytes of UTF-8."""
_HAN_ESCAPED = re.compile(r"\\u[4-9][0-9A-Fa-f]{3}|%[Ee][4-9]%")
_FIRST, _LAST = 0x4E00, 0x9FA5


def escaped_hits(text: str, find: Callable[[str], Iterable[Hit]]) -> Iterator[Hit]:
    """What `find` sees in the text once its escaped Chinese is unescaped; only hits on such characters are new."""
    if not _HAN_ESCAPED.search(text):
        return
    parts, places, position = list[str](), list[int](), 0
    escaped = set[int]()
    for match in ESCAPED.finditer(text):
        char = _char(match[0])
        if not char:
            continue
        parts.append(text[position : match.start()])
        places += range(position, match.start())
        escaped.add(len(places))
        parts.append(char)
        places.append(match.start())
        position = match.end()
    parts.append(text[position:])
    places += range(position, len(text) + 1)
    for hit in find("".join(parts)):
        if not escaped.isdisjoint(range(hit.start, hit.end)):
            start, end = places[hit.start], places[hit.end]
            yield replace(hit, start=start, end=end, value=text[start:end])


def _char(escape: str) -> str:
    """The character, "" unless it is Chinese or one of its signs."""
    code = (
        ord(bytes.fromhex(escape.replace("%", "")).decode("utf-8", "replace")[0])
        if escape[0] == "%"
        else int(escape[-4:], 16)
    )
    return chr(code) if _FIRST <= code <= _LAST or 0x3000 <= code < 0x3020 or 0xFF00 <= code < 0xFF60 else ""

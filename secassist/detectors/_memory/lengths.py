"""Buffers that are read without a look at the length that is given beside them."""

import re
from collections.abc import Iterator
from typing import Final

from secassist.detectors._memory.walking import Survey, inside, named
from secassist.parsing.forms import Form

_LENGTH: Final = re.compile(
    r"(?i)^(?:\w{0,20}_?)?(?:len|length|size|sz|nbytes|buflen|avail|addr_?len|remaining|left|count|cnt|bytes|n)$"
)
_BYTES: Final = re.compile(
    r"(?i)\b(?:u?int8_t|u?char|u_char|unsigned char|byte|ut8|u8|uint8|guint8|void|BYTE)\b|\bstruct sockaddr(?![_\w])"
)
_CHECKED: Final = frozenset({"<", ">", "<=", ">=", "==", "!=", "!", "%"})


def unasked(seen: Survey) -> Iterator[tuple[str, int]]:
    """("read-beyond", line): `f(const u8 *data, int len)` that reads `data[2]` and asks `len` nowhere, nor hands it on."""
    params = seen.function.parts
    pairs = [
        (first.text, second.text)
        for place, first in enumerate(params[:40])
        for second in params[place + 1 : 40]
        if _is_buffer(_kind(first)) and _LENGTH.match(second.text) and "*" not in _kind(second)
    ]
    known = _asked(seen) if pairs else frozenset()
    for buffer, length in pairs:
        if length in known:
            continue
        read = next((form for form in seen.every if _reads(form, buffer)), None)
        if read is not None:
            yield "read-beyond", read.line


def _reads(form: Form, buffer: str) -> bool:
    """`data[2]`, `*data`, `(struct header *)data`, `address->family`."""
    if form.kind in {"index", "attr"}:
        return form.base is not None and form.base.text == buffer
    as_struct = form.kind == "cast" and ("struct" in form.text or form.text == "*")
    return as_struct and bool(form.parts) and form.parts[0].text == buffer and form.parts[0].kind == "name"


def _kind(param: Form) -> str:
    return param.keys[0] if param.keys else ""


def _is_buffer(kind: str) -> bool:
    return "*" in kind and "**" not in kind and bool(_BYTES.search(kind))


def _asked(seen: Survey) -> frozenset[str]:
    """Names that stand in a comparison or condition anywhere, or in a call that may check them."""
    found: set[str] = set()
    for form in seen.every:
        if form.kind == "op" and form.text in _CHECKED:
            found |= named(form)
        elif form.kind in {"if", "loop", "ternary", "switch"}:
            found |= named(form.base)
        elif form.kind in {"call", "new"}:
            found |= {one.text for part in form.parts for one in inside(part) if one.kind == "name"}
    return frozenset(found)

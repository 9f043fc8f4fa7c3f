"""Buffers that are read without a look at the length that is given beside them."""

import re
from collections.abc import Iterator
from typing import Final

from secassist.parsing.forms import Form

MOST_FORMS: Final = 20_000
"""Expressions of one function that are looked at."""
_LENGTH: Final = re.compile(
    r"(?i)^(?:\w{0,20}_?)?(?:len|length|size|sz|nbytes|buflen|avail|remaining|left|count|cnt|bytes|n)$"
)
_BYTES: Final = re.compile(r"(?i)\b(?:u?int8_t|u?char|u_char|unsigned char|byte|ut8|u8|uint8|guint8|void|BYTE)\b")
_CHECKED: Final = frozenset({"<", ">", "<=", ">=", "==", "!=", "!", "%"})


def unasked(function: Form) -> list[tuple[str, int]]:
    """("read-beyond", line) of a function of C, once per line."""
    every = list(_walk(function))
    return sorted(set(_reads(function, every, _asked(every))))


def _walk(function: Form) -> Iterator[Form]:
    """The forms of a function in the order of the text, not those of functions in it."""
    waiting, seen = list(reversed(function.body)), 0
    while waiting and seen < MOST_FORMS:
        form = waiting.pop()
        seen += 1
        yield form
        inner = [*([form.base] if form.base is not None else []), *form.parts, *form.body, *form.orelse]
        waiting += reversed([one for one in inner if one.kind != "function"])


def _asked(every: list[Form]) -> frozenset[str]:
    """Names that stand in a comparison or condition anywhere, or in a call that may check them."""
    found: set[str] = set()
    for form in every:
        if (form.kind == "op" and form.text in _CHECKED) or form.kind in {"if", "loop", "ternary", "switch"}:
            part = form if form.kind == "op" else form.base
            found |= {one.path or one.text for one in _inside(part) if one.kind in {"name", "attr"}} if part else set()
    return frozenset(found)


def _inside(form: Form) -> list[Form]:
    waiting, found = [form], list[Form]()
    while waiting and len(found) < 400:
        one = waiting.pop()
        found.append(one)
        waiting += [*one.parts, *([one.base] if one.base is not None else [])]
    return found


def _reads(function: Form, every: list[Form], asked: frozenset[str]) -> Iterator[tuple[str, int]]:
    """`f(const u8 *data, int len)` that reads `data[2]` and asks `len` nowhere, nor hands it on."""
    params = function.parts
    for first, second in [(a, b) for place, a in enumerate(params) for b in params[place + 1 :]]:
        kind = first.keys[0] if first.keys else ""
        if "*" not in kind or "**" in kind or not _BYTES.search(kind) or not _LENGTH.match(second.text):
            continue
        used = {
            one.text
            for form in every
            if form.kind in {"call", "new"}
            for part in form.parts
            for one in _inside(part)
            if one.kind == "name"
        }
        if second.text in asked | used:
            continue
        read = next((f for f in every if f.kind == "index" and f.base is not None and f.base.text == first.text), None)
        if read is not None:
            yield "read-beyond", read.line

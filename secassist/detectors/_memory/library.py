"""What calls of the C library do to memory: taking, giving back, copying, reading in."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from secassist.detectors._memory.families import (
    BOUNDED,
    CASTS,
    CHOSEN,
    CLOSES,
    COPIES,
    DUPLICATES,
    FREES,
    HARMLESS,
    KNOWN,
    LENGTHS,
    MAYBE,
    OPENS,
    PRINTS,
    READS,
    ROOTS,
    SCANS,
    TAKES,
    TEXTS,
    UNSAFE,
    WAITS,
)
from secassist.detectors._memory.state import INF, Block, Known, Number, Pointer
from secassist.detectors._memory.values import Values
from secassist.parsing.forms import Form

MOST_WAITED: Final = 1_000_000
"""Seconds, milliseconds or microseconds that nobody else may choose to be waited."""
_INT: Final = Number(-(2**31), 2**31 - 1, outside=True)
Handler = Callable[[Values, Form, list[Known]], Known]
"""The result of a call whose arguments are given, after what it does to memory."""


def call(at: Values, form: Form) -> Known:
    """The result of a call after what it does to the memory known at `at`."""
    name = form.text
    if form.parts and form.base is not None and form.base.parts and form.base.parts[0].text in CASTS:
        return at.value(form.parts[0])
    if name in COPIES:
        return _copied(at, form)
    if name in SCANS:
        return _scanned(at, form)
    if not HARMLESS.match(name) and name not in KNOWN:
        _filled(at, form)
    given = [at.value(part) for part in form.parts]
    if name not in FREES and name != "sizeof":
        _written(at, form, given)
    if name == "assert" and form.parts:
        _asserted(at, form)
    return _HANDLERS.get(name, _unknown)(at, form, given)


def _filled(at: Values, form: Form) -> None:
    """What is not known may be a macro, which sets what it is given."""
    at.now.unset -= {part.text for part in form.parts if part.kind == "name"}
    for part in form.parts:
        if part.kind == "index":
            at.filled(part)


def _opened(at: Values, form: Form, _given: list[Known]) -> Known:
    """A stream may be nothing; a number is not followed."""
    stream = form.text.startswith(("f", "_wf", "tmp"))
    return Pointer(at.block(Block("file", line=form.line)), null="maybe") if stream else None


def _read_unbounded(at: Values, form: Form, given: list[Known]) -> Known:
    at.report("unbounded-read", form.line)
    return _unknown(at, form, given)


def _maybe_given(at: Values, form: Form, given: list[Known]) -> Known:
    found = _unknown(at, form, given)
    return Pointer(null="maybe") if form.path == form.text else found


def _chosen(at: Values, _form: Form, given: list[Known]) -> Known:
    """A number that an outsider chooses, unless it is read from a text of ours."""
    return replace(_INT, outside=not (given and _ours(at, given[0])))


def _waited(at: Values, form: Form, given: list[Known]) -> Known:
    if given and isinstance(given[0], Number) and given[0].outside and given[0].hi > MOST_WAITED:
        at.report("resource-size", form.line)
    return _unknown(at, form, given)


def _root(at: Values, form: Form, given: list[Known]) -> Known:
    if given and isinstance(given[0], Number) and given[0].exact and given[0].lo >= 0:
        return Number(root := given[0].lo ** 0.5, root)
    return _unknown(at, form, given)


def _text_from_outside(at: Values, _form: Form, _given: list[Known]) -> Known:
    return Pointer(at.block(Block("static", outside=True)), null="unknown", outside=True)


def _duplicated(at: Values, form: Form, given: list[Known]) -> Known:
    source = _block(at, given[0]) if given else None
    return Pointer(at.block(Block("malloc", INF, source.length if source else -1, line=form.line)), null="maybe")


def _measured(at: Values, form: Form, given: list[Known]) -> Known:
    block = _block(at, given[0]) if given else None
    item = at.item(form.parts[0]) if form.parts else 1
    return Number(block.length // item, block.length // item) if block and block.length >= 0 else None


def _ours(at: Values, value: Known) -> bool:
    """Whether it is a text that the program itself made."""
    block = _block(at, value)
    return block is not None and not block.outside and block.length >= 0


def _asserted(at: Values, form: Form) -> None:
    """An assertion about a number that an outsider chooses."""
    asked = form.parts[0]
    values = [at.value(part) for part in asked.parts] if asked.kind == "op" else []
    if any(isinstance(value, Number) and value.outside for value in values):
        at.report("reachable-assertion", form.line)
    at.refine(asked, True)


def _written(at: Values, form: Form, given: list[Known]) -> None:
    """What a call is given may be filled by it, and what is kept elsewhere may be filled there."""
    reads = form.text in READS
    for place, value in enumerate(given):
        if isinstance(value, Pointer) and value.block and at.now.blocks[value.block].fresh:
            block = at.now.blocks[value.block]
            if reads and place == len(given) - 1 and block.size < INF:
                at.report("uninitialised", form.line)
            at.now.blocks[value.block] = replace(block, fresh=False)


def _unknown(at: Values, form: Form, given: list[Known]) -> Known:
    """A function that is not known may keep what it is given, and free it."""
    if HARMLESS.match(form.text):
        for part, value in zip(form.parts, given, strict=False):
            if isinstance(value, Pointer) and value.block and at.now.blocks[value.block].freed and part.kind == "name":
                at.report("use-after-free", form.line)
        return None
    for part, value in zip(form.parts, given, strict=False):
        if isinstance(value, Pointer) and value.block:
            block = at.now.blocks[value.block]
            at.now.blocks[value.block] = replace(block, kept=True, length=-1, freed=False)
        if part.kind == "cast" and part.text == "&" and part.parts and part.parts[0].kind == "name":
            at.now.names[part.parts[0].text] = None
    return None


def _block(at: Values, value: Known) -> Block | None:
    return at.now.blocks[value.block] if isinstance(value, Pointer) and value.block else None


def _taken(at: Values, form: Form, given: list[Known]) -> Known:
    place = TAKES[form.text]
    count = given[place] if place < len(given) else None
    size = count.hi if isinstance(count, Number) and count.exact else INF
    if form.text == "calloc" and isinstance(given[0], Number):
        size = size * given[0].hi if given[0].exact else INF
        count = given[0] if given[0].outside else count
    if isinstance(count, Number) and count.outside and count.hi > 1_000_000:
        product = form.parts[place].kind == "op" if place < len(form.parts) else False
        at.report("allocation-overflow" if product else "allocation-size", form.line)
    elif isinstance(count, Number) and count.real and count.lo < 0:
        at.report("negative-size", form.line)
    if form.text == "realloc" and isinstance(given[0], Pointer) and given[0].block:
        at.now.blocks[given[0].block] = replace(at.now.blocks[given[0].block], kept=True)
    on_stack = "alloca" in form.text.lower()
    kind, zeroed = "stack" if on_stack else "malloc", form.text in {"calloc", "kzalloc"}
    fresh = not zeroed and form.text != "realloc"
    made = at.block(Block(kind, size, 0 if zeroed else -1, line=form.line, fresh=fresh))
    return Pointer(made, null="no" if on_stack else "maybe")


def _freed(at: Values, form: Form, given: list[Known]) -> Known:
    for value in given:
        block = _block(at, value)
        if block is None or not isinstance(value, Pointer) or value.null == "yes":
            continue
        if block.freed:
            at.report("double-free", form.line)
        elif block.kind in {"stack", "static"}:
            at.report("free-of-other-memory", form.line)
        elif block.kind in FREES.values() and block.kind != FREES[form.text]:
            at.report("mismatched-free", form.line)
        elif value.lo > 0:
            at.report("free-inside-block", form.line)
        at.now.blocks[value.block] = replace(block, freed=True)
    return None


def _closed(at: Values, form: Form, given: list[Known]) -> Known:
    for value in given:
        block = _block(at, value)
        if block is not None and isinstance(value, Pointer):
            if value.null == "maybe":
                at.report("unchecked-allocation", form.line)
            if block.freed:
                at.report("double-close", form.line)
            at.now.blocks[value.block] = replace(block, freed=True)
    return None


def _fits(at: Values, form: Form, target: Pointer, wanted: float) -> None:
    """Reports when this many bytes do not fit where a pointer points to."""
    block = at.now.blocks[target.block]
    if target.lo < 0:
        at.report("write-before", form.line)
    elif target.hi + wanted > block.size:
        at.report("stack-overflow" if block.kind == "stack" else "heap-overflow", form.line)


def _alive(at: Values, form: Form, values: list[Known]) -> None:
    for value in values[:2]:
        if isinstance(value, Pointer):
            if value.null in {"yes", "maybe"}:
                at.report("null-pointer" if value.null == "yes" else "unchecked-allocation", form.line)
            if value.block and at.now.blocks[value.block].freed:
                at.report("use-after-free", form.line)


def _copied(at: Values, form: Form) -> Known:
    """strcpy and strcat: as long as the source is."""
    given = [at.value(part) for part in form.parts]
    if len(given) < 2:
        return None
    if "cat" in form.text and (added := _block(at, given[0])) is not None and added.fresh:
        at.report("uninitialised", form.line)
    _written(at, form, given)
    _alive(at, form, given)
    target, source = given[0], given[1]
    from_, to = _block(at, source), _block(at, target)
    if isinstance(source, Pointer) and source.lo < 0:
        at.report("read-before", form.line)
    item = 4 if "wcs" in form.text else 1
    adds = "cat" in form.text
    named = form.parts[1].text.isupper()  # a constant of the preprocessor
    if not isinstance(target, Pointer) or to is None:
        if form.parts[1].kind != "string" and not named:
            at.report("unbounded-copy", form.line)
        return target
    length = from_.length if from_ else -1
    if form.parts[1].kind in {"string", "join"} and length >= 0:
        length *= item
    start = max(to.length, 0) if adds else 0
    if length >= 0:
        _fits(at, form, target, start + length + item)
    elif to.size < INF or (isinstance(source, Pointer) and source.outside):
        if (
            (from_ is None and not named)
            or (from_ and from_.outside)
            or (isinstance(source, Pointer) and source.outside)
        ):
            at.report("unbounded-copy", form.line)
        elif target.lo < 0:
            at.report("write-before", form.line)
    at.now.blocks[target.block] = replace(
        to, length=start + length if length >= 0 else -1, outside=to.outside or bool(from_ and from_.outside)
    )
    return target


def _printed(at: Values, form: Form, given: list[Known]) -> Known:
    """sprintf with %s writes as much as it is given."""
    text = next((part.text for part in form.parts[1:2] if part.kind == "string"), "")
    if re.search(r"%[-0 ]?l?s", text) and any(part.kind != "string" for part in form.parts[2:]):
        at.report("unbounded-copy", form.line)
    return _unknown(at, form, given)


def _bounded(at: Values, form: Form, given: list[Known]) -> Known:
    """Calls that say how much: against the target's size, and the source's for memcpy."""
    place = BOUNDED[form.text]
    if len(given) <= place:
        return None
    where = 1 if form.text in {"recv", "read"} else 0
    target, count = given[where], given[place]
    wide = "wcs" in form.text or form.text.startswith(("wmem", "fgetws", "swprintf", "_snw"))
    item = 4 if wide else 1
    reads = form.text in {"recv", "read", "fgets", "fgetws"}
    if form.text not in {"memset", "wmemset"}:
        _alive(at, form, [target])
    if isinstance(count, Number) and isinstance(target, Pointer):
        if count.real and count.lo < 0 and not reads:
            at.report("negative-size", form.line)
        if target.block and count.real and (count.hi < INF or count.outside):
            block = at.now.blocks[target.block]
            if not count.outside or count.hi * item > block.size:
                _fits(at, form, target, count.hi * item)
    source = _block(at, given[1]) if len(given) > 1 and "mem" in form.text and "set" not in form.text else None
    if isinstance(given[1], Pointer) and given[1].lo < 0 and not reads:
        at.report("read-before", form.line)
    elif source is not None and isinstance(count, Number) and count.exact and isinstance(given[1], Pointer):
        beyond = given[1].hi + count.hi * item > source.size
        if beyond:
            at.report("read-beyond", form.line)
    _after(at, form, target, count, item)
    return target if not reads else None


def _after(at: Values, form: Form, target: Known, count: Known, item: int) -> None:
    """How long the text in the target is now."""
    if not isinstance(target, Pointer) or not target.block:
        return
    block = at.now.blocks[target.block]
    length: float = -1
    if form.text in {"memset", "wmemset"} and isinstance(count, Number) and count.exact:
        filler = at.value(form.parts[1])
        length = 0 if filler == Number(0, 0) else count.hi * item
    outside = form.text in {"recv", "read", "fgets", "fgetws"}
    at.now.blocks[target.block] = replace(block, length=length, outside=block.outside or outside)


def _scanned(at: Values, form: Form) -> Known:
    """fscanf fills what it is given the address of, and with %s without a width more than there is room for."""
    text = next((part.text for part in form.parts if part.kind == "string"), "")
    if re.search(r"%s|%\[", text):
        at.report("unbounded-read", form.line)
    ours = form.text == "sscanf" and bool(form.parts) and _ours(at, at.value(form.parts[0]))
    for part in form.parts:
        if part.kind == "cast" and part.text == "&" and part.parts and part.parts[0].kind == "name":
            name = part.parts[0].text
            at.now.unset -= {name}
            at.now.names[name] = replace(_INT, outside=not ours)
    return None


_HANDLERS: Final[Mapping[str, Handler]] = {
    **dict.fromkeys(TAKES, _taken),
    **dict.fromkeys(FREES, _freed),
    **dict.fromkeys(BOUNDED, _bounded),
    **dict.fromkeys(OPENS, _opened),
    **dict.fromkeys(CLOSES, _closed),
    **dict.fromkeys(PRINTS, _printed),
    **dict.fromkeys(UNSAFE, _read_unbounded),
    **dict.fromkeys(MAYBE, _maybe_given),
    **dict.fromkeys(CHOSEN, _chosen),
    **dict.fromkeys(WAITS, _waited),
    **dict.fromkeys(ROOTS, _root),
    **dict.fromkeys(TEXTS, _text_from_outside),
    **dict.fromkeys(DUPLICATES, _duplicated),
    **dict.fromkeys(LENGTHS, _measured),
}
"""By name of a function; no name stands in two families."""

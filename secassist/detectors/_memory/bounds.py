"""Sizes and places in C that are asked about too late, by one too few, or not at all; allocations nobody asks about."""

import re
from collections.abc import Iterator
from typing import Final

from secassist.detectors._memory.walking import Survey, bare, inside, named, path_of
from secassist.parsing.forms import Form

_COUNT: Final = re.compile(
    r"(?:^|[._])(?:num|nr|number|count|cnt|entries|nelems?|size|(?:num|nr)_\w{1,40})$|[a-z](?:Num|Number|Count|Cells|Entries)$"
)
"""Names of how many items there are, so that the last place is one less."""
_ARRAY_SIZE: Final = re.compile(
    r"(?i)(?:array|arr)_?(?:size|len|count|elems)|_?countof|lengthof|nelem(?:s|ents)?|elementsof|dim"
)
_ALLOCATES: Final = re.compile(
    r"(?:[a-zA-Z]\w{0,30}_)?(?:_aligned_)?(?:x|k|kv|v|g_|kz|vz|kvz|p|e|av_)?(?:m|c|re|z)?alloc|"
    r"(?:gd|jas_|png_|TIFF)\w{0,10}[mM]alloc|operator new"
)
_FAILS: Final = frozenset(
    [
        "malloc",
        "calloc",
        "strdup",
        "strndup",
        "kmalloc",
        "kzalloc",
        "kcalloc",
        "kmalloc_array",
        "vmalloc",
        "vzalloc",
        "kvmalloc",
        "kvzalloc",
        "kstrdup",
        "kmemdup",
        "devm_kzalloc",
        "devm_kmalloc",
        "devm_kcalloc",
        "devm_kstrdup",
        "alloc_workqueue",
        "create_singlethread_workqueue",
        "alloc_ordered_workqueue",
        "av_malloc",
        "av_mallocz",
        "gdMalloc",
        "gdCalloc",
        "OPENSSL_malloc",
        "platform_get_resource",
        "ioremap",
        "kmem_cache_create",
        "kmem_cache_alloc",
        "kmem_cache_zalloc",
        "kthread_create_worker",
    ]
)
MOST_LINES: Final = 100
"""Lines at which one name is an index that are remembered."""
_LENGTHS: Final = {"memcpy": 2, "memmove": 2, "copy_from_user": 2, "memcpy_fromio": 2, "strncpy": 2}
"""Where calls that fill their first argument are told how much."""
_TURNED: Final = re.compile(r"ntoh[sl]|[bl]e(?:16|32|64)_?to_?(?:cpup?|h)|get_unaligned_[bl]e(?:16|32|64)")
"""Calls that turn the bytes of a number round."""
_READERS: Final = (
    (
        re.compile(r"(Stream)_(?:Read|Seek)\w{0,20}"),
        re.compile(r"(?i)Stream_\w{0,20}(?:Remaining|Check|Ensure|Safe)\w{0,30}"),
    ),
    (re.compile(r"(EXTRACT)_\w{1,20}"), re.compile(r"(?:ND_)?T(?:CHECK|TEST)\w{0,12}")),
)
"""Macros that read on without looking at the end, and those that look."""


def bounds(seen: Survey) -> Iterator[tuple[str, int]]:
    """(rule, line) of what is asked about wrongly in a function."""
    indexed, handed = _indexed(seen), _handed_on(seen)
    shared = {part.path for form in seen.every if form.kind == "cast" and form.text == "&" for part in form.parts}
    for form in seen.every:
        if form.kind == "if" and form.body:
            yield from _off_by_one(form, seen, indexed)
        elif form.kind == "loop":
            yield from _loop(form)
        elif form.kind == "op" and form.text == "&&":
            yield from _late(form)
        elif form.kind == "call" and _ALLOCATES.fullmatch(form.text):
            yield from _product(form, seen)
        elif form.kind == "call" and form.text in _LENGTHS:
            yield from _foreign_length(form, seen, shared)
        elif form.kind == "assign":
            yield from _never_asked(form, seen, handed)
    yield from _readers(seen)


def _indexed(seen: Survey) -> dict[str, list[int]]:
    """Names -> lines at which something is indexed with just them."""
    found: dict[str, list[int]] = {}
    for form in seen.every:
        if form.kind == "index" and form.parts and (path := path_of(form.parts[0])):
            lines = found.setdefault(path, [])
            if len(lines) < MOST_LINES:
                lines.append(form.line)
    return found


def _is_count(form: Form) -> bool:
    """Whether an expression says how many items there are."""
    inner = bare(form)
    if inner is None:
        return False
    if inner.kind == "call":
        return bool(_ARRAY_SIZE.fullmatch(inner.text))
    return inner.kind in {"name", "attr"} and bool(_COUNT.search(inner.path)) and not inner.text.isupper()


def _off_by_one(form: Form, seen: Survey, indexed: dict[str, list[int]]) -> Iterator[tuple[str, int]]:
    """`if (i > count) return; a[i]`."""
    if form.body[-1].kind not in {"return", "break", "continue"} or form.base is None:
        return
    asked = [form.base, *(form.base.parts if form.base.kind == "op" and form.base.text == "||" else ())]
    for one in asked:
        if one.kind != "op" or one.text not in {">", "<"} or len(one.parts) != 2:
            continue
        index, bound = one.parts if one.text == ">" else reversed(one.parts)
        path = path_of(index)
        near = path and any(form.end < line <= form.end + 60 for line in indexed.get(path, ()))
        if near and _is_count(bound) and not _set_between(path, form.end, seen):
            yield "off-by-one", form.line


def _set_between(path: str, line: int, seen: Survey) -> bool:
    """Whether a name is changed after a line."""
    return any(form.line > line for form in seen.given.get(path, ()))


def _loop(form: Form) -> Iterator[tuple[str, int]]:
    """`for (i = 0; i <= ARRAY_SIZE(a); i++) a[i]`."""
    asked = form.base
    if asked is None or asked.kind != "op" or asked.text != "<=" or len(asked.parts) != 2:
        return
    path, bound = path_of(asked.parts[0]), asked.parts[1]
    exact = bound.kind == "call" and bool(_ARRAY_SIZE.fullmatch(bound.text))
    exact = exact or (bound.kind == "op" and bound.text == "/" and all(one.kind == "sizeof" for one in bound.parts))
    exact = exact or (bound.kind == "sizeof" and bound.base is not None)
    if not path or not exact:
        return
    for one in form.body:
        if any(i.kind == "index" and i.parts and path_of(i.parts[0]) == path for i in _all(one)):
            yield "off-by-one", form.line
            return


def _all(form: Form) -> Iterator[Form]:
    waiting, seen = [form], 0
    while waiting and seen < 500:
        one = waiting.pop()
        seen += 1
        yield one
        waiting += [*one.parts, *one.body, *one.orelse, *([one.base] if one.base is not None else [])]


def _late(form: Form) -> Iterator[tuple[str, int]]:
    """`a[i] != 0 && i < n`: the place is asked about after it was read."""
    read: set[str] = set()
    for part in form.parts[:20]:
        if part.kind == "op" and part.text in {"<", "<="} and len(part.parts) == 2:
            path = path_of(part.parts[0])
            bound = bare(part.parts[1])
            if (
                path
                and path in read
                and bound is not None
                and bound.kind in {"name", "attr", "number", "sizeof", "call"}
            ):
                yield "index-before-check", part.line
                return
            read -= {path}
        read |= {
            path
            for one in inside(part)
            if one.kind == "index" and one.parts and one.parts[0].kind == "name" and (path := one.parts[0].path)
        }


def _product(form: Form, seen: Survey) -> Iterator[tuple[str, int]]:
    """An allocation of `a * b` bytes where neither number was held against anything."""
    for part in form.parts[:2]:
        inner = bare(part)
        if inner is not None and inner.kind == "name" and "*" not in seen.types.get(inner.text, "*"):
            inner = None if inner.text in seen.compared else _value_of(inner.text, seen)
        if inner is None or not any(one.kind == "op" and one.text == "*" for one in inside(inner)):
            continue
        numbers = [path for path in _factors(inner) if not path.isupper()]
        if len(numbers) >= 2 and not any(path in seen.compared for path in numbers):
            yield "allocation-overflow", form.line
            return


def _value_of(name: str, seen: Survey) -> Form | None:
    """What a name was set to, where that was done once."""
    given = [form for form in seen.given.get(name, ()) if form.base is not None]
    return bare(given[0].base) if len(given) == 1 and given[0].text == "=" else None


def _factors(form: Form) -> set[str]:
    """Names and members that are multiplied with one another."""
    found: set[str] = set()
    for one in inside(form):
        if one.kind == "op" and one.text == "*":
            found |= {path for part in one.parts if (path := path_of(part))}
    return found


def _foreign_length(form: Form, seen: Survey, shared: set[str]) -> Iterator[tuple[str, int]]:
    """`memcpy(array, data, header->length)` where the length was held against nothing."""
    place = _LENGTHS[form.text]
    if len(form.parts) <= place or form.path != form.text:
        return
    target = form.parts[0]
    while target.kind in {"cast", "op", "index"}:  # &array[3], array + 3
        target = target.base or (target.parts[0] if target.parts else Form("other"))
    length = bare(form.parts[place])
    path = path_of(length)
    if target.kind != "name" or target.text not in seen.arrays or not path or path.isupper():
        return
    if path in seen.asked or path in shared or not all(_is_foreign(one) for one in seen.given.get(path, ())):
        return
    if path in seen.types and path not in seen.given and path not in _params(seen):
        return
    yield "length-unchecked", form.line


def _params(seen: Survey) -> set[str]:
    return {param.text for param in seen.function.parts}


def _is_foreign(form: Form) -> bool:
    """Whether a number was read from a member or an item, not reckoned by this function."""
    given = bare(form.base)
    if given is None:
        return True
    if given.kind == "call":
        return bool(_TURNED.fullmatch(given.text)) and bool(given.parts) and _reads(bare(given.parts[0]))
    return form.text == "=" and _reads(given)


def _reads(form: Form | None) -> bool:
    return form is not None and (form.kind in {"attr", "index"} or (form.kind == "cast" and form.text == "*"))


def _never_asked(form: Form, seen: Survey, handed: set[str]) -> Iterator[tuple[str, int]]:
    """What an allocation gave is kept in a member or followed, and no condition asks whether there is something."""
    made = bare(form.base)
    if made is None or made.kind != "call" or made.text not in _FAILS or made.path != made.text or not form.parts:
        return
    target = form.parts[0]
    if target.kind == "attr" and target.path not in seen.asked | handed:
        yield "unchecked-allocation", made.line


def _handed_on(seen: Survey) -> set[str]:
    """Paths that are returned, or share what they hold with a name that is asked about."""
    found: set[str] = set()
    for form in seen.every:
        if form.kind == "return":
            found |= named(form.base)
        elif form.kind == "assign" and form.base is not None:
            targets = {one.path for one in form.parts}
            if form.base.kind == "assign":
                targets |= {one.path for one in form.base.parts}
            if targets & seen.asked or path_of(form.base) in seen.asked:
                found |= targets | {path_of(form.base)}
    return found


def _readers(seen: Survey) -> Iterator[tuple[str, int]]:
    """The first read of a stream by macros that do not look where it ends, in a function that never looks."""
    calls = [form for form in seen.every if form.kind == "call"]
    for reads, looks in _READERS:
        first = next((form for form in calls if reads.fullmatch(form.text)), None)
        if first is not None and not any(looks.fullmatch(form.text) for form in calls):
            yield "read-beyond", first.line

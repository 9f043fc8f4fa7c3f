"""Memory in C and C++ that is given back in the wrong way or too early, and copies that know no bound of their buffer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from secassist.fixing.base import FixError, Proposal
from secassist.fixing.blocks import Splice, blocks_of
from secassist.fixing.tree_code import Call, TreeCode

if TYPE_CHECKING:
    from tree_sitter import Node

_C = ("c", "cpp")
_RELEASE = re.compile(r"(?:::)?(free|delete\s*\[\s*\]|delete)\s*\(?\s*(\w+)\s*\)?\s*;")
_TAKEN = re.compile(
    r"^(?:\([^()]{1,60}\)\s*)?(?:(?P<new>new)\b(?P<what>[^;]{1,200})|(?:std::)?"
    r"(?P<call>malloc|alloca|ALLOCA|_alloca|calloc|realloc|strdup|wcsdup|strndup|_strdup|_wcsdup)\s*\((?P<size>[^;]{0,200})\)\s*$)"
)
_DEEPEST = 6


@dataclass(frozen=True)
class _Held:
    """What a name holds: how it has to be given back, and how many bytes it has room for as C says it ("" unknown)."""

    back: str
    room: str


def _given(code: TreeCode, node: "Node", name: str) -> "list[Node]":
    """All that a name is given in its function before a node."""
    found = list["Node"]()
    for each in code.within(code.scope(node), "assignment_expression", "init_declarator"):
        left = each.child_by_field_name("left") or each.child_by_field_name("declarator")
        right = each.child_by_field_name("right") or each.child_by_field_name("value")
        before = each.start_byte < node.start_byte
        if left is not None and right is not None and before and re.sub(r"[*&\s]", "", code.source(left)) == name:
            found.append(right)
    return found


def _latest(code: TreeCode, node: "Node", name: str) -> "list[Node]":
    """What a name is given in the nearest statement before a node, in a block around it; else all that it is given."""
    below = node
    while below.parent is not None and "function" not in below.type:
        block = below.parent
        if block.type in ("compound_statement", "case_statement"):
            for early in reversed([c for c in block.named_children if c.start_byte < below.start_byte]):
                found = re.match(rf"(?:[\w\s*:]{{0,60}}[\s*])?{re.escape(name)}\s*=(?!=)", code.source(early))
                value = [g for g in _given(code, node, name) if early.start_byte <= g.start_byte < early.end_byte]
                if found and len(value) == 1:
                    return value
                if re.search(rf"\b{re.escape(name)}\s*=(?!=)", code.source(early)):
                    return _given(code, node, name)
        below = block
    return _given(code, node, name)


def _held(code: TreeCode, node: "Node", name: str, depth: int = 0) -> _Held | None:
    """What a name holds at a node; None where it does not show, or is more than one thing."""
    declared = code.within(code.scope(node), "array_declarator")
    if any(code.source(each.child_by_field_name("declarator")) == name for each in declared):
        return _Held("", f"sizeof({name})")
    kinds = set[_Held | None]()
    for value in _latest(code, node, name):
        text = code.source(value)
        if re.fullmatch(r"NULL|nullptr|0", text):
            continue
        found = _TAKEN.match(text)
        if found is not None:
            kinds.add(_taken(found))
        elif re.fullmatch(r"\w+", text) and depth < _DEEPEST:
            kinds.add(_held(code, value, text, depth + 1))
        else:
            kinds.add(None)
    return kinds.pop() if len(kinds) == 1 else None


def _taken(found: re.Match[str]) -> _Held:
    if found["new"]:
        what = re.match(r"\s*([\w:<> ]+?\s*\**)\s*\[(.+)\]\s*$", found["what"])
        if what is None:
            return _Held("delete {};", "")
        return _Held(
            "delete[] {};", f"({what[2]}) * sizeof({what[1].strip()})" if what[1].strip() != "char" else what[2]
        )
    size = found["size"].strip()
    if found["call"] in ("calloc", "realloc"):
        parts = re.fullmatch(r"([^,]+),([^,]+)", size)
        form = "({0}) * ({1})" if found["call"] == "calloc" else "{1}"
        size = form.format(*(part.strip() for part in parts.groups())) if parts else ""
    elif "alloc" not in found["call"].lower():
        size = ""
    plain = not re.search(r"\+\+|--|=|\b(?!sizeof\b|strlen\b|wcslen\b)\w+\s*\(", size)
    return _Held("" if "alloca" in found["call"].lower() else "free({});", size if plain else "")


def matching_release(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """Memory goes back the way it was taken: delete[] for new[], delete for new, free for malloc."""
    if code.language not in _C or cwe not in ("CWE-762", "CWE-590"):
        return
    for node in code.on(first, last):
        found = (
            _RELEASE.fullmatch(code.source(node)) if node.type in ("expression_statement", "delete_statement") else None
        )
        held = _held(code, node, found[2]) if found else None
        if found is None or held is None:
            continue
        new = held.back.format(found[2]) if held.back else ""
        if new and re.sub(r"\s", "", new) != re.sub(r"\s", "", found[0]):
            told = "What was taken with new[] goes back with delete[], with new by delete, with malloc by free."
            include = [] if "free(" not in new or "stdlib" in code.text else _header(code, "stdlib.h")
            yield Proposal("matching-release", blocks_of(code.text, [code.put(node, new), *include]), told)


def _header(code: TreeCode, name: str) -> list[Splice]:
    head = next(code.within(code.tree.root_node, "preproc_include"), None)
    if f"<{name}>" in code.text or "std_testcase.h" in code.text:
        return []
    at = code.span(head)[0] if head is not None else 0
    return [Splice(at, at, f"#include <{name}>\n")]


def released_last(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """A release that comes before the last use in its block is moved behind it."""
    if code.language not in _C or cwe not in ("CWE-416", "CWE-415"):
        return
    for use in code.on(first, last):
        block = use.parent
        if block is None or block.type != "compound_statement" or not use.type.endswith(("statement", "declaration")):
            continue
        siblings = [child for child in block.named_children if child.type != "comment"]
        at = next((number for number, child in enumerate(siblings) if child.id == use.id), 0)
        for early in siblings[:at]:
            found = _RELEASE.fullmatch(code.source(early))
            if found and re.search(rf"\b{found[2]}\b", code.source(use)):
                yield _moved(code, siblings, early, found[2])
                return


def _moved(code: TreeCode, siblings: "list[Node]", early: "Node", name: str) -> Proposal:
    behind = [child for child in siblings if child.start_byte > early.start_byte]
    users = [child for child in behind if re.search(rf"\b{name}\b", code.source(child))]
    between = [child for child in behind if users and child.start_byte <= users[-1].start_byte]
    if any(
        re.search(rf"\b(?:return|goto|break|continue)\b|(?<![=!<>])\b{name}\s*=(?!=)", code.source(c)) for c in between
    ):
        raise FixError(
            "the memory is handed back or taken anew after it was freed; who owns it has to be decided by hand"
        )
    if any(_RELEASE.search(code.source(child)) and name in code.source(child) for child in behind):
        raise FixError("the memory is freed in two places; keep the last one")
    start, end = code.span(early)
    at = code.line_start(start)
    if code.text[at:start].strip() or code.text[end : end + 1] != "\n":
        raise FixError("the release shares its line with something else")
    target = code.span(users[-1])[1]
    row = f"\n{code.text[at:start]}{code.source(early)}"
    told = "The memory is given back behind its last use."
    return Proposal("released-last", blocks_of(code.text, [Splice(at, end + 1, ""), Splice(target, target, row)]), told)


_OVERFLOW = frozenset({"CWE-119", "CWE-120", "CWE-121", "CWE-122", "CWE-242", "CWE-676", "CWE-787"})
_OVERREAD = frozenset({"CWE-125", "CWE-126"})
_COPIES = {
    "strcpy": 'snprintf({0}, {room}, "%s", {1})',
    "strcat": "strncat({0}, {1}, {room} - strlen({0}) - 1)",
    "strncat": "strncat({0}, {1}, {room} - strlen({0}) - 1)",
    "sprintf": "snprintf({0}, {room}, {rest})",
    "wcscpy": 'swprintf({0}, {room} / sizeof(wchar_t), L"%ls", {1})',
    "wcscat": "wcsncat({0}, {1}, {room} / sizeof(wchar_t) - wcslen({0}) - 1)",
    "wcsncat": "wcsncat({0}, {1}, {room} / sizeof(wchar_t) - wcslen({0}) - 1)",
    "snprintf": "{name}({0}, {room}, {more})",
    "SNPRINTF": "{name}({0}, {room}, {more})",
    "memcpy": "memcpy({0}, {1}, ({2}) < {room} ? ({2}) : {room})",
    "memmove": "memmove({0}, {1}, ({2}) < {room} ? ({2}) : {room})",
}


def within_room(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """Copies into memory whose size shows: allocated in this function, a field, or an array of the file."""
    if code.language not in _C or cwe not in _OVERFLOW:
        return
    for call in code.calls(first, last):
        name = call.name.removeprefix("std::").removeprefix("::")
        room = _room(code, call) if name in _COPIES and len(call.args) > 1 else ""
        if not room or (name == "sprintf" and len(call.args) < 2):
            continue
        args = [code.source(arg) for arg in call.args]
        room = room if re.fullmatch(r"\w+|sizeof\([^()]*\)", room) else f"({room})"
        new = _COPIES[name].replace("{room}", room).replace("{rest}", ", ".join(args[1:]).replace("{", "{{"))
        new = new.replace("{name}", call.name).replace("{more}", ", ".join(args[2:]))
        new = new.replace("{0}", args[0]).replace("{1}", args[1]).replace("{2}", args[-1])
        told = "No more is written than the memory holds; longer text is cut."
        yield Proposal("bounded-copy", blocks_of(code.text, [code.put(call.node, new)]), told)


def _room(code: TreeCode, call: Call) -> str:
    """The bytes that the target of a copy has room for, as C says it; "" where that does not show."""
    target = call.args[0]
    written = code.source(target)
    if target.type == "identifier":
        held = _held(code, call.node, written)
        return (held.room if held is not None else "") or _of_array(code, written)
    if target.type == "field_expression":
        field = code.source(target.child_by_field_name("field"))
        fields = [
            each
            for each in code.within(code.tree.root_node, "array_declarator")
            if code.source(each.child_by_field_name("declarator")) == field
        ]
        inside = [each for each in fields if each.parent is not None and each.parent.type == "field_declaration"]
        return f"sizeof({written})" if len(inside) == 1 else ""
    return ""


def _of_array(code: TreeCode, name: str) -> str:
    """An array of the file or of a class, which the function does not declare anew."""
    for each in code.within(code.tree.root_node, "array_declarator"):
        above = each.parent
        while above is not None and above.type in ("init_declarator", "declaration", "field_declaration"):
            above = above.parent
        outside = above is not None and above.type in ("translation_unit", "field_declaration_list", "declaration_list")
        if outside and code.source(each.child_by_field_name("declarator")) == name:
            return f"sizeof({name})"
    return ""


def not_read_beyond(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """A copy takes no more bytes than its source holds; a loop ends where the buffer does."""
    if code.language not in _C or cwe not in _OVERREAD | _OVERFLOW:
        return
    for call in code.calls(first, last):
        if cwe in _OVERREAD and call.name in ("memcpy", "memmove", "wmemcpy") and len(call.args) == 3:
            held = _held(code, call.node, code.source(call.args[1])) if call.args[1].type == "identifier" else None
            if held is not None and held.room:
                count = code.source(call.args[2])
                new = f"({count}) < ({held.room}) ? ({count}) : ({held.room})"
                told = "No more is read than the source holds."
                yield Proposal("bounded-copy", blocks_of(code.text, [code.put(call.args[2], new)]), told)
    yield from _shorter_loop(code, first, last, cwe)


def _shorter_loop(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    for node in code.on(first, last):
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if node.type != "assignment_expression" or left is None or right is None:
            continue
        side = right if cwe in _OVERREAD else left
        found = re.fullmatch(r"(\w+)\[(\w+)\]", code.source(side))
        loop = node.parent
        while loop is not None and loop.type != "for_statement":
            loop = loop.parent
        condition = loop.child_by_field_name("condition") if loop is not None else None
        held = _held(code, node, found[1]) if found else None
        if found is None or condition is None or held is None or not held.room:
            continue
        if not re.match(rf"\(?\s*{found[2]}\s*<", code.source(condition)):
            continue
        end = code.span(condition)[1]
        bound = f" && {found[2]} < ({held.room}) / sizeof({found[1]}[0])"
        told = "The loop ends where the buffer does."
        yield Proposal("bounded-loop", blocks_of(code.text, [Splice(end, end, bound)]), told)


REWRITES = (matching_release, released_last, within_room, not_read_beyond)
"""In the order in which they are tried."""

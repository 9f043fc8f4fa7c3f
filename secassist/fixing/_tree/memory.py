"""Faults of memory and numbers in C and C++: checks before the use, frees that must not be, pointers before their buffer."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from secassist.fixing.base import FixError, Proposal
from secassist.fixing.blocks import Splice, blocks_of
from secassist.fixing.tree_code import TreeCode

if TYPE_CHECKING:
    from tree_sitter import Node

_C = ("c", "cpp")
_STATEMENTS = frozenset({"expression_statement", "declaration", "return_statement", "delete_expression"})
_ENDING = "The function ends (where it has a result: the program) instead of going on with a value that does harm."
_MOST_RANDOM = 12


def checked(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """A check of the value right before the statement on these lines."""
    if code.language not in _C:
        return
    for statement in _statements(code, first, last):
        for condition in _conditions(code, statement, cwe):
            start = code.span(statement)[0]
            lead = code.lead(start)
            end = _way_out(code, statement)
            row = f"if ({condition})\n{lead}{{\n{lead}    {end}\n{lead}}}\n{lead}"
            splices = [Splice(start, start, row)]
            needed = ["limits.h"] * bool(re.search(r"(?<!SIZE)_(?:MAX|MIN)\b", condition))
            needed += ["stdint.h"] * ("SIZE_MAX" in condition) + ["stdlib.h"] * (end == "abort();")
            splices += _includes(code, needed)
            yield Proposal("checked-value", blocks_of(code.text, splices), _ENDING)


def _conditions(code: TreeCode, statement: "Node", cwe: str) -> list[str]:
    """When not to go on; nothing where no name on the line can be asked."""
    text = code.source(statement)
    if cwe in ("CWE-690", "CWE-476"):
        found = re.search(r"\b(\w+)\s*(?:\[|->)|\*\s*(\w+)|\b(?:mem\w+|str\w+|wcs\w+)\s*\(\s*(\w+)", text)
        name = next((group for group in found.groups() if group), "") if found else ""
        return [f"{name} == NULL"] if name else []
    if cwe == "CWE-369":
        found = re.search(r"[/%]=?\s*\(?\s*(?:\(\w+\)\s*)?([A-Za-z_]\w*)\b(?!\s*[(.\[>-])", text)
        return [f"{found[1]} == 0"] if found else []
    if cwe in ("CWE-195", "CWE-194", "CWE-839"):
        found = re.search(_SIZED, text)
        return [f"{found[1]} {'<=' if found[2] else '<'} 0"] if found else []
    if cwe in _BUFFERS:
        sides = re.split(r"(?<![=!<>])=(?!=)", text, maxsplit=1)
        side = sides[-1] if cwe in ("CWE-125", "CWE-126", "CWE-127") else sides[0]
        found = re.search(r"\b(\w+)\[([A-Za-z_]\w*)\]", side)
        size = f"(int) (sizeof({found[1]}) / sizeof({found[1]}[0]))" if found else ""
        return [f"{found[2]} < 0 || {found[2]} >= {size}"] if found and _is_array(code, statement, found[1]) else []
    if cwe == "CWE-680":
        found = re.search(r"\b(?:malloc|alloca)\s*\(\s*(\w+)\s*\*\s*(sizeof\s*\([^()]{1,60}\))\s*\)", text)
        return [f"{found[1]} < 0 || (size_t) {found[1]} > SIZE_MAX / {found[2]}"] if found else []
    return _number(code, statement, cwe) if cwe in ("CWE-190", "CWE-191", "CWE-197") else []


_SIZED = re.compile(
    r"\b(?:strncpy|strncat|memcpy|memmove|malloc|wcsncpy|alloca|ALLOCA|memset)\s*\([^;]{0,200}?\b([A-Za-z_]\w*)\s*(-\s*1\s*)?\)\s*;?$"
)
_BUFFERS = frozenset(
    {"CWE-121", "CWE-122", "CWE-124", "CWE-125", "CWE-126", "CWE-127", "CWE-129", "CWE-786", "CWE-787"}
)


def _is_array(code: TreeCode, node: "Node", name: str) -> bool:
    """Whether the name is an array of this function, whose size the compiler knows."""
    declared = code.within(code.scope(node), "array_declarator")
    return any(code.source(each.child_by_field_name("declarator")) == name for each in declared)


_LIMITS = {"int": "INT", "short": "SHRT", "char": "CHAR", "int64_t": "LLONG", "long": "LONG", "long long": "LLONG"}


def _number(code: TreeCode, statement: "Node", cwe: str) -> list[str]:
    """Bounds for one step, a product with a constant, or a square."""
    text = code.source(statement)
    for pattern, over, under in (
        (r"(?:\+\+\s*(\w+)|\b(\w+)\s*\+\+|\b(\w+)\s*\+\s*1\b)", "{0} >= {1}_MAX", ""),
        (r"(?:--\s*(\w+)|\b(\w+)\s*--|\b(\w+)\s*-\s*1\b)", "", "{0} <= {1}_MIN"),
        (r"\b(\w+)\s*\*\s*2\b", "{0} > {1}_MAX / 2", "{0} < {1}_MIN / 2"),
    ):
        found = re.search(pattern, text)
        name = next((group for group in found.groups() if group), "") if found else ""
        limit = _LIMITS.get(_kind(code, statement, name), "") if name else ""
        form = over if cwe in ("CWE-190", "CWE-680") else under
        if limit and form:
            return [form.format(name, limit)]
    square = re.search(r"\b(\w+)\s*\*\s*\1\b", text)
    if square and cwe == "CWE-190":
        kind = _kind(code, statement, square[1])
        if kind in ("unsigned int", "uint32_t", "unsigned"):
            return [f"{square[1]} != 0 && {square[1]} > UINT_MAX / {square[1]}"]
        if kind in ("int", "short", "char"):
            return [f"(long long) {square[1]} * {square[1]} > {_LIMITS[kind]}_MAX"]
    if cwe == "CWE-197":
        found = re.search(r"\((char|short)\)\s*(\w+)", text)
        if found:
            limit = _LIMITS[found[1]]
            return [f"{found[2]} > {limit}_MAX || {found[2]} < {limit}_MIN"]
    return []


def _kind(code: TreeCode, node: "Node", name: str) -> str:
    for each in code.within(code.scope(node), "declaration", "parameter_declaration"):
        kind = each.child_by_field_name("type")
        if kind is not None and re.search(
            rf"(?<![\w*]){re.escape(name)}\b", code.source(each)[len(code.source(kind)) :]
        ):
            return code.source(kind)
    return ""


def _statements(code: TreeCode, first: int, last: int) -> list["Node"]:
    """Statements that stand on a line of their own on these lines, within a block."""
    found = []
    for node in code.on(first, last):
        above = node.parent
        if node.type in _STATEMENTS and above is not None and above.type == "compound_statement":
            start = code.span(node)[0]
            if not code.lead(start).strip() and node.start_point[0] + 1 >= first:
                found.append(node)
    return found[:1]


def _way_out(code: TreeCode, node: "Node") -> str:
    """How to leave: without a result where the function has none, else by ending the program."""
    scope = code.scope(node)
    kind = code.source(scope.child_by_field_name("type"))
    declared = code.source(scope.child_by_field_name("declarator"))
    return "return;" if kind == "void" and not declared.startswith("*") else "abort();"


def _includes(code: TreeCode, names: list[str]) -> list[Splice]:
    """Headers that the file does not include yet."""
    rows = "".join(f"#include <{name}>\n" for name in names if f"<{name}>" not in code.text)
    if not rows or "std_testcase.h" in code.text:
        return []
    head = next(code.within(code.tree.root_node, "preproc_include"), None)
    at = code.span(head)[0] if head is not None else 0
    return [Splice(at, at, rows)]


def not_freed(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """Memory that was not allocated, or was freed before, is not freed."""
    if code.language not in _C or cwe not in ("CWE-590", "CWE-415", "CWE-761", "CWE-675", "CWE-1341"):
        return
    for statement in _statements(code, first, last):
        if re.match(r"(?:free|f?close)\s*\(|delete\b", code.source(statement)):
            start, end = code.span(statement)
            at = code.line_start(start)
            if code.text[end : end + 1] == "\n":
                told = "What is freed here was not allocated, or was freed already; its owner frees it."
                yield Proposal("not-freed", blocks_of(code.text, [Splice(at, end + 1, "")]), told)


def freed(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """What is allocated here and stays in the function is freed at its end."""
    if code.language not in _C or cwe not in ("CWE-401", "CWE-772", "CWE-775", "CWE-404"):
        return
    for statement in _statements(code, first, last):
        found = re.search(
            r"(?<![\w.>])(\w+)\s*=\s*(?:\([^()]*\)\s*)?(malloc|calloc|realloc|strdup|wcsdup|new|fopen|open)\b",
            code.source(statement),
        )
        body = code.scope(statement).child_by_field_name("body")
        if not found or body is None or not body.named_children:
            continue
        name, made = found[1], "delete[] {};" if found[2] == "new" and "[" in code.source(statement) else "delete {};"
        text = code.source(body)
        if (
            re.search(rf"\breturn\s+{name}\b|\b(?:free|delete|f?close)\b[^;]*\b{name}\b|=\s*{name}\s*;", text)
            or text.count("return") > 1
        ):
            raise FixError("who frees it does not show here")
        final = body.named_children[-1]
        at = code.span(final)[0] if final.type == "return_statement" else code.span(final)[1]
        ways = {"new": made, "fopen": "if ({0} != NULL) {{ fclose({0}); }}", "open": "if ({0} >= 0) {{ close({0}); }}"}
        row = ways.get(found[2], "free({});").format(name)
        lead = code.lead(code.span(final)[0])
        new = f"{row}\n{lead}" if final.type == "return_statement" else f"\n{lead}{row}"
        told = "What the function takes for itself it gives back at its end."
        yield Proposal("freed-at-the-end", blocks_of(code.text, [Splice(at, at, new)]), told)


def within_buffer(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """A pointer that is set before the beginning of an array begins at its beginning."""
    if code.language not in _C or cwe not in ("CWE-124", "CWE-127", "CWE-786", "CWE-787", "CWE-121", "CWE-122"):
        return
    nodes = [node for node in code.on(first, last) if node.type == "identifier"]
    scope = code.scope(nodes[0]) if nodes else None
    for each in code.within(scope, "assignment_expression", "init_declarator") if scope is not None else ():
        right = each.child_by_field_name("right") or each.child_by_field_name("value")
        found = re.fullmatch(r"(\w+)\s*-\s*\d+", code.source(right)) if right is not None else None
        if found and right is not None:
            told = "The pointer begins where its buffer begins, not before it."
            yield Proposal("within-buffer", blocks_of(code.text, [code.put(right, found[1])]), told)


def unguessable(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """rand() and its kin give way to the system's source in the whole file, and nobody seeds any more."""
    if code.language not in _C or cwe not in ("CWE-330", "CWE-331", "CWE-335", "CWE-338"):
        return
    if not any(call.name in _RANDOM for call in code.calls(first, last)):
        return
    splices = list[Splice]()
    for call in code.calls(1, code.text.count("\n") + 1):
        if call.name in ("rand", "std::rand", "random") and not call.args:
            splices.append(code.put(call.node, "(int) (arc4random() & 0x7fffffff)"))
        elif call.name in ("srand", "srandom", "std::srand"):
            splices.append(_unseeded(code, call.node))
    if len(splices) > _MOST_RANDOM:
        raise FixError("random numbers are drawn in many places of the file; replace them by hand")
    told = "Numbers come from the system's source and need no seed; arc4random is in BSD, macOS and glibc since 2.36."
    yield Proposal("system-random", blocks_of(code.text, [*splices, *_includes(code, ["stdlib.h"])]), told)


_RANDOM = frozenset({"rand", "std::rand", "random", "srand", "srandom", "std::srand"})


def _unseeded(code: TreeCode, call: "Node") -> Splice:
    statement = call.parent
    if statement is None or statement.type != "expression_statement":
        raise FixError("the seed is set within another statement; take it out by hand")
    start, end = code.span(statement)
    at = code.line_start(start)
    if (
        code.text[at:start].strip()
        or code.text[end : end + 1] != "\n"
        or (statement.parent is not None and statement.parent.type != "compound_statement")
    ):
        return Splice(start, end, ";")
    return Splice(at, end + 1, "")


_PLAIN_NUMBER = re.compile(r"(?:(?:un)?signed\s+)?(?:int|long|long long|short|char|double|float|u?int\d+_t|size_t)")


def initialised(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """A number that is read before it is set begins as 0."""
    if code.language not in _C or cwe not in ("CWE-457", "CWE-908"):
        return
    read = {code.source(node) for node in code.on(first, last) if node.type == "identifier"}
    scopes = [code.scope(node) for node in code.on(first, last) if node.type == "identifier"]
    for each in code.within(scopes[0], "declaration") if scopes else ():
        named, kind = each.child_by_field_name("declarator"), code.source(each.child_by_field_name("type"))
        if (
            named is not None
            and named.type == "identifier"
            and code.source(named) in read
            and each.named_child_count == 2
        ) and _PLAIN_NUMBER.fullmatch(kind):
            end = code.span(named)[1]
            told = "The number begins as 0; say another value where 0 is not meant."
            yield Proposal("begins-as-0", blocks_of(code.text, [Splice(end, end, " = 0")]), told)
            return


REWRITES = (within_buffer, checked, not_freed, freed, unguessable, initialised)
"""In the order in which they are tried."""

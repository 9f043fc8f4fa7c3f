"""JavaScript and TypeScript pages: Angular's sanitiser instead of trust, React's children instead of markup."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from secassist.fixing.base import FixError, Proposal
from secassist.fixing.blocks import Splice, blocks_of
from secassist.fixing.tree_code import STRINGS, TreeCode

if TYPE_CHECKING:
    from tree_sitter import Node

_JS = ("javascript", "typescript")
_CONTEXTS = {"Html": "HTML", "Style": "STYLE", "Url": "URL"}
_ANGULAR = re.compile(r"""import\s*\{([^}]*)\}\s*from\s*(['"])@angular/core\2""")


def sanitised(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """Angular: what was trusted as it is goes through the sanitiser; code and resource addresses are left to a person."""
    if code.language not in _JS or cwe not in ("CWE-79", "CWE-80", "CWE-116"):
        return
    for call in code.calls(first, last):
        owner, _, name = call.name.rpartition(".")
        kind = name.removeprefix("bypassSecurityTrust")
        if kind == name or not owner or len(call.args) != 1:
            continue
        if kind not in _CONTEXTS:
            raise FixError(
                "code and addresses of resources cannot be sanitised; trust only constants or a list of known ones"
            )
        new = f"{owner}.sanitize(SecurityContext.{_CONTEXTS[kind]}, {code.source(call.args[0])})"
        above = call.node.parent.type if call.node.parent is not None else ""
        if above != "expression_statement":
            new = f'{new} ?? ""' if above in _LOOSE else f'({new} ?? "")'
        told = "Angular takes out of the value what could run, instead of trusting it as it is."
        splices = [code.put(call.node, new), *_imported(code)]
        yield Proposal("sanitised", blocks_of(code.text, splices), told)


def _imported(code: TreeCode) -> list[Splice]:
    """`SecurityContext` from Angular, beside what is imported already, else above everything."""
    if re.search(r"\bSecurityContext\b", code.text):
        return []
    found = _ANGULAR.search(code.text)
    if found is not None:
        names = found[1].rstrip().rstrip(",")
        return [Splice(found.start(1), found.start(1) + len(found[1].rstrip()), f"{names}, SecurityContext")]
    top = [node for node in code.tree.root_node.named_children if node.type != "comment"]
    if not top or top[0].type not in _TOP:
        raise FixError("the part of the file shows no place for an import")
    at = code.span(top[0])[0]
    return [Splice(at, at, "import { SecurityContext } from '@angular/core';\n")]


_LOOSE = frozenset({"variable_declarator", "assignment_expression", "return_statement", "arguments", "pair"})
"""Around these an expression needs no parentheses."""
_TOP = frozenset(
    {"import_statement", "class_declaration", "export_statement", "function_declaration", "lexical_declaration"}
)


def as_children(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """React: `dangerouslySetInnerHTML` of a value becomes the element's text."""
    if code.language not in _JS or cwe not in ("CWE-79", "CWE-80", "CWE-116"):
        return
    for node in code.on(first, last):
        if node.type not in ("jsx_element", "jsx_self_closing_element"):
            continue
        head = next((c for c in node.named_children if c.type == "jsx_opening_element"), node)
        given = next((a for a in head.named_children if _is_markup(code, a)), None)
        if given is None:
            continue
        inner = [c for c in node.named_children if c.type not in ("jsx_opening_element", "jsx_closing_element")]
        if head is not node and any(code.source(c).strip() for c in inner):
            raise FixError("the element has children beside its markup")
        value = next(code.within(given, "pair"), None)
        held = value.child_by_field_name("value") if value is not None else None
        if held is None or held.type in STRINGS or "<" in code.source(held):
            raise FixError(
                "markup is put together here; write it as elements, or clean it with a library such as DOMPurify"
            )
        told = "React shows the value as text and reads nothing in it as markup."
        yield Proposal("as-children", blocks_of(code.text, _text_inside(code, node, head, given, held)), told)


def _is_markup(code: TreeCode, node: "Node") -> bool:
    return node.type == "jsx_attribute" and code.source(node).startswith("dangerouslySetInnerHTML")


def _text_inside(code: TreeCode, node: "Node", head: "Node", given: "Node", held: "Node") -> list[Splice]:
    start, end = code.span(given)
    start -= code.text[start - 1] == " "
    child = f"{{{code.source(held)}}}"
    if head is not node:
        at = code.span(head)[1]
        return [Splice(start, end, ""), Splice(at, at, child)]
    name = code.source(node.child_by_field_name("name"))
    close = code.span(node)[1]
    tail = re.compile(r"\s*/>$").search(code.text, end, close)
    if tail is None:
        raise FixError("the element ends in a way that is not known")
    return [Splice(start, end, ""), Splice(tail.start(), close, f">{child}</{name}>")]


REWRITES = (sanitised, as_children)
"""In the order in which they are tried."""

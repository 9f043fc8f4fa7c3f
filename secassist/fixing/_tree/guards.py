"""Checks put before a sink that no function escapes for: a value that holds more than harmless characters is refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from secassist.fixing._tree.go import way_out
from secassist.fixing._tree.text import Value, given_to, open_quote, text_of
from secassist.fixing.base import FixError, Proposal
from secassist.fixing.blocks import Splice, blocks_of
from secassist.fixing.tree_code import STRINGS, TreeCode, go_imports

if TYPE_CHECKING:
    from tree_sitter import Node

NAMES = r"[\p{L}\p{N}_ .@-]*"
"""Letters, digits, space and _ . @ -: none of them ends a quoted text of XPath, or has a meaning in LDAP (RFC 4514, 4515)."""
_REFUSED = "a value holds characters that are not allowed here"
_TOLD = (
    "A value that holds more than letters, digits, spaces and _ . @ - is refused; allow more where your data needs it."
)
_DEEPEST = 4
_BLOCKS = frozenset({"block", "statement_block", "compound_statement", "statement_list", "program", "constructor_body"})
_PATH = re.compile(r"[$\w]+(?:(?:\.|->)\w+){0,3}")
_FORMS = {
    "java": ("if (!{}.matches({pattern}))", '"{}"', '{ throw new IllegalArgumentException("{}"); }', "String {} = {};"),
    "csharp": (
        "if (!System.Text.RegularExpressions.Regex.IsMatch({}, {pattern}))",
        '@"^{}\\z"',
        '{ throw new System.ArgumentException("{}"); }',
        "var {} = {};",
    ),
    "javascript": ("if (!{pattern}.test({}))", "/^{}$/u", '{ throw new Error("{}"); }', "const {} = String({});"),
    "typescript": ("if (!{pattern}.test({}))", "/^{}$/u", '{ throw new Error("{}"); }', "const {} = String({});"),
    "php": (
        "if (!preg_match({pattern}, {}))",
        "'/^{}$/Du'",
        "{ throw new InvalidArgumentException('{}'); }",
        "{} = {};",
    ),
    "go": ("if !regexp.MustCompile({pattern}).MatchString({})", "`^{}$`", "", "{} := {}"),
}
"""For each language: the question, how a pattern is written, what refuses, and how a name is given to a value."""


@dataclass(frozen=True)
class Guarded:
    """Calls whose built texts are guarded so: `assigned` are left sides that count like the call."""

    cwes: frozenset[str]
    called: re.Pattern[str]
    quoted: bool
    assigned: re.Pattern[str] | None = None


_GUARDED = (
    Guarded(
        frozenset({"CWE-643", "CWE-91"}),
        re.compile(
            r"(?i)(?:xpath|select\w*|evaluate|compile|mustcompile|find\w*|query\w*|parse|search|evalxpath|valueof|createxpath)$"
        ),
        quoted=True,
    ),
    Guarded(
        frozenset({"CWE-90"}),
        re.compile(
            r"(?i)(?:search\w*|lookup|setfilter|list|find\w*|authenticate|searchrequest|create|filter|directory\w+)$"
        ),
        quoted=False,
        assigned=re.compile(r"\.Filter$|^Filter$"),
    ),
)


def harmless_only(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """XPath and LDAP: each value in a built expression is asked for its characters before the expression is built."""
    if code.language not in _FORMS:
        return
    for rule in _GUARDED:
        if cwe not in rule.cwes:
            continue
        for given in _given(code, rule, first, last):
            values = [value for node in given for value in _values(code, node, rule.quoted)]
            if values:
                yield guarded(code, values, NAMES, "harmless-characters", _TOLD)


def _given(code: TreeCode, rule: Guarded, first: int, last: int) -> Iterator[list["Node"]]:
    for node in code.on(first, last):
        call = code.call(node)
        if call is not None and rule.called.search(call.name):
            yield list(call.args)
        elif rule.assigned is not None and node.type == "assignment_expression":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None and rule.assigned.search(code.source(left)):
                yield [right]


def _values(code: TreeCode, node: "Node", quoted: bool, depth: int = 0) -> list[Value]:
    """The values of built texts that may do harm, also of those within calls and behind names.

    Raises FixError where one stands outside of quotes, where it is code.
    """
    if depth > _DEEPEST or (node.type in STRINGS and node.type not in ("encapsed_string", "template_string")):
        return []
    if node.type in ("object", "dictionary"):
        pairs = code.within(node, "pair")
        return [v for pair in pairs for v in _values(code, pair.named_children[-1], quoted, depth + 1)]
    text = text_of(code, node)
    if text.built:
        if quoted and not all(open_quote(value.before) for value in text.values):
            raise FixError(
                "a value stands outside of quotes, where it is part of the expression; bind it as a variable"
            )
        return text.values
    given = given_to(code, node) if node.type == "identifier" else node
    call = code.call(given) if given is not None else None
    if call is None or given is None:
        return []
    owner = given.child_by_field_name("object") or call.callee.child_by_field_name("object")
    inner = [*([owner] if owner is not None else []), *call.args]
    return [value for each in inner for value in _values(code, each, quoted, depth + 1)]


def guarded(code: TreeCode, values: list[Value], pattern: str, name: str, told: str) -> Proposal:
    """A check before each statement in which a value is used; a value without a name is given one."""
    rows, splices, asked = dict[int, list[str]](), list[Splice](), list[str]()
    for value in values:
        start = code.span(statement_of(code, value.node))[0]
        written, here = code.source(value.node), rows.setdefault(start, [])
        if written in asked or not _is_text(code, value.node):
            continue
        if not _PATH.fullmatch(written):
            written = _named(code, value, len(asked), here, splices)
        asked.append(written)
        here += _check(code, written, pattern, value.node)
    if not asked:
        raise FixError("no value of the expression is a text that could be asked")
    for start, lines in rows.items():
        lead = code.lead(start)
        splices.append(Splice(start, start, "".join(f"{line}\n{lead}" for line in lines)))
    more = _imports(code, [line for lines in rows.values() for line in lines])
    return Proposal(name, blocks_of(code.text, [*splices, *more]), told)


def _imports(code: TreeCode, rows: list[str]) -> list[Splice]:
    if code.language != "go":
        return []
    errors = any("errors.New" in row for row in rows)
    return list(go_imports(code, "regexp", more="errors" if errors else ""))


def _named(code: TreeCode, value: Value, number: int, rows: list[str], splices: list[Splice]) -> str:
    """Gives a value that is no name one of its own, and uses that in its place."""
    name = ("$" if code.language == "php" else "") + "given" + (str(number + 1) if number else "")
    if re.search(rf"(?<!\w){re.escape(name)}\b", code.text):
        raise FixError("the name that the check needs is taken")
    written = " ".join(code.source(value.node).split("\n"))
    rows.append(_FORMS[code.language][3].replace("{}", name, 1).replace("{}", written, 1))
    splices.append(value.put(code, name) if not value.inside else code.put(value.node, name))
    return name


def _check(code: TreeCode, written: str, pattern: str, near: "Node") -> list[str]:
    question, shape, refusal, _ = _FORMS[code.language]
    shown = shape.replace("{}", pattern.replace("\\", "\\\\") if code.language == "java" else _slashed(code, pattern))
    asked = question.replace("{pattern}", "\0").replace("{}", written).replace("\0", shown)
    out = way_out(code, near, _REFUSED) if code.language == "go" else [refusal.strip("{} ").replace("{}", _REFUSED)]
    step = "\t" if code.language == "go" else "    "
    return [f"{asked} {{", *(f"{step}{row}" for row in out), "}"]


def _slashed(code: TreeCode, pattern: str) -> str:
    return pattern.replace("/", "\\/") if code.language in ("javascript", "typescript", "php") else pattern


def _is_text(code: TreeCode, node: "Node") -> bool:
    """Whether nothing says that the name is a number."""
    name = code.source(node)
    declared = code.within(code.scope(node), "formal_parameter", "parameter", "local_variable_declaration")
    for each in declared:
        kind = code.source(each.child_by_field_name("type"))
        named = code.source(each.child_by_field_name("name"))
        if named == name and re.fullmatch(r"u?int\w*|long|short|byte|double|float|decimal|bool(?:ean)?|char", kind):
            return False
    return True


def statement_of(code: TreeCode, node: "Node") -> "Node":
    """The statement of a block that a node stands in, alone at the beginning of its line. Raises FixError elsewhere."""
    while node.parent is not None and node.parent.type not in _BLOCKS:
        node = node.parent
    start = code.span(node)[0]
    if node.parent is None or code.lead(start).strip():
        raise FixError("there is no line of its own before which a check could stand")
    return node


REWRITES = (harmless_only,)
"""In the order in which they are tried."""

"""Takes texts apart that other languages build by joining, filling in or formatting: literals, and the values between."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from secassist.fixing.base import FixError
from secassist.fixing.blocks import Splice
from secassist.fixing.tree_code import STRINGS, TreeCode

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEPEST = 60
_LITERALS = STRINGS | {"raw_string_literal", "verbatim_string_literal", "character_literal", "string_fragment"}
_FRAGMENTS = frozenset(
    {"string_fragment", "string_content", "string_value", "escape_sequence", "interpolated_string_content"}
    | {"interpreted_string_literal_content", "raw_string_literal_content", "string_literal_content"}
)
_FORMATS = re.compile(r"^(?:sprintf|vsprintf|fmt\.Sprintf|String\.format|string\.Format|util\.format|format)$")
_HOLE = re.compile(r"%(?:\d+\$)?[-+ 0#]*\d*(?:\.\d+)?[a-zA-Z]|\{\d+\}")
_NAMES = frozenset({"identifier", "variable_name"})
GIVEN = (
    "assignment_expression",
    "variable_declarator",
    "short_var_declaration",
    "assignment_statement",
    "init_declarator",
)


@dataclass(frozen=True)
class Value:
    """One value in a built text: `before` and `after` are the literal text around it, other values as NUL.

    `inside` says that it stands within a literal: "php" and "braced" (in braces) take the quotes apart, "code" is an
    expression of its own in it.
    """

    node: "Node"
    before: str
    after: str = ""
    inside: str = ""
    quote: str = '"'

    def put(self, code: TreeCode, form: str) -> Splice:
        """The value becomes `form` with {} for it as it is written."""
        written = form.replace("{}", code.source(self.node))
        start, end = code.span(self.node)
        if self.inside in ("php", "braced"):
            wide = self.inside == "braced"
            return Splice(start - wide, end + wide, f"{self.quote} . {written} . {self.quote}")
        return Splice(start, end, written)


@dataclass(frozen=True)
class Text:
    """A built text: the expression that holds it, its pieces in order (literal text or a value)."""

    node: "Node"
    pieces: tuple["str | Value", ...]

    @property
    def values(self) -> list[Value]:
        """Values with the text around them."""
        found = []
        for at, piece in enumerate(self.pieces):
            if not isinstance(piece, str):
                before = "".join(p if isinstance(p, str) else "\0" for p in self.pieces[:at])
                after = "".join(p if isinstance(p, str) else "\0" for p in self.pieces[at + 1 :])
                found.append(replace(piece, before=before, after=after))
        return found

    @property
    def built(self) -> bool:
        """Whether literal text and values are put together."""
        return any(isinstance(p, str) and p for p in self.pieces) and any(not isinstance(p, str) for p in self.pieces)


def text_of(code: TreeCode, node: "Node") -> Text:
    """The text an expression stands for; a name is followed to the one place where it gets its value, if that builds it."""
    held = node
    if node.type in _NAMES:
        given = given_to(code, node)
        if given is not None and _pieces(code, given) != [Value(given, "")]:
            held = given
    return Text(held, tuple(_merged(_pieces(code, held))))


def given_to(code: TreeCode, name: "Node") -> "Node | None":
    """What the one assignment of a name in its scope gives it; None where there are several or none."""
    written, found = code.source(name), list["Node"]()
    scope = code.scope(name)
    for each in code.within(scope, *GIVEN):
        left = (
            each.child_by_field_name("left")
            or each.child_by_field_name("name")
            or each.child_by_field_name("declarator")
        )
        right = each.child_by_field_name("right") or each.child_by_field_name("value")
        if right is None and each.type == "variable_declarator" and each.named_children:
            right = each.named_children[-1]
        if left is not None and right is not None and code.source(left).lstrip("*") == written:
            found.append(right)
    for each in code.within(scope, "augmented_assignment_expression"):
        left = each.child_by_field_name("left")
        if left is not None and code.source(left) == written:
            return None
    if len(found) != 1 or found[0].start_byte > name.start_byte:
        return None
    inner = found[0]
    if inner.type in ("expression_list", "equals_value_clause") and len(inner.named_children) == 1:
        inner = inner.named_children[0]
    return inner


def _pieces(code: TreeCode, node: "Node", depth: int = 0) -> list["str | Value"]:
    if depth > _DEEPEST:
        raise FixError("the text is built in too many steps")
    if node.type in ("parenthesized_expression", "argument") and len(node.named_children) == 1:
        return _pieces(code, node.named_children[0], depth + 1)
    if node.type == "binary_expression" and code.source(node.child_by_field_name("operator")) in ("+", "."):
        sides = [node.child_by_field_name(side) for side in ("left", "right")]
        return [piece for side in sides if side is not None for piece in _pieces(code, side, depth + 1)]
    if node.type in ("encapsed_string", "template_string", "interpolated_string_expression"):
        return _filled(code, node)
    if node.type in _LITERALS:
        return [plain(code, node)]
    call = code.call(node)
    if call is not None and _FORMATS.match(call.name) and call.args and call.args[0].type in _LITERALS:
        return _formatted(plain(code, call.args[0]), call.args[1:])
    return [Value(node, "")]


def plain(code: TreeCode, node: "Node") -> str:
    """What stands between the quotes, with the quotes themselves unescaped."""
    text = code.source(node)
    text = text[text.find('"') :] if node.type == "verbatim_string_literal" else text
    quote = text[:1]
    return text[1:-1].replace("\\" + quote, quote)


def _filled(code: TreeCode, node: "Node") -> list["str | Value"]:
    """A literal with values in it."""
    quote, found = code.source(node)[:1], list["str | Value"]()
    at = node.start_byte + 1
    for child in node.named_children:
        if child.type in _FRAGMENTS or child.type == "interpolation_start":
            continue
        if child.start_byte > at:
            found.append(_between(code, at, child.start_byte, quote))
        at = child.end_byte
        if node.type == "encapsed_string":
            braced = _braced(code, child)
            if braced:
                if found and isinstance(found[-1], str):
                    found[-1] = found[-1][:-1]
                at += 1
            found.append(Value(child, "", "", "braced" if braced else "php", quote))
        elif child.named_children:
            inner = next((c for c in child.named_children if c.type != "interpolation_brace"), child.named_children[0])
            found.append(Value(inner, "", "", "code", quote))
    if node.end_byte - 1 > at:
        found.append(_between(code, at, node.end_byte - 1, quote))
    return found


def _between(code: TreeCode, start: int, end: int, quote: str) -> str:
    return code.text[code.offset(start) : code.offset(end)].replace("\\" + quote, quote)


def _braced(code: TreeCode, node: "Node") -> bool:
    start, end = code.span(node)
    return code.text[start - 1 : start] == "{" and code.text[end : end + 1] == "}"


def _formatted(form: str, args: tuple["Node", ...]) -> list["str | Value"]:
    """A format filled in: only where each hole takes the next argument, or says its number."""
    found, at, taken = list["str | Value"](), 0, 0
    for match in _HOLE.finditer(form):
        number = int(match[0][1:-1]) if match[0].startswith("{") else taken
        if number >= len(args):
            raise FixError("the format and its values do not match")
        found += [form[at : match.start()], Value(args[number], "")]
        at, taken = match.end(), taken + 1
    return [*found, form[at:]]


def _merged(pieces: list["str | Value"]) -> Iterator["str | Value"]:
    held = ""
    for piece in pieces:
        if isinstance(piece, str):
            held += piece
            continue
        if held:
            yield held
        held = ""
        yield piece
    if held:
        yield held


def open_quote(text: str) -> str:
    """The quote that is open at the end of a text, "" if none is; a doubled or escaped one does not count."""
    opened, skip = "", False
    for char in text:
        if skip:
            skip = False
        elif char == "\\":
            skip = True
        elif opened:
            opened = "" if char == opened else opened
        elif char in "'\"`":
            opened = char
    return opened

"""Text in languages other than Python with its tree: calls, their arguments and what is near; changes nothing itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from secassist.fixing import syntax
from secassist.fixing.base import FixError
from secassist.fixing.blocks import Splice

if TYPE_CHECKING:
    from tree_sitter import Node

CALLS = frozenset(
    {
        "call_expression",
        "method_invocation",
        "function_call_expression",
        "invocation_expression",
        "member_call_expression",
    }
)
MADE = frozenset({"new_expression", "object_creation_expression"})
STRINGS = frozenset({"string", "string_literal", "interpreted_string_literal", "encapsed_string", "raw_string_literal"})


@dataclass(frozen=True)
class Call:
    """A call or construction: what is called, as it is written, and its arguments."""

    node: "Node"
    callee: "Node"
    name: str
    args: tuple["Node", ...]
    made: bool


class TreeCode:
    """One parsed file."""

    def __init__(self, text: str, language: str) -> None:
        tree = syntax.parse(text, language)
        if tree is None:
            raise FixError(f"no grammar for {language}")
        self.text, self.language, self.tree = text, language, tree
        self._bytes = text.encode("utf-8", "replace")
        self._plain = text.isascii()

    def span(self, node: "Node") -> tuple[int, int]:
        """Character offsets."""
        return self.offset(node.start_byte), self.offset(node.end_byte)

    def offset(self, byte: int) -> int:
        """The character at a byte."""
        return byte if self._plain else len(self._bytes[:byte].decode("utf-8", "replace"))

    def line_start(self, at: int) -> int:
        """Where the line of a character begins."""
        return self.text.rfind("\n", 0, at) + 1

    def lead(self, at: int) -> str:
        """What stands before a character on its line."""
        return self.text[self.line_start(at) : at]

    def source(self, node: "Node | None") -> str:
        """A node as it is written."""
        return syntax.text_of(node)

    def put(self, node: "Node", new: str) -> Splice:
        """The node becomes other text."""
        return Splice(*self.span(node), new)

    def on(self, first: int, last: int) -> Iterator["Node"]:
        """Nodes that begin on these lines, and calls and declarations that lie around them, outermost first."""
        for node in syntax.walk(self.tree):
            begins, ends = node.start_point[0] + 1, node.end_point[0] + 1
            if node.is_named and begins <= last and ends >= first and (begins >= first or ends - begins < 12):
                yield node

    def calls(self, first: int, last: int) -> Iterator[Call]:
        """Calls and constructions on these lines."""
        for node in self.on(first, last):
            call = self.call(node)
            if call is not None:
                yield call

    def call(self, node: "Node") -> Call | None:
        """The node as a call, None if it is none."""
        if node.type not in CALLS | MADE:
            return None
        args = node.child_by_field_name("arguments")
        if args is None:
            args = next((child for child in node.children if child.type in ("arguments", "argument_list")), None)
        callee = next(
            (
                c
                for name in ("function", "constructor", "type", "name")
                if (c := node.child_by_field_name(name)) is not None
            ),
            None,
        )
        if callee is None:
            callee = next((child for child in node.named_children if child.type in ("name", "qualified_name")), None)
        if callee is None:
            return None
        owner = node.child_by_field_name("object")
        name = f"{self.source(owner)}.{self.source(callee)}" if owner is not None else self.source(callee)
        given = [_inner(arg) for arg in args.named_children if arg.type != "comment"] if args is not None else []
        return Call(node, callee, name, tuple(given), node.type in MADE)

    def scope(self, node: "Node") -> "Node":
        """The function around a node, or the whole."""
        above = node.parent
        while above is not None and above.type not in (
            "function_definition", "method_declaration", "function_declaration", "constructor_declaration", "arrow_function",
            "method_definition", "function_expression", "func_literal",
        ):  # fmt: skip
            above = above.parent
        return above or self.tree.root_node

    def within(self, node: "Node", *types: str) -> Iterator["Node"]:
        """Nodes of these types below a node."""
        waiting: list[Node] = [node]
        while waiting:
            each = waiting.pop()
            if each.type in types:
                yield each
            waiting += reversed(each.children)


def _inner(node: "Node") -> "Node":
    """What stands within an `argument` of PHP and C#."""
    return node.named_children[-1] if node.type == "argument" and node.named_children else node


def go_imports(code: TreeCode, wanted: str, instead_of: str = "", more: str = "") -> Sequence[Splice]:
    """What makes a Go file import a package (and one `more`), in the place of one that nobody uses any more if given."""
    if more:
        return _both(go_imports(code, wanted), go_imports(code, more))
    specs = list(code.within(code.tree.root_node, "import_spec"))
    paths = {code.source(spec.child_by_field_name("path")).strip('"'): spec for spec in specs}
    if instead_of in paths:
        short = instead_of.rpartition("/")[2]
        if code.text.count(f"{short}.") <= 1:
            path = paths[instead_of].child_by_field_name("path")
            gone = [code.put(path, f'"{wanted}"')] if path is not None else []
            return [] if wanted in paths else gone
    if wanted in paths:
        return []
    lists = list(code.within(code.tree.root_node, "import_spec_list"))
    if lists and specs:
        at = code.span(specs[0])[0]
        lead = "\n" + code.lead(at) if lists[0].start_point[0] < specs[0].start_point[0] else "; "
        return [Splice(at, at, f'"{wanted}"{lead}')]
    package = next(code.within(code.tree.root_node, "package_clause"), None)
    if package is None:
        raise FixError("the part of the file shows no place for an import")
    end = code.span(package)[1]
    return [Splice(end, end, f'\n\nimport "{wanted}"')]


def _both(one: Sequence[Splice], other: Sequence[Splice]) -> Sequence[Splice]:
    """Two imports that go to the same place, in one edit."""
    if not one or not other:
        return [*one, *other]
    return [Splice(one[0].start, one[0].end, one[0].new + other[0].new)]

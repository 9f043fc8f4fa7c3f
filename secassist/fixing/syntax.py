"""Trees of files in languages other than Python, by tree-sitter; knows grammars and function heads, no weaknesses."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Tree

GRAMMARS: dict[str, tuple[str, str]] = {
    "javascript": ("tree_sitter_javascript", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "java": ("tree_sitter_java", "language"),
    "go": ("tree_sitter_go", "language"),
    "c": ("tree_sitter_c", "language"),
    "cpp": ("tree_sitter_cpp", "language"),
    "csharp": ("tree_sitter_c_sharp", "language"),
    "php": ("tree_sitter_php", "language_php"),
    "php_only": ("tree_sitter_php", "language_php_only"),
    "ruby": ("tree_sitter_ruby", "language"),
}
_FUNCTIONS = frozenset(
    {
        "function_declaration",
        "generator_function_declaration",
        "method_definition",
        "method_declaration",
        "function_definition",
        "constructor_declaration",
        "class_declaration",
        "interface_declaration",
        "class_specifier",
        "struct_specifier",
        "method",
        "singleton_method",
        "class",
        "class_definition",
    }
)


@cache
def _language(name: str) -> "Language":
    from tree_sitter import Language

    module, function = GRAMMARS[name]
    return Language(getattr(import_module(module), function)())


def parse(text: str, language: str) -> "Tree | None":
    """The tree over the text's UTF-8 bytes; None for a language without a grammar here. PHP may lack its opening tag."""
    from tree_sitter import Parser

    name = "php_only" if language == "php" and "<?" not in text else language
    return Parser(_language(name)).parse(text.encode("utf-8", "replace")) if name in GRAMMARS else None


def walk(tree: "Tree") -> Iterator["Node"]:
    """Every node, outermost first, without recursion."""
    waiting = [tree.root_node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.children)


def text_of(node: "Node | None") -> str:
    """A node as it is written."""
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""


def faults(text: str, language: str) -> int:
    """How many places the grammar cannot read."""
    tree = parse(text, language)
    return sum(node.is_error or node.is_missing for node in walk(tree)) if tree is not None else 0


def heads(text: str, language: str) -> list[str]:
    """The head of every function, method and class: all that stands before its body, white space squeezed."""
    tree = parse(text, language)
    if tree is None:
        return []
    found = []
    for node in walk(tree):
        if node.is_named and node.type in _FUNCTIONS:
            body = node.child_by_field_name("body")
            head = (node.text or b"")[: body.start_byte - node.start_byte] if body is not None else (node.text or b"")
            found.append(" ".join(head.decode("utf-8", "replace").split()))
    return found


def around(text: str, language: str, line: int) -> tuple[int, int] | None:
    """First and last line (1-based) of the innermost function around a line."""
    tree, found = parse(text, language), None
    if tree is not None:
        for node in walk(tree):
            first, last = node.start_point[0] + 1, node.end_point[0] + 1
            if (
                node.type in _FUNCTIONS
                and not node.type.startswith(("class", "struct", "inter"))
                and first <= line <= last
            ):
                found = (first, last)
    return found

"""Functions as units with exact lines: what is judged one by one, with its name, class, decorators and what it calls."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tree_sitter import Node

from secassist.parsing.names import calls_of
from secassist.parsing.tree import parse, walk, words

MOST_UNITS: Final = 20_000
"""Units of one file; what comes after is no unit of its own."""
_DECLARATORS: Final = frozenset(
    {"function_declarator", "pointer_declarator", "reference_declarator", "parenthesized_declarator"}
)
_FUNCTIONS: Final = frozenset(
    {
        "function_definition",
        "function_declaration",
        "method_declaration",
        "constructor_declaration",
        "method_definition",
    }
    | {
        "method",
        "singleton_method",
        "local_function_statement",
        "generator_function_declaration",
        "property_declaration",
    }
)
_INLINE: Final = frozenset({"arrow_function", "function_expression", "func_literal", "anonymous_function", "function"})
_CLASSES: Final = frozenset(
    {"class_definition", "class_declaration", "class", "class_specifier", "struct_specifier", "trait_declaration"}
    | {"interface_declaration", "module", "struct_declaration", "record_declaration", "enum_declaration"}
)
_DECORATORS: Final = frozenset({"decorator", "annotation", "marker_annotation", "attribute_list", "attribute"})


@dataclass(frozen=True, slots=True)
class Unit:
    """A function or method. Lines are 1-based and inclusive; `first` is that of its first decorator.

    `path` is "Class.name" or "name" ("" where it has none); `calls` dotted names, each once; `depth` 0 is the top level.
    """

    name: str
    path: str
    first: int
    last: int
    language: str
    decorators: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    depth: int = 0


def units(text: str, language: str) -> tuple[Unit, ...]:
    """Named functions and methods, and functions handed to a call (routes, callbacks), in the order of the text.

    Nested ones stand beside the one around them. Raises KeyError for an unknown language.
    """
    root = parse(text, language).root_node
    return tuple(_found(root, language))


def _found(root: Node, language: str) -> Iterator[Unit]:
    """`open_` holds the definitions around the place that is looked at: (end, name, whether a class)."""
    open_: list[tuple[int, str, bool]] = []
    count = 0
    for node in walk(root):
        while open_ and node.start_byte >= open_[-1][0]:
            open_.pop()
        kind = node.type
        if kind in _CLASSES and node.child_by_field_name("body") is not None:
            open_.append((node.end_byte, _name(node), True))
        elif kind in _FUNCTIONS or (kind in _INLINE and _handed_on(node)):
            if node.child_by_field_name("body") is None and language != "ruby":
                continue
            count += 1
            if count > MOST_UNITS:
                return
            yield _unit(node, language, open_)
            open_.append((node.end_byte, _name(node), False))


def _handed_on(node: Node) -> bool:
    """A function without a name of its own that something else gives one, or that is passed to a call; two lines or more."""
    parent = node.parent
    if parent is None or node.end_point[0] == node.start_point[0]:
        return False
    return parent.type in {
        "arguments",
        "argument_list",
        "variable_declarator",
        "pair",
        "assignment_expression",
        "field_definition",
    }


def _unit(node: Node, language: str, open_: list[tuple[int, str, bool]]) -> Unit:
    name = _name(node)
    classes = [outer for _, outer, is_class in open_ if is_class]
    decorators = tuple(words(one)[:200] for one in _decorators(node))
    start = min([node.start_point[0], *(one.start_point[0] for one in _decorators(node))])
    return Unit(
        name=name,
        path=".".join([*classes[-1:], name]) if name else "",
        first=start + 1,
        last=node.end_point[0] + 1,
        language=language,
        decorators=decorators,
        calls=tuple(dict.fromkeys(called for called, _ in calls_of(node)))[:200],
        depth=sum(not is_class for _, _, is_class in open_),
    )


def _name(node: Node) -> str:
    named = node.child_by_field_name("name") or node.child_by_field_name("declarator")
    for _ in range(8):
        if named is None or named.type not in _DECLARATORS:
            break
        named = named.child_by_field_name("declarator") or next(iter(named.named_children), None)
    if named is None and node.parent is not None and node.type in _INLINE:
        named = next(
            (f for key in ("name", "key", "left", "property") if (f := node.parent.child_by_field_name(key))), None
        )
    return re.sub(r"^.*(?:::|->|\.)", "", words(named)[:200]) if named is not None else ""


def _decorators(node: Node) -> list[Node]:
    """Decorators of Python stand in a node around the function, those of other languages in it."""
    found = [child for child in node.children if child.type in _DECORATORS]
    for holder in node.children:
        if holder.type == "modifiers":
            found += [child for child in holder.named_children if child.type in _DECORATORS]
    if node.parent is not None and node.parent.type == "decorated_definition":
        found += [child for child in node.parent.named_children if child.type == "decorator"]
    return found

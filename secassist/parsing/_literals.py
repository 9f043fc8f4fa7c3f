"""What literals of any language say: the pieces of a string, and numbers in one spelling."""

import re
from collections.abc import Iterator
from typing import Final

from tree_sitter import Node

from secassist.parsing.tree import words

_TEXT: Final = frozenset(
    [
        "string_content",
        "string_fragment",
        "string_literal_content",
        "interpreted_string_literal_content",
        "heredoc_content",
        "raw_string_literal_content",
        "nowdoc_string",
        "raw_string_content",
        "string_literal_fragment",
        "multiline_string_fragment",
        "raw_string_literal_content",
        "character",
        "regex_pattern",
    ]
)
_VALUES: Final = frozenset(
    [
        "interpolation",
        "template_substitution",
        "variable_name",
        "subscript_expression",
        "member_access_expression",
        "dynamic_variable_name",
        "member_call_expression",
        "string_interpolation",
    ]
)
_NESTED: Final = frozenset(
    ["string", "string_literal", "heredoc_body", "encapsed_string", "nowdoc_body", "chained_string"]
)
_ESCAPES: Final = {"\\n": "\n", "\\t": "\t", "\\r": "\r", '\\"': '"', "\\'": "'", "\\\\": "\\", "\\0": "\0", "\\$": "$"}
_QUOTED: Final = re.compile(r"""^[@$LuUrRbBfF8]{0,3}("{1,3}|'{1,3}|`)(.*?)\1?$""", re.DOTALL)
_NUMBER: Final = re.compile(r"[-+]?(?:0[xX][\da-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+)")
_DEEPEST: Final = 6


def string_parts(node: Node, depth: int = 0) -> Iterator[str | Node]:
    """Constant pieces as text (neighbours joined), written-in values as nodes; a literal without pieces as one text."""
    pending, any_piece = "", False
    for child in node.named_children:
        if child.type in _VALUES:
            if pending:
                yield pending
            pending, any_piece = "", True
            yield child
        elif child.type in _TEXT:
            pending, any_piece = pending + words(child), True
        elif child.type == "escape_sequence":
            pending, any_piece = pending + _plain(words(child)), True
        elif child.type in _NESTED and depth < _DEEPEST:
            any_piece = True
            for piece in string_parts(child, depth + 1):
                if isinstance(piece, str):
                    pending += piece
                else:
                    if pending:
                        yield pending
                    pending = ""
                    yield piece
    if pending or not any_piece:
        yield pending or _bare(words(node))


def pattern_flags(node: Node) -> tuple[str, ...]:
    """("regex", flags) for a pattern of JavaScript, () for other texts."""
    if node.type != "regex":
        return ()
    flags = node.child_by_field_name("flags")
    return "regex", words(flags) if flags is not None else ""


def _plain(escape: str) -> str:
    """What an escape in a string stands for; of one without a meaning, its character (JavaScript's `\\.`)."""
    return _ESCAPES.get(escape) or (escape[1] if len(escape) == 2 and not escape[1].isalnum() else escape)


def _bare(text: str) -> str:
    """The inside of a literal that its grammar does not take apart."""
    found = _QUOTED.match(text)
    return found[2] if found else text


LONGEST_NUMBER = 400
"""Digits from which on a number is not computed: Python refuses to convert some thousands, no program means them."""


def number_text(text: str) -> str:
    """A number as Python spells it, without suffixes and separators; "0" where that cannot be told."""
    found = _NUMBER.match(text.replace("_", "").replace("'", ""))
    if not found:
        return "0"
    plain = found[0]
    if len(plain) > LONGEST_NUMBER:
        return "0"
    if "." in plain or ("e" in plain.lower() and "x" not in plain.lower()):
        return plain
    octal = re.fullmatch(r"0[0-7]+", plain) is not None
    try:
        return str(int(plain, 8 if octal else 10 if plain.isdigit() else 0))
    except ValueError:  # 0b12, 0x, digits of other scripts
        return "0"

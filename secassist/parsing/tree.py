"""Parses text into a tree whatever it is like, and walks trees in order without recursion and within a budget."""

import re
from collections.abc import Iterator
from typing import Final

from tree_sitter import Node, Parser, Tree

from secassist.parsing.languages import grammar

MOST_BYTES: Final = 2_000_000
"""Bytes of one file that are parsed; generated code beyond is left out (its lines keep their numbers)."""
LONGEST_LINE: Final = 20_000
"""Characters of a line that are parsed; what follows on it is left out, so that minified code stays cheap."""
MOST_NODES: Final = 400_000
"""Nodes of one tree that are looked at."""
_LONG: Final = re.compile(rf"([^\n]{{{LONGEST_LINE}}})[^\n]+")


def cut(text: str) -> bytes:
    """The bytes that are parsed: newlines as LF, over-long lines and files cut, line numbers unchanged."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(plain) > LONGEST_LINE:
        plain = _LONG.sub(r"\1", plain)
    return plain.encode("utf-8", "replace")[:MOST_BYTES]


def parse(text: str, language: str) -> Tree:
    """The tree of a text; syntax errors become ERROR nodes. Raises KeyError for an unknown language."""
    return Parser(grammar(language)).parse(cut(text))


def walk(root: Node, most: int = MOST_NODES) -> Iterator[Node]:
    """Named nodes in the order of the text, at most `most` of them."""
    cursor, left = root.walk(), most
    while left > 0:
        node = cursor.node
        if node is not None and node.is_named:
            yield node
        left -= 1
        if cursor.goto_first_child() or cursor.goto_next_sibling():
            continue
        while cursor.goto_parent():
            if cursor.goto_next_sibling():
                break
        else:
            return


def words(node: Node) -> str:
    """The source text of a node."""
    return (node.text or b"").decode("utf-8", "replace")

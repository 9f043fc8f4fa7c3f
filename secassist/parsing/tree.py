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
_GO_TOP: Final = re.compile(r"^(?:package|func|import|type|var|const)\b", re.MULTILINE)
_GO_IMPORTS: Final = re.compile(
    r"^(import\s{0,4}\((?:\s{0,200}(?:[\w.]{1,80}[ \t]{1,4})?\"[^\"\n]{1,300}\"){1,300})(?=\s{1,200}(?:func|type|var|const)\b)",
    re.MULTILINE,
)
_DECORATORS: Final = frozenset(["decorator", "annotation", "marker_annotation", "attribute"])
_REST: Final = frozenset(["list_splat_pattern", "dictionary_splat_pattern", "spread_parameter", "rest_pattern"])
_LONG: Final = re.compile(rf"([^\n]{{{LONGEST_LINE}}})[^\n]+")


def mended(text: str, language: str) -> str:
    """A piece of a Go file as a whole (imports closed, statements in a function), PHP's short tags in full; lines stay."""
    if language == "php":  # the short tag prints what follows it
        return text.replace("<?=", "<?php echo ")
    if language != "go":
        return text
    if not _GO_TOP.search(text):
        return f"func _() {{ {text}\n}}"
    return _GO_IMPORTS.sub(r"\1)", text, count=1)


def cut(text: str) -> bytes:
    """The bytes that are parsed: newlines as LF, over-long lines and files cut, line numbers unchanged."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(plain) > LONGEST_LINE:
        plain = _LONG.sub(r"\1", plain)
    return plain.encode("utf-8", "replace")[:MOST_BYTES]


def parse(text: str, language: str) -> Tree:
    """The tree of a text; syntax errors become ERROR nodes. A piece of PHP may lack its opening tag.

    Raises KeyError for an unknown language.
    """
    name = "php_only" if language == "php" and "<?" not in text else language
    return Parser(grammar(name)).parse(cut(mended(text, language)))


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


def decorators(node: Node) -> list[str]:
    """Annotations and attributes of a definition or parameter, as they are written; "..." where it takes all that is left."""
    found = [child for child in node.children if child.type in _DECORATORS]
    for holder in node.children:
        if holder.type in {"modifiers", "attribute_list"}:
            found += [child for child in holder.named_children if child.type in _DECORATORS]
    gives = node.child_by_field_name("returns")  # of C#
    more = [f"returns {words(gives)[:80]}"] if gives is not None else []
    return [*(words(one)[:300] for one in found), *more, *(["..."] if node.type in _REST else [])]

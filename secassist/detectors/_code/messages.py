"""Lines of Python on which a text is joined only to be told: the message of an error that is raised, or of a log."""

import ast
from collections.abc import Iterator
from typing import Final

_TELLING: Final = frozenset({"debug", "info", "warn", "warning", "error", "exception", "critical"})
_LOGS: Final = frozenset({"log", "logger", "logging", "warnings"})


def told(tree: ast.AST) -> frozenset[int]:
    """Lines on which such texts begin, less those on which another text with values in it begins; 1-based."""
    mine = {id(part): part for node in ast.walk(tree) for text in _messages(node) for part in _parts(text)}
    others = [node for node in ast.walk(tree) if _is_text(node) and id(node) not in mine]
    return frozenset({_line(part) for part in mine.values()} - {_line(other) for other in others})


def _messages(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        return node.exc.args
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _TELLING:
        holder = node.func.value
        name = holder.id if isinstance(holder, ast.Name) else holder.attr if isinstance(holder, ast.Attribute) else ""
        return node.args if name.strip("_").lower() in _LOGS else []
    return []


def _parts(text: ast.expr) -> Iterator[ast.expr]:
    """The constants of a text that is put together on the spot; what values in it call is none of it."""
    if isinstance(text, ast.JoinedStr):
        yield text
        yield from (part for part in text.values if isinstance(part, ast.Constant))
    elif isinstance(text, ast.BinOp):
        yield from _parts(text.left)
        yield from _parts(text.right) if isinstance(text.op, ast.Add) else ()
    elif isinstance(text, ast.Call) and isinstance(text.func, ast.Attribute) and text.func.attr == "format":
        yield from _parts(text.func.value)
    elif _is_text(text):
        yield text


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _line(node: ast.AST) -> int:
    line: int = getattr(node, "lineno", 0)
    return line

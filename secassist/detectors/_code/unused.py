"""Lines of Python on which what is dangerous elsewhere does no harm: all that comes of it is a pause, a copy, a comparison."""

import ast
from collections.abc import Callable
from typing import Final

from secassist.detectors._code.bindings import called

_WAITS: Final = frozenset({"sleep"})
_WRITES: Final = frozenset({"dumps"})
_READS: Final = frozenset({"loads"})
_EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - what is looked for, nothing is bound


def paused(tree: ast.AST) -> frozenset[int]:
    """Lines of calls of `random` that only say how long to sleep, and of no other; 1-based."""
    slept = {id(part) for node in ast.walk(tree) if called(node) in _WAITS for part in ast.walk(node)}
    return _all(tree, _draws, lambda node: id(node) in slept)


def copied(tree: ast.AST) -> frozenset[int]:
    """Lines of `pickle.loads(pickle.dumps(x))`, which reads what this very expression wrote; 1-based."""
    return _all(tree, lambda node: called(node) in {"load", *_READS}, _reads_own)


def compared(tree: ast.AST) -> frozenset[int]:
    """Lines on which the address of all interfaces is compared with a value, and stands nowhere else; 1-based."""
    asked = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
        for part in (side, *(side.elts if isinstance(side, ast.List | ast.Set | ast.Tuple) else ()))
    }
    return _all(
        tree, lambda node: isinstance(node, ast.Constant) and node.value in _EVERYWHERE, lambda n: id(n) in asked
    )


def _all(tree: ast.AST, seen: Callable[[ast.AST], bool], good: Callable[[ast.AST], bool]) -> frozenset[int]:
    """Lines on which every such node is good."""
    nodes = [node for node in ast.walk(tree) if seen(node)]
    lines = {getattr(node, "lineno", 0) for node in nodes}
    return frozenset(lines - {getattr(node, "lineno", 0) for node in nodes if not good(node)})


def _draws(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return isinstance(node.func.value, ast.Name) and node.func.value.id == "random"


def _reads_own(node: ast.AST) -> bool:
    """`loads` of a call of `dumps` of the same module."""
    if not isinstance(node, ast.Call) or len(node.args) != 1 or called(node) not in _READS:
        return False
    inner = node.args[0]
    return isinstance(inner, ast.Call) and called(inner) in _WRITES and _holder(node) == _holder(inner)


def _holder(node: ast.Call) -> str:
    return ast.unparse(node.func.value)[:80] if isinstance(node.func, ast.Attribute) else ""

"""Lines of Python on which a text is called markup that holds nothing of anybody's."""

import ast
from typing import Final

from secassist.detectors._code.bindings import bindings, called, scopes

_ESCAPERS: Final = frozenset({"markupsafe", "Markup", "html", "flask", "jinja2"})
_DEEP: Final = 40
"""Levels of an expression that are looked at."""
_ROUNDS: Final = 8
"""Times that names are taken out of those that are safe; where that is not enough, none is."""
_CONTEXTS: Final = ("=", "script", "style")
"""In texts after which escaping for HTML may not be enough: attributes, scripts, styles."""


def escaped(tree: ast.AST) -> frozenset[int]:
    """Lines of `Markup(...)` of what was escaped or is constant, or whose tags are stripped at once; 1-based."""
    calls, stripped = dict[int, tuple[ast.Call, ast.AST]](), set[int]()
    for scope in scopes(tree):
        for node in ast.walk(scope):
            if isinstance(node, ast.Call) and called(node) == "Markup":
                calls[id(node)] = node, scope
            elif isinstance(node, ast.Attribute) and node.attr == "striptags":
                stripped.add(id(node.value))
    names = {id(scope): _safe_names(scope) for scope in {id(scope): scope for _, scope in calls.values()}.values()}
    good, bad = set[int](), set[int]()
    for call, scope in calls.values():
        safe = id(call) in stripped or all(_safe(arg, names[id(scope)]) for arg in call.args)
        (good if safe else bad).add(call.lineno)
    return frozenset(good - bad)


def _safe_names(scope: ast.AST) -> frozenset[str]:
    """Names that a function binds to nothing but safe values."""
    values, grown, unseen = bindings(scope)
    safe = frozenset(values) - grown - unseen
    for _ in range(_ROUNDS):
        kept = frozenset(name for name in safe if all(_safe(value, safe) for value in values[name]))
        if kept == safe:
            return safe
        safe = kept
    return frozenset()


def _safe(node: ast.expr, names: frozenset[str], deep: int = _DEEP) -> bool:
    """Whether an expression holds only constants and what was escaped."""
    if deep == 0:
        return False
    if isinstance(node, ast.Constant):
        return not isinstance(node.value, str) or not any(part in node.value.lower() for part in _CONTEXTS)
    if isinstance(node, ast.Name):
        return node.id in names
    if isinstance(node, ast.JoinedStr):
        return all(_safe(part, names, deep - 1) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return node.format_spec is None and node.conversion == -1 and _safe(node.value, names, deep - 1)
    if isinstance(node, ast.BinOp):
        return _joined(node, names, deep - 1)
    if isinstance(node, ast.GeneratorExp | ast.ListComp):
        return _safe(node.elt, frozenset(), deep - 1)
    return isinstance(node, ast.Call) and _of_call(node, names, deep - 1)


def _joined(node: ast.BinOp, names: frozenset[str], deep: int) -> bool:
    """Texts added, or a constant text repeated."""
    sides = node.left, node.right
    if isinstance(node.op, ast.Mult):
        return any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in sides)
    return isinstance(node.op, ast.Add) and all(_safe(side, names, deep) for side in sides)


def _of_call(node: ast.Call, names: frozenset[str], deep: int) -> bool:
    if node.keywords or len(node.args) != 1:
        return False
    name, func = called(node), node.func
    if name == "escape":
        return isinstance(func, ast.Name) or getattr(getattr(func, "value", None), "id", "") in _ESCAPERS
    if name == "join":
        return isinstance(func, ast.Attribute) and _safe(func.value, names, deep) and _safe(node.args[0], names, deep)
    return name == "Markup" and _safe(node.args[0], names, deep)

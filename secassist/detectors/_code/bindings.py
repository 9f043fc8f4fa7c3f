"""What names of a Python function are bound to, as far as that is written plainly."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

_FUNCTIONS: Final = ast.FunctionDef | ast.AsyncFunctionDef


class Bindings(NamedTuple):
    """Of one function or module: `values` by name; `grown` by `+=`; `unseen` are bound in other ways, too."""

    values: dict[str, list[ast.expr]]
    grown: frozenset[str]
    unseen: frozenset[str]


def scopes(tree: ast.AST) -> Iterator[ast.AST]:
    """The module and its functions, outer ones first."""
    yield tree
    yield from (node for node in ast.walk(tree) if isinstance(node, _FUNCTIONS))


def bindings(scope: ast.AST) -> Bindings:
    """What is bound in a function and in all that it holds."""
    values = defaultdict[str, list[ast.expr]](list)
    plain, grown, unseen = set[int](), set[str](), set[str]()
    for node in ast.walk(scope):
        target = _target(node)
        if target is not None:
            plain.add(id(target))
            if isinstance(node, ast.AugAssign):
                grown.add(target.id)
            elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                values[target.id].append(node.value)
        elif id(node) not in plain:
            unseen.update(_binds(node))
    return Bindings(dict(values), frozenset(grown), frozenset(unseen))


def called(node: ast.AST) -> str:
    """The last name of what a node calls, "" where it is no call."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _target(node: ast.AST) -> ast.Name | None:
    """The one name that a statement binds or adds to."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
    elif isinstance(node, ast.AnnAssign) or (isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add)):
        target = node.target
    else:
        return None
    return target if isinstance(target, ast.Name) else None


def _binds(node: ast.AST) -> Iterator[str]:
    """Names that a node gives a value which is not looked at."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.Global | ast.Nonlocal):
        yield from node.names
    elif isinstance(node, ast.alias):
        yield node.asname or node.name.partition(".")[0]
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name

"""Passwords and keys that are written into Python code move to the environment of the process."""

import ast
import re
from collections.abc import Iterator

from secassist.fixing._draft import Draft
from secassist.fixing.base import FixError, Proposal
from secassist.fixing.python_code import Function, PythonCode

_TELLING = re.compile(
    r"passw|pwd|secret|token|api_?key|apikey|auth|credential|private_?key|access_?key|passphrase|\bkey\b|_key", re.I
)
_TOLD = (
    "The value is read from the environment. The one that stood here is known to everybody with the code: change it."
)


def from_environment(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """One proposal for all the telling literals on these lines."""
    draft = Draft(code, "from-environment", _TOLD)
    for node, name in _literals(code, first, last):
        variable = re.sub(r"\W+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)).strip("_").upper()
        if not variable or variable[0].isdigit():
            raise FixError("the value has no name that a variable of the environment could take")
        draft.replace(node, f'{draft.module("os")}.environ["{variable}"]')
    if draft.splices:
        yield draft.proposal()


def _literals(code: PythonCode, first: int, last: int) -> Iterator[tuple[ast.Constant, str]]:
    """Text literals with the name that they are given to; of several on the lines those whose name is telling."""
    found = [pair for node in code.on(first, last) for pair in _named(code, node)]
    unique = list({id(node): (node, name) for node, name in found if node.value}.values())
    telling = [pair for pair in unique if _TELLING.search(pair[1])]
    yield from telling or (unique if len(unique) == 1 else [])


def _named(code: PythonCode, node: ast.AST) -> Iterator[tuple[ast.Constant, str]]:
    pairs: list[tuple[ast.expr | None, ast.expr | str | None]] = []
    if isinstance(node, ast.Assign):
        pairs = [(node.value, node.targets[0])]
    elif isinstance(node, ast.AnnAssign):
        pairs = [(node.value, node.target)]
    elif isinstance(node, ast.Dict):
        pairs = list(zip(node.values, node.keys, strict=True))
    elif isinstance(node, ast.Call):
        pairs = [(word.value, word.arg or "") for word in node.keywords]
    elif isinstance(node, ast.Compare) and len(node.comparators) == 1:
        pairs = [(node.comparators[0], node.left), (node.left, node.comparators[0])]
    for value, name in pairs:
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and not _is_default(code, value):
            yield value, _spelled(code, name)


def _is_default(code: PythonCode, node: ast.AST) -> bool:
    return any(
        isinstance(above, ast.arguments | Function) and above is not code.function(node)
        for above in list(code.above(node))[:1]
    )


def _spelled(code: PythonCode, name: ast.expr | str | None) -> str:
    if isinstance(name, str):
        return name
    if isinstance(name, ast.Constant):
        return str(name.value)[:60]
    if isinstance(name, ast.Subscript):
        return _spelled(code, name.slice)
    return code.source(name).rpartition(".")[2] if isinstance(name, ast.Name | ast.Attribute) else ""

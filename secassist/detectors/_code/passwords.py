"""Lines of Python on which a text beside the name of a password or token is none."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

_SECRET: Final = re.compile(r"(?i)(?:^|_)(?:pas+wo?r?d|pass(?:phrase)?|pwd|token|secrete?)(?:_|$)")
"""Names of passwords, as bandit's B105 knows them."""
_ABOUT: Final = re.compile(r"(?i)_(?:type|kind|arg|field|header|prefix|param|parameter|index|indices)s?$")
"""Endings of names that tell something about a password, not the password."""
_SYMBOL: Final = re.compile(r"(?i)^_?(?:(?:cur|current|first|last|left|next|prev|previous|right)_)?token$")
"""What readers of languages call a piece of text."""
_TOKEN: Final = re.compile(r"(?i)(?:^|_)token(?:_(?:id|cls))?$")
_MARK: Final = re.compile(r"<[^<>]{1,60}>|\[[A-Z_0-9]{1,40}\]|\]<\][^<>]{1,40}\[>\[|__[a-z]{1,20}__")
"""How pieces of text with a meaning of their own are spelled: `<s>`, `[MASK]`."""


class _Pair(NamedTuple):
    """A name, a constant beside it, the line that is reported, and whether the two are compared."""

    name: str
    value: object
    line: int
    compared: bool


def harmless(tree: ast.AST) -> frozenset[int]:
    """Lines on which no text beside such a name can be a password; 1-based."""
    pairs = [pair for pair in _pairs(tree) if _SECRET.search(pair.name)]
    compared = defaultdict[str, set[object]](set)
    for pair in pairs:
        if pair.compared:
            compared[pair.name].add(pair.value)
    words = frozenset(name for name, values in compared.items() if _SYMBOL.search(name) and len(values) > 1)
    good = {pair.line for pair in pairs if _is_none(pair, words)}
    return frozenset(good - {pair.line for pair in pairs if not _is_none(pair, words)})


def given(tree: ast.AST) -> frozenset[int]:
    """Lines of functions none of whose parameters has a password by default; 1-based."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return frozenset(node.lineno for node in found if all(_is_none(pair, frozenset()) for pair in _defaults(node)))


def _defaults(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[_Pair]:
    """An empty text as default says that there is none."""
    placed = [*function.args.posonlyargs, *function.args.args]
    values = function.args.defaults
    pairs = [
        *zip(placed[len(placed) - len(values) :], values, strict=True),
        *zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True),
    ]
    for parameter, value in pairs:
        if isinstance(value, ast.Constant) and _SECRET.search(parameter.arg) and value.value != "":
            yield _Pair(parameter.arg, value.value, function.lineno, compared=False)


def _is_none(pair: _Pair, words: frozenset[str]) -> bool:
    """A flag, a name of a kind, nothing or signs alone, a piece of text that has a meaning of its own, or one of several
    words that a reader of a language tells apart."""
    if not isinstance(pair.value, str):
        return pair.value is None or isinstance(pair.value, bool)
    if _ABOUT.search(pair.name):
        return True
    if len(pair.value) == 1 and not pair.value.isalnum():
        return True
    if _TOKEN.search(pair.name) and (_MARK.fullmatch(pair.value) or pair.value == pair.name.upper()):
        return True
    return pair.compared and (not pair.value or pair.name in words)


def _pairs(tree: ast.AST) -> Iterator[_Pair]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _pair(target, node.value, node.value.lineno, compared=False)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            yield from _pair(node.target, node.value, node.value.lineno, compared=False)
        elif isinstance(node, ast.Compare):
            for other in node.comparators:
                yield from _pair(node.left, other, other.lineno, compared=True)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if key is not None:
                    yield from _pair(key, value, key.lineno, compared=False)


def _pair(holder: ast.expr, value: ast.expr, line: int, *, compared: bool) -> Iterator[_Pair]:
    """Where a subscript is assigned to, bandit names the line of its key."""
    if isinstance(holder, ast.Subscript):
        name, line = _name(holder.slice), line if compared else holder.slice.lineno
    else:
        name = _name(holder)
    if name and isinstance(value, ast.Constant):
        yield _Pair(name, value.value, line, compared)


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""

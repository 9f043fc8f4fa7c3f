"""Lines of Python on which a statement is put together from what its program fixes alone."""

import ast
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from secassist.detectors._code.bindings import Bindings, bindings, scopes

_SETTINGS: Final = re.compile(r"(?i)^_{0,2}(?:app_?|db_?)?(?:cfg|conf|config|settings?|constants?)$")
"""Names under which a program keeps what its operator sets."""
_NUMBERS: Final = frozenset({"int", "float", "len", "ord"})
_DEEP: Final = 8
"""Names behind names, and parts of parts, that are looked at."""
_TEXTS: Final = frozenset({"format", "replace"})


class _Known(NamedTuple):
    """What is bound in the file as a whole and in the function around a text; `imported` and `set` are names of the file's
    imports and of attributes that something in it sets."""

    file: Bindings
    near: Bindings
    imported: frozenset[str]
    set: frozenset[str]


def fixed(tree: ast.AST) -> frozenset[int]:
    """Lines on which such texts begin, less those on which another text with values in it begins; 1-based.

    What may stand in them: constants, names in capitals that nothing in the file binds to anything else, settings that
    are looked up by a constant name, numbers, and as many `?` or `%s` as there are values. A text that something is put
    behind later is none of these.
    """
    whole = bindings(tree)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    imported = frozenset((one.asname or one.name).partition(".")[0] for node in imports for one in node.names)
    stored = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)]
    attributes = frozenset(node.attr for node in stored)
    homes = {id(node): scope for scope in scopes(tree) for node in ast.walk(scope) if _composed(node)}
    near = {id(scope): bindings(scope) for scope in {id(scope): scope for scope in homes.values()}.values()}
    good, bad = dict[int, ast.AST](), set[int]()
    reused = set(whole.grown)
    covered = set[int]()
    for node in ast.walk(tree):
        if id(node) in covered or not _composed(node):
            continue
        known = _Known(whole, near[id(homes[id(node)])], imported, attributes)
        parts, inner = _parts(node)
        covered |= inner
        lines = {part.lineno for part in parts if _is_text(part)}
        if all(_fixed(part, known) for part in parts):
            good |= dict.fromkeys(lines, node)
        else:
            bad |= lines
            reused |= {part.id for part in parts if isinstance(part, ast.Name)}
    named = {id(value): name for name, values in whole.values.items() for value in values}
    return frozenset(line for line, node in good.items() if line not in bad and named.get(id(node)) not in reused)


def _composed(node: ast.AST) -> bool:
    """Whether values are written into a text here."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add | ast.Mod)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr in _TEXTS
    return isinstance(node, ast.JoinedStr)


def _parts(node: ast.AST) -> tuple[list[ast.expr], set[int]]:
    """What a text is put together from, and the ids of all that puts it together."""
    found, inner, waiting = list[ast.expr](), set[int](), [node]
    while waiting:
        one = waiting.pop()
        pieces = list(_pieces(one))
        if pieces:
            inner.add(id(one))
            waiting += pieces
        elif isinstance(one, ast.expr):
            found.append(one)
    return found, inner


def _pieces(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        yield from (node.left, node.right)
    elif isinstance(node, ast.Call) and _composed(node):
        yield from (node.func.value, *node.args, *(one.value for one in node.keywords))  # type: ignore[attr-defined]
    elif isinstance(node, ast.JoinedStr):
        yield from node.values
    elif isinstance(node, ast.FormattedValue):
        yield node.value
        yield from (node.format_spec,) if node.format_spec else ()
    elif isinstance(node, ast.Tuple):
        yield from node.elts
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _fixed(node: ast.expr, known: _Known, deep: int = _DEEP) -> bool:
    """Whether the program alone decides what a part is."""
    if deep == 0:
        return False
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name):
        return _fixed_name(node.id, known, deep - 1)
    if isinstance(node, ast.Attribute) and node.attr.isupper():
        return node.attr not in known.set
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _NUMBERS:
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):  # "?, " * count
        return any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in (node.left, node.right))
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        return _fixed(node.value, known, deep - 1)
    return _setting(node, known) or _signs(node) or _whole(node, known, deep - 1)


def _whole(node: ast.expr, known: _Known, deep: int) -> bool:
    """A text that is put together, of fixed parts."""
    parts, inner = _parts(node)
    return bool(inner) and all(_fixed(part, known, deep) for part in parts)


def _fixed_name(name: str, known: _Known, deep: int) -> bool:
    """A name that its function binds to fixed values alone, or one in capitals that no other does."""
    if name in known.near.values:
        values, others = known.near.values[name], known.near.unseen | known.near.grown
    elif name.isupper():
        values, others = known.file.values.get(name, []), (known.file.unseen - known.imported) | known.file.grown
    else:
        return False
    return name not in others and all(_fixed(value, known, deep) for value in values)


def _setting(node: ast.expr, known: _Known) -> bool:
    """`CFG("tables")`, `config["db"]["table"]`, `self.settings.get("table")`, `settings.table`."""
    for _ in range(_DEEP):
        if isinstance(node, ast.Name):
            bound = {*known.near.values, *(known.near.unseen - known.imported)}
            return _SETTINGS.match(node.id) is not None and node.id not in bound
        if isinstance(node, ast.Attribute):
            if _SETTINGS.match(node.attr):
                return _object(node.value)
            node = node.value
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            node = node.value
        elif (
            isinstance(node, ast.Call) and not node.keywords and all(isinstance(one, ast.Constant) for one in node.args)
        ):
            node = node.func
        else:
            return False
    return False


def _object(node: ast.expr) -> bool:
    """Whether what holds the settings is the program's: its object, its application, a module."""
    return isinstance(node, ast.Name) and node.id in {"self", "cls", "app", "current_app", "settings", "django"}


def _signs(node: ast.expr) -> bool:
    """`", ".join("?" for _ in values)`, `", ".join(["%s"] * len(values))`"""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join"):
        return False
    if not (isinstance(node.func.value, ast.Constant) and len(node.args) == 1):
        return False
    given = node.args[0]
    if isinstance(given, ast.GeneratorExp | ast.ListComp):
        return isinstance(given.elt, ast.Constant)
    if isinstance(given, ast.BinOp) and isinstance(given.op, ast.Mult):
        sides = [side for side in (given.left, given.right) if isinstance(side, ast.List | ast.Tuple | ast.Constant)]
        return any(_constants(side) for side in sides)
    return isinstance(given, ast.List | ast.Tuple) and _constants(given)


def _constants(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    return isinstance(node, ast.List | ast.Tuple) and all(isinstance(one, ast.Constant) for one in node.elts)

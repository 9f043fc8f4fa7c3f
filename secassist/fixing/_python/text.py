"""Takes dynamic strings of Python apart: what is written in them, and what is put in; changes nothing."""

import ast
import re
from string import Formatter

from secassist.fixing.python_code import PythonCode

Part = str | ast.expr
_PERCENT = re.compile(r"%(?:\((?P<name>\w+)\))?(?P<flags>[-#0 +]*\d*(?:\.\d+)?)(?P<kind>[a-zA-Z%])")
_DEEPEST = 60


def parts_of(node: ast.expr, depth: int = 0) -> list[Part] | None:
    """The pieces of a string that is built from literals and values; None where it is no such string."""
    if depth > _DEEPEST:
        return None
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return _joined(node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _added(node, depth)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and _is_text(node.left):
        return _percent(parts_of(node.left, depth + 1) or [], node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        inner = parts_of(node.func.value, depth + 1)
        return _formatted(inner, node) if inner else None
    return None


def dynamic(parts: list[Part] | None) -> bool:
    """Whether something that is not written there is put in."""
    return parts is not None and any(not isinstance(part, str) for part in parts)


def _is_text(node: ast.expr) -> bool:
    found = parts_of(node) if not isinstance(node, ast.BinOp) or isinstance(node.op, ast.Add) else None
    return found is not None and all(isinstance(part, str) for part in found)


def _joined(node: ast.JoinedStr) -> list[Part] | None:
    found = list[Part]()
    for value in node.values:
        if isinstance(value, ast.Constant):
            found.append(str(value.value))
        elif isinstance(value, ast.FormattedValue):
            if value.format_spec is not None or value.conversion not in (-1, 115):
                return None
            found.append(value.value)
    return found


def _added(node: ast.BinOp, depth: int) -> list[Part] | None:
    """Additions of which at least one side is surely text."""
    sides = [(side, parts_of(side, depth + 1)) for side in (node.left, node.right)]
    if all(parts is None for _, parts in sides):
        return None
    return [part for side, parts in sides for part in (parts if parts is not None else [side])]


def _percent(left: list[Part], right: ast.expr) -> list[Part] | None:
    text = "".join(part for part in left if isinstance(part, str))
    values = list(right.elts) if isinstance(right, ast.Tuple) else [right]
    named = _named(right)
    found, at, taken = list[Part](), 0, 0
    for match in _PERCENT.finditer(text):
        found.append(text[at : match.start()])
        at = match.end()
        if match["kind"] == "%":
            found.append("%")
            continue
        if match["flags"] or match["kind"] not in "sdiu":
            return None
        if match["name"]:
            if match["name"] not in named:
                return None
            found.append(named[match["name"]])
        elif taken < len(values) and not named:
            found.append(values[taken])
            taken += 1
        else:
            return None
    whole = taken == len(values) or bool(named)
    return [*found, text[at:]] if whole and found else None


def _named(node: ast.expr) -> dict[str, ast.expr]:
    if not isinstance(node, ast.Dict):
        return {}
    keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
    return {key: value for key, value in zip(keys, node.values, strict=True) if isinstance(key, str)}


def _formatted(inner: list[Part], call: ast.Call) -> list[Part] | None:
    if any(not isinstance(part, str) for part in inner) or any(isinstance(a, ast.Starred) for a in call.args):
        return None
    named = {word.arg: word.value for word in call.keywords if word.arg}
    found, taken = list[Part](), 0
    try:
        pieces = list(Formatter().parse("".join(str(part) for part in inner)))
    except ValueError:
        return None
    for text, name, spec, conversion in pieces:
        found.append(text)
        if name is None:
            continue
        if spec or conversion:
            return None
        key = name or str(taken)
        taken += not name
        if key.isdigit() and int(key) < len(call.args):
            found.append(call.args[int(key)])
        elif key in named:
            found.append(named[key])
        else:
            return None
    return found


def joined(parts: list[Part]) -> list[Part]:
    """Neighbouring literals made one, empty ones left out."""
    found = list[Part]()
    for given in parts:
        part = given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else given
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] = found[-1] + part
        elif part != "":
            found.append(part)
    return found


def literal(text: str, like: str = "") -> str:
    """A string literal of this value, in the quotes of `like` where that is possible; over several lines as it was."""
    quote = "'" if like.lstrip("rRbBuUfF(").startswith("'") and '"""' not in like else '"'
    if "\n" in text and "\\" not in text and '"""' not in text and not text.endswith('"') and '"""' in like + '"""':
        return f'"""{text}"""'
    shown = repr(text)
    if shown[0] == quote or quote in text:
        return shown
    inner = shown[1:-1].replace("\\'", "'")
    return f"{quote}{inner}{quote}" if quote not in inner else shown


def text_value(code: PythonCode, node: ast.expr) -> tuple[list[Part] | None, ast.expr]:
    """The pieces of an expression, or of what the name it is was last given; with the expression that holds them."""
    parts = parts_of(node)
    if parts is None and isinstance(node, ast.Name):
        given = code.value_of(node)
        if given is not None:
            return parts_of(given.value), given.value
    return parts, node


def template_value(code: PythonCode, node: ast.expr) -> tuple[list[Part], ast.Constant, str] | None:
    """The pieces of NAME % values and NAME.format(values), where NAME is one constant that is read only here."""
    percent = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod)
    form = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"
    named = node.left if percent else node.func.value if form else None  # type: ignore[attr-defined]
    if not isinstance(named, ast.Name) or code.uses(named.id) != 1:
        return None
    stores = [n for n in code.nodes if isinstance(n, ast.Name) and n.id == named.id and isinstance(n.ctx, ast.Store)]
    given = code.parents.get(stores[0]) if len(stores) == 1 else None
    constant = given.value if isinstance(given, ast.Assign) and given.targets == stores else None
    if not isinstance(constant, ast.Constant) or not isinstance(constant.value, str):
        return None
    if isinstance(node, ast.BinOp):
        parts = _percent([constant.value], node.right)
    else:
        parts = _formatted([constant.value], node) if isinstance(node, ast.Call) else None
    return (parts, constant, named.id) if parts is not None else None

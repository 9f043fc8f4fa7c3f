"""XPath and LDAP in Python: values reach an expression as variables, escaped, or are asked for their characters."""

import ast
import re
from collections.abc import Iterator

from secassist.fixing._draft import Draft
from secassist.fixing._python.text import Part, dynamic, joined, literal, text_value
from secassist.fixing.base import FixError, Proposal
from secassist.fixing.python_code import PythonCode

_EXPRESSIONS = re.compile(r"(?:^|\.)(?:xpath|XPath|xpathEval|find|findall|findtext|iterfind|ETXPath|select)$")
_DIRECTORY = re.compile(r"(?:^|\.)(?:search\w*|bind|simple_bind_s|modify\w*|delete\w*|add\w*)$")
_NAMES = r"[\w .@-]*"
"""Letters, digits, space and _ . @ -: none of them ends a quoted text of XPath."""
_TAKEN = frozenset({"namespaces", "extensions", "smart_strings", "regexp", "path"})
_BOUND = "Values reach the expression as variables, never as part of it."
_REFUSED = (
    "A value that holds more than letters, digits, spaces and _ . @ - is refused; allow more where your data needs it."
)


def bound_variables(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """lxml's xpath(): variables; where an expression is compiled or run by others, a check of the values."""
    for call in (node for node in code.nodes if isinstance(node, ast.Call)):
        if not call.args or not _EXPRESSIONS.search(code.name(call.func)):
            continue
        parts, built = text_value(code, call.args[0])
        if not dynamic(parts) or not (_on(code, call, first, last) or _on(code, built, first, last)):
            continue
        pieces = joined(parts or [])
        if isinstance(call.func, ast.Attribute) and call.func.attr == "xpath" and "lxml" in code.text:
            yield _bound(code, call, pieces, built)
        yield _asked(code, pieces, built)


def _on(code: PythonCode, node: ast.AST, first: int, last: int) -> bool:
    end = code.line(node) + int(node.end_lineno or 0) - node.lineno  # type: ignore[attr-defined]
    return code.line(node) <= last and end >= first


def _quoted(pieces: list[Part]) -> Iterator[tuple[int, ast.expr]]:
    """The values with their places. Raises FixError where one does not stand alone between quotes."""
    for at, part in enumerate(pieces):
        if isinstance(part, str):
            continue
        before = pieces[at - 1] if at else ""
        after = pieces[at + 1] if at + 1 < len(pieces) else ""
        if not isinstance(before, str) or not isinstance(after, str) or before[-1:] not in ("'", '"'):
            raise FixError("a value stands for a piece of the expression; only a list of known ones makes that safe")
        if after[:1] != before[-1]:
            raise FixError("a value stands for a part of a quoted text; build the whole text first and bind it")
        yield at, part


def _bound(code: PythonCode, call: ast.Call, pieces: list[Part], built: ast.expr) -> Proposal:
    draft = Draft(code, "bound-variables", _BOUND)
    text, given, taken = list(pieces), list[str](), set(_TAKEN) | {word.arg for word in call.keywords}
    for at, part in _quoted(pieces):
        base = part.id if isinstance(part, ast.Name) and part.id.isidentifier() else "value"
        name = next(n for n in (base, *(f"{base}{i}" for i in range(2, 99))) if n not in taken)
        taken.add(name)
        text[at - 1] = f"{str(text[at - 1])[:-1]}${name}"
        text[at] = ""
        if at + 1 < len(text):
            text[at + 1] = str(text[at + 1])[1:]
        given.append(f"{name}={' '.join(code.source(part).split())}")
    wanted = literal("".join(str(part) for part in text), code.source(built))
    if built is call.args[0]:
        draft.replace(built, f"{wanted}, {', '.join(given)}")
    else:
        draft.replace(built, wanted)
        end = code.span(call.args[0])[1]
        draft.splices.append(type(draft.splices[0])(end, end, f", {', '.join(given)}"))
    return draft.proposal()


def _asked(code: PythonCode, pieces: list[Part], built: ast.expr) -> Proposal:
    draft = Draft(code, "harmless-characters", _REFUSED, 1)
    names = [part for _, part in _quoted(pieces)]
    if not all(isinstance(part, ast.Name | ast.Attribute) for part in names):
        raise FixError("a value of the expression has no name that could be asked; give it one")
    module = draft.module("re")
    for name in dict.fromkeys(code.source(part) for part in names):
        question = f'if not {module}.fullmatch(r"{_NAMES}", {name}):'
        draft.before(built, f'{question}\n    raise ValueError("a value holds characters that are not allowed")')
    return draft.proposal()


def escaped_filter(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """Values of LDAP filters through the escape function of the library that the file imports."""
    ways = (("ldap3", "ldap3.utils.conv"), ("ldap", "ldap.filter"))
    module = next((at for root, at in ways if any(f.split(".")[0] == root for f in code.imports.values())), "")
    for call in (node for node in code.nodes if isinstance(node, ast.Call)):
        if not module or not _DIRECTORY.search(code.name(call.func)):
            continue
        draft = Draft(code, "escaped-filter", "Each value is escaped for an LDAP filter.")
        for arg in [*call.args, *(word.value for word in call.keywords)]:
            parts, built = text_value(code, arg)
            if not dynamic(parts) or not (_on(code, call, first, last) or _on(code, built, first, last)):
                continue
            if not any(isinstance(part, str) and "(" in part for part in parts or []):
                raise FixError(
                    "a value stands in a distinguished name; escape it there with the library's own function"
                )
            for part in parts or []:
                if not isinstance(part, str) and "escape" not in code.source(part):
                    escape = draft.member(module, "escape_filter_chars")
                    draft.replace(part, f"{escape}({code.source(part)})")
        if draft.splices:
            yield draft.proposal()

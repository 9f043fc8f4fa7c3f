"""SQL that is built as text becomes a fixed statement with bound parameters."""

import ast
import re
from collections.abc import Iterator

from secassist.fixing._draft import Draft
from secassist.fixing._python.calls import set_keyword
from secassist.fixing._python.text import Part, dynamic, joined, literal, template_value, text_value
from secassist.fixing.base import FixError, Proposal
from secassist.fixing.blocks import Splice
from secassist.fixing.python_code import PythonCode

EXECUTES = frozenset({"execute", "executemany", "executescript", "raw", "sql", "read_sql", "read_sql_query", "mogrify"})
_QMARK = re.compile(r"\b(?:sqlite3|aiosqlite|pyodbc)\b")
_QMARK_USED = re.compile(r"\bsqlite3\.|\bexecute\w*\(\s*[\"'][^\"'\n]{0,300}[=(,]\s*\?")
_FORMAT = re.compile(r"\b(?:psycopg2?|MySQLdb|pymysql|mysql\.connector|django\.db|asyncmy|aiomysql)\b")
_FORMAT_USED = re.compile(r"\bexecute\w*\(\s*[\"'][^\"'\n]{0,300}[=(,]\s*%s[^\"'\n]{0,300}[\"']\s*,")
_IDENTIFIER = re.compile(
    r"(?:\b(?:from|join|into|update|table|exists|by|column|database|schema|index|view|select|set|distinct|and|or|where|as)|"
    r"[`\[.,(])\s*$",
    re.IGNORECASE,
)
"""What stands before a name of a table or column, which no parameter can take the place of; or before a piece of SQL."""
_VALUE = re.compile(
    r"(?:=|<|>|!|\blike|\bin\s*\(|\blimit|\boffset|\bvalues\s*\(.*|\binterval|\bbetween|\band|\bthen|\belse|\bset\s.*=.*|,)\s*$",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST = 20_000


def bind_parameters(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """One proposal per call that runs a statement built on, or handed over on, these lines."""
    for call in (node for node in code.nodes if isinstance(node, ast.Call)):
        if _runs_sql(call) and call.args:
            worded = _worded(code, call)
            if worded is not None and (_touches(code, call, first, last) or _touches(code, worded, first, last)):
                yield _named(code, call, worded)
                continue
            form = template_value(code, call.args[0])
            if form is not None and dynamic(form[0]) and _touches(code, call, first, last):
                yield _by_template(code, call, *form)
                continue
            parts, built = text_value(code, call.args[0])
            touched = _touches(code, call, first, last) or _touches(code, built, first, last)
            if touched and dynamic(parts):
                yield _bound(code, call, joined(parts or []), built)


def _by_template(code: PythonCode, call: ast.Call, parts: list[Part], constant: ast.Constant, name: str) -> Proposal:
    """A statement that stands under a name gets its placeholders there; the values go to the call."""
    if len(call.args) > 1 or call.keywords:
        raise FixError("the call has parameters already; put the new ones in order by hand")
    _refuse_own(code, call, call.func.attr if isinstance(call.func, ast.Attribute) else "")
    style, known = _style(code, joined(parts), call)
    guess = "" if known else f" Check that the database module's placeholder is {style}."
    draft = Draft(code, "bind-parameters", _BOUND + guess)
    text, values = _statement(code, joined(parts), style)
    draft.replace(constant, literal(text, code.source(constant)))
    draft.replace(call.args[0], f"{name}, ({', '.join(values)}{',' if len(values) == 1 else ''})")
    return draft.proposal()


def _worded(code: PythonCode, call: ast.Call) -> ast.expr | None:
    """What SQLAlchemy's text() is given, where it is built."""
    inner = call.args[0]
    if not isinstance(inner, ast.Call) or len(inner.args) != 1 or inner.keywords:
        return None
    if code.name(inner.func).rpartition(".")[2] != "text" or "sqlalchemy" not in code.text:
        return None
    parts, built = text_value(code, inner.args[0])
    return built if dynamic(parts) else None


def _named(code: PythonCode, call: ast.Call, built: ast.expr) -> Proposal:
    """SQLAlchemy: named parameters in the text, their values in a dictionary."""
    if len(call.args) > 1 or call.keywords:
        raise FixError("the call has parameters already; put the new ones in order by hand")
    parts, _ = text_value(code, built)
    text, values = _statement(code, joined(parts or []), "?")
    if "?" in "".join(part for part in parts or [] if isinstance(part, str)):
        raise FixError("the statement holds question marks; name its parameters by hand")
    for number in range(1, len(values) + 1):
        text = text.replace("?", f":value{number}", 1)
    given = ", ".join(f'"value{number}": {value}' for number, value in enumerate(values, start=1))
    draft = Draft(code, "bind-parameters", _BOUND)
    draft.replace(built, literal(text, code.source(built)))
    end = code.span(call.args[0])[1]
    draft.splices.append(Splice(end, end, f", {{{given}}}"))
    return draft.proposal()


_BOUND = "Values reach the database as bound parameters, never as part of the statement."


def _runs_sql(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in EXECUTES


def _touches(code: PythonCode, node: ast.AST, first: int, last: int) -> bool:
    end = code.line(node) + int(node.end_lineno or 0) - node.lineno  # type: ignore[attr-defined]
    return code.line(node) <= last and end >= first


def _bound(code: PythonCode, call: ast.Call, parts: list[Part], built: ast.expr) -> Proposal:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    _refuse_own(code, call, name)
    given = _given(code, call, name)
    style, known = _style(code, parts, call)
    guess = "" if known else f" Which database module it is does not show here: check that its placeholder is {style}."
    draft = Draft(code, "bind-parameters", _BOUND + guess)
    text, values = _statement(code, parts, style)
    if given:
        values = _merged(parts, values, given, style)
    wanted = literal(text, code.source(built))
    listed = ", ".join(values)
    bound = f"[{listed}]" if name == "raw" else f"({listed},)" if len(values) == 1 else f"({listed})"
    if name.startswith("read_sql"):
        set_keyword(draft, call, "params", bound)
    elif len(call.args) > 1:
        draft.replace(call.args[1], bound)
    elif built is call.args[0]:
        wanted = f"{wanted}, {bound}"
    else:
        at = code.span(call.args[0])[1]
        draft.splices.append(Splice(at, at, f", {bound}"))
    draft.replace(built, wanted)
    return draft.proposal()


def _refuse_own(code: PythonCode, call: ast.Call, name: str) -> None:
    """A function of the file's own that runs statements may not take parameters."""
    own = [n for n in code.nodes if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n.name == name]
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(owner, ast.Name) and owner.id in ("self", "cls") and not (own and _takes_two(own[0])):
        raise FixError("the statement is run by a method of the same object; whether it binds parameters does not show")


def _takes_two(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return len(function.args.args) > 2 or function.args.vararg is not None


def _given(code: PythonCode, call: ast.Call, name: str) -> list[str]:
    """Parameters that are bound already; raises FixError where they cannot be put in order with new ones."""
    if any(word.arg in ("params", "parameters", "args", "vars") for word in call.keywords):
        raise FixError("the call has named parameters already")
    if len(call.args) < 2 or name.startswith("read_sql"):
        return []
    if not isinstance(call.args[1], ast.Tuple | ast.List):
        raise FixError("the parameters that are bound already are not written where the statement is run")
    return [code.source(value) for value in call.args[1].elts]


def _style(code: PythonCode, parts: list[Part], call: ast.Call) -> tuple[str, bool]:
    """ "?" or "%s" and whether that is known: from this statement, from others, or from the database module (PEP 249)."""
    written = "".join(part for part in parts if isinstance(part, str))
    names = " ".join(code.imports.values())
    if (
        re.search(r"[=(,]\s*\?", written)
        or _QMARK.search(names + " ".join(re.findall(r"\bsqlite3\.", code.text)))
        or _QMARK_USED.search(code.text)
    ):
        return "?", True
    if _FORMAT.search(names) or _FORMAT_USED.search(code.text):
        return "%s", True
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    of_connection = isinstance(owner, ast.Name) and re.search(r"(?:^|_)(?:conn|connection|db|database)$", owner.id)
    return ("?" if of_connection else "%s"), False


def _statement(code: PythonCode, parts: list[Part], style: str) -> tuple[str, list[str]]:
    """The fixed statement and its parameters; raises FixError where a value stands for a name or a piece of SQL."""
    if sum(len(part) for part in parts if isinstance(part, str)) > _LONGEST:
        raise FixError("the statement is too long")
    pieces = [part.replace("%", "%%") if style == "%s" and isinstance(part, str) else part for part in parts]
    text, values = "", list[str]()
    for at, part in enumerate(pieces):
        if isinstance(part, str):
            text += part
            continue
        behind = pieces[at + 1] if at + 1 < len(pieces) else ""
        quoted = _open_quote(text)
        if quoted:
            text, value, rest = _in_quotes(code, text, part, behind, style, quoted)
            if at + 1 < len(pieces):
                pieces[at + 1] = rest
        else:
            value = _outside_quotes(code, text, part)
            text += style
        values.append(value)
    return text, values


def _open_quote(text: str) -> str:
    """The quote that is open at the end of a piece of SQL, "" outside of strings."""
    opened = ""
    for char in text:
        if opened:
            opened = "" if char == opened else opened
        elif char in "'\"`":
            opened = char
    return opened


def _in_quotes(
    code: PythonCode, text: str, part: ast.expr, behind: Part, style: str, quote: str
) -> tuple[str, str, str]:
    """A value within quotes: what else is in them, such as the % of LIKE, goes into the parameter."""
    if quote == "`" or not isinstance(behind, str) or quote not in behind:
        raise FixError("several values stand in one string of the statement, or one is a quoted name")
    head, before = text.rsplit(quote, 1)
    after, rest = behind.split(quote, 1)
    if re.search(r"(?:\bas|\.)\s*$", head, re.IGNORECASE):
        raise FixError("a value stands for the name of a column; only a list of known names makes that safe")
    value = _value(code, part)
    if before or after:
        plain = [side.replace("%%", "%") if style == "%s" else side for side in (before, after)]
        shown = ["".join(_braced(char) for char in side) for side in plain]
        value = _formatted(shown, value)
    return head + style, value, rest


def _braced(char: str) -> str:
    return {"{": "{{", "}": "}}", '"': '\\"', "\\": "\\\\", "\n": "\\n"}.get(char, char)


def _formatted(sides: list[str], value: str) -> str:
    if any(mark in value for mark in "\"'\\\n{}"):  # before Python 3.12 an f-string holds no quotes of its own
        first, last = (f'"{side}"'.replace("{{", "{").replace("}}", "}") if side else "" for side in sides)
        return " + ".join(piece for piece in (first, f"str({value})", last) if piece)
    return f'f"{sides[0]}{{{value}}}{sides[1]}"'


def _outside_quotes(code: PythonCode, text: str, part: ast.expr) -> str:
    if not _VALUE.search(text[-400:]) or (_IDENTIFIER.search(text[-80:]) and not _VALUE_LIST.search(text)):
        raise FixError(
            "a value stands for a table, a column or a piece of SQL; only a list of known names makes that safe"
        )
    return _value(code, part)


_VALUE_LIST = re.compile(
    r"(?:\bvalues\s*\([^)]*|\bin\s*\([^)]*|\blimit\s+\S+\s*,|\bbetween\s+\S+\s+and|\bset\b[^;]*[=,])\s*$", re.I | re.S
)


def _value(code: PythonCode, part: ast.expr) -> str:
    if _escapes(part):
        raise FixError("the value is quoted by a function already; binding it would quote it twice")
    written = code.source(part)
    return (
        f"({written})"
        if isinstance(part, ast.NamedExpr | ast.Yield | ast.Starred | ast.Tuple)
        else " ".join(written.split("\n"))
    )


def _escapes(part: ast.expr) -> bool:
    called = part.func if isinstance(part, ast.Call) else None
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return bool(re.search(r"escape|quote|join|literal|repr|sql", name, re.IGNORECASE))


def _merged(parts: list[Part], values: list[str], given: list[str], style: str) -> list[str]:
    """New and old parameters in the order in which they stand in the statement."""
    merged, new, old = list[str](), iter(values), iter(given)
    for part in parts:
        if isinstance(part, str):
            merged += [value for _ in range(part.count(style)) if (value := next(old, None)) is not None]
        else:
            merged.append(next(new))
    if len(merged) != len(values) + len(given):
        raise FixError("the parameters that are bound already do not fit the statement")
    return merged

"""SQL that Go, JavaScript, Java and C# build as text becomes a fixed statement with bound parameters."""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from secassist.fixing._tree.text import GIVEN, Text, open_quote, text_of
from secassist.fixing.base import FixError, Proposal
from secassist.fixing.blocks import Splice, blocks_of
from secassist.fixing.tree_code import Call, TreeCode

if TYPE_CHECKING:
    from tree_sitter import Node

_RUNS = {
    "go": re.compile(
        r"\.(?:Query|QueryRow|Exec|QueryContext|QueryRowContext|ExecContext|Queryx|Get|Select|Raw|Where)$"
    ),
    "javascript": re.compile(r"\.(?:query|execute|run|all|get|each)$"),
    "typescript": re.compile(r"\.(?:query|execute|run|all|get|each)$"),
    "java": re.compile(
        r"\.(?:executeQuery|executeUpdate|execute|prepareStatement|prepareCall|queryForObject|queryForList|query|update)$"
    ),
}
_NAME = re.compile(
    r"(?i)(?:\b(?:from|join|into|update|table|exists|by|column|database|schema|index|view|select|set|distinct|and|or|where|as|desc|asc)|[`\[.])\s*$"
)
_VALUE = re.compile(
    r"(?i)(?:=|<|>|!|\blike|\bin\s*\(|\blimit|\boffset|\bvalues\s*\(.*|\bbetween|\band|,|\()\s*$", re.DOTALL
)
_STATEMENT = re.compile(r"(?i)^[\s(]*(?:select|insert|update|delete|replace|call|with|merge|\{\s*call)\b")
_TOLD = "Values reach the database as bound parameters, never as part of the statement."
_GUESS = " Check that the driver's placeholder is {}."


def bind(code: TreeCode, first: int, last: int) -> Iterator[Proposal]:
    """One proposal per call that runs a statement built, or run, on these lines."""
    pattern = _RUNS.get(code.language)
    if pattern is None:
        return
    for call in code.calls(1, code.text.count("\n") + 1):
        if not pattern.search(call.name) or not call.args:
            continue
        at = 1 if code.language == "go" and call.name.endswith("Context") and len(call.args) > 1 else 0
        text = text_of(code, call.args[at])
        if (_on(call.node, first, last) or _on(text.node, first, last)) and text.built:
            yield _bound(code, call, at, text)


def _on(node: "Node", first: int, last: int) -> bool:
    return node.start_point[0] < last and node.end_point[0] + 1 >= first


def _bound(code: TreeCode, call: Call, at: int, text: Text) -> Proposal:
    if not isinstance(text.pieces[0], str) or not _STATEMENT.match(text.pieces[0]):
        raise FixError("the text does not begin as a statement; what it is does not show here")
    style, known = _style(code)
    fixed, values = statement(code, text, style)
    literal = _literal(code, fixed)
    here = text.node is call.args[at]
    end = code.span(call.args[at])[1]
    splices = [] if here else [code.put(text.node, literal)]
    if code.language == "java":
        splices = _java(code, call, text, literal, values)
    else:
        if len(call.args) > at + 1 and code.language != "go" and call.args[at + 1].type == "array":
            raise FixError("the call has parameters already; put the new ones in order by hand")
        if len(call.args) > at + 1 and code.language == "go":
            raise FixError("the call has parameters already; put the new ones in order by hand")
        listed = ", ".join(values) if code.language == "go" else f"[{', '.join(values)}]"
        splices.append(code.put(text.node, f"{literal}, {listed}") if here else Splice(end, end, f", {listed}"))
    return Proposal("bind-parameters", blocks_of(code.text, splices), _TOLD + ("" if known else _GUESS.format(style)))


def _style(code: TreeCode) -> tuple[str, bool]:
    if code.language == "java":
        return "?", True
    if re.search(r"lib/pq|jackc/pgx|['\"]pg['\"]|go-pg|postgres", code.text):
        return "$", True
    return "?", bool(
        re.search(
            r"go-sql-driver|mattn/go-sqlite3|modernc.org/sqlite|['\"](?:mysql2?|sqlite3|better-sqlite3)['\"]", code.text
        )
    )


def statement(code: TreeCode, text: Text, style: str) -> tuple[str, list[str]]:
    """The fixed statement and its parameters; raises FixError where a value stands for a name or a piece of SQL."""
    pieces, made, values = list(text.pieces), "", list[str]()
    for at, piece in enumerate(pieces):
        if isinstance(piece, str):
            made += piece
            continue
        written = code.source(piece.node)
        mark = f"${len(values) + 1}" if style == "$" else "?"
        quote = open_quote(made)
        if quote:
            behind = pieces[at + 1] if at + 1 < len(pieces) else ""
            if quote == "`" or not isinstance(behind, str) or quote not in behind:
                raise FixError("several values stand in one string of the statement, or one is a quoted name")
            head, before = made.rsplit(quote, 1)
            after, pieces[at + 1] = behind.split(quote, 1)
            if _NAME.search(head[-60:]) and not re.search(r"(?i)(?:\band|\bor|\bselect)\s*$", head[-60:]):
                raise FixError("a value stands for a table or a column; only a list of known names makes that safe")
            made = head + mark
            written = " + ".join(
                part
                for part in (json.dumps(before) if before else "", written, json.dumps(after) if after else "")
                if part
            )
        else:
            if not _VALUE.search(made[-400:]) or _NAME.search(made[-60:]):
                raise FixError(
                    "a value stands for a table, a column or a piece of SQL; only a list of known names makes that safe"
                )
            made += mark
        values.append(written)
    return made, values


def _literal(code: TreeCode, statement: str) -> str:
    if "\n" in statement:
        if "`" in statement or code.language == "java":
            raise FixError("the statement goes over several lines; rewrite it by hand")
        return f"`{statement}`"
    return json.dumps(statement, ensure_ascii=False)


def _java(code: TreeCode, call: Call, text: Text, literal: str, values: list[str]) -> list[Splice]:
    """Parameters of a prepared statement are set behind it; a plain statement gives way to a prepared one."""
    name, given = call.name.rpartition(".")[2], _declared(call.node)
    if given is None:
        raise FixError("the statement is not run on a line of its own; rewrite it by hand")
    start, end = code.span(given)
    lead = code.lead(start)
    if lead.strip():
        raise FixError("the statement shares its line with another one")
    if name in ("prepareStatement", "prepareCall"):
        held = _left(code, given)
        if not held:
            raise FixError("the prepared statement has no name")
        rows = "".join(f"\n{lead}{held}.setString({n}, {value});" for n, value in enumerate(values, start=1))
        return [code.put(text.node, literal), Splice(end, end, rows)]
    if name not in ("executeQuery", "executeUpdate", "execute") or len(call.args) != 1 or "." not in call.name:
        raise FixError("how this call takes parameters does not show here")
    if re.search(r"\bprepared\b", code.text):
        raise FixError("the name that the statement needs is taken")
    here = text.node is call.args[0]
    what = literal if here else code.source(call.args[0])
    rows = f"java.sql.PreparedStatement prepared = {call.name.rpartition('.')[0]}.getConnection().prepareStatement({what});\n"
    rows += "".join(f"{lead}prepared.setString({n}, {value});\n" for n, value in enumerate(values, start=1))
    made = [Splice(start, start, f"{rows}{lead}"), code.put(call.node, f"prepared.{name}()")]
    return made if here else [code.put(text.node, literal), *made]


def _declared(node: "Node") -> "Node | None":
    """The statement that a call stands in, if it is an assignment, a declaration or the call alone."""
    above: Node | None = node.parent
    while above is not None and above.type not in (
        "local_variable_declaration",
        "expression_statement",
        "return_statement",
    ):
        if above.type in ("block", "lambda_expression", "if_statement", "while_statement", "method_declaration"):
            return None
        above = above.parent
    return above


def _left(code: TreeCode, statement: "Node") -> str:
    for each in code.within(statement, *GIVEN):
        left = each.child_by_field_name("left") or each.child_by_field_name("name")
        if left is not None:
            return code.source(left)
    return ""

"""C#: numbers from the system's source, paths held to their folder, statements with parameters, parsers without types."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from secassist.fixing._tree.guards import statement_of
from secassist.fixing._tree.sql import statement
from secassist.fixing._tree.text import given_to, text_of
from secassist.fixing.base import FixError, Proposal
from secassist.fixing.blocks import Splice, blocks_of
from secassist.fixing.tree_code import STRINGS, Call, TreeCode

if TYPE_CHECKING:
    from tree_sitter import Node

_RANDOM = frozenset({"CWE-330", "CWE-331", "CWE-335", "CWE-338"})
_SOURCE = "System.Security.Cryptography.RandomNumberGenerator"
_RANDOM_TOLD = "Numbers come from the system's source; they cannot be foretold."
_BY_HAND = "the random numbers are used in ways that have to be rewritten by hand"


def drawn(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """Numbers of System.Random are drawn from the system's source; the generator that nobody asks any more goes."""
    if code.language != "csharp" or cwe not in _RANDOM:
        return
    for call in code.calls(first, last):
        if not call.made or call.name not in ("Random", "System.Random"):
            continue
        used = next((c for n in _above(call.node) if (c := code.call(n)) is not None and not c.made), None)
        if used is not None and _owner(used) is not None and _owner(used).id == call.node.id:  # type: ignore[union-attr]
            splices = [_drawn(code, used)]
        else:
            splices = _held(code, call)
        yield Proposal("system-random", blocks_of(code.text, splices), _RANDOM_TOLD)


def _owner(call: Call) -> "Node | None":
    """What a method is called on."""
    return call.callee.child_by_field_name("expression")


def _held(code: TreeCode, call: Call) -> list[Splice]:
    """All draws from the name that holds a generator, and its declaration, which goes."""
    declared = next((n for n in _above(call.node) if n.type == "variable_declarator"), None)
    kinds = ("local_declaration_statement", "field_declaration")
    whole = next((n for n in _above(call.node) if n.type in kinds), None)
    if declared is None or whole is None:
        raise FixError(_BY_HAND)
    name = code.source(declared.child_by_field_name("name") or declared.named_children[0])
    scope = code.scope(whole) if whole.type == "local_declaration_statement" else code.tree.root_node
    uses = [c for n in code.within(scope, "invocation_expression") if (c := code.call(n)) is not None]
    uses = [c for c in uses if (owner := _owner(c)) is not None and code.source(owner).removeprefix("this.") == name]
    start, end = code.span(scope)
    if not uses or len(re.findall(rf"(?<!\w){re.escape(name)}\b", code.text[start:end])) != len(uses) + 1:
        raise FixError(_BY_HAND)
    first_char, last_char = code.span(whole)
    at = code.line_start(first_char)
    if code.text[at:first_char].strip() or code.text[last_char : last_char + 1] not in ("\n", "\r"):
        raise FixError("the generator shares its line with something else")
    return [Splice(at, last_char + 1, ""), *(_drawn(code, use) for use in uses)]


def _drawn(code: TreeCode, use: Call) -> Splice:
    name = code.source(use.callee.child_by_field_name("name"))
    args = [code.source(arg) for arg in use.args]
    if name == "Next":
        return code.put(use.node, f"{_SOURCE}.GetInt32({', '.join(args) or 'int.MaxValue'})")
    if name == "NextBytes" and len(args) == 1:
        return code.put(use.node, f"{_SOURCE}.Fill({args[0]})")
    if name == "NextDouble":
        return code.put(use.node, f"({_SOURCE}.GetInt32(int.MaxValue) / (double) int.MaxValue)")
    raise FixError(_BY_HAND)


def _above(node: "Node") -> Iterator["Node"]:
    while node.parent is not None:
        node = node.parent
        yield node


_PATHS = frozenset({"CWE-22", "CWE-23", "CWE-36", "CWE-73"})
_FILES = re.compile(
    r"(?:^|\.)(?:File|Directory)\.\w+$|^(?:System\.IO\.)?(?:FileStream|StreamReader|StreamWriter|FileInfo|DirectoryInfo)$"
    r"|\.(?:ExtractToFile|SaveAs|TransmitFile|WriteFile|PhysicalFile)$"
)
_FOLDER_TOLD = "A name that leads out of the folder is refused, whatever it is made of."


def inside_folder(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """A path joined of a folder and a name is made full and held against the folder before it is used."""
    if code.language != "csharp" or cwe not in _PATHS:
        return
    for call in code.calls(first, last):
        if not _FILES.search(call.name) or not call.args:
            continue
        path = call.args[0]
        joined = _joined(code, path)
        if joined is not None:
            yield Proposal("inside-folder", blocks_of(code.text, _held_inside(code, path, *joined)), _FOLDER_TOLD)


_FULL = "System.IO.Path.GetFullPath"


def _held_inside(code: TreeCode, path: "Node", folder: str, given: "Node") -> list[Splice]:
    """The path made full where it is joined, and the check behind that; a path without a name is given one."""
    named = path.type == "identifier"
    near = statement_of(code, given)
    start, end = code.span(near)
    lead = code.lead(start)
    name = code.source(path) if named else "given"
    if not named and re.search(r"\bgiven\b", code.text):
        raise FixError("the name that the check needs is taken")
    written = code.source(given)
    full = written if re.match(r"(?:[\w.]+\.)?GetFullPath\(", written) else f"{_FULL}({written})"
    inside = f"{_FULL}({folder}).TrimEnd(System.IO.Path.DirectorySeparatorChar) + System.IO.Path.DirectorySeparatorChar"
    rows = [
        f"if (!{name}.StartsWith({inside}, System.StringComparison.Ordinal))",
        "{",
        '    throw new System.UnauthorizedAccessException("the path leads out of its folder");',
        "}",
    ]
    if named:
        return [code.put(given, full), Splice(end, end, "".join(f"\n{lead}{row}" for row in rows))]
    rows = [f"var {name} = {full};", *rows]
    return [Splice(start, start, "".join(f"{row}\n{lead}" for row in rows)), code.put(path, name)]


def _joined(code: TreeCode, path: "Node") -> "tuple[str, Node] | None":
    """Folder and whole of a path that is `Path.Combine(folder, ...)` or `folder + name`, itself or by its name."""
    whole = given_to(code, path) if path.type == "identifier" else path
    given = whole
    while given is not None and (call := code.call(given)) is not None and call.name.endswith("Path.GetFullPath"):
        given = call.args[0] if len(call.args) == 1 else None
    if given is None or whole is None:
        return None
    call = code.call(given)
    if call is not None and call.name.endswith("Path.Combine") and len(call.args) > 1:
        return code.source(call.args[0]), whole
    left = given.child_by_field_name("left") if given.type == "binary_expression" else None
    if left is not None and left.type in STRINGS and re.search(r"[/\\]\"$", code.source(left)):
        return code.source(left), whole
    return None


_COMMANDS = re.compile(r"^(?:\w+\.)*(?:Sql|OleDb|MySql|Npgsql|Sqlite|SQLite|Odbc)Command$")
_ADAPTERS = re.compile(r"^(?:\w+\.)*(?:Sql|OleDb|MySql|Npgsql|Sqlite|SQLite|Odbc)DataAdapter$")
_SQL_TOLD = "Values reach the database as parameters, never as part of the statement."


def with_parameters(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """ADO.NET: commands and adapters made of built text get a fixed statement and AddWithValue for each value."""
    if code.language != "csharp" or cwe != "CWE-89":
        return
    for call in code.calls(1, code.text.count("\n") + 1):
        command = _COMMANDS.match(call.name) is not None
        if not call.made or not call.args or not (command or _ADAPTERS.match(call.name)):
            continue
        text = text_of(code, call.args[0])
        if not text.built or not (_on(call.node, first, last) or _on(text.node, first, last)):
            continue
        held = next((n for n in _above(call.node) if n.type == "variable_declarator"), None)
        whole = next((n for n in _above(call.node) if n.type == "local_declaration_statement"), None)
        if held is None or whole is None:
            raise FixError("the command has no name on a line of its own; add its parameters by hand")
        if "OleDb" in call.name or "Odbc" in call.name:
            raise FixError("this driver binds by place; put ? into the statement and add the parameters in order")
        made, values = statement(code, text, "?")
        for number in range(len(values)):
            made = made.replace("?", f"@value{number + 1}", 1)
        name = code.source(held.child_by_field_name("name") or held.named_children[0])
        owner = name if command else f"{name}.SelectCommand"
        end = code.span(whole)[1]
        start = code.span(whole)[0]
        lead = code.lead(start)
        rows = "".join(
            f'\n{lead}{owner}.Parameters.AddWithValue("@value{number}", {value});'
            for number, value in enumerate(values, start=1)
        )
        shown = '"' + made.replace("\\", "\\\\").replace('"', '\\"') + '"'
        splices = [code.put(text.node, shown), Splice(end, end, rows)]
        yield Proposal("bind-parameters", blocks_of(code.text, splices), _SQL_TOLD)


def _on(node: "Node", first: int, last: int) -> bool:
    return node.start_point[0] < last and node.end_point[0] + 1 >= first


REWRITES = (drawn, inside_folder, with_parameters)
"""In the order in which they are tried."""

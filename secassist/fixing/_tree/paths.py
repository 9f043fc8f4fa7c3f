"""Paths that a caller names: JavaScript resolves them and holds them to their folder, Go asks whether they are local."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from secassist.fixing._tree.go import way_out
from secassist.fixing._tree.guards import statement_of
from secassist.fixing._tree.text import given_to, text_of
from secassist.fixing.base import FixError, Proposal
from secassist.fixing.blocks import Splice, blocks_of
from secassist.fixing.tree_code import STRINGS, Call, TreeCode, go_imports

if TYPE_CHECKING:
    from tree_sitter import Node

_PATHS = frozenset({"CWE-22", "CWE-23", "CWE-36", "CWE-73"})
_JOINS = re.compile(r"^(\w*[pP]ath\w*)\.(join|resolve|normalize)$")
_FILES = re.compile(
    r"^fs\.(?:promises\.)?\w+$|(?:^|\.)(?:sendFile|sendfile|download|\w*File(?:Sync)?|create\w+Stream|open)$"
)
_WHY = "the path leads out of its folder"
_TOLD = "A name that leads out of the folder is refused, whatever it is made of."


def held_inside(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """JavaScript: what is joined of a folder and a name is resolved, and refused unless it lies in the folder."""
    if code.language not in ("javascript", "typescript") or cwe not in _PATHS:
        return
    for call in code.calls(first, last):
        if not _FILES.search(call.name) or not call.args:
            continue
        named = call.args[0].type == "identifier"
        whole = given_to(code, call.args[0]) if named else call.args[0]
        found = _joined(code, whole)
        if whole is not None and found is not None:
            splices = _checked(code, call.args[0], whole, *found)
            yield Proposal("inside-folder", blocks_of(code.text, splices), _TOLD)
            return


def _joined(code: TreeCode, node: "Node | None") -> tuple[str, str] | None:
    """The path module and the folder of a join that names both."""
    call: Call | None = code.call(node) if node is not None else None
    while call is not None and (match := _JOINS.match(call.name)) and match[2] == "normalize" and len(call.args) == 1:
        call = code.call(call.args[0])
    match = _JOINS.match(call.name) if call is not None else None
    if call is None or match is None or len(call.args) < 2 or any("..." in code.source(arg)[:3] for arg in call.args):
        return None
    return match[1], code.source(call.args[0])


def _checked(code: TreeCode, path: "Node", whole: "Node", module: str, folder: str) -> list[Splice]:
    named = path.id != whole.id
    start, end = code.span(statement_of(code, whole))
    lead = code.lead(start)
    name = code.source(path) if named else "given"
    if not named and re.search(r"\bgiven\b", code.text):
        raise FixError("the name that the check needs is taken")
    written = code.source(whole)
    full = written if written.startswith(f"{module}.resolve(") else f"{module}.resolve({written})"
    rows = [
        f"if (!{name}.startsWith({module}.resolve({folder}) + {module}.sep)) {{",
        f'    throw new Error("{_WHY}");',
        "}",
    ]
    if named:
        return [code.put(whole, full), Splice(end, end, "".join(f"\n{lead}{row}" for row in rows))]
    above = "".join(f"{row}\n{lead}" for row in [f"const {name} = {full};", *rows])
    return [Splice(start, start, above), code.put(path, name)]


_OPENS = re.compile(r"^(?:os|ioutil)\.(?:Open|OpenFile|Create|ReadFile|WriteFile|Remove|RemoveAll|Stat|Lstat|ReadDir)$")


def local_only(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """Go: a name that a client gives, alone or behind a folder, must be local (Go 1.20); elsewhere a person decides."""
    if code.language != "go" or cwe not in _PATHS:
        return
    for call in code.calls(first, last):
        at = 2 if call.name == "http.ServeFile" else 0
        if not (_OPENS.search(call.name) or at) or len(call.args) <= at or call.args[at].type in STRINGS:
            continue
        text = text_of(code, call.args[at])
        names = [value for value in text.values if re.fullmatch(r"\w+", code.source(value.node))]
        behind = text.built and isinstance(text.pieces[0], str) and text.pieces[0].endswith("/")
        served = re.search(
            r"\bhttp\.ResponseWriter\b", code.source(code.scope(call.node).child_by_field_name("parameters"))
        )
        if len(names) != 1 or len(text.values) != 1 or not (behind or (served and not text.built)):
            raise FixError("which folder is meant does not show here; open files through os.OpenRoot of that folder")
        start = code.span(statement_of(code, text.node if behind else call.node))[0]
        lead = code.lead(start)
        rows = [
            f"if !filepath.IsLocal({code.source(names[0].node)}) {{",
            *(f"\t{row}" for row in way_out(code, call.node, _WHY)),
            "}",
        ]
        errors = any("errors.New" in row for row in rows)
        splices = [Splice(start, start, "".join(f"{row}\n{lead}" for row in rows))]
        splices += go_imports(code, "path/filepath", more="errors" if errors else "")
        yield Proposal("local-only", blocks_of(code.text, splices), _TOLD)


REWRITES = (held_inside, local_only)
"""In the order in which they are tried."""

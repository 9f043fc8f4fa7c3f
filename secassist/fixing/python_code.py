"""Python text with its tree: where nodes stand, what names mean, and where an import belongs; changes nothing itself."""

import ast
import re
import warnings
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

from secassist.fixing.base import FixError
from secassist.fixing.blocks import Splice

Function = ast.FunctionDef | ast.AsyncFunctionDef
_PYTHON_2 = re.compile(
    r"(?m)^[ \t]*print +[\"'\w%]|^[ \t]*except [\w.() ,]{1,80}, ?\w+ ?:|\bimport (?:urllib2|ConfigParser|cPickle|StringIO)\b"
)
"""Files that only Python 2 runs: what they are given must be there already then."""


class PythonCode:
    """One parsed file, or an indented part of one, which is read as if it stood in a block."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.tree, self._above, self.unread = _parsed(text)
        self.old = bool(_PYTHON_2.search(text))

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(line) + 1 for line in self.lines[:-1]), initial=0))

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """Each node's parent."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes, outermost first."""
        return list(ast.walk(self.tree))

    def line(self, node: ast.AST) -> int:
        """The 1-based line that a node begins on."""
        return int(getattr(node, "lineno", 1)) - self._above

    def _offset(self, line: int, column: int) -> int:
        """From ast's line and column in UTF-8 bytes."""
        text = self.lines[line - 1 - self._above]
        if not text.isascii():
            column = len(text.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "replace"))
        return self._starts[line - 1 - self._above] + column

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Character offsets of an expression or statement."""
        start = self._offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]
        return start, self._offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def source(self, node: ast.AST) -> str:
        """A node as it is written; parts of an f-string, which have no place of their own, as ast would write them."""
        if any(isinstance(above, ast.JoinedStr) for above in self.above(node)):
            return ast.unparse(node)
        start, end = self.span(node)
        return self.text[start:end]

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """Parents, nearest first."""
        while (parent := self.parents.get(node)) is not None:
            yield parent
            node = parent

    def function(self, node: ast.AST) -> Function | None:
        """The nearest function around a node."""
        return next((n for n in self.above(node) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)), None)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The statement that a node belongs to."""
        if isinstance(node, ast.stmt):
            return node
        return next(n for n in self.above(node) if isinstance(n, ast.stmt))

    def scope(self, node: ast.AST) -> ast.AST:
        """The nearest function, or the whole."""
        return self.function(node) or self.tree

    def on(self, first: int, last: int) -> list[ast.AST]:
        """Nodes with a place that begin or end on these lines, or lie around them without being a statement block."""
        found = []
        for node in self.nodes:
            if hasattr(node, "lineno") and not isinstance(node, ast.ClassDef | Function):
                end = int(node.end_lineno or node.lineno) - self._above  # type: ignore[attr-defined]
                if self.line(node) <= last and end >= first:
                    found.append(node)
        return found

    def calls(self, first: int, last: int) -> list[ast.Call]:
        """Calls that touch these lines."""
        return [node for node in self.on(first, last) if isinstance(node, ast.Call)]

    @cached_property
    def imports(self) -> dict[str, str]:
        """Local names and the full names that they stand for."""
        found: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    found[alias.asname or alias.name.split(".")[0]] = (
                        alias.name if alias.asname else alias.name.split(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom) and not node.level:
                for alias in node.names:
                    found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        return found

    def name(self, node: ast.AST) -> str:
        """The full dotted name of a name or attribute, "" for anything else; a call in it is written "()"."""
        if isinstance(node, ast.Name):
            return self.imports.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            inner = self.name(node.value)
            return f"{inner}.{node.attr}" if inner else f"?.{node.attr}"
        return f"{self.name(node.func)}()" if isinstance(node, ast.Call) else ""

    def value_of(self, name: ast.Name) -> ast.Assign | None:
        """The one assignment that gives a name its value in this scope; None where there are several or none."""
        scope, found = self.scope(name), list[ast.Assign]()
        for node in ast.walk(scope):
            if isinstance(node, ast.Name) and node.id == name.id and isinstance(node.ctx, ast.Store | ast.Del):
                parent = self.parents.get(node)
                if not isinstance(parent, ast.Assign) or parent.targets != [node] or self.scope(node) is not scope:
                    return None
                found.append(parent)
        return found[0] if len(found) == 1 and self.line(found[0]) <= self.line(name) else None

    def uses(self, local: str) -> int:
        """How often a local name is read anywhere."""
        return sum(isinstance(n, ast.Name) and n.id == local and isinstance(n.ctx, ast.Load) for n in self.nodes)

    def local(self, module: str) -> str:
        """What a module is called here already, "" if it is not imported."""
        return next((local for local, full in self.imports.items() if full == module), "")

    def indent(self, node: ast.AST) -> str:
        """The white space before the statement of a node."""
        line = self.lines[self.line(self.statement(node)) - 1]
        return line[: len(line) - len(line.lstrip())]

    def import_splice(self, statements: list[str], near: ast.AST | None = None) -> Splice:
        """Where new import lines go: before the first import that sorts behind them, else under the module's docstring."""
        body = self.tree.body
        if self._above:  # an indented part of a file: the function itself is the only place that is surely reached
            inner = self.function(near) if near is not None else None
            if near is None:
                raise FixError("the part of the file shows no place for an import")
            first = inner.body[0] if inner is not None else self.statement(near)
            if self._continues(first):
                raise FixError("the part of the file shows no place for an import")
            at, lead = self._statement_start(first), self.indent(first)
            return Splice(at, at, "".join(f"{lead}{line}\n" for line in statements))
        block = _import_block(body)
        text = "".join(f"{line}\n" for line in statements)
        if not block:
            return self._below_docstring(body, text)
        plain = [node for node in block if isinstance(node, ast.Import) == statements[0].startswith("import ")]
        behind = (n for n in plain if _sorts(self.source(n)) > _sorts(statements[0]))
        follower = next(behind, None)
        if follower is not None:
            at = self._statement_start(follower)
        elif plain:
            at = self._line_end(plain[-1])
        elif statements[0].startswith("import "):
            at = self._statement_start(block[0])
        else:
            at = self._line_end(block[-1])
        return Splice(at, at, text if at < len(self.text) or self.text.endswith("\n") else "\n" + text.rstrip("\n"))

    def _continues(self, statement: ast.stmt) -> bool:
        """Whether nothing may stand right before it: an elif is a statement of its own only to the tree."""
        return self.lines[self.line(statement) - 1].lstrip().startswith("elif")

    def _below_docstring(self, body: list[ast.stmt], text: str) -> Splice:
        has_docstring = bool(body) and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
        if has_docstring and isinstance(body[0].value.value, str):  # type: ignore[attr-defined]
            at = self._line_end(body[0])
            return Splice(at, at, "\n" + text) if at < len(self.text) else Splice(at, at, "\n\n" + text.rstrip("\n"))
        at, number = 0, 0
        while number < len(self.lines) - 1 and self.lines[number].startswith("#"):
            at, number = at + len(self.lines[number]) + 1, number + 1
        gap = "\n\n" if body and isinstance(body[0], ast.ClassDef | Function) else "\n"
        return Splice(at, at, text + gap)

    def _statement_start(self, node: ast.stmt) -> int:
        decorators = getattr(node, "decorator_list", [])
        line = min([self.line(node), *(self.line(each) for each in decorators)])
        return self._starts[line - 1]

    def _line_end(self, node: ast.stmt) -> int:
        """Behind the line break of a statement's last line."""
        line = int(node.end_lineno or node.lineno) - self._above
        return self._starts[line] if line < len(self._starts) else len(self.text)

    def before(self, node: ast.AST, text: str) -> Splice:
        """Lines put before the statement of a node, with its indentation; decorators of a function stay above."""
        statement = self.statement(node)
        at = self._statement_start(statement)
        if self.text[at : self.span(statement)[0]].strip() or self._continues(statement):
            raise FixError("the statement shares its line with another one")
        lead = self.indent(statement)
        return Splice(at, at, "".join(f"{lead}{line}\n" for line in text.split("\n")))

    def drop_import(self, full: str) -> Splice | None:
        """Takes out the import line of a module that is alone on it; None where it is not."""
        for node in self.tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom) and len(node.names) == 1:
                alias = node.names[0]
                named = alias.name if isinstance(node, ast.Import) else f"{node.module}.{alias.name}"
                start, end = self._statement_start(node), self._line_end(node)
                if named == full and self.text[start:end].strip() == self.source(node):
                    return Splice(start, end, "")
        return None


MOST_BLANKED = 40
"""Lines that cannot be read (Python 2, a piece that is cut) and are looked over, so that the rest can be rewritten."""


def _parsed(text: str) -> tuple[ast.Module, int, frozenset[int]]:
    """The tree, how many lines were put above the text so that it parses, and the lines looked over. Raises FixError."""
    best: tuple[ast.Module, int, frozenset[int]] | None = None
    for above in (0, 1):
        tree, blanked = readable("if 1:\n" * above + text, above)
        if tree is not None and (best is None or len(blanked) < len(best[2])):
            best = (tree, above, frozenset(number - above for number in blanked))
        if best is not None and not best[2]:
            break
    if best is None:
        raise FixError("the file does not parse as Python; it cannot be rewritten")
    return best


def readable(text: str, above: int = 0) -> tuple[ast.Module | None, frozenset[int]]:
    """The tree of a text in which unreadable lines count as `pass`, and their numbers; None where too many are unreadable.

    `above` lines at the head are ours and stay.
    """
    lines, blanked = text.split("\n"), set[int]()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        while len(blanked) <= MOST_BLANKED:
            try:
                return ast.parse("\n".join(lines)), frozenset(blanked)
            except SyntaxError as error:
                at = min(max(error.lineno or 0, above + 1), len(lines)) - 1
                if (newer := _newer(lines[at])) != lines[at]:
                    lines[at] = newer
                    continue
                number, dropped = _unreadable(lines, error, blanked, above)
                if not number:
                    return None, frozenset()
                old = lines[number - 1]
                lines[number - 1] = "" if dropped else old[: len(old) - len(old.lstrip())] + "pass"
                blanked.add(number)
            except (ValueError, RecursionError, MemoryError):
                return None, frozenset()
    return None, frozenset()


_OLD: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bprint(\s{0,4}>>)"), "not"),
    (re.compile(r"\bprint\b(?!\s*\()()"), "not"),
    (re.compile(r"\bexec\b(?!\s*\()()"), "not"),
    (re.compile(r"(?<=[\w)]) ?(,)(?= ?\w+ ?:\s*(?:#.*)?$)"), "|"),
    (re.compile(r"(?<=\braise )[\w.]{1,80}(,)"), "|"),
    (re.compile(r"(<>)"), "!="),
)
"""Python 2 by statements of today that are as long, so that every column stays: only the tree is read, nothing is run."""
_OCTAL = re.compile(r"\b0(?=[0-7]{2,5}\b)[0-7]")


def _newer(line: str) -> str:
    """The line with what only Python 2 reads put so that it can be read; only for `except X, e:` is a comma touched."""
    found = line[:2000]
    for pattern, new in _OLD:
        if new == "|" and not re.match(r"\s*(?:except|raise)\b", found):
            continue
        found = pattern.sub(lambda match, new=new: _as_long(match, new), found)  # type: ignore[misc]
    return _OCTAL.sub("0o", found) + line[2000:]


def _as_long(match: re.Match[str], new: str) -> str:
    """What was matched, with the word (or its group, where that is the sign) taken by `new`, as long as before."""
    whole = match[0]
    if new in ("|", "!="):
        return whole[: match.start(1) - match.start()] + new + whole[match.end(1) - match.start() :]
    return new.ljust(len(whole))


_HEAD_LINE = re.compile(r"expected an indented block after .{1,80} on line (\d+)")


def _unreadable(lines: list[str], error: SyntaxError, blanked: set[int], above: int) -> tuple[int, bool]:
    """The line to look over next, and whether even its indentation goes: where the parser stopped, the head of a block
    that has none, or the line before them that has text; 0 if there is none."""
    found = _HEAD_LINE.search(error.msg)
    number = min(max(int(found[1]) if found else error.lineno or 0, above + 1), len(lines))
    dropped = isinstance(error, IndentationError) and not found
    while number > above and (not lines[number - 1].strip() or (number in blanked and not dropped)):
        number, dropped = number - 1, False
    return (number, dropped) if number > above else (0, False)


def _import_block(body: list[ast.stmt]) -> list[ast.stmt]:
    """The file's first run of imports, without those from __future__."""
    found: list[ast.stmt] = []
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            if not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
                found.append(node)
        elif found:
            break
    return found


def _sorts(statement: str) -> str:
    return re.sub(r"^(?:import|from)\s+", "", statement).lower()

"""A rewrite in the making: replacements, imports and guards gathered, and turned into one proposal at the end."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from secassist.fixing.base import FixError, Proposal
from secassist.fixing.blocks import Splice, blocks_of
from secassist.fixing.python_code import PythonCode


@dataclass
class Draft:
    """What one rewrite does to Python code."""

    code: PythonCode
    name: str
    explanation: str
    preference: int = 0
    splices: list[Splice] = field(default_factory=list)
    _modules: dict[str, str] = field(default_factory=dict)
    _dropped: dict[str, int] = field(default_factory=dict)
    _kept: set[str] = field(default_factory=set)
    _near: ast.AST | None = None

    def replace(self, node: ast.AST, new: str) -> None:
        """A node becomes other text."""
        start, end = self.code.span(node)
        self.splices.append(Splice(start, end, new))
        self._near = node

    def before(self, node: ast.AST, lines: str) -> None:
        """Statements put before the one that holds the node."""
        self.splices.append(self.code.before(node, lines))
        self._near = node

    def module(self, full: str) -> str:
        """How a module is to be called, imported if need be; `a.b` is imported whole and called `a.b`."""
        local = self.code.local(full)
        if not local:
            taken = self.code.imports.get(full.split(".", maxsplit=1)[0])
            if taken not in (None, full.split(".", maxsplit=1)[0]) or self._is_assigned(full.split(".", maxsplit=1)[0]):
                raise FixError(f"the name {full} means something else in this file")
            self._modules[full] = f"import {full}"
        self._kept.add((local or full).split(".", maxsplit=1)[0])
        return local or full

    def member(self, module: str, name: str) -> str:
        """How a name of a module is to be called: as imported already, through the module, or newly imported by itself."""
        local = self.code.local(f"{module}.{name}")
        if local:
            return local
        if through := self.code.local(module):
            self._kept.add(through)
            return f"{through}.{name}"
        if name in self.code.imports or self._is_assigned(name):
            raise FixError(f"the name {name} means something else in this file")
        self._modules[f"{module}.{name}"] = f"from {module} import {name}"
        return name

    def _is_assigned(self, name: str) -> bool:
        stored = (n for n in self.code.nodes if isinstance(n, ast.Name) and n.id == name)
        return any(isinstance(n.ctx, ast.Store) for n in stored)

    def no_longer(self, node: ast.expr) -> None:
        """Notes that the root name of an expression is read once less; an import nobody reads any more goes."""
        while isinstance(node, ast.Attribute):
            node = node.value
        if isinstance(node, ast.Name):
            self._dropped[node.id] = self._dropped.get(node.id, 0) + 1

    def proposal(self) -> Proposal:
        """The edits as blocks. Raises FixError where they overlap or an import has no place."""
        statements = [line for full, line in self._modules.items() if full not in self.code.imports.values()]
        splices, unread = list(self.splices), self._unread()
        for node, names in self._widened(statements, unread):
            splices.append(names)
            statements = [line for line in statements if not line.startswith(f"from {node.module} import ")]
            unread -= {alias.asname or alias.name for alias in node.names}
        for kind in ("import ", "from "):
            chosen = sorted(line for line in statements if line.startswith(kind))
            if chosen:
                splices.append(self.code.import_splice(chosen, self._near))
        for local in sorted(unread):
            dropped = self.code.drop_import(self.code.imports[local])
            if dropped is not None:
                splices = _merged(splices, dropped)
        return Proposal(self.name, blocks_of(self.code.text, splices), self.explanation, self.preference)

    def _unread(self) -> set[str]:
        """Imported names that nobody reads any more after these edits."""
        fewer = {local for local, number in self._dropped.items() if self.code.uses(local) <= number}
        return {local for local in fewer - self._kept if local in self.code.imports}

    def _widened(self, statements: list[str], unread: set[str]) -> Iterator[tuple[ast.ImportFrom, Splice]]:
        """Imports from a module that the file has on one line already, with the new names, less those nobody reads."""
        done = set[str | None]()
        for node in self.code.tree.body:
            if (
                not isinstance(node, ast.ImportFrom)
                or node.level
                or node.lineno != node.end_lineno
                or node.module in done
            ):
                continue
            new = [line.split(" import ")[1] for line in statements if line.startswith(f"from {node.module} import ")]
            if new and "#" not in self.code.source(node):
                kept = [self.code.source(alias) for alias in node.names if (alias.asname or alias.name) not in unread]
                was_sorted = kept == sorted(kept)
                names = sorted([*kept, *new]) if was_sorted else [*kept, *new]
                done.add(node.module)
                start, end = self.code.span(node.names[0])[0], self.code.span(node.names[-1])[1]
                yield node, Splice(start, end, ", ".join(names))


def _merged(splices: list[Splice], dropped: Splice) -> list[Splice]:
    """A new import that goes right before or behind the one taken out takes its place."""
    for at, splice in enumerate(splices):
        if splice.start == splice.end and splice.start in (dropped.start, dropped.end):
            return [*splices[:at], Splice(dropped.start, dropped.end, splice.new), *splices[at + 1 :]]
    return [*splices, dropped]

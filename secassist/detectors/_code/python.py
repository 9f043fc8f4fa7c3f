"""What the surroundings of a line of Python say against a finding that a scanner made there."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Final

from secassist.detectors._code import commands, markup, messages, parsers, passwords, statements, unused

IMPORTS: Final = frozenset(f"B{number}" for number in range(401, 416))
"""bandit's rules that an import alone sets off."""
_USED_ELSEWHERE: Final = frozenset({"B403", "B404", "B405", "B406", "B407", "B408", "B409", "B410", "B413"})
"""Those of modules whose dangerous calls have rules of their own: B301, B602 to B609, B313 to B320, B303 to B305 and B505."""
_SAX: Final = ("B315", "B317", "B318", "B319")
"""bandit's rules on the parsers of Python's library that take a parser of SAX."""
_GUARDING: Final = re.compile(
    r"(?i)auth|perm|admin|login|logged|token|role|allow|valid|csrf|user|owner|secret|sign|verif|safe|trust|access|passw"
)
UNUSED: Final = "the module is imported, and nothing of it is used in this file"
IMPORT_ALONE: Final = "an import runs nothing of the module; each call of it is judged where it stands"
NO_SHELL: Final = "no shell reads this command: its program is a constant, and the rest are arguments of it"
NO_GUARD: Final = "the assertion guards no access and no input: what it names belongs to the program"
NOTHING_GUARDED: Final = "what is passed over is no check of access or input"
ONLY_NAMED: Final = "what stands here is the name of a kind, a sign or a flag, not a password"
NO_STATEMENT: Final = "the text is the message of an error or a log; no database reads it"
FIXED: Final = "constants, settings and names of the program alone are written into the statement"
PAUSE: Final = "the number only says how long to sleep; nobody gains by guessing it"
COPY: Final = "what is read was written by the same expression"
COMPARED: Final = "the address is compared with another; nothing listens on it here"
CLOSED: Final = "the parser is told to leave external entities alone"
ESCAPED: Final = "what is called markup is constant, was escaped, or is stripped of tags at once"

Proof = Callable[[ast.AST], frozenset[int]]
"""Lines of a file on which something is so."""
_PROOFS: Final[Mapping[str, tuple[tuple[str, Proof], ...]]] = {
    "B104": ((COMPARED, unused.compared),),
    "B105": ((ONLY_NAMED, passwords.harmless),),
    "B107": ((ONLY_NAMED, passwords.given),),
    "B301": ((COPY, unused.copied),),
    **dict.fromkeys(_SAX, ((CLOSED, parsers.closed),)),
    "B311": ((PAUSE, unused.paused),),
    "B603": ((NO_SHELL, commands.plain),),
    "B607": ((NO_SHELL, commands.plain),),
    "B608": ((NO_STATEMENT, messages.told), (FIXED, statements.fixed)),
    "B704": ((ESCAPED, markup.escaped),),
}
"""What speaks against a rule's findings, and where."""


class Context:
    """Of one file that parses; lines are 1-based."""

    def __init__(self, tree: ast.AST) -> None:
        self.tree = tree
        self._known: dict[Proof, frozenset[int]] = {}

    def disproof(self, rule: str, line: int) -> str:
        """Why bandit's finding of a rule on a line is wrong, "" where nothing says so."""
        if rule in IMPORTS and line in self._idle:
            return UNUSED
        if rule in _USED_ELSEWHERE:
            return IMPORT_ALONE
        if rule == "B101":
            return NO_GUARD if line in self._plain_asserts else ""
        if rule in {"B110", "B112"}:
            return NOTHING_GUARDED if line in self._plain_handlers else ""
        return next((why for why, proof in _PROOFS.get(rule, ()) if line in self._lines(proof)), "")

    def _lines(self, proof: Proof) -> frozenset[int]:
        if proof not in self._known:
            self._known[proof] = proof(self.tree)
        return self._known[proof]

    @cached_property
    def _idle(self) -> frozenset[int]:
        """Lines of imports that bind names which the rest of the file never reads: nothing of such a module is run here."""
        read = {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}
        read |= {word for node in ast.walk(self.tree) if isinstance(node, ast.Constant) for word in _words(node.value)}
        imports = [node for node in ast.walk(self.tree) if isinstance(node, ast.Import | ast.ImportFrom)]
        idle = {node.lineno for node in imports if not _bound(node) & (read | {"*"})}
        return frozenset(idle - {node.lineno for node in imports if _bound(node) & (read | {"*"})})

    @cached_property
    def _plain_asserts(self) -> frozenset[int]:
        asserts = [node for node in ast.walk(self.tree) if isinstance(node, ast.Assert)]
        return frozenset(node.lineno for node in asserts if not _guards(node.test))

    @cached_property
    def _plain_handlers(self) -> frozenset[int]:
        """Lines of handlers that pass over what failed in a body which names nothing of access or input."""
        tries = [node for node in ast.walk(self.tree) if isinstance(node, ast.Try | ast.TryStar)]
        plain = [one for one in tries if not any(_guards(part) for part in one.body)]
        return frozenset(handler.lineno for one in plain for handler in one.handlers)


def _bound(node: ast.Import | ast.ImportFrom) -> set[str]:
    return {(one.asname or one.name).partition(".")[0] for one in node.names}


def _words(value: object) -> list[str]:
    """A name in a text may be looked up by it (`__all__`, `getattr`)."""
    return [value] if isinstance(value, str) and value.isidentifier() else []


def _guards(node: ast.AST) -> bool:
    return any(_GUARDING.search(name) for name in _names(node))


def _names(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value[:200]

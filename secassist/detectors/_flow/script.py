"""What JavaScript has besides: functions made of functions, promises, requests that are taken apart as parameters."""

import re
from typing import Final

from secassist.detectors._flow.names import OWN_ADDRESS, every
from secassist.detectors._flow.rules import Called, Compiled
from secassist.detectors._flow.sharp import Sharp
from secassist.detectors._flow.value import HARMLESS, REQUEST, UNKNOWN, Value, join, replace
from secassist.parsing.forms import Form, Program

SCRIPTS: Final = frozenset({"javascript", "typescript", "tsx"})
RENAMES: Final = SCRIPTS | {"python"}
"""Languages in which an import may give a function another name."""
_WRAPS: Final = frozenset({"promisify", "promisifyAll"})
_FILES: Final = re.compile(r"^(?:node:)?(?:fs-extra|fs/promises|fs\.promises|graceful-fs|fs)\b")
"""Modules that do to files what `fs` does."""
_JOIN: Final = re.compile(r"(?i)path(?:\.(?:posix|win32))?\.join$")
_ANSWERS: Final = frozenset({"res", "response", "reply", "resp", "_res"})
"""How what answers a request is called, which stands behind the request."""
_OF_REQUEST: Final = ("query", "body", "params", "headers", "cookies", "url", "originalUrl", "files", "file")
_SPEAKERS: Final = re.compile(r"(?i)(?:^|\.)(?:ws|web_?socket|socket|sock|conn|connection)$")
_HEARD: Final = frozenset({"on", "once", "addEventListener", "addListener"})
_MADE_OF: Final = frozenset({"then", "map", "flatMap"})
"""Calls whose result is what the function gives back that they are given."""


def required(form: Form | None) -> str:
    """The module of `require("m")`, "" for anything else."""
    if form is None or form.path != "require" or form.kind != "call" or len(form.parts) != 1:
        return ""
    return form.parts[0].text.removeprefix("node:") if form.parts[0].kind == "string" else ""


class Script(Sharp):
    """The part of the engine that knows JavaScript."""

    def __init__(self, program: Program, rules: Compiled) -> None:
        super().__init__(program, rules)
        self.stands_for = dict(_standing(program)) if program.language in SCRIPTS else {}

    def resolved(self, path: str) -> str:
        """A dotted path with what its first name stands for."""
        if self.program.language not in SCRIPTS:
            return super().resolved(path)
        first, dot, rest = path.partition(".")
        known = self.stands_for.get(first)
        full = f"{known}{dot}{rest}" if known else super().resolved(path)
        return _FILES.sub("fs", full) if "fs" in full else full

    def of_index(self, form: Form) -> Value:
        """An item; the first word of a command line is the program that runs."""
        return (
            HARMLESS if form.path == "process.argv[0]" and self.program.language in SCRIPTS else super().of_index(form)
        )

    def outside(self, line: int, source: str) -> Value:
        """A value that an outsider decides; the address of the page itself leads to the same site."""
        found = super().outside(line, source)
        return found.cleaned("self") if self.program.language in SCRIPTS and OWN_ADDRESS.search(source) else found

    def made_callee(self, form: Form) -> Called | None:
        """`promisify(child_process.exec)(x)` calls exec."""
        base = form.base
        if base is None or base.kind != "call" or base.text not in _WRAPS or form.text != base.text or not base.parts:
            return None
        path = self.resolved(base.parts[0].path)
        return Called(path, path.rpartition(".")[2], "", new=False) if path else None

    def chosen_call(self, form: Form) -> None:
        """`handlers[x](y)` where an outsider gives x; `$x(y)` of PHP."""
        base = form.base
        if self.program.language == "php" and base is None and (called := self.env.get(form.text)) is not None:
            self.sink("code-evaluation", called.whole, form.line, form.end, "")
        if self.program.language in SCRIPTS and base is not None and base.kind == "index" and not form.text:
            for key in map(self.quiet, base.parts):
                if key.level == REQUEST:
                    self.sink("unsafe-reflection", key, form.line, form.end, "")

    def taken_apart(self, param: Form, function: Form) -> Value | None:
        """`({ query }, res) => ...`: parts of a request."""
        first, *rest = function.parts
        if first is not param or not param.parts or not rest or rest[0].text not in _ANSWERS:
            return None
        return Value(members={name: self.outside(param.line, name) for name in _OF_REQUEST})

    def told(self, form: Form, called: Called, given: list[Value]) -> Value | None:
        """What the listener of a message is given: `socket.on("message", text => ...)`."""
        heard = called.last in _HEARD and len(given) > 1 and given[0].const == "message"
        return self.outside(form.line, called.path) if heard and _SPEAKERS.search(called.receiver) else None

    def made_of(self, called: Called, answers: list[Value]) -> Value | None:
        """The result of `x.then(f)` and `x.map(f)`, where f gives back something."""
        if self.program.language not in SCRIPTS or called.last not in _MADE_OF or not answers:
            return None
        return replace(join(answers), const=UNKNOWN, function=None)

    def joins(self, called: Called, given: list[Value]) -> bool:
        """Whether it is `path.join(folder, x)`: where x holds no `..` it stays below, even if it begins with a slash."""
        return len(given) > 1 and self.program.language in SCRIPTS and _JOIN.search(called.path) is not None

    def promised(self, called: Called, given: list[Value]) -> Value | None:
        """`new Promise(resolve => resolve(x))` comes to x."""
        function = given[0].function if called.new and called.last == "Promise" and given else None
        if function is None or not function.parts:
            return None
        kept = [
            self.quiet(form.parts[0])
            for form in every(function.body)
            if form.kind == "call" and form.text == function.parts[0].text and form.base is None and form.parts
        ]
        return replace(join(kept), const=UNKNOWN) if kept else None


def _standing(program: Program) -> list[tuple[str, str]]:
    """Names that are set once: to a module, a member of one, or what is made of a function of one: (name, dotted path)."""
    found: dict[str, list[str]] = {}
    for form in every(program.body):
        if form.kind == "param":
            found.setdefault(form.text, []).append("")
        for target in form.parts if form.kind == "assign" else ():
            meant = _meant(form.base, program) if len(form.parts) == 1 and form.base is not None else ""
            for part in (target, *target.parts) if target.kind == "pattern" else (target,):
                full = program.imports.get(part.text, "")
                found.setdefault(part.text, []).append(meant or full)
    return [(name, paths[0]) for name, paths in found.items() if len(paths) == 1 and paths[0]]


def _meant(base: Form, program: Program) -> str:
    """What `cp.exec` or `promisify(cp.exec)` stands for, "" where cp is no module."""
    inner = base.parts[0] if base.kind == "call" and base.text in _WRAPS and base.parts else base
    first, dot, rest = inner.path.partition(".") if inner.kind in {"attr", "name"} else ("", "", "")
    full = program.imports.get(first, "")
    return f"{full}{dot}{rest}" if full and (dot or inner is not base) else ""

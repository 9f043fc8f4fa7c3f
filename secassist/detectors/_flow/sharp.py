"""What only C# code does: objects filled as they are made, words put into a command, handlers given to a router."""

from typing import Final

from secassist.detectors._flow.literals import Literals
from secassist.detectors._flow.names import SHELL, every
from secassist.detectors._flow.value import GUESSED, HARMLESS, UNKNOWN, Value, join, replace, spelled
from secassist.parsing.forms import Form

_BINDS: Final = frozenset({
    "FromSqlInterpolated", "ExecuteSqlInterpolated", "ExecuteSqlInterpolatedAsync", "FromSql", "ExecuteSql",
    "ExecuteSqlAsync", "SqlQueryInterpolated",
})  # fmt: skip
"""Calls that make a bound parameter of each value in the text that they are given."""


_SETS: Final = {"Secure": "insecure-cookie", "HttpOnly": "script-readable-cookie"}
"""What a cookie is told behind its making -> what is then no longer wrong with it."""


class Sharp(Literals):
    """The part of the engine that knows C#; calls are added in `_flow/calls`."""

    def of_choice(self, form: Form) -> Value:
        return join([self.value(part) for part in form.parts]) if form.parts else HARMLESS

    def is_class(self, form: Form | None) -> bool:
        """Whether it can only be the name of a class, or of a property that nothing here gives a value."""
        if form is None or form.kind != "name" or self.program.language != "csharp" or form.text in self.env:
            return False
        return form.text[:1].isupper() or form.text in {"string", "int", "long", "bool", "double", "decimal", "char"}

    def as_text(self, form: Form, receiver: Value | None) -> Value | None:
        """What `x.ToString()` gives back, None for other calls."""
        if form.text != "ToString" or receiver is None or receiver.kind == "text" or self.is_class(form.base):
            return None
        if f"{receiver.kind.rpartition('.')[2]}.ToString" in self.program.functions:
            return None
        return replace(receiver, const=spelled(receiver.const) if receiver.known else UNKNOWN, members=None, kind="")

    def initialised(self, found: Value, form: Form) -> Value:
        """A new object with the properties, or a new list with the items, that stand behind it in braces."""
        listed: list[Value] = []
        for member in form.body:
            value = self.value(member)
            if member.kind != "assign" or not member.parts:
                listed.append(value)
            elif member.parts[0].text != "ArgumentList":
                target = member.parts[0]
                found = found.holding(target.text if target.kind == "name" else self.key(target.parts), value)
        if not listed:
            return found
        worst = join([replace(found, members=None), *listed])
        members = {str(place): value for place, value in enumerate(listed[:64])}
        return replace(worst, members=members, kind=found.kind, const=found.const, built=False)

    def settle(self) -> None:
        """Takes back cookies that are made secure behind their making."""
        super().settle()
        made = dict[str, list[int]]()
        for form in every(self.program.body) if self.program.language == "csharp" else ():
            if form.kind == "assign" and form.parts and _is_cookie(form.base):
                made.setdefault(form.parts[0].path, []).append(form.line)
        for form in every(self.program.body) if made else ():
            target = form.parts[0] if form.kind == "assign" and form.parts else None
            rule = _SETS.get(target.text, "") if target is not None else ""
            if rule and target is not None and target.base is not None and form.base is not None:
                for line in made.get(target.base.path, ()) if form.base.text != "false" else ():
                    self.found.pop((rule, line), None)

    def of_sharp(self, form: Form, given: list[Value]) -> None:
        """Calls that bind what a text holds, and words that are added to the command of a shell."""
        if form.text in _BINDS:
            self.queries = {line: kept for line, kept in self.queries.items() if not form.line <= line <= form.end}
        if form.text == "TryParse" and len(form.parts) > 1:
            self.store(form.parts[-1], GUESSED)
        list_ = form.base
        if form.text == "Add" and list_ is not None and list_.text == "ArgumentList" and list_.base is not None:
            start = self.value(list_.base)
            program = (start.members or {}).get("FileName", start)
            if SHELL.search(spelled(program.const) if program.known else program.before):
                for value in given:
                    self.sink("command-execution", value.whole, form.line, form.end, "")


def _is_cookie(form: Form | None) -> bool:
    return form is not None and form.kind == "new" and form.text.endswith(("Cookie", "CookieOptions"))

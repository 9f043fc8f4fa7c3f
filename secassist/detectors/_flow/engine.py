"""Follows values through the statements of a program, one call deep, and reports where an outsider's reach a sink."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from secassist.detectors._flow import fastapi, removed
from secassist.detectors._flow.calls import Calls
from secassist.detectors._flow.fold import truth
from secassist.detectors._flow.guards import Made, weigh
from secassist.detectors._flow.names import names_changed
from secassist.detectors._flow.rules import Compiled
from secassist.detectors._flow.sinks import MADE_AT, Found
from secassist.detectors._flow.value import HARMLESS, NOBODY, REQUEST, UNKNOWN, Value, join, replace
from secassist.parsing.forms import Form, Program

Env = dict[str, Value]
_THIS: Final = ("this", "self", "$this")
_FALLS_THROUGH: Final = frozenset({"java", "javascript", "typescript", "tsx", "c", "cpp", "csharp", "php"})
_HOSTS: Final = (".netloc", ".hostname", ".host", ".Host", ".getHost", ".authority", ".Hostname", ".origin")
_PLAIN_ROUTE: Final = frozenset({"int", "float", "uuid"})
_NUMBERS: Final = frozenset(
    {"int", "long", "float", "double", "bool", "boolean", "integer", "int32", "int64", "uint", "uint64", "number"}
    | {"short", "guid", "uuid", "size_t", "char"}
)
_UNCHECKED_TYPES: Final = frozenset({"python", "javascript", "typescript", "tsx", "ruby"})
"""Languages that do not hold a parameter to its declared type."""
MOST_LOOPS: Final = 3
"""Loops within one another that are gone through twice; deeper ones once."""


class Engine(Calls):
    """One program under one rule set; `run` once."""

    def __init__(self, program: Program, rules: Compiled) -> None:
        super().__init__(program, rules)
        self.loops = 0
        self.left_early: list[Env] = []
        self.does: dict[str, Callable[[Any, Form], str] | None] = {}
        self.fastapi = program.language == "python" and fastapi.used(program)

    def run(self) -> list[Found]:
        """Everything that is reported, in the order of lines, each rule once per line at its worst."""
        self.block(self.program.body)
        self.unseen(1, 1 << 30)
        changed = names_changed(self.program)
        self.shared = {
            name: _settled(name, value.cleaned("guess") if name in changed else value)
            for name, value in self.env.items()
        }
        for function in list(self.roots()):
            self.root(function)
        self.settle()
        return sorted(self.found.values(), key=lambda one: (one.line, one.rule))

    def roots(self) -> Iterator[Form]:
        """Every function, also those that are passed on or assigned."""
        seen: set[int] = set()
        for function in [*self.program.definitions, *self.met]:
            if id(function) not in seen:
                seen.add(id(function))
                yield function

    def root(self, function: Form) -> None:
        """A function as if somebody unknown called it."""
        handler = any(self.rules.handler.search(key) for key in function.keys)
        self.env = {**self.shared, **self.captured.get(id(function), {})}
        for name in _THIS:
            self.env[name] = NOBODY
        for param in function.parts:
            self.bind_param(param, self.given(param, function, handler))
        self.stack = [function]
        self.returns = []
        self.block(function.body)
        self.unseen(function.line, function.end)
        for rule, form, options in self.rules.returned:
            page = not self.fastapi or rule != "xss" or any(fastapi.PAGE.search(key) for key in function.keys)
            if page and any(form.search(key) for key in function.keys):
                for line, value in self.returns:
                    if not self.out_of_place(options, value, function, []):
                        self.sink(rule, value, line, line, "returned")

    def given(self, param: Form, function: Form, handler: bool) -> Value:
        """What an unknown caller gives for a parameter."""
        if (parts := self.taken_apart(param, function)) is not None:
            return parts
        if handler and self.fastapi and (sent := self.sent(param)) is not None:
            return sent
        if param.keys and any(self.rules.request.search(key) for key in param.keys):
            if self.program.language not in _UNCHECKED_TYPES and "all" in (typed := _by_type(param.keys[0])):
                return replace(NOBODY, kind=param.keys[0], clean=typed)
            return self.outside(param.line, param.text)
        if handler and param.text not in {"self", "request", "cls"}:
            routes = " ".join(function.keys)
            if any(f"{kind}:{param.text}>" in routes for kind in _PLAIN_ROUTE):
                return replace(NOBODY, clean=frozenset({"all"}))
            if not param.keys or not param.keys[0] or param.keys[0].startswith(("str", "String", "string")):
                return self.outside(param.line, param.text)
        if param.text == "event" and self.program.language == "python" and _invoked(function):
            return self.outside(param.line, param.text)
        kind = param.keys[0] if param.keys else ""
        clean = _by_type(kind)
        loose = self.program.language in _UNCHECKED_TYPES and clean
        return replace(NOBODY, kind=kind, clean=clean | {"guess"} if loose else clean)

    def sent(self, param: Form) -> Value | None:
        """What a client of FastAPI gives for a parameter, None where nothing special is known of it."""
        kind = param.keys[0] if param.keys else ""
        if fastapi.ours(param):
            return NOBODY
        if fastapi.checked(kind):
            return replace(NOBODY, kind=kind, clean=frozenset({"all"}))
        if parts := fastapi.fields(kind, self.program):
            harmless = replace(NOBODY, clean=frozenset({"all"}))
            return Value(
                members={
                    name: harmless if fastapi.checked(type_) else self.outside(param.line, f"{param.text}.{name}")
                    for name, type_ in parts.items()
                }
            )
        return self.outside(param.line, param.text) if kind.rpartition(".")[2] == "UploadFile" else None

    def bind_param(self, param: Form, value: Value) -> None:
        """Gives a parameter (or the names of its pattern) a value."""
        if param.parts:
            self.store(param.parts[0], value)
        if param.text:
            self.env[param.text] = value

    # statements: "" goes on, "break" leaves a loop or switch, "return" leaves the function

    def block(self, forms: Iterable[Form]) -> str:
        """Statements in order, until one of them leaves."""
        for form in forms:
            if self.spent():
                return "return"
            left = self.statement(form)
            if left:
                return left
        return ""

    def statement(self, form: Form) -> str:
        """One statement, or an expression that stands for itself."""
        kind = form.kind
        if kind not in self.does:
            self.does[kind] = getattr(type(self), f"do_{kind}", None)
        if (does := self.does[kind]) is not None:
            return does(self, form)
        self.value(form)
        return "return" if form.kind == "call" and self.never_returns(form) else ""

    def do_block(self, form: Form) -> str:
        return self.block(form.body)

    def do_class(self, form: Form) -> str:
        before = dict(self.env)
        self.block(form.body)
        for name, value in before.items():
            self.env[name] = value
        return ""

    def do_if(self, form: Form) -> str:
        said = truth(self.value(form.base).const) if form.base else None
        yes, no = weigh(self.asked.spelled(form.base), self.rules, self.quiet)
        if said is not None:
            self.make(yes if said else no)
            return self.block(form.body if said else form.orelse)
        before = dict(self.env)
        self.make(yes)
        first = self.block(form.body)
        then, self.env = self.env, before
        self.make(no)
        second = self.block(form.orelse)
        return self.merge([(then, first), (self.env, second)])

    def merge(self, ends: list[tuple[Env, str]]) -> str:
        """After a branching: what holds of all ends that go on."""
        self.left_early += [env for env, left in ends if left == "break"]
        open_ = [env for env, left in ends if not left]
        if not open_:
            return "return" if all(left == "return" for _, left in ends) else "break"
        self.env = _joined(open_)
        return ""

    def do_loop(self, form: Form) -> str:
        walked = self.value(form.base) if form.base else HARMLESS
        yes, no = weigh(form.base, self.rules, self.quiet) if form.text == "while" else ({}, {})
        if form.text == "while" and walked.const in (False, 0) and walked.const is not None and walked.known:
            return ""
        before, kept = dict(self.env), self.left_early
        self.left_early, self.loops = [], self.loops + 1
        for _ in range(2 if self.loops <= MOST_LOOPS and form.text != "do" else 1):
            if form.text == "each":
                item = walked.member("") if walked.members or not walked.known else HARMLESS
                apart = len(form.parts) > 1 and self.program.language == "python" and bool(item.members)
                for place, target in enumerate(form.parts):
                    self.store(target, item.member(str(place)) if apart else item)
            self.make(yes)
            self.block(form.body)
            self.env = _joined(
                [self.env, *self.left_early] if form.text == "do" else [self.env, before, *self.left_early]
            )
        self.loops -= 1
        self.left_early = kept
        self.make(no)
        return ""

    def do_switch(self, form: Form) -> str:
        value = self.value(form.base) if form.base else HARMLESS
        chosen = self.chosen(form, value) if value.known else None
        if chosen is not None:
            left = self.block(statement for case in chosen for statement in case.body)
            return "" if left == "break" else left
        before, ends, kept = dict(self.env), list[tuple[Env, str]](), self.left_early
        self.left_early = []
        for case in form.body:
            self.env = dict(before)
            if case.parts and form.base is not None and form.base.path:
                self.make({form.base.path: frozenset({"all"})})
            left = self.block(case.body)
            ends.append((self.env, "" if left == "break" else left))
        if all(case.parts for case in form.body):
            ends.append((before, ""))
        left = self.merge(ends)
        self.env = _joined([self.env, *self.left_early])
        self.left_early = kept
        return left

    def chosen(self, form: Form, value: Value) -> list[Form] | None:
        """The cases that a constant leads to; None where a label is no constant."""
        start = None
        for place, case in enumerate(form.body):
            labels = [self.value(part) for part in case.parts]
            if not all(label.known for label in labels):
                return None
            if any(label.const == value.const for label in labels):
                start = place
                break
        if start is None:
            start = next((place for place, case in enumerate(form.body) if not case.parts), len(form.body))
        falls = self.program.language in _FALLS_THROUGH
        return list(form.body[start : None if falls else start + 1])

    def do_try(self, form: Form) -> str:
        before = dict(self.env)
        left = self.block(form.body)
        ends = [(self.env, left)]
        start = _joined([before, self.env])
        for handler in form.orelse:
            self.env = dict(start)
            ends.append((self.env, self.block(handler.body)))
            ends[-1] = (self.env, ends[-1][1])
        return self.merge(ends)

    def do_return(self, form: Form) -> str:
        value = self.value(form.base) if form.base else HARMLESS
        plain = self.program.language == "python" and form.base is not None and _no_page(form.base)
        self.returns.append((form.line, value.cleaned("html", "htmlq") if plain else value))
        return "return"

    def do_raise(self, form: Form) -> str:
        if form.base is not None:
            self.value(form.base)
        return "return"

    def do_break(self, _form: Form) -> str:
        return "break"

    def do_continue(self, _form: Form) -> str:
        return "break"

    def make(self, made: Made) -> None:
        """Values that a condition found harmless."""
        for path, kinds in made.items():
            if path.endswith(_HOSTS) and kinds & {"all", "url"}:
                self.known_host(path)
            value = self.env.get(path) or self.at.get(path)
            if value is not None and value.level:
                more = kinds
                if "start" in kinds and "norm" in value.clean | kinds:
                    more = kinds | {"path"}
                elif "start" in kinds:
                    more = kinds - {"path"}
                if (
                    "not up" in kinds and "norm" in value.clean
                ):  # `..` would stand in front of a path that is made plain
                    more = kinds | self.rules.dotless
                if "dotless" in more:
                    more = _without_dots(value, more)
                more = removed.kinds(value.clean | more)
                if {"path", "start"} <= more:
                    self.kept_below |= {mark for mark in value.clean if mark.startswith(MADE_AT)}
                if {"quoted", "inner"} <= more:  # begins and ends as a text, without its mark inside
                    more |= {"code"}
                self.env[path] = replace(value, clean=value.clean | more)

    def known_host(self, path: str) -> None:
        """The host of an address was asked for: whatever came in with it is a known address."""
        asked = self.env.get(path) or self.at.get(path)
        if asked is None or not asked.source:
            return
        for name, value in self.env.items():
            if value.level == REQUEST and (value.line, value.source) == (asked.line, asked.source):
                self.env[name] = replace(value, clean=value.clean | {"url"})


def _without_dots(value: Value, kinds: frozenset[str]) -> frozenset[str]:
    """What holds of a path in which no `..` was found: a folder that it stands behind is not left, but the root can be meant.

    Of a path that was made plain it says nothing: each `..` has done its work.
    """
    plain = "norm" in value.clean and value.before.startswith("/")
    if "joined" in value.clean or plain:
        return kinds - {"dotless"}
    return kinds | {"path"} if value.clean & {"behind", "behind?"} else kinds


def _settled(name: str, value: Value) -> Value:
    """A value of the file as functions may find it: what can have changed until then is no constant any more."""
    if value.known and not isinstance(value.const, str) and not name.lstrip("_").isupper():
        return replace(value, const=UNKNOWN)
    return value


def _no_page(form: Form) -> bool:
    """Whether what Flask answers with is no page: a dictionary, or a text whose header says so."""
    if form.kind != "list" or len(form.parts) < 2:
        return form.kind == "map"
    headers = form.parts[-1]
    said = [part.text for key, part in zip(headers.keys, headers.parts, strict=False) if key.lower() == "content-type"]
    return headers.kind == "map" and bool(said) and said[0].startswith(("text/plain", "application/json"))


def _invoked(function: Form) -> bool:
    """Whether it is a function that a cloud service calls with what came in: `handler(event, context)`."""
    return [param.text.lstrip("_") for param in function.parts] == ["event", "context"]


def _by_type(kind: str) -> frozenset[str]:
    """Numbers cannot carry anything."""
    plain = kind.strip("*& ").removeprefix("Optional[").rstrip("]?").lower()
    return frozenset({"all"}) if plain in _NUMBERS and "*" not in kind else frozenset()


def _joined(ends: list[Env]) -> Env:
    """What holds after a branching: most names are the same value on all paths."""
    first, *rest = ends
    if not rest:
        return first
    found = dict(first)
    for other in rest:
        for name, value in other.items():
            known = found.get(name)
            if known is value:
                continue
            if known is not None:
                found[name] = join((known, value))
            elif "." not in name and "[" not in name:
                found[name] = value
    for name in [name for name in found if "." in name or "[" in name]:  # made harmless on one path only
        if any(name not in env for env in ends):
            del found[name]
    return found

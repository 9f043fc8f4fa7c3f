"""What Java's and Python's libraries give back: places of lists, pairs of maps, functions kept as values, records, fields."""

import re
from typing import Final

from secassist.detectors._flow import several
from secassist.detectors._flow.containers import collected
from secassist.detectors._flow.containers import several as many
from secassist.detectors._flow.names import every
from secassist.detectors._flow.rules import Called, Compiled
from secassist.detectors._flow.script import Script
from secassist.detectors._flow.value import HARMLESS, REQUEST, UNKNOWN, Value, constant, join, replace
from secassist.parsing.forms import Form, Program

_COUNTS: Final = frozenset({"len", "ord", "strlen"})
"""Functions of a language itself that give numbers."""
_NUMBERS_OF: Final = frozenset(
    {"length", "size", "isEmpty", "equals", "equalsIgnoreCase", "hashCode", "indexOf", "lastIndexOf"}
)
"""Methods of Java that give numbers and yes or no, whoever has them."""
_SAME: Final = frozenset({"Object.freeze", "Object.seal", "Promise.resolve", "structuredClone"})
"""Calls that give back what they are given."""
RUNS: Final = frozenset({"get", "apply", "test", "accept", "call", "run", "Invoke", "applyAsInt", "getAsInt"})
"""Methods that run the function which they are called on."""
_TAKE_FIRST: Final = frozenset({"shift", "popleft", "poll", "pollFirst", "removeFirst", "Dequeue"})
_TAKE_LAST: Final = frozenset({"pop", "pollLast", "removeLast", "Pop"})
_IN_FRONT: Final = ("ArrayDeque", "LinkedList", "Deque")
"""Types whose `pop` takes from the front."""
_EMPTY: Final = re.compile(r"^(?:collections\.)?(?:deque|list|OrderedDict|dict)$")
_BUFFERS: Final = frozenset({"StringIO", "BytesIO"})
_RECORDS: Final = re.compile(r"\bdataclass\b|\battr\.s\b|\battrs\b|\bdefine\b")
_PROPERTY: Final = re.compile(r"^@(?:\w{1,30}\.)?(?:cached_)?property$")
_BARE_FIELDS: Final = frozenset({"java", "csharp"})
"""Languages in which a field is called by its name alone."""


class Library(Script):
    """The part of the engine that knows what comes with a language; calls are added in `_flow/calls`."""

    loops = 0
    """Loops around the statement at hand."""

    def __init__(self, program: Program, rules: Compiled) -> None:
        super().__init__(program, rules)
        self.getters = {one.text for one in program.definitions if any(map(_PROPERTY.match, one.keys))}
        self.fields_of = dict(_records(program)) if program.language in {"java", "python"} else {}

    def store(self, target: Form, value: Value) -> None:
        """Puts a value where it is assigned; `this.a = x` is `a = x` where fields are called by their names."""
        super().store(target, value)
        if self.program.language not in _BARE_FIELDS:
            return
        if (
            target.kind == "attr"
            and target.base is not None
            and target.base.text == "this"
            and target.text in self.shared
        ):
            self.env[target.text] = value
        elif target.kind == "name":
            this = self.env.get("this")
            if this is not None and this.members and target.text in this.members:
                self.env["this"] = this.holding(target.text, value)

    def bare_fields(self, inner: dict[str, Value], own: Value) -> None:
        """In a method the fields of its object are called by their names."""
        if self.program.language in _BARE_FIELDS and own.members:
            inner.update({name: value for name, value in own.members.items() if name in self.shared})

    def kept_fields(self, form: Form, start: dict[str, Value], kept: dict[str, Value], made: Value) -> None:
        """What a method of the same object left in its fields."""
        own = form.base is None or form.base.text == "this"
        if not own or form.kind == "new" or self.program.language not in _BARE_FIELDS:
            return
        for name in self.shared:
            if (now := self.env.get(name)) is not None and now is not start.get(name):
                kept[name] = now
        if made.members:
            kept["this"] = made

    def of_attr(self, form: Form) -> Value:
        """A member; a property is gone into, the length of a list of known places is worked out."""
        found = super().of_attr(form)
        if form.text in {"length", "Length"} and self.program.language in {"java", "javascript", "csharp"}:
            members = self.quiet(form.base).members if form.base is not None else None
            if members and all(key.isdigit() for key in members):
                return constant(len(members))
            return HARMLESS if self.program.language == "java" else found
        if form.text not in self.getters or form.base is None:
            return found
        holder = self.quiet(form.base)
        getter = self.program.functions.get(f"{holder.kind.rpartition('.')[2]}.{form.text}")
        return self.enter(getter, [], holder, form) if getter is not None and self.can_enter(getter) else found

    def enter(self, function: Form, given: list[Value], receiver: Value | None, form: Form) -> Value:
        """Goes through a called function with these arguments."""
        raise NotImplementedError

    def can_enter(self, function: Form) -> bool:
        """Whether the call is not too deep and not a recursion."""
        raise NotImplementedError

    def maker(self, name: str) -> Form | None:
        """What makes an object of a class of this file in Python, where that does not depend on another class."""
        made = self.program.functions.get(f"{name}.__init__") if self.program.language == "python" else None
        if made is None or any(one.kind == "call" and one.text == "super" for one in every(made.body)):
            return None
        return made

    def given_back(self, called: Called, given: list[Value], new: Value) -> Value:
        """What a call gives back that changed what it was called on."""
        if called.last == "setdefault" and given:
            return new.member(str(given[0].const) if given[0].known else "")
        return new if new.kind == "text" else HARMLESS

    def rest(self, placed: list[Value], named: dict[str, Value]) -> Value:
        """What a parameter holds that takes all arguments that are left."""
        if len(placed) == 1 and placed[0].kind == "list":
            return placed[0]
        members = {str(place): value for place, value in enumerate(placed)} if placed else dict(named)
        worst = join([*placed, *named.values()])
        return replace(worst, members=members, kind="list" if placed else "map", const=UNKNOWN, function=None)

    def answered(self, found: Value, answers: list[Value]) -> Value:
        """A result of a call that was given functions: it may be what they gave back."""
        outside = [value for value in answers if value.level == REQUEST]
        return join([found, *outside]) if outside and self.program.language in {"java", "python", "csharp"} else found

    def recorded(self, form: Form, called: Called, given: list[Value], receiver: Value | None) -> Value | None:
        """A new record with its fields, or a field of one that is asked for by a call."""
        if self.program.language == "java" and receiver is not None and receiver.kind in self.fields_of and not given:
            return (receiver.members or {}).get(called.last)
        fields = self.fields_of.get(called.last) if called.new or form.base is None else None
        if fields is None or "*" in form.keys or "**" in form.keys or len(given) > len(fields):
            return None
        members = {key or fields[place]: value for place, (key, value) in enumerate(zip(form.keys, given, strict=True))}
        return Value(members=members, kind=called.last)

    def taken_off(self, form: Form, called: Called, given: list[Value], receiver: Value | None) -> Value | None:
        """`list.shift()`, `list.pop()`, `array_shift($list)`, `array_push($list, $x)` of lists whose places are known."""
        if called.path in _SAME and given:
            return given[0]
        apart = called.path.startswith("array_") and bool(given)
        held, target = (given[0], form.parts[0]) if apart else (receiver, form.base)
        members = held.members if held is not None else None
        if held is None or target is None or not members or self.loops or not all(map(str.isdigit, members)):
            return None
        if called.path == "array_push":
            self.store(target, several.extended(held, given[1:], form.keys[1:]))
            return HARMLESS
        name, last = called.last.removeprefix("array_"), len(members) - 1
        first = name in _TAKE_FIRST or (name == "pop" and held.kind.startswith(_IN_FRONT))
        if not (first or name in _TAKE_LAST) or len(given) != apart:
            return None
        kept = (1, None) if first else (0, constant(last))
        self.store(target, several.sliced(held, constant(kept[0]), kept[1]))
        return list(members.values())[0 if first else last]

    def of_language(self, called: Called, given: list[Value], receiver: Value | None) -> Value | None:
        """What a language's own functions give back where that is certain: numbers, one of several."""
        if called.path in _COUNTS and len(given) == 1 and isinstance(given[0].const, str):
            return constant(len(given[0].const))
        if called.path in _COUNTS or called.last == "hexdigest":
            return HARMLESS
        if self.program.language == "python" and (made := self.walked(called, given, receiver)) is not None:
            return made
        if self.program.language == "java":
            if called.last in _NUMBERS_OF and receiver is not None and receiver.function is None:
                return HARMLESS
            return collected(called.path, given)
        if called.path == "next" and given:
            return join([given[0].member(""), *given[1:]])
        return None

    def walked(self, called: Called, given: list[Value], receiver: Value | None) -> Value | None:
        """What Python's own functions make of containers."""
        if _EMPTY.match(called.path) and not given:
            return Value(members={}, kind=called.path.rpartition(".")[2])
        if called.path == "zip" and given:
            return many(_pair([one.member("") for one in given]))
        if called.path == "enumerate" and given:
            return many(_pair([HARMLESS, given[0].member("")]))
        held = receiver.members if receiver is not None else None
        if called.last in {"items", "values", "keys"} and not given and receiver is not None and held is not None:
            if called.last == "values" or "*" in held:
                return many(receiver.member("")) if called.last == "values" else None
            return many(HARMLESS if called.last == "keys" else _pair([HARMLESS, receiver.member("")]))
        if called.last in _BUFFERS and given:
            return replace(given[0], kind=called.path, const=UNKNOWN, members=None)
        return None


def _pair(values: list[Value]) -> Value:
    worst = join(values)
    members = {str(place): value for place, value in enumerate(values)}
    return Value(worst.level, clean=worst.clean, members=members, kind="list", line=worst.line, source=worst.source)


def _records(program: Program) -> list[tuple[str, tuple[str, ...]]]:
    """(name, fields in order) of the classes that only hold values."""
    found = []
    for form in every(program.body):
        if form.kind != "class":
            continue
        fields = tuple(param.text for param in form.parts)
        if any(map(_RECORDS.search, form.keys)):
            fields = tuple(one.parts[0].text for one in form.body if one.kind == "assign" and one.keys and one.parts)
        if fields and f"{form.text}.__init__" not in program.functions:
            found.append((form.text, fields))
    return found

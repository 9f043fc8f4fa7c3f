"""What is known of a value while a program is followed: who decides it, what it was cleaned for, what it surely is."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from secassist.parsing.forms import Form

FIXED, OPEN, REQUEST = 0, 1, 2
"""Who decides a value: the program; nobody knows; an outsider."""
UNKNOWN: Final = object()
MOST_FIELDS: Final = 64
"""Members of one container that are told apart."""
LONGEST_TEXT: Final = 4_000


@dataclass(frozen=True, slots=True)
class Value:
    """`const` is UNKNOWN or the value itself; `before` the constant text in front of the first part that is not;
    `built` that constant text was joined with such a part; `clean` the kinds of sink it is harmless in ("all" for every;
    "ours" that only constants went into the call it comes from; "query" that it has a `?` or `#`; "far" that a call may
    have made something else of it);
    `kind` a type; `members` what a container holds by key, "*" for the rest; `line`/`source` where an outsider came in.
    """

    level: int = FIXED
    const: Any = UNKNOWN
    clean: frozenset[str] = frozenset()
    built: bool = False
    before: str = ""
    kind: str = ""
    members: Mapping[str, "Value"] | None = None
    line: int = 0
    source: str = ""
    function: Form | None = field(default=None, repr=False)

    @property
    def known(self) -> bool:
        """Whether it is a constant."""
        return self.const is not UNKNOWN

    def cleaned(self, *kinds: str) -> "Value":
        """The same, harmless in these kinds of sink too."""
        return replace(self, clean=self.clean | set(kinds), const=self.const)

    def member(self, key: str) -> "Value":
        """What it holds under a key; a part of an outsider's value is an outsider's."""
        if self.members is None:
            return replace(self, const=UNKNOWN, members=None, function=None, kind="") if self.level else NOBODY
        if key and key in self.members:
            return self.members[key]
        rest = self.members.get("*", HARMLESS)
        return rest if key else join([rest, *self.members.values()])

    def holding(self, key: str, value: "Value") -> "Value":
        """The same container after something was put into it."""
        members = dict(self.members or ({"*": replace(self, members=None)} if self.level else {}))
        if not key or len(members) >= MOST_FIELDS:
            key = "*"
            value = join([members["*"], value]) if "*" in members else value
        members[key] = value
        return replace(self, members=members, const=UNKNOWN)

    @property
    def whole(self) -> "Value":
        """A container as one value: the worst of what it holds."""
        if not self.members:
            return self
        worst = join(self.members.values())
        return worst if worst.level >= self.level else replace(self, members=None)


_QUERY: Final = re.compile(r"[?#]")
HARMLESS: Final = Value()
NOBODY: Final = Value(level=OPEN)


def constant(value: Any) -> Value:
    """A value that the program spells out."""
    if isinstance(value, str):
        value = value[:LONGEST_TEXT]
        return Value(const=value, before=value[-400:])
    return Value(const=value)


def join(values: Iterable[Value]) -> Value:
    """What holds of a value that may be any of these."""
    each = list(values)
    if not each:
        return HARMLESS
    worst = each[0]
    if len(each) == 1:
        return worst
    for value in each:
        if (value.level, not value.clean) > (worst.level, not worst.clean):
            worst = value
    if not worst.level and all(value.members is None and value.function is None for value in each):
        return _of_fixed(each)
    open_ = [value for value in each if value.level]
    clean = frozenset.intersection(*(value.clean for value in open_)) if open_ else frozenset()
    same = all(value.known and value.const == worst.const for value in each)
    members = _joined_members(each) if any(value.members for value in each) else None
    kinds = {value.kind for value in each if value.kind}
    return replace(
        worst,
        clean=clean,
        const=worst.const if same else UNKNOWN,
        built=any(value.built for value in each),
        kind=kinds.pop() if len(kinds) == 1 else "",
        members=members,
        function=next((value.function for value in each if value.function), None),
    )


def _of_fixed(each: list[Value]) -> Value:
    """One of several that the program fixes: nothing is left but what they have in common."""
    first = each[0]
    if all(value.const is first.const or (value.known and value.const == first.const) for value in each):
        return first
    kind = first.kind if all(value.kind == first.kind for value in each) else ""
    return Value(kind=kind) if kind else HARMLESS


def _joined_members(each: list[Value]) -> dict[str, Value]:
    keys = dict.fromkeys(key for value in each for key in value.members or ())
    found = {}
    for key in list(keys)[:MOST_FIELDS]:
        found[key] = join(
            [value.members.get(key, HARMLESS) if value.members else replace(value, members=None) for value in each]
        )
    return found


def text(parts: Iterable[Value]) -> Value:
    """Parts joined to one text."""
    each = [part.whole for part in parts]
    if all(part.known for part in each):
        return constant("".join(spelled(part.const) for part in each))
    before, level = "", FIXED
    for part in each:
        if part.known:
            before += spelled(part.const)
        else:
            before += part.before
            break
    open_ = [part for part in each if part.level]
    worst = max(open_, key=lambda part: (part.level, not part.clean), default=HARMLESS)
    level = worst.level
    clean = frozenset.intersection(*(part.clean for part in open_)) if open_ else frozenset()
    if level == REQUEST and _in_query(each):
        clean |= {"url"}
    elif level == OPEN and any(part.known and _QUERY.search(spelled(part.const)) for part in each):
        clean |= {"query"}
    built = bool(open_) and (len(each) > 1 or any(part.built for part in each))
    return Value(level, UNKNOWN, clean, built, before[-400:], "", None, worst.line, worst.source)


def _in_query(parts: list[Value]) -> bool:
    """Whether an outsider's part only begins behind the `?` or `#` of an address, where it cannot choose the host."""
    ours = ""
    for part in parts:
        if part.level == REQUEST:
            return _QUERY.search(ours) is not None
        ours += spelled(part.const) if part.known else "?" if "query" in part.clean else part.before
    return False


def spelled(value: Any) -> str:
    """A constant as it stands in a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)[:LONGEST_TEXT]

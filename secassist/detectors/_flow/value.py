"""What is known of a value while a program is followed: who decides it, what it was cleaned for, what it surely is."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from secassist.parsing.forms import Form

FIXED, OPEN, REQUEST = 0, 1, 2
"""Who decides a value: the program; nobody knows; an outsider."""
UNKNOWN: Final = object()
MOST_FIELDS: Final = 64
"""Members of one container that are told apart."""
LONGEST_TEXT: Final = 4_000
LONGEST_AFTER: Final = 400
"""Characters of constant text that are kept in front of and behind what is none."""


@dataclass(slots=True)
class Value:
    """Never changed once made; not frozen, since a frozen one takes three times as long to make, and most of the time that
    a file takes goes into making them.

    `const` is UNKNOWN or the value itself; `before` the constant text in front of the first part that is not;
    `built` that constant text was joined with such a part; `clean` the kinds of sink it is harmless in ("all" for every;
    "x?" that what an outsider put into it is harmless in x, and of the rest nobody knows; "behind" that all of an outsider's
    stands behind something else; "dotless" that it holds no `..`; "joined" that it was joined to a folder and made plain;
    "ours" that only constants went into the call it comes from; "query" that it has a `?` or `#`; "self" that it is the address
    a request came under; "far" that a call may
    have made something else of it; "guess" that this rests on a name or a convention, so that it proves nothing);
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
    after: str = ""
    """Constant text behind the last part that is none; it begins with ' where that part stood between such marks."""

    @property
    def known(self) -> bool:
        """Whether it is a constant."""
        return self.const is not UNKNOWN

    def cleaned(self, *kinds: str) -> "Value":
        """The same, harmless in these kinds of sink too."""
        return replace(self, clean=self.clean | set(kinds), const=self.const)

    def less(self, kind: str) -> "Value":
        """The same, no longer known to be of this kind."""
        return replace(self, clean=self.clean - {kind}, const=self.const) if kind in self.clean else self

    def member(self, key: str) -> "Value":
        """What it holds under a key; a part of an outsider's value is an outsider's."""
        if self.members is None:
            return replace(self, const=UNKNOWN, members=None, function=None, kind="") if self.level else NOBODY
        if key[:1] == "-" and key[1:].isdigit() and all(one.isdigit() for one in self.members):
            key = str(len(self.members) + int(key))
        if key and key in self.members:
            return self._guessed(self.members[key])
        rest = self.members.get("*", HARMLESS if not key else GUESSED)
        return self._guessed(rest if key else join([rest, *self.members.values()]))

    def _guessed(self, part: "Value") -> "Value":
        """What stands in something that others may have changed is no better known than that."""
        return part.cleaned("guess") if "guess" in self.clean and "guess" not in part.clean else part

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
        worst = self._guessed(join(self.members.values()))
        return worst if worst.level >= self.level else replace(self, members=None)


def replace(value: Value, **changes: Any) -> Value:
    """The same with other fields; what `dataclasses.replace` does, in a fifth of its time."""
    made = _NEW(Value)
    made.level, made.const, made.clean, made.built = value.level, value.const, value.clean, value.built
    made.before, made.kind, made.members, made.line = value.before, value.kind, value.members, value.line
    made.source, made.function, made.after = value.source, value.function, value.after
    for name, new in changes.items():
        setattr(made, name, new)
    return made


_NEW: Final = object.__new__
_NOTHING: Final[frozenset[str]] = frozenset()
_QUERY: Final = re.compile(r"[?#]")
_SLASH: Final = re.compile(r"(?i)['\"\s]{0,3}(?:(?:location|refresh|redirect)\s{0,3}:\s{0,3}['\"]?)?/")
_SLASHES: Final = re.compile(r"\s{0,8}[/\\]{2}[^/?#]*")
"""Two slashes, behind which the host stands: a path of the site becomes one with a slash in front."""
_MARK: Final = re.compile(r"['\"`]\s{0,8}%?$")
_BARE: Final = re.compile(
    r"(?i)=\s{0,8}$|<(?:script|style)\b[^<]{0,200}$|<!--[^>]{0,200}$|\son\w{2,20}\s?=\s?[\"'][^\"']{0,200}$|"
    r"(?:href|src|action)\s?=\s?[\"']\s?$"
)
"""Places of a page where escaping does not help."""
_QUOTED: Final = frozenset({"sqlq", "xpathq", "ldapq", "codeq"})
"""Kinds of cleaning that count between quotation marks only."""
HARMLESS: Final = Value()
GUESSED: Final = Value(clean=frozenset({"guess"}))
"""What the name of a call or a constant promises to be harmless."""
NOBODY: Final = Value(level=OPEN)
UNSET: Final = Value(level=OPEN, clean=frozenset({"code", "unset"}))
"""A variable that nothing in a page sets: there is no code in it."""


def constant(value: Any) -> Value:
    """A value that the program spells out."""
    if isinstance(value, str):
        value = value[:LONGEST_TEXT]
        return Value(const=value, before=value[-LONGEST_AFTER:])
    return Value(const=value)


def join(values: Iterable[Value]) -> Value:
    """What holds of a value that may be any of these."""
    each = list(values)
    if not each:
        return HARMLESS
    worst = each[0]
    if len(each) == 1:
        return worst
    if (worst.level or worst.function is None) and worst.members is None and all(value is worst for value in each):
        return worst
    function, contained, held, built = worst.function, False, False, False
    for value in each:
        if value.level > worst.level or (value.level == worst.level and worst.clean and not value.clean):
            worst = value
        if value.members is not None:
            contained, held = True, held or bool(value.members)
        built = built or value.built
        function = function or value.function
    if not worst.level and not contained and function is None:
        return _of_fixed(each)
    open_ = unfit(each)
    if open_:
        worst = open_[0] if len(open_) == 1 else max(open_, key=lambda value: (value.level, not value.clean))
    same = worst.const is not UNKNOWN and all(value.known and value.const == worst.const for value in each)
    return Value(
        worst.level,
        worst.const if same else UNKNOWN,
        _kept(open_, each),
        built,
        worst.before,
        _shared({value.kind for value in each if value.kind}),
        _joined_members(each) if held else None,
        worst.line,
        worst.source,
        function,
        worst.after,
    )


def _kept(open_: list[Value], each: Iterable[Value]) -> frozenset[str]:
    """What all that others decide is harmless in ("x?": what an outsider does, if not all), whether anything is a guess."""
    clean = frozenset.intersection(*[value.clean for value in open_]) if open_ else _NOTHING
    outside = [value.clean for value in open_ if value.level == REQUEST]
    if outside and len(outside) < len(open_) and all(outside):
        marked = (one | {f"{kind}?" for kind in one if kind[-1] != "?"} for one in outside)
        clean |= {kind for kind in frozenset.intersection(*marked) if kind[-1] == "?"}
    for value in each:
        if "guess" in value.clean:
            return clean | {"guess"}
    return clean


def unfit(values: Iterable[Value]) -> list[Value]:
    """Those that the program does not decide, without those that do no harm anywhere where others may."""
    open_ = [value for value in values if value.level]
    return [value for value in open_ if "all" not in value.clean] or open_


def _of_fixed(each: list[Value]) -> Value:
    """One of several that the program fixes: nothing is left but what they have in common."""
    first = each[0]
    if all(value.const is first.const or (value.known and value.const == first.const) for value in each):
        return first
    kind = _shared({value.kind for value in each})
    guessed = _kept([], each)
    return Value(kind=kind, clean=guessed) if kind or guessed else HARMLESS


def _shared(kinds: set[str]) -> str:
    """The one kind, "" for several; a builder that was written to on one path only is a text."""
    if len(kinds) == 2 and "text" in kinds and any("Build" in kind or "Buffer" in kind for kind in kinds):
        return "text"
    return next(iter(kinds)) if len(kinds) == 1 else ""


def _joined_members(each: list[Value]) -> dict[str, Value]:
    keys = dict.fromkeys(key for value in each for key in value.members or ())
    plain = [(value.members, value if value.members is None else replace(value, members=None)) for value in each]
    found = {}
    for key in list(keys)[:MOST_FIELDS]:
        found[key] = join([members.get(key, HARMLESS) if members else alone for members, alone in plain])
    return found


def text(parts: Iterable[Value]) -> Value:
    """Parts joined to one text."""
    each = [part.whole for part in parts]
    if all(part.known for part in each):
        whole = constant("".join(spelled(part.const) for part in each))
        return whole.cleaned("guess") if any("guess" in part.clean for part in each) else whole
    before, level = "", FIXED
    for part in each:
        if part.known:
            before += spelled(part.const)
        else:
            before += part.before
            break
    standing = _standing(each)
    open_ = unfit(part for part, _ in standing)
    worst = max(open_, key=lambda part: (part.level, not part.clean), default=HARMLESS)
    level = worst.level
    clean = _kept(open_, each)
    if "unslashed" in _first(standing).clean and _SLASH.fullmatch(before):
        clean |= {"url"}
    elif _SLASHES.fullmatch(before):
        clean -= {"url"}
    if level == REQUEST and _in_query(each):
        clean |= {"url"}
    elif level == OPEN and any(part.known and _QUERY.search(spelled(part.const)) for part in each):
        clean |= {"query"}
    built = bool(open_) and (len(each) > 1 or any(part.built for part in each))
    after = standing[-1][1] if standing else ""
    return Value(
        level,
        UNKNOWN,
        clean,
        built,
        before[-LONGEST_AFTER:],
        "",
        None,
        worst.line,
        worst.source,
        after=after[-LONGEST_AFTER:],
    )


def _first(standing: list[tuple[Value, str]]) -> Value:
    """The part that is no constant and stands in front of all others."""
    return standing[0][0] if standing else HARMLESS


def _standing(parts: list[Value]) -> list[tuple[Value, str]]:
    """Each part that is no constant with what the text around it makes of it, and the constant text behind it.

    What is harmless between quotation marks only is so behind the first such part too only where a mark stands in front
    of it; between single marks it may be harmless as code ("codeq").
    """
    found: list[tuple[Value, str]] = []
    lead = ""
    for part in parts:
        if part.known:
            lead += spelled(part.const)
            if found:
                found[-1] = found[-1][0], lead
            continue
        clean, inside = part.clean, _inside(lead)
        if lead:  # what was made plain before it was put behind another text
            clean -= {"norm"}
        if part.level == REQUEST and (found or lead.strip("/\\")):
            clean |= {"behind", "path"} if "dotless" in clean else {"behind"}  # a folder that `..` alone could leave
        lead += part.before
        if part.before and inside:
            clean -= {"code"}
        if found and not _MARK.search(lead):
            clean -= _QUOTED
        if found and _BARE.search(lead):
            clean -= {"html", "htmlq"}
        if _inside(lead):
            if found:
                clean -= {"shell"}  # a quoted word between quotation marks ends them
            if "codeq" in clean and not lead.endswith("\\"):
                clean |= {"code"}
        known = part if clean == part.clean else replace(part, clean=clean)
        lead = part.after or ("'" if _inside(lead) else "")
        found.append((known, lead))
    return found


def _inside(lead: str) -> bool:
    """Whether a single quotation mark is open behind this text."""
    return lead.count("'") % 2 == 1


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

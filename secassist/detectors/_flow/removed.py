"""Characters that a text cannot hold any more, since they were taken out, escaped or refused, and what that is good for."""

import re
from collections.abc import Callable
from typing import Final

from secassist.detectors._flow.value import Value
from secassist.parsing.forms import Form

_NEEDED: Final = (
    ("\r\n", ("log", "header")),
    ("'\"", ("sqlq", "xpathq")),
    ("<>", ("html",)),
    ("<>'\"", ("htmlq",)),
    ("*()\\", ("ldap", "ldapq")),
)
"""(characters, kinds of sink in which a text without all of them is harmless)."""
_CLASS: Final = re.compile(r"\[(\^?)((?:\\.|[^\]\\]){1,60})\]\+?")
_PLAIN: Final = re.compile(r"(?:a-z|A-Z|0-9|a-f|A-F|\\w|\\d|_|\w|\\?-$)+")
"""What a class of characters holds whose members do no harm anywhere."""
_ESCAPES: Final = {"r": "\r", "n": "\n", "t": "\t", "0": "\0"}
_REPLACES: Final = frozenset({"Replace", "ReplaceAll"})
_BY_PATTERN: Final = frozenset({"Replace", "ReplaceAllString", "ReplaceAllLiteralString"})
_CUTS: Final = {"lstrip": 0, "ltrim": 1, "TrimLeft": 1, "TrimStart": 0}
"""Calls that cut off the characters of a set in front, and the first argument that names some."""
_LEADING: Final = re.compile(r"/?\^\[((?:\\.|[^\]\\^]){1,60})\][+*]/?")
_AHEAD: Final = frozenset("/\\\t\r\n")
"""What browsers take for a slash in front of an address, or leave out before one."""
_ASKS: Final = frozenset(
    {"contains", "includes", "ContainsAny", "IndexAny", "IndexOfAny", "Contains", "ContainsRune", "IndexByte"}
)
Evaluate = Callable[[Form], Value]


def kinds(clean: frozenset[str]) -> frozenset[str]:
    """What follows for a text from the characters that it is known not to hold (`-c` in `clean`)."""
    gone = {one[1:] for one in clean if one[0] == "-"}
    found = {kind for needed, each in _NEEDED for kind in each if gone.issuperset(needed)} if gone else set()
    if {"rooted", "one slash"} <= clean and clean & {
        "-\\",
        "no slash turned",
    }:  # a path of this site, and not the name of another one
        found.add("url")
    if {"dotless", "relative"} <= clean:
        found.add("path")
    return clean | found


def gone(form: Form, given: list[Value], evaluate: Evaluate, capitals: bool) -> frozenset[str]:
    """What the result of a call no longer holds: single characters (of languages with capitals), or slashes in front."""
    return (taken(form, given, evaluate) if capitals else frozenset()) | _unslashed(form, given)


def _unslashed(form: Form, given: list[Value]) -> frozenset[str]:
    """ "unslashed" where the result begins with no slash, so that behind a slash it stays on the site."""
    consts = [one.const for one in given]
    first = _CUTS.get(form.text, len(consts))
    if cut := [one for one in consts[first:] if isinstance(one, str)]:
        return frozenset({"unslashed"}) if _spelled("".join(cut)) >= _AHEAD else frozenset()
    if form.text not in {"replace", "replaceAll", "replaceFirst", "preg_replace"} or consts[1:2] != [""]:
        return frozenset()
    found = _LEADING.fullmatch(consts[0]) if isinstance(consts[0], str) else None
    members = _members(found[1]) | (_AHEAD - {"/", "\\"} if "\\s" in found[1] else set()) if found else set()
    return frozenset({"unslashed"}) if members >= _AHEAD else frozenset()


def _spelled(text: str) -> set[str]:
    """The characters of a text whose escapes may stand in it as they were written."""
    pairs = re.findall(r"\\.|.", text, re.DOTALL)
    return {c for one in pairs for c in (_ESCAPES.get(one[1], one[1] if one[1] == "\\" else one) if one[1:] else one)}


def taken(form: Form, given: list[Value], evaluate: Evaluate) -> frozenset[str]:
    """`-c` for each character that the result of this call cannot hold; "all" where only plain ones are left."""
    base = form.base
    if base is None or form.text not in _REPLACES | _BY_PATTERN:
        return frozenset()
    if base.kind == "call" and base.text == "NewReplacer":
        consts = [evaluate(part).const for part in base.parts]
        pairs = list(zip(consts[::2], consts[1::2], strict=False))
    elif base.path == "Regex" or (base.kind == "call" and base.text in {"MustCompile", "Regex"}):
        pattern = evaluate(base.parts[0]).const if base.parts else given[1].const if len(given) > 2 else None
        return _outside_class(pattern, given[-1].const) if given else frozenset()
    else:
        consts = [one.const for one in given]
        consts = consts[1:] if base.path == "strings" else consts
        pairs = [(consts[0], consts[1])] if len(consts) > 1 and (len(consts) == 2 or consts[2] == -1) else []
    return frozenset(f"-{old}" for old, new in pairs if _gone(old, new))


def _gone(old: object, new: object) -> bool:
    if not isinstance(old, str) or not isinstance(new, str) or len(old) != 1:
        return False
    return old not in new or (old == "\\" and new.startswith("\\")) or (old in {"'", '"'} and new == old * 2)


def _outside_class(pattern: object, new: object) -> frozenset[str]:
    found = _CLASS.fullmatch(pattern) if isinstance(pattern, str) else None
    if found is None or not isinstance(new, str):
        return frozenset()
    if found[1]:
        return (
            frozenset({"all"})
            if _PLAIN.fullmatch(found[2]) and (not new or new.isalnum() or new == "_")
            else frozenset()
        )
    return frozenset(f"-{one}" for one in _members(found[2]) if one not in new)


def _members(inside: str) -> set[str]:
    """The single characters of a class; its ranges are left out."""
    found = re.findall(r"\\.|.-.|.", inside, re.DOTALL)
    plain = {_ESCAPES.get(one[1], one[1]) if len(one) == 2 else one for one in found if len(one) < 3}
    return plain - {"w", "s", "d"} if "\\" in inside else plain


def refused(form: Form, evaluate: Evaluate) -> tuple[str, frozenset[str]]:
    """(name, `-c` for each character) of `strings.ContainsAny(x, "<>")`, `x.IndexOfAny(...)`, where it says no."""
    values = [*([form.base] if form.base is not None and form.base.path != "strings" else []), *form.parts]
    if form.text == "IsMatch" and form.base is not None and form.base.path == "Regex":
        values = values[1:]
    if len(values) < 2 or not values[0].path:
        return "", frozenset()
    sought = evaluate(values[1])
    each = [one.const for one in sought.members.values()] if sought.members else [sought.const]
    if form.text == "IsMatch":
        return values[0].path, _outside_class(sought.const, "") - {"all"}
    if form.text not in _ASKS or not all(isinstance(one, str) for one in each):
        return "", frozenset()
    if form.text.endswith("Any"):
        return values[0].path, frozenset(f"-{one}" for text in each for one in str(text))
    return values[0].path, frozenset(f"-{one}" for one in each if len(str(one)) == 1)

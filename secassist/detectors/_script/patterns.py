"""Patterns of JavaScript that let more through than they seem to: host names, anchors, ranges of characters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from secassist.parsing.forms import Form

_ASKS: Final = frozenset({"test", "exec", "match", "search"})
"""Calls that ask whether a text fits."""
_BY_TEXT: Final = frozenset({"match", "matchAll", "search"})
"""Methods of a text that take a pattern, also one that is spelled as a text."""
_HOST: Final = re.compile(
    r"(?i)[a-z0-9)\]}+*-](?P<dot>\\?\.)(?=(?:[a-z0-9|():?-]{1,60}\\?\.)?(?P<end>com|org|edu|gov|net|io|uk)(?:$|[/:$|)?#]|\\/))"
)
"""A host name in a pattern, from the dot in front of its last two parts on."""
_LAST: Final = re.compile(r"(?i)[a-z0-9)\]}+*-]\\?\.(?:com|org|edu|gov|net|io|uk)(?=$|[/:$|)?#]|\\/)")
_NAMED: Final = re.compile(r"(?i)//|\\/\\/|\bwww\b|\^")
"""What tells that a pattern speaks of addresses where the ending could be anything (`socket.io`)."""
_RANGE: Final = re.compile(r"(?<![\\-])([!-Z^-~])-([!-Z^-~])")
_LETTER: Final = re.compile(r"[A-Za-z]{2}")
_TAG: Final = re.compile(r"(?i)<(?:\\s\*)?script[^-\w]")
_STRICT_END: Final = re.compile(r"(?i)<(?:\\s\*)?\\?/(?:\\s\*)?script>")
"""An end of a script that may hold neither blanks nor anything else, which browsers allow."""
_CAPTURES: Final = re.compile(r"(?<!\\)\((?!\?)|\(\?<[A-Za-z]")
LONGEST: Final = 2_000
"""Characters of a pattern that is looked at."""


@dataclass(frozen=True)
class Pattern:
    """One pattern: its text, and whether a text is asked for it and nothing else is done ("asks" covers captures too)."""

    text: str
    line: int
    asks: bool
    tests: bool
    flags: str


def patterns(forms: list[Form]) -> Iterator[Pattern]:
    """The patterns among these forms, literal ones and texts that are used as one."""
    kept = _kept(forms)
    used: dict[int, str] = {}
    for form in forms:
        for one in _taken(form, kept):
            used[id(one)] = form.text
    for form in forms:
        written = form.keys[:1] == ("regex",)
        how = used.get(id(form), "")
        if form.kind == "string" and (written or how) and len(form.text) <= LONGEST:
            flags = form.keys[1] if written else "i"
            yield Pattern(form.text, form.line, how in _ASKS, how == "test", flags)


def _kept(forms: list[Form]) -> dict[str, Form]:
    """Names that are given a pattern, and nothing else."""
    found: dict[str, Form | None] = {}
    for form in forms:
        if form.kind == "assign" and len(form.parts) == 1 and form.parts[0].kind == "name":
            name = form.parts[0].text
            found[name] = _pattern(form.base, {}) if name not in found else None
    return {name: one for name, one in found.items() if one is not None}


def _taken(form: Form, kept: dict[str, Form]) -> Iterator[Form]:
    """The texts that a call uses as patterns."""
    if form.kind in {"new", "call"} and form.text == "RegExp" and form.parts and form.parts[0].kind == "string":
        yield form.parts[0]
    if form.kind != "call" or form.base is None:
        return
    asked = form.base if form.text in {"test", "exec"} else form.parts[0] if form.parts else None
    if (one := _pattern(asked, kept)) is not None:
        yield one
    elif form.text in _BY_TEXT and len(form.parts) == 1 and form.parts[0].kind == "string":
        yield form.parts[0]


def _pattern(form: Form | None, kept: dict[str, Form]) -> Form | None:
    """The pattern that an expression is."""
    if form is None:
        return None
    if form.kind == "string" and form.keys[:1] == ("regex",):
        return form
    if form.kind in {"new", "call"} and form.text == "RegExp" and form.parts and form.parts[0].kind == "string":
        return form.parts[0]
    return kept.get(form.text) if form.kind == "name" else None


def wrong(pattern: Pattern) -> Iterator[str]:
    """The rules that a pattern breaks."""
    text = pattern.text
    if any(one["dot"] == "." and _is_host(one, text) for one in _HOST.finditer(text)):
        yield "host-pattern"
    whole = pattern.tests or (pattern.asks and not _CAPTURES.search(text))
    if whole and (_unanchored(text) or _half_anchored(text)):
        yield "part-of-address-checked"
    if _TAG.search(text) and (_STRICT_END.search(text) or "i" not in pattern.flags):
        yield "incomplete-filter"
    if any(_wide(*pair) for inside in classes(text) for pair in _RANGE.findall(inside)):
        yield "wide-range"


def _is_host(found: re.Match[str], text: str) -> bool:
    return found["end"].lower() in {"com", "org", "edu", "gov"} or _NAMED.search(text) is not None


def _unanchored(text: str) -> bool:
    """Whether a host is looked for anywhere in a text, or its name may go on behind it."""
    hosts = list(_LAST.finditer(text))
    if not hosts or "(?!" in text or "\\b" in text:
        return False
    if "^" not in text.replace("[^", ""):
        return "$" not in text and not text.startswith(("\\.", "@"))
    return text.startswith("^") and not text[hosts[-1].end() :].strip(")") and "://" in text.replace("\\/", "/")


def _half_anchored(text: str) -> bool:
    """`^https://a.com|b.com`: only one of several choices is bound to the begin or the end."""
    choices = alternatives(text)
    if len(choices) < 2 or not all(map(_LETTER.search, choices)) or not _LAST.search(text):
        return False
    begin = [one.startswith("^") for one in choices]
    end = [one.endswith("$") and not one.endswith("\\$") for one in choices]
    return (begin[0] and not any(begin[1:]) and not any(end)) or (end[-1] and not any(end[:-1]) and not any(begin))


def alternatives(text: str) -> list[str]:
    """The choices of a pattern outside of brackets."""
    found, depth, start, place = list[str](), 0, 0, 0
    while place < len(text):
        one = text[place]
        if one == "\\":
            place += 1
        elif one in "([":
            depth += 1
        elif one in ")]":
            depth -= 1
        elif one == "|" and depth <= 0:
            found.append(text[start:place])
            start = place + 1
        place += 1
    return [*found, text[start:]]


def classes(text: str) -> Iterator[str]:
    """The insides of the pattern's sets of characters."""
    start, place = -1, 0
    while place < len(text):
        if text[place] == "\\":
            place += 1
        elif text[place] == "[" and start < 0:
            start = place + 1
        elif text[place] == "]" and start >= 0 and place > start:
            yield text[start:place]
            start = -1
        place += 1


def _wide(first: str, last: str) -> bool:
    """Whether a range goes from one kind of character to another and so holds signs or letters that nobody meant."""
    if first >= last or (first == "!" and last == "~"):
        return False
    kinds = {_kind(first), _kind(last)}
    return len(kinds) == 2 and not kinds <= {"sign"} and not (first == "!" or last == "~")


def _kind(one: str) -> str:
    return "digit" if one.isdigit() else "upper" if one.isupper() else "lower" if one.islower() else "sign"

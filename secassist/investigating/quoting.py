"""Puts values of an input into queries: each quoted for its language, so that it stays one literal whatever it holds.

What cannot be quoted without a doubt is not put in at all, and the reason is given instead. Values come from attackers.
"""

import re
import shlex
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from secassist.grounding import MASKED

LONGEST = 240
"""Characters of a value in a query; a longer one is cut by products and shells in ways of their own."""
_SLOT = re.compile(r"\{([a-z_]+)\}")
_SINGLE_QUOTES = re.compile("['\u2018\u2019\u201a\u201b]")
"""All of these end a single-quoted string of PowerShell; doubled, each stands for itself."""


class UnquotableError(ValueError):
    """Why a value cannot stand in a query; the text never holds the value."""


@dataclass(frozen=True)
class Query:
    """A query as it can be pasted, or "" and the `reason` why it was not made."""

    language: str
    text: str
    reason: str = ""


def kql(value: str) -> str:
    """A phrase of Kibana's query language: between quotes only the quote and the backslash mean anything."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def spl(value: str) -> str:
    """A quoted string of Splunk's search language; in it `*` is still a wildcard and a backtick calls a macro."""
    for sign, name in (
        ("*", "a wildcard"),
        ("`", "a backtick, which calls a macro"),
        ("$", "a $, which a dashboard fills"),
    ):
        if sign in value:
            raise UnquotableError(f"the value holds {name}; search for it as text in Splunk")
    return kql(value)


def shell(value: str) -> str:
    """One word of a POSIX shell, always between quotes."""
    return "'" + value.replace("'", "'\"'\"'") + "'" if value == shlex.quote(value) else shlex.quote(value)


def powershell(value: str) -> str:
    """A single-quoted string of PowerShell, in which nothing is expanded."""
    return "'" + _SINGLE_QUOTES.sub(r"\g<0>\g<0>", value) + "'"


QUOTES: Mapping[str, Callable[[str], str]] = {
    "kql": kql,
    "spl": spl,
    "shell": shell,
    "powershell": powershell,
    "secassist": shell,
}
"""Languages in which a question may carry a query."""


def slots(template: str) -> tuple[str, ...]:
    """The names in braces, in order, each once."""
    return tuple(dict.fromkeys(_SLOT.findall(template)))


def filled(language: str, template: str, values: Mapping[str, str]) -> Query:
    """The template with each name in braces replaced by its value, quoted; a value that will not do gives a reason."""
    try:
        quoted = {name: QUOTES[language](_usable(name, values)) for name in slots(template)}
    except UnquotableError as error:
        return Query(language, "", str(error))
    return Query(language, _SLOT.sub(lambda slot: quoted[slot[1]], template))


def _usable(name: str, values: Mapping[str, str]) -> str:
    value = values.get(name, "")
    if not value.strip():
        raise UnquotableError(f"the input names no {name}")
    if MASKED.search(value):
        raise UnquotableError(f"a part of this {name} was masked before it was stored; take it from the original")
    if len(value) > LONGEST:
        raise UnquotableError(f"this {name} has {len(value)} characters, too many for a query; take it from its line")
    if any(unicodedata.category(character)[0] in "CZ" and character != " " for character in value):
        raise UnquotableError(f"this {name} holds control or hidden characters; it is not put into a query")
    return value

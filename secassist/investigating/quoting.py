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


REASONS = {
    "wildcard": ("the value holds a wildcard; search for it as text", "该值含有通配符，请按文本搜索"),
    "macro": (
        "the value holds a backtick, which calls a macro; search for it as text",
        "该值含有反引号（宏），请按文本搜索",
    ),
    "token": (
        "the value holds a $, which a dashboard fills; search for it as text",
        "该值含有 $（仪表板变量），请按文本搜索",
    ),
    "absent": ("the input names no {}", "输入中没有此值：{}"),
    "masked": (
        "a part of this {} was masked before it was stored; take it from the original",
        "该值（{}）在存储前已部分掩码，请从原始数据获取",
    ),
    "long": (
        "this {} has {} characters, too many for a query; take it from its line",
        "该值（{}）有 {} 个字符，过长，请从原行获取",
    ),
    "hidden": (
        "this {} holds control or hidden characters; it is not put into a query",
        "该值（{}）含控制或隐藏字符，不放入查询",
    ),
}
"""Why a value is not put into a query, in English and Chinese; never with the value."""


class UnquotableError(ValueError):
    """Why a value cannot stand in a query: a name in REASONS and what is told with it, never the value."""

    def __init__(self, reason: str, *told: object) -> None:
        english, chinese = (text.format(*told) for text in REASONS[reason])
        super().__init__(english)
        self.texts = {"en": english, "zh": chinese}


@dataclass(frozen=True)
class Query:
    """A query as it can be pasted, or "" and the `reason` why it was not made."""

    language: str
    text: str
    reason: str = ""
    reason_zh: str = ""


def kql(value: str) -> str:
    """A phrase of Kibana's query language: between quotes only the quote and the backslash mean anything."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def spl(value: str) -> str:
    """A quoted string of Splunk's search language; in it `*` is still a wildcard and a backtick calls a macro."""
    for sign, reason in (("*", "wildcard"), ("`", "macro"), ("$", "token")):
        if sign in value:
            raise UnquotableError(reason)
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
        return Query(language, "", error.texts["en"], error.texts["zh"])
    return Query(language, _SLOT.sub(lambda slot: quoted[slot[1]], template))


def _usable(name: str, values: Mapping[str, str]) -> str:
    value = values.get(name, "")
    if not value.strip():
        raise UnquotableError("absent", name)
    if MASKED.search(value):
        raise UnquotableError("masked", name)
    if len(value) > LONGEST:
        raise UnquotableError("long", name, len(value))
    if any(unicodedata.category(character)[0] in "CZ" and character != " " for character in value):
        raise UnquotableError("hidden", name)
    return value

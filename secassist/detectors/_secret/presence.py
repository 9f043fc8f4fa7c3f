"""Tells in one linear pass (RE2) which of all the words and formats that rules wait for stand in a text at all."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from secassist.detectors._secret.columns import WORDS as COLUMN_WORDS
from secassist.detectors._secret.commands import TOOLS
from secassist.detectors._secret.formats import FORMATS
from secassist.detectors._secret.library import PLUGINS
from secassist.detectors._secret.names import LOOSE_WORDS, NAME_WORDS
from secassist.detectors._secret.prefixed import PREFIXED, PROBE
from secassist.detectors._secret.rules import rules
from secassist.detectors._secret.services import services
from secassist.detectors._secret.wrapped import BASE64_PARTS, HEX_PARTS

MEMORY = 32 << 20
"""Bytes that one automaton may take; natural text needs some megabytes of it."""

_BEGINNINGS = ("(?:^", "[", "(?i:(?:^", "(?i:")
URL, KEY_BLOCK, NETWORKS = ":/", "-----BEGIN", ("@tcp(", "@unix(")
"""Names under which the rules that are code ask."""


class Presence:
    """What stands in one text: asked for words in lower case, tools, parts of wrapped words, and literals of formats."""

    def __init__(self, text: str) -> None:
        read = text.encode("ascii", "replace")
        self._text = "" if text.isascii() else text
        self._found = {names[number] for machine, names in _machines() for number in machine.Match(read) or ()}
        self.rules = [rules()[number] for number in sorted(name for name in self._found if isinstance(name, int))]

    def __contains__(self, name: str) -> bool:
        return name in self._found or (bool(self._text) and not name.isascii() and name in self._text)

    def among(self, names: Iterable[str]) -> list[str]:
        """Those of the names that stand in the text, in their order."""
        found = self._found
        return [name for name in names if name in found] if not self._text else [name for name in names if name in self]


@cache
def _machines() -> tuple[tuple[Any, list[str | int]], ...]:
    """One set for each way to begin, since what is half matched at one place multiplies the states: rules that begin at
    the edge of a word or with any of many characters, words in any case, words at an edge, and what begins with itself."""
    sets: dict[str, list[tuple[str | int, str]]] = {}
    for name, expression in _expressions():
        begins = next((head for head in _BEGINNINGS if expression.startswith(head)), "")
        sets.setdefault(begins, []).append((name, expression))
    return tuple(map(_machine, sets.values()))


def _machine(expressions: list[tuple[str | int, str]]) -> tuple[Any, list[str | int]]:
    """The compiled set and, by their number in it, what each expression stands for."""
    import re2

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = MEMORY
    machine = re2.Set.SearchSet(options)
    for _, expression in expressions:
        machine.Add(expression.encode("ascii"))
    machine.Compile()
    return machine, [name for name, _ in expressions]


def _expressions() -> Iterator[tuple[str | int, str]]:
    """Names and RE2 expressions; what stands between characters outside ASCII is not looked for."""
    yield URL, r":/[^\s/:]*:|://[^\s/]*[:@]"
    yield KEY_BLOCK, r"-----(?:BEGIN|END) [A-Z0-9 ]*PRIVATE KEY"
    yield PREFIXED, PROBE
    for literal in NETWORKS:
        yield literal, re.escape(literal)
    for number, rule in enumerate(rules()):
        yield number, rule.probe or "|".join(map(re.escape, rule.literals))
    for word in {*NAME_WORDS, *LOOSE_WORDS, *COLUMN_WORDS, *services()}:
        if word.isascii():
            yield word, f"(?i:{re.escape(word)})"
    for name in {name for tool in TOOLS for name in tool.names} | {"net", "net1"}:
        yield name, rf"(?i:(?:^|[^a-z0-9_-]){re.escape(name)}(?:\.exe)?[\"'\\]*[ \t])"
    for literal in {form.literal for form in FORMATS if form.literal.isascii()}:
        yield literal, re.escape(literal)
    for plugin in PLUGINS:
        yield plugin.key, plugin.lines
    for part in BASE64_PARTS:
        yield part, re.escape(part)
    for part in HEX_PARTS:
        yield part, f"(?i:{part})"

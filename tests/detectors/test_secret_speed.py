"""Every pattern on every evil string: time grows with the text, and a megabyte takes less than 200 ms of the processor."""

import functools
import re
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from schemas import Alert, Document, Field
from secassist.detectors import _mask
from secassist.detectors._late import Late
from secassist.detectors._secret import (
    assigned,
    checks,
    columns,
    commands,
    context,
    expressions,
    formats,
    loose,
    names,
    prefixed,
    scan,
    wrapped,
)
from secassist.detectors._secret.library import PLUGINS, library_hits
from secassist.detectors._secret.presence import Presence
from secassist.detectors._secret.rules import SecretRule, rules
from secassist.detectors._secret.scan import provider_hits
from secassist.detectors.secrets import PLUGIN
from tests.detectors.evil import UNITS, evil_strings, filled, growth, pattern_strings, seconds

MEGABYTE = 1_000_000
LIMIT = 0.2
"""Seconds of the processor for one pattern and a megabyte."""
PLACES = (assigned, commands, formats, loose, prefixed, scan, wrapped, _mask)
"""Modules whose other patterns are matched where a name or a literal stands; no name is shorter than the gap."""
VALUES = (checks, columns, context, expressions, names)
"""Modules whose patterns search a value, which has 400 characters at most, or a path."""
MATCHED = (
    checks._FILE_PATH,
    checks._REFERENCE_ID,
    checks._HEX_DIGEST,
    checks._DOTTED,
    checks._SPOKEN,
    checks._ENCRYPTED,
    checks._MARKUP,
    checks._VERSION,
    checks._PUBLIC,
    columns._CHOSEN,
    columns._GENERATED,
    columns._PLAIN_NAME,
    columns._RULE,
    columns._WORDS_ONLY,
    context._WEAK,
    expressions._ASIDE,
    expressions._CMDLET,
    expressions._COMMENT,
    expressions._EQUALS,
    expressions._HUMPS,
    expressions._NAMED,
    expressions._OPENED,
    expressions._RULES,
    expressions._SCOPED,
    expressions._SHAPED_PART,
    expressions._TITLE,
    expressions._TITLE_GOES_ON,
    prefixed._HEX,
)
"""Those that must begin where the value begins."""
GAP, VALUE = 8, 400
Work = Callable[[str], object]


def patterns(modules: tuple[ModuleType, ...]) -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in modules:
        for name, value in vars(module).items():
            if type(value) in (re.Pattern, Late):
                yield f"{module.__name__.rpartition('.')[2]}.{name}", value


def everywhere(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


def at_places(pattern: re.Pattern[str], text: str) -> int:
    return sum(bool(pattern.match(text, at)) for at in range(0, len(text), GAP))


def in_turn(pattern: re.Pattern[str], text: str) -> int:
    """Each match begins where the one before ends; where none does, the next line or command is gone on with."""
    at = found = 0
    while at < len(text):
        match = pattern.match(text, at)
        at = match.end() if match and match.end() > at else at + VALUE
        found += match is not None
    return found


def at_blocks(pattern: re.Pattern[str], text: str) -> int:
    return sum(bool(pattern.match(text, at)) for at in range(0, len(text), len("-----BEGIN PRIVATE KEY-----")))


def in_values(pattern: re.Pattern[str], text: str) -> int:
    find = pattern.match if pattern in MATCHED else pattern.search
    return sum(bool(find(text, at, at + VALUE)) for at in range(0, len(text), VALUE))


def tabled(text: str) -> int:
    return sum(1 for _ in columns.column_hits(text, text.lower(), columns.WORDS, listed=True))


WAYS = {
    "_mask._TOKEN": everywhere,
    "prefixed.TOKEN": everywhere,
    "prefixed._HEX": in_values,
    "scan._BEGIN": everywhere,
    "scan._END": everywhere,
    "wrapped._BASE64": everywhere,
    "wrapped._HEX": everywhere,
    "columns._ENDS": at_places,
    "columns._INSERT": at_places,
    "columns._TUPLE": in_turn,
    "commands._WORD": in_turn,
    "scan._PREAMBLE": at_blocks,
    "scan._MATERIAL": at_blocks,
    "scan._MATERIAL_LINE": at_blocks,
}
"""How patterns are used that are not simply matched where a name or a literal stands."""


BEHIND = {"columns._SQL_CELL"}
"""Patterns that are reached behind a long beginning only; "inserted rows" and "rows of commas" measure them with it."""


def works() -> dict[str, tuple[Work, str]]:
    """Name to work on a text, and the pattern that its strings are made from."""
    found: dict[str, tuple[Work, str]] = {}
    for number, rule in enumerate(rules()):
        work = functools.partial(lambda rule, text: sum(1 for _ in provider_hits(text, [rule])), rule)
        found[f"rule {number} {rule.type}"] = work, rule.pattern.pattern
    for form in formats.FORMATS:
        only = functools.partial(lambda literal, name: name == literal, form.literal)
        work = functools.partial(lambda only, text: sum(1 for _ in formats.format_hits(text, only)), only)
        found[f"format {form.literal}"] = work, form.pattern.pattern or form.literal
    for name, pattern in patterns(PLACES):
        way = WAYS.get(name, at_places)
        found[name] = functools.partial(way, pattern), pattern.pattern
    for name, pattern in patterns(VALUES):
        if name in BEHIND:
            continue
        way = WAYS.get(name, in_values)
        found[name] = functools.partial(way, pattern), pattern.pattern
    for plugin in PLUGINS:
        asked = functools.partial(lambda key, name: name == key, plugin.key)
        work = functools.partial(lambda asked, text: sum(1 for _ in library_hits(text, asked)), asked)
        found[f"library {plugin.name}"] = work, plugin.lines
    for name, made in (
        ("tables", "a,password\nb,Kz7-Qw2Rt"),
        ("inserted rows", "into t (password) values ('Kz7-Qw2Rt')"),
        ("rows of commas", f"into t (password) values ({',' * 900}),"),
    ):
        found[name] = tabled, re.escape(made)
    found["presence"] = Presence, "password=x"
    return found


WORKS = works()


@pytest.mark.slow
@pytest.mark.parametrize("name", WORKS)
def test_a_megabyte_of_anything_takes_a_fifth_of_a_second(name: str) -> None:
    work, pattern = WORKS[name]
    work("warm up")
    slow = {}
    for unit, text in [*evil_strings(MEGABYTE), *pattern_strings(pattern, MEGABYTE)]:
        taken = seconds(work, text, tries=1)
        if taken > LIMIT and seconds(work, text) > LIMIT:
            slow[unit] = round(taken, 2)
    assert not slow


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", WORKS)
def test_four_times_the_text_takes_about_four_times_as_long(name: str) -> None:
    work, pattern = WORKS[name]
    for unit in [*UNITS, *(text for _, text in pattern_strings(pattern, 700))]:
        assert growth(work, unit, 100_000) < 9, unit


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_the_whole_detector_grows_with_the_text(unit: str) -> None:
    def whole(text: str) -> object:
        return PLUGIN.detect(Document(source="t", body=text))

    whole(filled(unit, 1_000))
    assert growth(whole, unit, 8_000) < 9


def test_a_small_alert_costs_less_than_a_millisecond() -> None:
    values = [r"powershell.exe -NoProfile -File C:\Users\adm\x.ps1", "4f5d2c1b9a8e7d6c5b4a39281706f5e4", "login failed"]
    alert = Alert(source="t", fields=tuple(Field(path=f"process.f{at}", value=values[at % 3]) for at in range(24)))
    assert 900 < len(alert.text) < 1_300

    def often(_: str) -> None:
        for _ in range(100):
            PLUGIN.detect(alert)

    often("")
    assert seconds(often, "") < 0.1


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.type)
def test_a_match_of_a_rule_is_seen_by_the_probe(rule: SecretRule) -> None:
    """The probe singles texts out for the rule, so it must be wider than the rule's own pattern."""
    pattern = rule.pattern.pattern
    for name, text in pattern_strings(pattern, 60_000):
        if name in ("least", "most", "spaced") and (match := re.search(pattern, text)):
            assert rule in Presence(match[0] + " ").rules, match[0][:80]
            assert any(literal in match[0] for literal in rule.literals) or not rule.literals

"""Personal data is found in linear time: every pattern and the whole detector over strings made to be slow."""
# ruff: noqa: E501 - a row of data is easier to read in one piece

import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from schemas import Alert, CodeUnit, Document, Field, LogWindow, Subject
from secassist.detectors import _pii as room
from secassist.detectors._late import Late
from secassist.detectors._pii.scan import RULES
from secassist.detectors._pii.shape import kinds
from secassist.detectors.personal_data import PLUGIN
from tests.detectors.evil import UNITS, evil_strings, filled, growth, pattern_strings, seconds

QUICK, LONG = 1_000, 1_000_000
SLOWEST = 0.2
"""Seconds for a megabyte."""
SUSPECT = 0.001
"""Seconds for QUICK characters from which on the growth is measured."""
PIECE, SLOWEST_PIECE = 160, 0.004
"""Characters of the longest piece of text that a pattern with a private name is asked about, and seconds for it."""


def patterns_in(value: Any) -> Iterator[re.Pattern[Any]]:
    """Every compiled pattern in a value, in tuples and in the fields of what stands in them."""
    if type(value) in (re.Pattern, Late):
        yield value
    elif isinstance(value, tuple):
        for inner in value:
            yield from patterns_in(inner)
    elif type(value).__module__.startswith("secassist.detectors._pii") and hasattr(value, "__dict__"):
        for inner in vars(value).values():
            yield from patterns_in(inner)


def patterns() -> dict[str, re.Pattern[Any]]:
    names = [module.name for module in pkgutil.iter_modules(room.__path__)]
    found: dict[str, re.Pattern[Any]] = {}
    for module in names:
        for name, value in vars(importlib.import_module(f"{room.__name__}.{module}")).items():
            for number, pattern in enumerate(patterns_in(value)):
                if pattern not in found.values():
                    found[f"{module}.{name}[{number}]"] = pattern
    return found


PATTERNS = patterns()
SCANNING = {name: pattern for name, pattern in PATTERNS.items() if "._" not in name and "RULES" not in name and "LABELS" not in name
            and "FORMATS" not in name}  # fmt: skip
"""Those that run over whole texts; the others are asked about a place, or about the few characters beside it."""


def looked_at(pattern: re.Pattern[Any], text: str) -> Any:
    """The text, or its spelling if that is what the pattern reads."""
    return kinds(text) if isinstance(pattern.pattern, bytes) else text


def searching(pattern: re.Pattern[Any]) -> Callable[[Any], object]:
    return lambda text: sum(1 for _ in pattern.finditer(text))


@cache
def evil(size: int, spelled: bool) -> tuple[tuple[str, Any], ...]:
    return tuple((name, kinds(text) if spelled else text) for name, text in evil_strings(size))


def strings_for(pattern: re.Pattern[Any], size: int) -> Iterator[tuple[str, Any]]:
    yield from evil(size, isinstance(pattern.pattern, bytes))
    if isinstance(pattern.pattern, str):
        yield from pattern_strings(pattern.pattern, size, pattern.flags & ~re.UNICODE)


def test_there_are_patterns_and_strings_enough() -> None:
    assert len(RULES) > 80 and len(PATTERNS) > 120 and len(SCANNING) > 30 and len(UNITS) >= 50


@pytest.mark.parametrize("name", SCANNING)
def test_no_pattern_slows_down_on_evil_strings(name: str) -> None:
    pattern = PATTERNS[name]
    work = searching(pattern)
    for label, text in strings_for(pattern, QUICK):
        begin = time.process_time()
        work(text)
        if time.process_time() - begin > SUSPECT:
            wide = text[: QUICK // 2]
            assert growth(work, wide, 30_000) < 8, label  # four times the text


@pytest.mark.parametrize("name", [name for name in PATTERNS if name not in SCANNING])
def test_patterns_for_pieces_take_no_time_on_the_longest_piece(name: str) -> None:
    pattern = PATTERNS[name]
    for label, text in strings_for(pattern, PIECE):
        for ask in (pattern.search, pattern.match, pattern.fullmatch):
            assert seconds(ask, text, 2) < SLOWEST_PIECE, label


@pytest.mark.slow
@pytest.mark.parametrize("name", SCANNING)
def test_a_megabyte_takes_a_fifth_of_a_second_at_most(name: str) -> None:
    work = searching(PATTERNS[name])
    for label, text in strings_for(PATTERNS[name], LONG):
        assert seconds(work, text) <= SLOWEST, label


def document(text: str) -> Subject:
    return Document(source="t", body=text)


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_the_whole_detector_grows_with_the_text(unit: str) -> None:
    def work(text: str) -> object:
        return PLUGIN.detect(document(text))

    if seconds(work, filled(unit, 8_000), 1) > 0.02:
        assert growth(work, unit, 8_000) < 8


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_a_megabyte_of_evil_takes_seconds_at_most(unit: str) -> None:
    assert seconds(lambda text: PLUGIN.detect(document(text)), filled(unit, LONG), 1) < 8


LINES = """\
2026-03-14T10:15:21.482Z app-7 INFO [pool-3-thread-9] OrderService - order_id=8816254417002931 size=48213 took 182 ms
10.20.3.44 - - [12/Mar/2026:10:05:11 +0800] "GET /api/v2/items/48213?page=3 HTTP/1.1" 200 18233 "-" "Mozilla/5.0 (X11; Linux)"
{"ts":1773483321482,"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","msg":"request done","bytes":48213}
Mar 14 10:15:21 host sshd[48213]: Failed password for invalid user admin from 10.20.3.44 port 53522 ssh2
{"level":"warn","ts":"2026-03-14T10:15:22Z","logger":"http","msg":"slow upstream","host":"api-3","uri":"/v1/carts/77","ms":2214}
level=debug msg="flushed memtable" lsn=88162544170 offset=1823645512 crc=9f2c4a7b table=events rows=18233
服务 订单处理完成，订单号881625441700293100，耗时182毫秒，流水号18236455，状态正常
    def detect(self, subject: Subject) -> Detection:
        return Detection(candidates=tuple(_candidate(hit, places) for hit in found if hit.end > 10))
"""


def test_a_megabyte_of_logs_and_code_takes_less_than_half_a_second() -> None:
    text = "".join(f"{at} {LINES}" for at in range(LONG // len(LINES.encode())))
    for subject in (LogWindow(source="t", body=text), CodeUnit(source="t", path="a.py", language="python", body=text)):
        PLUGIN.detect(subject)
        assert seconds(lambda _, one=subject: PLUGIN.detect(one), "") < 0.5


def test_an_alert_of_a_kilobyte_takes_a_few_milliseconds_at_most() -> None:
    fields = [Field(path=f"event.part{at}", value=line) for at, line in enumerate(LINES.splitlines())]
    alert = Alert(source="t", fields=tuple(fields))
    assert 900 < len(alert.text) < 1_200
    PLUGIN.detect(alert)
    assert seconds(lambda _: [PLUGIN.detect(alert) for _ in range(20)], "") / 20 < 0.004

"""Cutting a file of code into units that are judged one by one: functions by the grammar, else windows."""

import re
from collections.abc import Iterator

from schemas import CodeUnit
from secassist.parsing.languages import language_of
from secassist.parsing.units import units as functions

WHOLE = 60
"""Lines up to which a file is one unit."""
WINDOW = 50
"""Lines that a unit grows to before it ends at the next function, and that windows have where there is none."""
STARTS = re.compile(
    r"^(?:\s{0,4})(?:class\s|(?:export\s+)?(?:default\s+)?(?:async\s+)?function\b|func\s|fn\s|"
    r"(?:pub\s+)?fn\s|(?:public|private|protected|internal|static|final|virtual|void|int|char|bool|unsigned|struct)\b.*[({]\s*$)"
)
"""Where functions begin in languages without a grammar."""


def units(code: CodeUnit) -> Iterator[tuple[int, int]]:
    """First and last line (1-based, inclusive) of each unit; together they cover the file, none is empty.

    A function is never cut before WINDOW lines; small neighbours share a unit.
    """
    texts = code.body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(texts) <= WHOLE:
        yield 1, len(texts)
        return
    starts = _starts(code, texts)
    first = 1
    for number in range(2, len(texts) + 1):
        size = number - first
        if (number in starts and (size >= WINDOW // 2 or starts[number] - number >= WINDOW // 2)) or size >= WINDOW:
            if number not in starts and _inside_small(starts, number):
                continue
            yield first, number - 1
            first = number
    yield first, len(texts)


def _starts(code: CodeUnit, texts: list[str]) -> dict[int, int]:
    """First line of each function -> its last line."""
    language = language_of(code.path, texts[0][:256], code.language)
    if language:
        return {unit.first: unit.last for unit in functions(code.body, language) if unit.depth == 0}
    return {number: number for number, text in enumerate(texts, start=1) if STARTS.match(text)}


def _inside_small(starts: dict[int, int], number: int) -> bool:
    """Whether a cut here would part a function that fits into one window."""
    around = [(first, last) for first, last in starts.items() if number - WINDOW < first < number <= last]
    return any(last - first < WINDOW for first, last in around)

"""Grounding: cited line numbers become verbatim quotes; what does not stand in the input is refused."""

import re
from collections.abc import Iterable

from schemas import Evidence, Line, Subject

QUOTE_LIMIT = 400
"""Characters of a line that are quoted; of a longer line its beginning, verbatim."""
MASKED = re.compile(r"\[[\w.-]{1,60}:[^\[\]]{0,4}\*{4}[^\[\]]{0,4}\]")
"""A value that was replaced before the input was analysed: `[type:mask]`."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")


def quotes(subject: Subject, numbers: Iterable[int], by: str = "model", note: str = "") -> tuple[Evidence, ...]:
    """Evidence for the cited line numbers that exist, in order, each once; unknown numbers are refused silently here.

    Compare lengths to count refusals. The quote is a substring of the line's text.
    """
    lines = {line.number: line for line in subject.lines}
    wanted = sorted({number for number in numbers if number in lines})
    return tuple(_quote(lines[number], by, note) for number in wanted if lines[number].text.strip())


def _quote(line: Line, by: str, note: str) -> Evidence:
    quote = line.text.strip()[:QUOTE_LIMIT]
    redacted = bool(MASKED.search(quote))
    return Evidence(line=line.number, quote=quote, field=line.field, by=by, note=note, redacted=redacted)


def stands(subject: Subject, evidence: Evidence) -> bool:
    """Whether the quote is found word for word in the line it names."""
    line = next((line for line in subject.lines if line.number == evidence.line), None)
    return line is not None and evidence.quote in line.text


def numbers(sentence: str) -> tuple[str, ...]:
    """The numbers in a sentence, in order; thousands separators are understood and left out."""
    return tuple(_plain(found) for found in NUMBER.findall(sentence))


def _plain(number: str) -> str:
    return number.replace(",", "") if THOUSANDS.fullmatch(number) else number

"""Where the lines of a finding stand now in a file that was changed since the scan."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise, takewhile

from schemas import Evidence, Finding
from secassist.fixing.base import FixError
from secassist.grounding import MASKED, QUOTE_LIMIT

MOST_PAIRS = 4_000_000
"""Old lines times new lines, between the first and the last that differ, that are compared; more is another file."""
LEAST_KNOWN = 6
"""Letters, digits and signs that must stand around the masks of a quote, for a line to be known by them."""


def stands(finding: Finding, lines: Sequence[str]) -> bool:
    """Whether the lines that the finding quotes are where it says."""
    quoted = _quoted(finding)
    return bool(quoted) and _at(quoted, lines, finding.place.start_line)


def shift(finding: Finding, beside: Sequence[Finding], lines: Sequence[str], earlier: Sequence[Sequence[str]]) -> int:
    """By how many lines the finding has moved. Raises FixError where its lines are gone, or several are like them.

    `earlier` are the lines of the file before each fix that was applied to it, the oldest first: what they tell is
    certain. Else its quotes are looked for; `beside` are all findings of the analysis, of which some may quote the same.
    """
    for at, old in enumerate(earlier):
        if stands(finding, old):
            first, last = finding.place.start_line, finding.place.end_line
            for before, after in pairwise([*earlier[at:], lines]):
                moved = _followed(before, after, first, last)
                first, last = first + moved, last + moved
            return first - finding.place.start_line
    return _searched(finding, beside, lines) - finding.place.start_line


def _followed(old: Sequence[str], new: Sequence[str], first: int, last: int) -> int:
    """How far lines `first`..`last` (1-based) of the old text have moved by one fix.

    Lines that it wrote one for one may hold two findings, of which it was for one: they stay the lines of the other.
    """
    least = min(len(old), len(new))
    head = sum(1 for _ in takewhile(lambda at: old[at] == new[at], range(least)))
    tail = sum(1 for _ in takewhile(lambda at: old[-1 - at] == new[-1 - at], range(least - head)))
    if last <= head:
        return 0
    if first > len(old) - tail:
        return len(new) - len(old)
    middle, now = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(middle) * len(now) <= MOST_PAIRS:
        for _, a, end, b, other in SequenceMatcher(None, middle, now, autojunk=False).get_opcodes():
            if head + a < first and last <= head + end and end - a == other - b:
                return b - a
    raise FixError(f"line {first} was changed since the scan; scan it again")


def _searched(finding: Finding, beside: Sequence[Finding], lines: Sequence[str]) -> int:
    """The line (1-based) at which the quotes stand now."""
    quoted, known = _quoted(finding), len("".join(_known(finding)).replace(" ", ""))
    if known < LEAST_KNOWN:
        raise FixError("was changed since the scan, and the finding quotes too little to be found again; scan it again")
    alike = sorted({one.place.start_line for one in beside if _texts(one) == _texts(finding)})
    found = [number for number in range(1, len(lines) + 1) if _at(quoted, lines, number)]
    if not found:
        raise FixError("was changed since the scan, and the finding's lines are gone; scan it again")
    if len(found) != len(alike):
        told = ", ".join(map(str, found[:5]))
        raise FixError(f"was changed since the scan, and which of lines {told} the finding was is open; scan it again")
    return found[alike.index(finding.place.start_line)]


def _quoted(finding: Finding) -> list[tuple[int, Evidence]]:
    """Each quote with how many lines it stands below the first."""
    return [(one.line - finding.evidence[0].line, one) for one in finding.evidence]


def _texts(finding: Finding) -> list[tuple[int, str]]:
    return [(below, one.quote) for below, one in _quoted(finding)]


def _known(finding: Finding) -> Iterator[str]:
    for one in finding.evidence:
        yield from MASKED.split(one.quote)


def _at(quoted: Sequence[tuple[int, Evidence]], lines: Sequence[str], first: int) -> bool:
    """Whether every quote stands where it would, if the first stood at this line (1-based)."""
    places = [(first + below, one.quote) for below, one in quoted]
    return all(1 <= number <= len(lines) and _reads(quote, lines[number - 1]) for number, quote in places)


def _reads(quote: str, line: str) -> bool:
    """Whether a line is the one that was quoted: word for word, with something in the place of each mask."""
    text, parts = line.strip(), MASKED.split(quote)
    cut = len(quote) >= QUOTE_LIMIT
    if len(parts) == 1:
        return text[:QUOTE_LIMIT] == quote
    if not text.startswith(parts[0]) or not (cut or text.endswith(parts[-1])):
        return False
    at, end = len(parts[0]), len(text) - (0 if cut else len(parts[-1]))
    for part in parts[1:-1]:
        found = text.find(part, at + 1, end)
        if found < 0:
            return False
        at = found + len(part)
    return at < end and (not cut or parts[-1] in text[at + 1 :])

"""What data flow says of a unit of code: proven, open, harmless or nothing seen; and which findings it disproves."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from schemas import FindingKind
from secassist.detectors.base import Candidate, Signal

_FOLLOWED: Final = re.compile(
    r"\((?P<source>[^()]{1,80}(?:\(\))?) of line (?P<line>\d{1,7})(?:; cleaned for (?P<fits>[^()]{1,80}) only)?\)$"
)
_HARMLESS: Final = {"flow:cleaned": "cleaned", "flow:own": "the program's own", "flow:constant": "constant"}
FAMILIES: Final = {
    "CWE-259": "CWE-798", "CWE-321": "CWE-798", "CWE-95": "CWE-94", "CWE-338": "CWE-330", "CWE-98": "CWE-22",
}  # fmt: skip
"""Weaknesses that different scanners name at different depths of MITRE's tree."""
REFUTED: Final = "refuted"
"""How the reason of a finding that code disproved begins."""
IN_TESTS: Final = {
    "CWE-330", "CWE-328", "CWE-327", "CWE-732", "CWE-276", "CWE-400", "CWE-614", "CWE-1004", "CWE-377", "CWE-379", "CWE-605",
    "CWE-668", "CWE-1327", "CWE-489", "CWE-215", "CWE-798", "CWE-295", "CWE-617", "CWE-703", "CWE-390",
}  # fmt: skip
"""Weaknesses that need somebody who attacks what is served: in code that only tests run, nobody is."""
TEST_CODE: Final = "test code, which nothing serves"
UNFINISHED: Final = "flow:unfinished"
"""The signal of a file of which a part was left out."""
PLACES: Final = 3
"""Sinks and sources that are named."""


@dataclass(frozen=True)
class Path:
    """Where an outsider's value came from: its name, the line (1-based) it was read in, and what it was cleaned for, or ""."""

    source: str
    line: int
    fits: str


def family(cwe: str) -> str:
    """The weakness that stands for all that are fixed the same way; the number itself where it stands alone."""
    return FAMILIES.get(cwe, cwe)


def proof(candidates: Iterable[Candidate], signals: Sequence[Signal], lines: tuple[int, int]) -> str:
    """One line about lines `lines[0]`..`lines[1]`, beginning with how far data flow got:

    "flow: PROVEN" an outsider's value reaches a sink and nothing that fits was done to it; "flow: FAULT" the code is wrong
    whoever gives the values; "flow: OPEN" a value of unknown origin reaches a sink; "flow: HARMLESS" sinks were seen, and
    what arrives there does no harm; "flow: NONE" no sink was seen.
    """
    first, last = lines
    mine = [one for one in candidates if one.by == "code_flow" and first <= one.place.start_line <= last]
    reached = [(one, found) for one in mine if (found := _FOLLOWED.search(one.message))]
    if reached:
        return f"flow: PROVEN {'; '.join(_path(one, found) for one, found in reached[:PLACES])}"
    near = {rule: _near(signals, rule, first, last) for rule in (*_HARMLESS, "flow:open", "flow:input")}
    inputs = _inputs(near["flow:input"])
    faults = [place for one in mine if (place := (one.cwe, one.place.start_line)) not in near["flow:open"]]
    if faults:
        return f"flow: FAULT {_named(faults)}{inputs}"
    if near["flow:open"]:
        return f"flow: OPEN {_named(near['flow:open'])}{inputs}"
    seen = [f"{_named(near[rule])} {words}" for rule, words in _HARMLESS.items() if near[rule]]
    return f"flow: HARMLESS {'; '.join(seen)}" if seen else f"flow: NONE{inputs}"


def reached(candidate: Candidate) -> bool:
    """Whether data flow followed an outsider's value to the very place, and nothing that fits was done to it."""
    return followed(candidate) is not None


def followed(candidate: Candidate) -> Path | None:
    """The way that data flow followed to this place; None where it followed none, or others saw it first."""
    found = _FOLLOWED.search(candidate.message) if candidate.by.startswith("code_flow") else None
    return Path(found["source"], int(found["line"]), found["fits"] or "") if found else None


def arrives(candidate: Candidate, candidates: Iterable[Candidate]) -> bool:
    """Whether this weakness is reached on this line, by whatever detector the candidate is told."""
    place = family(candidate.cwe), candidate.place.start_line
    return any((family(one.cwe), one.place.start_line) == place and reached(one) for one in candidates)


def tested(signals: Iterable[Signal]) -> bool:
    """Whether a unit is test code, by its place or by what it imports."""
    return any(signal.rule == "context:test-code" for signal in signals)


def refutation(candidate: Candidate, signals: Sequence[Signal]) -> str:
    """Why a scanner's finding is wrong, "" where nothing proves it.

    Either it matters only in what is served and this is test code, or its detector says so itself, or data flow saw the
    sinks of this weakness on the finding's lines and proved of everything that arrives there that it does no harm. What
    data flow itself reports is refuted in tests only, and never where an outsider's value was followed.
    """
    if candidate.kind is not FindingKind.WEAKNESS or reached(candidate):
        return ""
    if family(candidate.cwe) in IN_TESTS and tested(signals):
        return f"{REFUTED}: {TEST_CODE}"
    if "code_flow" in candidate.by.split():
        return ""
    if candidate.safe_hint:
        return f"{REFUTED}: {candidate.safe_hint}"
    mine = family(candidate.cwe)
    proved = dict[int, str]()
    for signal in signals:
        if not signal.rule.startswith("flow:") or signal.rule == "flow:input":
            continue
        cwe, _, why = signal.message.partition(": ")
        lines = [n for n in signal.lines if candidate.place.start_line <= n <= candidate.place.end_line]
        if not lines or family(cwe) != mine:
            continue
        if signal.rule == "flow:open":
            return ""
        if signal.rule == "flow:proved":
            proved |= dict.fromkeys(lines, why)
    said = "; ".join(f"line {line}: {why}" for line, why in sorted(proved.items())[:PLACES])
    return f"{REFUTED}: {mine} {said}" if said else ""


def unfinished(signals: Iterable[Signal]) -> str:
    """What is told of a file that data flow did not go through to its end, "" for others."""
    return next((f"code_flow: {one.message}" for one in signals if one.rule == UNFINISHED), "")


def _near(signals: Iterable[Signal], rule: str, first: int, last: int) -> list[tuple[str, int]]:
    """(what, line) of the signals of a rule in a unit."""
    return [(s.message, n) for s in signals if s.rule == rule for n in s.lines if first <= n <= last]


def _path(one: Candidate, found: re.Match[str]) -> str:
    """ "CWE-89 line 3 -> 7 (request.args), cleaned for HTML only"."""
    fits = f", cleaned for {found['fits']} only" if found["fits"] else ""
    return f"{one.cwe} line {found['line']} -> {one.place.start_line} ({found['source'][:40]}){fits}"


def _named(places: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{what} line {line}" for what, line in places[:PLACES])


def _inputs(places: Sequence[tuple[str, int]]) -> str:
    named = ", ".join(f"{what[:40]} line {line}" for what, line in places[:PLACES])
    return f"; input {named}" if named else ""

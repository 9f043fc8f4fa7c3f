"""Comments that silence a finding where it stands: "secassist: ignore[rule] reason", and only with a reason."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from schemas import Finding

MARK = b"secassist:"
_COMMENT = re.compile(
    r"(?:#|//|/\*|--|<!--|;|%|'|\brem )[ \t]{0,8}secassist:[ \t]{0,8}ignore\b[ \t]{0,8}(?:\[([^\]\n]{0,200})\])?([^\n]{0,400})",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\buntil[ \t]?=[ \t]?(\S{0,20})")
_CWE = re.compile(r"(?:cwe[-_ ]?)?0{0,4}([1-9][0-9]{0,5})")
_NO_DETECTOR = frozenset({"model", "code"})
"""What findings are also said to be by; as a name for a suppression it would silence whatever comes."""
_CLOSERS = ("*/", "-->", "--%>", "#}")
_SHORTEST_REASON = 3
_LONGEST_REASON = 200
_NO_REASON = "gives no reason; it has no effect"
_NO_RULE = "names no rule, like ignore[B602] or ignore[CWE-78]; it has no effect"
_NO_DATE = "its until= is no date like 2026-12-31; it has no effect"


@dataclass(frozen=True)
class Suppression:
    """One comment at `line` that speaks of `target` (1-based; the same line, or the next one for a comment alone).

    `rules` are lower case: rules ("b602", "weakness/b602"), CWE ids ("cwe-78", "78"), detectors or kinds.
    `problem` says why it has no effect, whatever the day.
    `reason` is text of the input: whoever keeps or shows it has it redacted before.
    """

    line: int
    target: int
    rules: tuple[str, ...]
    until: str = ""
    problem: str = ""
    reason: str = ""

    def fault(self, today: date) -> str:
        """Why it has no effect today, or ""."""
        if not self.problem and self.until and date.fromisoformat(self.until) < today:
            return f"expired on {self.until}; it has no effect"
        return self.problem

    def covers(self, finding: Finding) -> bool:
        """Whether it speaks of this finding, by rule and place."""
        return self.reaches(finding) and not _names(finding).isdisjoint(map(_spelt, self.rules))

    def reaches(self, finding: Finding) -> bool:
        """Whether the finding stands where it speaks of."""
        place = finding.place
        on_it = place.start_line <= self.target <= place.end_line if self.line == self.target else False
        return on_it or place.start_line == self.target

    def idle(self, findings: Sequence[Finding]) -> str:
        """Why it covers none of the findings of its file, or ""."""
        if any(map(self.covers, findings)):
            return ""
        there = sorted({finding.rule for finding in findings if self.reaches(finding)})
        return f"names nothing that was found there ({', '.join(there)})" if there else "covers nothing that was found"


def _names(finding: Finding) -> set[str]:
    """All that a reviewer was shown: the rules as in tables and as in SARIF, the CWE ids, the kind, the detectors."""
    rule, kind = finding.rule.lower(), finding.kind.value.lower()
    detectors = {name.lower() for name in finding.by} - _NO_DETECTOR
    also = {name.lower() for name in finding.also}
    others = {_spelt(name) for name in also} | {f"{kind}/{name}" for name in also}
    return {_spelt(rule), f"{kind}/{rule}", kind, finding.cwe.lower(), *detectors, *others} - {""}


def _spelt(name: str) -> str:
    """A CWE id as findings spell it; other names as they are."""
    number = _CWE.fullmatch(name)
    return f"cwe-{number[1]}" if number else name


def suppressions(text: str, first: int = 1) -> tuple[Suppression, ...]:
    """Every comment of the text that asks for silence; `first` is the number of its first line."""
    if "secassist:" not in text.lower():
        return ()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return tuple(_found(lines, first))


def _found(lines: Sequence[str], first: int) -> Iterator[Suppression]:
    waiting = list[tuple[int, re.Match[str]]]()
    for number, line in enumerate(lines, start=first):
        found = _COMMENT.search(line) if "secassist:" in line.lower() else None
        alone = found is not None and not line[: found.start()].strip()
        if found and alone:
            waiting.append((number, found))
            continue
        yield from (_read(match, at, number) for at, match in waiting)
        waiting.clear()
        if found:
            yield _read(found, number, number)
    yield from (_read(match, at, at) for at, match in waiting)


def _read(found: re.Match[str], line: int, target: int) -> Suppression:
    rules = tuple(filter(None, (part.strip().lower() for part in (found[1] or "").split(","))))
    told = found[2]
    until = _UNTIL.search(told)
    reason = _UNTIL.sub("", told)
    for closer in _CLOSERS:
        reason = reason.replace(closer, "")
    day = until[1].rstrip("*/->,;)") if until else ""
    problem = _NO_RULE if not rules else "" if _is_reason(reason) else _NO_REASON
    if until and not problem and not _is_day(day):
        problem = _NO_DATE
    reason = " ".join(reason.split())[:_LONGEST_REASON] if not problem else ""
    return Suppression(line, target, rules, day if not problem else "", problem, reason)


def _is_reason(text: str) -> bool:
    return sum(char.isalnum() for char in text) >= _SHORTEST_REASON


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False

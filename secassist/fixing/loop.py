"""The loop: propose, put in, ask every oracle, keep the smallest change that all of them accept."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from schemas import Check
from secassist.detectors.base import Detector
from secassist.fixing import keeping, oracles
from secassist.fixing.base import Change, FixError, Outcome, Proposal, Proposer, Tried, Wanted
from secassist.fixing.blocks import applied

Tests = Callable[[Change], Check]
"""Runs the repository's own tests on a copy in which the file is changed so."""


def _quiet(_tried: int, _most: int) -> None:
    """Reports nothing."""


@dataclass
class Fixer:
    """What fixes: `judge` and `tests` are asked last, since they cost most, and only where they were given.

    `told` hears after each change how many were tried, and how many there can be.
    """

    detectors: Mapping[str, Detector]
    proposers: Sequence[Proposer]
    judge: oracles.Judge | None = None
    tests: Tests | None = None
    most: int = 3
    told: Callable[[int, int], None] = _quiet
    _seen: set[str] = field(default_factory=set)

    def fix(self, wanted: Wanted) -> Outcome:
        """At most `most` changes of each proposer tried, the accepted first, the best-liked and smallest of them at their head.

        A proposer of last resort is asked where nothing before it was accepted.
        """
        self._seen.clear()
        advice, tried = list[str](), list[Tried]()
        detecting: oracles.Detecting | None = None
        for proposer in self.proposers:
            if proposer.last_resort and any(each.accepted for each in tried):
                break
            changes = self._changes(proposer, wanted, advice)
            known = len(tried)
            for change in islice(changes, self.most):
                detecting = detecting or oracles.Detecting(self.detectors, wanted)
                tried.append(Tried(change, tuple(self._checks(change, detecting))))
                self.told(len(tried), max(len(tried), self.most))
            if len(tried) - known == self.most and next(changes, None) is not None:
                advice.append(f"stopped after {self.most} changes; there are more to try (--k)")
        tried.sort(key=lambda t: (not t.accepted, t.change.proposal.preference, t.change.touched, _size(t.change)))
        return Outcome(tuple(tried), tuple(dict.fromkeys(advice)))

    def _changes(self, proposer: Proposer, wanted: Wanted, advice: list[str]) -> Iterator[Change]:
        for proposal in proposer.propose(wanted):
            change = self._change(proposal, wanted, proposer.name, advice)
            if change is not None and change.text not in self._seen:
                self._seen.add(change.text)
                yield change

    def _change(self, proposal: Proposal, wanted: Wanted, by: str, advice: list[str]) -> Change | None:
        if not proposal.blocks:
            advice.append(proposal.explanation)
            return None
        try:
            return applied(proposal, wanted.text, by)
        except FixError as error:
            advice.append(f"{proposal.name}: {error}")
            return None

    def _checks(self, change: Change, detecting: oracles.Detecting) -> Iterator[Check]:
        """Cheap ones first; the costly ones only while nothing has failed."""
        wanted = detecting.wanted
        cheap = [
            oracles.parses(change, wanted),
            oracles.keeps_signatures(change, wanted),
            oracles.is_small(change, wanted),
            keeping.unsilenced(change, wanted),
            keeping.kept(change, wanted),
            keeping.plain(change, wanted),
            *oracles.detected(change, detecting, judging=self.judge is not None),
        ]
        yield from cheap
        if not all(check.passed for check in cheap):
            return
        if self.judge is not None:
            asked = oracles.judged(change, detecting, self.judge)
            yield asked
            if not asked.passed:
                return
        if self.tests is not None:
            yield self.tests(change)


def _size(change: Change) -> int:
    """Characters that are new."""
    return sum(len(line) for _, _, lines in change.runs for line in lines)

"""The contract of a proposer: a finding and the text it stands in go in, edited blocks come out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from schemas import Check, Fix
from secassist.errors import UsageError

PASSWORDS: Final = re.compile(r"passw|pwd|passphrase|credential", re.IGNORECASE)
"""What code about passwords speaks of: a hash there has to be a slow one."""


class FixError(UsageError):
    """A fix cannot be proposed, applied or undone; the message says why and what to do."""


@dataclass(frozen=True)
class Wanted:
    """What is to be fixed: `text` is the whole file with LF line breaks, `first`..`last` the finding's lines (1-based).

    `language` is a name of `sources` ("python", "javascript"); `cwe` like "CWE-89" or ""; `rule` what fired.
    """

    path: str
    language: str
    text: str = field(repr=False)
    first: int
    last: int
    cwe: str
    rule: str = ""


@dataclass(frozen=True)
class Block:
    """Whole lines and what they become; `near` is the line (1-based) about which `before` is looked for.

    No line numbers are trusted: `before` must stand in the text word for word, and the place nearest to `near` counts.
    """

    before: str = field(repr=False)
    after: str = field(repr=False)
    near: int


@dataclass(frozen=True)
class Proposal:
    """One way to fix. `preference` 0 is the best in kind; of equally preferred ones the smallest is kept.

    Without blocks it is advice: `explanation` then says what a person has to decide.
    """

    name: str
    blocks: tuple[Block, ...]
    explanation: str
    preference: int = 0


class Proposer(Protocol):
    """Who may propose: rewrites by code, or a model that writes blocks."""

    name: str
    """Kept as `Fix.by`."""
    last_resort: bool
    """Whether it is asked only where nobody before it had a change that was accepted."""

    def propose(self, wanted: Wanted) -> Iterator[Proposal]:
        """Proposals, best first, at most a few; nothing where it knows no way. Raises nothing."""
        ...


Run = tuple[int, int, tuple[str, ...]]
"""Lines [first, last) of the old text, from 0, and those that take their place."""


@dataclass(frozen=True)
class Change:
    """A proposal applied: the new text, and the runs of lines that differ, in order."""

    proposal: Proposal
    by: str
    text: str = field(repr=False)
    runs: tuple[Run, ...] = field(repr=False)

    @property
    def touched(self) -> int:
        """Lines taken out or put in, the greater of both for each run."""
        return sum(max(last - first, len(lines)) for first, last, lines in self.runs)


@dataclass(frozen=True)
class Tried:
    """A change and what every oracle said about it."""

    change: Change
    checks: tuple[Check, ...]

    @property
    def accepted(self) -> bool:
        """Whether every oracle passed."""
        return all(check.passed for check in self.checks)


@dataclass(frozen=True)
class Outcome:
    """All that was tried, the accepted ones first and the one to keep at their head; `advice` is for a person."""

    tried: tuple[Tried, ...] = ()
    advice: tuple[str, ...] = ()

    @property
    def kept(self) -> Tried | None:
        """The accepted change to show and apply."""
        return self.tried[0] if self.tried and self.tried[0].accepted else None


def as_fix(tried: Tried) -> Fix:
    """The noun that is stored and exported: one range of lines from the first to the last that changes."""
    runs = tried.change.runs
    first, last = runs[0][0], max(runs[-1][1], runs[0][0] + 1)
    added = sum(len(lines) - (b - a) for a, b, lines in runs)
    lines = tried.change.text.split("\n")[first : last + added]
    return Fix(
        start_line=first + 1,
        end_line=last,
        replacement="\n".join(lines),
        explanation=tried.change.proposal.explanation,
        by=f"{tried.change.by}:{tried.change.proposal.name}",
        checks=tried.checks,
    )


def touched_lines(runs: Sequence[Run]) -> set[int]:
    """1-based line numbers of the new text that the runs wrote, or beside which they took lines out."""
    found, shift = set[int](), 0
    for first, last, lines in runs:
        found |= set(range(first + shift + 1, first + shift + len(lines) + 1)) or {first + shift + 1}
        shift += len(lines) - (last - first)
    return found

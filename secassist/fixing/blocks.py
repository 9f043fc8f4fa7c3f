"""Puts edited blocks into a text, and makes blocks of what rewrites replace; bytes outside the blocks stay as they are."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

from secassist.fixing.base import Block, Change, FixError, Proposal, Run


@dataclass(frozen=True)
class Splice:
    """Characters `start`..`end` (exclusive) of a text become `new`."""

    start: int
    end: int
    new: str = field(repr=False)


def blocks_of(text: str, splices: Sequence[Splice]) -> tuple[Block, ...]:
    """The whole lines that the splices touch, one block per run of lines. Raises FixError where splices overlap."""
    starts = list(accumulate((len(line) + 1 for line in text.split("\n")[:-1]), initial=0))
    groups: list[tuple[int, int, list[Splice]]] = []
    for splice in sorted(splices, key=lambda s: (s.start, s.end)):
        first = bisect_right(starts, splice.start) - 1
        last = bisect_right(starts, max(splice.start, splice.end)) - 1
        if groups and first <= groups[-1][1]:
            before = groups[-1]
            if before[2][-1].end > splice.start:
                raise FixError("two edits of one proposal overlap")
            groups[-1] = (before[0], max(before[1], last), [*before[2], splice])
        else:
            groups.append((first, last, [splice]))
    ends = [*starts[1:], len(text) + 1]
    return tuple(_block(text, starts[first], ends[last] - 1, first, part) for first, last, part in groups)


def together(edits: Sequence[list[Splice]]) -> Iterator[list[Splice]]:
    """All edits as one where that is possible, since a finding is a line and may be several calls; then each alone."""
    every = list(dict.fromkeys(splice for edit in edits for splice in edit))
    ordered = sorted(every, key=lambda s: (s.start, s.end))
    if len(edits) > 1 and all(one.end <= other.start for one, other in pairwise(ordered)):
        yield every
    yield from edits


def united(text: str, proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """Proposals of one name as one where they touch different places: a finding is a line, and may be several calls."""
    names = dict.fromkeys(proposal.name for proposal in proposals if proposal.blocks)
    for name in names:
        alike = [proposal for proposal in proposals if proposal.name == name and proposal.blocks]
        edits = [[_changed(text, block) for block in proposal.blocks] for proposal in alike]
        whole = next(together(edits))
        if len(alike) > 1 and whole is not edits[0]:
            yield replace(alike[0], blocks=blocks_of(text, whole))
    yield from proposals


def _changed(text: str, block: Block) -> Splice:
    """The characters of a block that become others. Raises FixError where it does not stand in the text."""
    lines = text.split("\n")
    first = _placed(lines, block)[0]
    start = sum(len(line) + 1 for line in lines[:first])
    before, after = block.before, block.after
    ahead = _alike(before, after)
    behind = _alike(before[ahead:][::-1], after[ahead:][::-1])
    return Splice(start + ahead, start + len(before) - behind, after[ahead : len(after) - behind])


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _block(text: str, start: int, end: int, first: int, splices: Sequence[Splice]) -> Block:
    after, at = "", start
    for splice in splices:
        after += text[at : splice.start] + splice.new
        at = splice.end
    return Block(text[start:end], after + text[at:end], first + 1)


def applied(proposal: Proposal, text: str, by: str) -> Change:
    """The text with every block in its place. Raises FixError when one is not there, overlaps, or changes nothing."""
    lines = text.split("\n")
    found = sorted((_placed(lines, block) for block in proposal.blocks), key=lambda placed: placed[0])
    if not found:
        raise FixError("the proposal holds no edit")
    runs = list[Run]()
    for first, last, after in found:
        if runs and first < runs[-1][1]:
            raise FixError("two blocks of one proposal overlap")
        runs += _differences(lines[first:last], after, first)
    new, at = list[str](), 0
    for first, last, after in found:
        new += [*lines[at:first], *after]
        at = last
    new += lines[at:]
    if not runs:
        raise FixError("the proposal changes nothing")
    return Change(proposal, by, "\n".join(new), tuple(runs))


def _placed(lines: list[str], block: Block) -> tuple[int, int, list[str]]:
    before = block.before.split("\n")
    wanted, size = before[0], len(before)
    places = [at for at, line in enumerate(lines) if line == wanted and lines[at : at + size] == before]
    if not places:
        raise FixError("a block of the proposal does not stand in the file word for word")
    at = min(places, key=lambda place: abs(place + 1 - block.near))
    return at, at + size, block.after.split("\n")


def _differences(before: list[str], after: list[str], first: int) -> list[Run]:
    matched = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [(first + a, first + b, tuple(after[c:d])) for tag, a, b, c, d in matched if tag != "equal"]

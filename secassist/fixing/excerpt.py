"""What a model is shown of a file for one finding, and where a quotation of it stands; knows no model and no oracle."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from schemas import Line
from schemas.edits import Edit
from secassist.fixing.base import Block, FixError, Wanted
from secassist.parsing.languages import language_of
from secassist.parsing.units import units
from secassist.templates import UNSEEN, neutralise

MOST_IMPORTS = 20
"""Lines at the head of a file that are shown besides the unit, so that an import can be added."""
AROUND = 20
"""Lines above and below a finding that no function holds."""
_HEADS = ("import ", "from ", "using ", "#include", "use ", "require", "package ", "const ", "<?php")
_SHORTEST_MASK = 4


@dataclass(frozen=True)
class Excerpt:
    """Numbered lines as the model sees them: secrets masked, control characters spelled out, tabs as single blanks."""

    wanted: Wanted
    lines: tuple[Line, ...]
    masks: frozenset[str] = field(repr=False, default=frozenset())

    def block(self, edit: Edit) -> Block:
        """The edit on the file's own lines. Raises FixError with the reason where it cannot stand for what was shown."""
        at = self._place(edit.old)
        text = self.wanted.text.split("\n")
        before = text[at - 1 : at - 1 + len(edit.old)]
        after = [_indented(line, before) for line in edit.new]
        if any(mask in line for line in after for mask in self.masks):
            raise FixError("it would write a mask in the place of a value")
        if any(UNSEEN.search(line.replace("\t", " ")) for line in after):
            raise FixError("it writes control or invisible characters")
        return Block("\n".join(before), "\n".join(after), at) if after else _taken_out(text, at, len(before))

    def _place(self, old: Sequence[str]) -> int:
        """The number of the first quoted line."""
        quoted = [neutralise(line).rstrip() for line in old]
        if not any(quoted):
            raise FixError("it quotes only empty lines")
        known = {line.number: neutralise(line.text).rstrip() for line in self.lines}
        places = [n for n in known if [known.get(n + at) for at in range(len(quoted))] == quoted]
        if not places:
            raise FixError("what it quotes does not stand in the code that it was shown")
        if len(places) > 1:
            raise FixError("what it quotes stands in the code more than once")
        return places[0]


def _taken_out(text: Sequence[str], at: int, count: int) -> Block:
    """Lines go with one of their breaks: a block is whole lines, so the line beside them is part of it."""
    if at > 1:
        return Block("\n".join(text[at - 2 : at - 1 + count]), text[at - 2], at - 1)
    if len(text) <= count:
        raise FixError("it takes out the whole file")
    return Block("\n".join(text[: count + 1]), text[count], 1)


def _indented(line: str, before: Sequence[str]) -> str:
    """With tabs, where what it takes the place of is indented by tabs, which were shown as blanks."""
    leads = [each[: len(each) - len(each.lstrip())] for each in before if each.strip()]
    if not leads or any(set(lead) - {"\t"} for lead in leads) or not any(leads):
        return line
    bare = line.lstrip(" ")
    return "\t" * (len(line) - len(bare)) + bare


def excerpt(wanted: Wanted, concealed: str, budget: int, count: Callable[[str], int]) -> Excerpt:
    """The function around the finding and the head of the file; as much of it as `budget` tokens hold.

    `concealed` is the text with every secret masked, line by line. Raises FixError where the lines do not match.
    """
    real, covered = wanted.text.split("\n"), concealed.split("\n")
    if len(real) != len(covered):
        raise FixError("the file cannot be shown line by line without a secret in it")
    first, last = _window(wanted, len(real))
    left = budget - sum(_cost(covered[n - 1], count) for n in range(wanted.first, wanted.last + 1))
    if left < 0:
        raise FixError("the finding's own lines are too many to be shown to the model")
    chosen = set(range(wanted.first, wanted.last + 1))
    for number in [*_outwards(wanted, first, last), *_head(covered, first)]:
        left -= _cost(covered[number - 1], count)
        if left < 0:
            break
        chosen.add(number)
    masks = frozenset(
        mask for n in chosen if real[n - 1] != covered[n - 1] for mask in _put_in(real[n - 1], covered[n - 1])
    )
    return Excerpt(wanted, tuple(Line(number=n, text=covered[n - 1]) for n in sorted(chosen)), masks)


def _cost(line: str, count: Callable[[str], int]) -> int:
    return count(neutralise(line)) + 4


def _window(wanted: Wanted, total: int) -> tuple[int, int]:
    name = language_of(wanted.path, wanted.text[:256], wanted.language)
    found = [u for u in units(wanted.text, name) if u.first <= wanted.first and wanted.last <= u.last] if name else []
    if found:
        inner = min(found, key=lambda unit: unit.last - unit.first)
        return inner.first, inner.last
    return max(1, wanted.first - AROUND), min(total, wanted.last + AROUND)


def _outwards(wanted: Wanted, first: int, last: int) -> list[int]:
    """Lines of the unit, those nearest to the finding first."""
    rest = [n for n in range(first, last + 1) if not wanted.first <= n <= wanted.last]
    return sorted(rest, key=lambda n: (wanted.first - n if n < wanted.first else n - wanted.last, n))


def _head(lines: Sequence[str], first: int) -> list[int]:
    """Imports above the unit."""
    above = [n for n in range(1, min(first, 200)) if lines[n - 1].lstrip("\t ").startswith(_HEADS)]
    return above[:MOST_IMPORTS]


def _put_in(real: str, covered: str) -> list[str]:
    """What stands in a covered line and not in the real one."""
    matched = SequenceMatcher(None, real, covered, autojunk=False).get_opcodes()
    pieces = [covered[c:d] for tag, _, _, c, d in matched if tag in ("insert", "replace")]
    return [piece for piece in pieces if len(piece) >= _SHORTEST_MASK] or ["****"]

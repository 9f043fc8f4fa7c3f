"""Labelled code as texts to be scanned, and which weaknesses mean the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from secassist.evaluation.examples import Example, collect
from secassist.evaluation.subjects import SUFFIXES, pair
from secassist.evaluation.truth import truth

_FAMILIES: Final = (
    "79 80 83 86 87 116", "89 564 943", "77 78 88", "94 95 96 913 1336", "22 23 35 36 73 98 99 829", "90", "91 643",
    "326 327 328 310 916 759 760 1204", "330 331 335 338", "611 776 827", "502", "601", "918", "93 113", "117",
    "259 321 798 312", "119 120 121 122 123 124 125 126 127 129 131 193 785 787 788 805 806 242 676",
    "190 191 128 195 194 196 197 680 681", "415 416 590 761 762", "476 690 252 253", "401 404 772 775 771",
    "457 908 665 824", "295 297", "614 1004", "276 732", "400 770 789 606 674 834 835", "1333 400 730 185",
    "134", "200 209 497", "377 379 59 367", "352", "369", "470", "501",
)  # fmt: skip
"""CWE numbers that scanners use for one another."""


@dataclass(frozen=True)
class Item:
    """One text. `language` is the one it is counted under (C for C++ too), `dialect` what it is written in; `pair` the id of
    the pair it belongs to, "" for a single one; `cwe` what it was made to test."""

    id: str
    source: str
    language: str
    dialect: str
    text: str
    bad: bool
    cwe: tuple[str, ...]
    group: str
    pair: str = ""

    @property
    def name(self) -> str:
        """A file name that says nothing of the label."""
        return f"unit.{SUFFIXES.get(self.dialect, 'txt')}"


def items(data: Path, split: str) -> list[Item]:
    """The C1 and C2 rows of a split; rows whose label has no verdict are left out."""
    examples, _ = collect(data, ("C1", "C2"))
    return [item for example in examples if example.split == split for item in _items(example)]


def _items(example: Example) -> Iterator[Item]:
    known = truth(example)
    named = example.label.get("tested_cwe")
    cwe = tuple(known.cwe) or tuple(one for one in named or () if isinstance(one, str))
    family = {"cpp": "c", "typescript": "javascript"}.get(example.language, example.language)
    shared = (example.source, family, example.language)
    if example.task == "C2":
        texts = pair(example)
        if len(texts) == 2:
            yield Item(f"{example.id} before", *shared, texts[0], True, cwe, example.group, example.id)
            yield Item(f"{example.id} after", *shared, texts[1], False, cwe, example.group, example.id)
    elif known.bad is not None and isinstance(example.input, str):
        yield Item(example.id, *shared, example.input, known.bad, cwe, example.group)


def families(cwes: tuple[str, ...]) -> frozenset[int]:
    """The families of CWE numbers; one that is in none is a family of its own."""
    found: set[int] = set()
    for one in cwes:
        number = one.upper().removeprefix("CWE-")
        places = [place for place, row in enumerate(_FAMILIES) if number in row.split()]
        found |= set(places) or {1000 + int(number)} if number.isdigit() else set()
    return frozenset(found)

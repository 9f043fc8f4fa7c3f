"""Items and answers to figures: by set, language, kind and type, and the goals they are held against."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.sensitive import matching, ours, scores
from benchmarks.sensitive.items import KINDS, SETS, Item, Span
from benchmarks.sensitive.logs import PERSONAL, SECRET
from benchmarks.sensitive.matching import Tally
from benchmarks.sensitive.scores import Figures, Rate
from benchmarks.sensitive.throughput import GOAL, Speed
from benchmarks.sensitive.yardsticks import Answer

ALL: Final = "all"
FRESH: Final = "fresh"
"""The log lines of shapes whose errors are never shown."""
LANGUAGES: Final = (ALL, "en", "zh", "other", FRESH)


@dataclass(frozen=True)
class Row:
    """One tool on one slice of a set: places whatever their type, with their types, of the types it claims."""

    set: str
    kind: str
    language: str
    tool: str
    texts: int
    places: Figures
    typed: Figures
    claimed: Figures
    flagged: Rate


@dataclass(frozen=True)
class TypeRow:
    """One tool and one type on one slice."""

    set: str
    kind: str
    language: str
    type: str
    tool: str
    figures: Figures


@dataclass(frozen=True)
class Goal:
    """What is wanted, what was measured, and whether that is enough (None: not measured)."""

    what: str
    where: str
    tool: str
    wanted: str
    measured: str
    met: bool | None


@dataclass(frozen=True)
class Board:
    """All figures of a run."""

    rows: tuple[Row, ...]
    types: tuple[TypeRow, ...]
    either: tuple[tuple[str, str, Rate], ...]
    """Set, tool and the share of clean texts flagged for anything at all."""


def slices(items: Sequence[Item]) -> list[tuple[str, str, list[int]]]:
    """Set, language and the numbers of the items in it; slices without an item are left out."""
    found = []
    for name in SETS:
        for language in LANGUAGES:
            chosen = [n for n, item in enumerate(items) if item.set == name and _within(item, language)]
            if chosen and not (name != "logs" and language == FRESH):
                found.append((name, language, chosen))
    return found


def make(items: Sequence[Item], answers: Sequence[Answer]) -> Board:
    """The figures of every tool that answered, on every slice, for each kind that it looks for."""
    rows: list[Row] = []
    types: list[TypeRow] = []
    for name, language, numbers in slices(items):
        for kind in KINDS[name]:
            for answer in answers:
                if answer.problem or not answer.speaks_of(kind):
                    continue
                chosen = [(items[n], answer.found[n]) for n in numbers]
                row, mine = _row(name, kind, language, answer, chosen)
                rows.append(row)
                types += mine
    return Board(tuple(rows), tuple(types), tuple(_either(items, answers)))


def _within(item: Item, language: str) -> bool:
    return language == ALL or (item.fresh if language == FRESH else item.language == language)


def _row(
    name: str, kind: str, language: str, answer: Answer, chosen: Sequence[tuple[Item, list[Span]]]
) -> tuple[Row, list[TypeRow]]:
    groups = [item.group for item, _ in chosen]
    claims = answer.claims[kind]
    matches = [matching.match(item, said, kind) for item, said in chosen]
    typed = [
        matching.personal_types(item, said) if kind == PERSONAL else matching.secret_types(found)
        for (item, said), found in zip(chosen, matches, strict=True)
    ]
    tallies: dict[Hashable, list[Tally]] = {
        "places": [matching.places(found) for found in matches],
        "claimed": [matching.places(found, claims) for found in matches],
        "typed": [scores.total(list(of_item.values())) for of_item in typed],
    }
    shown = sorted({name for of_item in typed for name, tally in of_item.items() if tally.labelled})
    for name_ in shown:
        tallies["type", name_] = [of_item.get(name_, matching.NOTHING) for of_item in typed]
    figures = scores.figures(tallies, groups)
    flagged = _flagged(chosen, (kind,))
    row = Row(
        *(name, kind, language, answer.name, len(chosen)),
        *(figures["places"], figures["typed"], figures["claimed"], flagged),
    )
    return row, [TypeRow(name, kind, language, found, answer.name, figures["type", found]) for found in shown]


def _flagged(chosen: Sequence[tuple[Item, list[Span]]], kinds: Sequence[str]) -> Rate:
    """Of the texts without any labelled place, the share in which something was found."""
    clean = [(item, said) for item, said in chosen if not item.spans and not item.open]
    flags = [any(matching.match(item, said, kind).said for kind in kinds) for item, said in clean]
    return scores.share(flags, [item.group for item, _ in clean])


def _either(items: Sequence[Item], answers: Sequence[Answer]) -> list[tuple[str, str, Rate]]:
    found = []
    for name in SETS:
        for answer in answers:
            chosen = [(i, s) for i, s in zip(items, answer.found, strict=False) if i.set == name]
            kinds = [kind for kind in KINDS[name] if answer.speaks_of(kind)]
            if chosen and kinds:
                found.append((name, answer.name, _flagged(chosen, kinds)))
    return found


def goals(board: Board, speed: Speed | None) -> list[Goal]:
    """The goals of the project beside what was measured, for our two rows."""
    found: list[Goal] = []
    for tool in (ours.DETECTORS, ours.ANALYZER):
        rows = [row for row in board.rows if row.tool == tool]
        for row in rows:
            if row.kind == SECRET and row.language in (ALL, FRESH):
                found.append(_secrets(row))
            if row.kind == PERSONAL and row.language in ("en", "zh"):
                found.append(_personal(row))
        found += [_clean(name, tool, rate) for name, mine, rate in board.either if mine == tool]
    if speed and "both" in speed.seconds:
        rate = speed.size / 1e6 / speed.seconds["both"]
        wanted = f"at least {GOAL:g} MB/s"
        found.append(Goal("rate", "installed packages", "both detectors", wanted, f"{rate:.2f} MB/s", rate >= GOAL))
    return found


def _secrets(row: Row) -> Goal:
    precision, recall = row.places.precision.value, row.places.recall.value
    where = f"{row.set}, fresh shapes" if row.language == FRESH else row.set
    met = None if math.isnan(precision + recall) else precision >= 0.97 and recall >= 0.90
    said = f"precision {precision:.3f} at recall {recall:.3f}"
    return Goal("secrets", where, row.tool, "precision at least .97 at recall at least .90", said, met)


def _personal(row: Row) -> Goal:
    least = 0.90 if row.language == "en" else 0.95
    value = row.places.f1.value
    where = f"{row.set}, {'English' if row.language == 'en' else 'Chinese'}"
    met = None if math.isnan(value) else value >= least
    return Goal("personal data", where, row.tool, f"F1 at least {least:.2f}", f"F1 {value:.3f}", met)


def _clean(name: str, tool: str, rate: Rate) -> Goal:
    met = None if math.isnan(rate.value) else rate.value <= 0.02
    measured = f"{100 * rate.value:.1f} % ({rate.part} of {rate.whole})" if rate.whole else "no clean text"
    return Goal("clean texts flagged", name, tool, "at most 2 %", measured, met)

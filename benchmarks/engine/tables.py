"""Tables: rows of measurements to medians, spreads and ratios; pure functions of what the processes wrote."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

Row = Mapping[str, Any]
JUDGE = {"1": "grammar"}
"""By whose answers the others' are compared: one at a time with one waiting, in batches otherwise."""
JUDGE_BATCHED = "grammar-batched"


@dataclass(frozen=True)
class Figure:
    """Median of the repetitions, with the least and the greatest."""

    middle: float
    low: float
    high: float

    def text(self, digits: int = 2) -> str:
        """`4.31 (4.20-4.40)`; the median alone when there was but one repetition."""
        if self.low == self.high:
            return f"{self.middle:.{digits}f}"
        return f"{self.middle:.{digits}f} ({self.low:.{digits}f}-{self.high:.{digits}f})"


def of(values: Iterable[float]) -> Figure | None:
    """The figure of some values; None of none."""
    found = sorted(values)
    return Figure(median(found), found[0], found[-1]) if found else None


def select(rows: Iterable[Row], **wanted: Any) -> list[Row]:
    """The rows that have these values."""
    return [row for row in rows if all(row.get(name) == value for name, value in wanted.items())]


def per_repeat(rows: Iterable[Row], value: Callable[[list[Row]], float]) -> Figure | None:
    """One value per repetition, over all batches of its cell."""
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.get("repeat", 0)].append(row)
    return of(value(group) for group in groups.values())


def rate(rows: list[Row]) -> float:
    """Analyses per second."""
    return float(sum(row["n"] for row in rows)) / float(sum(row["seconds"] for row in rows))


def per_processor_second(rows: list[Row]) -> float:
    """Analyses per second of processor, which a neighbour on the machine disturbs less; 0 where it is not known."""
    used = float(sum(row["processor"] for row in rows))
    return float(sum(row["n"] for row in rows)) / used if used else 0.0


def tokens(rows: list[Row]) -> float:
    """Tokens of prompts and answers per second."""
    count = sum(sum(row["prompt_tokens"]) + sum(row["answer_tokens"]) for row in rows)
    return float(count) / float(sum(row["seconds"] for row in rows))


def firsts(rows: Iterable[Row]) -> list[float]:
    """Seconds until the first verdict of each batch."""
    return sorted(min(row["finished"]) for row in rows)


def percentile(ordered: Sequence[float], share: float) -> float:
    """Of ascending values, the one below which at least this share lies."""
    return ordered[min(len(ordered) - 1, max(0, -int(-len(ordered) * share // 1) - 1))]


def share_valid(rows: Iterable[Row]) -> float:
    """Share of answers that validate."""
    flags = [flag for row in rows for flag in row["valid"]]
    return float(sum(flags)) / len(flags)


def share_equal(rows: Sequence[Row], judged: Sequence[Row]) -> float | None:
    """Share of answers equal to the judge's: token by token where both tell tokens, else by text; None without any.

    Batches are told apart by repetition and their place in the cell.
    """
    equal = count = 0
    for mine, theirs in _paired(rows, judged):
        for index in range(min(mine["n"], theirs["n"])):
            by_tokens = bool(mine["ids"][index]) and bool(theirs["ids"][index])
            field = "ids" if by_tokens else "texts"
            equal += mine[field][index] == theirs[field][index]
            count += 1
    return equal / count if count else None


def _paired(rows: Sequence[Row], judged: Sequence[Row]) -> list[tuple[Row, Row]]:
    known = {(row.get("repeat", 0), row["place"]): row for row in judged}
    first = {row["place"]: row for row in reversed(judged)}
    pairs = [(row, known.get((row.get("repeat", 0), row["place"])) or first.get(row["place"])) for row in rows]
    return [(mine, theirs) for mine, theirs in pairs if theirs is not None]


def markdown(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """A table; the first column to the left, figures to the right."""
    lines = [f"| {' | '.join(head)} |", f"|---|{'---:|' * (len(head) - 1)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in body)])

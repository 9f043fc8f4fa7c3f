"""Scorecard: measured figures with their intervals, as data and as a table for people."""

from collections.abc import Sequence
from typing import Final

from pydantic import Field

from schemas import Noun

HEADLINES: Final = (
    ("f1", "F1"),
    ("auc", "AUC"),
    ("tpr", "TPR"),
    ("fpr", "FPR"),
    ("ece", "ECE"),
    ("both_right", "both right"),
    ("technique_top1", "technique top 1"),
    ("technique_top3", "technique top 3"),
    ("cwe_top1", "CWE"),
    ("line_f1", "lines F1"),
    ("span_exact_f1", "spans F1"),
    ("span_overlap_f1", "spans overlap F1"),
    ("abstention", "abstained"),
    ("invalid", "invalid"),
    ("items_per_second", "items/s"),
)
"""Measures shown in the table and their columns; the JSON has all."""


class Measure(Noun):
    """A figure, its 95 % bootstrap interval, and the number `n` of items (or spans, or lines) it rests on."""

    value: float
    low: float | None
    high: float | None
    n: int


class Score(Noun):
    """The figures of one slice; `source` and `language` are "" where they are not what it was sliced by.

    `bad` and `benign` count its items by label. A measure that the slice does not define is not there: with one class
    only there is no AUC, precision or F1.
    """

    task: str
    source: str = ""
    language: str = ""
    items: int
    bad: int
    benign: int
    measures: dict[str, Measure]


class BadRow(Noun):
    """A row of the data that could not be used."""

    origin: str
    reason: str


class Scorecard(Noun):
    """All of one run. An item that was abstained from counts as wrong in every measure of decisions, whatever it is;
    AUC, ECE and Brier rest on the items that have a score. `about` names what was evaluated."""

    about: dict[str, str] = Field(default_factory=dict)
    items: int
    seconds: float
    tasks: tuple[Score, ...]
    sources: tuple[Score, ...]
    languages: tuple[Score, ...]
    rejected: tuple[BadRow, ...] = ()


def render_markdown(scorecard: Scorecard) -> str:
    """Tables by task, source and language; a cell is the figure and its interval, "-" where it is not defined."""
    parts = [f"{scorecard.items} items in {scorecard.seconds:.1f} s, {len(scorecard.rejected)} rows rejected."]
    parts += [f"- {name}: {value}" for name, value in sorted(scorecard.about.items())]
    for title, scores in (
        ("By task", scorecard.tasks),
        ("By source", scorecard.sources),
        ("By language", scorecard.languages),
    ):
        if scores:
            parts += ["", f"## {title}", "", *_table(scores)]
    if scorecard.rejected:
        parts += ["", "## Rejected rows", "", *(f"- {row.origin}: {row.reason}" for row in scorecard.rejected)]
    return "\n".join(parts) + "\n"


def _table(scores: Sequence[Score]) -> list[str]:
    used = [(key, title) for key, title in HEADLINES if any(key in score.measures for score in scores)]
    heads = ["task", "slice", "n", "bad", *(title for _, title in used)]
    rows = [
        [score.task, _cell(score.source or score.language or "all"), str(score.items), str(score.bad)]
        + [_figure(score.measures.get(key)) for key, _ in used]
        for score in scores
    ]
    return [_row(heads), _row(["---"] * len(heads)), *map(_row, rows)]


def _figure(measure: Measure | None) -> str:
    if measure is None:
        return "-"
    if measure.low is None or measure.high is None:
        return _number(measure.value)
    return f"{_number(measure.value)} ({_number(measure.low)} to {_number(measure.high)})"


def _number(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.0f}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"

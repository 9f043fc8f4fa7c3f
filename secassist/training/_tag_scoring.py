"""How well spans were found: exact and overlapping matches by type, language and source; pure functions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from secassist.backends._tag_text import Span
from secassist.training._tag_rows import TagExample

Places = Sequence[tuple[int, int, str]]


@dataclass
class Tally:
    """Counts of one cell. `exact` and `overlap` count true spans that were found, each prediction used once."""

    true: int = 0
    predicted: int = 0
    exact: int = 0
    overlap: int = 0

    def figures(self) -> dict[str, float | int]:
        """F1 exact and overlapping, precision and recall (overlapping), and the counts."""
        precision = self.overlap / self.predicted if self.predicted else 0.0
        recall = self.overlap / self.true if self.true else 0.0
        return {
            "f1_exact": round(_f1(self.exact, self.predicted, self.true), 3),
            "f1_overlap": round(_f1(self.overlap, self.predicted, self.true), 3),
            "precision": round(precision, 3),
            "recall": round(recall, 3),
            "true": self.true,
            "predicted": self.predicted,
        }


def _f1(hits: int, predicted: int, true: int) -> float:
    return 2 * hits / (predicted + true) if predicted + true else 0.0


def tally(examples: Sequence[TagExample], found: Sequence[Places]) -> dict[tuple[str, str, str], Tally]:
    """Tallies by (source, language, type); only types in an example's scope count."""
    cells: dict[tuple[str, str, str], Tally] = defaultdict(Tally)
    for example, places in zip(examples, found, strict=True):
        for kind in example.scope:
            true = [place for place in example.spans if place[2] == kind]
            mine = [place for place in places if place[2] == kind]
            cell = cells[example.source, example.language, kind]
            cell.true += len(true)
            cell.predicted += len(mine)
            cell.exact += len(set(true) & set(mine))
            cell.overlap += _overlapping(true, mine)
    return dict(cells)


def _overlapping(true: Places, mine: Places) -> int:
    """Pairs of a true and a predicted span that share a character, each used once, taken from left to right."""
    count, left = 0, sorted(mine)
    for start, end, _ in sorted(true):
        match = next((place for place in left if place[0] < end and start < place[1]), None)
        if match:
            left.remove(match)
            count += 1
    return count


def table(cells: Mapping[tuple[str, str, str], Tally]) -> list[dict[str, object]]:
    """The tallies as rows, cells without any span left out."""
    return [
        {"source": source, "language": language, "type": kind, **cell.figures()}
        for (source, language, kind), cell in sorted(cells.items())
        if cell.true or cell.predicted
    ]


def places(spans: Iterable[Span], thresholds: Mapping[str, float] | None = None) -> list[tuple[int, int, str]]:
    """Spans as places, those below their type's threshold left out."""
    least = thresholds or {}
    return [(s.start, s.end, s.type) for s in spans if s.probability >= least.get(s.type, 0.0)]


def thresholds(
    examples: Sequence[TagExample], found: Sequence[Sequence[Span]], wanted: float, kinds: Sequence[str]
) -> dict[str, float]:
    """Per type the least belief, in steps of .01 from .5, at which precision (overlapping) reaches `wanted`; else .99."""
    chosen = {}
    for kind in kinds:
        rated = [pair for example, spans in zip(examples, found, strict=True) for pair in _rated(example, spans, kind)]
        cuts = (cut / 100 for cut in range(50, 100))
        chosen[kind] = next((cut for cut in cuts if _precision(rated, cut) >= wanted), 0.99)
    return chosen


def _rated(example: TagExample, spans: Sequence[Span], kind: str) -> list[tuple[float, bool]]:
    if kind not in example.scope:
        return []
    true = [place for place in example.spans if place[2] == kind]
    mine = [span for span in spans if span.type == kind]
    return [(s.probability, any(s.start < end and start < s.end for start, end, _ in true)) for s in mine]


def _precision(rated: Sequence[tuple[float, bool]], cut: float) -> float:
    kept = [right for belief, right in rated if belief >= cut]
    return sum(kept) / len(kept) if kept else 0.0

"""How well spans were found: exact and overlapping matches by type, language and source; pure functions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from secassist.backends._tag_text import Span, written_in
from secassist.training._tag_rows import TagExample

Places = Sequence[tuple[int, int, str]]
LEAST_SPANS = 20
"""Fewer spans above a threshold tell nothing of its precision."""
UNFIT = 1.0


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


def places(spans: Iterable[Span]) -> list[tuple[int, int, str]]:
    """Spans as places."""
    return [(s.start, s.end, s.type) for s in spans]


def thresholds(
    sets: Sequence[tuple[Sequence[TagExample], Sequence[Sequence[Span]]]], wanted: float, kinds: Sequence[str]
) -> dict[str, float]:
    """By "type:language" the least belief, in steps of .01 from .5, from which on precision (overlapping) is `wanted`.

    The language is that of the value. The precision is reached in each set of examples and found spans that has enough
    of them; where no belief does, or no set has enough, the entry is missing: unfit.
    """
    cuts = [_by_key(examples, found, wanted, kinds) for examples, found in sets]
    keys = sorted({key for chosen in cuts for key in chosen})
    known = {key: [chosen[key] for chosen in cuts if key in chosen] for key in keys}
    return {key: max(several) for key, several in known.items() if max(several) < UNFIT}


def _by_key(
    examples: Sequence[TagExample], found: Sequence[Sequence[Span]], wanted: float, kinds: Sequence[str]
) -> dict[str, float]:
    rated: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for example, spans in zip(examples, found, strict=True):
        for span in spans:
            if span.type in kinds and span.type in example.scope:
                key = f"{span.type}:{written_in(example.text[span.start : span.end])}"
                rated[key].append((span.probability, _is_true(example, span)))
    return {key: _least(pairs, wanted) for key, pairs in rated.items() if len(pairs) >= LEAST_SPANS}


def _is_true(example: TagExample, span: Span) -> bool:
    return any(span.type == kind and span.start < end and start < span.end for start, end, kind in example.spans)


def _least(rated: Sequence[tuple[float, bool]], wanted: float) -> float:
    for cut in (cut / 100 for cut in range(50, 100)):
        kept = [right for belief, right in rated if belief >= cut]
        if len(kept) >= LEAST_SPANS and sum(kept) / len(kept) >= wanted:
            return cut
    return UNFIT

"""S1 on the rows that rules were written with: what its labels let anybody reach who has read every one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.sensitive import matching, scores
from benchmarks.sensitive.disputed import Settled, settle
from benchmarks.sensitive.items import Item
from benchmarks.sensitive.logs import SECRET
from benchmarks.sensitive.scores import Figures, Rate
from benchmarks.sensitive.yardsticks import Answer


@dataclass(frozen=True)
class Taught:
    """Our detectors on the training part: by the labels as they are, and without what is disputed."""

    places: Figures
    flagged: Rate
    settled: Settled


def measure(items: Sequence[Item], answer: Answer) -> Taught | None:
    """The figures of one answer on rows of S1; None without rows, or where the tool broke off."""
    if not items or answer.problem:
        return None
    groups = [item.group for item in items]
    found = [matching.match(item, said, SECRET) for item, said in zip(items, answer.found, strict=True)]
    clean = [number for number, item in enumerate(items) if not item.spans and not item.open]
    return Taught(
        scores.figures({"places": [matching.places(one) for one in found]}, groups)["places"],
        scores.share([bool(found[number].said) for number in clean], [groups[number] for number in clean]),
        settle(items, [answer])[0],
    )

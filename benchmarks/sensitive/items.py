"""What is scored: texts with the places that are sensitive, from our log set and from labelled rows S1 and S2."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.sensitive import logs, naming, people
from benchmarks.sensitive.logs import PERSONAL, SECRET, LogLine
from schemas import digest
from secassist.evaluation.examples import Example, collect
from secassist.evaluation.truth import truth

SETS: Final = ("logs", "S1", "S2")
KINDS: Final = {"logs": (SECRET, PERSONAL), "S1": (SECRET,), "S2": (PERSONAL,)}
"""What the labels of a set are about; of anything else it says nothing."""
LOG_SCOPE: Final = frozenset(kind for kind, _ in people.SLOTS.values())
"""Types of personal data that log lines are annotated with; addresses of machines, user names and times are not."""


@dataclass(frozen=True)
class Span:
    """Characters `start` (inclusive) to `end` (exclusive); `type` is one of `naming`, `name` what the source or tool says."""

    start: int
    end: int
    type: str
    kind: str
    name: str = ""
    score: float = 1.0


@dataclass(frozen=True)
class Item:
    """One text. `scope` holds the annotated types of personal data (empty: all); `group` is drawn as a whole.

    On `open` places the labels themselves are undecided, so that nothing said there counts. Where nothing is marked,
    `denied` is the one type that the label says is not there, and `harmless` holds values that it says are no secrets.
    `fresh` marks log lines whose errors are never shown to anybody who might tune on them.
    """

    id: str
    set: str
    language: str
    text: str
    spans: tuple[Span, ...]
    scope: frozenset[str]
    group: str
    fresh: bool = False
    open: tuple[Span, ...] = ()
    denied: str = ""
    harmless: tuple[Span, ...] = ()


def of_logs(lines: Iterable[LogLine]) -> list[Item]:
    """Our log set as items."""
    return [
        Item(
            id=line.id,
            set="logs",
            language=line.shape.language,
            text=line.text,
            spans=tuple(Span(mark.start, mark.end, mark.type, mark.kind) for mark in line.marks),
            scope=LOG_SCOPE,
            group=line.shape.name,
            fresh=not line.shape.open,
        )
        for line in lines
    ]


def of_rows(data: Path, sets: Sequence[str], split: str = "test") -> list[Item]:
    """The rows of S1 and S2 that are marked so; none when no such set is wanted."""
    wanted = [name for name in sets if name in ("S1", "S2")]
    examples = collect(data, wanted)[0] if wanted else []
    return [_of_row(example) for example in examples if example.split == split and isinstance(example.input, str)]


def limited(items: Sequence[Item], count: int) -> list[Item]:
    """At most `count` items of each set, by the hash of their ids, in their order; all of them when it is 0."""
    if not count:
        return list(items)
    kept: set[tuple[str, str]] = set()
    for name in SETS:
        mine = sorted((digest(item.id), item.id) for item in items if item.set == name)
        kept |= {(name, id_) for _, id_ in mine[:count]}
    return [item for item in items if (item.set, item.id) in kept]


def draw(seed: int, data: Path | None, sets: Sequence[str], limit: int = 0) -> list[Item]:
    """Everything to score."""
    lines = of_logs(logs.generate(seed)) if "logs" in sets else []
    rows = of_rows(data, sets) if data else []
    return limited([*lines, *rows], limit)


def _of_row(example: Example) -> Item:
    kind = KINDS[example.task][0]
    known = truth(example)
    spans = tuple(Span(s.start, s.end, naming.canonical(kind, s.type), kind, s.type) for s in known.spans)
    open_ = tuple(Span(s.start, s.end, naming.canonical(kind, s.type), kind, s.type) for s in known.open)
    language = example.language if example.task == "S2" else "en"
    return Item(
        id=example.id,
        set=example.task,
        language=language if language in ("en", "zh") else "other",
        text=str(example.input),
        spans=spans,
        scope=frozenset(naming.canonical(kind, name) for name in known.scope),
        group=example.group,
        open=open_,
        denied=str(example.label.get("not_type") or ""),
        harmless=_harmless(example, kind),
    )


def _harmless(example: Example, kind: str) -> tuple[Span, ...]:
    """What S1 marks as a value that is no secret."""
    marked = example.label.get("spans") if example.task == "S1" else None
    named = (
        [s for s in marked if isinstance(s, dict) and s.get("is_secret") is False] if isinstance(marked, list) else []
    )
    return tuple(Span(int(s["start"]), int(s["end"]), "", kind, str(s.get("type", ""))) for s in named)

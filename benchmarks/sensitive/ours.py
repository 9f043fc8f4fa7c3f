"""What secassist says about the items: its detectors alone, and the analyzer `sensitive` with the bundled model."""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.sensitive import naming
from benchmarks.sensitive.items import Item, Span
from benchmarks.sensitive.logs import PERSONAL, SECRET
from benchmarks.sensitive.yardsticks import Answer
from schemas import FindingKind, Judgement, Place, State, Subject
from secassist import __version__, bootstrap, plugins
from secassist.config import read_settings
from secassist.detectors.base import Candidate, Detector
from secassist.errors import DetectorError
from secassist.evaluation.examples import Example
from secassist.evaluation.subjects import input_offsets, subjects
from secassist.pipeline import Pipeline

DETECTORS: Final = "secassist, detectors alone"
ANALYZER: Final = "secassist, detectors and model"
BATCH: Final = 16
Progress = Callable[[str, int, int], None]
_KINDS: Final = {FindingKind.SECRET: SECRET, FindingKind.PERSONAL_DATA: PERSONAL}


def claims() -> dict[str, frozenset[str]]:
    """Every type: what we miss is never excused by not having claimed it."""
    return {kind: frozenset(naming.types(kind)) for kind in (SECRET, PERSONAL)}


def detectors() -> dict[str, Detector]:
    """Those that the analyzer `sensitive` asks."""
    return {name: plugins.load("detectors", name) for name in plugins.load("analyzers", "sensitive").detectors}


def subject(item: Item) -> Subject:
    """The text as a document without a name, as `secassist evaluate` shows it."""
    return subjects(Example(item.id, "S1", item.set, item.text, {}, item.group))[0]


def by_detectors(items: Sequence[Item], progress: Progress) -> Answer:
    """Candidates that code does not itself believe harmless."""
    found: list[list[Span]] = []
    mine = detectors().values()
    began = time.perf_counter()
    failures = 0
    for number, item in enumerate(items, 1):
        seen = subject(item)
        place = input_offsets(item.text)
        candidates: list[Candidate] = []
        for detector in mine:
            try:
                candidates += [c for c in detector.detect(seen).candidates if not c.safe_hint]
            except DetectorError:
                failures += 1
        found.append([_candidate(c, place, len(seen.text)) for c in candidates if c.kind in _KINDS])
        if number % 500 == 0:
            progress(DETECTORS, number, len(items))
    note = f"{failures} times a detector could not run" if failures else ""
    return Answer(DETECTORS, __version__, claims(), tuple(found), time.perf_counter() - began, note=note)


def by_analyzer(items: Sequence[Item], progress: Progress) -> Answer:
    """Findings that were judged real; a text whose analysis ended badly keeps the findings that it has."""
    found: list[list[Span]] = []
    states: Counter[State] = Counter()
    unsure = 0
    began = time.perf_counter()
    with _pipeline() as pipeline:
        for start in range(0, len(items), BATCH):
            part = items[start : start + BATCH]
            analyses = pipeline.judge("sensitive", [subject(item) for item in part])
            for item, analysis in zip(part, analyses, strict=True):
                states[analysis.state] += 1
                unsure += sum(f.judgement is Judgement.UNSURE for f in analysis.findings)
                place = input_offsets(item.text)
                real = [f for f in analysis.findings if f.judgement is Judgement.REAL and f.kind in _KINDS]
                length = len(item.text)
                found.append([_span(f.place, f.kind, f.rule, f.confidence, place, length) for f in real])
            if start // BATCH % 10 == 9:
                progress(ANALYZER, start + len(part), len(items))
    bad = sum(count for state, count in states.items() if state is not State.OK)
    note = f"{bad} of {len(items)} texts without a valid answer, {unsure} candidates left unsure"
    return Answer(ANALYZER, __version__, claims(), tuple(found), time.perf_counter() - began, note=note)


@contextmanager
def _pipeline() -> Iterator[Pipeline]:
    """With a home that is thrown away."""
    with tempfile.TemporaryDirectory() as home:
        yield bootstrap.pipeline(read_settings(home=Path(home)))


def _candidate(candidate: Candidate, place: Callable[[int], int], length: int) -> Span:
    return _span(candidate.place, candidate.kind, candidate.type, 1.0, place, length)


def _span(where: Place, kind: FindingKind, name: str, score: float, place: Callable[[int], int], length: int) -> Span:
    """In characters of the item; a finding that knows no characters is taken to mean the whole text."""
    start = 0 if where.start is None else place(where.start)
    end = length if where.end is None else place(where.end)
    ours = _KINDS[kind]
    return Span(start, end, naming.canonical(ours, name), ours, name, score)

"""Corrections: what analysts said of stored verdicts, as lessons through the template that serves.

A correction belongs to the group of all alerts that look alike, and the group's fold says what it may be used for, as
for any labelled row: what teaches is never what calibrates or measures.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

from schemas import Alert, Analysis, Disposition, LogWindow, digest
from schemas.answers import TriageAnswer
from secassist import registry
from secassist.analyzers.base import Evidenced, Question
from secassist.errors import UsageError
from secassist.evaluation.split import Part
from secassist.folds import CALIBRATION, DEVELOPMENT, fold
from secassist.registry import Weights
from secassist.store import Review, StoredSubject
from secassist.training import lesson, recipes, shipping, wording
from secassist.training.lesson import Lesson
from secassist.training.teaching import Teacher, cite, shown

SOURCE: Final = "analyst"
REPLAY: Final = 4
"""Older lessons that are taught again beside each correction, so that nothing is unlearned."""
SHAPE: Final = 120
"""Characters of a title or line, digits aside, that make alerts alike."""
GRAVITY: Final = {Disposition.TRUE_POSITIVE: "high", Disposition.SUSPICIOUS: "medium", Disposition.NOT_EVALUABLE: "low"}


class Kept(Protocol):
    """What of a store is needed here."""

    def reviews(self) -> Sequence[Review]: ...
    def find_analysis(self, prefix: str) -> Analysis | None: ...
    def find_subject(self, id_: str) -> StoredSubject | None: ...


@dataclass(frozen=True)
class Correction:
    """An analysis, what it was about, and what it really was."""

    analysis: Analysis
    subject: Alert | LogWindow
    disposition: Disposition
    comment: str

    @property
    def group(self) -> str:
        """The same for alerts of one title, and for logs that begin alike, whatever their numbers."""
        first = self.subject.lines[0].text if self.subject.lines else ""
        told = self.subject.title if isinstance(self.subject, Alert) and self.subject.title else first
        return f"{SOURCE}:{self.subject.source}:{re.sub(r'[0-9]+', '0', told.lower())[:SHAPE]}"

    @property
    def part(self) -> Part:
        """What the group's fold allows."""
        found = fold(self.group)
        return {DEVELOPMENT: Part.DEVELOPMENT, CALIBRATION: Part.CALIBRATION}.get(found, Part.TRAIN)


def collect(store: Kept) -> tuple[list[Correction], Counter[str]]:
    """The last word on each analysis, in their order, and how many corrections teach nothing, by reason."""
    last = {review.analysis_id: review for review in store.reviews() if review.disposition is not None}
    found: list[Correction] = []
    left: Counter[str] = Counter()
    for id_, review in last.items():
        analysis = store.find_analysis(id_)
        stored = store.find_subject(analysis.subject_id) if analysis else None
        if analysis is None or stored is None or stored.kept is None:
            left["the input is not kept (code and documents never are)"] += 1
        elif analysis.analyzer != "triage" or review.disposition is None:
            left[f"corrections of {analysis.analyzer} are not taught"] += 1
        else:
            found.append(Correction(analysis, stored.kept, review.disposition, review.comment))
    return found, left


def lessons(who: Teacher, corrections: Iterable[Correction]) -> Iterator[Lesson]:
    """One lesson for each, in the language of the analysis."""
    for one in corrections:
        yield from who.of("triage", one.subject, one.analysis.language, partial(_gold, one), SOURCE, one.group)


def _gold(one: Correction, item: Evidenced, question: Question) -> tuple[TriageAnswer, bool | None]:
    """The answer that would have been right: the analyst's word and reason, the verdict's lines where it was bad."""
    bad, verdict = one.disposition.is_bad, one.analysis.verdict
    agreed = verdict is not None and verdict.disposition.is_bad and bad
    allowed = question.schema["properties"]["techniques"].get("items", {}).get("enum", ())
    visible = shown(question)
    cited = [e.line for e in verdict.evidence if e.line in visible] if verdict else []
    answer = TriageAnswer.model_construct(
        decision=one.disposition.value,
        severity=str(verdict.severity) if verdict and agreed else GRAVITY.get(one.disposition, "info"),
        techniques=[t for t in verdict.techniques if t in allowed][:3] if verdict and agreed else [],
        lines=sorted(set(cited[:4])) or cite(question, item),
        reason=_reason(one),
        missing=[],
    )
    return answer, None if one.disposition is Disposition.NOT_EVALUABLE else bad


def _reason(one: Correction) -> str:
    if one.comment.strip():
        return " ".join(one.comment.split())[: wording.LIMIT]
    words = wording.HOSTILE if one.disposition.is_bad else wording.ORDINARY
    return words["T1" if isinstance(one.subject, Alert) else "T2"]["zh" if one.analysis.language == "zh" else "en"]


def teacher(folder: recipes.Folder, base: Path) -> Teacher:
    """Counts tokens by the working folder's tokenizer where it has one, else by that of the base."""
    from transformers import AutoTokenizer

    source = folder.tokenizer if (folder.tokenizer / "tokenizer.json").exists() else base
    return recipes.teacher(AutoTokenizer.from_pretrained(source, local_files_only=True))


def prepare(folder: recipes.Folder, who: Teacher, store: Kept) -> dict[Part, int]:
    """Writes the lessons of all corrections by part; returns how many. Raises UsageError when there is none."""
    corrections, left = collect(store)
    for reason, count in left.items():
        folder.log(f"{count} left out: {reason}")
    if not corrections:
        raise UsageError("no correction can be taught; `secassist correct` records them")
    (folder.root / "lessons").mkdir(parents=True, exist_ok=True)
    counts = {}
    for part in Part:
        mine = [one for one in corrections if one.part is part]
        counts[part] = lesson.write(path(folder, part), lessons(who, mine))
        folder.log(f"triage corrections, {part.value}: {counts[part]} lessons")
    return counts


def path(folder: recipes.Folder, part: Part) -> Path:
    """Where the lessons from corrections of a part are."""
    return folder.root / "lessons" / f"triage.corrections.{part.value}.jsonl"


def to_continue(folder: recipes.Folder, analyzer: str, replay: int = REPLAY) -> list[Lesson]:
    """The corrections of an analyzer with `replay` older lessons for each, where the working folder has any.

    Raises UsageError when there is no correction to go on with.
    """
    fresh = (
        list(lesson.read(path(folder, Part.TRAIN)))
        if analyzer == "triage" and path(folder, Part.TRAIN).exists()
        else []
    )
    if not fresh:
        raise UsageError(f"{folder.root}: holds no corrections of {analyzer}; `secassist train lessons --corrections`")
    old = folder.lessons(analyzer, Part.TRAIN)
    known = sorted(lesson.read(old), key=_order) if old.exists() else []
    return sorted([*fresh, *known[: replay * len(fresh)]], key=_order)


def _order(one: Lesson) -> str:
    return digest([one.prompt.user, one.answer])


def inherit(adapter: Path, initial: Weights, log: Callable[[str], None]) -> None:
    """Takes over calibration, witness and ranker of the adapter gone on from, until its own are fitted; the gate measures."""
    shipping.take_voices(initial.folder, adapter)
    source = initial.folder / "calibration.json"
    if source.exists():
        row: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
        row.pop("figures", None)
        row["inherited"] = registry.at(initial.folder).digest
        (adapter / "calibration.json").write_text(json.dumps(row, indent=1) + "\n", encoding="utf-8")
        log("calibration taken over from the adapter it started from; `secassist train calibrate` fits its own")

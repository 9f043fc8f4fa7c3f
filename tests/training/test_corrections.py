"""Corrections: the analyst's word as a lesson, kept apart by groups, and the whole way from a review to what serves."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from schemas import Alert, Disposition
from secassist import bootstrap, registry
from secassist.backends.scripted import ScriptedBackend
from secassist.config import Settings
from secassist.errors import UsageError
from secassist.evaluation import examples as labelled
from secassist.evaluation.examples import Example
from secassist.evaluation.split import Part
from secassist.evaluation.subjects import subjects
from secassist.folds import fold
from secassist.pipeline import Pipeline
from secassist.promoting import gate
from secassist.promoting.rules import Rules
from secassist.registry import Shelf
from secassist.training import corrections, recipes
from secassist.training.adapters import Tuning, tune
from secassist.training.corrections import Correction, collect, prepare, to_continue
from secassist.training.lesson import read, write
from secassist.training.teaching import Teacher
from tests.analyzers.scripts import decided
from tests.promoting.conftest import rows


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", threads=1)


@pytest.fixture
def made(settings: Settings) -> Iterator[Pipeline]:
    """A pipeline whose model calls everything a false positive."""
    wired = bootstrap.pipeline(settings, ScriptedBackend(decided))
    yield wired
    wired.store.close()


def alert(title: str, number: int = 1) -> Alert:
    example = Example(f"{title}-{number}", "T1", "x", {"title": title, "event": {"host": f"ws-{number}"}}, {}, "g")
    return subjects(example)[0].model_copy(update={"title": title})


def corrected(made: Pipeline, asked: Sequence[Alert], disposition: Disposition, comment: str = "") -> None:
    for analysis in list(made.analyze("triage", asked)):
        made.store.add_review(analysis.id, author="ann", disposition=disposition, comment=comment)


def teacher() -> Teacher:
    return corrections.teacher(recipes.Folder(Path("nowhere")), registry.base("bundled").folder)


TITLES = [
    f"Unusual sign-in from {place}" for place in ("Oslo", "Lima", "Perth", "Accra", "Quito", "Turin", "Hue", "Bari")
]


def test_a_correction_is_a_lesson_with_the_analysts_word(made: Pipeline) -> None:
    corrected(made, [alert("Backup job failed")], Disposition.TRUE_POSITIVE, "It was\nno backup at all.")
    found, left = collect(made.store)
    assert not left
    lesson = next(corrections.lessons(teacher(), found))
    answer = json.loads(lesson.answer)
    assert (answer["decision"], answer["severity"], answer["reason"]) == (
        "true_positive",
        "high",
        "It was no backup at all.",
    )
    assert answer["lines"]
    assert (lesson.source, lesson.bad) == ("analyst", True)
    assert "ws-1" in lesson.prompt.user
    assert lesson.prompt.shots == ()


def test_the_last_word_counts(made: Pipeline) -> None:
    one = [alert("Backup job failed")]
    corrected(made, one, Disposition.TRUE_POSITIVE)
    corrected(made, one, Disposition.BENIGN_EXPECTED)
    found, _ = collect(made.store)
    assert [c.disposition for c in found] == [Disposition.BENIGN_EXPECTED]


def test_alerts_that_look_alike_stay_together(made: Pipeline) -> None:
    corrected(made, [alert("Login 17 failed", 1), alert("Login 9 failed", 2)], Disposition.SUSPICIOUS)
    found, _ = collect(made.store)
    assert len({c.group for c in found}) == 1


def test_what_teaches_never_measures(made: Pipeline, tmp_path: Path) -> None:
    corrected(made, [alert(f"{title} {word}") for title in TITLES for word in "abcd"], Disposition.SUSPICIOUS)
    folder = recipes.Folder(tmp_path / "work", lambda _: None)
    counts = prepare(folder, teacher(), made.store)
    assert sum(counts.values()) == 4 * len(TITLES)
    assert all(counts.values())
    for part, folds in ((Part.DEVELOPMENT, {0}), (Part.CALIBRATION, {1}), (Part.TRAIN, set(range(2, 10)))):
        assert {fold(one.group) for one in read(corrections.path(folder, part))} <= folds


def test_nothing_to_teach_is_said(made: Pipeline, tmp_path: Path) -> None:
    folder = recipes.Folder(tmp_path, lambda _: None)
    with pytest.raises(UsageError, match="secassist correct"):
        prepare(folder, teacher(), made.store)
    with pytest.raises(UsageError, match="holds no corrections"):
        to_continue(folder, "triage")


def test_older_lessons_are_taught_again_beside_them(made: Pipeline, tmp_path: Path) -> None:
    folder = recipes.Folder(tmp_path, lambda _: None)
    asked = [a for a in map(alert, TITLES) if Correction(None, a, Disposition.SUSPICIOUS, "").part is Part.TRAIN]  # type: ignore[arg-type]
    corrected(made, asked[:2], Disposition.SUSPICIOUS)
    prepare(folder, teacher(), made.store)
    fresh = list(read(corrections.path(folder, Part.TRAIN)))
    old = [fresh[0].model_copy(update={"source": "old", "group": str(n), "answer": f'{{"a":{n}}}'}) for n in range(20)]
    write(folder.lessons("triage", Part.TRAIN), old)
    mixed = to_continue(folder, "triage")
    assert [one.source for one in mixed].count("analyst") == 2
    assert [one.source for one in mixed].count("old") == 8


@pytest.mark.slow
def test_from_a_review_to_what_serves_and_back(settings: Settings, tmp_path: Path) -> None:
    """Corrections, lessons, an adapter that goes on from the live one, the gate, promotion, rollback."""
    made = bootstrap.pipeline(settings)
    asked = [a for a in map(alert, TITLES) if Correction(None, a, Disposition.SUSPICIOUS, "").part is Part.TRAIN][:4]  # type: ignore[arg-type]
    corrected(made, asked, Disposition.TRUE_POSITIVE, "Nobody of ours was there.")
    folder = recipes.Folder(tmp_path / "work", lambda _: None)
    prepare(folder, teacher(), made.store)
    live = registry.serving(settings, "triage")
    assert live is not None
    tuning = Tuning(batch=2, steps=4, warmup=1, rate=2e-4, threads=1, length=1024)
    base = registry.base("bundled").folder
    taught = to_continue(folder, "triage")
    candidate = tune(base, taught, tuning, tmp_path / "run", lambda _: None, initial=live.folder)
    corrections.inherit(candidate, live, lambda _: None)
    data = tmp_path / "ours.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows(16)), encoding="utf-8")
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "triage").symlink_to(candidate, target_is_directory=True)
    other = bootstrap.pipeline(settings.model_copy(update={"adapters": str(tmp_path / "set")}))
    rules = Rules(margin=1.0, min_items=10, slice_items=100, floor=0.0, error_rise=1.0, resamples=50)
    question = gate.Asked(settings, "triage", candidate, labelled.collect(data)[0], rules, samples=2)
    report = gate.judge(question, made, other, tmp_path / "gate", lambda done, total: None)
    able = {
        c.name: c.passed for c in report.checks if "against live" not in c.name and "calibration error" not in c.name
    }
    assert all(able.values()), report.refusals
    shelf = Shelf(settings.home)
    version = shelf.add("triage", candidate, gate.manifest(question, report))
    shelf.promote(version, "ann")
    serving = registry.serving(settings, "triage")
    assert serving is not None
    assert serving.digest == registry.at(candidate).digest != live.digest
    assert version.manifest["training"]["lessons"] == len(taught)
    again = bootstrap.pipeline(settings)
    assert again.driver.backend.identity("triage").adapter_digest == serving.digest
    shelf.rollback("triage", "ann")
    assert registry.serving(settings, "triage") == live
    for one in (made, other, again):
        one.store.close()

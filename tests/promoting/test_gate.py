"""The gate on the bundled model: a worse adapter is refused, an equal one gets in and out again, and the audit knows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from secassist import bootstrap, registry
from secassist.config import Settings
from secassist.evaluation import examples as labelled
from secassist.pipeline import Pipeline
from secassist.promoting import gate
from secassist.promoting.rules import Rules
from secassist.registry import Shelf

pytestmark = pytest.mark.timeout(900)
"""Real answers of a real model; a busy machine is not a failing test."""
RULES = Rules(min_items=20, slice_items=20, resamples=200)


def wired(settings: Settings, adapter: Path, folder: Path) -> Pipeline:
    """A pipeline with this triage adapter and no other."""
    folder.mkdir()
    (folder / "triage").symlink_to(adapter, target_is_directory=True)
    return bootstrap.pipeline(settings.model_copy(update={"adapters": str(folder)}))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"), threads=1)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Predictions of the live adapter are made once and found again."""
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def live(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    made = wired(settings, registry.BUNDLED / "adapters" / "triage", tmp_path_factory.mktemp("live") / "set")
    yield made
    made.store.close()


def asked(settings: Settings, candidate: Path, data: Path) -> gate.Asked:
    examples = labelled.collect(data)[0]
    return gate.Asked(settings, "triage", candidate, examples, RULES, samples=2)


def judged(question: gate.Asked, live: Pipeline, work: Path, folder: Path) -> gate.Report:
    candidate = wired(question.settings, question.candidate, folder)
    try:
        return gate.judge(question, live, candidate, work, lambda done, total: None)
    finally:
        candidate.store.close()


def test_a_worse_adapter_is_refused_with_the_figures(
    settings: Settings, live: Pipeline, worse: Path, data: Path, work: Path, tmp_path: Path
) -> None:
    question = asked(settings, worse, data)
    report = judged(question, live, work, tmp_path / "set")
    assert not report.passed
    refused = {check.name: check.detail for check in report.refusals}
    assert [name for name, detail in refused.items() if name.endswith("against live") and "gain -" in detail]
    shelf = Shelf(settings.home)
    assert gate.admit(shelf, question, report, "ann") is None
    assert [version.state for version in shelf.versions("triage")] == ["candidate"]
    assert registry.serving(settings, "triage") == registry.adapter("bundled", "triage")


def test_an_equal_adapter_is_promoted_and_rolled_back(
    settings: Settings, live: Pipeline, alike: Path, data: Path, work: Path, tmp_path: Path
) -> None:
    question = asked(settings, alike, data)
    report = judged(question, live, work, tmp_path / "set")
    assert report.refusals == ()
    assert {check.name for check in report.checks} >= {
        "T1: auc against live",
        "T1: auc floor",
        "T1: invalid output",
        "T1 source ours: auc",
        "parity: merged into the base",
        "parity: behind our server",
    }
    shelf = Shelf(settings.home)
    assert gate.admit(shelf, question, report, "ann") is not None
    serving = registry.serving(settings, "triage")
    assert serving is not None
    assert serving.digest == report.candidate
    manifest = shelf.find("triage", report.candidate[:12]).manifest
    assert manifest["report"]["checks"]
    assert {"base", "template_digest", "schema_digest", "code_digest"} <= set(manifest)
    shelf.rollback("triage", "bob")
    assert registry.serving(settings, "triage") == registry.adapter("bundled", "triage")
    assert gate.settle(shelf, live) == 2
    assert gate.settle(shelf, live) == 0
    told = [(row.who, row.action) for row in live.store.vault.recorded()]
    assert told == [("ann", "promote"), ("bob", "rollback")]


class TestBeforeAnythingIsMeasured:
    def refusals(self, settings: Settings, folder: Path, data: Path, live: Pipeline) -> set[str]:
        work = settings.home / "gate"
        report = gate.judge(asked(settings, folder, data), live, live, work, lambda done, total: None)
        return {check.name for check in report.refusals}

    def test_what_is_live_is_no_candidate(self, settings: Settings, live: Pipeline, data: Path) -> None:
        assert self.refusals(settings, registry.BUNDLED / "adapters" / "triage", data, live) == {"new"}

    @pytest.mark.parametrize(
        ("name", "text", "check"),
        [
            ("calibration.json", '{"fit": false, "note": "AUC 0.51"}', "calibration"),
            ("calibration.json", None, "calibration"),
            ("training.json", '{"base": "another"}', "base"),
            ("training.json", '{"template": "another"}', "template"),
            ("adapter_config.json", '{"peft_type": "PREFIX_TUNING"}', "kind of adapter"),
        ],
    )
    def test_what_cannot_serve_is_refused(
        self, settings: Settings, live: Pipeline, data: Path, tmp_path: Path, name: str, text: str | None, check: str
    ) -> None:
        folder = tmp_path / "candidate"
        folder.mkdir()
        for path in (registry.BUNDLED / "adapters" / "triage").iterdir():
            (folder / path.name).write_bytes(path.read_bytes())
        (folder / "training.json").write_text("{}", encoding="utf-8")
        (folder / name).unlink()
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")
        assert check in self.refusals(settings, folder, data, live)

"""The scoreboard: what it says is what was predicted, what is behind is called so, and it is of the weights we ship."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.quality import page, run, scanners
from secassist import registry
from secassist.evaluation.examples import Example
from secassist.evaluation.predictions import Prediction
from secassist.evaluation.scoring import score
from tests.evaluation.builders import example

PAGE = Path(__file__).resolve().parents[2] / "benchmarks" / "quality.md"
FACTS = {"command": "x", "date": "2026-11-22", "weights": {"base": "a" * 64, "triage": "b" * 64}}


def items(count: int = 80) -> list[Example]:
    verdicts = ("malicious", "benign")
    return [example("T1", f"a-{n}", label={"verdict": verdicts[n % 2]}, source="panther_rules") for n in range(count)]


def said(found: list[Example], noise: float) -> list[Prediction]:
    draw = np.random.default_rng(2)
    lines = []
    for one in found:
        value = float(np.clip((0.8 if one.label["verdict"] != "benign" else 0.2) + draw.normal(0, noise), 0.001, 0.999))
        decision = "true_positive" if value >= 0.5 else "benign_expected"
        lines.append(Prediction(id=one.id, task=one.task, score=value, decision=decision, seconds=0.1))
    return lines


def test_the_page_says_what_was_predicted_and_who_is_behind(tmp_path: Path) -> None:
    found = items()
    poor, good = said(found, 0.6), said(found, 0.1)
    surface = score(found, good).model_dump(mode="json")
    page.write(tmp_path / "quality.md", found, poor, surface, {"C1": {}, "C2": {}}, FACTS)
    text = (tmp_path / "quality.md").read_text(encoding="utf-8")
    ours = score(found, poor).tasks[0].measures["auc"]
    assert f"| T1 | all | 80 | 40 | AUC | {page.figure(ours)} | 1.000 (1.000-1.000) | **behind** |" in text
    assert f"| T1 | panther_rules | 80 | AUC | >= 0.75 | {page.figure(ours)} | met, on few items |" in text
    assert "10.0 items a second" in text
    assert page.digests(text) == FACTS["weights"]
    for picture in ("calibration.svg", "risk-coverage.svg"):
        assert (tmp_path / "quality" / picture).read_text(encoding="utf-8").startswith("<svg")
        assert f"(quality/{picture})" in text
    page.write(
        tmp_path / "again.md", found, good, score(found, poor).model_dump(mode="json"), {"C1": {}, "C2": {}}, FACTS
    )
    assert "**behind**" not in (tmp_path / "again.md").read_text(encoding="utf-8")


def test_a_slice_of_one_class_shows_its_rate(tmp_path: Path) -> None:
    found = [example("T3", f"t-{n}", label={"verdict": "benign"}, source="tldr_benign") for n in range(20)]
    lines = [p.model_copy(update={"decision": "suspicious"}) if n < 5 else p for n, p in enumerate(said(found, 0.1))]
    page.write(tmp_path / "quality.md", found, lines, None, {"C1": {}, "C2": {}}, FACTS)
    text = (tmp_path / "quality.md").read_text(encoding="utf-8")
    assert "| T3 | tldr_benign | 20 | 0 | flagged, none bad | 0.250" in text
    assert "| T3 | tldr_benign | 20 | flagged, none bad | <= 0.03 | 0.250 (" in text
    assert "| **missed**, on few items |" in text


@pytest.mark.skipif(not registry.BUNDLED.exists(), reason="no bundled model yet")
def test_the_page_is_of_the_weights_we_ship() -> None:
    """Whoever ships other weights measures them: run `python -m benchmarks.quality.run` again."""
    shipped = {"base": registry.base("bundled").digest}
    shipped |= {one.name: one.digest for one in registry.adapters("bundled")}
    assert page.digests(PAGE.read_text(encoding="utf-8")) == shipped


def test_bandit_is_run_as_its_users_run_it() -> None:
    bad = "import subprocess\n\n\ndef go(name):\n    subprocess.call('ls ' + name, shell=True)\n"
    good = "def go(name):\n    return name\n"
    found = [
        example("C1", "c-1", input=bad, language="python", label={"vulnerable": True}),
        example("C1", "c-2", input=good, language="python", label={"vulnerable": False}),
        example("C1", "c-3", input="x", language="java", label={"vulnerable": False}),
        example("C2", "p-1", input={"before": bad, "after": good}, language="python", label={}),
    ]
    flags = scanners.bandit(found)
    assert scanners.youden(flags, found) == (1.0, 0.0, 2)
    assert scanners.both_right(flags) == (1, 1)


def test_only_development_rows_are_measured(tmp_path: Path) -> None:
    from tests.evaluation.builders import row, write

    rows = [row(f"a-{n}", "T3", input={"command": "id"}, group=f"g{n}") for n in range(60)]
    write(tmp_path / "x.jsonl", [*rows, row("t", "T3", input={"command": "id"}, group="g0", split="test")])
    found = run.chosen(tmp_path, (), None)
    assert 1 < len(found) < 30
    assert "t" in {one.id for one in found}
    assert len(run.chosen(tmp_path, (), 2)) == 2

"""A training that is killed in the middle of everything ends as one that was left alone: same losses, same weights."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from secassist.training import losses
from secassist.training.lesson import Lesson, write
from tests.training.killed import STEPS, train

ROOT = Path(__file__).resolve().parent.parent.parent
KILL_AT = 8
"""Past the checkpoint at 6, before the one at 12: steps 6 to 8 are done again."""


@pytest.fixture(scope="module")
def base(tokenizer_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from secassist.training.pretraining import Recipe, build_model

    folder = tmp_path_factory.mktemp("base")
    model = build_model(Recipe(vocabulary=400, hidden=32, layers=1, heads=2, kv_heads=1, feed_forward=64))
    model.save_pretrained(str(folder))  # type: ignore[operator]
    for path in tokenizer_folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def killed(what: str, folder: Path, base: Path, lessons: Path) -> int:
    words = [sys.executable, "-m", "tests.training.killed", what, *map(str, (folder, base, lessons, KILL_AT))]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "GOMP_SPINCOUNT": "0"}
    return subprocess.run(words, cwd=ROOT, env=environment, check=False, timeout=280).returncode


def seen(folder: Path) -> list[tuple[int, float]]:
    return [(row["step"], row["loss"]) for row in losses.rows(folder) if "loss" in row]


@pytest.mark.parametrize(
    ("what", "weights"), [("base", "model/model.safetensors"), ("adapter", "adapter/adapter_model.safetensors")]
)
def test_a_killed_run_ends_like_one_that_was_not(
    tmp_path: Path, base: Path, lessons: list[Lesson], what: str, weights: str
) -> None:
    taught = tmp_path / "lessons.jsonl"
    write(taught, lessons)
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert killed(what, broken, base, taught) == -signal.SIGKILL
    assert [step for step, _ in seen(broken)] == list(range(KILL_AT + 1))
    assert not (broken / weights).exists()
    train(what, broken, base, taught)
    train(what, whole, base, taught)
    assert [step for step, _ in seen(broken)] == list(range(STEPS))
    assert [loss for _, loss in seen(broken)] == pytest.approx([loss for _, loss in seen(whole)], abs=1e-6)
    assert (broken / weights).read_bytes() == (whole / weights).read_bytes()


class TestLosses:
    def test_a_torn_line_is_left_out_and_later_steps_are_taken_back(self, tmp_path: Path) -> None:
        for step in range(4):
            losses.record(tmp_path, {"step": step, "loss": 1.0})
        with (tmp_path / losses.NAME).open("a") as torn:
            torn.write('{"step": 4, "l')
        losses.cut(tmp_path, 3)
        assert [row["step"] for row in losses.rows(tmp_path)] == [0, 1, 2]

    def test_the_curve_is_a_picture_with_every_source(self, tmp_path: Path) -> None:
        for step in range(60):
            losses.record(tmp_path, {"step": step, "loss": 5.0 - step / 30})
        losses.record(tmp_path, {"step": 59, "validation": {"rows": 3.5, "code": 4.0}})
        one, two = (losses.curve(tmp_path, tmp_path / name, "Base") for name in ("a.svg", "b.svg"))
        assert one is not None
        assert two is not None
        text = one.read_text()
        assert all(word in text for word in ("held out: rows", "held out: code", "nats per token"))
        assert text == two.read_text()

    def test_nothing_recorded_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="no step was recorded"):
            losses.curve(tmp_path, tmp_path / "a.svg", "Base")


def test_the_facts_of_a_tuned_adapter(
    tmp_path: Path, base: Path, lessons: list[Lesson], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gate asks by them whether an adapter was made for what serves; nobody is asked about a base called "base"."""
    from secassist import registry, templates
    from secassist.training.adapters import Tuning, tune

    def refuse(*given: object) -> None:
        raise AssertionError(f"the network was asked: {given}")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    tuning = Tuning(rank=2, alpha=4, batch=4, steps=2, warmup=1, length=64, threads=1)
    first = tune(base, lessons, tuning, tmp_path / "one", lambda _: None)
    facts = json.loads((first / "training.json").read_text())
    assert facts["base"] == registry.base(str(base)).digest
    assert facts["template"] == templates.load("triage").digest
    config = first / "adapter_config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"base_model_name_or_path": "base"}))
    more = tune(base, lessons[:20], tuning, tmp_path / "two", lambda _: None, initial=first)
    later = json.loads((more / "training.json").read_text())
    assert later["initial"] == registry.at(first).digest
    assert later["data"] != facts["data"]

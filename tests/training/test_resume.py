"""A training that is killed in the middle of everything ends as one that was left alone: same losses, same weights."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from secassist.training import losses
from secassist.training.lesson import Lesson, write

ROOT = Path(__file__).resolve().parent.parent.parent
STEPS = 14
KILL_AT = 8
"""Past the checkpoint at 6, before the one at 12: steps 6 to 8 are done again."""

RUN = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
import numpy as np
from secassist.training import adapters, losses, pretraining
from secassist.training.lesson import read

what, folder, base, lessons, last = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]), int(sys.argv[5])
record = losses.record
def dying(where, row):
    record(where, row)
    if row["step"] == last and "loss" in row:
        with (where / losses.NAME).open("a") as torn:
            torn.write('{"step": 9, "lo')
        os.kill(os.getpid(), signal.SIGKILL)
losses.record = dying

def quiet(line):
    pass

if what == "base":
    recipe = pretraining.Recipe(
        vocabulary=64, hidden=16, layers=1, heads=2, kv_heads=1, feed_forward=32, length=16, batch=2, steps=14, warmup=2,
        checkpoint_every=6, threads=1,
    )
    tokens = np.random.default_rng(5).integers(0, 64, 16 * 2 * 5).astype(np.int32)
    pretraining.pretrain(recipe, tokens, {"x": tokens}, folder, log=quiet)
else:
    tuning = adapters.Tuning(
        rank=2, alpha=4, dropout=0.2, batch=4, steps=14, warmup=2, rate=2e-2, length=64, threads=1, checkpoint_every=6,
    )
    adapters.tune(base, list(read(lessons)), tuning, folder, quiet)
"""


@pytest.fixture(scope="module")
def base(tokenizer_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from secassist.training.pretraining import Recipe, build_model

    folder = tmp_path_factory.mktemp("base")
    model = build_model(Recipe(vocabulary=400, hidden=32, layers=1, heads=2, kv_heads=1, feed_forward=64))
    model.save_pretrained(str(folder))  # type: ignore[operator]
    for path in tokenizer_folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def run(what: str, folder: Path, base: Path, lessons: Path, last: int = -1) -> int:
    words = [sys.executable, "-c", RUN, what, str(folder), str(base), str(lessons), str(last)]
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
    assert run(what, whole, base, taught) == 0
    assert run(what, broken, base, taught, last=KILL_AT) == -signal.SIGKILL
    assert [step for step, _ in seen(broken)] == list(range(KILL_AT + 1))
    assert not (broken / weights).exists()
    assert run(what, broken, base, taught) == 0
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


def test_the_facts_of_a_tuned_adapter(tmp_path: Path, base: Path, lessons: list[Lesson]) -> None:
    """The gate asks by them whether an adapter was made for what serves."""
    from secassist import registry, templates
    from secassist.training.adapters import Tuning, tune

    tuning = Tuning(rank=2, alpha=4, batch=4, steps=2, warmup=1, length=64, threads=1)
    first = tune(base, lessons, tuning, tmp_path / "one", lambda _: None)
    facts = json.loads((first / "training.json").read_text())
    assert facts["base"] == registry.base(str(base)).digest
    assert facts["template"] == templates.load("triage").digest
    more = tune(base, lessons[:20], tuning, tmp_path / "two", lambda _: None, initial=first)
    later = json.loads((more / "training.json").read_text())
    assert later["initial"] == registry.at(first).digest
    assert later["data"] != facts["data"]

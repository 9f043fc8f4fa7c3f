"""Pretraining: packed batches, a schedule that ends where it says, and a resume that changes nothing."""

import json
from pathlib import Path

import numpy as np
import pytest

from secassist.training.pretraining import Recipe, batches, pretrain

TINY = Recipe(
    vocabulary=64, hidden=16, layers=1, heads=2, kv_heads=1, feed_forward=32, length=16, batch=2, steps=8, warmup=2,
    checkpoint_every=3, threads=1,
)  # fmt: skip
TOKENS = np.arange(16 * 2 * 5, dtype=np.int32) % 64


def losses(folder: Path) -> list[float]:
    rows = [json.loads(line) for line in (folder / "losses.jsonl").read_text().splitlines()]
    return [row["loss"] for row in rows if "loss" in row]


def test_a_batch_depends_on_seed_and_step_only() -> None:
    whole = [batch.tolist() for batch in batches(TOKENS, TINY, 0)]
    assert [batch.tolist() for batch in batches(TOKENS, TINY, 5)] == whole[5:]
    assert sorted(token for batch in whole[:5] for row in batch for token in row) == sorted(TOKENS.tolist())


def test_too_little_text_is_an_error_that_says_so() -> None:
    with pytest.raises(ValueError, match="do not fill one batch"):
        next(batches(TOKENS[:16], TINY, 0))


def test_an_interrupted_run_ends_like_an_uninterrupted_one(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    pretrain(TINY, TOKENS, {"x": TOKENS}, whole, log=lambda _: None)

    class Killed(Exception):
        pass

    def die(line: str) -> None:
        if line.startswith("step 5 validation"):
            raise Killed

    broken = tmp_path / "broken"
    with pytest.raises(Killed):
        pretrain(TINY, TOKENS, {"x": TOKENS}, broken, log=die)
    pretrain(TINY, TOKENS, {"x": TOKENS}, broken, log=lambda _: None)
    assert losses(broken) == pytest.approx(losses(whole), abs=1e-6)
    assert (broken / "model" / "model.safetensors").read_bytes() == (whole / "model" / "model.safetensors").read_bytes()

"""A tiny training that kills itself, as a process of its own: python -m tests.training.killed KIND FOLDER BASE LESSONS STEP."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import numpy as np

from secassist.training import adapters, losses, pretraining
from secassist.training.lesson import read

STEPS = 14


def train(what: str, folder: Path, base: Path, lessons: Path) -> None:
    """A base, or an adapter with dropout, so that chance has to be resumed as well."""
    if what == "base":
        recipe = pretraining.Recipe(
            vocabulary=64, hidden=16, layers=1, heads=2, kv_heads=1, feed_forward=32, length=16, batch=2, steps=STEPS,
            warmup=2, checkpoint_every=6, threads=1,
        )  # fmt: skip
        tokens = np.random.default_rng(5).integers(0, 64, 16 * 2 * 5).astype(np.int32)
        pretraining.pretrain(recipe, tokens, {"x": tokens}, folder, log=_quiet)
    else:
        tuning = adapters.Tuning(
            rank=2, alpha=4, dropout=0.2, batch=4, steps=STEPS, warmup=2, rate=2e-2, length=64, threads=1,
            checkpoint_every=6,
        )  # fmt: skip
        adapters.tune(base, list(read(lessons)), tuning, folder, _quiet)


def _quiet(line: str) -> None:
    pass


def _die_at(last: int) -> None:
    """Lets a step be recorded, tears the next line, and kills the process."""
    record = losses.record

    def dying(folder: Path, row: dict[str, Any]) -> None:
        record(folder, row)
        if row["step"] == last and "loss" in row:
            with (folder / losses.NAME).open("a") as torn:
                torn.write('{"step": 9, "lo')
            os.kill(os.getpid(), signal.SIGKILL)

    losses.record = dying


if __name__ == "__main__":
    _die_at(int(sys.argv[5]))
    train(sys.argv[1], *map(Path, sys.argv[2:5]))

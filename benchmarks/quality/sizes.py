"""Sizes: bases of several sizes on the same tokens and lessons; what each reaches, and what it costs to train and serve.

python -m benchmarks.quality.sizes --work FOLDER [--pretrain 100] [--tune 150] [--out benchmarks/sizes.md]
The folder holds tokens, tokenizer and lessons as `secassist train base` and `secassist train lessons` write them. Every
size sees the same text and the same lessons in the same order; a run that was stopped goes on where it was.
"""

import argparse
import json
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.quality.methods import ROOT, auc, lessons
from secassist.training import losses, methods
from secassist.training.adapters import Tuning, tune
from secassist.training.pretraining import Recipe, pretrain

ANALYZERS: Final = ("triage", "review")
TIMED: Final = 100
"""Held-out lessons whose prompts are timed, one at a time."""


@dataclass(frozen=True)
class Size:
    """Shape of a base; heads are 64 wide, one for keys and values to two for queries."""

    hidden: int
    layers: int
    feed_forward: int

    @property
    def name(self) -> str:
        """`256 x 6`: width and layers."""
        return f"{self.hidden} x {self.layers}"

    def recipe(self, steps: int, threads: int) -> Recipe:
        """The usual recipe at this size."""
        shape = replace(Recipe(), hidden=self.hidden, layers=self.layers, feed_forward=self.feed_forward)
        heads = max(2, self.hidden // 64 // 2 * 2)
        run = replace(shape, heads=heads, kv_heads=heads // 2, steps=steps, warmup=max(1, steps // 20))
        return replace(run, threads=threads, compiled=True)


SIZES: Final = (Size(128, 4, 344), Size(256, 6, 688), Size(384, 8, 1024))


def main(arguments: Sequence[str] | None = None) -> int:
    """Trains and judges each size, smallest first, and writes the table after each."""
    given = _parser().parse_args(arguments)
    rows: list[dict[str, Any]] = []
    for size in SIZES:
        rows.append(_measured(size, given))
        print(json.dumps(rows[-1]), flush=True)
        given.out.write_text(_page(rows, given), encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.sizes", description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--pretrain", type=int, default=100, help="steps of 12 x 512 tokens")
    parser.add_argument("--tune", type=int, default=150, help="steps of 16 lessons, all weights")
    parser.add_argument("--held", type=int, default=500, help="held-out lessons of each analyzer that are scored")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "sizes.md")
    return parser


def _measured(size: Size, given: argparse.Namespace) -> dict[str, Any]:
    """What a size reached; kept in the working folder, so that no size is trained twice."""
    folder = given.work / "sizes" / f"{size.name.replace(' ', '')}-{given.pretrain}-{given.tune}"
    kept = folder / "figures.json"
    if kept.exists():
        return dict(json.loads(kept.read_text(encoding="utf-8")))
    base, began = _pretrained(size, given, folder / "base"), time.process_time()
    data = {name: lessons(given.work, name, given.held) for name in ANALYZERS}
    taught = [one for known, _ in data.values() for one in known]
    tuning = Tuning(method="full", rate=8e-4, steps=given.tune, threads=given.threads, compiled=True)
    final = tune(base, taught, tuning, folder / "full", _told)
    model = methods.load(final, "full", "cpu")
    weights = sum(parameter.numel() for parameter in model.parameters())
    figures: dict[str, Any] = {
        "size": size.name,
        "weights": round(weights / 1e6, 2),
        "megabytes": round(weights * 2e-6, 1),
    }
    figures |= {"validation": _validation(folder / "base"), "tuned in": round(time.process_time() - began)}
    figures |= {name: round(auc(model, final, name, held), 3) for name, (_, held) in data.items()}
    began = time.process_time()
    auc(model, final, "triage", _both(data["triage"][1]))
    figures["each"] = round(1000 * (time.process_time() - began) / TIMED, 1)
    kept.write_text(json.dumps(figures), encoding="utf-8")
    return figures


def _pretrained(size: Size, given: argparse.Namespace, folder: Path) -> Path:
    """A base of this size on the text, with its tokenizer beside it."""
    held = dict(np.load(given.work / "validation.npz"))
    tokens = np.load(given.work / "tokens.npy", mmap_mode="r")
    final = pretrain(size.recipe(given.pretrain, given.threads), tokens, held, folder, log=_told)
    for path in (given.work / "tokenizer").iterdir():
        shutil.copy(path, final / path.name)
    return final


def _validation(folder: Path) -> float:
    """Mean of the last validation losses over kinds of text, in nats a token."""
    found = [row["validation"] for row in losses.rows(folder) if "validation" in row]
    return round(float(np.mean(list(found[-1].values()))), 3)


def _both(held: Sequence[Any]) -> list[Any]:
    """TIMED held-out lessons that hold both truths."""
    bad, good = ([one for one in held if one.bad is side] for side in (True, False))
    return [*bad[: TIMED // 2], *good[: TIMED // 2]]


def _told(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _page(rows: Sequence[dict[str, Any]], given: argparse.Namespace) -> str:
    names = ("size", "weights", "megabytes", "validation", "triage", "review", "tuned in", "each")
    lines = "\n".join(f"| {' | '.join(str(row[name]) for name in names)} |" for row in rows)
    return f"""# Sizes of the base, compared

Written by `python -m benchmarks.quality.sizes --work FOLDER --pretrain {given.pretrain} --tune {given.tune}`; do not edit.
Each size saw the same {given.pretrain} x 12 x 512 tokens of text and the same {given.tune} x 16 lessons of triage and review,
all weights tuned: a small part of what the bundled model saw, so compare the rows, not with its figures. AUC of the
decision's odds on up to {given.held} lessons of groups not trained on; times are of one core.

| width x layers | weights, M | MB in 16 bits | validation loss | triage AUC | review AUC | tuned in, s | an alert, ms |
|---|---:|---:|---:|---:|---:|---:|---:|
{lines}
"""


if __name__ == "__main__":
    sys.exit(main())

"""Methods: every way of tuning on the same lessons and steps, judged on held-out ones; a table for the model card.

python -m benchmarks.quality.methods --work FOLDER [--analyzer triage] [--steps 60] [--out benchmarks/methods.md]
The folder holds lessons as `secassist train lessons` writes them. What is compared is the area under the ROC curve of the
decision's odds (before calibration), the same way for all, whether they can be served or not.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from schemas import digest
from schemas.answers import ANSWERS
from secassist import registry, templates
from secassist.backends._tokens import encode_marked
from secassist.errors import ModelError
from secassist.evaluation import metrics
from secassist.evaluation.split import Part
from secassist.training import losses, methods, recipes
from secassist.training.adapters import Tuning, tune
from secassist.training.lesson import Lesson, read

GOOD: Final = {"triage": ("benign_expected", "false_positive"), "review": ("safe",)}
RATES: Final = {"full": 3e-4, "prompt": 3e-2, "prefix": 1e-2, "ptuning": 3e-3}
"""Peak rates that differ from LoRA's, by how many weights share the work; not searched."""
ROOT: Final = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Tunes and judges each method, and writes the table."""
    given = _parser().parse_args(arguments)
    taught, held = lessons(given.work, given.analyzer, given.held)
    base = registry.base("bundled").folder
    tuning = Tuning(batch=given.batch, steps=given.steps, warmup=max(1, given.steps // 10), threads=given.threads)
    rows = [_untuned(base, given.analyzer, held)]
    for method in given.method or methods.METHODS:
        chosen = replace(tuning, method=method, rate=RATES.get(method, tuning.rate))
        rows.append(_measured(base, given.analyzer, taught, held, chosen, given.out.with_suffix("") / method))
        print(json.dumps(rows[-1]), flush=True)
        _write(given.out, rows, given, len(taught), len(held))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.methods", description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--analyzer", default="triage", choices=sorted(GOOD))
    parser.add_argument("--method", action="append", default=[], choices=methods.METHODS)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--held", type=int, default=200, help="held-out lessons that are scored")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "methods.md")
    return parser


def lessons(work: Path, analyzer: str, count: int) -> tuple[list[Lesson], list[Lesson]]:
    folder = recipes.Folder(work, lambda _: None)
    held = [one for one in read(folder.lessons(analyzer, Part.CALIBRATION)) if one.bad is not None]
    spread = sorted(held, key=lambda one: digest([one.prompt.user]))
    return recipes.balance(list(read(folder.lessons(analyzer, Part.TRAIN)))), spread[:count]


def _measured(
    base: Path, analyzer: str, taught: list[Lesson], held: list[Lesson], tuning: Tuning, folder: Path
) -> dict[str, Any]:
    """What one method reached, or why it could not run."""
    from peft import PeftModel

    began = time.monotonic()
    try:
        final = tune(base, taught, tuning, folder, lambda _: None)
    except ModelError as error:
        return {"method": tuning.method, "error": str(error)}
    seconds = time.monotonic() - began
    source = final if tuning.method == "full" else base
    model = methods.load(source, "full", "cpu")
    if tuning.method != "full":
        model = PeftModel.from_pretrained(model, str(final), use_safetensors=True)
    size = sum(path.stat().st_size for path in final.glob("*.safetensors"))
    last = [row["loss"] for row in losses.rows(folder)][-10:]
    found = {"method": tuning.method, "served": tuning.method in methods.SERVED, "megabytes": round(size / 1e6, 2)}
    found |= {"seconds": round(seconds), "loss": round(sum(last) / len(last), 3)}
    return found | {"auc": round(auc(model, base, analyzer, held), 3)}


def _untuned(base: Path, analyzer: str, held: list[Lesson]) -> dict[str, Any]:
    found = auc(methods.load(base, "full", "cpu"), base, analyzer, held)
    return {"method": "none (the base alone)", "served": True, "megabytes": 0.0, "auc": round(found, 3)}


@torch.no_grad()
def auc(model: Any, base: Path, analyzer: str, held: list[Lesson]) -> float:
    """Of the odds of the bad decisions, read where the decision's first token stands."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
    model.eval()
    decision = templates.load(analyzer).matter.decision
    head = tokenizer(f'{{"{decision}":"', add_special_tokens=False)["input_ids"]
    words = ANSWERS[templates.load(analyzer).matter.output].model_json_schema()["properties"][decision]["enum"]
    first = {word: tokenizer(word, add_special_tokens=False)["input_ids"][0] for word in words}
    scores = []
    for one in held:
        tokens = torch.tensor([[*encode_marked(tokenizer, one.prompt), *head, 0]])
        wanted = torch.zeros(1, tokens.shape[1] - 1, dtype=torch.bool)
        wanted[0, -1] = True
        odds = methods.logits(model, tokens, torch.ones_like(tokens), wanted)[0].softmax(-1)
        good = {first[word] for word in GOOD[analyzer]}
        bad = {token for word, token in first.items() if word not in GOOD[analyzer]} - good
        high, low = (float(sum(odds[token] for token in some)) for some in (bad, good))
        scores.append(high / (high + low))
    return float(metrics.auc(np.array([one.bad for one in held]), np.array(scores))[0])


def _write(out: Path, rows: list[dict[str, Any]], given: argparse.Namespace, taught: int, held: int) -> None:
    lines = []
    for row in rows:
        if "error" in row:
            lines.append(f"| {row['method']} | - | - | - | - | {row['error']} |")
            continue
        cells = [row["method"], row["megabytes"], row.get("seconds", "-"), row.get("loss", "-"), row["auc"]]
        lines.append(f"| {' | '.join(map(str, cells))} | {'yes' if row['served'] else 'no'} |")
    text = f"""# Ways of tuning, compared

`{given.analyzer}`: {given.steps} steps of {given.batch} lessons ({taught} lessons), {held} held-out ones of other groups.

| method | MB | seconds | last loss | AUC, held out | served |
|---|---:|---:|---:|---:|---|
"""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

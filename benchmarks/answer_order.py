"""Should a model say its reason before or after its decision? Two bases tuned alike, but for that order, are compared.

Run: python -m benchmarks.answer_order WORK BASE [STEPS]
WORK is a training folder with lessons (`secassist train lessons`), BASE a model folder that has not seen them. Both
runs see the same lessons in the same order; the score is the area under the ROC curve on the calibration lessons, whose
groups neither run has seen. Prints one line per order and seconds per answer.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from schemas.answers import TriageAnswer, grammar
from secassist.analyzers.triage import CHOICES, score
from secassist.backends.base import Request
from secassist.backends.local import LocalBackend
from secassist.config import Settings
from secassist.evaluation import metrics
from secassist.evaluation.split import Part
from secassist.registry import Calibration
from secassist.training import lesson, recipes
from secassist.training.adapters import Tuning, tune
from secassist.training.lesson import Lesson

ORDERS = {
    "decision first": ("decision", "severity", "techniques", "lines", "reason", "missing"),
    "reason first": ("lines", "reason", "techniques", "decision", "severity", "missing"),
}


def ordered(text: str, order: tuple[str, ...]) -> str:
    """The answer with its fields in this order."""
    value = json.loads(text)
    return json.dumps({name: value[name] for name in order}, ensure_ascii=False, separators=(",", ":"))


def schema(order: tuple[str, ...]) -> dict[str, Any]:
    """The answer's schema with its fields in this order."""
    found = grammar(TriageAnswer, lines=40, techniques=())
    return {**found, "properties": {name: found["properties"][name] for name in order}, "required": list(order)}


def scores(model: Path, held: list[Lesson], order: tuple[str, ...]) -> tuple[np.ndarray, float]:
    """Raw probability of bad per lesson, and seconds per answer."""
    backend = LocalBackend(Settings(model=str(model), adapters=str(model / "none"), threads=2, batch=16))
    requests = [Request("triage", one.prompt, schema(order), 180, "decision", CHOICES) for one in held]
    began = time.monotonic()
    odds = [completion.choices for completion in backend.complete(requests)]
    seconds = (time.monotonic() - began) / len(held)
    return np.array([score(found, Calibration()) if found else 0.5 for found in odds]), seconds


def main(work: Path, base: Path, steps: int) -> None:
    folder = recipes.Folder(work)
    held = [one for one in lesson.read(folder.lessons("triage", Part.CALIBRATION)) if one.bad is not None]
    truth = np.array([bool(one.bad) for one in held])
    taught = recipes.balance(recipes.taught(folder, "triage"))
    for name, order in ORDERS.items():
        mine = [one.model_copy(update={"answer": ordered(one.answer, order)}) for one in taught]
        tuning = Tuning(method="full", steps=steps, rate=1e-3, threads=2)
        model = tune(base, mine, tuning, work / "order" / name.replace(" ", "-"), lambda _: None)
        found, seconds = scores(model, held, order)
        area = float(metrics.auc(truth, found)[0])
        print(f"{name}: AUC {area:.3f}, n {len(held)}, {seconds:.3f} s per answer", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 150)

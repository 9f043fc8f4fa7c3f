"""The whole recipe in one go: base, all weights on all lessons, adapters, second voices, calibration, what is shipped."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from secassist.evaluation.split import Part
from secassist.registry import ranker, witness
from secassist.training import calibration, lesson, recipes, shipping, witnessing
from secassist.training.adapters import Tuning, tune
from secassist.training.pretraining import Recipe
from secassist.training.recipes import Folder

STEPS: Final[Mapping[str, int]] = {
    "triage": 1200,
    "review": 420,
    "sensitive": 200,
    "techniques": 220,
    "remediate": 50,
    "report": 45,
}
"""Steps of 16 lessons per adapter: where the loss on held-out lessons no longer fell."""
FULL_STEPS: Final = 2950
"""Steps of 16 lessons on all weights."""
VOICED: Final = ("triage", "review")
"""Analyzers with a witness."""


@dataclass(frozen=True)
class Whole:
    """Sizes of a run. `share` scales all numbers of steps, for trials; `device` is cpu or cuda."""

    device: str = "cpu"
    threads: int = 2
    compiled: bool = False
    share: float = 1.0
    steps: Mapping[str, int] = field(default_factory=lambda: STEPS)
    full_steps: int = FULL_STEPS
    recipe: Recipe = field(default_factory=Recipe)

    def scaled(self, steps: int) -> int:
        """At least two steps."""
        return max(2, round(steps * self.share))

    def tuning(self, method: str, steps: int, rate: float) -> Tuning:
        """Tuning on this run's device."""
        given = {"device": self.device, "threads": self.threads, "compiled": self.compiled}
        return Tuning(method=method, steps=self.scaled(steps), rate=rate, **given)  # type: ignore[arg-type]


def gather(folder: Folder, data: Path, corpus: Path | None, analyzers: tuple[str, ...] = tuple(STEPS)) -> None:
    """Everything that needs text and detectors, and no accelerator: tokens, tokenizer, lessons, the ranker."""
    recipes.gather(folder, corpus, data)
    recipes.prepare(folder, data, analyzers)
    (folder.root / "techniques").mkdir(exist_ok=True)
    ranker.save(recipes.learn_ranker(data), folder.root / "techniques")


def train(folder: Folder, whole: Whole) -> Path:
    """Trains (or resumes) from what `gather` left in the folder; the folder of what can be served."""
    base = _base(folder, whole)
    lessons = recipes.balance(recipes.taught(folder, "all"))
    full = tune(base, lessons, whole.tuning("full", whole.full_steps, 1e-3), folder.root / "full" / "all", folder.log)
    shipped = folder.root / "shipped"
    shipping.ship_base(full, shipped / "base")
    for name, steps in whole.steps.items():
        mine = recipes.balance(recipes.taught(folder, name))
        made = tune(full, mine, whole.tuning("lora", steps, 1.2e-3), folder.root / "lora" / name, folder.log)
        if name in VOICED:
            witness.save(witnessing.learn(recipes.taught(folder, name)), made)
        if name == "review":
            ranker.save(recipes.learn_weaknesses(recipes.taught(folder, name)), made)
        if name == "techniques" and (folder.root / "techniques" / ranker.FILE).exists():
            (made / ranker.FILE).write_bytes((folder.root / "techniques" / ranker.FILE).read_bytes())
        shipping.ship_adapter(made, shipped / "adapters" / name, shipped / "base")
    for name in set(calibration.SCORES) & set(whole.steps):
        _calibrate(folder, name, shipped, whole.threads)
    return shipped


def _base(folder: Folder, whole: Whole) -> Path:
    tokens, _ = recipes.kept(folder)
    one_pass = len(tokens) // (whole.recipe.length * whole.recipe.batch)
    chosen = replace(whole.recipe, steps=whole.scaled(max(1, one_pass)), compiled=whole.compiled)
    return recipes.pretrained(folder, replace(chosen, device=whole.device, threads=whole.threads))


def _calibrate(folder: Folder, name: str, shipped: Path, threads: int) -> None:
    from secassist.backends.local import LocalBackend
    from secassist.config import read_settings

    where = {"model": str(shipped / "base"), "adapters": str(shipped / "adapters"), "threads": threads}
    held = list(lesson.read(folder.lessons(name, Part.CALIBRATION)))
    found = calibration.calibrate(LocalBackend(read_settings(**where)), name, held, shipped / "adapters" / name)
    folder.log(f"{name}: AUC {found.auc:.3f} on {found.count} held-out lessons")

"""Commands that train: text to base, rows to lessons, lessons to adapter, held-out lessons to calibration."""

from pathlib import Path
from typing import Annotated

import typer

from secassist.cli._run import say
from secassist.errors import UsageError

app = typer.Typer(no_args_is_help=True, help="Train the base model, adapters and their calibration.")
Data = Annotated[Path, typer.Option(help="Folder of labelled rows (JSON Lines, plain or .gz).")]
Work = Annotated[
    Path, typer.Option(help="Working folder: tokenizer, tokens, lessons, checkpoints; runs resume from it.")
]
Threads = Annotated[int, typer.Option(min=1, help="Torch threads.")]
Analyzer = Annotated[str, typer.Argument(help="triage, review, sensitive, techniques, remediate or report.")]


@app.command()
def base(
    data: Data,
    work: Work = Path("work"),
    corpus: Annotated[
        Path | None, typer.Option(help="Security text: JSON Lines with source, path, text (.xz).")
    ] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Steps; default: one pass over the text.")] = None,
    threads: Threads = 2,
) -> None:
    """Pretrain the base model; run again to resume from the last checkpoint."""
    from dataclasses import replace

    from secassist.training import recipes
    from secassist.training.pretraining import Recipe

    folder = recipes.Folder(work, say)
    tokens, _ = recipes.gather(folder, corpus, data)
    recipe = Recipe(threads=threads)
    chosen = replace(recipe, steps=steps or max(1, len(tokens) // (recipe.length * recipe.batch)))
    say(f"base model: {recipes.base(folder, corpus, data, chosen)}")


@app.command()
def lessons(
    data: Data,
    work: Work = Path("work"),
    analyzer: Annotated[list[str] | None, typer.Option(help="Only these analyzers; may be repeated.")] = None,
) -> None:
    """Turn labelled rows and written scenarios into lessons, through the templates that serve."""
    from secassist import plugins
    from secassist.training import recipes

    recipes.prepare(recipes.Folder(work, say), data, analyzer or plugins.names("analyzers"))


@app.command()
def adapter(
    analyzer: Analyzer,
    work: Work = Path("work"),
    base_model: Annotated[Path | None, typer.Option(help="Base model folder; default: the working folder's.")] = None,
    method: Annotated[str, typer.Option(help="lora, or full for all weights (a new base; analyzer 'all').")] = "lora",
    steps: Annotated[int | None, typer.Option(min=1, help="Steps; default: one pass over the lessons.")] = None,
    rank: Annotated[int, typer.Option(min=1, help="Rank of LoRA.")] = 16,
    rate: Annotated[float, typer.Option(min=0, help="Peak learning rate.")] = 2e-3,
    batch: Annotated[int, typer.Option(min=1, help="Lessons per step.")] = 16,
    threads: Threads = 2,
) -> None:
    """Tune on an analyzer's lessons; run again to resume from the last checkpoint."""
    from secassist.training import recipes
    from secassist.training.adapters import Tuning, tune

    if method not in ("lora", "full"):
        raise UsageError(f"--method is lora or full, not {method!r}")
    folder = recipes.Folder(work, say)
    taught = recipes.balance(recipes.taught(folder, analyzer))
    tuning = Tuning(
        method=method,  # type: ignore[arg-type]
        steps=steps or max(1, len(taught) // batch),
        rank=rank,
        alpha=2 * rank,
        rate=rate,
        batch=batch,
        threads=threads,
    )
    start = base_model or folder.root / "base" / "model"
    say(f"{method}: {tune(start, taught, tuning, folder.root / method / analyzer, say)}")


@app.command()
def calibrate(
    analyzer: Analyzer,
    adapters: Annotated[Path, typer.Option(help="Folder with one adapter per analyzer.")],
    base_model: Annotated[Path, typer.Option(help="Base model folder.")],
    work: Work = Path("work"),
    threads: Threads = 2,
) -> None:
    """Fit the calibration of an adapter on lessons of groups it was not trained on."""
    from secassist.backends.local import LocalBackend
    from secassist.config import read_settings
    from secassist.evaluation.split import Part
    from secassist.training import calibration, lesson, recipes

    if analyzer not in calibration.SCORES:
        raise UsageError(f"{analyzer} gives no probability; {', '.join(calibration.SCORES)} do")
    folder = recipes.Folder(work, say)
    held = [one for one in lesson.read(folder.lessons(analyzer, Part.CALIBRATION)) if one.bad is not None]
    backend = LocalBackend(read_settings(model=str(base_model), adapters=str(adapters), threads=threads, batch=16))
    scores = calibration.raw_scores(backend, analyzer, held)
    fitted = calibration.fit(scores, [bool(one.bad) for one in held], goal=calibration.GOALS.get(analyzer, "youden"))
    calibration.write(fitted, adapters / analyzer)
    error = f"{fitted.ece_before:.3f} -> {fitted.ece_after:.3f}"
    say(f"{analyzer}: AUC {fitted.auc:.3f}, calibration error {error}, n {fitted.count}")


@app.command()
def ship(
    target: Annotated[Path, typer.Argument(help="Folder that is served: gets base/ and adapters/.")],
    base_model: Annotated[Path, typer.Option(help="Base model folder.")],
    work: Work = Path("work"),
) -> None:
    """Put the base and every trained adapter of the working folder where they are served from, in half precision."""
    from secassist.training import shipping

    shipping.ship_base(base_model, target / "base")
    for folder in sorted((work / "lora").glob("*/adapter")):
        shipping.ship_adapter(folder, target / "adapters" / folder.parent.name)
        say(f"shipped {folder.parent.name}")
    say(f"{shipping.megabytes([target]):.1f} MB in {target}")

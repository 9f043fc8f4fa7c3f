"""Commands that train: text to base, rows to lessons, lessons to adapter, held-out lessons to calibration."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemas import digest
from secassist.cli import tagging, whole
from secassist.cli._run import say
from secassist.errors import UsageError

if TYPE_CHECKING:
    from secassist.registry.ranker import Ranker

app = typer.Typer(no_args_is_help=True, help="Train the base model, adapters and their calibration.")
Data = Annotated[Path, typer.Option(help="Folder of labelled rows (JSON Lines, plain or .gz).")]
Work = Annotated[
    Path, typer.Option(help="Working folder: tokenizer, tokens, lessons, checkpoints; runs resume from it.")
]
Threads = Annotated[int, typer.Option(min=1, help="Torch threads.")]
Compiled = Annotated[
    bool, typer.Option("--compiled", help="Fuse the pass by torch.compile: a third faster, needs a C++ compiler.")
]
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
    compiled: Compiled = False,
) -> None:
    """Pretrain the base model; run again to resume from the last checkpoint."""
    from dataclasses import replace

    from secassist.training import recipes
    from secassist.training.pretraining import Recipe

    folder = recipes.Folder(work, say)
    tokens, _ = recipes.gather(folder, corpus, data)
    recipe = Recipe(threads=threads, compiled=compiled)
    chosen = replace(recipe, steps=steps or max(1, len(tokens) // (recipe.length * recipe.batch)))
    say(f"base model: {recipes.base(folder, corpus, data, chosen)}")


@app.command()
def lessons(
    data: Annotated[Path | None, typer.Option(help="Folder of labelled rows (JSON Lines, plain or .gz).")] = None,
    work: Work = Path("work"),
    analyzer: Annotated[list[str] | None, typer.Option(help="Only these analyzers; may be repeated.")] = None,
    harmless: Annotated[
        list[Path] | None, typer.Option(help="Folder of well-kept packages, taken for harmless code; may be repeated.")
    ] = None,
    corrections: Annotated[
        bool, typer.Option("--corrections", help="Also what analysts corrected; without --data, only that.")
    ] = False,
) -> None:
    """Turn labelled rows, written scenarios and analysts' corrections into lessons, through the templates that serve."""
    from secassist import plugins
    from secassist.training import recipes

    if data is None and not corrections:
        raise UsageError("name labelled rows with --data, or take the stored --corrections")
    folder = recipes.Folder(work, say)
    if data is not None:
        recipes.prepare(folder, data, analyzer or plugins.names("analyzers"), harmless or ())
    if corrections:
        _corrections(folder)


def _corrections(folder: Any) -> None:
    """Lessons from the reviews of the store."""
    from secassist import registry
    from secassist.cli._run import pipeline
    from secassist.training import corrections

    with pipeline() as (made, settings):
        teacher = corrections.teacher(folder, registry.base(settings.model).folder)
        corrections.prepare(folder, teacher, made.store)


@app.command()
def adapter(
    analyzer: Analyzer,
    work: Work = Path("work"),
    base_model: Annotated[Path | None, typer.Option(help="Base model folder; default: the working folder's.")] = None,
    method: Annotated[
        str,
        typer.Option(help="lora; qlora (CUDA); full (a new base; analyzer 'all'); prompt, prefix, ptuning to compare."),
    ] = "lora",
    initial: Annotated[
        str | None, typer.Option(help="Go on from 'live' or an adapter's folder, with corrections and older lessons.")
    ] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Steps; default: one pass over the lessons.")] = None,
    rank: Annotated[int, typer.Option(min=1, help="Rank of LoRA.")] = 16,
    rate: Annotated[float, typer.Option(min=0, help="Peak learning rate.")] = 2e-3,
    batch: Annotated[int, typer.Option(min=1, help="Lessons per step.")] = 16,
    threads: Threads = 2,
    device: Annotated[str, typer.Option(help="cpu, or cuda.")] = "cpu",
    compiled: Compiled = False,
) -> None:
    """Tune on an analyzer's lessons; run again to resume from the last checkpoint."""
    from secassist.training import recipes
    from secassist.training.adapters import Tuning, tune
    from secassist.training.methods import METHODS, SERVED

    if method not in METHODS:
        raise UsageError(f"--method is one of {', '.join(METHODS)}, not {method!r}")
    if method not in SERVED:
        say(f"{method} is for comparison: what it makes is not served")
    folder = recipes.Folder(work, say)
    taught = recipes.balance(recipes.taught(folder, analyzer)) if initial is None else _further(folder, analyzer)
    tuning = Tuning(
        method=method,  # type: ignore[arg-type]
        steps=steps or max(1, len(taught) // batch),
        rank=rank,
        alpha=2 * rank,
        rate=rate,
        batch=batch,
        threads=threads,
        device=device,
        compiled=compiled,
    )
    if initial is not None:
        say(f"{method}: {_continue(folder, analyzer, initial, base_model, taught, tuning)}")
        return
    start = base_model or folder.root / "base" / "model"
    say(f"{method}: {tune(start, taught, tuning, folder.root / method / analyzer, say)}")


def _further(folder: Any, analyzer: str) -> list[Any]:
    from secassist.training import corrections

    return corrections.to_continue(folder, analyzer)


def _continue(
    folder: Any, analyzer: str, initial: str, base_model: Path | None, taught: list[Any], tuning: Any
) -> Path:
    """Goes on from an adapter, in a folder of its own for these lessons, and takes over its calibration."""
    from secassist import registry
    from secassist.config import read_settings
    from secassist.training import corrections
    from secassist.training.adapters import tune

    settings = read_settings()
    found = registry.serving(settings, analyzer) if initial == "live" else registry.at(Path(initial))
    if found is None:
        raise UsageError(f"{analyzer} has no adapter to go on from")
    start = base_model or registry.base(settings.model).folder
    place = folder.root / "continued" / analyzer / digest([found.digest, [one.model_dump() for one in taught]])[:12]
    final = tune(start, taught, tuning, place, say, initial=found.folder)
    corrections.inherit(final, found, say)
    return final


@app.command()
def witness(
    analyzer: Analyzer,
    adapters: Annotated[Path, typer.Option(help="Folder with one adapter per analyzer; the witness goes beside it.")],
    work: Work = Path("work"),
) -> None:
    """Fit the witness of an adapter: what the wording alone speaks for; calibrate afterwards."""
    from secassist.registry.witness import save
    from secassist.training import recipes
    from secassist.training.witnessing import learn

    taught = recipes.taught(recipes.Folder(work, say), analyzer)
    try:
        found = learn(taught)
    except ValueError as error:
        raise UsageError(f"{analyzer}: {error}; write its lessons anew") from error
    say(f"{analyzer}: {save(found, adapters / analyzer)} from {len(taught)} lessons")


@app.command()
def ranker(
    adapters: Annotated[Path, typer.Option(help="Folder with one adapter per analyzer; the ranker goes beside it.")],
    data: Annotated[Path | None, typer.Option(help="Folder of labelled rows, for techniques.")] = None,
    work: Annotated[Path | None, typer.Option(help="Working folder with lessons, for review.")] = None,
) -> None:
    """Fit rankers: which techniques (ATT&CK) or weaknesses (CWE) the words of a text or of code speak for."""
    from secassist.training import recipes

    if data is None and work is None:
        raise UsageError("nothing to learn from: name --data for techniques, --work for review")
    if data is not None:
        _save_ranker(data, "techniques", adapters, lambda: recipes.learn_ranker(data))
    if work is not None:
        folder = recipes.Folder(work, say)
        _save_ranker(work, "review", adapters, lambda: recipes.learn_weaknesses(recipes.taught(folder, "review")))


def _save_ranker(origin: Path, name: str, adapters: Path, learn: Callable[[], "Ranker"]) -> None:
    from secassist.registry.ranker import save

    try:
        found = learn()
    except ValueError as error:
        raise UsageError(f"{origin}: {error}") from error
    say(f"{name}: {save(found, adapters / name)}, {len(found.labels)} labels")


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
    held = list(lesson.read(folder.lessons(analyzer, Part.CALIBRATION)))
    backend = LocalBackend(read_settings(model=str(base_model), adapters=str(adapters), threads=threads, batch=16))
    fitted = calibration.calibrate(backend, analyzer, held, adapters / analyzer)
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
        shipping.ship_adapter(folder, target / "adapters" / folder.parent.name, target / "base")
        say(f"shipped {folder.parent.name}")
    say(f"{shipping.megabytes([target]):.1f} MB in {target}")


app.command()(whole.gather)
app.command()(whole.pack)
app.command("all")(whole.everything)
app.command()(whole.join)
app.command()(tagging.tagger)
app.command()(tagging.thresholds)

"""Commands that train and measure the tagger of names and addresses."""

import json
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer

from secassist.cli._run import AsJson, say, write

Data = Annotated[Path, typer.Option(help="Folder of labelled rows (JSON Lines, plain or .gz).")]
Corpus = Annotated[Path | None, typer.Option(help="Security text: JSON Lines with source, path, text (.xz).")]
Words = Annotated[Path | None, typer.Option(help="Chinese words: lines of word, frequency, part of speech.")]
Threads = Annotated[int, typer.Option(min=1, help="Torch threads.")]


def tagger(
    data: Data,
    work: Annotated[Path, typer.Option(help="Working folder: checkpoints; runs resume from it.")] = Path("work"),
    corpus: Corpus = None,
    words: Words = None,
    base_model: Annotated[str, typer.Option(help="Model to tune: bundled, or a folder.")] = "bundled",
    texts: Annotated[int, typer.Option(min=2, help="Texts to write and learn from.")] = 32_000,
    steps: Annotated[int, typer.Option(min=1, help="Steps of about 1,500 tokens.")] = 1300,
    rank: Annotated[int, typer.Option(min=1, help="Rank of LoRA.")] = 16,
    rate: Annotated[float, typer.Option(min=0, help="Peak learning rate.")] = 2.5e-3,
    half: Annotated[bool, typer.Option("--half", help="Multiply in bf16.")] = False,
    threads: Threads = 1,
) -> None:
    """Tune the tagger of names and addresses and set its thresholds; run again to resume."""
    from secassist import registry
    from secassist.training import _tag_recipe as recipe
    from secassist.training.tagging import TagTuning, tune_tagger

    sources = recipe.Sources(data, corpus, words)
    found = recipe.lessons(sources, texts)
    tuning = TagTuning(steps=steps, rank=rank, alpha=2 * rank, rate=rate, threads=threads, half=half)
    usual = recipe.ordinary(sources)
    made = tune_tagger(registry.base(base_model).folder, found, tuning, work / "tagger", say, ordinary=usual)
    recipe.note(made, {"licences": recipe.LICENCES})
    say(f"tagger: {made}; thresholds {recipe.set_thresholds(made, recipe.development(sources))}")


def thresholds(
    folder: Annotated[Path, typer.Argument(help="Tagger folder.")],
    data: Data,
    corpus: Corpus = None,
    words: Words = None,
    also: Annotated[
        Path | None, typer.Option(help="More development texts: JSON Lines of text, language, source, spans.")
    ] = None,
    threads: Threads = 1,
    as_json: AsJson = False,
) -> None:
    """Set a tagger's thresholds on development texts, and measure it beside the rules."""
    from secassist.training import _tag_recipe as recipe
    from secassist.training._tag_rows import check, given

    sets = [recipe.development(recipe.Sources(data, corpus, words)), *([given(also)] if also else [])]
    recipe.set_thresholds(folder, *sets)
    figures = recipe.measure(folder, [*chain(*sets), *check()], threads)
    recipe.note(folder, {"figures": figures})
    if as_json:
        write(json.dumps(figures, ensure_ascii=False))
        return
    for way in ("tagger", "rules", "both"):
        write("\n".join(_line(way, row) for row in figures[way]))
    write(f"{figures['texts_per_second']} texts/s on {threads} threads, thresholds {figures['thresholds']}")


def _line(way: str, row: dict[str, Any]) -> str:
    """One row of the table."""
    where = f"{way:<7}{row['source']:<26}{row['language']:<3}{row['type']:<13}"
    rates = f"F1 {row['f1_exact']:.3f} exact {row['f1_overlap']:.3f} overlapping"
    parts = f"precision {row['precision']:.3f} recall {row['recall']:.3f}"
    return f"{where} {rates}, {parts}, {row['true']} true {row['predicted']} found"

"""Commands of the whole training recipe: gather, pack for another machine, train all of it, bring the result home."""

from pathlib import Path
from typing import Annotated

import typer

from secassist.cli._run import say

Data = Annotated[Path, typer.Option(help="Folder of labelled rows (JSON Lines, plain or .gz).")]
Work = Annotated[Path, typer.Option(help="Working folder; runs resume from it.")]


def gather(
    data: Data,
    work: Work = Path("work"),
    corpus: Annotated[
        Path | None, typer.Option(help="Security text: JSON Lines with source, path, text (.xz).")
    ] = None,
) -> None:
    """Write tokens, tokenizer, lessons and the ranker: all of training that needs text and no accelerator."""
    from secassist.training import recipes, whole

    whole.gather(recipes.Folder(work, say), data, corpus)
    say(f"gathered in {work}; next: secassist train all, here or, packed, on another machine")


def everything(
    work: Work = Path("work"),
    device: Annotated[str, typer.Option(help="cpu, or cuda.")] = "cpu",
    threads: Annotated[int, typer.Option(min=1, help="Torch threads.")] = 2,
    compiled: Annotated[bool, typer.Option("--compiled", help="Fuse the pass by torch.compile.")] = False,
    share: Annotated[float, typer.Option(min=0.001, max=4, help="Scales all numbers of steps, for trials.")] = 1.0,
    inputs: Annotated[Path | None, typer.Option(help="Packed inputs to unpack into the working folder first.")] = None,
    parts: Annotated[Path | None, typer.Option(help="Folder that gets the result, cut into parts.")] = None,
) -> None:
    """Train base, adapters, voices and calibration from what was gathered; run again to resume."""
    from secassist.training import parcels, recipes, whole

    if inputs is not None:
        parcels.unpack(inputs, work)
    chosen = whole.Whole(device=device, threads=threads, compiled=compiled, share=share)
    made = whole.train(recipes.Folder(work, say), chosen)
    say(f"{made}: serve it with SECASSIST_MODEL={made}/base SECASSIST_ADAPTERS={made}/adapters")
    if parts is not None:
        say(f"{len(parcels.cut(made, parts))} parts in {parts}; bring them home and run: secassist train join {parts}")


def pack(
    target: Annotated[Path, typer.Argument(help="Archive to write (.tar.xz).")],
    work: Work = Path("work"),
) -> None:
    """Pack what was gathered, at most 60 MiB, for a machine without network."""
    from secassist.training import parcels

    say(f"{target}: {parcels.pack(work, target) / 2**20:.1f} MiB")


def join(
    source: Annotated[Path, typer.Argument(help="Folder of parts.")],
    target: Annotated[Path, typer.Option("--to", help="Where the joined folder goes.")] = Path(),
) -> None:
    """Join the parts of a result again; each is checked against its digest."""
    from secassist.training import parcels

    say(f"joined: {parcels.join(source, target)}")

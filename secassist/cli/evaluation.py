"""The command that scores the product on labelled data."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from schemas import Analysis, Subject
from secassist.cli._progress import progress
from secassist.cli._run import Exit, Quiet, pipeline, report_rejected, say, write
from secassist.errors import UsageError
from secassist.pipeline import Pipeline


def evaluate(
    data: Annotated[Path, typer.Option(help="Labelled JSON Lines (plain or .gz), a file or a folder.")],
    out: Annotated[Path, typer.Option(help="Where the scorecard (JSON) goes.")],
    predictions: Annotated[Path, typer.Option(help="One line per item; a second run goes on where this file ends.")],
    task: Annotated[
        list[str] | None, typer.Option(help="Only these tasks (T1 ... C1 ... S2); may be repeated.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most this many items, spread over sources and labels.")
    ] = None,
    part: Annotated[
        Literal["train", "calibration", "development"] | None, typer.Option(help="Only this part of the data.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Score the analyzers on labelled data, by the same path as a user's call."""
    from secassist.evaluation import examples as labelled
    from secassist.evaluation.run import Options
    from secassist.evaluation.run import evaluate as run
    from secassist.evaluation.scorecard import render_markdown
    from secassist.evaluation.split import Part, only
    from secassist.evaluation.truth import stratum

    found, rejected = labelled.collect(data, task or ())
    chosen = list(only(found, Part(part))) if part else found
    if limit is not None:
        chosen = labelled.limit(chosen, limit, stratum)
    if not chosen:
        report_rejected(rejected)
        raise UsageError(f"{data}: holds no labelled item that was asked for")
    with pipeline() as (made, settings), progress("evaluate", quiet) as report:
        names = sorted(made.analyzers)
        who = {name: made.driver.backend.identity(name) for name in names}
        about = {"backend": settings.backend, "model": next(iter(who.values())).model_digest}
        about |= {f"adapter.{name}": identity.adapter_digest for name, identity in who.items()}
        about |= {f"template.{name}": made.driver.tools(made.analyzers[name]).template.digest for name in names}
        options = Options(progress=report, rejected=rejected, about=about)
        card = run(chosen, partial(_answer, made), out, predictions, options)
    report_rejected(rejected)
    write(render_markdown(card))
    say(f"scorecard: {out}; predictions: {predictions}")
    if rejected:
        raise typer.Exit(Exit.INCOMPLETE)


def _answer(made: Pipeline, subjects: Sequence[Subject], name: str) -> list[Analysis]:
    """Analyses under the ids of the subjects asked about; where secrets were masked first, they carry another one."""
    found = made.judge(name, subjects)
    return [a.model_copy(update={"subject_id": s.id}) for a, s in zip(found, subjects, strict=True)]

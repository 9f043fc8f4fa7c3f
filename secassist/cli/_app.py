"""Puts the commands together."""

from typing import Annotated

import typer

from secassist import __version__
from secassist.cli import (
    analysis,
    database,
    demo,
    doctor,
    evaluation,
    fixing,
    models,
    outbox,
    prompts,
    queue,
    redact,
    results,
    scanning,
    schedule,
    schemas,
    serving,
    training,
    vault,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Security-operations analysis with a local model. Nothing leaves this machine.",
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"secassist {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _show: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options of every command."""


app.command()(demo.demo)
app.command()(analysis.triage)
app.command()(scanning.scan)
app.command()(analysis.techniques)
app.command()(analysis.advise)
app.command()(fixing.fix)
app.command()(results.report)
app.command("list")(results.list_)
app.command()(results.show)
app.command()(results.export)
app.command()(results.correct)
app.command()(evaluation.evaluate)
app.command()(doctor.doctor)
app.command()(redact.redact)
app.command()(vault.purge)
app.command()(queue.submit)
app.command()(queue.worker)
app.command()(serving.serve)
app.add_typer(queue.app, name="jobs")
app.add_typer(outbox.app, name="outbox")
app.add_typer(schedule.app, name="schedule")
app.add_typer(database.app, name="db")
app.add_typer(models.app, name="models")
app.add_typer(prompts.app, name="prompts")
app.add_typer(schemas.app, name="schemas")
app.add_typer(training.app, name="train")
app.add_typer(vault.app, name="vault")

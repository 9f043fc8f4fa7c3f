"""Puts the commands together; of their code only that of the command that is asked for is loaded."""

import importlib
import sys
from collections.abc import Sequence
from functools import cached_property
from typing import Annotated, Any, Final, cast

import typer

from secassist import __version__

_COMMANDS: Final = {
    "demo": ("demo.demo", "Run the examples and write an HTML report."),
    "triage": ("analysis.triage", "Judge alerts, log windows, e-mail, scripts and requests."),
    "scan": ("scanning.scan", "Find vulnerable code, secrets and personal data."),
    "techniques": ("analysis.techniques", "Name the ATT&CK techniques that a text describes."),
    "ask": ("asking.ask", "Answer a question from your own documents, with quotes."),
    "advise": ("analysis.advise", "Give ordered remediation steps for a stored analysis."),
    "fix": ("fixing.fix", "Fix a finding; shown only after others have checked it."),
    "investigate": ("investigating.investigate", "What is known of an analysis, what is linked, what to ask."),
    "report": ("results.report", "Report on everything analysed in a period."),
    "list": ("results.list_", "List stored analyses, newest first."),
    "show": ("results.show", "Show one stored analysis, or one finding of it."),
    "export": ("results.export", "Write stored analyses in any output format."),
    "correct": ("results.correct", "Record what an analyst decided instead."),
    "evaluate": ("evaluation.evaluate", "Score the analyzers on labelled data."),
    "doctor": ("doctor.doctor", "Check database, templates and model."),
    "redact": ("redact.redact", "Replace secrets and personal data by placeholders."),
    "purge": ("vault.purge", "Delete what has been kept for its time."),
    "submit": ("queue.submit", "Queue alerts, logs, code and documents."),
    "worker": ("queue.worker", "Work off the queue."),
    "serve": ("serving.serve", "Take alerts over HTTP into the queue."),
}
"""Name -> (module.function, what the list of commands says of it: it fits into a line of 80)."""
_GROUPS: Final = {
    "jobs": ("queue.app", "What waits, what is worked on, and what was given up."),
    "outbox": ("outbox.app", "Events for webhooks and files (SECASSIST_TARGETS)."),
    "schedule": ("schedule.app", "Work that comes round: reports, retention, backups."),
    "db": ("database.app", "The database: SQLite in a file, or PostgreSQL."),
    "models": ("models.app", "Models and adapters: list, compare, promote, roll back."),
    "prompts": ("prompts.app", "Versioned prompt templates."),
    "schemas": ("schemas.app", "JSON Schemas of inputs and results."),
    "train": ("training.app", "Train the base model, adapters and their calibration."),
    "vault": ("vault.app", "Sealed values of findings, for who holds the admin key."),
}
"""Name -> (module.app, its help)."""


def built(wanted: Sequence[str]) -> typer.Typer:
    """The command line with these commands whole; of the others no more than `--help` shows of them."""
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        help="Security-operations analysis with a local model. Nothing leaves this machine.",
    )
    app.callback()(_root)
    for name, (where, short) in _COMMANDS.items():
        if name in wanted:
            app.command(name, short_help=short)(_loaded(where))
        else:
            app.command(name, short_help=short)(_shown_only)
    for name, (where, begins) in _GROUPS.items():
        app.add_typer(_loaded(where) if name in wanted else _empty(begins), name=name)
    return app


def _loaded(where: str) -> Any:
    module, name = where.split(".")
    return getattr(importlib.import_module(f"secassist.cli.{module}"), name)


def _shown_only() -> None:
    """Stands for a command in `--help`."""


def _empty(begins: str) -> typer.Typer:
    group = typer.Typer(help=begins)
    group.callback()(_shown_only)
    return group


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"secassist {__version__}")
        raise typer.Exit


def _root(
    _show: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options of every command."""


class _Late:
    """A Typer that is built when it is used: for a call with what the arguments name, for whoever looks into it whole."""

    def __call__(self, **how: Any) -> Any:
        """Runs the command of `sys.argv`; the root has no option with a value, so the first plain word is its name."""
        words = [word for word in sys.argv[1:] if not word.startswith("-")]
        return built(words[:1])(**how)

    @cached_property
    def _whole(self) -> typer.Typer:
        return built([*_COMMANDS, *_GROUPS])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)


app = cast(typer.Typer, _Late())

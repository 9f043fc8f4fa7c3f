"""Puts the commands together; of their code only that of the command that is asked for is loaded."""

import importlib
import sys
from collections.abc import Sequence
from functools import cached_property
from typing import Annotated, Any, Final, cast

import typer

from secassist import __version__

_COMMANDS: Final = {
    "demo": (
        "demo.demo",
        "Run the main job on the example alerts, logs, code and documents, and write an HTML report.",
    ),
    "triage": (
        "analysis.triage",
        "Judge alerts, log windows and e-mail: verdict, severity, techniques, quoted evidence.",
    ),
    "scan": (
        "scanning.scan",
        "Find vulnerable code, secrets and personal data in files, folders, changes or a git history.",
    ),
    "techniques": ("analysis.techniques", "Name the ATT&CK techniques that a text describes."),
    "ask": (
        "asking.ask",
        "Answer a question from your own documents: each sentence quoted with file and line, or that they do not say.",
    ),
    "advise": ("analysis.advise", "Give ordered remediation steps for a stored analysis."),
    "fix": (
        "fixing.fix",
        "Fix a finding: a change that parser, detectors, judge and tests accept is shown; --apply writes it.",
    ),
    "investigate": (
        "investigating.investigate",
        "Investigate a stored analysis: what is known, what is linked, what to find out next, with ready queries.",
    ),
    "report": (
        "results.report",
        "Report on everything analysed in a period: counted facts, checked prose, the cases behind them.",
    ),
    "list": ("results.list_", "List stored analyses, newest first, with their verdicts and findings."),
    "show": ("results.show", "Show one stored analysis, or one finding of it, with its evidence and lineage."),
    "export": ("results.export", "Write stored analyses in any output format."),
    "correct": (
        "results.correct",
        "Record an analyst's correction of a verdict or a severity; corrected dispositions become training data.",
    ),
    "evaluate": ("evaluation.evaluate", "Score the analyzers on labelled data, by the same path as a user's call."),
    "doctor": ("doctor.doctor", "Check database, templates and model, asking the model one question per analyzer."),
    "redact": (
        "redact.redact",
        "Replace secrets and personal data by consistent placeholders, or put them back with key and map.",
    ),
    "purge": ("vault.purge", "Delete what has been kept for its time, down to the last byte in the database's files."),
    "submit": (
        "queue.submit",
        "Queue alerts, logs, code and documents: the ids of their jobs are printed once they are safe on disk.",
    ),
    "worker": (
        "queue.worker",
        "Work off the queue; with a broker (SECASSIST_BROKER) woken by it, else by looking, with a scheduler beside.",
    ),
    "serve": (
        "serving.serve",
        "Take alerts over HTTP into the queue and tell of their jobs; what is answered 202 is safe on disk.",
    ),
}
"""Name -> (module.function, how its help begins)."""
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
    for name, (where, begins) in _COMMANDS.items():
        if name in wanted:
            app.command(name)(_loaded(where))
        else:
            app.command(name, help=begins)(_shown_only)
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

"""Commands over scheduled work: add, list and remove it, and make the rounds in which it is done."""

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from secassist.cli._run import pipeline, say, supervised_by, write
from secassist.cli.results import moment
from secassist.config import read_settings
from secassist.errors import UsageError
from secassist.queueing.supervisor import on_signals
from secassist.scheduling.chores import CHORES, options
from secassist.scheduling.scheduler import Scheduler
from secassist.store import Store

app = typer.Typer(no_args_is_help=True, help="Work that comes round: reports, retention, backups.")
Name = Annotated[str, typer.Argument(metavar="NAME", help="Lower-case letters, digits, dashes.")]
UNITS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@app.command()
def add(
    name: Name,
    every: Annotated[str, typer.Option(help="How often: 15m, 12h, 7d, 2w.")],
    kind: Annotated[str, typer.Option(help=f"What: {', '.join(CHORES)}.")] = "report",
    out: Annotated[Path | None, typer.Option(help="The folder to write to.")] = None,
    first: Annotated[
        str | None, typer.Option(help="The first time: 2026-03-02T06:00. Default: one span from now.")
    ] = None,
    format_: Annotated[str, typer.Option("--format", "-f", help="Of a report: html, markdown or json.")] = "html",
    title: Annotated[str, typer.Option(help="Of a report; default: the name.")] = "",
    language: Annotated[str, typer.Option(help="Of a report: en or zh.")] = "",
) -> None:
    """Add work that is done each time its span is over, by whichever scheduler comes first."""
    if not NAME.fullmatch(name):
        raise UsageError("a schedule's name has lower-case letters, digits and dashes, at most 64")
    if language not in ("", "en", "zh"):
        raise UsageError("a report is written in en or zh")
    from secassist import bootstrap

    chosen = options(kind, out, format_, bootstrap.redactor()(title) if title else "", language)
    start = None if first is None else round(moment(first).timestamp() * 1000)
    with _store() as store:
        made = store.schedules.add(name, kind, span(every), chosen, start)
    say(f"{kind} {name} is due at {_shown(made.next_due)} and every {every} from then on")


@app.command("list")
def list_(
    runs: Annotated[int, typer.Option(min=0, max=1000, help="So many of the last runs of each.")] = 1,
) -> None:
    """List schedules: when each is due next, and how the last runs ended."""
    with _store() as store:
        schedules = store.schedules.list()
        if not schedules:
            say("nothing is scheduled; see secassist schedule add --help")
        for each in schedules:
            write(f"{each.name}  {each.kind}  every {_every(each.every)}  next {_shown(each.next_due)}")
            for run in store.schedules.runs(each.name, runs):
                write(f"    {_shown(run.slot)}  {run.state}  try {run.attempt}  {run.detail}".rstrip())


@app.command()
def remove(name: Name) -> None:
    """Remove a schedule and the record of its runs; what they wrote stays."""
    with _store() as store:
        if not store.schedules.remove(name):
            raise UsageError(f"no schedule is named {name!r}; secassist schedule list shows them")
    say(f"removed {name}")


@app.command("run")
def run_(
    once: Annotated[bool, typer.Option("--once", help="One round, then end.")] = False,
    poll: Annotated[float, typer.Option(min=1, max=3600, help="Seconds between two rounds.")] = 15.0,
    supervised: Annotated[bool, typer.Option("--supervised", hidden=True)] = False,
) -> None:
    """Do what is due, deliver events, take back what died; for ever, or once. Any number of these may run."""
    with supervised_by(supervised), pipeline() as (made, settings):
        scheduler = Scheduler(made, settings)
        if once:
            say(str(scheduler.round()))
            return
        on_signals(scheduler.stop)
        say(f"scheduler: a round every {poll:g} s")
        scheduler.run(poll, orphaned=_orphaned() if supervised else None)


def _orphaned() -> Callable[[], bool]:
    """Whether the process that started this one is gone."""
    parent = os.getppid()
    return lambda: os.getppid() != parent


def span(text: str) -> int:
    """Milliseconds of "15m", "12h", "7d" or "2w". Raises UsageError."""
    number, unit = text[:-1], text[-1:]
    if not (number.isascii() and number.isdigit() and len(number) < 6 and unit in UNITS and int(number)):
        raise UsageError(f"{text!r} is no span of time; write 15m, 12h, 7d or 2w")
    return int(number) * UNITS[unit]


def _every(milliseconds: int) -> str:
    """In the largest unit that it is whole in, and before that in the next smaller one: "7d (1w)", "24h (1d)", "12h"."""
    whole = [(milliseconds // size, unit) for unit, size in UNITS.items() if milliseconds % size == 0]
    told = [f"{number}{unit}" for number, unit in whole[-2:] if (number, unit) == whole[-1] or number < 100]
    return f"{told[0]} ({told[1]})" if len(told) == 2 else told[0] if told else f"{milliseconds} ms"


def _shown(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _store() -> Store:
    return Store.open(read_settings().database)

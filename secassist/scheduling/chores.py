"""What can come round: a report, retention, a backup; each gives a line that says what it did."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from secassist import plugins
from secassist.config import Settings
from secassist.errors import SecassistError, UsageError
from secassist.formats.base import Look
from secassist.pipeline import Pipeline
from secassist.scanning import index
from secassist.store import Run
from secassist.store.backup import backup
from secassist.styling import styled
from secassist.writing import write_private

ENDINGS = {"html": "html", "markdown": "md", "json": "json"}
"""The formats of a report and what their files end with."""
KEPT_BACKUPS = 7
"""Of each schedule; older files of its name are removed once a new one is sound."""


class ChoreError(SecassistError):
    """A scheduled piece of work could not be done; it is tried again."""


def report(pipeline: Pipeline, settings: Settings, run: Run) -> str:
    """Writes a report about the span that ended with the slot into the folder of the schedule; gives the file."""
    options = run.schedule.options
    until = datetime.fromtimestamp(run.slot / 1000, UTC)
    since = until - timedelta(milliseconds=run.schedule.every)
    language = str(options.get("language") or settings.language)
    made = pipeline.report(since, until, str(options.get("title") or run.schedule.name), language)
    if made.report is None:
        raise ChoreError(f"the report was not made: {made.state}: {made.error}")
    format_ = str(options["format"])
    file = _file(options, run, ENDINGS[format_])
    _written(file, styled(plugins.load("formats", format_), Look()).report(made.report))
    return f"wrote {file}"


def retention(pipeline: Pipeline, settings: Settings, _run: Run) -> str:
    """Deletes what has been kept for its time, and the index of what was scanned, which names places."""
    now = datetime.now(UTC)
    days = settings.retention.model_dump()
    limits = {name: now - timedelta(days=each) for name, each in days.items() if each}
    gone = pipeline.store.purge(limits)
    index.forget(settings.home)
    told = ", ".join(f"{number} {name}" for name, number in gone.items() if number) or "nothing"
    if any(gone.values()):
        pipeline.store.vault.record("schedule", "purge", detail=told)
    return f"purged {told}"


def copy(_pipeline: Pipeline, settings: Settings, run: Run) -> str:
    """Writes a checked backup into the folder of the schedule and removes the oldest beyond KEPT_BACKUPS."""
    ending = "db" if settings.database.startswith("sqlite") else "dump"
    file = _file(run.schedule.options, run, ending)
    if not file.exists():
        backup(settings.database, file)
    older = sorted(file.parent.glob(f"{run.schedule.name}-????????T??????Z.{ending}"))[:-KEPT_BACKUPS]
    for each in older:
        each.unlink(missing_ok=True)
    return f"wrote {file}" + (f", removed {len(older)} older" if older else "")


Chore = Callable[[Pipeline, Settings, Run], str]
CHORES: Mapping[str, Chore] = {"report": report, "retention": retention, "backup": copy}
"""By the kind of a schedule."""


def options(kind: str, out: Path | None, format_: str, title: str, language: str) -> dict[str, Any]:
    """The checked options of a schedule of this kind. Raises UsageError naming what is missing or wrong."""
    if kind not in CHORES:
        raise UsageError(f"nothing called {kind!r} comes round; there are: {', '.join(CHORES)}")
    if kind == "retention":
        return {}
    if out is None:
        raise UsageError(f"a {kind} needs --out, the folder to write to")
    if format_ not in ENDINGS:
        raise UsageError(f"a report is written as {', '.join(ENDINGS)}")
    folder = {"out": str(out.expanduser().absolute())}
    return folder if kind == "backup" else {**folder, "format": format_, "title": title, "language": language}


def _file(given: Mapping[str, Any], run: Run, ending: str) -> Path:
    """Named after the slot, so that a second try of a run writes the same file."""
    slot = datetime.fromtimestamp(run.slot / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    return Path(str(given["out"])) / f"{run.schedule.name}-{slot}.{ending}"


def _written(file: Path, text: str) -> None:
    """Readable by its owner only: a report quotes evidence."""
    try:
        write_private(file, text)
    except OSError as error:
        raise ChoreError(f"{file} cannot be written: {error.strerror}") from error

"""Commands over the database itself: bring it up to date, look for what is wrong with it, copy it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from secassist.cli._run import Exit, make_folder, say, write
from secassist.config import Settings, read_settings
from secassist.errors import UsageError
from secassist.store import Store
from secassist.store.backup import backup as copy
from secassist.store.migrating import HEAD, current

app = typer.Typer(no_args_is_help=True, help="The database: SQLite in a file, or PostgreSQL.")


@app.command()
def upgrade() -> None:
    """Create the database or bring it to the migration of this version; safe to run from many places at once."""
    settings = read_settings()
    before = current(settings.database)
    Store.open(settings.database).close()
    say(f"the database is at migration {HEAD}" + ("" if before == HEAD else f" (before: {before or 'empty'})"))


@app.command()
def check() -> None:
    """Look for damage, missing parents, altered records and stuck leases; exit code 1 when something is wrong."""
    with Store.open(read_settings().database) as store:
        found = store.examine()
    for fault in found:
        write(fault)
    say(f"{len(found)} faults" if found else "the database is sound")
    if found:
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def backup(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The file; default: in `backups` in the home.")
    ] = None,
) -> None:
    """Copy the database while it is in use, and check the copy. It holds what a later purge takes from the original."""
    settings = read_settings()
    if out is not None:
        _checked(out)
    written = copy(settings.database, out or _default(settings))
    say(f"wrote {written}, {written.stat().st_size / 1e6:.1f} MB, checked")
    write(str(written))


def _checked(out: Path) -> None:
    """Raises UsageError where a folder is named; makes the folder of the file, and says so."""
    if out.is_dir():
        raise UsageError(f"{out}: is a folder; name a file for the copy")
    if out.exists():
        raise UsageError(f"{out} exists; name another file for the backup")
    try:
        make_folder(out, 0o700)
    except OSError as error:
        raise UsageError(f"{out.parent}: cannot be made: {error.strerror}") from error


def _default(settings: Settings) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    return settings.home / "backups" / f"{stamp}.{'db' if settings.database.startswith('sqlite') else 'dump'}"

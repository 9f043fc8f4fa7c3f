"""Commands over what is kept: purge it when its time is over, and open, change or account for the vault."""

import os
import pwd
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from secassist.cli._run import pipeline, reference, say, write
from secassist.cli.results import moment
from secassist.config import Settings, read_settings
from secassist.errors import UsageError
from secassist.scanning import index
from secassist.store import KINDS, SealedValue, Store
from secassist.store import fingerprint as of
from secassist.vault import Opener, Sealer, VaultError, make

app = typer.Typer(no_args_is_help=True, help="Sealed values of findings, for who holds the admin key.")
AdminKey = Annotated[Path | None, typer.Option("--admin-key", help="The admin key's file.")]
Reason = Annotated[str, typer.Option(help="Why; written into the audit.")]
_NOTHING_LEFT = timedelta(hours=1)
"""What is only older than that is as good as everything."""
KEPT_ELSEWHERE = (
    "not reached: copies of the database, backups, snapshots, and what a disk keeps of freed blocks",
    "; the server's write-ahead log and replicas keep it until they are recycled",
    "; without --full, pages of the tables may hold it until they are written again",
)


def purge(
    older_than: Annotated[str | None, typer.Option(help="Of this age or before this time: 90d, 2026-03-01.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help=f"Only this kind: {', '.join(KINDS)}.")] = None,
    analysis: Annotated[str | None, typer.Option(help="Only this analysis and what hangs on it.")] = None,
    full: Annotated[bool, typer.Option("--full", help="PostgreSQL: rewrite the tables, locking them.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and delete nothing.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask before everything of a kind is deleted.")
    ] = False,
) -> None:
    """Delete what has been kept for its time, down to the last byte in the database's files."""
    if analysis is not None and (older_than or kind):
        raise UsageError("--analysis goes without --older-than and --kind")
    with pipeline() as (made, settings):
        id_ = None if analysis is None else _analysis_id(made.store, analysis)
        limits = {} if id_ else _limits(settings, older_than, kind or [])
        if not dry_run and not yes:
            _agreed(limits)
        gone = made.store.purge(limits, analysis_id=id_, full=full, dry_run=dry_run)
        told = ", ".join(f"{number} {name}" for name, number in gone.items())
        if not dry_run and any(gone.values()):
            made.store.vault.record(_who(), "purge", id_, detail=told)
        if not dry_run:
            index.forget(settings.home)
    say(f"{'would purge' if dry_run else 'purged'}: {told}")
    if not dry_run:
        server = not settings.database.startswith("sqlite")
        say(KEPT_ELSEWHERE[0] + server * KEPT_ELSEWHERE[1] + (server and not full) * KEPT_ELSEWHERE[2])


@app.command()
def init(admin_key: AdminKey = None) -> None:
    """Make the keys of the vault: one that seals, beside the database, and the admin key, which opens."""
    settings = read_settings()
    sealing, admin = _files(settings, admin_key)
    name = make(sealing, admin)
    say(f"key {name}: {sealing} seals; {admin} opens: move it off this machine and name it with --admin-key")
    if settings.vault == "off":
        say("values are sealed once SECASSIST_VAULT=sealed is set")


@app.command()
def show(
    analysis: Annotated[str, typer.Argument(metavar="ID[:NUMBER]", help="Analysis id or its first digits; finding.")],
    number: Annotated[int | None, typer.Argument(metavar="NUMBER", min=0, help="The finding in it, from 0.")] = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="Open the sealed value; is written into the audit.")] = False,
    reason: Reason = "",
    admin_key: AdminKey = None,
) -> None:
    """Say what is kept of one finding; with --reveal and the admin key, print its value."""
    prefix, named = reference(analysis)
    number = named if number is None else number
    if number is None or named not in (None, number):
        raise UsageError("say which finding: ID:NUMBER, as tables show it")
    with pipeline() as (made, settings):
        id_ = _analysis_id(made.store, prefix)
        found = made.store.find_analysis(id_)
        if found is None or number >= len(found.findings):
            raise UsageError(f"analysis {id_[:12]} has no finding number {number}; they are counted from 0")
        finding, sealed = found.findings[number], made.store.vault.find(id_, number)
        if reveal:
            file = _files(settings, admin_key)[1]
            write(_revealed(made.store, sealed, of(finding), file, made.redactor(reason), (id_, number)))
            return
    kept = finding.secret
    mask = f"{kept.mask}, {kept.length} characters, {kept.charset}" if kept else "no value"
    state = f"sealed for key {sealed.key_id}" if sealed else "not sealed"
    write(f"{finding.rule} at {finding.place.path}:{finding.place.start_line}: {mask}; {state}")


@app.command()
def rekey(
    forget: Annotated[bool, typer.Option("--forget", help="Drop old keys; copies of the database need them.")] = False,
    admin_key: AdminKey = None,
) -> None:
    """Change the keys of the vault and seal every value anew; a stop on the way loses nothing."""
    with pipeline() as (made, settings):
        sealing, admin = _files(settings, admin_key)
        opener = Opener(admin).rotate(sealing)
        sealer = Sealer(sealing)

        def again(old: SealedValue) -> SealedValue:
            value = opener.open(old.key_id, old.sealed, old.fingerprint)
            return SealedValue(old.analysis_id, old.number, old.fingerprint, *sealer.seal(value, old.fingerprint))

        changed = made.store.vault.reseal(again, opener.current)
        dropped = opener.forget(list(made.store.vault.keys())) if forget else 0
        made.store.vault.record(_who(), "rekey", detail=f"{changed} values, key {opener.current}, {dropped} forgotten")
    say(f"sealed {changed} values anew for key {opener.current}; {dropped} old keys dropped from {admin}")


@app.command()
def log() -> None:
    """List who asked for a value, changed the keys or purged, and when."""
    with pipeline() as (made, _):
        rows = list(made.store.vault.recorded())
        for row in rows:
            about = f"{row.analysis_id[:12]}:{row.number}" if row.analysis_id and row.number is not None else ""
            write(
                f"{row.at}  {row.who:<12} {row.action:<8} {about or (row.analysis_id or '')[:12]}  {row.detail}".rstrip()
            )
    if not rows:
        say("nobody has asked for a value, changed keys or purged")


def _revealed(
    store: Store, sealed: SealedValue | None, fingerprint: str, file: Path, reason: str, place: tuple[str, int]
) -> str:
    """The value; the audit says so before anything is shown, and also says when it was refused."""
    if sealed is None:
        raise UsageError(f"finding {place[1]} of {place[0][:12]} was not sealed; SECASSIST_VAULT=sealed keeps values")
    try:
        value = Opener(file).open(sealed.key_id, sealed.sealed, fingerprint)
    except VaultError:
        store.vault.record(_who(), "refused", *place, detail=reason)
        raise
    store.vault.record(_who(), "reveal", *place, detail=reason)
    return value


def _agreed(limits: dict[str, datetime]) -> None:
    """Asks before nothing of a kind would be left. Raises UsageError where nobody can answer, or the answer is no."""
    every = [kind for kind, limit in limits.items() if limit >= datetime.now(UTC) - _NOTHING_LEFT]
    if not every:
        return
    told = f"this deletes everything that is stored of: {', '.join(every)}"
    if not sys.stdin.isatty():
        raise UsageError(f"{told}; say so with --yes, or look first with --dry-run")
    if not typer.confirm(f"{told}. Go on?", err=True):
        raise UsageError("nothing was deleted")


def _limits(settings: Settings, older_than: str | None, kinds: list[str]) -> dict[str, datetime]:
    """Before which moment each kind is purged: the given one, or by the retention of the settings."""
    if older_than:
        return dict.fromkeys(kinds or KINDS, moment(older_than))
    days = settings.retention.model_dump()
    forever = [name for name in kinds if days.get(name) == 0]
    if forever:
        raise UsageError(f"{forever[0]} are kept for ever (SECASSIST_RETENTION); say which with --older-than")
    chosen = {name: days.get(name, 1) for name in kinds} or {name: each for name, each in days.items() if each}
    return {name: datetime.now(UTC) - timedelta(days=each) for name, each in chosen.items()}


def _analysis_id(store: Store, prefix: str) -> str:
    found = store.find_analysis(prefix)
    if found is None:
        raise UsageError(f"no analysis begins with {prefix[:6]!r} and so on; `secassist list` shows them")
    return found.id


def _files(settings: Settings, admin_key: Path | None) -> tuple[Path, Path]:
    """The files of the sealing and of the admin key."""
    sealing, admin = settings.vault_key_file, admin_key or settings.vault_admin_key_file
    if sealing is None or admin is None:
        raise UsageError("no key files are named; set SECASSIST_VAULT_KEY_FILE and SECASSIST_VAULT_ADMIN_KEY_FILE")
    return sealing, admin


def _who() -> str:
    """The user of the process as the system knows it, not as the environment says; and who became it by sudo."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = f"uid {os.getuid()}"
    before = os.environ.get("SUDO_USER")
    return f"{name} (sudo by {before})" if before else name

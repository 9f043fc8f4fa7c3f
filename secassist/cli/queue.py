"""Commands over the queue: submit inputs, work them off, and look after the jobs."""

import json
import os
import pwd
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from schemas import Document, Subject
from secassist import plugins
from secassist.cli._members import with_members
from secassist.cli._run import (
    AsJson,
    Exit,
    Language,
    SourceName,
    absent,
    check_names,
    columns,
    counted,
    pipeline,
    report_rejected,
    say,
    supervised_by,
    write,
)
from secassist.config import Settings, read_settings
from secassist.errors import BusyError, SourceError, UsageError
from secassist.formats._text import fit, one_line
from secassist.pipeline import Pipeline
from secassist.queueing.intake import Intake, Publish, Wish
from secassist.queueing.pace import Pace
from secassist.queueing.supervisor import Supervisor, on_signals
from secassist.queueing.worker import Worker, limit_memory
from secassist.sources import _generated
from secassist.sources._bytes import head, shown
from secassist.sources._json import fault
from secassist.sources.base import Rejected, Skipped
from secassist.store import Counts, Job, JobState, Priority, Submitted

app = typer.Typer(no_args_is_help=True, help="What waits, what is worked on, and what was given up.")
Ids = Annotated[list[str], typer.Argument(metavar="JOB...", help="Job ids or their first digits.")]
LOOK_SECONDS = 0.5
SHOWN_DIGITS = 20
"""Of a job's id in lists: 12 tell the millisecond, 8 are by chance, so that of 1,000 jobs in one hardly two begin alike."""
ROW = "{:<20}  {:<9}  {:>5}  {:<9}  {:<16}  {}"


def submit(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.", show_default=False)],
    source: SourceName = None,
    kind: Annotated[
        str, typer.Option(help="Only this analyzer: triage, review or sensitive; default: what suits each input.")
    ] = "",
    priority: Annotated[str, typer.Option(help="high, normal or low.")] = "normal",
    sender: Annotated[str, typer.Option(help="Who waits for it; senders take turns.")] = "",
    key: Annotated[str, typer.Option(help="Submitting again under the same key gives the same job.")] = "",
    language: Language = None,
    as_json: AsJson = False,
    old_format: Annotated[str | None, typer.Option("--format", hidden=True)] = None,
) -> None:
    """Queue alerts, logs, code and documents: the ids of their jobs are printed once they are safe on disk."""
    lane = _priority(priority)
    _check_source(source, old_format)
    missing = absent(paths)
    if missing is not None:
        raise UsageError(f"{missing}: no such file or folder")
    rejected: list[Rejected] = []
    queued = known = 0
    with pipeline(language=language) as (made, settings):
        intake = Intake.of(made, settings, publisher(made, settings))
        items = made.read(paths, source, _generated_by)
        subjects = _readable(items if source else _whole(with_members(made, items)), paths, rejected)
        wish = Wish(kind=kind, language=settings.language, priority=lane, source=sender, key=key)
        parts = intake.submit(subjects, wish)
        try:
            for part in parts:
                rejected += [each for each in part if isinstance(each, Rejected)]
                accepted = [each for each in part if isinstance(each, Submitted)]
                write("".join(_line(each, as_json) for each in accepted))
                new = sum(each.new for each in accepted)
                queued, known = queued + new, known + len(accepted) - new
                untold = intake.tell(accepted)
                if untold:
                    say(untold)
        except BusyError as error:
            say(str(error))
            raise typer.Exit(Exit.INCOMPLETE) from error
        finally:
            for item in rejected:
                if not isinstance(item, Skipped):  # what is left out on purpose is no failure of an input
                    made.store.add_rejection(item.origin, item.reason)
    report_rejected(rejected)
    if known:
        say(f"{counted(queued, 'job')} queued, {known} were there already")
    if any(not isinstance(each, Skipped) for each in rejected):
        raise typer.Exit(Exit.INCOMPLETE)


def worker(
    embedded: Annotated[bool, typer.Option("--embedded", help="Look at the table only, whatever the broker.")] = False,
    processes: Annotated[int, typer.Option(min=1, max=256, help="Worker processes, each with its model.")] = 1,
    once: Annotated[bool, typer.Option("--once", help="Work off one batch and end.")] = False,
    drain: Annotated[bool, typer.Option("--drain", help="End when no job waits or is worked on.")] = False,
    kind: Annotated[list[str] | None, typer.Option(help="Only jobs of this analyzer.")] = None,
    schedule: Annotated[
        bool, typer.Option("--schedule/--no-schedule", help="Without a broker: also make the rounds of schedule run.")
    ] = True,
    in_process: Annotated[bool, typer.Option("--in-process", help="Do not restart: something else does.")] = False,
    supervised: Annotated[bool, typer.Option("--supervised", hidden=True)] = False,
) -> None:
    """Work off the queue; with a broker (SECASSIST_BROKER) woken by it, else by looking, with a scheduler beside."""
    settings = read_settings()
    if in_process or supervised or once:
        raise typer.Exit(_work(settings, once=once, drain=drain, kinds=kind, supervised=supervised))
    celery = bool(settings.broker) and not embedded and not drain and not kind
    beside = _scheduler() if schedule and not celery and not drain else None
    supervisor = Supervisor(_celery() if celery else _itself(drain, kind or []), processes, settings, beside)
    on_signals(supervisor.stop)
    raise typer.Exit(supervisor.run())


def _celery() -> list[str]:
    options = ["--pool", "solo", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    return [sys.executable, "-m", "celery", "-A", "workers.app", "--quiet", "worker", *options]


def _itself(drain: bool, kinds: Sequence[str]) -> list[str]:
    named = [word for kind in kinds for word in ("--kind", kind)]
    drained = ["--drain"] if drain else []
    return [sys.executable, "-m", "secassist", "worker", "--embedded", "--supervised", *drained, *named]


def _scheduler() -> list[str]:
    return [sys.executable, "-m", "secassist", "schedule", "run", "--supervised"]


def _work(settings: Settings, *, once: bool, drain: bool, kinds: Sequence[str] | None, supervised: bool) -> int:
    limit_memory(settings.queue_megabytes)
    with supervised_by(supervised), pipeline() as (made, _):
        working = Worker(made, Pace.of(settings), kinds=kinds, publish=publisher(made, settings), supervised=supervised)
        on_signals(working.stop)
        ended = working.run(once=once, drain=drain)
    say(f"worked on {counted(ended, 'job')}")
    return 0


def publisher(made: Pipeline, settings: Settings) -> Publish | None:
    """How to wake workers, None without a broker."""
    if not settings.broker:
        return None
    from secassist import broker

    return lambda ids: broker.publish(settings.broker, made.driver.key, ids)


@app.command("list")
def list_(
    state: Annotated[str | None, typer.Option(help=f"Only these: {', '.join(JobState)}.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, newest first.")] = 50,
    all_counts: Annotated[
        bool, typer.Option("--all-counts", help="Also count what is done or cancelled: a second or so per million.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Count the jobs that are queued, leased or dead, and list the newest of all."""
    wanted = _state(state)
    with pipeline() as (made, _):
        jobs = list(made.store.jobs.listed(state=wanted, limit=limit))
        counts = None if as_json else made.store.jobs.counts(ended=all_counts)
        titles = {} if as_json else made.store.titles([job.subject_id for job in jobs])
    if counts is None:
        write("".join(json.dumps(_shown(job)) + "\n" for job in jobs))
        return
    say(_told(counts))
    if jobs:
        heads = ROW.format("ID", "STATE", "TRIES", "KIND", "QUEUED (UTC)", "WHAT")
        write("\n".join([heads, *(_row(job, titles.get(job.subject_id, ""), columns()) for job in jobs)]))


def _row(job: Job, title: str, width: int) -> str:
    """What it is about and the reason for its state take what is left of a terminal's line."""
    when = datetime.fromtimestamp(job.created / 1000, UTC).strftime("%Y-%m-%d %H:%M")
    about = ": ".join(filter(None, (job.reason, title)))
    fixed = ROW.format(job.id[:SHOWN_DIGITS], job.state, job.attempt, job.kind, when, "")
    return (fixed + (fit(about, max(width - len(fixed), 12)) if width else one_line(about))).rstrip()


@app.command()
def show(job: Annotated[str, typer.Argument(metavar="JOB", help="Job id or its first digits.")]) -> None:
    """Print all that is known of a job, as JSON."""
    with pipeline() as (made, _):
        found = _found(made, job)
        about = made.store.find_subject(found.subject_id)
        told = {"subject_kind": about.kind.value, "origin": about.origin, "title": about.title} if about else {}
        write(json.dumps({**_shown(found), **told}, indent=2))


@app.command()
def retry(
    jobs: Annotated[list[str] | None, typer.Argument(metavar="[JOB]...", help="Job ids or first digits.")] = None,
    every: Annotated[bool, typer.Option("--all-dead", help="Every dead job.")] = False,
) -> None:
    """Queue dead or cancelled jobs again, with all their attempts before them."""
    if bool(jobs) == every:
        raise UsageError("name jobs, or give --all-dead")
    _steer(jobs, lambda made, ids: made.store.jobs.retry(ids, _who()), "queued again")


@app.command()
def cancel(jobs: Ids, reason: Annotated[str, typer.Option(help="Why; is kept with the job.")] = "") -> None:
    """Cancel jobs that wait or are worked on; a worker that holds one can write nothing about it."""
    _steer(jobs, lambda made, ids: made.store.jobs.cancel(ids or [], _who(), reason), "cancelled")


@app.command()
def drain(
    timeout: Annotated[float, typer.Option(min=0, help="Seconds to wait at most; 0 for ever.")] = 0.0,
) -> None:
    """Wait until no job is queued or worked on; exit code 3 when that takes too long."""
    until = time.monotonic() + timeout
    with pipeline() as (made, _):
        while not made.store.jobs.idle():
            if timeout and time.monotonic() >= until:
                say(_told(made.store.jobs.counts(ended=False)))
                raise typer.Exit(Exit.INCOMPLETE)
            made.store.jobs.sweep()
            time.sleep(LOOK_SECONDS)
        say(_told(made.store.jobs.counts(ended=False)))


def _steer(given: Sequence[str] | None, change: Callable[[Pipeline, list[str] | None], list[str]], done: str) -> None:
    with pipeline() as (made, _):
        found = list({job.id: job for job in (_found(made, prefix) for prefix in given or ())}.values())
        changed = change(made, [job.id for job in found] if given else None)
    for id_ in changed:
        write(id_)
    say(f"{counted(len(changed), 'job')} {done}")
    others = [job for job in found if job.id not in changed]
    for job in others:
        say(f"job {job.id[:SHOWN_DIGITS]} is in another state: {job.state}")
    if others:
        raise typer.Exit(Exit.INCOMPLETE)


def _found(made: Pipeline, prefix: str) -> Job:
    found = made.store.jobs.find(prefix)
    if found is None:
        raise UsageError(f"no job begins with {prefix[:32]!r}; `secassist jobs list` shows them")
    return found


def _priority(word: str) -> Priority:
    try:
        return Priority[word.upper()]
    except KeyError:
        raise plugins.unknown("priority", word, [each.name.lower() for each in Priority]) from None


def _check_source(source: str | None, old_format: str | None) -> None:
    """Until options were called as those of `triage`, --format named how to read and --source who waits."""
    if old_format is not None:
        raise UsageError("submit writes no format; how to read the input is --source NAME, as of triage")
    try:
        check_names("table", source)
    except UsageError as error:
        raise UsageError(f"{error}; who waits for it is --sender NAME") from None


def _state(word: str | None) -> JobState | None:
    try:
        return None if word is None else JobState(word)
    except ValueError:
        raise plugins.unknown("state", word or "", [*JobState]) from None


def _readable(
    items: Iterable[Subject | Rejected], named: Sequence[Path], rejected: list[Rejected]
) -> Iterator[Subject]:
    """What was read; of what was not, binary files below a folder are left out on purpose, as by a scan."""
    asked_for = {shown(path) for path in named}
    for item in items:
        if not isinstance(item, Rejected):
            yield item
        elif "no source reads binary data" in item.reason and item.origin not in asked_for:
            rejected.append(Skipped(item.origin, "binary data"))
        else:
            rejected.append(item)


def _whole(items: Iterable[Subject | Rejected]) -> Iterator[Subject | Rejected]:
    """What was read as text for being broken JSON was meant as alerts: it is named, not queued as a text without a word."""
    for item in items:
        broken = fault(item.text) if isinstance(item, Document) else None
        if broken is None:
            yield item
        else:
            yield Rejected(f"{item.origin}:{broken[0]}", f"{broken[1]}; mend it, or queue it as text by --source text")


def _generated_by(file: Path, folder: Path) -> str:
    """By what a file below a folder is known that nobody wrote by hand, as by a scan, or ""."""
    try:
        start = head(file)
    except SourceError:
        return ""  # whoever reads it says so
    return _generated.by_name(file.relative_to(folder)) or _generated.by_content(file.name, start)


def _line(submitted: Submitted, as_json: bool) -> str:
    job = submitted.job
    if not as_json:
        return f"{job.id}\n"
    told = {"job": job.id, "kind": job.kind, "subject": job.subject_id, "key": job.key, "state": job.state.value}
    return json.dumps({**told, "new": submitted.new}) + "\n"


def _shown(job: Job) -> dict[str, object]:
    """As JSON, times spelled out; without the token, which would let anybody write."""
    times = ("created", "updated", "not_before", "lease_expires")
    values = {name: value for name, value in asdict(job).items() if name != "lease_token"}
    return {**values, **{name: moment_of(values[name]) for name in times}}


def moment_of(milliseconds: int) -> str:
    """UTC ISO 8601, "" for none."""
    if not milliseconds:
        return ""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _told(counts: Counts) -> str:
    numbers = {state.value: getattr(counts, state.value) for state in JobState}
    states = ", ".join(f"{number} {state}" for state, number in numbers.items() if number is not None)
    ready = f"; {counts.due} can be claimed, the oldest for {counts.oldest:.0f} s" if counts.due else ""
    return states + ready + ("; done and cancelled not counted" if counts.done is None else "")


def _who() -> str:
    return pwd.getpwuid(os.getuid()).pw_name

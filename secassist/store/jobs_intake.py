"""Puts subjects and their jobs into the database: all of a batch or nothing, and the same job for the same key."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from secassist.errors import UsageError
from secassist.store.jobs_clock import Now, by_index, due, insert_new, is_in, job_from, milliseconds
from secassist.store.jobs_records import Entry, Job, JobState, Submitted, new_id
from secassist.store.rows import subject_row
from secassist.store.tables import jobs, originals, subjects

AT_ONCE = 400
"""Keys named in one query."""


def check(entry: Entry) -> None:
    """Raises UsageError for names and keys that no column holds."""
    if not entry.kind or len(entry.kind) > 64 or len(entry.language) > 32:
        raise UsageError("a job names an analyzer and a language")
    for name, value, most in (("key", entry.key, 128), ("correlation key", entry.correlation, 128)):
        if len(value) > most:
            raise UsageError(f"the {name} of a job has {most} characters at most")


def existing(connection: Connection, keys: Sequence[str]) -> dict[str, Job]:
    """The jobs that have these keys, by key."""
    found: dict[str, Job] = {}
    for start in range(0, len(keys), AT_ONCE):
        query = sa.select(jobs).where(jobs.c.key.in_(keys[start : start + AT_ONCE]))
        found |= {row.key: job_from(row) for row in connection.execute(query)}
    return found


def insert(
    connection: Connection, entries: Sequence[Entry], now: datetime, redact: Callable[[str], str]
) -> dict[str, Submitted]:
    """By key. Rows go in sorted, so that two batches that share some cannot lock each other out."""
    distinct = {entry.identity: entry for entry in entries}
    known = existing(connection, list(distinct))
    fresh = [distinct[key] for key in sorted(set(distinct) - set(known))]
    _subjects(connection, fresh, now, redact)
    mine = _jobs(connection, fresh, redact)
    stored = known | existing(connection, [entry.identity for entry in fresh])
    made = {key: Submitted(stored[key], stored[key].id in mine) for key in distinct}
    _originals(connection, [(made[entry.identity], entry) for entry in fresh])
    return made


def _originals(connection: Connection, entries: Sequence[tuple[Submitted, Entry]]) -> None:
    """Of the jobs that are ours; another transaction that was faster has stored its own."""
    given = [
        {"job_id": made.job.id, "sealed": entry.original} for made, entry in entries if made.new and entry.original
    ]
    if given:
        connection.execute(sa.insert(originals), given)


def _subjects(connection: Connection, entries: Sequence[Entry], now: datetime, redact: Callable[[str], str]) -> None:
    """Once each; one whose content was purged, or went when its last job was done, gets it back."""
    found = {entry.subject.id: entry for entry in sorted(entries, key=lambda each: not each.original)}
    given = [subject_row(found[id_].subject, None, now, redact, waits=not found[id_].original) for id_ in sorted(found)]
    if given:
        made = postgresql.insert(subjects) if connection.dialect.name == "postgresql" else sqlite.insert(subjects)
        back = {name: made.excluded[name] for name in ("origin", "title", "place", "body")}
        emptied = sa.and_(subjects.c.body.is_(None), sa.or_(subjects.c.title == "", made.excluded.body.is_not(None)))
        connection.execute(made.on_conflict_do_update(index_elements=["id"], set_=back, where=emptied), given)


def _jobs(connection: Connection, entries: Sequence[Entry], redact: Callable[[str], str]) -> set[str]:
    if not entries:
        return set()
    now = connection.scalar(sa.select(Now())) or 0
    given = [_row(entry, now, redact) for entry in entries]
    _give_turns(connection, given)
    connection.execute(insert_new(connection, jobs), given)
    return {row["id"] for row in given}


def _row(entry: Entry, now: int, redact: Callable[[str], str]) -> dict[str, Any]:
    nothing = dict.fromkeys(("reason", "worker", "lease_token", "analysis_id", "derived_from"), "")
    zero = dict.fromkeys(("attempt", "crashes", "stalls", "lease_expires", "turn"), 0)
    return {
        **nothing,
        **zero,
        "id": new_id(),
        "kind": entry.kind,
        "language": entry.language,
        "subject_id": entry.subject.id,
        "priority": int(entry.priority),
        "source": redact(entry.source),
        "key": entry.identity,
        "template": entry.template,
        "correlation": entry.correlation,
        "cache_key": entry.cache_key,
        "state": JobState.QUEUED.value,
        "not_before": now + milliseconds(entry.wait),
        "created": now,
        "updated": now,
    }


def _give_turns(connection: Connection, given: Sequence[dict[str, Any]]) -> None:
    """A source goes on after its last turn, or with the one being served if that is later (start-time fair queueing)."""
    by_index(connection)
    groups: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for row in given:
        groups[row["source"], row["priority"]].append(row)
    for (source, priority), rows in groups.items():
        in_lane = jobs.c.priority == priority
        last = sa.select(sa.func.max(jobs.c.turn)).where(is_in(JobState.QUEUED), jobs.c.source == source, in_lane)
        served = sa.select(jobs.c.turn).where(*due(), in_lane).order_by(jobs.c.turn).limit(1)
        begin = max(connection.scalar(last) or 0, (connection.scalar(served) or 1) - 1)
        for number, row in enumerate(rows, start=1):
            row["turn"] = begin + number

"""Deletes what is older than it may be, kind by kind, or one analysis with all that hangs on it."""

from collections.abc import Callable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from secassist.errors import UsageError
from secassist.store.outbox import deliveries
from secassist.store.reviewing import hold
from secassist.store.rows import aware
from secassist.store.superseding import supersede
from secassist.store.tables import analyses, findings, jobs, outbox, rejections, reviews, subjects, vault

ADVISER = "remediate"
"""The analyzer whose analyses are about another one."""
_USED = sa.exists().where(analyses.c.subject_id == subjects.c.id)
_AWAITED = sa.exists().where(jobs.c.subject_id == subjects.c.id, jobs.c.state.in_(("queued", "leased")))
_TELLING = sa.or_(subjects.c.body.is_not(None), subjects.c.title != "", subjects.c.origin != "")


def _analyses(connection: Connection, before: datetime) -> int:
    """With their findings, techniques, reviews and sealed values."""
    return connection.execute(sa.delete(analyses).where(analyses.c.created_at < before)).rowcount


def _findings(connection: Connection, before: datetime) -> int:
    """Taken out of their analyses, which stay; sealed values go with them."""
    held = sa.exists().where(findings.c.analysis_id == analyses.c.id)
    query = sa.select(analyses.c.id, analyses.c.outcome).where(analyses.c.created_at < before, held)
    gone = 0
    for id_, outcome in connection.execute(query).all():
        gone += connection.execute(sa.delete(findings).where(findings.c.analysis_id == id_)).rowcount
        stripped = {**outcome, "findings": []}
        connection.execute(sa.update(analyses).where(analyses.c.id == id_).values(outcome=stripped))
    return gone


def _subjects(connection: Connection, before: datetime) -> int:
    """Deleted where no analysis is left of them, else emptied: their id and kind stay. Those of open jobs stay whole."""
    old = sa.and_(subjects.c.first_seen < before, ~_AWAITED)
    deleted = connection.execute(sa.delete(subjects).where(old, ~_USED)).rowcount
    empty = {"body": sa.null(), "place": sa.null(), "title": "", "origin": ""}
    return deleted + connection.execute(sa.update(subjects).where(old, _TELLING).values(empty)).rowcount


def _rejections(connection: Connection, before: datetime) -> int:
    return connection.execute(sa.delete(rejections).where(rejections.c.at < before)).rowcount


def _reviews(connection: Connection, before: datetime) -> int:
    """What they corrected holds as it was stored."""
    old = reviews.c.at < before
    about = list(connection.scalars(sa.select(reviews.c.analysis_id).where(old).distinct()))
    gone = connection.execute(sa.delete(reviews).where(old)).rowcount
    for id_ in about:
        hold(connection, id_)
    return gone


def _vault(connection: Connection, before: datetime) -> int:
    return connection.execute(sa.delete(vault).where(vault.c.sealed_at < before)).rowcount


def _jobs(connection: Connection, before: datetime) -> int:
    """Those that are at an end; a dead one too, after which it cannot be retried."""
    ended = jobs.c.state.in_(("done", "dead", "cancelled"))
    return connection.execute(sa.delete(jobs).where(ended, jobs.c.updated < _milliseconds(before))).rowcount


def _events(connection: Connection, before: datetime) -> int:
    """Handed on and not on their way any more, with their deliveries."""
    open_ = sa.exists().where(deliveries.c.event_id == outbox.c.id, deliveries.c.state.in_(("queued", "leased")))
    told = sa.delete(outbox).where(outbox.c.created < _milliseconds(before), outbox.c.state != "queued", ~open_)
    return connection.execute(told).rowcount


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


_PURGES: dict[str, Callable[[Connection, datetime], int]] = {
    "vault": _vault,
    "reviews": _reviews,
    "findings": _findings,
    "analyses": _analyses,
    "subjects": _subjects,
    "rejections": _rejections,
    "jobs": _jobs,
    "events": _events,
}
"""In the order in which they are purged: a subject can go once its last analysis has."""
KINDS = tuple(_PURGES)
"""What can be purged by itself."""


def delete_before(connection: Connection, limits: Mapping[str, datetime]) -> dict[str, int]:
    """Rows that went or were emptied, by kind. Raises UsageError for an unknown kind or a time without a zone."""
    unknown = sorted(set(limits) - set(KINDS))
    if unknown:
        raise UsageError(f"nothing called {unknown[0]!r} is kept; there are: {', '.join(KINDS)}")
    return {kind: _PURGES[kind](connection, aware(limits[kind])) for kind in KINDS if kind in limits}


def delete_analysis(connection: Connection, id_: str, now: datetime) -> dict[str, int]:
    """The analysis, the advice about it, and their subjects unless another analysis or an open job needs them.

    What it had superseded stands again.
    """
    named = analyses.c.outcome["remediation"]["about"].as_string() == id_
    about = sa.and_(analyses.c.analyzer == ADVISER, named)
    found = connection.execute(
        sa.select(analyses.c.id, analyses.c.subject_id).where(sa.or_(analyses.c.id == id_, about))
    ).all()
    ids, owners = [row.id for row in found], [row.subject_id for row in found]
    gone = connection.execute(sa.delete(analyses).where(analyses.c.id.in_(ids))).rowcount
    supersede(
        connection, list(connection.scalars(sa.select(analyses.c.id).where(analyses.c.subject_id.in_(owners)))), now
    )
    left = connection.execute(sa.delete(subjects).where(subjects.c.id.in_(owners), ~_USED, ~_AWAITED)).rowcount
    return {"analyses": gone, "subjects": left}

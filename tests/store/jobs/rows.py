"""Jobs to claim, outcomes to end them with, and what a queue wrote."""

from typing import Any

import sqlalchemy as sa

from secassist.store import Entry, Job, Outcome, Store, done_event
from secassist.store.tables import audit, outbox
from tests.store.samples import alert, analysis, finding, verdict

SHORT = 0.05
"""A lease, in seconds, that is soon over."""


def filled(store: Store, count: int, **more: Any) -> list[Job]:
    return [each.job for each in store.jobs.submit_many([Entry(alert(n), "triage", **more) for n in range(count)])]


def outcome(store: Store, job: Job, **more: Any) -> Outcome:
    kept = store.jobs.subjects([job])[job.subject_id].kept
    assert kept is not None
    made = analysis(kept, verdict=verdict(), findings=(finding(),), **more)
    return Outcome(job, made, (done_event(job, made),))


def events(store: Store) -> list[Any]:
    with store._engine.connect() as connection:
        return list(connection.execute(sa.select(outbox).order_by(outbox.c.created, outbox.c.id)))


def audited(store: Store) -> list[str]:
    with store._engine.connect() as connection:
        return list(connection.scalars(sa.select(audit.c.action).order_by(audit.c.id)))

"""The database: tables, migrations and the repository over them; the only room that knows SQLAlchemy."""

from secassist.store.batching import Gathering
from secassist.store.failures import AwayError, UnfitError
from secassist.store.jobs import JobRows
from secassist.store.jobs_records import (
    MAX_ATTEMPTS,
    Counts,
    Entry,
    Event,
    Job,
    JobState,
    Outcome,
    Priority,
    Submitted,
    Swept,
    dead_event,
    done_event,
    event_id,
)
from secassist.store.outbox_records import Delivery, DeliveryState, TargetHealth
from secassist.store.purging import KINDS
from secassist.store.records import Answered, Audited, Rejection, Review, SealedValue, StoredSubject
from secassist.store.repository import Store
from secassist.store.reviewing import Corrected, corrected, last_word
from secassist.store.rows import fingerprint
from secassist.store.schedules import Run, Schedule
from secassist.store.verdicts import KeptVerdict

__all__ = [
    "KINDS",
    "MAX_ATTEMPTS",
    "Answered",
    "Audited",
    "AwayError",
    "Corrected",
    "Counts",
    "Delivery",
    "DeliveryState",
    "Entry",
    "Event",
    "Gathering",
    "Job",
    "JobRows",
    "JobState",
    "KeptVerdict",
    "Outcome",
    "Priority",
    "Rejection",
    "Review",
    "Run",
    "Schedule",
    "SealedValue",
    "Store",
    "StoredSubject",
    "Submitted",
    "Swept",
    "TargetHealth",
    "UnfitError",
    "corrected",
    "dead_event",
    "done_event",
    "event_id",
    "fingerprint",
    "last_word",
]

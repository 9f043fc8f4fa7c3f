"""What delivering is called in code: a delivery of one event to one target, and how a target is doing."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MAX_TRIES = 12
"""A delivery that failed this often is dead; with the waits of `secassist.delivering` that is after some three hours."""
OPENS_AFTER = 5
"""Failures in a row after which a target is left alone."""


class DeliveryState(StrEnum):
    """queued -> leased -> done | dead; a dead one can be retried."""

    QUEUED = "queued"
    LEASED = "leased"
    DONE = "done"
    DEAD = "dead"


@dataclass(frozen=True)
class Delivery:
    """One event for one target. `created` is when the event happened; times are the database's, in milliseconds.

    `event_id` and what is sent stay the same over all tries; `token` is the fence of this try.
    """

    event_id: str
    target: str
    kind: str
    payload: dict[str, Any]
    created: int
    attempt: int
    state: DeliveryState
    reason: str = ""
    not_before: int = 0
    token: str = field(default="", repr=False)


@dataclass(frozen=True)
class TargetHealth:
    """`failures` in a row; while `open_for` seconds are left nothing is tried."""

    name: str
    failures: int
    open_for: float
    reason: str

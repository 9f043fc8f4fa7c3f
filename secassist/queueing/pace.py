"""Pace: how much a worker takes at once, how long it may take over it, and when it is thought to be stuck."""

from dataclasses import dataclass
from typing import Self

from secassist.config import Settings


@dataclass(frozen=True)
class Pace:
    """Seconds, except `batch` (jobs claimed at once) and `megabytes` (memory of the worker, 0 for no limit).

    A lease of `lease` seconds is renewed every third of it. One job may take `limit`, a batch of n as much or n/4 times
    as much. `wait` passes before the second attempt, five times as much before the third. The table is looked at every
    `poll`; a worker that sees work and gets none for `patience` gives up.
    """

    batch: int = 16
    lease: float = 60.0
    limit: float = 300.0
    megabytes: int = 0
    wait: float = 5.0
    poll: float = 1.0
    patience: float = 60.0

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the settings say."""
        return cls(
            batch=settings.queue_batch,
            lease=settings.queue_lease,
            limit=settings.queue_limit,
            megabytes=settings.queue_megabytes,
            wait=settings.queue_wait,
            poll=settings.queue_poll,
        )

    def allowance(self, jobs: int) -> float:
        """Seconds that so many jobs may take together."""
        return self.limit * max(1.0, jobs / 4)

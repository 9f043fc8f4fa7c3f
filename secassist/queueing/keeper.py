"""The keeper: a thread beside the working one that renews leases, sweeps, and ends the process when work is stuck.

Python cannot interrupt a thread, so a job that hangs or eats memory is written down as failed and the process ends;
whoever started the process starts it again. Nothing here loads or touches a model.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

from secassist.errors import SecassistError, StoreError
from secassist.queueing.pace import Pace
from secassist.store import Job, JobRows

TICK = 0.5
"""Seconds between two looks."""
SWEEP = 4
"""Sweeps per lease: a lease that ran out is taken back after a quarter of its length at most."""
OVERRUN, STUCK = 4, 4
"""Exit status of a process that had to end itself: that of internal errors, see `Exit`."""

log = logging.getLogger(__name__)
Publish = Callable[[Sequence[str]], None]


class Keeper:
    """A context in which jobs can be held; `publish` is called with ids that a sweep found, `stop` when the parent died."""

    def __init__(
        self,
        rows: JobRows,
        pace: Pace,
        name: str,
        *,
        kinds: Sequence[str] | None = None,
        publish: Publish | None = None,
        orphaned: Callable[[], None] | None = None,
    ) -> None:
        self._rows = rows
        self._pace = pace
        self._name = name
        self._kinds = kinds
        self._publish = publish
        self._orphaned = orphaned
        self._silent = False
        self._without: frozenset[str] = frozenset()
        self._parent = os.getppid()
        self._lock = threading.Lock()
        self._held: dict[str, Job] = {}
        self._running: tuple[Job, ...] = ()
        self._since = self._beaten = self._swept = self._progress = time.monotonic()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join(self._pace.lease)

    # told by the working thread

    def hold(self, claimed: Sequence[Job]) -> None:
        """These were just claimed: their leases are to be renewed."""
        with self._lock:
            self._held = {job.id: job for job in claimed}
            self._beaten = self._progress = time.monotonic()

    def run(self, jobs: Sequence[Job]) -> None:
        """These of them go to work together; their time begins."""
        with self._lock:
            self._running, self._since = tuple(jobs), time.monotonic()

    def rest(self) -> None:
        """Nothing is being worked on, though jobs may still be held."""
        with self._lock:
            self._running = ()

    def free(self) -> None:
        """Nothing is held any more."""
        with self._lock:
            self._held, self._running = {}, ()
            self._progress = time.monotonic()

    def alive(self) -> None:
        """The working thread has reason to claim nothing at the moment."""
        self._progress = time.monotonic()

    def leave(self, kinds: Collection[str]) -> None:
        """These kinds are not claimed for the time being, and no sign of being stuck."""
        self._without = frozenset(kinds)

    @property
    def held(self) -> list[Job]:
        """Jobs whose lease is not known to be lost."""
        with self._lock:
            return list(self._held.values())

    @property
    def lease_left(self) -> float:
        """Seconds for which the leases surely run, by our own clock."""
        return self._beaten + self._pace.lease - time.monotonic()

    # its own thread

    def _keep(self) -> None:
        while not self._done.wait(min(TICK, self._pace.lease / 6)):
            try:
                self._look()
            except StoreError as error:
                self._progress = time.monotonic()  # without a database nobody can claim
                log.warning("worker %s: %s", self._name, error)
                self._done.wait(self._pace.poll)
            except Exception:
                log.exception("worker %s: the keeper failed and goes on", self._name)

    def _look(self) -> None:
        now = time.monotonic()
        self._watch(now)
        if self._orphaned and os.getppid() != self._parent:
            self._orphaned()
        if self.held and now - self._beaten >= self._pace.lease / 3:
            self._beat()
        if now - self._swept >= self._pace.lease / SWEEP:
            self._swept = now
            self._sweep()
        if not self.held and now - self._progress > self._pace.patience:
            self._ask_for_work()

    def _beat(self) -> None:
        jobs, at = self.held, time.monotonic()
        kept = self._rows.heartbeat(jobs, self._pace.lease)
        with self._lock:
            self._beaten = at
            for lost in [job for job in jobs if job.id not in kept]:
                if self._held.get(lost.id) is lost:
                    del self._held[lost.id]

    def _sweep(self) -> None:
        swept = self._rows.sweep()
        if swept.requeued or swept.dead:
            log.warning("took back %d jobs of lost workers, %d are dead", len(swept.requeued), len(swept.dead))
        self._tell(swept.to_publish)

    def _tell(self, ids: Sequence[str]) -> None:
        """Wakes workers; a broker that stays silent is mentioned once, for the table is looked at anyway."""
        if self._publish is None or not ids:
            return
        try:
            self._publish(ids)
        except SecassistError as error:
            if not self._silent:
                log.warning("worker %s goes on without a broker: %s", self._name, error)
            self._silent = True
        else:
            self._silent = False

    def _watch(self, now: float) -> None:
        with self._lock:
            running, since = self._running, self._since
        allowed = self._pace.allowance(len(running))
        if running and now - since > allowed:
            self._give_up(running, f"took longer than {allowed:g} s")
        if running and self._pace.megabytes and resident_megabytes() > self._pace.megabytes:
            self._give_up(running, f"the worker used more than {self._pace.megabytes} MB of memory")

    def _give_up(self, running: Sequence[Job], reason: str) -> NoReturn:
        together = f" together with {len(running) - 1} others" if len(running) > 1 else ""
        log.error("worker %s ends: %d jobs: %s", self._name, len(running), reason)
        try:
            self._rows.release([job for job in self.held if job not in running])
            for job in running:
                self._rows.fail(job, reason + together, back_off=self._pace.wait)
        except SecassistError as error:
            log.error("worker %s: %s; the leases will run out", self._name, error)
        finally:
            _end(OVERRUN)
        raise SystemExit(OVERRUN)

    def _ask_for_work(self) -> None:
        if self._rows.claimable(self._kinds, self._without):
            log.error("worker %s ends: it claimed nothing for %g s though jobs wait", self._name, self._pace.patience)
            _end(STUCK)
        self._progress = time.monotonic()


def resident_megabytes() -> float:
    """Memory of this process that is in use, 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _end(status: int) -> None:
    """At once, whatever other threads do: one of them hangs."""
    logging.shutdown()
    os._exit(status)

"""The worker: claims jobs that share analyzer and language, analyses them as one batch, commits each under its lease.

A batch that raises is done again job by job, so that one bad job costs the others nothing; a job that ended its worker
comes back alone. What was claimed and not begun when the worker is told to stop is given back. A kind whose model is
damaged is left to others for a while; the other kinds go on.
"""

import logging
import os
import resource
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

from schemas import Subject
from secassist.errors import BackendError, ConfigError, ModelError, SecassistError, StoreError, UsageError
from secassist.pipeline import Pipeline
from secassist.queueing.answering import Answering
from secassist.queueing.keeper import Keeper, Publish
from secassist.queueing.pace import Pace
from secassist.store import Job, Outcome

HOPELESS = (UsageError,)
"""Errors that trying again cannot mend."""
OURS = (ConfigError, ModelError)
"""Errors that are the worker's own, not the job's: it gives everything back, and ends, or leaves the kind out."""
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0
"""Seconds between two tries while the backend does not answer; each wait is twice the last one."""
LEFT_OUT = 60.0, 600.0
"""Seconds for which a kind is left out whose model or adapter cannot be loaded: at first, and at most."""
RETRY = 0.5
"""Seconds between two tries to write to a database that is out of reach."""

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class _Unable:
    """Why a kind is left out, and until when (seconds of our own clock)."""

    error: ModelError
    seconds: float
    until: float


class Worker:
    """One thread that works. `name` says who it is in the table; `kinds` are the analyzers it does, None for all."""

    def __init__(
        self,
        pipeline: Pipeline,
        pace: Pace | None = None,
        *,
        name: str = "",
        kinds: Sequence[str] | None = None,
        publish: Publish | None = None,
        supervised: bool = False,
    ) -> None:
        self.pace = pace or Pace()
        self.name = name or own_name()
        self._rows = pipeline.store.jobs
        self._answering = Answering(pipeline)
        self._kinds = kinds
        self._bell = threading.Event()
        self._stopping = threading.Event()
        self._stalls = 0
        self._unable: dict[str, _Unable] = {}
        orphaned = self.stop if supervised else None
        self._keeper = Keeper(self._rows, self.pace, self.name, kinds=kinds, publish=publish, orphaned=orphaned)

    def wake(self) -> None:
        """There is something new: look at the table now. From any thread, also from a signal handler."""
        self._bell.set()

    def stop(self) -> None:
        """Finish what is being worked on, give back the rest, and return from `run`."""
        self._stopping.set()
        self._bell.set()

    def run(self, *, drain: bool = False, once: bool = False) -> int:
        """Works until it is stopped; `drain`: until no job is queued or leased; `once`: one batch. Jobs that it ended.

        Raises ConfigError, after giving back what it held, when it can do nothing as it is set up; with `drain` or `once`
        also the ModelError of an analyzer whose jobs are all that is left.
        """
        ended = 0
        with self._keeper:
            while not self._stopping.is_set():
                done = self._step()
                ended += done or 0
                if (once or drain) and not done and self._unable and (once or self._idle(self._unable)):
                    raise next(iter(self._unable.values())).error
                if once or (drain and done is None and self._idle()):
                    break
                if done is None:
                    self._bell.wait(self.pace.poll)
                    self._bell.clear()
        return ended

    def _step(self) -> int | None:
        """Jobs ended, None when there was nothing to claim (or nothing to claim from)."""
        without = self._left_out()
        try:
            claimed = self._rows.claim(
                self.name, kinds=self._kinds, without=without, limit=self.pace.batch, lease_seconds=self.pace.lease
            )
        except StoreError as error:
            log.warning("worker %s: %s", self.name, error)
            self._keeper.alive()
            return None
        if not claimed:
            return None
        self._keeper.hold(claimed)
        try:
            return self._work(claimed)
        except StoreError as error:
            log.warning("worker %s gives %d jobs back: %s", self.name, len(claimed), error)
            self._insist(lambda: self._rows.release(self._keeper.held, wait=RETRY))
            return 0
        except ModelError as error:
            self._leave_out(claimed[0].kind, error)
            return 0
        except BaseException:
            with suppress(SecassistError):
                self._rows.release(self._keeper.held)
            raise
        finally:
            self._keeper.free()

    def _leave_out(self, kind: str, error: ModelError) -> None:
        """Gives the batch back with the reason, for a worker with a sound model, or for ourselves in a while."""
        before = self._unable.get(kind)
        seconds = LEFT_OUT[0] if before is None else min(before.seconds * 2, LEFT_OUT[1])
        self._unable[kind] = _Unable(error, seconds, time.monotonic() + seconds)
        said = f"{kind} cannot be run on {self.name}: {error}"
        log.error("%s; its jobs wait, the next try is in %g s", said, seconds)
        self._insist(lambda: self._rows.release(self._keeper.held, reason=said))

    def _left_out(self) -> set[str]:
        """Kinds that are not claimed now."""
        kinds = {kind for kind, found in self._unable.items() if time.monotonic() < found.until}
        self._keeper.leave(kinds)
        return kinds

    def _work(self, claimed: Sequence[Job]) -> int:
        subjects = self._answering.subjects(claimed)
        ready: list[tuple[Job, Subject]] = []
        for job in claimed:
            found = subjects[job.id]
            if isinstance(found, UsageError):
                self._fail(job, found)
            else:
                ready.append((job, found))
        if ready:
            self._together(ready)
        return len(claimed)

    def _together(self, ready: Sequence[tuple[Job, Subject]]) -> None:
        """All as one batch; if that raises, one by one."""
        try:
            outcomes = self._outcomes(ready)
        except (StoreError, *OURS):
            raise
        except (Exception, SystemExit) as error:
            if len(ready) == 1:
                self._failed(ready[0][0], error)
                return
            log.warning("a batch of %d jobs failed and is done one by one: %s", len(ready), reason(error))
        else:
            self._commit(outcomes)
            return
        self._one_by_one(ready)

    def _one_by_one(self, ready: Sequence[tuple[Job, Subject]]) -> None:
        """What is left when the worker is to stop, or the backend answers nobody, is given back."""
        stalls = self._stalls
        for number, each in enumerate(ready):
            if self._stopping.is_set() or self._stalls > stalls:
                left = [job for job, _ in ready[number:]]
                self._insist(lambda: self._rows.release(left))  # noqa: B023 - called at once
                return
            self._together([each])

    def _outcomes(self, ready: Sequence[tuple[Job, Subject]]) -> list[Outcome]:
        with self._running([job for job, _ in ready]):
            made = self._answering.outcomes([job for job, _ in ready], [subject for _, subject in ready])
        self._stalls = 0
        self._unable.pop(ready[0][0].kind, None)
        return made

    @contextmanager
    def _running(self, jobs: Sequence[Job]) -> Iterator[None]:
        self._keeper.run(jobs)
        try:
            yield
        finally:
            self._keeper.rest()

    def _failed(self, job: Job, error: BaseException) -> None:
        """Counts against the job, unless the backend answers nobody: then the job waits, and so does this worker."""
        if isinstance(error, BackendError) and not self._reachable(job):
            self._stalls += 1
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (self._stalls - 1))
            log.warning("worker %s pauses %g s: %s", self.name, pause, reason(error))
            self._insist(lambda: self._rows.release([job], wait=pause, stalled=True))
            self._pause(pause)
        else:
            self._fail(job, error)

    def _reachable(self, job: Job) -> bool:
        with self._running([job]):
            return self._answering.reachable(job.kind, job.language)

    def _fail(self, job: Job, error: BaseException) -> None:
        said, hopeless = reason(error), isinstance(error, HOPELESS)
        log.warning("job %s failed at attempt %d: %s", job.id, job.attempt, said)
        self._insist(lambda: self._rows.fail(job, said, permanent=hopeless, back_off=self.pace.wait))

    def _commit(self, outcomes: Sequence[Outcome]) -> None:
        """All in one transaction; where the database refuses that, each in its own."""
        try:
            done = self._insist(lambda: self._rows.finish(outcomes, self.name))
        except UsageError as error:
            if len(outcomes) == 1:
                self._fail(outcomes[0].job, error)
                return
            for outcome in outcomes:
                self._commit([outcome])
            return
        lost = len(outcomes) - len(done or ())
        if lost:
            log.warning("worker %s lost the lease of %d jobs and wrote nothing about them", self.name, lost)

    def _insist(self, write: Callable[[], T]) -> T | None:
        """Again and again while the database is out of reach and our leases may still run; None when they do not."""
        while True:
            try:
                return write()
            except StoreError as error:
                if self._keeper.lease_left < 0:
                    log.warning("worker %s lost its leases: %s", self.name, error)
                    return None
                time.sleep(RETRY)

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._stopping.is_set() and time.monotonic() < until:
            self._keeper.alive()
            self._stopping.wait(min(1.0, seconds))

    def _idle(self, without: Collection[str] = ()) -> bool:
        try:
            return self._rows.idle(without)
        except StoreError:
            return False


def own_name() -> str:
    """Host and process, such as "soc1:4711"."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def limit_memory(megabytes: int) -> None:
    """Makes allocations beyond it fail in this process, so that a greedy job gets a MemoryError; 0 sets no limit."""
    if megabytes:
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = megabytes * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def reason(error: BaseException) -> str:
    """Our own messages are fit to be kept; of any other error only its type is, for its text may quote the input."""
    return str(error) if isinstance(error, SecassistError) else f"internal error: {type(error).__name__}"

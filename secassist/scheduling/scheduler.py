"""One round of everything that comes round by itself; any number of schedulers may make rounds at the same time."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from secassist.config import Settings
from secassist.delivering import Delivered, Deliverer
from secassist.errors import SecassistError, StoreError
from secassist.pipeline import Pipeline
from secassist.scheduling.chores import CHORES
from secassist.store import Run

LEASE_SECONDS = 3600.0
"""How long a run may take before another scheduler takes it over; all that is written twice then is the same file."""
RUNS = 20
"""Runs of schedules in one round."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Round:
    """What a round did: jobs and deliveries taken back, verdicts forgotten, deliveries, runs that ended well or not."""

    taken_back: int = 0
    forgotten: int = 0
    delivered: Delivered = field(default_factory=Delivered)
    done: int = 0
    failed: int = 0

    def __str__(self) -> str:
        sent = f"{self.delivered.done} deliveries, {self.delivered.failed} failed"
        return f"{self.done} runs, {self.failed} failed; {sent}; {self.taken_back} jobs taken back"


class Scheduler:
    """Makes rounds over one pipeline, whose model is loaded when the first report is due and not before.

    `publish` wakes workers for jobs that a sweep found. Raises ConfigError for a target that can never work.
    """

    def __init__(
        self, pipeline: Pipeline, settings: Settings, publish: Callable[[tuple[str, ...]], None] | None = None
    ) -> None:
        self._pipeline = pipeline
        self._settings = settings
        self._publish = publish
        self._deliverer = Deliverer(pipeline.store, settings.targets)
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Finish what is being done and return from `run`; from any thread."""
        self._stopping.set()

    def run(self, every: float, orphaned: Callable[[], bool] | None = None) -> None:
        """Rounds, `every` seconds apart, until it is stopped or `orphaned`; a database out of reach is asked again."""
        while not self._stopping.is_set() and not (orphaned and orphaned()):
            try:
                done = self.round()
                if done != Round():
                    log.info("%s", done)
            except StoreError as error:
                log.warning("scheduler: %s", error)
            self._stopping.wait(every)

    def round(self) -> Round:
        """Sweeps, delivers, and runs what is due. Raises StoreError; what was claimed is then taken back later."""
        store = self._pipeline.store
        swept = store.jobs.sweep()
        self._wake(swept.to_publish)
        forgotten = store.verdicts.sweep()
        ended = self._due()
        delivered = self._deliverer.drain()
        taken_back = len(swept.requeued) + len(swept.dead)
        return Round(taken_back, forgotten, delivered, ended.count(True), ended.count(False))

    def _wake(self, ids: tuple[str, ...]) -> None:
        """A broker that does not answer changes nothing: workers look by themselves."""
        if self._publish and ids:
            try:
                self._publish(ids)
            except SecassistError as error:
                log.warning("scheduler: %s", error)

    def _due(self) -> list[bool]:
        ended: list[bool] = []
        while len(ended) < RUNS and not self._stopping.is_set():
            run = self._pipeline.store.schedules.claim(LEASE_SECONDS)
            if run is None:
                break
            ended.append(self._ran(run))
        return ended

    def _ran(self, run: Run) -> bool:
        """Whether it ended well; any error is its own, except that of a database that cannot even take that down."""
        rows = self._pipeline.store.schedules
        try:
            said = CHORES[run.schedule.kind](self._pipeline, self._settings, run)
        except Exception as error:
            told = str(error) if isinstance(error, SecassistError) else f"internal error: {type(error).__name__}"
            reason = self._pipeline.redactor(told)
            log.warning("schedule %s failed, try %d: %s", run.schedule.name, run.attempt, reason)
            rows.fail(run, reason)
            return False
        return rows.finish(run, said)

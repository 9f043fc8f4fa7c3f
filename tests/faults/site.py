"""Site: one database with its client and workers; the client's own list of acknowledged jobs is the oracle."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from secassist import broker
from secassist.errors import StoreError
from secassist.pipeline import Pipeline
from secassist.queueing.intake import Intake
from secassist.queueing.worker import own_name
from secassist.store import Submitted
from tests.faults.fleet import Fleet, Nest
from tests.faults.machines import slowness
from tests.faults.stub import StubBackend, alert

ANALYZER = "triage"
PACE = {"batch": 4, "lease": 2.0, "limit": 30.0, "wait": 0.1, "poll": 0.1}
"""Of workers in rows: everything that takes a minute in service takes a second or two here."""
KINDS = ("sqlite", "postgresql")
OPEN = ("queued", "leased")


@dataclass
class Findings:
    """What a run left behind, counted against what the client was promised; all but `done` and `dead` should be 0."""

    acknowledged: int
    done: int
    dead: int
    lost: int
    duplicates: int
    stuck: int
    seconds: float = 0.0
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Nothing lost, nothing twice, nothing stuck."""
        return not (self.lost or self.duplicates or self.stuck)


class Site:
    """`database` is a URL of the store; `home` holds the key that all processes share."""

    def __init__(self, nest: Nest, database: str, home: Path, *, broker_url: str = "") -> None:
        from secassist import bootstrap
        from secassist.config import Settings

        self.nest, self.database, self.home, self.broker = nest, database, home, broker_url
        settings = Settings(home=home, database=database, reuse="off")
        self.pipeline: Pipeline = bootstrap.pipeline(settings, StubBackend(0.0))
        self.intake = Intake(self.pipeline, publish=self.publish if broker_url else None)
        self.acknowledged: dict[str, int] = {}
        self.poison: dict[str, str] = {}
        self.began = time.monotonic()
        self.slow = slowness()
        self._engine = sa.create_engine(database, pool_pre_ping=True, poolclass=sa.NullPool)

    def close(self) -> None:
        """Gives connections back."""
        self.pipeline.store.close()
        self._engine.dispose()

    # the client

    def submit(self, numbers: Iterable[int], harms: dict[int, str] | None = None, size: int = 50) -> None:
        """In batches; what the intake has taken is noted with its number, and nothing else is; then workers are told."""
        wanted, harms = list(numbers), harms or {}
        for start in range(0, len(wanted), size):
            part = wanted[start : start + size]
            (taken,) = self.intake.submit(alert(number, harms.get(number, "")) for number in part)
            for number, submitted in zip(part, taken, strict=True):
                self.note(number, submitted.job.id if isinstance(submitted, Submitted) else "", harms.get(number, ""))
            self.intake.tell(each for each in taken if isinstance(each, Submitted))

    def note(self, number: int, job: str, harm: str = "") -> None:
        """The client was given this id for this alert."""
        if not job:
            raise RuntimeError(f"alert {number} was refused")
        self.acknowledged[job] = number
        if harm:
            self.poison[job] = harm

    def publish(self, ids: Sequence[str]) -> None:
        """As the product does."""
        broker.publish(self.broker, self.pipeline.driver.key, ids)

    def insist(self, number: int, seconds: float = 60.0) -> None:
        """One alert, again and again until it is taken; a client does not know whether a broken call was heard."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return self.submit([number])
            except StoreError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    # the workers

    def fleet(self, count: int, *, scaled: bool = True, **more: Any) -> Fleet:
        """Workers that are replaced when they die; what they do and may takes longer where the machine is slow."""
        self.slow = max(self.slow, slowness()) if scaled else 1.0
        pace = {**PACE, **more.pop("pace", {})}
        pace |= {name: pace[name] * self.slow for name in ("lease", "limit")}
        if "model_seconds" in more:
            more["model_seconds"] *= self.slow
        run = more.pop("run", "tests.faults.working:embedded")
        spec = {"home": str(self.home), "database": self.database, "broker": self.broker, "pace": pace, **more}
        return Fleet(self.nest, run, self.home / "workers.log", count, **spec)

    # the judge: plain SQL, so that it shares no code with what it judges

    def rows(self, query: str) -> list[Any]:
        """Of one statement."""
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]

    def states(self) -> Counter[str]:
        """Jobs by state; empty while the database is away."""
        try:
            return Counter(dict(self.rows("SELECT state, count(*) FROM jobs GROUP BY state")))
        except sa.exc.SQLAlchemyError:
            return Counter()

    def held_by(self, pid: int) -> list[str]:
        """Jobs that this process holds, or held when it died."""
        return [
            id_ for id_, who in self.rows("SELECT id, worker FROM jobs WHERE state = 'leased'") if who == _name(pid)
        ]

    def recovery(self, struck: Mapping[str, float]) -> dict[str, float]:
        """Seconds from the death of its worker (by `time.time`) to a job's end; p50 and p99."""
        ended = {id_: updated / 1000 for id_, updated in self.rows("SELECT id, updated FROM jobs")}
        took = sorted(ended[id_] - at for id_, at in struck.items())
        return {f"recovery p{share}": round(took[(len(took) - 1) * share // 100], 2) for share in (50, 99) if took}

    def crashes(self) -> dict[int, int]:
        """How many jobs lost so many workers."""
        return dict(self.rows("SELECT crashes, count(*) FROM jobs GROUP BY crashes ORDER BY crashes"))

    def left(self) -> int:
        """Jobs that are not at their end."""
        states = self.states()
        return sum(states[state] for state in OPEN) if states else len(self.acknowledged)

    def drained(self, seconds: float, *, quiet: float = 0.0) -> bool:
        """Waits until no job is open; gives up after `seconds`, or when for `quiet` seconds no job ended.

        Both are for a quiet machine, and longer on a slow one.
        """
        seconds, quiet = seconds * self.slow, quiet * self.slow
        deadline, seen, moved = time.monotonic() + seconds, -1, time.monotonic()
        while (left := self.left()) and time.monotonic() < deadline:
            if left != seen:
                seen, moved = left, time.monotonic()
            if quiet and time.monotonic() - moved > quiet:
                return False
            time.sleep(0.05)
        return left == 0

    def findings(self) -> Findings:
        """Counts what was promised against what is there."""
        state = dict(self.rows("SELECT id, state FROM jobs"))
        written = dict(self.rows("SELECT j.id, a.id FROM jobs j JOIN analyses a ON a.id = j.analysis_id"))
        states = Counter(state.get(id_, "gone") for id_ in self.acknowledged)
        unharmed = [id_ for id_ in self.acknowledged if id_ not in self.poison]
        lost = [id_ for id_ in unharmed if state.get(id_) != "done" or id_ not in written]
        lost += [id_ for id_ in self.poison if state.get(id_) not in ("dead", "done")]
        return Findings(
            acknowledged=len(self.acknowledged),
            done=states["done"],
            dead=states["dead"],
            lost=len(lost),
            duplicates=self._twice() + len(set(state) - set(self.acknowledged)),
            stuck=self._stuck(),
            seconds=round(time.monotonic() - self.began, 1),
        )

    def _twice(self) -> int:
        """Verdicts, jobs, ends and events that are there more than once for one alert."""
        repeated = (
            "SELECT COALESCE(SUM(n - 1), 0) FROM (SELECT count(*) AS n FROM {} GROUP BY {} HAVING count(*) > 1) t"
        )
        ends = "audit WHERE action IN ('job.done', 'job.dead')"
        groups = {
            "analyses": "subject_id, analyzer, language",
            "jobs": "subject_id, kind, language",
            "outbox": "job_id, kind",
            ends: "substr(detail, 1, 36)",
        }
        counted = [self.rows(repeated.format(table, columns))[0][0] for table, columns in groups.items()]
        missing = self.rows(
            "SELECT count(*) FROM jobs j WHERE state = 'done' AND NOT EXISTS "
            "(SELECT 1 FROM outbox o WHERE o.job_id = j.id AND o.kind = 'analysis.done')"
        )
        return int(sum(counted)) + int(missing[0][0])

    def _stuck(self) -> int:
        return int(
            self.rows("SELECT count(*) FROM jobs WHERE state IN ('queued', 'leased') OR lease_token <> ''")[0][0]
        )

    def verdicts(self) -> dict[str, tuple[str, str]]:
        """What each alert was found to be: analysis and disposition by subject."""
        found = self.rows("SELECT subject_id, id, disposition FROM analyses")
        return {subject: (id_, disposition) for subject, id_, disposition in found}

    def expected(self) -> dict[str, str]:
        """What the stub says of each acknowledged alert, by subject, worked out here without any queue."""
        harmless = [number for id_, number in self.acknowledged.items() if id_ not in self.poison]
        subjects = [self.pipeline.conceal(alert(number)) for number in sorted(harmless)]
        made = self.pipeline.judge(ANALYZER, subjects)
        return {analysis.subject_id: analysis.verdict.disposition.value for analysis in made if analysis.verdict}


def _name(pid: int) -> str:
    return f"{own_name().rpartition(':')[0]}:{pid}"


def on(small: str) -> pytest.MarkDecorator:
    """Runs a row on both databases, but on the other one than `small` only among the slow tests."""
    kinds = [kind if kind == small else pytest.param(kind, marks=pytest.mark.slow) for kind in KINDS]
    return pytest.mark.parametrize("kind", kinds)


def require_clean(site: Site, fleet: Fleet | None = None) -> Findings:
    """The findings, which must be clean."""
    found = site.findings()
    assert found.clean, f"{found}\n{fleet.told() if fleet else ''}"
    return found


@contextmanager
def opened(nest: Nest, database: str, home: Path, **more: Any) -> Iterator[Site]:
    """A site that is closed in the end."""
    made = Site(nest, database, home, **more)
    try:
        yield made
    finally:
        made.close()


def tell(capsys: pytest.CaptureFixture[str], row: str, found: Findings) -> None:
    """Prints the figures of a row, whatever pytest captures."""
    with capsys.disabled():
        print(f"\n{row}: {found}")

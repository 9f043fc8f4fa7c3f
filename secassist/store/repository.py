"""The Store: saves and finds subjects, analyses, rejections and reviews; every method is one transaction."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from schemas import Analysis, Case, Disposition, Fix, Judgement, ReportFacts, Severity, State, Subject, digest
from secassist.errors import StoreError
from secassist.store import checking, counting, failures, opening, purging, reviewing, rows, superseding, tables, upkeep
from secassist.store.answering import AnswerRows
from secassist.store.cleaning import cleaned
from secassist.store.failures import place, translated
from secassist.store.fixed import put_fix
from secassist.store.jobs import JobRows
from secassist.store.linking import LinkRows
from secassist.store.migrating import upgrade
from secassist.store.outbox import OutboxRows
from secassist.store.records import Rejection, Review, StoredSubject
from secassist.store.schedules import ScheduleRows
from secassist.store.sealing import SealedRows
from secassist.store.selecting import PAGE, Filter, matching, pages, within
from secassist.store.verdicts import VerdictRows

Clock = Callable[[], datetime]
Redact = Callable[[str], str]
ID_DIGITS = 64
"""Of a whole id, which needs no search."""


def utc_now() -> datetime:
    """The default clock."""
    return datetime.now(UTC)


class Store:
    """Open one with `Store.open`; threads may share it, processes open their own (never carry one over a fork)."""

    def __init__(self, engine: Engine, where: str, now: Clock, redact: Redact = str) -> None:
        self._engine = engine
        self._where = where
        self._now = now
        self._redact = redact
        self.vault = SealedRows(engine, where, now)
        self.jobs = JobRows(engine, where, now, redact)
        self.verdicts = VerdictRows(engine, where, now)
        self.outbox = OutboxRows(engine, where)
        self.schedules = ScheduleRows(engine, where)
        self.answers = AnswerRows(engine, where, now, redact)
        self.links = LinkRows(engine, where)

    @classmethod
    def open(
        cls, url: str, *, now: Clock = utc_now, busy_seconds: float = opening.BUSY_SECONDS, redact: Redact = str
    ) -> Self:
        """Creates what is missing and upgrades to the newest migration.

        `url` is sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME; `now` gives aware datetimes; `redact` is asked
        about every name, reason and comment before it is kept. Raises UnfitError, with what to do, when the database
        is newer than the code, not ours or no database, AwayError when its server does not let us in, and StoreError
        when it is locked or damaged.
        """
        parsed = opening.parse(url)
        where = place(parsed)
        with failures.opening(where):
            engine = opening.connect(parsed, busy_seconds)
            try:
                upgrade(engine, where)
            except BaseException:
                engine.dispose()
                raise
        return cls(engine, where, now, redact)

    def close(self) -> None:
        """Gives all connections back; the store is not usable after it."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # subjects

    def add_subject(self, subject: Subject, *, kept: Subject | None = None) -> bool:
        """True if it was not there yet. `kept` is a redacted copy of an alert or log window to keep in its place.

        One whose content was purged gets it back.
        """
        row = rows.subject_row(subject, kept, self._now(), self._redact)
        restored = None if row["body"] is None else self._restored(row)
        return self._insert_once(tables.subjects, row, "saving a subject", restored)

    @staticmethod
    def _restored(row: dict[str, Any]) -> sa.Update:
        """Gives a subject its content back where that was purged."""
        table = tables.subjects
        emptied = sa.update(table).where(table.c.id == row["id"], table.c.body.is_(None), table.c.title == "")
        return emptied.values({name: row[name] for name in ("origin", "title", "body")})

    def find_subject(self, id_: str) -> StoredSubject | None:
        """By its full id."""
        query = sa.select(tables.subjects).where(tables.subjects.c.id == id_)
        with self._reading("finding a subject") as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else rows.subject_from(row)

    def titles(self, ids: Sequence[str]) -> dict[str, str]:
        """What is known subjects are about, by their full ids; their place where they have no title."""
        table, found = tables.subjects.c, dict[str, str]()
        with self._reading("finding subjects") as connection:
            for start in range(0, len(ids), PAGE):
                query = sa.select(table.id, table.title, table.origin).where(table.id.in_(ids[start : start + PAGE]))
                found |= {row.id: row.title or row.origin for row in connection.execute(query)}
        return found

    # analyses

    def add_analysis(self, analysis: Analysis) -> Analysis:
        """Saves it redacted with its findings, returns it as stored; `created_at` is filled in when it is empty.

        If the id is there already, nothing is added and what stands there is returned. Raises StoreError when its
        subject was not saved first.
        """
        stored = self._exact(analysis.id)
        if stored is not None:
            return stored
        clean = cleaned(analysis, self._redact)
        dated = clean if clean.created_at else clean.model_copy(update={"created_at": rows.stamp(self._now())})
        with translated(self._where, "saving an analysis"):
            try:
                with self._write() as connection:
                    self._insert_analysis(connection, dated)
            except IntegrityError as error:
                return self._stored_meanwhile(analysis, error)
        return dated

    def settle(self, read: Mapping[str, Sequence[str]], analyzers: Sequence[str], *, whole: bool = True) -> None:
        """What a scan read: by a digest of a file's place the ids of all analyses that it has now.

        What these analyzers stored of that file before is history from now on, unless only a part of it was read.
        """
        with translated(self._where, "settling what a scan read"), self._write() as connection:
            superseding.settle(connection, read, analyzers if whole else (), self._now())

    def find_analysis(self, prefix: str) -> Analysis | None:
        """By its id or the first 6 or more digits of it. Raises UsageError when several begin so, naming them."""
        if len(prefix) == ID_DIGITS:
            return self._exact(prefix.lower())
        with translated(self._where, "finding an analysis"):
            id_ = matching(self._engine, prefix)
        return None if id_ is None else self._exact(id_)

    def find_analyses(self, ids: Sequence[str]) -> dict[str, Analysis]:
        """Those of these full ids that there are, by id; far cheaper than one by one."""
        table, found = tables.analyses, dict[str, Analysis]()
        with self._reading("finding analyses") as connection:
            for start in range(0, len(ids), PAGE):
                query = sa.select(table.c.id, table.c.outcome).where(table.c.id.in_(ids[start : start + PAGE]))
                found |= {row.id: rows.analysis_from(row.id, row.outcome) for row in connection.execute(query)}
        return found

    def analyses(  # noqa: PLR0913 - one keyword per filter
        self,
        *,
        analyzer: str | None = None,
        state: State | None = None,
        disposition: Disposition | None = None,
        severity_at_least: Severity | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        subject_id: str | None = None,
        decided: Disposition | None = None,
        history: bool = False,
        limit: int | None = None,
        after: str | None = None,
        newest_first: bool = False,
    ) -> Iterator[Analysis]:
        """In the order of (created_at, id); `since` included, `until` not; `after` is the id of the last one seen.

        Severity is the worst of the verdict and of the findings that are real or unsure. Both go by what was corrected,
        `decided` also where there was no verdict. `history` adds what later analyses superseded.
        """
        chosen = Filter(analyzer, state, disposition, severity_at_least, since, until, subject_id, decided, history)
        with translated(self._where, "listing analyses"):
            yield from pages(self._engine, chosen, after=after, limit=limit, newest_first=newest_first)

    def add_fix(self, analysis_id: str, number: int, fix: Fix) -> Analysis:
        """Keeps an accepted fix with finding `number` (from 0) and gives the analysis as it is then.

        Its code has to be fit to be kept already (secrets masked); what is said about it is redacted here. Raises
        UsageError when there is no such finding, or when not every check of the fix passed.
        """
        checks = tuple(each.model_copy(update={"detail": self._redact(each.detail)}) for each in fix.checks)
        clean = fix.model_copy(update={"explanation": self._redact(fix.explanation), "checks": checks})
        with translated(self._where, "saving a fix"), self._write() as connection:
            return put_fix(connection, analysis_id, number, clean)

    # counts

    def count_subjects(self) -> int:
        """All that were ever saved and not purged."""
        return self._count(tables.subjects)

    def count_analyses(self, **chosen: Any) -> int:
        """With the filters of `analyses` (not its paging)."""
        return self._count(tables.analyses, *Filter(**chosen).conditions())

    def count_findings(self, judgement: Judgement | None = None) -> int:
        """All candidates, or those judged so."""
        judged = [] if judgement is None else [tables.findings.c.judgement == judgement.value]
        return self._count(tables.findings, *judged)

    def count_rejections(self) -> int:
        """Inputs that could not be read."""
        return self._count(tables.rejections)

    def facts(self, since: datetime, until: datetime) -> ReportFacts:
        """Everything a report may state, counted in one moment; names as in `secassist.store.counting`."""
        with self._reading("counting") as connection:
            return counting.facts(connection, since, until)

    def cases(self, since: datetime, until: datetime, limit: int) -> tuple[Case, ...]:
        """The worst `limit` cases of since <= t < until, worst first."""
        with self._reading("reading cases") as connection:
            return counting.cases(connection, since, until, limit)

    # rejections and reviews

    def add_rejection(self, origin: str, reason: str) -> bool:
        """True if this place was not yet refused for this reason."""
        told = [self._redact(origin), self._redact(reason)]
        row = {"id": digest(told), "origin": told[0], "reason": told[1], "at": self._now()}
        return self._insert_once(tables.rejections, row, "saving a rejection")

    def rejections(self, since: datetime | None = None, until: datetime | None = None) -> Sequence[Rejection]:
        """Oldest first."""
        table = tables.rejections
        query = sa.select(table).where(*within(table.c.at, since, until)).order_by(table.c.at, table.c.id)
        with self._reading("listing rejections") as connection:
            return [Rejection(row.origin, row.reason, rows.stamp(row.at)) for row in connection.execute(query)]

    def add_review(
        self,
        analysis_id: str,
        *,
        author: str,
        disposition: Disposition | None = None,
        finding: int | None = None,
        judgement: Judgement | None = None,
        severity: Severity | None = None,
        comment: str = "",
    ) -> Review:
        """A disposition of the whole, or a judgement on finding number `finding` (from 0); beside it or alone a severity.

        Raises UsageError when nothing is said, or of both, or when there is no such analysis or finding.
        """
        now, author, comment = self._now(), self._redact(author), self._redact(comment)
        said = Review(analysis_id, disposition, finding, judgement, author, comment, rows.stamp(now), severity)
        reviewing.check(said, self._exact(analysis_id))
        with translated(self._where, "saving a review"), self._write() as connection:
            connection.execute(sa.insert(tables.reviews), reviewing.row_of(said, now))
            reviewing.hold(connection, analysis_id)
        return said

    def reviews(self, analysis_id: str | None = None) -> Sequence[Review]:
        """Oldest first; of one analysis, or all."""
        with self._reading("listing reviews") as connection:
            found = connection.execute(reviewing.query(analysis_id)).mappings()
            return [reviewing.review_from(row) for row in found]

    # upkeep

    def purge(
        self,
        limits: Mapping[str, datetime] | None = None,
        *,
        analysis_id: str | None = None,
        full: bool = False,
        dry_run: bool = False,
    ) -> dict[str, int]:
        """Deletes what is older than the limit of its kind (`KINDS`), or one analysis, bytes and all; counts by kind.

        `full` is for PostgreSQL, see `upkeep.wipe`. A dry run does it all and takes it back.
        """
        with translated(self._where, "purging"):
            with self._write() as connection:
                gone = purging.delete_before(connection, limits or {})
                if analysis_id is not None:
                    gone = purging.delete_analysis(connection, analysis_id, self._now())
                if dry_run:
                    connection.rollback()
            if not dry_run:
                upkeep.wipe(self._engine, self._where, full=full)
        return gone

    def check(self) -> list[str]:
        """What is wrong with the database, in words; empty when it is sound."""
        with translated(self._where, "checking"):
            return upkeep.faults(self._engine)

    def examine(self) -> list[str]:
        """As `check`, and what is wrong with the rows; reads whole tables."""
        with translated(self._where, "checking"):
            return upkeep.faults(self._engine) + checking.row_faults(self._engine)

    # inside

    def _write(self) -> Any:
        return self._engine.execution_options(immediate=True).begin()

    @contextmanager
    def _reading(self, doing: str) -> Iterator[Connection]:
        with translated(self._where, doing), opening.reading(self._engine).connect() as connection:
            yield connection

    def _count(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
        query = sa.select(sa.func.count()).select_from(table).where(*where)
        with self._reading("counting") as connection:
            return connection.scalar(query) or 0

    def _insert_once(
        self, table: sa.Table, row: dict[str, Any], doing: str, otherwise: sa.Update | None = None
    ) -> bool:
        there = sa.select(table.c.id).where(table.c.id == row["id"])
        with translated(self._where, doing):
            try:
                with self._write() as connection:
                    if connection.scalar(there) is not None:
                        if otherwise is not None:
                            connection.execute(otherwise)
                        return False
                    connection.execute(sa.insert(table), row)
            except IntegrityError:  # PostgreSQL: another process inserted it between the two statements
                return False
        return True

    def _insert_analysis(self, connection: Connection, analysis: Analysis) -> None:
        connection.execute(sa.insert(tables.analyses), rows.analysis_row(analysis))
        for table, found in (
            (tables.findings, rows.finding_rows(analysis)),
            (tables.techniques, rows.technique_rows(analysis)),
        ):
            if found:
                connection.execute(sa.insert(table), found)
        superseding.supersede(connection, [analysis.id], self._now())

    def _stored_meanwhile(self, analysis: Analysis, error: Exception) -> Analysis:
        stored = self._exact(analysis.id)
        if stored is None:
            known = f"the subject {analysis.subject_id[:12]} of analysis {analysis.id[:12]} is not in the store"
            raise StoreError(f"{known}; save the subject first") from error
        return stored

    def _exact(self, id_: str) -> Analysis | None:
        query = sa.select(tables.analyses.c.outcome).where(tables.analyses.c.id == id_)
        with self._reading("finding an analysis") as connection:
            outcome = connection.scalar(query)
        return None if outcome is None else rows.analysis_from(id_, outcome)

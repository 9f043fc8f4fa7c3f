"""What a search for links reads: the kept texts of subjects, newest first, and which analyses are about them."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from schemas import Analysis
from secassist.store.failures import translated
from secassist.store.opening import reading
from secassist.store.rows import analysis_from
from secassist.store.selecting import PAGE
from secassist.store.tables import analyses, findings, subjects


class Kept(NamedTuple):
    """A subject's id and its content as JSON text."""

    id: str
    body: str


class LinkRows:
    """Reached as `Store.links`; only reads."""

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine = engine
        self._where = where

    def texts(self, limit: int) -> Iterator[Kept]:
        """Of the newest `limit` subjects those whose content is kept, newest first, by the index of first_seen."""
        newest = sa.select(subjects.c.id, sa.cast(subjects.c.body, sa.Text).label("body")).order_by(
            subjects.c.first_seen.desc()
        )
        with translated(self._where, "looking for links"), reading(self._engine).connect() as connection:
            streamed = connection.execution_options(yield_per=1000).execute(newest.limit(limit))
            for row in streamed:
                if row.body is not None:
                    yield Kept(row.id, row.body)

    def about(self, subject_ids: Sequence[str], analyzers: Collection[str]) -> list[Analysis]:
        """The newest analysis of each of these subjects by these analyzers."""
        found = dict[str, Analysis]()
        with translated(self._where, "finding analyses"), self._engine.connect() as connection:
            for start in range(0, len(subject_ids), PAGE):
                part = analyses.c.subject_id.in_(subject_ids[start : start + PAGE])
                query = sa.select(analyses.c.id, analyses.c.outcome).where(part, analyses.c.analyzer.in_(analyzers))
                for row in connection.execute(query.order_by(analyses.c.created_at, analyses.c.id)):
                    analysis = analysis_from(row.id, row.outcome)
                    found[analysis.subject_id] = analysis
        return list(found.values())

    def sharing(self, keyed: Collection[str], limit: int) -> list[tuple[str, str]]:
        """(keyed hash, analysis id) of findings of the same masked values, at most `limit`, by the index of hashes."""
        query = sa.select(findings.c.hmac, findings.c.analysis_id).where(findings.c.hmac.in_(sorted(keyed))).distinct()
        with translated(self._where, "looking for links"), self._engine.connect() as connection:
            return [(row.hmac, row.analysis_id) for row in connection.execute(query.limit(limit))]

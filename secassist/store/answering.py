"""An analyst's answers to the questions of an investigation; they stand beside the corrections and never are one."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from secassist.errors import UsageError
from secassist.store.failures import translated
from secassist.store.records import Answered
from secassist.store.rows import stamp
from secassist.store.tables import analyses, reviews

ANSWERS = ("yes", "no", "unknown")
IS_ANSWER = sa.and_(reviews.c.disposition.is_(None), reviews.c.finding.is_(None), reviews.c.severity.is_(None))
"""A correction has one of the three; the word of an answer stands in the column of judgements, its question before its note."""


class AnswerRows:
    """Reached as `Store.answers`; every method is one transaction. They are kept as long as corrections are."""

    def __init__(
        self, engine: Engine, where: str, now: Callable[[], datetime], redact: Callable[[str], str] = str
    ) -> None:
        self._engine = engine
        self._where = where
        self._now = now
        self._redact = redact

    def add(self, analysis_id: str, question: str, answer: str, *, author: str, note: str = "") -> Answered:
        """Keeps an answer; the last one to a question counts. Raises UsageError for another word or no such analysis."""
        if answer not in ANSWERS or not question or set(question) & set(" \n"):
            raise UsageError(f"an answer is {', '.join(ANSWERS[:-1])} or {ANSWERS[-1]}")
        now, author, note = self._now(), self._redact(author), self._redact(note)
        row = {
            "analysis_id": analysis_id,
            "judgement": answer,
            "author": author,
            "comment": f"{question} {note}",
            "at": now,
        }
        with translated(self._where, "saving an answer"), self._write() as connection:
            if connection.scalar(sa.select(analyses.c.id).where(analyses.c.id == analysis_id)) is None:
                raise UsageError(f"no analysis {analysis_id[:12]} to investigate")
            connection.execute(sa.insert(reviews), row)
        return Answered(analysis_id, question, answer, author, note, stamp(now))

    def of(self, analysis_id: str) -> Sequence[Answered]:
        """The last answer to each question of one analysis, oldest first."""
        query = sa.select(reviews).where(reviews.c.analysis_id == analysis_id, IS_ANSWER).order_by(reviews.c.id)
        with translated(self._where, "reading answers"), self._engine.connect() as connection:
            found = [_answered(row) for row in connection.execute(query)]
        last = {each.question: each for each in found}
        return [each for each in found if last[each.question] is each]

    def _write(self) -> AbstractContextManager[Connection]:
        return self._engine.execution_options(immediate=True).begin()


def _answered(row: Any) -> Answered:
    question, _, note = row.comment.partition(" ")
    return Answered(row.analysis_id, question, row.judgement, row.author, note, stamp(row.at))

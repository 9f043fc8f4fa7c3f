"""What analysts said of stored analyses, as rows: dispositions, judgements, severities."""

from typing import Any

import sqlalchemy as sa

from schemas import Analysis, Disposition, Judgement, Severity
from secassist.errors import UsageError
from secassist.store.answering import IS_ANSWER
from secassist.store.records import Review
from secassist.store.rows import stamp
from secassist.store.tables import reviews


def check(review: Review, analysis: Analysis | None) -> None:
    """Raises UsageError for what says nothing or two things, or speaks of what is not there."""
    number = review.finding
    if analysis is None:
        raise UsageError(f"no analysis {review.analysis_id[:12]} to review")
    if number is None:
        fits = review.judgement is None and bool(review.disposition or review.severity)
    else:
        fits = review.disposition is None and bool(review.judgement or review.severity)
    if not fits:
        raise UsageError("a review gives a disposition or a severity, or the judgement or severity of one finding")
    if number is not None and not 0 <= number < len(analysis.findings):
        raise UsageError(f"analysis {analysis.id[:12]} has {len(analysis.findings)} findings, none numbered {number}")


def row_of(review: Review, now: Any) -> dict[str, Any]:
    """A row as it is inserted at the time `now`."""
    return {
        "analysis_id": review.analysis_id,
        "disposition": review.disposition and review.disposition.value,
        "finding": review.finding,
        "judgement": review.judgement and review.judgement.value,
        "severity": review.severity and review.severity.value,
        "author": review.author,
        "comment": review.comment,
        "at": now,
    }


def query(analysis_id: str | None) -> sa.Select[Any]:
    """Reviews, oldest first; of one analysis, or all."""
    found = sa.select(reviews).where(~IS_ANSWER).order_by(reviews.c.id)
    return found if analysis_id is None else found.where(reviews.c.analysis_id == analysis_id)


def review_from(row: Any) -> Review:
    """A row as it was read."""
    return Review(
        analysis_id=row["analysis_id"],
        disposition=None if row["disposition"] is None else Disposition(row["disposition"]),
        finding=row["finding"],
        judgement=None if row["judgement"] is None else Judgement(row["judgement"]),
        author=row["author"],
        comment=row["comment"],
        at=stamp(row["at"]),
        severity=None if row["severity"] is None else Severity(row["severity"]),
    )

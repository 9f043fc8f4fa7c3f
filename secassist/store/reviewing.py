"""What analysts said of stored analyses: dispositions, judgements, severities, and what holds because of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas import Analysis, Case, Disposition, Finding, Judgement, Severity
from secassist.errors import UsageError
from secassist.store.answering import IS_ANSWER
from secassist.store.records import Review
from secassist.store.rows import analysis_from, analysis_row, finding_rows, stamp
from secassist.store.tables import analyses, findings, reviews

_HELD = ("disposition", "severity", "severity_rank", "urgency")
"""Columns that lists and counts go by: they follow corrections, the outcome beside them is what was stored."""


@dataclass(frozen=True)
class Corrected:
    """The last word on an analysis; a severity goes with the disposition it was said of. `findings` by number."""

    disposition: Disposition | None = None
    severity: Severity | None = None
    author: str = ""
    findings: Mapping[int, Review] = field(default_factory=dict)


def last_word(said: Iterable[Review]) -> Corrected:
    """What the reviews of one analysis, oldest first, come to."""
    word = Corrected()
    for review in said:
        word = _after(word, review)
    return word


def _after(said: Corrected, review: Review) -> Corrected:
    if review.finding is not None:
        before = said.findings.get(review.finding, review)
        judgement, severity = review.judgement or before.judgement, review.severity or before.severity
        now = replace(review, judgement=judgement, severity=severity)
        return replace(said, findings={**said.findings, review.finding: now})
    disposition = review.disposition or said.disposition
    return replace(said, disposition=disposition, severity=review.severity, author=review.author)


def corrected(one: Analysis | Case, said: Corrected, numbers: Sequence[int] | None = None) -> dict[str, Any]:
    """Verdict and findings as they hold by now, for `model_copy`.

    `numbers` are the places in the stored analysis of the findings that are left of it; all are there where it is None.
    """
    places = numbers if numbers is not None else range(len(one.findings))
    found = tuple(_finding(each, said.findings.get(at)) for at, each in zip(places, one.findings, strict=True))
    words = {"disposition": said.disposition, "severity": said.severity}
    verdict = one.verdict and one.verdict.model_copy(update={name: word for name, word in words.items() if word})
    return {"verdict": verdict, "findings": found}


def _finding(finding: Finding, review: Review | None) -> Finding:
    said = {"judgement": review.judgement, "severity": review.severity} if review else {}
    return finding.model_copy(update={name: word for name, word in said.items() if word})


def hold(connection: Connection, id_: str) -> None:
    """Puts what holds of an analysis where lists and counts look for it."""
    outcome = connection.scalar(sa.select(analyses.c.outcome).where(analyses.c.id == id_))
    if outcome is None:
        return
    stored = analysis_from(id_, outcome)
    said = last_word(map(review_from, connection.execute(query(id_)).mappings()))
    now = stored.model_copy(update=corrected(stored, said))
    row = analysis_row(now)
    connection.execute(sa.update(analyses).where(analyses.c.id == id_).values({name: row[name] for name in _HELD}))
    for each in finding_rows(now):
        mine = sa.and_(findings.c.analysis_id == id_, findings.c.number == each["number"])
        values = {"severity": each["severity"], "judgement": each["judgement"]}
        connection.execute(sa.update(findings).where(mine).values(values))


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

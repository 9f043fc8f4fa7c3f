"""Counts what a report states, all by SQL; reports themselves are left out, so that a report never counts itself.

Names of the counts: `subjects.total`; `analyses.total`, `analyses.<analyzer>`, `analyses.state.<state>`;
`verdicts.total`, `verdicts.<disposition>`, `verdicts.severity.<severity>`, `verdicts.<disposition>.<severity>`;
`findings.total`, `findings.<kind>`, `findings.severity.<severity>`, `findings.<kind>.<severity>`, all of them findings
judged real; `findings.judgement.<judgement>` counts every candidate; `floors.raised`; `inputs.rejected`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from schemas import Case, Disposition, FindingKind, Judgement, ReportFacts, Severity, State
from secassist.store.rows import analysis_from, case_from, stamp
from secassist.store.selecting import within
from secassist.store.superseding import standing
from secassist.store.tables import analyses, findings, rejections, techniques

REPORTER = "report"
"""The analyzer whose analyses are reports."""
TOP = 10
"""How many techniques and rules a report names."""
BAD = [disposition.value for disposition in Disposition if disposition.is_bad]

Window = list[sa.ColumnElement[bool]]


def facts(connection: Connection, since: datetime, until: datetime) -> ReportFacts:
    """Of the analyses made in since <= t < until. Words with a fixed list (states, severities) are there even at 0."""
    window = _window(since, until)
    real = [*window, findings.c.judgement == Judgement.REAL.value]
    counts = {
        **_analyses(connection, window),
        **_verdicts(connection, window),
        **_findings(connection, window, real),
        "inputs.rejected": _number(connection, rejections, within(rejections.c.at, since, until)),
    }
    bad = [*window, analyses.c.disposition.in_(BAD)]
    return ReportFacts(
        since=stamp(since),
        until=stamp(until),
        counts=counts,
        top_techniques=_top(connection, techniques, techniques.c.technique, bad),
        top_rules=_top(connection, findings, findings.c.rule, real),
    )


def cases(connection: Connection, since: datetime, until: datetime, limit: int) -> tuple[Case, ...]:
    """Analyses that say something (a verdict, findings, or that they failed), worst first.

    Worst: first by disposition (a real finding counts as a true positive), then severity, then score.
    """
    found = sa.exists().where(findings.c.analysis_id == analyses.c.id)
    telling = sa.or_(analyses.c.urgency > 0, analyses.c.disposition.is_not(None), found)
    query = (
        sa.select(analyses.c.id, analyses.c.outcome)
        .where(*_window(since, until), telling)
        .order_by(
            analyses.c.urgency.desc(),
            sa.func.coalesce(analyses.c.severity_rank, -1).desc(),
            sa.func.coalesce(analyses.c.score, -1.0).desc(),
            analyses.c.created_at,
            analyses.c.id,
        )
        .limit(limit)
    )
    return tuple(case_from(analysis_from(row.id, row.outcome)) for row in connection.execute(query))


def _window(since: datetime, until: datetime) -> Window:
    return [*within(analyses.c.created_at, since, until), standing(until), analyses.c.analyzer != REPORTER]


def _number(connection: Connection, source: sa.FromClause, where: Window) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(source).where(*where)) or 0


def _groups(connection: Connection, source: sa.FromClause, columns: list[Any], where: Window) -> dict[str, int]:
    """Counts by the values of the columns joined by a dot."""
    query = sa.select(*columns, sa.func.count()).select_from(source).where(*where).group_by(*columns).order_by(*columns)
    return {".".join(str(part) for part in row[:-1]): row[-1] for row in connection.execute(query)}


def _named(prefix: str, counted: dict[str, int], always: Iterable[str] = ()) -> dict[str, int]:
    """With the prefix, and 0 for each word of the fixed list that did not occur."""
    return {f"{prefix}{word}": counted.get(word, 0) for word in dict.fromkeys([*always, *counted])}


def _analyses(connection: Connection, window: Window) -> dict[str, int]:
    distinct = sa.select(sa.func.count(analyses.c.subject_id.distinct())).where(*window)
    return {
        "subjects.total": connection.scalar(distinct) or 0,
        "analyses.total": _number(connection, analyses, window),
        **_named("analyses.", _groups(connection, analyses, [analyses.c.analyzer], window)),
        **_named("analyses.state.", _groups(connection, analyses, [analyses.c.state], window), State),
    }


def _verdicts(connection: Connection, window: Window) -> dict[str, int]:
    given = [*window, analyses.c.disposition.is_not(None)]
    by_disposition, by_severity = [analyses.c.disposition], [analyses.c.severity]
    return {
        "verdicts.total": _number(connection, analyses, given),
        **_named("verdicts.", _groups(connection, analyses, by_disposition, given), Disposition),
        **_named("verdicts.severity.", _groups(connection, analyses, by_severity, given), Severity),
        **_named("verdicts.", _groups(connection, analyses, by_disposition + by_severity, given)),
        "floors.raised": _number(connection, analyses, [*given, analyses.c.raised.is_(True)]),
    }


def _findings(connection: Connection, window: Window, real: Window) -> dict[str, int]:
    source = findings.join(analyses)
    kind, severity = findings.c.kind, findings.c.severity
    judged = _groups(connection, source, [findings.c.judgement], window)
    return {
        "findings.total": _number(connection, source, real),
        **_named("findings.", _groups(connection, source, [kind], real), FindingKind),
        **_named("findings.severity.", _groups(connection, source, [severity], real), Severity),
        **_named("findings.", _groups(connection, source, [kind, severity], real)),
        **_named("findings.judgement.", judged, Judgement),
    }


def _top(connection: Connection, table: sa.Table, column: sa.Column[str], where: Window) -> tuple[tuple[str, int], ...]:
    number = sa.func.count().label("number")
    query = sa.select(column, number).select_from(table.join(analyses)).where(*where)
    ranked = query.group_by(column).order_by(number.desc(), column).limit(TOP)
    return tuple((row[0], row[1]) for row in connection.execute(ranked))

"""PostgreSQL answers what people and workers ask all the time from an index: its own plans are looked at."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from schemas import Disposition, Severity, State
from secassist.errors import StoreError
from secassist.store import DeliveryState, JobState, Store, outbox
from tests.servers import emptied

ROWS = 30_000
BIG = {
    "subjects",
    "analyses",
    "findings",
    "techniques",
    "rejections",
    "reviews",
    "jobs",
    "outbox",
    "deliveries",
    "verdicts",
}
SUBJECT, ANALYSIS, EVENT = (
    "md5('s' || g) || md5('t' || g)",
    "md5('a' || g) || md5('b' || g)",
    "md5('e' || g) || md5('f' || g)",
)
WHEN = "now() - interval '365 days' * (1 - g::float / :rows)"
FILL = (
    f"INSERT INTO subjects SELECT {SUBJECT}, 'alert', 'json', 'a:' || g, 'Odd', NULL, '{{}}', {WHEN} FROM numbers",
    f"""INSERT INTO analyses SELECT {ANALYSIS}, {SUBJECT}, CASE WHEN g % 50 = 0 THEN 'review' WHEN g % 5000 = 1 THEN 'report'
        ELSE 'triage' END, 'en', CASE WHEN g % 500 = 0 THEN 'quarantined' ELSE 'ok' END,
        CASE WHEN g % 50 = 0 THEN NULL WHEN g % 20 = 0 THEN 'true_positive' ELSE 'false_positive' END,
        CASE WHEN g % 20 = 0 THEN 'high' ELSE 'low' END, CASE WHEN g % 20 = 0 THEN 3 ELSE 1 END,
        CASE WHEN g % 20 = 0 THEN 3 ELSE 0 END, 0.5, false, '{{}}', json_build_object('pad', repeat('x', 300)), {WHEN}
        FROM numbers""",
    """INSERT INTO findings SELECT id, 0, 'weakness', 'B605', 'CWE-78', 'a.py', 1, 'high', 'real', md5(id) || md5(id), ''
       FROM analyses""",
    "INSERT INTO techniques SELECT id, 'T1110' FROM analyses",
    """INSERT INTO reviews (analysis_id, disposition, author, comment, at)
       SELECT id, 'suspicious', 'ana', '', now() FROM analyses""",
    f"INSERT INTO rejections SELECT {EVENT}, 'o', 'r', {WHEN} FROM numbers",
    f"""INSERT INTO jobs SELECT md5(g::text), 'triage', 'en', {SUBJECT}, 1, 's' || g % 7, g, 'k' || g, '', '', '',
        CASE WHEN g > :rows - 1000 THEN 'queued' WHEN g % 1000 = 0 THEN 'dead' ELSE 'done' END, 1, 0, 0, '', 'w', '', 0, 0,
        {ANALYSIS}, '', 1790000000000 + g, 1790000000000 + g FROM numbers""",
    f"""INSERT INTO outbox SELECT {EVENT}, 'analysis.done', md5(g::text), '{{}}',
        CASE WHEN g > :rows - 500 THEN 'queued' ELSE 'done' END, 0, 0, 1790000000000 + g FROM numbers""",
    f"""INSERT INTO deliveries SELECT {EVENT}, 'siem', CASE WHEN g > :rows - 900 THEN 'queued' WHEN g % 1000 = 0 THEN 'dead'
        ELSE 'done' END, 1, 0, '', 0, '', 1790000000000 + g FROM numbers WHERE g < :rows - 500""",
    f"INSERT INTO verdicts SELECT {EVENT}, md5(g::text), {ANALYSIS}, now() + interval '1 day' FROM numbers",
)


@pytest.fixture(scope="module")
def filled(postgres_url: str) -> Iterator[Store]:
    engine = sa.create_engine(emptied(postgres_url))
    with Store.open(postgres_url) as store:
        with engine.begin() as connection:
            connection.exec_driver_sql("SET session_replication_role = replica")
            connection.execute(
                sa.text("CREATE TEMP TABLE numbers AS SELECT g FROM generate_series(1, :rows) g"), {"rows": ROWS}
            )
            for statement in FILL:
                connection.execute(sa.text(statement), {"rows": ROWS})
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
        yield store
    engine.dispose()


def scanned(store: Store, ask: Callable[[Store], Any]) -> list[str]:
    """Big tables that PostgreSQL reads from end to end for this."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if not many and statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            asked.append((statement, parameters))

    sa.event.listen(store._engine, "before_cursor_execute", note)
    try:
        ask(store)
    except StoreError:
        pass  # the rows are invented and do not fit the nouns; what was asked is known
    finally:
        sa.event.remove(store._engine, "before_cursor_execute", note)
    assert asked, "nothing was asked"
    with store._engine.connect() as connection:
        plans = [connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {s}", p).scalar()[0]["Plan"] for s, p in asked]
    return [name for plan in plans for name in _scans(plan) if name in BIG]


def _scans(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"].endswith("Seq Scan"):
        yield plan["Relation Name"]
    for inner in plan.get("Plans", ()):
        yield from _scans(inner)


NOW = datetime.now(UTC)
WEEK = (NOW - timedelta(days=7), NOW + timedelta(days=1))
DAY = (NOW - timedelta(days=1), NOW + timedelta(days=1))
"""Of a larger share of so few rows PostgreSQL rightly reads all findings."""
QUESTIONS: dict[str, Callable[[Store], Any]] = {
    "newest": lambda s: list(s.analyses(limit=50, newest_first=True)),
    "frequent analyzer": lambda s: list(s.analyses(analyzer="triage", limit=50, newest_first=True)),
    "rare analyzer": lambda s: list(s.analyses(analyzer="report", limit=50, newest_first=True)),
    "no such analyzer": lambda s: list(s.analyses(analyzer="remediate", limit=50)),
    "disposition": lambda s: list(s.analyses(disposition=Disposition.TRUE_POSITIVE, limit=50, newest_first=True)),
    "no such disposition": lambda s: list(s.analyses(disposition=Disposition.NOT_EVALUABLE, limit=50)),
    "severity": lambda s: list(s.analyses(severity_at_least=Severity.HIGH, limit=50, newest_first=True)),
    "no such severity": lambda s: list(s.analyses(severity_at_least=Severity.CRITICAL, limit=50)),
    "rare state": lambda s: list(s.analyses(state=State.QUARANTINED, limit=50, newest_first=True)),
    "no such state": lambda s: list(s.analyses(state=State.REFUSED, limit=50)),
    "of a subject": lambda s: list(s.analyses(subject_id="0" * 64)),
    "subject": lambda s: s.find_subject("0" * 64),
    "prefix": lambda s: s.find_analysis("0123456789"),
    "count of a week": lambda s: s.count_analyses(since=WEEK[0]),
    "count of a disposition": lambda s: s.count_analyses(disposition=Disposition.TRUE_POSITIVE),
    "facts of a day": lambda s: s.facts(*DAY),
    "cases of a day": lambda s: s.cases(*DAY, 200),
    "rejections of a week": lambda s: s.rejections(*WEEK),
    "reviews of one": lambda s: s.reviews("0" * 64),
    "one analysis purged": lambda s: s.purge(analysis_id="0" * 64, dry_run=True),
    "newest jobs": lambda s: list(s.jobs.listed(limit=50)),
    "dead jobs": lambda s: list(s.jobs.listed(state=JobState.DEAD, limit=50)),
    "claim": lambda s: s.jobs.claim("w", limit=16),
    "sweep": lambda s: s.jobs.sweep(),
    "idle": lambda s: s.jobs.idle(),
    "find a job": lambda s: s.jobs.find("0123456789"),
    "hand events on": lambda s: s.outbox.hand_on({"siem": ()}),
    "claim deliveries": lambda s: s.outbox.claim("siem", 16, 60),
    "sweep deliveries": lambda s: s.outbox.sweep(),
    "dead deliveries": lambda s: s.outbox.list(DeliveryState.DEAD),
    "newest deliveries": lambda s: s.outbox.list(),
    "verdicts": lambda s: s.verdicts.find([f"{number:064x}" for number in range(16)]),
    "sweep verdicts": lambda s: s.verdicts.sweep(),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_is_answered_from_an_index(filled: Store, question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "AT_ONCE", 16)  # for so few rows, as above
    assert scanned(filled, QUESTIONS[question]) == []


def test_the_check_sees_a_scan(filled: Store) -> None:
    def all_rows(store: Store) -> None:
        with store._engine.connect() as connection:
            connection.execute(sa.text("SELECT count(*) FROM analyses WHERE score > 2")).all()

    assert scanned(filled, all_rows) == ["analyses"]

"""The same code on a PostgreSQL server."""

import multiprocessing
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from schemas import Alert, Disposition, Field, Severity
from secassist.errors import StoreError, UsageError
from secassist.store import Store, migrating
from secassist.store.tables import metadata
from tests.store.samples import START, alert, analysis, code, finding, later, secret, verdict
from tests.store.test_opening import open_and_write


@pytest.fixture
def store(empty: str) -> Iterator[Store]:
    with Store.open(empty, now=lambda: START) as opened:
        yield opened


def test_migrations_build_the_tables_of_the_code(store: Store) -> None:
    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": migrating.VERSION_TABLE})
        assert compare_metadata(context, metadata) == []
    assert store.check() == []


def test_processes_that_open_at_once_do_no_harm(empty: str) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=open_and_write, args=(empty, number)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    with Store.open(empty) as store:
        assert (store.count_subjects(), store.count_analyses()) == (8, 5)


def test_the_walk_from_subject_to_report(store: Store) -> None:
    for number in range(9):
        store.add_subject(alert(number))
        store.add_analysis(analysis(alert(number), minutes=number // 3, verdict=verdict(score=number / 10)))
    store.add_subject(code())
    found = store.add_analysis(analysis(code(), minutes=9, analyzer="review", findings=(finding(), secret(2))))
    listed = list(store.analyses())
    assert listed[-1] == found == store.find_analysis(found.id[:8]) == store.add_analysis(found)
    assert list(store.analyses(after=listed[3].id)) == listed[4:]
    assert list(store.analyses(newest_first=True, severity_at_least=Severity.HIGH)) == listed[::-1]
    assert store.count_analyses(disposition=Disposition.TRUE_POSITIVE) == 9
    facts = store.facts(START, later(60))
    assert (facts.counts["verdicts.true_positive.high"], facts.counts["findings.secret"]) == (9, 1)
    assert facts.top_techniques == (("T1110", 9),)
    assert [case.title for case in store.cases(START, later(60), 2)] == ["Odd login 8", "Odd login 7"]
    store.add_review(found.id, author="ana", disposition=Disposition.SUSPICIOUS)
    assert store.purge(later(8)) == 9 + 9
    assert (store.count_analyses(), store.count_findings(), len(store.reviews())) == (1, 2, 1)


def test_errors_are_ours(store: Store) -> None:
    with pytest.raises(StoreError, match="save the subject first"):
        store.add_analysis(analysis(alert()))
    with pytest.raises(UsageError, match="hex"):
        store.find_analysis("%")


def test_strange_text_survives(store: Store) -> None:
    subject = Alert(source="json", title="\x00\x1b\u202e", fields=(Field(path="a\x00b", value="\x00"),))
    store.add_subject(subject)
    saved = store.add_analysis(analysis(subject))
    assert store.find_analysis(saved.id) == saved
    kept = store.find_subject(subject.id)
    assert kept is not None
    assert kept.kept == subject

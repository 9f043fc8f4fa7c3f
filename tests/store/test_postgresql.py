"""The same code on a PostgreSQL server."""

import multiprocessing
from collections.abc import Iterator
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from schemas import Alert, Disposition, Field, Severity
from secassist.errors import StoreError, UsageError
from secassist.store import KINDS, SealedValue, Store, migrating
from secassist.store.tables import metadata
from tests.store.samples import START, alert, analysis, code, finding, later, secret, verdict
from tests.store.test_opening import open_and_write
from tests.store.test_upkeep import MARK, marked


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
    assert store.purge(dict.fromkeys(("analyses", "subjects"), later(8))) == {"analyses": 9, "subjects": 10}
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


def raw_tables(store: Store) -> bytes:
    """The bytes of the tables' files, of their indexes and of what is stored out of line."""
    names = "SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 't', 'i') AND relname !~ '^(pg_[^t]|sql_)'"
    with store._engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        files = connection.exec_driver_sql(names).scalars().all()
        read = [connection.exec_driver_sql("SELECT pg_read_binary_file(%s)", (file,)).scalar() for file in files]
    return b"".join(bytes(part) for part in read)


def test_a_full_purge_leaves_no_byte_in_the_tables(store: Store) -> None:
    for number in range(5):
        marked(store, number, minutes=number)
    assert MARK.encode() in raw_tables(store)
    store.purge(dict.fromkeys(KINDS, later(50)), full=True)
    assert MARK.encode() not in raw_tables(store)


def test_the_vault_and_its_audit(store: Store) -> None:
    id_ = marked(store, 1, minutes=0)
    (kept,) = [store.vault.find(id_, 1)]
    assert kept is not None
    assert kept.sealed == f"{MARK}1".encode()
    store.vault.record("ana", "reveal", id_, 1, "why")
    assert [(row.who, row.number) for row in store.vault.recorded()] == [("ana", 1)]
    assert store.vault.reseal(lambda old: replace(old, key_id="n" * 16, sealed=b"new"), "n" * 16) == 1
    assert store.vault.keys() == {"n" * 16: 1}
    with pytest.raises(RuntimeError):
        store.vault.reseal(fail, "m" * 16)
    assert store.vault.keys() == {"n" * 16: 1}


def fail(_: SealedValue) -> SealedValue:
    raise RuntimeError

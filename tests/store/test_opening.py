"""Opening: private files, settings, migrations, and clear words when it cannot be."""

import multiprocessing
import sqlite3
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from secassist.errors import StoreError
from secassist.store import AwayError, Store, UnfitError, migrating
from secassist.store.tables import metadata
from tests.store.samples import START, alert, analysis, verdict


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_and_folders_are_private(store: Store, file: Path) -> None:
    store.add_subject(alert())
    assert mode(file) == 0o600
    assert mode(file.with_name(file.name + "-wal")) == 0o600
    assert mode(file.parent) == mode(file.parent.parent) == 0o700


def test_connections_have_the_promised_settings(store: Store) -> None:
    wanted = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "secure_delete": 1, "busy_timeout": 10_000}
    with store._engine.connect() as connection:
        assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted} == wanted


def test_head_is_the_newest_migration() -> None:
    assert migrating.scripts().get_current_head() == migrating.HEAD


def test_migrations_build_the_tables_of_the_code(store: Store) -> None:
    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": migrating.VERSION_TABLE})
        assert compare_metadata(context, metadata) == []


def test_opening_again_keeps_everything(file: Path) -> None:
    url = f"sqlite:///{file}"
    with Store.open(url) as first:
        first.add_subject(alert())
    with Store.open(url) as second:
        assert second.count_subjects() == 1
        assert second.check() == []


def test_newer_database_is_refused(store: Store, file: Path) -> None:
    with store._engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {migrating.VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(UnfitError, match=r"9999, newer than .* upgrade secassist"):
        Store.open(f"sqlite:///{file}")
    assert store.check() == [f"the database is at migration 9999, this version expects {migrating.HEAD}"]


def test_locked_database_is_refused_with_a_remedy(tmp_path: Path) -> None:
    file = tmp_path / "locked.db"
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="locked; another process is writing") as caught:
        Store.open(f"sqlite:///{file}", busy_seconds=0.1)
    holder.close()
    assert not isinstance(caught.value, UnfitError)  # nothing is wrong with the settings


def test_writer_that_waits_too_long_says_locked(store: Store, file: Path) -> None:
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with Store.open(f"sqlite:///{file}", busy_seconds=0.05) as impatient, pytest.raises(StoreError, match="locked"):
        impatient.add_subject(alert())
    holder.close()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.db"
    file.write_text("shopping list, not a database " * 50)
    with pytest.raises(UnfitError, match="not an SQLite file"):
        Store.open(f"sqlite:///{file}")
    assert file.read_text().startswith("shopping list")


def test_somebody_elses_tables_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE invoices (id INTEGER)")
    other.close()
    with pytest.raises(UnfitError, match="not secassist's"):
        Store.open(f"sqlite:///{file}")


@pytest.mark.parametrize("url", ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://root@localhost/x"])
def test_unusable_urls_are_refused(url: str) -> None:
    with pytest.raises(UnfitError):
        Store.open(url)


def test_passwords_stay_out_of_errors() -> None:
    with pytest.raises(AwayError) as caught:
        Store.open("postgresql+psycopg://me:invented-password@127.0.0.1:1/none?connect_timeout=1")
    assert "invented-password" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnfitError, match="cannot be opened"):
        Store.open(f"sqlite:///{tmp_path}/file/below/x.db")


def open_and_write(url: str, number: int) -> None:
    with Store.open(url, now=lambda: START) as store:
        for each in range(5):
            store.add_subject(alert(each))
            store.add_analysis(analysis(alert(each), verdict=verdict()))
        store.add_subject(alert(100 + number))


def test_processes_that_open_at_once_do_no_harm(file: Path) -> None:
    url = f"sqlite:///{file}"
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=open_and_write, args=(url, number)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    with Store.open(url) as store:
        assert (store.count_subjects(), store.count_analyses()) == (8, 5)
        assert store.check() == []


def test_downgrade_and_upgrade_again(store: Store) -> None:
    from alembic.operations import Operations

    scripts = [script.module for script in migrating.scripts().walk_revisions()]
    with store._engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        with Operations.context(context):
            for script in scripts:
                script.downgrade()
            assert set(sa.inspect(connection).get_table_names()) == {migrating.VERSION_TABLE}
            for script in reversed(scripts):
                script.upgrade()
    assert store.check() == []

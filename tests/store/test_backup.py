"""A backup is whole, is checked, is made while others write, and is never half there."""

import sqlite3
import threading
from pathlib import Path

import pytest

from secassist.errors import StoreError
from secassist.store import Store
from secassist.store.backup import backup
from secassist.store.migrating import current
from tests.servers import _postgres_folders
from tests.store.samples import alert, analysis, verdict


def filled(store: Store, count: int = 5) -> None:
    for number in range(count):
        store.add_subject(alert(number))
        store.add_analysis(analysis(alert(number), minutes=number, verdict=verdict()))


def test_the_copy_is_a_store_with_everything(store: Store, file: Path, tmp_path: Path) -> None:
    filled(store)
    copy = backup(f"sqlite:///{file}", tmp_path / "copies" / "copy.db")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in copy.parent.iterdir()] == ["copy.db"]
    with Store.open(f"sqlite:///{copy}") as restored:
        assert list(restored.analyses()) == list(store.analyses())
        assert restored.check() == []


def test_others_write_meanwhile(store: Store, file: Path, tmp_path: Path) -> None:
    filled(store)
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        while not stop.is_set():
            written.append(len(written))
            store.add_rejection(f"place {len(written)}", "why")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(3):
            with Store.open(f"sqlite:///{backup(f'sqlite:///{file}', tmp_path / f'{number}.db')}") as restored:
                assert restored.count_analyses() == 5
    finally:
        stop.set()
        thread.join()
    assert written


def test_a_damaged_database_gives_no_backup(store: Store, file: Path, tmp_path: Path) -> None:
    filled(store)
    store.close()
    raw = sqlite3.connect(file)
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute("DELETE FROM subjects WHERE title = 'Odd login 3'")
    raw.commit()
    raw.close()
    with pytest.raises(StoreError, match=r"not sound .*a row has no parent"):
        backup(f"sqlite:///{file}", tmp_path / "copy.db")
    assert not [each for each in tmp_path.iterdir() if "copy" in each.name]


def test_what_is_there_stays(store: Store, file: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(StoreError, match="exists"):
        backup(f"sqlite:///{file}", tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"
    with pytest.raises(StoreError, match="there is no database"):
        backup(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "new.db")
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(StoreError, match="cannot be written"):
        backup(f"sqlite:///{file}", tmp_path / "copy.db" / "x.db")


def test_postgresql_by_its_own_programs(empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(empty) as store:
        filled(store)
    folder = next(each for each in _postgres_folders() if (each / "pg_dump").exists() and _fits(each))
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    copy = backup(empty, tmp_path / "copy.dump")
    assert copy.read_bytes()[:5] == b"PGDMP"
    assert copy.stat().st_mode & 0o777 == 0o600


def _fits(folder: Path) -> bool:
    """The packaged server's own programs; the system's may be older than the server of the tests."""
    return "pginstall" in folder.parts or not any("pginstall" in each.parts for each in _postgres_folders())


def test_postgresql_without_its_programs_says_so(empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StoreError, match="needs pg_dump and pg_restore"):
        backup(empty, tmp_path / "copy.dump")
    wrong = empty.replace("/postgres", "/nowhere")
    monkeypatch.setenv("PATH", str(next(each for each in _postgres_folders() if _fits(each))))
    with pytest.raises(StoreError, match="pg_dump failed") as raised:
        backup(wrong, tmp_path / "copy.dump")
    assert empty.split(":")[2].split("@", maxsplit=1)[0] not in str(raised.value), "the password is told"
    assert list(tmp_path.iterdir()) == []


def test_the_migration_can_be_asked_without_making_anything(tmp_path: Path, store: Store, file: Path) -> None:
    assert current(f"sqlite:///{tmp_path / 'none.db'}") is None
    assert not (tmp_path / "none.db").exists()
    assert current(f"sqlite:///{file}") is not None

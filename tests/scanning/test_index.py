"""The index: what it gives back, and when it gives nothing."""

import os
import sqlite3
import time
from pathlib import Path

import pytest

from secassist.errors import StoreError
from secassist.scanning.index import NAME, Entry, Index, Kept, forget, stamp_of
from secassist.scanning.suppressing import Suppression
from secassist.sources.base import Rejected, Skipped

ENTRY = Entry(
    (Kept("a" * 64, "x.py", 3, ("k",), True), Kept("b" * 64, "x.py")),
    (Rejected("x.py:9", "broken"), Skipped("y", "empty")),
    (Suppression(1, 2, ("b602",), "2026-12-31"),),
)


def test_what_was_saved_is_found_under_the_same_stamp_and_lineage_only(tmp_path):
    index = Index(tmp_path)
    index.save([("file:/x", "s", "d", "l", ENTRY)])
    found = index.find("file:/x", "s", "l")
    assert found == ENTRY
    assert [type(each) for each in found.left] == [Rejected, Skipped]
    assert index.find("file:/x", "other", "l") is None
    assert index.find("file:/x", "s", "other") is None
    assert index.find("file:/y", "s", "l") is None
    assert index.find("file:/x", "", "l") is None, "no stamp is never trusted"
    assert index.find_by_digest("file:/x", "d", "l") == ENTRY
    assert index.find_by_digest("file:/x", "", "l") is None
    index.close()
    assert Index(tmp_path).find("file:/x", "s", "l") == ENTRY


def test_names_that_are_no_text(tmp_path):
    name = "file:/" + os.fsdecode(b"\xff\n")
    index = Index(tmp_path)
    index.save([(name, "s", "", "l", Entry())])
    assert index.find(name, "s", "l") == Entry()


def test_a_young_file_has_no_stamp_and_a_changed_one_another(tmp_path):
    path = tmp_path / "x"
    path.write_text("one")
    assert stamp_of(path) == ""
    assert stamp_of(tmp_path / "gone") == ""


def test_a_file_set_back_in_time_has_another_stamp(tmp_path, monkeypatch):
    path = tmp_path / "x"
    path.write_text("one")
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now + 10_000_000_000)
    before = path.stat()
    first = stamp_of(path)
    assert first
    time.sleep(0.02)
    path.write_text("two")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert stamp_of(path) != first


def test_a_damaged_index_says_what_to_do_and_can_be_forgotten(tmp_path):
    (tmp_path / NAME).write_bytes(b"no database, and long enough to be read as the header of one" * 10)
    with pytest.raises(StoreError, match="remove it"):
        Index(tmp_path)
    forget(tmp_path)
    assert not list(tmp_path.iterdir())
    Index(tmp_path).close()


def test_it_holds_no_name_of_what_was_scanned(tmp_path):
    index = Index(tmp_path)
    index.save([("file:/very/private/name", "s", "d", "l", Entry())])
    index.close()
    assert not any(b"private" in path.read_bytes() for path in Path(tmp_path).iterdir())
    assert sqlite3.connect(tmp_path / NAME).execute("SELECT count(*) FROM pieces").fetchone() == (1,)


def test_an_index_with_plain_digests_of_contents_is_emptied(tmp_path):
    old = Index(tmp_path)
    old.save([("file:/x", "s", "plaindigestofcontent", "l", ENTRY)])
    old.close()
    with sqlite3.connect(tmp_path / NAME) as base:
        base.execute("PRAGMA user_version=0")
    base.close()
    index = Index(tmp_path)
    assert index.find("file:/x", "s", "l") is None
    index.save([("file:/x", "s", "keyed", "l", ENTRY)])
    index.close()
    assert Index(tmp_path).find("file:/x", "s", "l") == ENTRY, "emptied once, not at every opening"
    assert not any(b"plaindigestofcontent" in path.read_bytes() for path in tmp_path.iterdir())

"""Purging leaves no byte behind; checking finds what is broken."""

import sqlite3
from pathlib import Path

import pytest

from schemas import Alert, Evidence, Field
from secassist.errors import StoreError
from secassist.store import Store, upkeep
from tests.store.samples import START, alert, analysis, finding, later, verdict

MARK = "ZYXINVENTEDMARKER"


def held(file: Path) -> bytes:
    return b"".join(path.read_bytes() for path in file.parent.iterdir())


def marked(store: Store, number: int, minutes: float) -> str:
    """An analysis that carries the mark in every column that takes text."""
    text = f"{MARK}{number}"
    subject = Alert(source=text, origin=text, title=text, fields=(Field(path=text, value=text * 500),))
    quote = (Evidence(line=1, quote=text),)
    store.add_subject(subject)
    found = tuple(finding(each, rule=text, cwe=text, evidence=quote) for each in range(1, 40))
    saved = store.add_analysis(
        analysis(
            subject, minutes=minutes, verdict=verdict(techniques=(text,), rationale=text), findings=found, raw=text
        )
    )
    store.add_review(saved.id, author=text, finding=0, judgement=found[0].judgement, comment=text)
    store.add_rejection(text, text)
    return saved.id


def test_purged_values_leave_no_byte(store: Store, file: Path) -> None:
    for number in range(20):
        marked(store, number, minutes=number)
    store.add_subject(alert(1))
    kept = store.add_analysis(analysis(alert(1), minutes=600, verdict=verdict()))
    assert MARK.encode() in held(file)
    assert store.purge(later(300)) == 20 + 20 + 20
    assert MARK.encode() not in held(file)
    assert [each.id for each in store.analyses()] == [kept.id]
    assert store.find_subject(alert(1).id) is not None
    assert store.reviews() == []
    assert store.check() == []


def test_purge_spares_subjects_that_newer_analyses_need(store: Store) -> None:
    store.add_subject(alert(1))
    store.add_analysis(analysis(alert(1), minutes=0))
    newer = store.add_analysis(analysis(alert(1), minutes=100, language="zh"))
    assert store.purge(later(50)) == 1
    assert [each.id for each in store.analyses()] == [newer.id]
    assert store.count_subjects() == 1


def test_purge_says_when_a_reader_holds_the_log(store: Store, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "CHECKPOINT_TRIES", 2)
    marked(store, 1, minutes=0)
    reader = sqlite3.connect(file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM analyses").fetchone()
    with Store.open(f"sqlite:///{file}", now=lambda: START, busy_seconds=0.1) as other:
        with pytest.raises(StoreError, match="still reads its log"):
            other.purge(later(50))
        reader.close()
        assert other.purge(later(50)) == 0
    assert MARK.encode() not in held(file)


def test_check_names_what_is_broken(store: Store, file: Path) -> None:
    file.chmod(0o644)
    raw = sqlite3.connect(file)
    raw.execute("INSERT INTO techniques VALUES ('nobody', 'T1110')")
    raw.commit()
    raw.close()
    assert store.check() == [
        "row 1 of techniques points to a row of analyses that is not there",
        f"{file} can be read by others; run: chmod 600 {file}",
    ]


def test_check_finds_damage(store: Store, file: Path) -> None:
    for number in range(60):
        marked(store, number, minutes=number)
    store.close()
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2 : len(raw) // 2 + 8192] = b"\xff" * 8192
    file.write_bytes(raw)
    try:
        assert any("integrity" in fault for fault in store.check())
    except StoreError as error:
        assert "damaged" in str(error)

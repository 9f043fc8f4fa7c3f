"""Purging leaves no byte behind; checking finds what is broken."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas import Alert, Evidence, Field, Remediation
from secassist.errors import StoreError, UsageError
from secassist.store import KINDS, SealedValue, Store, upkeep
from tests.store.samples import START, alert, analysis, finding, later, verdict

MARK = "ZYXINVENTEDMARKER"
HANGING = {"analyses": {"findings", "reviews", "vault"}, "findings": {"vault"}}
"""What goes with a kind."""


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
    store.vault.add([SealedValue(saved.id, 1, "f" * 64, "k" * 16, text.encode())])
    return saved.id


def all_before(minutes: float) -> dict[str, datetime]:
    return dict.fromkeys(KINDS, later(minutes))


def test_purged_values_leave_no_byte(store: Store, file: Path) -> None:
    for number in range(20):
        marked(store, number, minutes=number)
    store.add_subject(alert(1))
    kept = store.add_analysis(analysis(alert(1), minutes=600, verdict=verdict()))
    assert MARK.encode() in held(file)
    assert store.purge({"analyses": later(300), "subjects": later(300), "rejections": later(300)}) == {
        "analyses": 20,
        "subjects": 21,
        "rejections": 20,
    }
    assert MARK.encode() not in held(file)
    assert [each.id for each in store.analyses()] == [kept.id]
    emptied = store.find_subject(alert(1).id)
    assert emptied is not None
    assert (emptied.kept, emptied.title, emptied.origin) == (None, "", "")
    assert store.reviews() == []
    assert store.vault.keys() == {}
    assert store.check() == []


def test_purge_spares_subjects_that_newer_analyses_need(store: Store) -> None:
    store.add_subject(alert(1))
    store.add_analysis(analysis(alert(1), minutes=0))
    newer = store.add_analysis(analysis(alert(1), minutes=100, language="zh"))
    assert store.purge({"analyses": later(50)}) == {"analyses": 1}
    assert [each.id for each in store.analyses()] == [newer.id]
    assert store.count_subjects() == 1


@pytest.mark.parametrize(
    ("kind", "left"),
    [
        ("subjects", {"analyses", "findings", "reviews", "rejections", "vault"}),
        ("analyses", {"subjects", "rejections"}),
        ("findings", {"subjects", "analyses", "reviews", "rejections"}),
        ("rejections", {"subjects", "analyses", "findings", "reviews", "vault"}),
        ("reviews", {"subjects", "analyses", "findings", "rejections", "vault"}),
        ("vault", {"subjects", "analyses", "findings", "reviews", "rejections"}),
    ],
)
def test_each_kind_goes_by_itself(store: Store, file: Path, kind: str, left: set[str]) -> None:
    id_ = marked(store, 1, minutes=0)
    would = store.purge({kind: later(50)}, dry_run=True)
    assert held_kinds(store, id_) == left | {kind} | HANGING.get(kind, set())
    assert store.purge({kind: later(50)}) == would
    assert would[kind] > 0
    assert held_kinds(store, id_) == left
    assert store.check() == []


def held_kinds(store: Store, id_: str) -> set[str]:
    """The kinds of which something is left."""
    subject = next((s for s in [store.find_subject(store_subject(store))] if s), None)
    counts = {
        "subjects": subject is not None and subject.kept is not None,
        "analyses": store.count_analyses(),
        "findings": store.count_findings(),
        "rejections": store.count_rejections(),
        "reviews": len(store.reviews()),
        "vault": len(store.vault.keys()),
    }
    found = store.find_analysis(id_)
    assert found is None or len(found.findings) == counts["findings"]
    return {kind for kind, number in counts.items() if number}


def store_subject(store: Store) -> str:
    with store._engine.connect() as connection:
        return str(connection.exec_driver_sql("SELECT id FROM subjects").scalar())


def test_a_purged_subject_comes_back_when_it_is_read_again(store: Store) -> None:
    store.add_subject(alert(1))
    store.add_analysis(analysis(alert(1), minutes=0))
    store.purge({"subjects": later(50)})
    assert not store.add_subject(alert(1))
    found = store.find_subject(alert(1).id)
    assert found is not None
    assert found.kept == alert(1)


def test_one_analysis_goes_with_what_hangs_on_it(store: Store, file: Path) -> None:
    gone, kept = marked(store, 1, minutes=0), marked(store, 2, minutes=0)
    advice = alert(9)
    store.add_subject(advice)
    remediation = Remediation(about=gone, summary=f"{MARK}1", steps=())
    store.add_analysis(analysis(advice, minutes=1, analyzer="remediate", remediation=remediation))
    store.purge({"rejections": later(50)})
    assert store.purge(analysis_id=gone) == {"analyses": 2, "subjects": 2}
    assert f"{MARK}1".encode() not in held(file)
    assert f"{MARK}2".encode() in held(file)
    assert [each.id for each in store.analyses()] == [kept]


def test_an_unknown_kind_is_refused(store: Store) -> None:
    with pytest.raises(UsageError, match="'prompts'"):
        store.purge({"prompts": later(1)})


def test_purge_says_when_a_reader_holds_the_log(store: Store, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "CHECKPOINT_TRIES", 2)
    marked(store, 1, minutes=0)
    reader = sqlite3.connect(file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM analyses").fetchone()
    with Store.open(f"sqlite:///{file}", now=lambda: START, busy_seconds=0.1) as other:
        with pytest.raises(StoreError, match="still reads its log"):
            other.purge(all_before(50))
        reader.close()
        assert set(other.purge(all_before(50)).values()) == {0}
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


def test_purge_spares_what_queued_and_leased_jobs_wait_for(store: Store) -> None:
    waits, held, over = (store.jobs.submit(alert(n), "triage").job for n in range(3))
    store.jobs.cancel([over.id])
    (first,) = store.jobs.claim("w")
    assert first.id == waits.id
    analysed = store.add_analysis(analysis(alert(1), verdict=verdict()))
    store.purge(dict.fromkeys(KINDS, datetime(2100, 1, 1, tzinfo=UTC)))
    kept = store.jobs.subjects([waits, held, over])
    assert {id_ for id_, subject in kept.items() if subject.kept} == {waits.subject_id, held.subject_id}
    again = store.add_analysis(analysis(alert(1), verdict=verdict()))
    assert again.id == analysed.id
    store.purge(analysis_id=again.id)
    assert store.jobs.subjects([held])[held.subject_id].kept is not None

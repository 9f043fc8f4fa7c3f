"""Saving and finding: once each, exactly as given, in a stable order."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from schemas import Alert, Disposition, Document, Field, Judgement, Severity, State, SubjectKind
from secassist.errors import StoreError, UsageError
from secassist.store import Store
from tests.store.samples import LINEAGE, START, alert, analysis, code, finding, later, secret, verdict, window


def rows(store: Store, table: str) -> int:
    with store._engine.connect() as connection:
        return connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()


def test_a_subject_is_saved_once(store: Store) -> None:
    assert store.add_subject(alert())
    assert not store.add_subject(alert().model_copy(update={"origin": "elsewhere.jsonl:9"}))
    assert store.count_subjects() == 1


def test_alerts_and_windows_come_back_whole(store: Store) -> None:
    for subject in (alert(), window()):
        store.add_subject(subject)
        found = store.find_subject(subject.id)
        assert found is not None
        assert found.kept == subject
        assert found.first_seen == "2026-11-01T08:00:00Z"
    assert store.find_subject("0" * 64) is None


def test_code_and_documents_leave_no_text(store: Store, file: Path) -> None:
    document = Document(source="text", origin="note.txt", title="note", path="note.txt", body="a very private sentence")
    store.add_subject(code())
    store.add_subject(document)
    found = store.find_subject(code().id)
    assert found is not None
    assert (found.kind, found.kept) == (SubjectKind.CODE_UNIT, None)
    assert found.place == {"path": "app.py", "language": "python", "start_line": 1}
    held = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert b"private sentence" not in held
    assert b"os.system" not in held


def test_a_redacted_copy_is_kept_under_the_id_that_was_analysed(store: Store, file: Path) -> None:
    seen = Alert(source="json", fields=(Field(path="token", value="INVENTED-TOKEN-0001"),))
    redacted = Alert(source="json", fields=(Field(path="token", value="INVE...0001"),))
    store.add_subject(seen, kept=redacted)
    found = store.find_subject(seen.id)
    assert found is not None
    assert found.kept == redacted
    assert b"INVENTED-TOKEN" not in b"".join(path.read_bytes() for path in file.parent.iterdir())


def test_an_analysis_comes_back_as_it_was(store: Store) -> None:
    store.add_subject(code())
    given = analysis(code(), minutes=5, analyzer="review", findings=(finding(1), secret(2)))
    assert store.add_analysis(given) == given
    assert store.find_analysis(given.id) == given
    assert store.find_analysis(given.id[:6].upper()) == given
    assert rows(store, "findings") == 2


def test_the_same_analysis_adds_nothing_and_gives_the_first(store: Store) -> None:
    store.add_subject(alert())
    first = store.add_analysis(analysis(alert(), verdict=verdict(), findings=(finding(),)))
    again = store.add_analysis(analysis(alert(), minutes=99, verdict=verdict(Disposition.FALSE_POSITIVE)))
    assert again.model_dump_json() == first.model_dump_json()
    assert first.created_at == "2026-11-01T08:00:00Z"
    assert (rows(store, "analyses"), rows(store, "findings"), rows(store, "techniques")) == (1, 1, 1)


def test_an_analysis_without_its_subject_is_refused_whole(store: Store) -> None:
    with pytest.raises(StoreError, match="save the subject first"):
        store.add_analysis(analysis(alert(), verdict=verdict(), findings=(finding(),)))
    assert (rows(store, "analyses"), rows(store, "findings")) == (0, 0)


def test_a_failing_finding_takes_the_analysis_with_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from secassist.store import rows as row_module

    monkeypatch.setattr(row_module, "technique_rows", lambda _: [{"analysis_id": "nobody", "technique": "T1"}])
    store.add_subject(alert())
    with pytest.raises(StoreError):
        store.add_analysis(analysis(alert(), verdict=verdict(), findings=(finding(),)))
    assert (rows(store, "analyses"), rows(store, "findings")) == (0, 0)


def test_a_created_at_that_is_no_time_is_refused(store: Store) -> None:
    store.add_subject(alert())
    with pytest.raises(StoreError, match="ISO 8601"):
        store.add_analysis(analysis(alert()).model_copy(update={"created_at": "yesterday"}))


@pytest.mark.parametrize("prefix", ["abc", "abcde", "xyzxyz", "%%%%%%", "______"])
def test_bad_prefixes_are_refused(store: Store, prefix: str) -> None:
    with pytest.raises(UsageError, match="hex digits"):
        store.find_analysis(prefix)


def test_an_ambiguous_prefix_lists_its_matches(store: Store) -> None:
    for number in (1, 2):
        store.add_subject(alert(number))
        store.add_analysis(analysis(alert(number)))
    with store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE analyses SET id = 'abcdef' || substr(id, 7)")
    with pytest.raises(UsageError, match=r"several analyses: abcdef\w{6}, abcdef\w{6}"):
        store.find_analysis("abcdef")
    assert store.find_analysis("123456") is None


def test_an_altered_row_is_noticed(store: Store) -> None:
    store.add_subject(alert())
    saved = store.add_analysis(analysis(alert()))
    with store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE analyses SET outcome = replace(outcome, 'triage', 'review')")
    with pytest.raises(StoreError, match="altered"):
        store.find_analysis(saved.id)


def fill(store: Store, number: int = 30) -> list[str]:
    """`number` analyses, three of each minute."""
    ids = []
    for each in range(number):
        store.add_subject(alert(each))
        ids.append((each // 3, store.add_analysis(analysis(alert(each), minutes=each // 3)).id))
    return [id_ for _, id_ in sorted(ids)]


def test_listing_pages_in_a_stable_order(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from secassist.store import selecting

    monkeypatch.setattr(selecting, "PAGE", 7)
    expected = fill(store)
    assert [each.id for each in store.analyses()] == expected
    assert [each.id for each in store.analyses(newest_first=True)] == expected[::-1]
    assert [each.id for each in store.analyses(limit=10)] == expected[:10]
    assert [each.id for each in store.analyses(after=expected[9], limit=10)] == expected[10:20]
    assert [each.id for each in store.analyses(after=expected[9], newest_first=True)] == expected[:9][::-1]
    with pytest.raises(UsageError, match="continue after"):
        list(store.analyses(after="0" * 64))


def test_filters_agree_with_counts(store: Store) -> None:
    shapes = [
        {"verdict": verdict(Disposition.TRUE_POSITIVE, Severity.CRITICAL)},
        {"verdict": verdict(Disposition.FALSE_POSITIVE, Severity.LOW)},
        {"state": State.QUARANTINED},
        {"analyzer": "review", "findings": (finding(), secret(2, Judgement.PLACEHOLDER))},
    ]
    for minute, shape in enumerate(shapes):
        store.add_subject(alert(minute))
        store.add_analysis(analysis(alert(minute), minutes=minute, **shape))
    asked = [
        ({"analyzer": "review"}, 1),
        ({"state": State.QUARANTINED}, 1),
        ({"disposition": Disposition.FALSE_POSITIVE}, 1),
        ({"severity_at_least": Severity.HIGH}, 2),
        ({"severity_at_least": Severity.INFO}, 3),
        ({"since": later(1), "until": later(3)}, 2),
        ({"subject_id": alert(0).id}, 1),
        ({"analyzer": "review", "state": State.QUARANTINED}, 0),
        ({}, 4),
    ]
    for chosen, expected in asked:
        assert len(list(store.analyses(**chosen))) == store.count_analyses(**chosen) == expected, chosen
    assert (store.count_findings(), store.count_findings(Judgement.REAL)) == (2, 1)


def test_times_without_a_zone_are_refused(store: Store) -> None:
    with pytest.raises(UsageError, match="time zone"):
        list(store.analyses(since=datetime(2026, 1, 1)))


def test_strange_text_is_kept_exactly_in_the_outcome(store: Store) -> None:
    title = "\x00 \x1b[31m \u202e '; DROP TABLE analyses; -- 中文 \U0001f980"
    subject = alert().model_copy(update={"title": title})
    subject = Alert(source="json", title=title, fields=(Field(path="a\x00b", value=title),))
    store.add_subject(subject)
    saved = store.add_analysis(analysis(subject))
    found = store.find_analysis(saved.id)
    assert found is not None
    assert found.title == title
    kept = store.find_subject(subject.id)
    assert kept is not None
    assert kept.kept == subject


def test_rejections_are_counted_once(store: Store) -> None:
    assert store.add_rejection("alerts.jsonl:3", "no JSON")
    assert not store.add_rejection("alerts.jsonl:3", "no JSON")
    assert store.add_rejection("alerts.jsonl:4", "no JSON")
    assert store.count_rejections() == 2
    assert {each.origin for each in store.rejections()} == {"alerts.jsonl:3", "alerts.jsonl:4"}
    assert store.rejections(since=later(1)) == []


def test_reviews_are_kept_in_order(store: Store) -> None:
    store.add_subject(code())
    saved = store.add_analysis(analysis(code(), analyzer="review", findings=(finding(),)))
    first = store.add_review(saved.id, author="ana", disposition=Disposition.SUSPICIOUS, comment="see ticket")
    second = store.add_review(saved.id, author="bo", finding=0, judgement=Judgement.TEST)
    third = store.add_review(saved.id, author="bo", severity=Severity.LOW)
    fourth = store.add_review(saved.id, author="bo", finding=0, severity=Severity.HIGH)
    assert store.reviews(saved.id) == store.reviews() == [first, second, third, fourth]
    assert store.answers.of(saved.id) == [], "a severity alone is no answer of an investigation"
    assert store.reviews("0" * 64) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"finding": 0},
        {"judgement": Judgement.REAL},
        {"disposition": Disposition.SUSPICIOUS, "finding": 0, "judgement": Judgement.REAL},
        {"disposition": Disposition.SUSPICIOUS, "finding": 0},
        {"finding": 1, "judgement": Judgement.REAL},
    ],
)
def test_reviews_that_make_no_sense_are_refused(store: Store, wrong: dict[str, object]) -> None:
    store.add_subject(code())
    saved = store.add_analysis(analysis(code(), analyzer="review", findings=(finding(),)))
    with pytest.raises(UsageError):
        store.add_review(saved.id, author="ana", **wrong)
    with pytest.raises(UsageError, match="no analysis"):
        store.add_review("0" * 64, author="ana", disposition=Disposition.SUSPICIOUS)


def test_lineage_has_its_own_column(store: Store) -> None:
    store.add_subject(alert())
    store.add_analysis(analysis(alert()))
    with store._engine.connect() as connection:
        held = connection.exec_driver_sql("SELECT lineage FROM analyses").scalar()
    assert json.loads(held) == LINEAGE.model_dump(mode="json")
    assert START.tzinfo is not None

"""What else is stored that shares a rare value with a case: on a real store, without a model."""

import pytest

from schemas import (
    Analysis,
    Disposition,
    Finding,
    FindingKind,
    LogWindow,
    Place,
    SecretTrace,
    Severity,
    State,
)
from secassist.investigating import linking
from secassist.investigating.linking import links, rarity
from secassist.store import Store
from tests.investigating.samples import WORD, alert, case, judged
from tests.store.samples import LINEAGE


class TestLinks:
    def test_a_timeline_by_event_time_with_verdicts(self, store: Store) -> None:
        here = judged(store, alert(WORD, 10))
        late = judged(store, alert({"host.name": "fin-lt-1.corp.example", "n": "1"}, 30, "Late"))
        early = judged(store, alert({"user": "m.keller", "n": "2"}, 5, "Early"), disposition=Disposition.FALSE_POSITIVE)
        judged(store, alert({"host.name": "FIN-LT-11", "note": "m.kellerman"}, 7, "Other"))
        made = links(store, case(store, here))
        assert [each.analysis_id for each in made.linked] == [early.id, late.id]
        assert made.linked[0].disposition is Disposition.FALSE_POSITIVE
        assert made.linked[0].shared == (("user", "CORP\\m.keller"),)
        assert made.total == 2 and made.read == 3

    def test_a_word_of_that_spelling_is_no_link(self, store: Store) -> None:
        here = judged(store, alert({"user.name": "backup"}))
        judged(store, alert({"note": "the backup ran"}, 1))
        assert links(store, case(store, here)).linked == ()

    def test_the_beginning_of_a_line_in_a_window_is_seen(self, store: Store) -> None:
        here = judged(store, alert({"source.ip": "203.0.113.9"}))
        other = judged(store, LogWindow(source="syslog", title="w", body="one\n203.0.113.9 - - GET /\n203.0.113.99 x"))
        assert [each.analysis_id for each in links(store, case(store, here)).linked] == [other.id]

    def test_a_common_value_links_nothing_and_is_told(self, store: Store) -> None:
        here = judged(store, alert(WORD))
        for number in range(12):
            judged(store, alert({"host.name": "FIN-LT-1", "n": str(number)}, number))
        made = links(store, case(store, here))
        assert made.linked == ()
        assert [(each.kind, each.number) for each in made.common] == [("host", 12)]

    def test_how_rare_is_rare(self) -> None:
        assert [rarity(read) for read in (0, 8, 30, 500, 5_000, 100_000)] == [5, 5, 15, 20, 50, 1000]

    def test_what_is_shown_and_read_is_bounded(self, store: Store) -> None:
        here = judged(store, alert(WORD))
        for number in range(5):
            judged(store, alert({"host.name": "FIN-LT-1", "n": str(number)}, number + 1))
        made = links(store, case(store, here), shown=2)
        assert len(made.linked) == 2 and made.total == 5
        assert [each.when for each in made.linked] == sorted(each.when for each in made.linked)
        assert links(store, case(store, here), read=3).more

    def test_no_more_than_enough_are_counted(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(linking, "ENOUGH", 7)
        here = judged(store, alert(WORD))
        for number in range(12):
            judged(store, alert({"host.name": "FIN-LT-1", "n": str(number)}, number))
        assert links(store, case(store, here)).common[0].number == 8

    def test_the_same_secret_is_known_by_its_keyed_hash(self, store: Store) -> None:
        first, second, other = (secret(store, number, key) for number, key in ((1, "a"), (2, "a"), (3, "b")))
        made = links(store, case(store, first))
        assert [each.analysis_id for each in made.linked] == [second.id] != [other.id]
        assert made.linked[0].shared == (("secret", "ghp_****abcd"),)


def secret(store: Store, number: int, key: str) -> Analysis:
    subject = alert({"n": f"x{number}"}, number)
    store.add_subject(subject)
    trace = SecretTrace(mask="ghp_****abcd", hmac=key * 64, length=40)
    place = Place(path="a.py", start_line=3, end_line=3)
    values = {"kind": FindingKind.SECRET, "rule": "github-token", "message": "m", "place": place, "secret": trace}
    finding = Finding(**values, severity=Severity.HIGH, confidence=0.9)  # type: ignore[arg-type]
    kind = {"analyzer": "sensitive", "subject_id": subject.id, "subject_kind": subject.kind}
    made = Analysis(**kind, lineage=LINEAGE, state=State.OK, findings=(finding,))  # type: ignore[arg-type]
    return store.add_analysis(made)


def test_a_chinese_name_of_two_characters_links_and_two_letters_do_not(store: Store) -> None:
    first = judged(store, alert({"user.name": "张伟", "host.name": "ab"}))
    other = judged(store, alert({"user.name": "张伟", "host.name": "ab"}, minutes=5))
    judged(store, alert({"user.name": "张伟民", "host.name": "ab"}, minutes=9))
    (found_,) = links(store, case(store, first)).linked
    assert (found_.analysis_id, found_.shared) == (other.id, (("user", "张伟"),))

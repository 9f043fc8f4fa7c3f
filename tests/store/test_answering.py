"""Answers of investigations: kept beside corrections, never one of them, and links found in what is stored."""

from pathlib import Path

import pytest

from schemas import Disposition
from secassist.errors import UsageError
from secassist.store import Store
from tests.store.samples import alert, analysis, later

SECRET = "hunter2" + "hunter2"


@pytest.fixture
def judged(store: Store) -> str:
    subject = alert()
    store.add_subject(subject)
    return store.add_analysis(analysis(subject)).id


class TestAnswers:
    def test_the_last_one_to_each_question(self, store: Store, judged: str) -> None:
        store.answers.add(judged, "first", "yes", author="ana", note="saw it")
        store.answers.add(judged, "second", "unknown", author="ana")
        store.answers.add(judged, "first", "no", author="bo", note="it was a test")
        made = [(each.question, each.answer, each.author, each.note) for each in store.answers.of(judged)]
        assert made == [("second", "unknown", "ana", ""), ("first", "no", "bo", "it was a test")]

    def test_they_are_no_corrections(self, store: Store, judged: str) -> None:
        store.answers.add(judged, "first", "yes", author="ana")
        review = store.add_review(judged, disposition=Disposition.FALSE_POSITIVE, author="ana")
        assert store.reviews() == [review] == store.reviews(judged)
        assert [each.question for each in store.answers.of(judged)] == ["first"]
        assert list(store.analyses(decided=Disposition.FALSE_POSITIVE))

    def test_notes_and_authors_are_redacted(self, tmp_path: Path) -> None:
        subject = alert()
        with Store.open(f"sqlite:///{tmp_path / 'a.db'}", redact=lambda text: text.replace(SECRET, "[m]")) as store:
            store.add_subject(subject)
            id_ = store.add_analysis(analysis(subject)).id
            made = store.answers.add(id_, "first", "yes", author=SECRET, note=f"by {SECRET}")
            assert (made.author, made.note) == ("[m]", "by [m]")
            assert store.answers.of(id_) == [made]

    @pytest.mark.parametrize(("question", "answer"), [("first", "maybe"), ("", "yes"), ("two words", "yes")])
    def test_what_is_no_answer(self, store: Store, judged: str, question: str, answer: str) -> None:
        with pytest.raises(UsageError, match="yes, no or unknown"):
            store.answers.add(judged, question, answer, author="ana")

    def test_an_unknown_analysis(self, store: Store) -> None:
        with pytest.raises(UsageError, match="to investigate"):
            store.answers.add("0" * 64, "first", "yes", author="ana")

    def test_they_go_with_the_analysis_and_by_their_age(self, store: Store, judged: str) -> None:
        store.answers.add(judged, "first", "yes", author="ana")
        assert store.purge({"reviews": later(-1)})["reviews"] == 0
        assert store.purge({"reviews": later(1)})["reviews"] == 1
        store.answers.add(judged, "first", "yes", author="ana")
        store.purge(analysis_id=judged)
        assert store.answers.of(judged) == []


class TestLinks:
    def test_texts_are_the_newest_that_are_kept(self, store: Store) -> None:
        for number in (1, 2, 3):
            store.add_subject(alert(number))
        assert len(list(store.links.texts(2))) == 2
        assert {kept.id for kept in store.links.texts(9)} == {alert(number).id for number in (1, 2, 3)}
        assert all("Odd login" in kept.body for kept in store.links.texts(9))
        store.purge({"subjects": later(1)})
        assert list(store.links.texts(9)) == []

    def test_about_gives_the_newest_of_these_analyzers(self, store: Store, judged: str) -> None:
        found = store.links.about([alert().id], ["triage"])
        assert [each.id for each in found] == [judged]
        assert store.links.about([alert().id], ["review"]) == []


def test_both_on_postgresql(empty: str) -> None:
    subject = alert()
    with Store.open(empty) as store:
        store.add_subject(subject)
        id_ = store.add_analysis(analysis(subject)).id
        store.answers.add(id_, "first", "yes", author="ana", note="n")
        assert [each.note for each in store.answers.of(id_)] == ["n"]
        assert store.reviews() == []
        kept = list(store.links.texts(5))
        assert [each.id for each in kept] == [subject.id] and '"Odd login 1"' in kept[0].body
        assert store.links.sharing({"a" * 64}, 5) == []

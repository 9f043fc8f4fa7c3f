"""Terms, ranks and silence."""

import pytest

from schemas import Document, Subject
from secassist.analyzers._asking.gathering import gathered
from secassist.analyzers._asking.index import Index
from secassist.analyzers._asking.passages import passages
from secassist.analyzers._asking.words import terms


def document(body: str, origin: str = "a.md") -> Document:
    return Document(source="text", origin=origin, body=body)


def as_is(subject: Subject) -> Subject:
    return subject


@pytest.mark.parametrize(
    ("one", "two"),
    [("isolating", "isolation"), ("stopped", "stop"), ("policies", "policy"), ("begins", "start"), ("e-mail", "mail")],
)
def test_forms_of_a_word_are_one_term(one: str, two: str) -> None:
    assert set(terms(two)) <= set(terms(one))


def test_codes_stay_whole_and_chinese_comes_in_pairs() -> None:
    assert {"t1003.001", "cve-2026-11873", "db-prod-01"} <= set(terms("T1003.001 CVE-2026-11873 db-prod-01"))
    assert terms("备份保留") == ["备份", "份保", "保留"]
    assert terms("备份保留多久？", asked=True) == ["备份", "份保", "保留"]


def test_words_of_a_heading_find_the_text_below_it() -> None:
    body = "# Ransomware\n\nCall the lead.\n\n# Flood\n\nCall the fire brigade.\n"
    index = Index(passages(document(body)))
    assert index.ranked(terms("ransomware"), 5)[0][1] == 0


def test_the_answer_is_what_holds_the_kind_of_thing_that_is_asked_for() -> None:
    body = "Backups of the finance system are encrypted.\nBackups of the finance system are kept for 7 years.\n"
    found = gathered("How long are backups of the finance system kept?", [document(body)], as_is, 1)
    assert [found["candidates"][at - 1]["line"] for at in found["chosen"]] == [2]


def test_only_documents_that_may_answer_are_searched_for_secrets() -> None:
    seen: list[str] = []

    def conceal(subject: Subject) -> Subject:
        seen.append(subject.origin)
        return subject

    documents = [document("The duty manager agrees.\n"), document("Lunch is at noon.\n", "b.md")]
    gathered("Which duty manager agrees?", documents, conceal, 3)
    assert seen == ["a.md"]


@pytest.mark.parametrize("body", ["", "x", "。", "\n\n", "# only a heading\n"])
def test_next_to_nothing_answers_nothing(body: str) -> None:
    assert gathered("Who is called?", [document(body)], as_is, 3)["chosen"] == []


def test_copies_are_cited_once_and_make_no_word_common() -> None:
    body = "".join(f"Filler number {n} is here.\n\n# Part {n}\n\n" for n in range(30))
    copies = [document(f"The duty manager agrees to isolation.\n\n{body}", f"{n}.md") for n in range(20)]
    found = gathered("Who agrees to isolation?", copies, as_is, 3)
    assert len(found["chosen"]) == 1

"""Quotes come from the input word for word; what is not in the input is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Alert, Document, Evidence, Field
from secassist import grounding

TEXT = Document(source="text", body="first\n  second, indented  \n\n" + "x" * 900)


def test_cited_lines_become_quotes_in_order_each_once() -> None:
    found = grounding.quotes(TEXT, [2, 1, 2], by="model", note="why")
    assert [(e.line, e.quote, e.by, e.note) for e in found] == [
        (1, "first", "model", "why"),
        (2, "second, indented", "model", "why"),
    ]
    assert all(grounding.stands(TEXT, evidence) for evidence in found)


def test_numbers_that_are_no_line_are_refused() -> None:
    assert grounding.quotes(TEXT, [0, -1, 5, 10**9]) == ()


def test_an_empty_line_is_no_evidence() -> None:
    assert grounding.quotes(TEXT, [3]) == ()


def test_a_long_line_is_quoted_by_its_beginning() -> None:
    (found,) = grounding.quotes(TEXT, [4])
    assert found.quote == "x" * grounding.QUOTE_LIMIT
    assert grounding.stands(TEXT, found)


def test_a_quote_names_the_field_and_leaves_it_out() -> None:
    alert = Alert(source="s", fields=(Field(path="a.b", value="v: w"),))
    (found,) = grounding.quotes(alert, [1])
    assert (found.field, found.quote) == ("a.b", "v: w")


def test_a_masked_value_is_marked() -> None:
    text = Document(source="text", body="key = [aws-access-key:AKIA****MPLE]\nkey = [ok]\n****\n[iban:GB82****4 32]")
    assert [e.redacted for e in grounding.quotes(text, [1, 2, 3, 4])] == [True, False, False, True]


def test_an_invented_quote_does_not_stand() -> None:
    assert not grounding.stands(TEXT, Evidence(line=1, quote="second"))
    assert not grounding.stands(TEXT, Evidence(line=99, quote="first"))


@given(st.text(max_size=200), st.lists(st.integers(-3, 30)))
def test_every_quote_stands(body: str, numbers: list[int]) -> None:
    document = Document(source="text", body=body)
    for evidence in grounding.quotes(document, numbers):
        assert evidence.line in numbers
        assert evidence.quote in document.lines[evidence.line - 1].text
        assert grounding.stands(document, evidence)


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("3 of 21 alerts were true positives.", ("3", "21")),
        ("1,234,567 lines, and 3.", ("1234567", "3")),
        ("no number at all", ()),
        ("1,2", ("1,2",)),
        ("3.0", ("3.0",)),
        ("T1059.021", ("1059.021",)),
        ("４个告警", ("４",)),
    ],
)
def test_numbers_are_read_as_they_are_meant(sentence: str, found: tuple[str, ...]) -> None:
    assert grounding.numbers(sentence) == found

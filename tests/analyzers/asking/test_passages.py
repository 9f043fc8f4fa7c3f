"""Passages: every sentence stands in the lines that it names, under the headings above it."""

import time
from itertools import pairwise

import pytest

from schemas import Document
from secassist.analyzers._asking.passages import Passage, passages
from tests.test_docs import ROOT


def cut(body: str, origin: str = "a.md") -> list[Passage]:
    return list(passages(Document(source="text", origin=origin, body=body)))


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "workers/SCALING.md",
        "secassist/knowledge/playbook.yaml",
        *(f"benchmarks/ask/documents/{name}" for name in ("remote_access.txt", "handover.html", "contacts.csv")),
    ],
)
def test_every_quote_stands_where_it_is_said_to(path: str) -> None:
    body = (ROOT / path).read_text(encoding="utf-8")
    lines = body.split("\n")
    found = [sentence for passage in cut(body, path) for sentence in passage.sentences]
    assert len(found) >= 5
    for each in found:
        assert each.quote in "\n".join(lines[each.line - 1 : each.end_line])
    assert all(one.line <= two.line for one, two in pairwise(found))


def test_headings_nest_and_underlined_ones_count() -> None:
    body = "# A\n\none.\n\n## B\n\ntwo.\n\n## C\n\nthree.\n"
    assert [each.heading for each in cut(body)] == [("A",), ("A", "B"), ("A", "C")]
    assert [each.heading for each in cut("Title\n=====\n\nPart\n----\n\ntext.\n")] == [("Title", "Part")]


def test_sentences_part_in_both_languages_and_abbreviations_do_not() -> None:
    (passage,) = cut("Ask Dr. Lind first. Then call, e.g. Monday, the desk! 先断网。再上报。\n")
    assert [each.quote for each in passage.sentences] == [
        "Ask Dr. Lind first.",
        "Then call, e.g. Monday, the desk!",
        "先断网。",
        "再上报。",
    ]


def test_items_know_what_introduces_them_and_fences_hide_headings() -> None:
    (passage,) = cut("Call in this order:\n\n1. the lead\n2. the\n   manager\n\n```\n# no heading\n```\n")
    assert [(each.quote, each.lead) for each in passage.sentences][1:3] == [
        ("1. the lead", "Call in this order:"),
        ("2. the\n   manager", "Call in this order:"),
    ]
    assert passage.sentences[-1].quote == "# no heading"


@pytest.mark.parametrize("piece", ["<p ", "# ", "a. ", "|", "\n", "</p>", "- x:\n", "。", " ", "<h1", "1. "])
def test_odd_texts_take_linear_time(piece: str) -> None:
    began = time.process_time()
    cut(piece * (200_000 // len(piece)))
    assert time.process_time() - began < 3


@pytest.mark.parametrize("line", [" " * 50_000 + "!", " - " * 20_000, "a" + " " * 50_000 + "b", "\t" * 50_000 + "x"])
def test_a_line_of_blanks_behind_another_takes_linear_time(line: str) -> None:
    began = time.process_time()
    (passage,) = cut(f"First line\n{line}\nContact desk : 4471\n")
    assert time.process_time() - began < 3
    assert passage.sentences[-1].quote == "Contact desk : 4471"

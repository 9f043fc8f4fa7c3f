"""Composed handlers: weak and safe twins that are told apart by all their parts, in every language of the tables."""

import ast
from collections import Counter

import pytest

from secassist.training.scenarios.flows import generate_flows


@pytest.fixture(scope="module")
def samples():
    return list(generate_flows(5, 1800))


def test_they_are_distinct_and_even(samples):
    assert len(samples) == len({s.text for s in samples}) == 1800
    weak = Counter(s.language for s in samples if s.cwe)
    every = Counter(s.language for s in samples)
    assert {"python", "java"} <= every.keys()
    assert all(0.35 < weak[language] / every[language] < 0.65 for language in every)


def test_the_same_seed_gives_the_same_text(samples):
    assert [s.text for s in generate_flows(5, 40)] == [s.text for s in samples[:40]]
    assert [s.text for s in generate_flows(6, 40)] != [s.text for s in samples[:40]]


def test_no_mark_of_the_tables_is_left(samples):
    for s in samples:
        assert not any(mark in s.text + s.fixed for mark in ("@@", "<v>", "<w>", "<body>", "{arg}", "{word}"))
        assert set(s.rationale) == {"en", "zh"}
        assert all("{" not in text for text in s.rationale.values())


def test_a_weak_one_names_its_lines_and_its_repair(samples):
    for s in samples:
        lines = s.text.split("\n")
        if s.cwe:
            assert s.lines and all(lines[number - 1].strip() for number in s.lines)
            assert s.fixed and s.fixed != s.text
        else:
            assert s.lines == () and s.fixed == ""


def test_python_is_python(samples):
    for s in samples:
        if s.language == "python":
            ast.parse(s.text)
            ast.parse(s.fixed or "0")


def test_the_same_weak_call_is_safe_in_other_company(samples):
    """No line may give the answer away: most weak calls also stand in safe code, where what they get is harmless."""
    safe = {line.strip().split("(")[0] for s in samples if not s.cwe for line in s.text.split("\n")}
    marked = [s.text.split("\n")[s.lines[-1] - 1].strip().split("(")[0] for s in samples if s.cwe]
    assert sum(call in safe for call in marked) > 0.6 * len(marked)

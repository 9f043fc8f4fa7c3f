"""What a person is told where no rewrite is accepted: there is a sentence for whatever is reported."""

import pytest

from secassist.detectors._code.lines import RULES
from secassist.detectors._flow.rules import WEAKNESSES
from secassist.fixing.by_hand import sentence
from tests.fixing.fixtures import fixed

LANGUAGES = ("python", "javascript", "typescript", "java", "go", "c", "cpp", "csharp", "php")
UNTOLD = {"CWE-676", "CWE-562"}
"""Rust's unsafe blocks are no fault by themselves; a returned address of the stack is always another design."""


def test_every_weakness_that_is_reported_has_a_sentence_in_every_language() -> None:
    numbers = {f"CWE-{each.cwe}" for each in WEAKNESSES.values()} | {rule.cwe for rule in RULES}
    assert not [(cwe, each) for cwe in numbers - UNTOLD for each in LANGUAGES if not sentence(cwe, each)]


def test_a_language_is_told_its_own_way_and_its_kin_the_same() -> None:
    assert "PreparedStatement" in sentence("CWE-89", "java")
    assert sentence("CWE-78", "typescript") == sentence("CWE-78", "javascript") != sentence("CWE-78", "java")
    assert sentence("CWE-122", "cpp") == sentence("CWE-122", "c")
    assert sentence("CWE-99999", "java") == ""


@pytest.mark.parametrize(("text", "told"), [("import random\nt = random.random()\n", False), ("exec(code)\n", True)])
def test_it_is_said_only_where_nothing_was_accepted(text: str, told: bool) -> None:
    cwe = "CWE-95" if told else "CWE-330"
    advice = fixed(text, text.count("\n"), cwe).advice
    assert any(line.startswith("By hand: ") for line in advice) is told


def test_a_template_made_of_text_from_outside_is_told_of_its_context_and_not_of_eval() -> None:
    told = sentence("CWE-1336", "python")
    assert "context" in told and "eval" not in told

"""Comments that silence findings: where they reach, and when they have no effect."""

from datetime import date

import pytest

from schemas import Finding, FindingKind, Place, Severity
from secassist.scanning.suppressing import Suppression, suppressions

TODAY = date(2026, 11, 22)


def finding(first: int, last: int | None = None, rule: str = "B602", cwe: str = "CWE-78") -> Finding:
    place = Place(path="a.py", start_line=first, end_line=last or first)
    return Finding(
        kind=FindingKind.WEAKNESS, rule=rule, message="m", place=place, severity=Severity.HIGH, confidence=0.9, cwe=cwe
    )


def silent(text: str, found: Finding, today: date = TODAY) -> bool:
    return any(each.covers(found) for each in suppressions(text) if not each.fault(today))


@pytest.mark.parametrize(
    "comment",
    [
        "# secassist: ignore[B602] input is a constant",
        "// secassist: ignore[b602] input is a constant",
        "/* secassist: ignore[CWE-78] input is a constant */",
        "-- secassist: ignore[weakness] input is a constant",
        "<!-- secassist: ignore[B101, B602] input is a constant -->",
        "#secassist:ignore[B602] input is a constant until=2026-12-31",
    ],
)
def test_every_spelling_works_on_the_line_and_above(comment):
    assert silent(f"call(x)  {comment}\n", finding(1))
    assert silent(f"a\n{comment}\ncall(x)\n", finding(3))
    assert not silent(f"a\n{comment}\ncall(x)\nmore\n", finding(4))
    assert not silent(f"call(x)  {comment}\nnext\n", finding(2)), "a comment behind code speaks of that line only"


def test_several_comments_above_speak_of_the_same_line():
    text = "# secassist: ignore[B101] checked before\n# secassist: ignore[B602] a constant\ncall(x)\n"
    assert silent(text, finding(3)) and silent(text, finding(3, rule="B101", cwe=""))


def test_a_finding_over_several_lines_is_silenced_on_any_of_them():
    assert silent("call(\n  x,  # secassist: ignore[B602] a constant\n)\n", finding(1, 3))


@pytest.mark.parametrize(
    ("comment", "says"),
    [
        ("# secassist: ignore[B602]", "no reason"),
        ("# secassist: ignore[B602]  -- ", "no reason"),
        ("/* secassist: ignore[B602] */", "no reason"),
        ("# secassist: ignore[B602] until=2026-12-31", "no reason"),
        ("# secassist: ignore because I say so", "names no rule"),
        ("# secassist: ignore[] because I say so", "names no rule"),
        ("# secassist: ignore[B602] a constant until=soon", "no date"),
        ("# secassist: ignore[B602] a constant until=2026-02-30", "no date"),
        ("# secassist: ignore[B602] a constant until=2026-11-21", "expired on 2026-11-21"),
    ],
)
def test_without_reason_rule_or_valid_date_it_has_no_effect_and_says_so(comment, says):
    (each,) = suppressions(f"call(x)  {comment}\n")
    assert says in each.fault(TODAY)
    assert not silent(f"call(x)  {comment}\n", finding(1))


def test_the_last_day_still_counts():
    assert silent("call(x)  # secassist: ignore[B602] a constant until=2026-11-22", finding(1))


def test_other_rules_are_not_silenced():
    assert not silent("call(x)  # secassist: ignore[B101] a constant", finding(1))
    assert not silent("call(x)  # secassist: ignore[B60] a constant", finding(1))


def test_lines_count_from_where_the_text_begins():
    assert suppressions("x\n# secassist: ignore[B602] a constant\ny", first=41) == (
        Suppression(42, 43, ("b602",), reason="a constant"),
    )


def test_no_pattern_is_slow():
    for evil in ("# secassist: ignore[" * 50_000, "# secassist: ignore" + "[" * 1_000_000, "secassist:" * 100_000):
        suppressions(evil)


@pytest.mark.parametrize(
    "name", ["B608", "weakness/B608", "CWE-89", "cwe-89", "CWE89", "89", "cwe_089", "python_static", "code_flow"]
)
def test_any_name_that_a_reviewer_was_shown_silences(name):
    found = finding(1, rule="B608", cwe="CWE-89").model_copy(update={"by": ("python_static", "code_flow", "model")})
    assert silent(f"call(x)  # secassist: ignore[{name}] a constant", found)


@pytest.mark.parametrize("name", ["8", "CWE-8", "CWE-890", "model", "secret/B608", "python"])
def test_other_names_do_not(name):
    found = finding(1, rule="B608", cwe="CWE-89").model_copy(update={"by": ("python_static", "model")})
    assert not silent(f"call(x)  # secassist: ignore[{name}] a constant", found)


def test_a_comment_that_covers_nothing_says_why():
    (each,) = suppressions("call(x)  # secassist: ignore[B620] a constant")
    assert each.idle([]) == each.idle([finding(9)]) == "covers nothing that was found"
    assert each.idle([finding(1)]) == "names nothing that was found there (B602)"
    assert each.idle([finding(1), finding(1, rule="B620")]) == ""

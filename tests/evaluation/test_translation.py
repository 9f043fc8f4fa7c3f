"""Analysis to prediction: what each outcome means, and that a failure never means harmless."""

import pytest

from schemas import Disposition, FindingKind, Judgement, State
from secassist.evaluation.subjects import subjects
from secassist.evaluation.translation import calls_bad, translate
from tests.evaluation.builders import analysis, example, finding, verdict


def predict(made, *outcomes, analyzer="triage"):
    asked = subjects(made)
    answers = [analysis(s, analyzer, **outcome) for s, outcome in zip(asked, outcomes, strict=True)]
    return translate(made, asked, answers)


def test_a_verdict():
    said = predict(example("T3"), {"verdict": verdict(score=0.9, techniques=("T1059",), lines=(1,))})
    assert (said.score, said.decision, said.techniques) == (0.9, "true_positive", ("T1059",))
    assert (said.lines, said.cwe, said.spans, said.error, said.abstained) == (None, None, None, None, False)


def test_cited_lines_of_a_window():
    assert predict(example("T2"), {"verdict": verdict(lines=(2, 1, 2))}).lines == (1, 2)


@pytest.mark.parametrize(
    ("disposition", "score"), [(Disposition.SUSPICIOUS, 0.8), (Disposition.FALSE_POSITIVE, pytest.approx(0.2))]
)
def test_without_a_score_the_confidence_speaks(disposition, score):
    assert predict(example("T1"), {"verdict": verdict(disposition, None)}).score == score


def test_not_evaluable_abstains_without_being_an_error():
    said = predict(example("T1"), {"verdict": verdict(Disposition.NOT_EVALUABLE, 0.4)})
    assert (said.score, said.decision, said.abstained, said.error) == (None, "not_evaluable", True, None)


@pytest.mark.parametrize("state", [s for s in State if s is not State.OK])
@pytest.mark.parametrize("task", ["T1", "C1", "S1"])
def test_a_run_that_did_not_end_well_abstains(state, task):
    said = predict(example(task), {"state": state, "error": "why " * 200}, analyzer="any")
    assert said.abstained
    assert (said.score, said.decision) == (None, None)
    assert said.error is not None
    assert said.error.startswith(f"{state.value}: why")
    assert len(said.error) <= 300


def test_a_triage_without_a_verdict_is_an_error():
    assert "no verdict" in (predict(example("T1"), {}).error or "")


def test_techniques_only():
    said = predict(example("T5"), {"verdict": verdict(techniques=("T1027", "T1059"))}, analyzer="techniques")
    assert (said.techniques, said.score, said.decision) == (("T1027", "T1059"), None, None)


def test_review_takes_the_surest_real_finding():
    found = (
        finding(confidence=0.4, cwe="CWE-79", lines=(3, 4)),
        finding(confidence=0.6, cwe="CWE-89", lines=(1, 1)),
        finding(confidence=0.99, cwe="CWE-22", lines=(9, 9), judgement=Judgement.PLACEHOLDER),
        finding(FindingKind.SECRET, confidence=0.98, lines=(8, 8)),
    )
    said = predict(example("C1"), {"findings": found}, analyzer="review")
    assert (said.score, said.decision) == (0.6, "vulnerable")
    assert (said.cwe, said.lines) == (("CWE-89", "CWE-79"), (1, 3, 4))


def test_review_that_finds_nothing_says_safe():
    said = predict(example("C1"), {}, analyzer="review")
    assert (said.score, said.decision, said.lines, said.abstained) == (0.0, "safe", (), False)


def test_review_with_a_verdict_speaks_by_it():
    outcome = {"verdict": verdict(Disposition.FALSE_POSITIVE, 0.3), "findings": (finding(confidence=0.6),)}
    said = predict(example("C1"), outcome, analyzer="review")
    assert (said.score, said.decision) == (0.3, "safe")


def pair(before="a\nb\nc", after="a\nB\nc"):
    return example("C2", input=before, label={"before": before, "after": after}, language="c")


def test_a_pair_is_judged_on_both_sides():
    said = predict(pair(), {"findings": (finding(confidence=0.7),)}, {}, analyzer="review")
    assert (said.score, said.decision) == (0.7, "vulnerable")
    assert said.after is not None
    assert (said.after.score, said.after.decision) == (0.0, "safe")
    assert said.fix is None


def test_a_pair_with_one_failed_side_abstains():
    said = predict(pair(), {}, {"state": State.TRUNCATED}, analyzer="review")
    assert (said.abstained, said.error, said.after) == (True, "truncated", None)


def test_fixes_are_put_in_place_surest_first():
    found = (
        finding(confidence=0.9, fix=(2, 2, "B1\nB2\n")),
        finding(confidence=0.8, fix=(2, 3, "lost")),
        finding(confidence=0.7, fix=(3, 3, "C")),
        finding(confidence=0.6, fix=(4, 9, "outside")),
    )
    assert predict(pair(), {"findings": found}, {}, analyzer="review").fix == "a\nB1\nB2\nC"


@pytest.mark.parametrize(("task", "kind"), [("S1", FindingKind.SECRET), ("S2", FindingKind.PERSONAL_DATA)])
def test_spans_of_the_kind_that_was_asked_for(task, kind):
    other = FindingKind.WEAKNESS
    found = (
        finding(kind, 0.8, rule="b", chars=(7, 9)),
        finding(kind, 0.5, rule="a", chars=(0, 4)),
        finding(kind, 0.9, chars=(2, 3), judgement=Judgement.UNSURE),
        finding(other, 0.95, chars=(1, 2)),
    )
    said = predict(example(task, input="text\r\nmore text"), {"findings": found}, analyzer="sensitive")
    assert (said.score, said.decision) == (0.8, "found")
    assert [(s.start, s.end, s.type, s.score) for s in said.spans or ()] == [(0, 4, "a", 0.5), (8, 10, "b", 0.8)]


def test_nothing_found():
    said = predict(example("S1"), {}, analyzer="sensitive")
    assert (said.score, said.decision, said.spans) == (0.0, "clean", ())


@pytest.mark.parametrize(
    ("decision", "score", "bad"),
    [
        ("suspicious", 0.1, True),
        ("true_positive", None, True),
        ("benign_expected", 0.9, False),
        ("false_positive", None, False),
        ("vulnerable", 0.2, True),
        ("safe", 0.8, False),
        ("found", 0.2, True),
        ("clean", 0.8, False),
        (None, 0.5, True),
        (None, 0.49, False),
        (None, None, False),
    ],
)
def test_what_calls_bad(decision, score, bad):
    assert calls_bad(decision, score) is bad

"""Scorecards of small hand-made runs: every figure is counted by hand."""

import pytest

from secassist.evaluation.predictions import After, PredictedSpan, Prediction
from secassist.evaluation.scorecard import Scorecard, render_markdown
from secassist.evaluation.scoring import score
from secassist.sources.base import Rejected
from tests.evaluation.builders import example


def one(examples, predictions, **more):
    (found,) = score(examples, predictions, **more).tasks
    return found


def value(found, name):
    return found.measures[name].value


def threats(verdicts, task="T3"):
    return [example(task, f"i{n}", label={"verdict": v}) for n, v in enumerate(verdicts)]


def said(n, score_, decision=None, task="T3", **more):
    return Prediction(id=f"i{n}", task=task, score=score_, decision=decision, **more)


def test_decisions_scores_and_counts():
    made = threats(["malicious", "suspicious", "benign", "benign"])
    answers = [said(0, 0.9), said(1, 0.2), said(2, 0.6), said(3, 0.1)]
    found = one(made, answers)
    assert (found.items, found.bad, found.benign) == (4, 2, 2)
    assert value(found, "precision") == 0.5
    assert value(found, "recall") == value(found, "tpr") == 0.5
    assert value(found, "fpr") == 0.5
    assert value(found, "f1") == 0.5
    assert value(found, "auc") == 0.75
    assert value(found, "youden") == 0
    assert found.measures["auc"].low is not None
    assert found.measures["auc"].n == 4


def test_the_decision_counts_not_the_score_where_they_differ():
    found = one(threats(["malicious", "benign"]), [said(0, 0.1, "suspicious"), said(1, 0.9, "benign_expected")])
    assert (value(found, "tpr"), value(found, "fpr"), value(found, "auc")) == (1.0, 0.0, 0.0)


def test_abstaining_is_wrong_either_way():
    made = threats(["malicious", "benign", "malicious", "benign"])
    answers = [said(0, None, abstained=True), said(1, None, abstained=True), said(2, 0.9), said(3, 0.1)]
    found = one(made, answers)
    assert (value(found, "tpr"), value(found, "fpr")) == (0.5, 0.5)
    assert (value(found, "abstention"), value(found, "invalid")) == (0.5, 0.0)
    assert (value(found, "auc"), found.measures["auc"].n) == (1.0, 2)


def test_invalid_outputs_are_counted():
    found = one(threats(["malicious"] * 4), [said(n, 0.9, error="truncated" if n == 0 else None) for n in range(4)])
    assert value(found, "invalid") == 0.25


def test_one_class_gives_no_figure_that_needs_two():
    found = one(threats(["benign", "benign"]), [said(0, 0.9), said(1, 0.1)])
    assert value(found, "fpr") == 0.5
    assert not {"tpr", "precision", "recall", "f1", "auc"} & set(found.measures)


def test_items_without_a_verdict_are_in_no_decision():
    found = one(threats([None, "benign"]), [said(0, 0.9), said(1, 0.1)])
    assert (found.items, found.measures["fpr"].n) == (2, 1)


def test_only_items_that_were_predicted_are_scored_and_only_those_asked_for():
    found = score(threats(["malicious", "benign"]), [said(0, 0.9), said(7, 0.9)])
    assert (found.items, found.tasks[0].items) == (1, 1)


def test_speed_is_items_over_seconds():
    found = score(threats(["benign"] * 2), [said(0, 0.1, seconds=0.5), said(1, 0.1, seconds=1.5)])
    assert found.seconds == 2.0
    assert value(found.tasks[0], "items_per_second") == 1.0


def test_slices_by_source_and_language():
    made = [
        example("C1", "i0", source="a", language="php"),
        example("C1", "i1", source="b", language="php"),
        example("C1", "i2", source="b"),
    ]
    found = score(made, [said(n, 0.9, task="C1") for n in range(3)])
    assert [(s.source, s.items) for s in found.sources] == [("a", 1), ("b", 2)]
    assert [(s.language, s.items) for s in found.languages] == [("php", 2)]
    assert [(s.task, s.source, s.language) for s in found.tasks] == [("C1", "", "")]


def test_techniques_are_compared_by_parent():
    made = [example("T5", f"i{n}", label={"verdict": None, "techniques": ["T1059.001"]}) for n in range(4)]
    made.append(example("T5", "i4", label={"techniques": []}))
    answers = [("T1059.003",), ("T1027", "T1055", "T1059"), ("T1027", "T1027.001", "T1055", "T1059"), (), ("T1",)]
    found = one(made, [Prediction(id=f"i{n}", task="T5", techniques=a) for n, a in enumerate(answers)])
    assert (value(found, "technique_top1"), value(found, "technique_top3")) == (0.25, 0.75)
    assert found.measures["technique_top1"].n == 4


def test_weaknesses_and_lines():
    label = {"vulnerable": True, "cwe": ["CWE-79"], "lines": [2, 3]}
    made = [example("C1", f"i{n}", label=label) for n in range(2)]
    made.append(example("C1", "i2", label={"vulnerable": False, "cwe": [], "lines": []}))
    answers = [
        said(0, 0.9, "vulnerable", "C1", cwe=("CWE-79",), lines=(3, 4, 5)),
        said(1, 0.8, "vulnerable", "C1", cwe=("CWE-20", "CWE-79"), lines=()),
        said(2, 0.0, "safe", "C1", cwe=(), lines=(1,)),
    ]
    found = one(made, answers)
    assert (value(found, "cwe_top1"), value(found, "cwe_top3")) == (0.5, 1.0)
    assert value(found, "line_precision") == pytest.approx(1 / 3, abs=1e-6)
    assert value(found, "line_recall") == 0.25
    assert value(found, "line_f1") == pytest.approx(2 / 7, abs=1e-6)
    assert value(found, "line_hit") == 0.5


def pairs(count):
    label = {"before": "x", "after": "y", "cwe": ["CWE-79"]}
    return [example("C2", f"i{n}", input="x", label=label) for n in range(count)]


def test_pairs_must_be_right_on_both_sides():
    answers = [
        said(0, 0.9, "vulnerable", "C2", after=After(score=0.1, decision="safe")),
        said(1, 0.9, "vulnerable", "C2", after=After(score=0.9, decision="vulnerable")),
        said(2, 0.1, "safe", "C2", after=After(score=0.1, decision="safe")),
        said(3, None, None, "C2", abstained=True, after=After(score=0.1, decision="safe")),
    ]
    found = one(pairs(4), answers)
    assert value(found, "both_right") == 0.25
    assert (value(found, "tpr"), value(found, "fpr")) == (0.5, 0.5)
    assert value(found, "auc") == pytest.approx(8.5 / 12, abs=1e-6)  # 0.9 and 0.9 win 3.5 each, 0.1 wins 1.5


def test_a_missing_second_side_is_wrong():
    assert value(one(pairs(1), [said(0, 0.9, "vulnerable", "C2")]), "both_right") == 0.0


def spans(*places, type_="x"):
    return tuple(PredictedSpan(start=a, end=b, type=type_, score=0.8) for a, b in places)


def test_secret_spans():
    label = {"spans": [{"start": a, "end": b, "type": "k", "is_secret": True} for a, b in ((0, 10), (20, 30))]}
    made = [example("S1", "i0", label=label), example("S1", "i1", label={"spans": []})]
    answers = [
        said(0, 0.8, "found", "S1", spans=spans((0, 10), (21, 29))),
        said(1, 0.8, "found", "S1", spans=spans((3, 5))),
    ]
    found = one(made, answers)
    assert value(found, "span_exact_precision") == pytest.approx(1 / 3, abs=1e-6)
    assert (value(found, "span_exact_recall"), value(found, "span_exact_f1")) == (0.5, pytest.approx(0.4))
    assert value(found, "span_overlap_recall") == 1.0
    assert value(found, "span_overlap_f1") == pytest.approx(0.8)
    assert (value(found, "tpr"), value(found, "fpr")) == (1.0, 1.0)


def test_types_that_were_not_annotated_are_neither_right_nor_wrong():
    label = {"spans": [], "scope": ["PHONE_NUMBER"]}
    made = [example("S2", f"i{n}", label=label) for n in range(3)]
    answers = [
        said(0, 0.8, "found", "S2", spans=spans((0, 5), type_="email")),
        said(1, 0.8, "found", "S2", spans=spans((0, 5), type_="phone")),
        said(2, 0.8, "found", "S2", spans=spans((0, 5), type_="id_number")),
    ]
    found = one(made, answers)
    assert value(found, "fpr") == pytest.approx(1 / 3, abs=1e-6)
    assert found.measures["span_exact_precision"].n == 1


def test_a_span_of_another_name_on_an_annotated_place_counts():
    label = {"spans": [{"start": 0, "end": 5, "type": "KR_BRN"}], "scope": ["KR_BRN"]}
    answers = [said(0, 0.8, "found", "S2", spans=spans((0, 5), type_="business"))]
    assert value(one([example("S2", "i0", label=label)], answers), "span_exact_recall") == 1.0


def test_a_scorecard_survives_json_and_is_the_same_every_time():
    made = threats(["malicious", "benign"] * 10)
    answers = [said(n, (n % 7) / 7) for n in range(20)]
    first = score(made, answers, [Rejected("a.jsonl:3", "not a JSON row")], {"model": "m"})
    assert Scorecard.model_validate_json(first.model_dump_json()) == first
    assert score(made, answers, [Rejected("a.jsonl:3", "not a JSON row")], {"model": "m"}) == first


def test_the_table_shows_figures_and_gaps():
    made = [*threats(["malicious", "benign"] * 10), example("S1", "s", source="a|b", language="json")]
    answers = [said(n, (n % 7) / 7) for n in range(20)] + [Prediction(id="s", task="S1", score=0.0, spans=())]
    text = render_markdown(score(made, answers, [Rejected("a.jsonl:3", "not a JSON row")], {"model": "m"}))
    assert "- model: m" in text
    assert "- a.jsonl:3: not a JSON row" in text
    assert "a\\|b" in text
    rows = [line for line in text.splitlines() if line.startswith("| T3 | all |")]
    assert len(rows) == 1
    assert " to " in rows[0]
    assert "| a\\|b | 1 | 0 | - | - |" in text
    assert "nan" not in text


def test_an_empty_run_is_an_empty_scorecard():
    found = score([], [])
    assert (found.items, found.tasks) == (0, ())
    assert render_markdown(found).startswith("0 items")

"""Runs with an injected answer: batches, failures of every kind, stopping and going on."""

import json

import pytest

from schemas import Disposition, Subject
from secassist.errors import BackendError, UsageError
from secassist.evaluation.predictions import Prediction, resume
from secassist.evaluation.run import Options, evaluate
from secassist.evaluation.scorecard import Scorecard
from secassist.sources.base import Rejected
from tests.evaluation.builders import analysis, example, finding, verdict


class Judge:
    """Calls a command bad when it has "evil" in it; breaks as its commands tell it to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    def __call__(self, subjects, analyzer):
        self.asked.append((analyzer, len(subjects)))
        return [self.one(subject, analyzer) for subject in subjects]

    def one(self, subject: Subject, analyzer: str):
        if "boom" in subject.text:
            raise RuntimeError(f"secret inside: {subject.text}")
        if "down" in subject.text:
            raise BackendError("the model does not answer")
        if "stop" in subject.text:
            raise KeyboardInterrupt
        bad = "evil" in subject.text
        if analyzer == "triage":
            known = Disposition.TRUE_POSITIVE if bad else Disposition.BENIGN_EXPECTED
            return analysis(subject, analyzer, verdict=verdict(known, 0.9 if bad else 0.1))
        return analysis(subject, analyzer, findings=(finding(),) if bad else ())


def commands(*texts):
    made = []
    for n, text in enumerate(texts):
        label = {"verdict": "malicious" if "evil" in text else "benign"}
        made.append(example("T3", f"i{n}", input={"command": text}, label=label))
    return made


def go(tmp_path, made, judge, **options):
    return evaluate(made, judge, tmp_path / "out" / "card.json", tmp_path / "p.jsonl", Options(**options))


def lines(tmp_path):
    return [json.loads(line) for line in (tmp_path / "p.jsonl").read_text().splitlines()]


def test_every_item_gets_one_line_and_the_scorecard_is_written(tmp_path):
    made = commands("evil 1", "fine", "evil 2")
    found = go(tmp_path, made, Judge(), rejected=[Rejected("x:1", "bad")], about={"model": "judge"})
    assert [(p["id"], p["score"], p["decision"]) for p in lines(tmp_path)] == [
        ("i0", 0.9, "true_positive"),
        ("i1", 0.1, "benign_expected"),
        ("i2", 0.9, "true_positive"),
    ]
    assert all(p["seconds"] > 0 for p in lines(tmp_path))
    assert found.tasks[0].measures["f1"].value == 1.0
    assert Scorecard.model_validate_json((tmp_path / "out" / "card.json").read_bytes()) == found
    assert (found.about, found.rejected[0].origin) == ({"model": "judge"}, "x:1")
    assert not list((tmp_path / "out").glob("*.part"))


def test_batches_hold_neighbours_of_one_analyzer(tmp_path):
    made = [example("T3", f"t{n}", input={"n": n}) for n in range(5)]
    made += [example("C1", f"c{n}", input=f"x{n}") for n in range(2)]
    made += [example("S1", f"s{n}", input=f"x{n}") for n in range(3)]
    judge = Judge()
    go(tmp_path, made, judge, batch=2)
    assert judge.asked == [
        ("triage", 2),
        ("triage", 2),
        ("triage", 1),
        ("review", 2),
        ("sensitive", 2),
        ("sensitive", 1),
    ]
    assert len(lines(tmp_path)) == 10


def test_both_sides_of_a_pair_are_asked_and_timed(tmp_path):
    label = {"before": "evil", "after": "good"}
    judge = Judge()
    found = go(tmp_path, [example("C2", f"i{n}", input="evil", label=label) for n in range(3)], judge, batch=4)
    assert judge.asked == [("review", 4), ("review", 2)]
    assert found.tasks[0].measures["both_right"].value == 1.0
    assert lines(tmp_path)[0]["after"]["decision"] == "safe"


@pytest.mark.parametrize(
    ("text", "error"), [("boom", "RuntimeError"), ("down", "BackendError: the model does not answer")]
)
def test_one_bad_item_costs_no_other(tmp_path, text, error):
    judge = Judge()
    found = go(tmp_path, commands("evil", text, "fine"), judge)
    first, second, third = lines(tmp_path)
    assert (first["score"], third["score"]) == (0.9, 0.1)
    assert (second["score"], second["abstained"], second["error"]) == (None, True, error)
    assert found.tasks[0].measures["invalid"].value == pytest.approx(1 / 3, abs=1e-6)
    assert [size for _, size in judge.asked] == [3, 1, 1, 1]


def test_an_input_of_another_form_is_told_and_not_asked(tmp_path):
    judge = Judge()
    made = [example("T3", "i0", input="text"), *commands("evil")[:1], example("T6", "q", input="why?")]
    go(tmp_path, [made[0], example("T3", "i1", input={"command": "evil"}), made[2]], judge)
    assert [(p["id"], p.get("error", "")[:12]) for p in lines(tmp_path)] == [
        ("i0", "SourceError:"),
        ("i1", ""),
        ("q", "SourceError:"),
    ]
    assert judge.asked == [("triage", 1)]


@pytest.mark.parametrize("spoil", [lambda a: a[:-1], lambda a: a[::-1], lambda a: [], lambda a: [None] * len(a)])
def test_answers_that_do_not_belong_to_the_questions_are_refused(tmp_path, spoil):
    judge = Judge()
    go(
        tmp_path,
        commands("evil", "fine"),
        lambda subjects, name: spoil(judge(subjects, name)) if len(subjects) > 1 else [],
    )
    assert [p["abstained"] for p in lines(tmp_path)] == [True, True]


def test_a_stopped_run_goes_on_where_it_was(tmp_path):
    texts = [f"evil {n}" for n in range(6)] + ["stop"]
    with pytest.raises(KeyboardInterrupt):
        go(tmp_path, commands(*texts), Judge(), batch=2)
    assert len(lines(tmp_path)) == 6
    torn = (tmp_path / "p.jsonl").read_bytes()[:-9]
    (tmp_path / "p.jsonl").write_bytes(torn)
    judge, seen = Judge(), []
    texts[-1] = "fine"
    found = go(tmp_path, commands(*texts), judge, batch=2, progress=lambda done, total: seen.append((done, total)))
    assert judge.asked == [("triage", 2)]
    assert seen == [(5, 7), (7, 7)]
    assert [p["id"] for p in lines(tmp_path)] == [f"i{n}" for n in range(7)]
    assert found.items == 7


def test_a_second_run_asks_nothing_and_gives_the_same_scorecard(tmp_path):
    made = commands(*["evil", "fine"] * 10)
    first, judge = go(tmp_path, made, Judge()), Judge()
    assert go(tmp_path, made, judge) == first
    assert judge.asked == []


def test_another_model_may_not_go_on(tmp_path):
    go(tmp_path, commands("evil"), Judge(), about={"model": "a"})
    with pytest.raises(UsageError, match="another run"):
        go(tmp_path, commands("evil"), Judge(), about={"model": "b"})


def test_a_smaller_selection_scores_only_itself(tmp_path):
    made = commands("evil", "fine", "evil 2")
    go(tmp_path, made, Judge())
    assert go(tmp_path, made[:1], Judge()).items == 1
    assert len(resume(tmp_path / "p.jsonl")) == 3


def test_nothing_to_do(tmp_path):
    assert go(tmp_path, [], Judge()).items == 0


def test_the_injected_answer_sees_no_label(tmp_path):
    shown = []

    def answer(subjects, name):
        shown.extend(subject.model_dump_json() for subject in subjects)
        return Judge()(subjects, name)

    made = [example("C1", "juliet-bad", input="x", group="vulnerable", source="positives", label={"vulnerable": True})]
    go(tmp_path, made, answer)
    assert shown
    assert not any(word in text for text in shown for word in ("bad", "vulnerable", "positives", "juliet"))


def test_predictions_are_of_the_contract(tmp_path):
    go(tmp_path, commands("evil"), Judge())
    assert set(lines(tmp_path)[0]) == {"id", "task", "score", "decision", "techniques", "abstained", "seconds"}
    assert set(Prediction.model_fields) == {
        "id", "task", "score", "decision", "techniques", "cwe", "lines", "spans", "fix", "after", "answer",
        "abstained", "seconds", "error",
    }  # fmt: skip

"""The predictions file: the line format of the contract, appending, and what survives a crash."""

import json

import pytest
from pydantic import ValidationError

from secassist.errors import SourceError, UsageError
from secassist.evaluation.predictions import After, PredictedSpan, Prediction, append, claim, resume


def test_fields_that_do_not_apply_are_left_out():
    line = Prediction(id="a", task="T3", score=0.25, decision="suspicious", techniques=("T1059",), seconds=0.5).line()
    assert line.endswith("}\n")
    assert json.loads(line) == {
        "id": "a",
        "task": "T3",
        "score": 0.25,
        "decision": "suspicious",
        "techniques": ["T1059"],
        "abstained": False,
        "seconds": 0.5,
    }


def test_the_score_is_null_when_abstained_and_absent_where_there_is_none():
    abstained = json.loads(Prediction(id="a", task="T1", abstained=True, error="truncated").line())
    assert abstained["score"] is None
    assert (abstained["abstained"], abstained["error"]) == (True, "truncated")
    assert "score" not in json.loads(Prediction(id="a", task="T5", techniques=()).line())


def test_spans_and_pairs():
    span = PredictedSpan(start=1, end=4, type="phone", score=0.5)
    assert json.loads(Prediction(id="a", task="S2", score=0.5, spans=(span,)).line())["spans"] == [
        {"start": 1, "end": 4, "type": "phone", "score": 0.5}
    ]
    after = json.loads(Prediction(id="a", task="C2", score=0.5, fix="x\n", after=After(score=0.1)).line())
    assert (after["fix"], after["after"]["score"]) == ("x\n", 0.1)


def test_a_score_is_a_probability():
    with pytest.raises(ValidationError):
        Prediction(id="a", task="T1", score=1.2)


def test_what_was_appended_is_read_back(tmp_path):
    path = tmp_path / "new" / "p.jsonl"
    made = [Prediction(id=f"行-{i}\u2028", task="T1", score=i / 10, seconds=0.1) for i in range(4)]
    append(path, made[:3])
    append(path, made[3:])
    assert resume(path) == made
    assert len(path.read_bytes().split(b"\n")) == 5


def test_no_file_is_no_predictions(tmp_path):
    assert resume(tmp_path / "p.jsonl") == []


@pytest.mark.parametrize("cut", [1, 5, 30])
def test_a_torn_last_line_is_cut_off_and_can_be_appended_to(tmp_path, cut):
    path = tmp_path / "p.jsonl"
    made = [Prediction(id=f"a-{i}", task="T1", score=0.5) for i in range(3)]
    append(path, made)
    path.write_bytes(path.read_bytes()[:-cut])
    assert resume(path) == made[:2]
    append(path, made[2:])
    assert resume(path) == made


def test_a_damaged_middle_is_not_passed_over(tmp_path):
    path = tmp_path / "p.jsonl"
    append(path, [Prediction(id="a", task="T1")])
    path.write_bytes(b"{oops\n" + path.read_bytes())
    with pytest.raises(SourceError, match=r"p\.jsonl:1"):
        resume(path)


def test_the_first_line_of_an_item_counts(tmp_path):
    path = tmp_path / "p.jsonl"
    append(path, [Prediction(id="a", task="C1", score=s) for s in (0.1, 0.9)])
    append(path, [Prediction(id="a", task="C2", score=0.3)])
    assert [(p.task, p.score) for p in resume(path)] == [("C1", 0.1), ("C2", 0.3)]


def test_a_file_belongs_to_one_run(tmp_path):
    path = tmp_path / "p.jsonl"
    claim(path, {"model": "a"})
    append(path, [Prediction(id="a", task="T1")])
    claim(path, {"model": "a"})
    with pytest.raises(UsageError, match="another run"):
        claim(path, {"model": "b"})
    path.unlink()
    claim(path, {"model": "b"})

"""The surface: what judges by it learns what the surface shows, and never sees a group that it is scored on."""

import numpy as np
import pytest

from benchmarks.quality import surface
from benchmarks.quality.surface import compare, fit_predict, rows
from secassist.errors import SourceError
from secassist.folds import CALIBRATION, fold
from tests.evaluation.builders import example, row, write


def command(n: int, bad: bool) -> dict:
    text = f"invoke-evil --payload {n}" if bad else f"list directory number {n}"
    label = {"verdict": "malicious" if bad else "benign"}
    return row(f"i{n}", "T3", input={"command": text}, label=label, group=f"g{n}")


@pytest.fixture
def data(tmp_path):
    write(tmp_path / "a.jsonl", [command(n, n % 2 == 0) for n in range(120)])
    write(tmp_path / "b.jsonl", [command(n, n % 3 == 0) for n in range(200, 320)])
    return tmp_path


def test_rows_are_what_a_model_would_be_shown():
    made = [
        example("T3", "a", input={"command": "id"}),
        example("T3", "b", label={}),
        example("T3", "c", input="no record"),
        example("C1", "d", input="x" * 9000, label={"vulnerable": False}),
    ]
    found = list(rows(made))
    assert [(r.example.id, r.bad) for r in found] == [("a", True), ("d", False)]
    assert found[0].text == "command: id"
    assert len(found[1].text) == surface.CHARACTERS


def test_it_learns_what_the_surface_shows():
    made = list(rows(example("T3", f"i{n}", input={"command": f"{w} {n}"}, label={"verdict": v})
                for n in range(40) for w, v in (("attack", "malicious"), ("report", "benign"))))  # fmt: skip
    found = fit_predict(made[:60], made[60:])
    truth = np.array([r.bad for r in made[60:]])
    assert found[truth].min() > 0.5 > found[~truth].max()


def test_one_class_teaches_nothing():
    made = list(rows([example("T3", "a"), example("T3", "b")]))
    assert fit_predict(made, made).tolist() == [0.5, 0.5]
    assert len(fit_predict(made, [])) == 0


def test_the_development_fold_is_predicted_by_a_model_that_saw_neither_it_nor_the_calibration_fold(data, monkeypatch):
    seen = []

    def spy(train, test):
        seen.append(({fold(r.example.group) for r in train}, {fold(r.example.group) for r in test}))
        return np.full(len(test), 0.5)

    monkeypatch.setattr(surface, "fit_predict", spy)
    compare(data, ["T3"])
    compare(data, ["T3"], folds=[4])
    assert seen[0] == (set(range(10)) - {0, CALIBRATION}, {0})
    assert seen[1] == (set(range(10)) - {4, CALIBRATION}, {4})


def test_marked_test_rows_are_scored_and_not_trained_on(tmp_path, monkeypatch):
    made = [row(f"i{n}", "C1", label={"vulnerable": n % 2 == 0}, group=f"g{n}", split="test") for n in range(20)]
    made += [row(f"j{n}", "C1", label={"vulnerable": n % 2 == 0}, group=f"h{n}", split="train") for n in range(40)]
    seen = []
    monkeypatch.setattr(surface, "fit_predict", lambda train, test: seen.append((train, test)) or np.zeros(len(test)))
    compare(write(tmp_path / "a.jsonl", made), ["C1"])
    ((train, test),) = seen
    assert {r.example.split for r in train} == {"train"}
    assert {f"i{n}" for n in range(20)} <= {r.example.id for r in test}


def test_a_scorecard_of_the_development_fold(data):
    found = compare(data, ["T3"])
    assert found.tasks[0].measures["auc"].value > 0.95
    assert {s.source for s in found.sources} == {"a", "b"}


def test_a_group_in_two_folds_is_not_trained_on_when_it_is_scored(tmp_path, monkeypatch):
    kept = [n for n in range(60) if fold(f"g{n}") not in (0, CALIBRATION)]
    write(tmp_path / "a.jsonl", [command(n, n % 2 == 0) for n in kept])
    write(tmp_path / "b.jsonl", [command(n, n % 2 == 0) | {"id": f"b{n}", "split": "test"} for n in kept[:5]])
    seen = []
    monkeypatch.setattr(surface, "fit_predict", lambda train, test: seen.append((train, test)) or np.zeros(len(test)))
    compare(tmp_path, ["T3"])
    ((train, test),) = seen
    assert {r.example.group for r in test} == {f"g{n}" for n in kept[:5]}
    assert {r.example.group for r in train} == {f"g{n}" for n in kept[5:]}


def test_no_data_is_an_error(tmp_path):
    with pytest.raises(SourceError):
        compare(tmp_path / "missing")

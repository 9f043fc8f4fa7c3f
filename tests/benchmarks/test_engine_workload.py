"""The benchmark's requests and cells: the same for everybody, none twice."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.engine import contest, growth, ingredients, workload
from benchmarks.engine.contest import Plan
from benchmarks.engine.contestants import NAMES, Setup, Unavailable, make
from benchmarks.engine.contestants.base import grouped


@pytest.fixture(scope="module")
def asks() -> list[workload.Ask]:
    return workload.gather(40)


def test_the_mixture_holds_in_any_stretch_and_no_request_comes_twice(asks: list[workload.Ask]) -> None:
    for part in (asks[:20], asks[20:]):
        assert {name: sum(a.analyzer == name for a in part) for name in workload.SHARES} == workload.SHARES
    assert len({tuple(ask.ids) for ask in asks}) == len(asks)
    assert workload.gather(40) == asks


def test_requests_survive_the_file_and_carry_their_odds_only_when_asked(
    asks: list[workload.Ask], tmp_path: Path
) -> None:
    workload.save(tmp_path / "asks.jsonl", asks)
    assert workload.load(tmp_path / "asks.jsonl") == asks
    triage = next(ask for ask in asks if ask.analyzer == "triage")
    assert triage.request().choices == ()
    assert "true_positive" in triage.request(odds=True).choices


def test_an_answer_is_checked_by_its_own_class(asks: list[workload.Ask]) -> None:
    techniques = next(ask for ask in asks if ask.analyzer == "techniques")
    assert workload.valid(techniques, '{"techniques":["T1059"]}')
    assert not workload.valid(techniques, '{"techniques":["the shell"]}')
    assert workload.valid(replace(techniques, output=""), "anything")


def test_cells_share_no_request(asks: list[workload.Ask]) -> None:
    many = [replace(asks[0], ids=[number]) for number in range(contest.needed([1, 8, 32, 128]))]
    used = [ask.ids[0] for n in contest.CELLS for batch in contest.batches(many, n) for ask in batch]
    assert len(used) == len(set(used))
    with pytest.raises(ValueError, match="too few"):
        contest.batches(many[:50], 128)


def test_batches_hold_one_analyzer_and_prompts_of_like_length(asks: list[workload.Ask]) -> None:
    groups = grouped(asks, 8)
    assert sorted(row for group in groups for row in group) == list(range(len(asks)))
    for group in groups:
        assert len({asks[row].analyzer for row in group}) == 1
        assert [len(asks[row].ids) for row in group] == sorted(len(asks[row].ids) for row in group)


def test_switches_are_read_from_the_command_line() -> None:
    assert ingredients.parse(["no cache:cache=false,batch=4"]) == {"no cache": {"cache": "false", "batch": "4"}}
    with pytest.raises(ValueError, match="setting=value"):
        ingredients.parse(["no cache"])


def test_who_cannot_run_says_why(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no contestant"):
        make("nobody", Setup(tmp_path, 1))
    missing = str(tmp_path / "llama-server")
    with pytest.raises(Unavailable, match="is not there"):
        make("llama.cpp", Setup(tmp_path, 1, llama_server=missing, analyzers=("triage",)))
    with pytest.raises(Unavailable, match=r"GPU|vLLM|server"):
        make("vllm", Setup(tmp_path, 1))
    with pytest.raises(Unavailable, match="not known"):
        make("ours", Setup(tmp_path, 1, settings={"no_such_setting": 1}))
    assert "ours" in NAMES


def test_a_skipped_contestant_leaves_one_row(asks: list[workload.Ask], tmp_path: Path) -> None:
    workload.save(tmp_path / "asks.jsonl", asks)
    rows = list(contest.rows(Plan("vllm", str(tmp_path), str(tmp_path / "asks.jsonl"))))
    assert len(rows) == 1
    assert rows[0]["skipped"]


def test_more_adapters_get_the_same_requests(asks: list[workload.Ask], tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    plans = list(growth.adapter_plans(Plan("ours", str(tmp_path), ""), asks * 4))
    loaded = {plan.extra["x"]: workload.load(Path(plan.asks)) for plan in plans}
    assert set(loaded) == {1, 2, 4, 8, 16}
    for count, mine in loaded.items():
        assert {ask.analyzer for ask in mine} == {f"a{number:02d}" for number in range(1, count + 1)}
        assert [ask.ids for ask in mine] == [ask.ids for ask in loaded[1]]
        assert {ask.analyzer for ask in mine[:16]} == {ask.analyzer for ask in mine}

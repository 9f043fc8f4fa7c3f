"""Lanes, pieces and slots: a person waits for one step, a batch flows, prompts with one beginning compute it once."""

import threading
import time
from typing import Any

import pytest
import torch

from secassist.engine.attention import Feed
from secassist.engine.decoder import Decoder, Room
from secassist.engine.drafts import Drafts
from secassist.engine.sequence import Sequence
from secassist.engine.weights import take_apart
from secassist.errors import BackendError
from tests.engine.conftest import Bench
from tests.engine.test_same_answers import SHORT, prompts


class Seen(Decoder):
    """A decoder that keeps what it was fed."""

    def __init__(self, bench: Bench, room: Room, pause: float = 0.0) -> None:
        super().__init__(take_apart(bench.model), room)
        self.steps: list[list[Feed]] = []
        self.pause = pause

    def step(self, feeds: list[Feed]) -> torch.Tensor:
        self.steps.append(feeds)
        time.sleep(self.pause)
        return super().step(feeds)


def sequences(bench: Bench, texts: list[str], **fields: Any) -> list[Sequence]:
    made = [bench.sequence(text, SHORT) for text in texts]
    for sequence in made:
        for name, value in fields.items():
            setattr(sequence, name, value)
    return made


def test_a_step_feeds_no_more_prompt_than_it_may(bench: Bench) -> None:
    runner = Seen(bench, Room(6, prefix_bytes=0))
    bench.over(runner, step_tokens=40, drafts=Drafts(0)).run(sequences(bench, [text * 3 for text in prompts(9)]))
    assert max(sum(feed.prompted for feed in feeds) for feeds in runner.steps) <= 40


def test_a_batch_leaves_two_slots_to_people(bench: Bench) -> None:
    runner = Seen(bench, Room(6))
    bench.over(runner).run(sequences(bench, prompts(9)))
    assert max(len(feeds) for feeds in runner.steps) == 4


def test_a_slot_holds_one_sequence_at_a_time_and_is_used_again(bench: Bench) -> None:
    runner = Seen(bench, Room(5))
    bench.over(runner).run(sequences(bench, prompts(20)))
    for feeds in runner.steps:
        assert len({feed.slot for feed in feeds}) == len(feeds)
    assert {feed.slot for feeds in runner.steps for feed in feeds} == {0, 1, 2}


def test_a_person_is_served_while_a_batch_runs(bench: Bench) -> None:
    runner = Seen(bench, Room(6), pause=0.002)
    engine = bench.over(runner, step_tokens=60)
    batch = sequences(bench, [text * 4 for text in prompts(60)])
    thread = threading.Thread(target=engine.run, args=(batch,))
    thread.start()
    while len(runner.steps) < 5:
        time.sleep(0.001)
    before = len(runner.steps)
    (mine,) = sequences(bench, ["a person asks"], lane="interactive")
    engine.run([mine])
    first = next(
        n for n, feeds in enumerate(runner.steps[before:]) if any(f.tokens[:3] == mine.prompt[:3] for f in feeds)
    )
    waiting = sum(not sequence.finish for sequence in batch)
    thread.join()
    assert mine.finish == "stop"
    assert first <= 2, "it starts with the next step but one at the latest"
    assert waiting > 20, "and ends long before the batch"


def test_many_threads_share_the_steps(bench: Bench) -> None:
    runner = Seen(bench, Room(10))
    engine = bench.over(runner)
    parts = [sequences(bench, prompts(6, seed=n)) for n in range(6)]
    threads = [threading.Thread(target=engine.run, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for part, again in zip(parts, (prompts(6, seed=n) for n in range(6)), strict=True):
        alone = sequences(bench, again)
        bench.engine.run(alone)
        assert [s.answer for s in part] == [s.answer for s in alone]


def test_a_failing_step_fails_its_callers_and_no_later_one(bench: Bench) -> None:
    runner = Seen(bench, Room(6))
    engine = bench.over(runner)
    whole, runner.step = runner.step, failing  # type: ignore[method-assign]
    with pytest.raises(BackendError, match="no memory left"):
        engine.run(sequences(bench, prompts(8)))
    runner.step = whole  # type: ignore[method-assign]
    (after,) = sequences(bench, ["x"])
    engine.run([after])
    assert after.finish == "stop"


def failing(feeds: list[Feed]) -> torch.Tensor:
    raise RuntimeError("no memory left")


class TestSharedBeginnings:
    COMMON = "a hidden powershell was started by word on the host " * 5

    def fed(self, runner: Seen) -> int:
        return sum(feed.prompted for feeds in runner.steps for feed in feeds)

    def test_a_common_beginning_is_computed_once(self, bench: Bench) -> None:
        texts = [self.COMMON + text for text in ("one", "two", "three", "four", "five", "six")]
        runner = Seen(bench, Room(8))
        made = sequences(bench, texts)
        bench.over(runner).run(made)
        whole = sum(len(sequence.prompt) for sequence in made)
        shared = len(bench.tokenizer(self.COMMON)["input_ids"]) // 16 * 16
        assert self.fed(runner) <= whole - 5 * (shared - 16), "all but the first spare it, though all came at once"

    def test_it_stays_for_the_next_call(self, bench: Bench) -> None:
        runner = Seen(bench, Room(8))
        engine = bench.over(runner)
        for text in ("one", "two"):
            engine.run(sequences(bench, [self.COMMON + text]))
        before = self.fed(runner)
        (third,) = sequences(bench, [self.COMMON + "three"])
        engine.run([third])
        assert self.fed(runner) - before < len(third.prompt) / 2

    def test_memory_is_bounded_and_the_least_used_goes_first(self, bench: Bench) -> None:
        runner = Seen(bench, Room(8, prefix_bytes=40_000))
        engine = bench.over(runner)
        for text in prompts(30, seed=2):
            engine.run(sequences(bench, [text * 4, text * 4]))
            assert runner.prefixes.size <= 40_000
        assert runner.prefixes.size > 20_000

    def test_what_nobody_shares_is_not_kept(self, bench: Bench) -> None:
        runner = Seen(bench, Room(8))
        bench.over(runner).run(sequences(bench, [f"{n} {self.COMMON}" for n in "abcdef"]))
        assert runner.prefixes.size == 0


class TestEnough:
    def test_a_decision_that_is_enough_ends_the_answer(self, bench: Bench) -> None:
        from secassist.engine.sequence import Watch

        choices = ("true_positive", "suspicious", "benign_expected")
        asked = []

        def enough(odds: Any, choice: str) -> bool:
            asked.append(choice)
            return choice == "benign_expected"

        found = []
        for decided in ("benign_expected", "suspicious"):
            watch = Watch('"decision":"', choices, lambda _, d=decided: d, enough)
            (sequence,) = sequences(bench, ["x"], watch=watch)
            bench.engine.run([sequence])
            found.append((sequence.finish, sequence.chosen, sequence.text.startswith('{"decision":"')))
        assert found == [("decided", "benign_expected", True), ("stop", "suspicious", True)]
        assert asked == ["benign_expected", "suspicious"]

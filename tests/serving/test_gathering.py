"""Requests that share a commit: each gets its own answer, and none holds up or spoils another's."""

import asyncio
import json
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from secassist.errors import BusyError, SecassistError
from secassist.pipeline import Pipeline
from secassist.queueing.intake import Intake, Wish
from secassist.serving.gathering import Gathering
from secassist.serving.listening import within
from secassist.serving.reading import BodyError
from secassist.store import Entry, Submitted
from tests.queueing.shop import NAMES

WISH = Wish(kind="triage")


def body(*numbers: int) -> bytes:
    return json.dumps([{"rule": {"name": "login"}, "user": {"name": NAMES[n]}} for n in numbers]).encode()


class Held(Intake):
    """Stores nothing before it is told to; notes how much it was given at a time."""

    def hold(self) -> "Held":
        object.__setattr__(self, "gate", threading.Event())
        object.__setattr__(self, "sizes", [])
        return self

    def store(self, entries: Sequence[Entry]) -> list[Submitted]:
        made: Any = self
        made.gate.wait(20)
        made.sizes.append(len(entries))
        return super().store(entries)


def test_what_comes_meanwhile_shares_the_next_commit(pipeline: Pipeline) -> None:
    intake: Any = Held(pipeline).hold()
    with Gathering(intake) as gathering:
        taken = [gathering.take(body(number), WISH) for number in range(14)]
        intake.gate.set()
        jobs = [found.result(20).accepted[0][1].job.id for found in taken]
    assert len(set(jobs)) == 14
    assert len(intake.sizes) <= 4
    assert sum(intake.sizes) == 14


def test_one_that_does_not_fit_or_cannot_be_read_is_refused_alone(pipeline: Pipeline) -> None:
    intake: Any = Held(pipeline, high_water=3).hold()
    with Gathering(intake) as gathering:
        first = [gathering.take(body(number), WISH) for number in range(2)]  # each keeps a thread
        while not all(found.running() for found in first):
            pass
        large, broken, small = (gathering.take(each, WISH) for each in (body(2, 3, 4, 5), b"{", body(6)))
        intake.gate.set()
        assert small.result(20).accepted
        with pytest.raises(BusyError):
            large.result(20)
        assert [reason for _, reason in broken.result(20).rejected]
        with pytest.raises(BodyError):
            gathering.take(b"", WISH).result(20)
    assert pipeline.store.jobs.counts().queued == 3


def test_a_client_that_gave_up_harms_nobody_and_the_end_stores_what_waits(pipeline: Pipeline) -> None:
    intake: Any = Held(pipeline).hold()
    gathering = Gathering(intake)
    taken = [gathering.take(body(number), WISH) for number in range(5)]
    assert taken[2].cancel()
    intake.gate.set()
    with gathering:
        pass
    assert [found.result(0).accepted[0][0] for number, found in enumerate(taken) if number != 2] == [0] * 4
    assert pipeline.store.jobs.counts().queued == 4


def test_workers_are_told_afterwards_and_a_silent_broker_holds_up_nobody(
    pipeline: Pipeline, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []

    def publish(ids: Sequence[str]) -> None:
        told.extend(ids)
        raise SecassistError("nobody there")

    with Gathering(Intake(pipeline, publish=publish)) as gathering:
        first = gathering.take(body(1), WISH).result(20)
        again = gathering.take(body(1, 2), WISH).result(20)
    assert told == [first.accepted[0][1].job.id, again.accepted[1][1].job.id]
    assert len([each for each in caplog.records if "workers were not woken" in each.message]) == 1


def test_a_request_is_given_up_in_the_end(caplog: pytest.LogCaptureFixture) -> None:
    async def never(*_given: Any) -> None:
        await asyncio.sleep(60)

    asyncio.run(within(0.05, never)({}, never, never))
    assert "given up" in caplog.text

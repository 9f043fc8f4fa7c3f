"""The broker dies, forgets, is away or repeats itself: it only ever was a hint."""

import random
import time
from collections.abc import Callable

import pytest

from tests.faults.machines import Redis
from tests.faults.site import Findings, Site, require_clean, tell

Make = Callable[..., Site]
CELERY = {"run": "tests.faults.working:celery"}
DEAF = {"poll": 30.0, "lease": 4.0}
"""Workers that hardly ever look by themselves, so that messages decide when they do."""


@pytest.fixture
def broker(private_redis: Redis) -> Redis:
    """Running and empty."""
    if private_redis.process is None:
        private_redis.start()
    private_redis.flush()
    return private_redis


def test_the_broker_forgets_three_times(make_site: Make, broker: Redis, capsys: pytest.CaptureFixture[str]) -> None:
    site = make_site("postgresql", broker_url=broker.url)
    tell(capsys, "broker killed, flushed, killed", forgetting(site, broker, ["killed", "flushed", "killed"], 45, 0.5))


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["killed", "flushed"])
def test_the_broker_forgets_three_times_at_full_size(
    make_site: Make, broker: Redis, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site = make_site("postgresql", broker_url=broker.url)
    tell(capsys, f"broker {fault} three times, 3,000 jobs", forgetting(site, broker, [fault] * 3, 3000, 10.0))


def forgetting(site: Site, broker: Redis, faults: list[str], total: int, every: float) -> Findings:
    """Without persistence a killed broker comes back empty, as a flushed one stays; clients submit before and after."""
    part = total // (len(faults) + 1)
    site.submit(range(part))
    with site.fleet(2, **CELERY) as fleet:
        for number, fault in enumerate(faults, start=1):
            time.sleep(every)
            if fault == "killed":
                broker.kill()
                time.sleep(0.2)
                broker.start()
            else:
                broker.flush()
            site.submit(range(number * part, (number + 1) * part))
        assert site.drained(90 + total / 5), f"{site.states()}\n{fleet.told()}"
        return require_clean(site, fleet)


@pytest.mark.parametrize("away", ["absent", pytest.param("paused", marks=pytest.mark.slow)])
def test_the_broker_is_away(make_site: Make, broker: Redis, away: str, capsys: pytest.CaptureFixture[str]) -> None:
    site = make_site("postgresql", broker_url=broker.url)
    tell(capsys, f"broker {away}", missing(site, broker, away, 30, 1.0))


@pytest.mark.slow
@pytest.mark.parametrize("away", ["absent", "paused"])
def test_the_broker_is_away_for_60_s(
    make_site: Make, broker: Redis, away: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site = make_site("postgresql", broker_url=broker.url)
    tell(capsys, f"broker {away} for 60 s", missing(site, broker, away, 2000, 60.0))


def missing(site: Site, broker: Redis, away: str, total: int, seconds: float) -> Findings:
    """Absent from the start, or paused in the middle; either way work goes on without it."""
    if away == "absent":
        broker.kill()
    with site.fleet(2, **CELERY) as fleet:
        if away == "paused":
            site.submit(range(total // 2))
            time.sleep(1.0)
            broker.pause()
        end = time.monotonic() + seconds
        site.submit(range(total // 2, total) if away == "paused" else range(total), size=1000)
        while time.monotonic() < end or not site.states()["done"]:
            assert time.monotonic() < end + 30, f"nothing was done without the broker\n{fleet.told()}"
            time.sleep(0.1)
        worked = site.states()["done"]
        broker.go_on() if away == "paused" else broker.start()
        assert site.drained(90 + total / 5), f"{site.states()}\n{fleet.told()}"
        found = require_clean(site, fleet)
    found.notes = {"done while away": worked}
    return found


CHANCE = random.Random(5)
CHANGES: dict[str, Callable[[list[list[str]]], list[list[str]]]] = {
    "each 1-5 times": lambda messages: [m for m in messages for _ in range(CHANCE.randint(1, 5))],
    "reversed": lambda messages: messages[::-1],
    "in any order": lambda messages: CHANCE.sample(messages, len(messages)),
    "most of them lost": lambda messages: messages[::5],
    "reversed, each 1-5 times": lambda messages: [m for m in messages[::-1] for _ in range(CHANCE.randint(1, 5))],
}


def test_messages_repeated_and_reversed_give_the_same_verdicts(make_site: Make, broker: Redis) -> None:
    same_verdicts(make_site, broker, 25, ["reversed, each 1-5 times"])


@pytest.mark.slow
def test_messages_repeated_reversed_and_late_give_the_same_verdicts(make_site: Make, broker: Redis) -> None:
    same_verdicts(make_site, broker, 1000, list(CHANGES))


def same_verdicts(make_site: Make, broker: Redis, total: int, changes: list[str]) -> None:
    """Whatever happened to the messages, each alert got the same verdict under the same id."""
    once = delivered(make_site("postgresql", broker_url=broker.url), total, lambda messages: messages)
    for change in changes:
        broker.flush()
        assert delivered(make_site("postgresql", broker_url=broker.url), total, CHANGES[change]) == once, change


Messages = list[list[str]]


def delivered(site: Site, total: int, change: Callable[[Messages], Messages]) -> dict[str, tuple[str, str]]:
    """Verdicts by subject of a run whose messages were changed on their way."""
    messages: Messages = []
    object.__setattr__(site.intake, "publish", lambda ids: messages.append(list(ids)))
    site.submit(range(total), size=5)
    with site.fleet(2, **CELERY, pace=DEAF) as fleet:
        for ids in change(messages):
            site.publish(ids)
            time.sleep(0.02)
        assert site.drained(90 + total / 5), f"{site.states()}\n{fleet.told()}"
        require_clean(site, fleet)
    return site.verdicts()

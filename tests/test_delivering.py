"""Events reach their targets at least once, in the face of dead targets, dead deliverers and many of them at once."""

import json
import secrets
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from secassist.config import Target
from secassist.delivering import Delivered, Deliverer, back_off
from secassist.errors import ConfigError
from secassist.sinks._signing import verified
from secassist.store import DeliveryState, Store
from secassist.store.outbox_records import MAX_TRIES, OPENS_AFTER
from secassist.store.tables import outbox
from tests.servers import emptied
from tests.sinks.receiver import Receiver, receiving

HERE = ("127.0.0.0/8",)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    if request.param == "postgresql":
        url = emptied(request.getfixturevalue("postgres_url"))
    with Store.open(url) as opened:
        yield opened


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def happened(store: Store, count: int = 1, kind: str = "analysis.done") -> list[str]:
    """Events as the queue writes them."""
    ids = [secrets.token_hex(32) for _ in range(count)]
    row = {"kind": kind, "job_id": "j", "payload": {"disposition": "suspicious"}, "state": "queued", "attempt": 0}
    rows = [{**row, "id": id_, "not_before": 0, "created": 1_790_000_000_000} for id_ in ids]
    with store._engine.begin() as connection:
        connection.execute(sa.insert(outbox), rows)
    return ids


def webhook(receiver: Receiver, folder: Path, **more: Any) -> Target:
    secret = folder / "secret"
    secret.write_text("an-invented-signing-key\n")
    values = {"name": "siem", "url": receiver.url, "secret_file": secret, "networks": HERE, "plain": True, **more}
    return Target(**values)


def sql(store: Store, statement: str) -> None:
    with store._engine.begin() as connection:
        connection.exec_driver_sql(statement)


def soon(store: Store) -> None:
    """As if every wait were over."""
    sql(store, "UPDATE deliveries SET not_before = 0, lease_expires = 1")
    sql(store, "UPDATE targets SET open_until = 0")


def states(store: Store) -> dict[str, int]:
    counted: dict[str, int] = {}
    for by_state in store.outbox.counts().values():
        for state, number in by_state.items():
            counted[state] = counted.get(state, 0) + number
    return counted


def test_every_target_gets_what_it_wants_once(store: Store, receiver: Receiver, tmp_path: Path) -> None:
    done, dead = happened(store, 30), happened(store, 3, "job.dead")
    file = Target(name="file", kind="file", path=tmp_path / "out.jsonl", events=("job.dead",))
    deliverer = Deliverer(store, [webhook(receiver, tmp_path), file])
    total = deliverer.drain()
    assert total == Delivered(handed_on=33, done=36)
    assert sorted(got.headers["Secassist-Event"] for got in receiver.got) == sorted(done + dead)
    assert all(
        verified(b"an-invented-signing-key", g.headers, g.body, int(g.headers["Secassist-Timestamp"]))
        for g in receiver.got
    )
    assert json.loads(receiver.got[0].body)["at"] == "2026-09-21T14:13:20.000Z"
    written = [json.loads(line)["id"] for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert sorted(written) == sorted(dead)
    assert deliverer.drain() == Delivered()


def test_a_target_named_later_does_not_get_the_past(store: Store, receiver: Receiver, tmp_path: Path) -> None:
    happened(store, 2)
    assert Deliverer(store, []).drain() == Delivered(handed_on=2)
    assert Deliverer(store, [webhook(receiver, tmp_path)]).drain() == Delivered()


def test_a_failed_try_comes_again_with_the_same_id_and_body(store: Store, receiver: Receiver, tmp_path: Path) -> None:
    (id_,) = happened(store)
    receiver.answer = lambda number: 500 if number < 2 else 200
    deliverer = Deliverer(store, [webhook(receiver, tmp_path)], chance=lambda: 0.0)
    assert deliverer.drain() == Delivered(handed_on=1, failed=1)
    (waiting,) = store.outbox.list()
    assert (waiting.state, waiting.attempt, waiting.reason) == (DeliveryState.QUEUED, 1, "127.0.0.1 answered 500")
    assert deliverer.drain() == Delivered(), "it did not wait"
    for _ in range(2):
        soon(store)
        deliverer.drain()
    assert [got.headers["Secassist-Event"] for got in receiver.got] == [id_] * 3
    assert len({got.body for got in receiver.got}) == 1
    assert states(store) == {"done": 1}
    assert [health.failures for health in store.outbox.health()] == [0]


def test_the_breaker_leaves_a_dead_target_alone_and_then_tries_once(
    store: Store, receiver: Receiver, tmp_path: Path
) -> None:
    happened(store, 40)
    receiver.answer = lambda _: 503
    deliverer = Deliverer(store, [webhook(receiver, tmp_path)])
    deliverer.drain()
    assert len(receiver.got) == 6, "two rounds of three, then it is left alone"
    (health,) = store.outbox.health()
    assert (health.failures, health.open_for > 20) == (6, True)
    assert states(store) == {"queued": 40}
    sql(store, "UPDATE targets SET open_until = 0")
    deliverer.drain()
    assert len(receiver.got) == 7, "one probe"
    receiver.answer = lambda _: 200
    soon(store)
    deliverer.drain()
    assert states(store) == {"done": 40}


def test_a_target_that_is_down_holds_up_no_other(store: Store, receiver: Receiver, tmp_path: Path) -> None:
    happened(store, 20)
    receiver.answer = lambda _: 503
    file = Target(name="file", kind="file", path=tmp_path / "out.jsonl")
    Deliverer(store, [webhook(receiver, tmp_path), file]).drain()
    assert store.outbox.counts()["file"] == {"done": 20}


def test_it_is_dead_after_so_many_tries_and_can_be_retried(store: Store, receiver: Receiver, tmp_path: Path) -> None:
    happened(store)
    receiver.answer = lambda _: 500
    deliverer = Deliverer(store, [webhook(receiver, tmp_path)])
    for _ in range(MAX_TRIES + 3):
        deliverer.round()
        soon(store)
    assert len(receiver.got) == MAX_TRIES
    (dead,) = store.outbox.list(DeliveryState.DEAD)
    assert dead.reason == "127.0.0.1 answered 500"
    receiver.answer = lambda _: 200
    assert store.outbox.retry(target="other") == 0
    assert store.outbox.retry() == 1
    assert deliverer.drain() == Delivered(done=1)


def test_a_hopeless_message_is_dead_at_once_and_does_not_open_the_breaker(
    store: Store, receiver: Receiver, tmp_path: Path
) -> None:
    happened(store, OPENS_AFTER + 3)
    receiver.answer = lambda number: 422 if number % 2 else 200
    Deliverer(store, [webhook(receiver, tmp_path)]).drain()
    assert states(store) == {"dead": 4, "done": 4}
    assert store.outbox.health() == []


def test_a_deliverer_that_died_loses_nothing_and_its_late_end_writes_nothing(
    store: Store, receiver: Receiver, tmp_path: Path
) -> None:
    happened(store, 2)
    target = webhook(receiver, tmp_path)
    store.outbox.hand_on({"siem": ()})
    taken = store.outbox.claim("siem", 9, 60)
    assert len(taken) == 2
    assert Deliverer(store, [target]).drain() == Delivered()
    soon(store)
    assert Deliverer(store, [target]).drain() == Delivered(done=2)
    assert not store.outbox.settle(taken[0])
    assert not store.outbox.fail(taken[1], "late", 0)
    assert states(store) == {"done": 2}


def test_many_deliverers_at_once_send_each_event_once(store: Store, receiver: Receiver, tmp_path: Path) -> None:
    ids = happened(store, 120)
    target = webhook(receiver, tmp_path)
    threads = [threading.Thread(target=Deliverer(store, [target]).drain) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    Deliverer(store, [target]).drain()
    assert sorted(got.headers["Secassist-Event"] for got in receiver.got) == sorted(ids)
    assert states(store) == {"done": 120}


def test_old_events_can_be_purged_but_none_that_is_on_its_way(store: Store, receiver: Receiver, tmp_path: Path) -> None:
    happened(store, 2)
    deliverer = Deliverer(store, [webhook(receiver, tmp_path)])
    deliverer.drain()
    happened(store, 1)
    store.outbox.hand_on({"siem": ()})
    assert store.purge({"events": datetime.now(UTC)}) == {"events": 2}
    assert states(store) == {"queued": 1}


def test_waits_grow_and_are_spread() -> None:
    assert [back_off(attempt, 1.0) for attempt in (1, 2, 3, 12)] == [5.0, 10.0, 20.0, 3600.0]
    assert back_off(1, 0.0) == 2.5
    assert back_off(10_000, 1.0) == 3600.0


def test_a_target_that_can_never_work_says_which(tmp_path: Path, store: Store) -> None:
    with pytest.raises(ConfigError, match="target siem: its secret file cannot be read"):
        Deliverer(store, [Target(name="siem", url="https://siem.example/", secret_file=tmp_path / "none")])
    with pytest.raises(ConfigError, match=r"target siem: .* needs a key"):
        Deliverer(store, [Target(name="siem", url="https://siem.example/")])

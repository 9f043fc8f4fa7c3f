"""Events on their way out: handed on to targets, leased to deliverers, tried again, given up; at least once each."""

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine

from secassist.store.failures import translated
from secassist.store.jobs_clock import Now
from secassist.store.outbox_records import MAX_TRIES, OPENS_AFTER, Delivery, DeliveryState, TargetHealth
from secassist.store.selecting import matching
from secassist.store.tables import PlainText, metadata, outbox

QUEUED, LEASED, DONE, DEAD = (state.value for state in DeliveryState)
AT_ONCE = 500
"""Events handed on in one transaction."""
OPEN_SECONDS, LONGEST_OPEN = 30.0, 900.0
"""How long a target that keeps failing is left alone: at first, and at most."""


def _partial(name: str, *columns: str, state: str) -> sa.Index:
    where = sa.text(f"state = '{state}'")
    return sa.Index(name, *columns, sqlite_where=where, postgresql_where=where)


deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("event_id", sa.String(64), sa.ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("target", sa.String(64), primary_key=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("attempt", sa.SmallInteger, nullable=False),
    sa.Column("not_before", sa.BigInteger, nullable=False),
    sa.Column("lease_token", sa.String(32), nullable=False),
    sa.Column("lease_expires", sa.BigInteger, nullable=False),
    sa.Column("reason", PlainText, nullable=False),
    sa.Column("updated", sa.BigInteger, nullable=False),
    _partial("ix_deliveries_next", "target", "not_before", state=QUEUED),
    _partial("ix_deliveries_leases", "lease_expires", state=LEASED),
    _partial("ix_deliveries_dead", "target", state=DEAD),
    sa.Index("ix_deliveries_updated", "updated", "event_id"),
)
targets = sa.Table(
    "targets",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("open_until", sa.BigInteger, nullable=False),
    sa.Column("reason", PlainText, nullable=False),
)
"""How each target is doing, seen by all deliverers: the circuit breaker."""


class OutboxRows:
    """Reached as `Store.outbox`; every method is one transaction, every time is the database's."""

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine = engine
        self._where = where

    def hand_on(self, wanted: Mapping[str, Collection[str]]) -> int:
        """Makes one delivery per event and target that wants its kind (an empty collection wants all); how many events.

        An event that no target wants is done with: a target named later does not get the past.
        """
        with self._writing("handing events on") as connection:
            now = _now(connection)
            due = sa.select(outbox.c.id, outbox.c.kind).where(_is(QUEUED, outbox), outbox.c.not_before <= now)
            query = due.order_by(outbox.c.not_before, outbox.c.id).limit(AT_ONCE).with_for_update(skip_locked=True)
            events = connection.execute(query).all()
            rows = [
                _fresh(event.id, target, now)
                for event in events
                for target, kinds in sorted(wanted.items())
                if not kinds or event.kind in kinds
            ]
            if rows:
                connection.execute(_insert(connection, deliveries).on_conflict_do_nothing(), rows)
            if events:
                ids = [event.id for event in events]
                connection.execute(sa.update(outbox).where(outbox.c.id.in_(ids)).values(state=DONE))
        return len(events)

    def claim(self, target: str, limit: int, lease_seconds: float) -> list[Delivery]:
        """Up to `limit` deliveries that are due, leased to the caller; none while the target is left alone.

        A target that failed OPENS_AFTER times in a row gets one single try when its time is over.
        """
        with self._writing("claiming deliveries") as connection:
            now = _now(connection)
            allowed = _allowed(connection, target, limit, now, lease_seconds)
            mine = (deliveries.c.target == target, _is(QUEUED), deliveries.c.not_before <= now)
            query = sa.select(deliveries.c.event_id).where(*mine).order_by(deliveries.c.not_before)
            chosen = connection.scalars(query.limit(allowed).with_for_update(skip_locked=True)).all() if allowed else []
            if not chosen:
                return []
            token = secrets.token_hex(16)
            taken = (deliveries.c.target == target, deliveries.c.event_id.in_(chosen), _is(QUEUED))
            lease = {"lease_token": token, "lease_expires": now + int(lease_seconds * 1000), "updated": now}
            change = sa.update(deliveries).where(*taken).values(state=LEASED, attempt=deliveries.c.attempt + 1, **lease)
            connection.execute(change)
            mine = (deliveries.c.target == target, deliveries.c.event_id.in_(chosen), deliveries.c.lease_token == token)
            return [_delivery(row) for row in connection.execute(_joined(*mine))]

    def settle(self, delivery: Delivery) -> bool:
        """It arrived. False when the lease was lost meanwhile: then it is sent once more."""
        with self._writing("settling a delivery") as connection:
            held = self._end(connection, delivery, state=DONE, reason="")
            if held:
                well = sa.update(targets).where(targets.c.name == delivery.target, targets.c.failures > 0)
                connection.execute(well.values(failures=0, open_until=0, reason=""))
        return held

    def fail(self, delivery: Delivery, reason: str, wait: float, *, hopeless: bool = False) -> bool:
        """It did not arrive: again after `wait` seconds, or dead when hopeless or at its last try.

        What is hopeless is the event's fault and does not count against the target. False when the lease was lost.
        """
        with self._writing("failing a delivery") as connection:
            now = _now(connection)
            state = DEAD if hopeless or delivery.attempt >= MAX_TRIES else QUEUED
            held = self._end(connection, delivery, state=state, reason=reason, not_before=now + int(wait * 1000))
            if held and not hopeless:
                _failed(connection, delivery.target, reason, now)
        return held

    def release(self, claimed: Sequence[Delivery]) -> None:
        """Gives back what was claimed and not tried."""
        with self._writing("releasing deliveries") as connection:
            for delivery in claimed:
                self._end(connection, delivery, state=QUEUED, attempt=deliveries.c.attempt - 1)

    def sweep(self) -> int:
        """Takes deliveries back from deliverers that died; how many."""
        with self._writing("sweeping deliveries") as connection:
            now = _now(connection)
            lost = (_is(LEASED), deliveries.c.lease_expires <= now)
            said = {"reason": "the deliverer stopped during the try", "lease_token": "", "updated": now}
            last = deliveries.c.attempt >= MAX_TRIES
            dead = connection.execute(sa.update(deliveries).where(*lost, last).values(state=DEAD, **said)).rowcount
            back = connection.execute(sa.update(deliveries).where(*lost).values(state=QUEUED, **said)).rowcount
        return int(dead + back)

    def find(self, prefix: str) -> str | None:
        """The id of the event of a delivery, by its first 6 or more digits. Raises UsageError when several begin so."""
        with translated(self._where, "finding an event"):
            return matching(self._engine, prefix, deliveries.c.event_id, ("event", "events"))

    def retry(self, target: str | None = None, event_id: str | None = None) -> int:
        """Gives dead deliveries all their tries again (of one target, of one event, or all) and closes their breakers."""
        where = [_is(DEAD)]
        where += [] if target is None else [deliveries.c.target == target]
        where += [] if event_id is None else [deliveries.c.event_id == event_id]
        with self._writing("retrying deliveries") as connection:
            now = _now(connection)
            closed = [] if target is None else [targets.c.name == target]
            connection.execute(sa.update(targets).where(*closed).values(failures=0, open_until=0))
            fresh = {"state": QUEUED, "attempt": 0, "not_before": now, "updated": now}
            return int(connection.execute(sa.update(deliveries).where(*where).values(**fresh)).rowcount)

    def list(
        self, state: DeliveryState | None = None, target: str | None = None, limit: int = 100
    ) -> Sequence[Delivery]:
        """Newest first."""
        where = [] if state is None else [deliveries.c.state == state.value]
        where += [] if target is None else [deliveries.c.target == target]
        query = _joined(*where).order_by(deliveries.c.updated.desc(), deliveries.c.event_id.desc()).limit(limit)
        with translated(self._where, "listing deliveries"), self._engine.connect() as connection:
            return [_delivery(row) for row in connection.execute(query)]

    def counts(self) -> dict[str, dict[str, int]]:
        """Deliveries by target and state."""
        query = sa.select(deliveries.c.target, deliveries.c.state, sa.func.count()).group_by("target", "state")
        found: dict[str, dict[str, int]] = {}
        with translated(self._where, "counting deliveries"), self._engine.connect() as connection:
            for target, state, number in connection.execute(query):
                found.setdefault(target, {})[state] = number
        return found

    def health(self) -> Sequence[TargetHealth]:
        """Of every target that was tried, by name."""
        with translated(self._where, "reading targets"), self._engine.connect() as connection:
            now = _now(connection)
            rows = connection.execute(sa.select(targets).order_by(targets.c.name)).all()
        return [TargetHealth(r.name, r.failures, max(0, r.open_until - now) / 1000, r.reason) for r in rows]

    # inside

    def _end(self, connection: Connection, delivery: Delivery, **values: Any) -> bool:
        """Ends a try under its fence."""
        mine = (
            deliveries.c.event_id == delivery.event_id,
            deliveries.c.target == delivery.target,
            _is(LEASED),
            deliveries.c.lease_token == delivery.token,
        )
        values |= {"lease_token": "", "updated": _now(connection)}
        return bool(connection.execute(sa.update(deliveries).where(*mine).values(**values)).rowcount)

    @contextmanager
    def _writing(self, doing: str) -> Iterator[Connection]:
        with translated(self._where, doing), self._engine.execution_options(immediate=True).begin() as connection:
            yield connection


def _now(connection: Connection) -> int:
    return connection.scalar(sa.select(Now())) or 0


def _is(state: str, table: sa.Table = deliveries) -> sa.ColumnElement[bool]:
    """Spelled out, not as a parameter: only so do both databases see that a partial index serves."""
    return table.c.state == sa.literal_column(f"'{state}'")


def _allowed(connection: Connection, target: str, limit: int, now: int, lease_seconds: float) -> int:
    """How many deliveries may be tried: all, none while the breaker is open, and one by one caller when its time is over."""
    query = sa.select(targets.c.failures, targets.c.open_until).where(targets.c.name == target)
    health = connection.execute(query).one_or_none()
    if health is None or health.failures < OPENS_AFTER:
        return limit
    if health.open_until > now:
        return 0
    mine = sa.update(targets).where(targets.c.name == target, targets.c.open_until == health.open_until)
    return int(connection.execute(mine.values(open_until=now + int(lease_seconds * 1000))).rowcount)


def _failed(connection: Connection, target: str, reason: str, now: int) -> None:
    """Counts one more failure in a row, and from OPENS_AFTER on opens the breaker, each time for twice as long."""
    first = {"name": target, "failures": 1, "open_until": 0, "reason": reason}
    more = {"failures": targets.c.failures + 1, "reason": reason}
    connection.execute(
        _insert(connection, targets).values(first).on_conflict_do_update(index_elements=["name"], set_=more)
    )
    failures = connection.scalar(sa.select(targets.c.failures).where(targets.c.name == target)) or 0
    if failures >= OPENS_AFTER:
        seconds = min(LONGEST_OPEN, OPEN_SECONDS * 2.0 ** min(failures - OPENS_AFTER, 20))
        until = now + int(seconds * 1000)
        connection.execute(sa.update(targets).where(targets.c.name == target).values(open_until=until))


def _insert(connection: Connection, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def _fresh(event_id: str, target: str, now: int) -> dict[str, Any]:
    lease = {"lease_token": "", "lease_expires": 0}
    started = {"attempt": 0, "not_before": now, "reason": "", "updated": now}
    return {"event_id": event_id, "target": target, "state": QUEUED, **lease, **started}


def _joined(*where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    query = sa.select(deliveries, outbox.c.kind, outbox.c.payload, outbox.c.created)
    return query.select_from(deliveries.join(outbox)).where(*where)


def _delivery(row: Any) -> Delivery:
    return Delivery(
        event_id=row.event_id,
        target=row.target,
        kind=row.kind,
        payload=row.payload,
        created=row.created,
        attempt=row.attempt,
        state=DeliveryState(row.state),
        reason=row.reason,
        not_before=row.not_before,
        token=row.lease_token,
    )

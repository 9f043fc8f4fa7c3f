"""Takes events from the outbox to their targets: claims a few, sends them, settles each; any number may run at once."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from secassist import plugins
from secassist.config import Target
from secassist.errors import ConfigError
from secassist.sinks.base import Message, Place, Sink, SinkError
from secassist.store import Delivery, Store

AT_ONCE = 16
"""Deliveries leased together, sent one after the other."""
ENOUGH = 3
"""Failures with which a round leaves a target that took nothing, so that one that is down holds up no other."""
FIRST_WAIT, LONGEST_WAIT = 5.0, 3600.0
"""Seconds before the second try, and at most; each wait is twice the one before, less up to half of it by chance."""


@dataclass(frozen=True)
class Delivered:
    """What one round did; `lost` were sent while another deliverer had taken them over, and arrive twice."""

    handed_on: int = 0
    done: int = 0
    failed: int = 0
    lost: int = 0

    def __add__(self, other: "Delivered") -> "Delivered":
        return Delivered(
            self.handed_on + other.handed_on, self.done + other.done, self.failed + other.failed, self.lost + other.lost
        )


class Deliverer:
    """Sends to `targets`; `chance` gives numbers from 0 to 1 and is injected by tests."""

    def __init__(self, store: Store, targets: Sequence[Target], chance: Callable[[], float] = random.random) -> None:
        """Raises ConfigError for a target that can never work."""
        self._rows = store.outbox
        self._targets = {target.name: target for target in targets}
        self._sinks: Mapping[str, Sink] = {target.name: sink(target) for target in targets}
        self._chance = chance

    def round(self) -> Delivered:
        """Hands new events on, takes back what died, and tries up to AT_ONCE deliveries of each target."""
        self._rows.sweep()
        handed_on = self._rows.hand_on({name: target.events for name, target in self._targets.items()})
        return sum((self._serve(target) for target in self._targets.values()), Delivered(handed_on=handed_on))

    def drain(self, rounds: int = 100) -> Delivered:
        """Rounds until there is nothing to do for now, or so many."""
        total = Delivered()
        for _ in range(rounds):
            done = self.round()
            total += done
            if done == Delivered():
                break
        return total

    def _serve(self, target: Target) -> Delivered:
        claimed = self._rows.claim(target.name, AT_ONCE, AT_ONCE * target.seconds * 2 + 60)
        total = Delivered()
        for number, delivery in enumerate(claimed):
            total += self._send(delivery)
            if total.failed >= ENOUGH and not total.done:
                self._rows.release(claimed[number + 1 :])
                break
        return total

    def _send(self, delivery: Delivery) -> Delivered:
        try:
            self._sinks[delivery.target].send(message(delivery))
        except SinkError as error:
            wait = max(error.wait, back_off(delivery.attempt, self._chance()))
            held = self._rows.fail(delivery, str(error), wait, hopeless=error.hopeless)
            return Delivered(failed=1) if held else Delivered(lost=1)
        return Delivered(done=1) if self._rows.settle(delivery) else Delivered(lost=1)


def back_off(attempt: int, chance: float) -> float:
    """Seconds to wait after this try (from 1); `chance` (0 to 1) spreads those that failed together."""
    whole = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempt - 1, 30))
    return whole * (0.5 + chance / 2)


def message(delivery: Delivery) -> Message:
    """The event as it is sent."""
    at = datetime.fromtimestamp(delivery.created / 1000, UTC).isoformat(timespec="milliseconds")
    return Message(delivery.event_id, delivery.kind, at.replace("+00:00", "Z"), delivery.payload)


def sink(target: Target) -> Sink:
    """The sink of a target. Raises ConfigError for one that can never work."""
    place = Place(
        url=target.url,
        path=target.path,
        key=_key(target),
        networks=target.networks,
        plain=target.plain,
        seconds=target.seconds,
    )
    try:
        made: Sink = plugins.load("sinks", target.kind)(place)
    except ConfigError as error:
        raise ConfigError(f"target {target.name}: {error}") from error
    return made


def _key(target: Target) -> bytes:
    if target.secret_file is None:
        return b""
    try:
        return target.secret_file.read_bytes().strip()
    except OSError as error:
        raise ConfigError(f"target {target.name}: its secret file cannot be read: {error.strerror}") from error

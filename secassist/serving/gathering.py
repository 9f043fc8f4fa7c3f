"""Gathering: what many clients send at once is masked and stored in one transaction, and only then answered.

A commit waits for the disk; a hundred clients with an alert each share one. Nothing here knows HTTP.
"""

import logging
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Self

from secassist.errors import StoreError
from secassist.queueing.intake import Intake, Wish
from secassist.serving.reading import items
from secassist.sources.base import Rejected
from secassist.store import Entry, Submitted

MOST = 1000
"""Alerts in one request, which are one transaction."""
TOGETHER_BYTES = 512 * 1024
TOGETHER = 64
"""Requests, and bytes of theirs, that share a transaction; one that is larger has its own."""
THREADS = 2
"""While one waits for the disk the other one masks; more would only take turns."""
USED = "its idempotency key was used for another alert"

log = logging.getLogger(__name__)
Accepted = tuple[int, Submitted]
Refused = tuple[int, str]


@dataclass(frozen=True)
class Taken:
    """What became of a request: accepted items are on disk. Numbers count the items of the request from 0."""

    accepted: tuple[Accepted, ...]
    rejected: tuple[Refused, ...]


@dataclass
class _Parcel:
    body: bytes
    wish: Wish
    done: "Future[Taken]" = field(default_factory=Future)
    entries: list[tuple[int, Entry]] = field(default_factory=list)
    rejected: list[Refused] = field(default_factory=list)


class Gathering:
    """A context with threads that store what `take` is given, and one that wakes workers afterwards."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._waiting: queue.SimpleQueue[_Parcel | None] = queue.SimpleQueue()
        self._new: queue.SimpleQueue[list[Submitted] | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._store, name=f"intake-{n}", daemon=True) for n in range(THREADS)]
        self._teller = threading.Thread(target=self._tell, name="telling", daemon=True)

    def __enter__(self) -> Self:
        for thread in (*self._threads, self._teller):
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What was taken is stored and told before it returns."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()
        self._new.put(None)
        self._teller.join()

    def take(self, body: bytes, wish: Wish) -> "Future[Taken]":
        """The items of a body, stored. The future raises BodyError, BusyError or StoreError; nothing is stored then."""
        parcel = _Parcel(body, wish)
        self._waiting.put(parcel)
        return parcel.done

    # in threads of its own

    def _store(self) -> None:
        while parcels := self._some():
            ready = [each for each in parcels if each.done.set_running_or_notify_cancel() and self._read(each)]
            if not self._kept(ready) and len(ready) > 1:
                for parcel in ready:  # a full queue has room for some of them; a request may be at fault alone
                    self._kept([parcel])

    def _some(self) -> list[_Parcel]:
        """The next request, with those that came meanwhile; none at the end."""
        first = self._waiting.get()
        if first is None:
            return []
        parcels, size = [first], len(first.body)
        while len(parcels) < TOGETHER and size < TOGETHER_BYTES:
            try:
                found = self._waiting.get_nowait()
            except queue.Empty:
                break
            if found is None:
                self._waiting.put(None)  # the end is for the next round
                break
            parcels.append(found)
            size += len(found.body)
        return parcels

    def _read(self, parcel: _Parcel) -> bool:
        """Parses and masks; whether there is something to store. Otherwise the request is answered."""
        try:
            found = items(parcel.body, self._intake.pipeline.limits, MOST)
            for number, item in enumerate(found):
                if item.alert is None:
                    parcel.rejected.append((number, self._intake.pipeline.redactor(item.reason)))
                    continue
                wish = replace(parcel.wish, key=item.key) if item.key else parcel.wish
                (made,) = self._intake.masked([item.alert], wish, several=len(found) > 1 and not item.key)
                if isinstance(made, Rejected):
                    parcel.rejected.append((number, made.reason))
                else:
                    parcel.entries.append((number, made))
        except Exception as error:
            parcel.done.set_exception(error)
            return False
        if not parcel.entries:
            parcel.done.set_result(Taken((), tuple(parcel.rejected)))
        return bool(parcel.entries)

    def _kept(self, parcels: Sequence[_Parcel]) -> bool:
        """One transaction; whether it was made. A single request that cannot be stored is answered with the error."""
        entries = [entry for parcel in parcels for _, entry in parcel.entries]
        if not entries:
            return True
        try:
            stored = self._intake.store(entries)
        except Exception as error:
            if len(parcels) == 1 or isinstance(error, StoreError):
                for parcel in parcels:
                    parcel.done.set_exception(error)
                return True
            return False
        self._new.put(stored)
        left = iter(stored)
        for parcel in parcels:
            parcel.done.set_result(_taken(parcel, [next(left) for _ in parcel.entries]))
        return True

    def _tell(self) -> None:
        """A broker that does not answer takes seconds to say so, for which nobody is to wait."""
        silent = False
        while (new := self._new.get()) is not None:
            said = self._intake.tell(new)
            if said and not silent:
                log.warning("%s", said)
            silent = bool(said)


def _taken(parcel: _Parcel, stored: Sequence[Submitted]) -> Taken:
    """A job that was made under the same key for another alert is no job of this one."""
    accepted: list[Accepted] = []
    rejected = list(parcel.rejected)
    for (number, entry), submitted in zip(parcel.entries, stored, strict=True):
        if submitted.job.subject_id == entry.subject.id:
            accepted.append((number, submitted))
        else:
            rejected.append((number, USED))
    return Taken(tuple(accepted), tuple(sorted(rejected)))

"""Cells: one measurement each on an open store, in seconds per call."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from benchmarks.queue.ground import ANALYZER
from schemas import Alert, Analysis
from secassist.store import Entry, Job, Outcome, Store

BATCH = 16
BULK = 500
LEASE_SECONDS = 600.0


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came back."""
    began = time.perf_counter()
    found = call()
    return time.perf_counter() - began, found


def entries(subjects: Sequence[Alert], source: str) -> list[Entry]:
    """New jobs about subjects, whatever jobs there were about them."""
    return [Entry(subject, ANALYZER, source=source, key=f"{source}-{subject.id[:32]}") for subject in subjects]


def submits(store: Store, subjects: Sequence[Alert], source: str) -> list[float]:
    """One transaction per alert."""
    return [timed(partial(store.jobs.submit_many, [entry]))[0] for entry in entries(subjects, source)]


def bulk(store: Store, subjects: Sequence[Alert], source: str) -> list[float]:
    """BULK alerts in a transaction; seconds per transaction."""
    parts = batched_list(entries(subjects, source), BULK)
    return [timed(partial(store.jobs.submit_many, part))[0] for part in parts]


def claims(store: Store, times: int, limit: int) -> tuple[list[float], list[list[Job]]]:
    """Seconds of each claim, and what was claimed."""
    found = [timed(lambda: store.jobs.claim("bench", limit=limit, lease_seconds=LEASE_SECONDS)) for _ in range(times)]
    return [seconds for seconds, _ in found], [jobs for _, jobs in found if jobs]


def finishes(store: Store, claimed: Sequence[Sequence[Job]], made: dict[str, Analysis]) -> list[float]:
    """Seconds of each transaction that commits what was claimed together."""
    found = []
    for jobs in claimed:
        outcomes = [Outcome(job, made[job.subject_id]) for job in jobs]
        seconds, kept = timed(partial(store.jobs.finish, outcomes, "bench"))
        if len(kept) != len(jobs):
            raise RuntimeError("a lease was lost while it was measured")
        found.append(seconds)
    return found


def lists(store: Store, times: int) -> list[float]:
    """The newest 50 jobs."""
    return [timed(lambda: list(store.jobs.listed(limit=50)))[0] for _ in range(times)]


def counts(store: Store, times: int, *, ended: bool) -> list[float]:
    """Jobs by state: as `jobs list` does it, or with those that are done and cancelled."""
    return [timed(lambda: store.jobs.counts(ended=ended))[0] for _ in range(times)]


def batched_list(items: Sequence[Any], size: int) -> Iterator[list[Any]]:
    """Slices of at most this many."""
    return (list(items[start : start + size]) for start in range(0, len(items), size))

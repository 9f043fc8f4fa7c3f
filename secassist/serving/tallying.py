"""Figures in Prometheus' text format: the queue's, and what came in since this process began; no text of an input."""

import threading
from collections import Counter
from collections.abc import Iterator

from secassist.store import Counts, JobState


class Tally:
    """Counts what came in, by outcome; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._alerts: Counter[str] = Counter(dict.fromkeys(("queued", "duplicate", "rejected"), 0))
        self._answers: Counter[str] = Counter()
        self._bytes = 0

    def alerts(self, **counts: int) -> None:
        """`queued`, `duplicate` or `rejected` ones."""
        with self._lock:
            self._alerts.update(counts)

    def answered(self, status: int) -> None:
        """A request."""
        with self._lock:
            self._answers[str(status)] += 1

    def received(self, size: int) -> None:
        """Bytes of a body."""
        with self._lock:
            self._bytes += size

    def text(self, counts: Counts | None) -> str:
        """All figures; `counts` is None while the database is away."""
        with self._lock:
            alerts, answers, size = dict(self._alerts), dict(self._answers), self._bytes
        lines = [
            *_family("secassist_database_up", "gauge", "Whether the database answers.", {"": int(counts is not None)})
        ]
        if counts is not None:
            states = {f'{{state="{s.value}"}}': n for s in JobState if (n := getattr(counts, s.value)) is not None}
            lines += _family("secassist_jobs", "gauge", "Jobs by state.", states)
            lines += _family("secassist_jobs_due", "gauge", "Queued jobs that can be claimed now.", {"": counts.due})
            oldest = {"": round(counts.oldest, 3)}
            lines += _family(
                "secassist_oldest_waiting_seconds", "gauge", "For how long the oldest of them waits.", oldest
            )
        by_outcome = {f'{{outcome="{name}"}}': number for name, number in sorted(alerts.items())}
        by_status = {f'{{status="{name}"}}': number for name, number in sorted(answers.items())}
        lines += _family("secassist_intake_alerts_total", "counter", "Alerts that were sent, by outcome.", by_outcome)
        lines += _family("secassist_intake_requests_total", "counter", "Requests with alerts, by status.", by_status)
        lines += _family("secassist_intake_bytes_total", "counter", "Bytes of bodies that were read.", {"": size})
        return "\n".join(lines) + "\n"


def _family(name: str, kind: str, said: str, values: dict[str, int] | dict[str, float]) -> Iterator[str]:
    yield f"# HELP {name} {said}"
    yield f"# TYPE {name} {kind}"
    for labels, value in values.items():
        yield f"{name}{labels} {value}"

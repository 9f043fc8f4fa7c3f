"""Stub: the real pipeline and store with a model that sleeps 20 ms and answers by its prompt, and does harm where told."""

import json
import os
import signal
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from schemas import Alert, Field
from secassist.backends.base import Completion, Request
from secassist.backends.scripted import ScriptedBackend
from secassist.errors import BackendError
from secassist.store import Entry

MODEL_SECONDS = 0.02
"""What one answer of the stub model takes; a batch takes as long as its answers together."""
DECISIONS = ("true_positive", "suspicious", "benign", "false_positive")
REVIEWED = {"decision": "safe", "cwe": "", "lines": [], "severity": "low", "reason": "Seen.", "fix": ""}
LETTERS = "bcdfghjklmnprstvwz"
HANG_SECONDS = 3600.0
GREEDY_BYTES = 1 << 40
"""More than any machine that runs this gives."""
PIECE_BYTES, EATEN_PIECES = 1 << 22, 256
"""A gigabyte, 4 MB at a time."""


def word(number: int) -> str:
    """A number in letters only, so that nothing that normalises digits takes two alerts for one."""
    found = ""
    while number or len(found) < 4:
        number, rest = divmod(number, len(LETTERS))
        found = LETTERS[rest] + "aeiou"[rest % 5] + found
    return found


def alert(number: int, harm: str = "") -> Alert:
    """The alert of this number; `harm` is one of HARMS, "" for a harmless one."""
    command = f"archive --name {word(number)}" + (f" poison-{harm}" if harm else "")
    fields = (Field(path="user.name", value=word(number)), Field(path="process.command_line", value=command))
    return Alert(source="alert_json", origin=f"alerts.jsonl:{number}", title=f"login of {word(number)}", fields=fields)


def answer(request: Request) -> Completion:
    """Decided by the prompt alone, so that every run over the same alert must decide the same."""
    text = request.prompt.user
    for name, harm in HARMS.items():
        if f"poison-{name}" in text:
            harm()
    number = sha256(text.encode()).digest()[0]
    if request.analyzer == "review":
        return Completion(json.dumps(REVIEWED), "stop", dict.fromkeys(request.choices, 1 / 3))
    chosen = DECISIONS[number % len(DECISIONS)]
    choices = request.choices or DECISIONS
    chosen = chosen if chosen in choices else choices[0]
    said = {"decision": chosen, "severity": "low", "techniques": [], "lines": [1], "reason": "Seen.", "missing": []}
    odds = {choice: 0.9 if choice == chosen else 0.1 / (len(choices) - 1) for choice in choices}
    return Completion(json.dumps(said), "stop", odds)


def _raises() -> None:
    raise BackendError("the stub model was told to fail")


def _hangs() -> None:
    time.sleep(HANG_SECONDS)


def _exits() -> None:
    os._exit(1)


def _killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _greedy() -> None:
    bytearray(GREEDY_BYTES)


def _eats() -> None:
    eaten: list[bytes] = []
    while len(eaten) < EATEN_PIECES:
        eaten.append(b"x" * PIECE_BYTES)
        time.sleep(0.005)
    time.sleep(HANG_SECONDS)


HARMS: dict[str, Callable[[], None]] = {
    "raises": _raises,
    "hangs": _hangs,
    "exits": _exits,
    "killed": _killed,
    "greedy": _greedy,
    "eats": _eats,
}
"""`eats` takes memory bit by bit, `greedy` asks for more than there is, `killed` is what the kernel does about either."""


class StubBackend(ScriptedBackend):
    """The scripted backend at the pace of a model; `told` is called with every batch before it is answered."""

    def __init__(self, seconds: float = MODEL_SECONDS, told: Callable[[Sequence[Request]], None] | None = None) -> None:
        super().__init__(answer)
        self._seconds = seconds
        self._told = told

    def complete(self, requests: Sequence[Request]) -> list[Completion]:
        """Sleeps, then answers; what was asked is forgotten, for a worker lives long."""
        if self._told:
            self._told(requests)
        time.sleep(self._seconds * len(requests))
        made = super().complete(requests)
        self.seen.clear()
        return made


def warm() -> None:
    """Loads and compiles what every worker needs, before processes are forked off: they begin at once then."""
    import celery.apps.worker  # noqa: F401
    import kombu.transport.redis  # noqa: F401
    import psycopg  # noqa: F401

    from secassist import bootstrap
    from secassist.config import Settings

    with TemporaryDirectory() as folder:
        made = bootstrap.pipeline(Settings(home=Path(folder) / "home"), StubBackend(0.0))
        subject = made.conceal(alert(0))
        made.answer("triage", [subject])
        made.store.jobs.submit_many([Entry(subject, "triage")])
        made.store.close()

"""Serving: intake as clients see it, by command's own calls and over HTTP; masking is part of both."""

import http.client
import json
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.queue import ground
from benchmarks.queue.cells import BULK, batched_list, timed
from schemas import Alert
from secassist.queueing.intake import Intake
from secassist.sources._records import record
from tests.faults.fleet import Nest
from tests.faults.machines import signalled
from tests.faults.stub import word

START_SECONDS = 60.0
NUMBERS = count()
Row = dict[str, Any]


def submitted(home: Path, database: str, singles: int, many: int) -> Iterator[tuple[str, list[float], float]]:
    """What `secassist submit` does once it runs and has parsed: recognise, mask, store.

    Seconds of each transaction, and of the processor for an alert.
    """
    made = ground.pipeline(home, database)
    intake = Intake(made)
    list(intake.submit(map(_read, range(1_000_000, 1_000_010))))
    for name, size, numbers in (("single", 1, range(singles)), ("bulk", BULK, range(singles, singles + many))):
        began = time.process_time()
        seconds = [
            timed(lambda part=part: list(intake.submit(map(_read, part))))[0] for part in batched_list(numbers, size)
        ]
        yield name, seconds, (time.process_time() - began) / len(numbers)
    made.store.close()


def _read(number: int) -> Alert:
    return record(row(number), "alert_json", "alerts.jsonl")


@contextmanager
def server(nest: Nest, home: Path, database: str) -> Iterator["Client"]:
    """A server process, ready, and a client of it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    token, log = secrets.token_hex(16), home.with_name(f"{home.name}.log")
    spec = {"home": str(home), "database": database, "pace": {}, "port": port, "token": token}
    pid = nest.fork("tests.faults.working:serving", log, **spec)
    client, deadline = Client(port, token, pid), time.monotonic() + START_SECONDS
    while True:
        try:
            client.send(1)
            break
        except (OSError, http.client.HTTPException):
            client.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    try:
        yield client
    finally:
        signalled([pid], signal.SIGTERM)
        nest.wait(pid, START_SECONDS)


class Client:
    """Keeps its connection; `pid` is the server."""

    def __init__(self, port: int, token: str, pid: int) -> None:
        self._port, self._token, self._pid = port, token, pid
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def close(self) -> None:
        """The next request opens it again."""
        self._connection.close()

    def another(self) -> "Client":
        """With a connection of its own."""
        return Client(self._port, self._token, self._pid)

    def spent(self) -> float:
        """Seconds of the processor that the server has used."""
        words = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def send(self, several: int) -> None:
        """So many new alerts; raises RuntimeError unless all were taken."""
        rows = [row(next(NUMBERS)) for _ in range(several)]
        body = json.dumps(rows if several > 1 else rows[0])
        self._connection.request("POST", "/v1/alerts", body, {"Authorization": f"Bearer {self._token}"})
        answer = self._connection.getresponse()
        taken = json.loads(answer.read())
        if answer.status != 202 or len(taken["accepted"]) != several:
            raise RuntimeError(f"{answer.status}: not all alerts were accepted")


def row(number: int) -> Row:
    """An alert of ordinary size: the start of a process, 1.2 kB in 34 fields."""
    name = word(number)
    return {
        "@timestamp": "2026-11-22T09:00:00.000Z",
        "event": {"kind": "alert", "category": "process", "action": "start", "code": "1", "outcome": "success"},
        "rule": {"name": "Archive written by an office program", "id": "process-0417", "level": "medium"},
        "host": {"name": f"ws-{name}", "os": {"family": "windows", "version": "10.0.22631"}, "ip": ["10.20.30.40"]},
        "user": {"name": name, "domain": "CORP", "id": "S-1-5-21-1004336348-1177238915-682003330-1104"},
        "process": {
            "pid": 4711,
            "executable": "C:\\Program Files\\Archive\\archive.exe",
            "command_line": f"archive.exe --name {name} --out C:\\Users\\{name}\\AppData\\Local\\Temp\\{name}.zip",
            "working_directory": f"C:\\Users\\{name}\\Documents",
            "hash": {"md5": "9e107d9d372bb6826bd81d3542a419d6", "sha256": "0" * 63 + "1"},
            "parent": {"pid": 1174, "executable": "C:\\Program Files\\Office\\WINWORD.EXE", "name": "WINWORD.EXE"},
        },
        "network": {"direction": "egress", "transport": "tcp"},
        "destination": {"ip": "203.0.113.7", "port": 443, "domain": f"{name}.files.invented.test"},
        "tags": ["endpoint", "office", "archive"],
        "message": f"WINWORD.EXE started archive.exe, which wrote {name}.zip and then connected to a host not seen before.",
    }


def sent(client: Client, clients: int, requests: int, several: int) -> Row:
    """Alerts per second of so many clients at once, each with its share of the requests; seconds of each request."""
    seconds: list[float] = []
    start = threading.Barrier(clients + 1)
    threads = [
        threading.Thread(target=_send, args=(client.another(), start, requests // clients, several, seconds))
        for _ in range(clients)
    ]
    for thread in threads:
        thread.start()
    used = client.spent()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    spent, alerts = time.perf_counter() - began, len(seconds) * several
    if len(seconds) != requests // clients * clients:
        raise RuntimeError("a client gave up")
    found = {"per second": alerts / spent, "processor": (client.spent() - used) / alerts, "seconds": seconds}
    return {"clients": clients, "several": several, **found}


def _send(client: Client, start: threading.Barrier, requests: int, several: int, seconds: list[float]) -> None:
    start.wait()
    for _ in range(requests):
        seconds.append(timed(lambda: client.send(several))[0])


CELLS: Sequence[tuple[int, int, int]] = ((1, 100, 1), (16, 480, 1), (100, 800, 1), (1, 4, BULK), (4, 4, BULK))
"""Clients, requests, alerts per request."""

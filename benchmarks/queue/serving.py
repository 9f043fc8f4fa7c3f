"""Serving: intake as clients see it, by command's own calls and over HTTP; masking is part of both."""

import http.client
import json
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
from secassist.queueing.intake import Intake
from tests.faults.fleet import Nest
from tests.faults.machines import signalled
from tests.faults.stub import alert, word

START_SECONDS = 60.0
NUMBERS = count()
Row = dict[str, Any]


def submitted(home: Path, database: str, singles: int, many: int) -> Iterator[tuple[str, list[float]]]:
    """Seconds per transaction of what `secassist submit` does once it is running: mask, store, answer."""
    made = ground.pipeline(home, database)
    intake = Intake(made)
    list(intake.submit(map(alert, range(1_000_000, 1_000_010))))
    yield "single", [timed(lambda n=n: list(intake.submit([alert(n)])))[0] for n in range(singles)]
    parts = batched_list(range(singles, singles + many), BULK)
    yield "bulk", [timed(lambda part=part: list(intake.submit(map(alert, part))))[0] for part in parts]
    made.store.close()


@contextmanager
def server(nest: Nest, home: Path, database: str) -> Iterator["Client"]:
    """A server process, ready, and a client of it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    token, log = secrets.token_hex(16), home.with_name(f"{home.name}.log")
    spec = {"home": str(home), "database": database, "pace": {}, "port": port, "token": token}
    pid = nest.fork("tests.faults.working:serving", log, **spec)
    client, deadline = Client(port, token), time.monotonic() + START_SECONDS
    while True:
        try:
            client.send(1)
            break
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    try:
        yield client
    finally:
        signalled([pid], signal.SIGTERM)
        nest.wait(pid, START_SECONDS)


class Client:
    """Keeps its connection."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def another(self) -> "Client":
        """With a connection of its own."""
        return Client(self._port, self._token)

    def send(self, several: int) -> None:
        """So many new alerts; raises RuntimeError unless all were taken."""
        rows = [_row(next(NUMBERS)) for _ in range(several)]
        body = json.dumps(rows if several > 1 else rows[0])
        self._connection.request("POST", "/v1/alerts", body, {"Authorization": f"Bearer {self._token}"})
        answer = self._connection.getresponse()
        taken = json.loads(answer.read())
        if answer.status != 202 or len(taken["accepted"]) != several:
            raise RuntimeError(f"{answer.status}: not all alerts were accepted")


def _row(number: int) -> Row:
    """As the stub's alerts."""
    command = f"archive --name {word(number)}"
    return {"rule": {"name": "login"}, "user": {"name": word(number)}, "process": {"command_line": command}}


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
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - began
    if len(seconds) != requests // clients * clients:
        raise RuntimeError("a client gave up")
    return {"clients": clients, "several": several, "per second": len(seconds) * several / spent, "seconds": seconds}


def _send(client: Client, start: threading.Barrier, requests: int, several: int, seconds: list[float]) -> None:
    start.wait()
    for _ in range(requests):
        seconds.append(timed(lambda: client.send(several))[0])


CELLS: Sequence[tuple[int, int, int]] = ((1, 200, 1), (16, 800, 1), (100, 1000, 1), (1, 6, BULK), (4, 12, BULK))
"""Clients, requests, alerts per request."""

"""The HTTP server is killed right after its answers: what it answered is there, once, and nothing else is."""

import http.client
import json
import random
import secrets
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.faults.fleet import Nest
from tests.faults.machines import Postgres, signalled, until
from tests.faults.site import Site, on, require_clean, tell
from tests.faults.stub import word

Make = Callable[..., Site]
CLIENTS = 4
BATCHES = 7
"""Every so many requests one carries several alerts."""
SEVERAL = 5


class Server:
    """One that is started again whenever it was killed."""

    def __init__(self, site: Site, nest: Nest, **more: object) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.token, self.kills = secrets.token_hex(16), 0
        self.answers: Counter[int] = Counter()
        self._site, self._nest, self._more = site, nest, more
        self._lock = threading.Lock()
        self._pid = self._fork()

    def _fork(self) -> int:
        spec = {"home": str(self._site.home), "database": self._site.database, "pace": {}, **self._more}
        log = self._site.home / "server.log"
        return self._nest.fork("tests.faults.working:serving", log, port=self.port, token=self.token, **spec)

    def kill(self) -> None:
        """kill -9, and another one."""
        with self._lock:
            signalled([self._pid], signal.SIGKILL)
            until("the server is gone", lambda: self._pid in self._nest.died)
            self._pid, self.kills = self._fork(), self.kills + 1

    def end(self) -> int | None:
        """As a service manager ends it; how it ended."""
        signalled([self._pid], signal.SIGTERM)
        return self._nest.wait(self._pid, 60.0)

    def post(self, numbers: list[int], seconds: float = 60.0) -> list[str]:
        """The ids that were answered, asked for until they are; a client does not know what a broken call has done."""
        rows = [{"rule": {"name": "login"}, "user": {"name": word(number)}} for number in numbers]
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                taken = self._ask(json.dumps(rows if len(rows) > 1 else rows[0]))
            except (OSError, http.client.HTTPException):
                taken = []
            if taken:
                return taken
            time.sleep(0.02)
        pytest.fail(f"no answer within {seconds} s")

    def _ask(self, body: str) -> list[str]:
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            asking.request("POST", "/v1/alerts", body, {"Authorization": f"Bearer {self.token}"})
            answer = asking.getresponse()
            said = json.loads(answer.read())
        finally:
            asking.close()
        self.answers[answer.status] += 1
        assert answer.status in (202, 503), said
        return [one["job"] for one in said.get("accepted", ())]


@contextmanager
def clients(site: Site, server: Server, killed: threading.Event) -> Iterator[None]:
    """Threads that send alert after alert, note what was answered, and say when something was."""
    ended, failures = threading.Event(), list[BaseException]()
    numbers, lock = iter(range(1_000_000)), threading.Lock()

    def send() -> None:
        try:
            while not ended.is_set():
                with lock:
                    mine = [next(numbers) for _ in range(1 if random.randrange(BATCHES) else SEVERAL)]
                for number, job in zip(mine, server.post(mine), strict=True):
                    site.note(number, job)
                killed.set()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=send) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert not failures, failures


def run(site: Site, nest: Nest, kills: int, **more: object) -> Server:
    """Kills the server as often, each time as soon as a client has its answer."""
    server, answered = Server(site, nest, **more), threading.Event()
    with clients(site, server, answered):
        for _ in range(kills):
            answered.clear()
            assert answered.wait(60), "nothing was answered"
            server.kill()
    return server


@on(small="sqlite")
@pytest.mark.parametrize("kills", [6, pytest.param(200, marks=pytest.mark.slow)])
def test_the_server_is_killed_right_after_its_answers(
    make_site: Make, nest: Nest, kind: str, kills: int, capsys: pytest.CaptureFixture[str]
) -> None:
    site = make_site(kind)
    server = run(site, nest, kills)
    assert server.end() == 0
    assert len(site.acknowledged) >= kills
    with site.fleet(2) as fleet:
        assert site.drained(90 + len(site.acknowledged) / 5), f"{site.states()}\n{fleet.told()}"
        found = require_clean(site, fleet)
    found.notes = {"kills": server.kills}
    tell(capsys, f"server killed, {kind}", found)


def test_the_database_goes_away_under_the_server(
    make_site: Make, nest: Nest, private_postgres: Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    site = make_site("postgresql")
    server, answered = Server(site, nest), threading.Event()
    with clients(site, server, answered):
        for stop in (private_postgres.stop, private_postgres.kill):
            answered.clear()
            assert answered.wait(60), "nothing was answered"
            stop()
            until("the server says so", lambda seen=server.answers[503]: server.answers[503] > seen)
            private_postgres.start()
        answered.clear()
        assert answered.wait(60), "the server did not come back"
    assert server.end() == 0
    with site.fleet(2) as fleet:
        assert site.drained(90 + len(site.acknowledged) / 5), f"{site.states()}\n{fleet.told()}"
        found = require_clean(site, fleet)
    found.notes = {"answers": dict(server.answers)}
    tell(capsys, "database away under the server", found)


def test_an_answer_before_the_commit_is_caught(make_site: Make, nest: Nest) -> None:
    site = make_site("sqlite")
    run(site, nest, 3, early=True).end()
    assert site.findings().lost >= 1

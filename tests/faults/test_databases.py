"""The database goes away, comes back, is full, and is opened by many at once."""

import random
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import servers
from tests.faults.disk import small_disk
from tests.faults.fleet import Nest
from tests.faults.machines import Postgres
from tests.faults.site import KINDS, Findings, Site, on, opened, require_clean, tell

BOTH = pytest.mark.parametrize("kind", KINDS)
Make = Callable[..., Site]


def test_postgresql_is_stopped_now_and_then(
    make_site: Make, private_postgres: Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(capsys, "PostgreSQL killed or stopped", stopped(make_site("postgresql"), private_postgres, 60, (0.5, 1.2), 2))


@pytest.mark.slow
def test_postgresql_is_stopped_every_5_to_20_s(
    make_site: Make, private_postgres: Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    site = make_site("postgresql")
    tell(capsys, "PostgreSQL stopped every 5-20 s", stopped(site, private_postgres, 3000, (5.0, 20.0), 8))


def stopped(site: Site, server: Postgres, total: int, between: tuple[float, float], times: int) -> Findings:
    """Stops it orderly and by kill -9 in turns while clients submit and workers work."""
    chance = random.Random(3)
    site.submit(range(total // 2))

    def client() -> None:
        for number in range(total // 2, total):
            site.insist(number)
            time.sleep(0.01)

    with site.fleet(2, pace={"lease": 4.0}) as fleet:
        submitting = threading.Thread(target=client)
        submitting.start()
        for number in range(times):
            time.sleep(chance.uniform(*between))
            (server.kill if number % 2 else server.stop)()
            time.sleep(chance.uniform(0.1, 1.0))
            server.start()
        submitting.join()
        assert len(site.acknowledged) == total
        assert site.drained(120 + total / 5), f"{site.states()}\n{fleet.told()}"
        return require_clean(site, fleet)


@on(small="sqlite")
def test_the_disk_is_full_for_a_while(
    nest: Nest, tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(capsys, f"disk full, {kind}", full(nest, tmp_path, kind, 40, 1.5))


@pytest.mark.slow
@BOTH
def test_the_disk_is_full_for_60_s(nest: Nest, tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    tell(capsys, f"disk full for 60 s, {kind}", full(nest, tmp_path, kind, 1000, 60.0))


def full(nest: Nest, folder: Path, kind: str, total: int, seconds: float) -> Findings:
    """The disk of the database has no byte left for a while; the server is started again when it gave up."""
    user = servers._postgres_user() if kind == "postgresql" else None
    with servers._folder(user) as outer, small_disk(outer / "disk", 200, user.pw_uid if user else 0) as disk:
        if kind == "sqlite":
            with opened(nest, f"sqlite:///{disk.place / 'secassist.db'}", folder / "home") as site:
                return _filled(site, total, seconds, disk.fill, disk.free)
        server = Postgres(disk.place)
        server.start()

        def free() -> None:
            disk.free()
            if server.process and server.process.poll() is not None:
                server.process = None
                server.start()

        try:
            with opened(nest, server.url(), folder / "home") as site:
                return _filled(site, total, seconds, disk.fill, free)
        finally:
            server.close()


def _filled(site: Site, total: int, seconds: float, fill: Callable[[], None], free: Callable[[], None]) -> Findings:
    site.submit(range(total))
    with site.fleet(2, pace={"lease": 4.0}) as fleet:
        while not site.states()["done"]:
            time.sleep(0.02)
        fill()
        before, end = site.states()["done"], time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(0.1)
            fill()
        while_full = site.states()["done"]
        free()
        assert site.drained(120 + total / 2), f"{site.states()}\n{fleet.told()}"
        found = require_clean(site, fleet)
    assert while_full < total, "the disk was never in the way"
    found.notes = {"done before": before, "done while full": while_full - before}
    return found


@BOTH
def test_two_migrators_and_two_intakes_at_once(make_site: Make, kind: str, nest: Nest, tmp_path: Path) -> None:
    site = make_site(kind)
    logs = [tmp_path / f"opening{number}" for number in range(4)]
    spec = {"home": str(site.home), "database": site.database}
    pids = [nest.fork("tests.faults.working:opening", log, **spec) for log in logs]
    ended = [nest.wait(pid, 60.0) for pid in pids]
    assert ended == [0] * 4, [log.read_text() for log in logs]
    assert site.rows("SELECT count(*) FROM jobs") == [(20,)]
    assert site.rows("SELECT count(*) FROM secassist_migration") == [(1,)]

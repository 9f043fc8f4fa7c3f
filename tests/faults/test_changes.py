"""The client dies between commit and message, schedulers compete, a template is upgraded while jobs wait."""

import json
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from secassist import templates
from tests.faults.fleet import Nest
from tests.faults.machines import Redis, until
from tests.faults.site import Site, on, require_clean
from tests.faults.stub import word

Make = Callable[..., Site]
EACH = 5
TIMES = [2, pytest.param(200, marks=pytest.mark.slow)]


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("what", ["alerts", "code"])
def test_the_command_is_killed_between_commit_and_message(
    make_site: Make, nest: Nest, private_redis: Redis, tmp_path: Path, what: str, times: int
) -> None:
    if private_redis.process is None:
        private_redis.start()
    private_redis.flush()
    site = make_site("postgresql", broker_url=private_redis.url)
    for number in range(times):
        written = WRITERS[what](tmp_path / str(number), number)
        first = given_ids(site, nest, written, dies=True)
        if number % 3 == 0:  # a client that is not sure asks again
            assert given_ids(site, nest, written, dies=False) == first
        for position, id_ in enumerate(first):
            site.note(number * EACH + position, id_)
    assert len(site.acknowledged) == times * EACH
    with site.fleet(2, run="tests.faults.working:celery") as fleet:
        assert site.drained(90 + times), f"{site.states()}\n{fleet.told()}"
        require_clean(site, fleet)


def written_alerts(folder: Path, number: int) -> Path:
    """EACH alerts."""
    folder.mkdir()
    rows = [{"rule": {"name": "login"}, "user": {"name": word(number * EACH + n)}} for n in range(EACH)]
    (folder / "alerts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def written_code(folder: Path, number: int) -> Path:
    """Two files of code, each of which two analyzers look at, and a document: EACH jobs."""
    folder.mkdir()
    for name in ("first", "second"):
        (folder / f"{name}.py").write_text(f"import os\n\n\ndef {name}_{word(number)}(host):\n    os.system(host)\n")
    (folder / "notes.md").write_text(f"Notes of {word(number)}\n")
    return folder


WRITERS = {"alerts": written_alerts, "code": written_code}


def given_ids(site: Site, nest: Nest, file: Path, *, dies: bool) -> list[str]:
    """What `secassist submit` printed."""
    out, log = file.with_suffix(".out"), file.with_name("submit.log")
    names = {"file": str(file), "out": str(out), "dies": dies, "broker": site.broker}
    where = {"home": str(site.home), "database": site.database}
    pid = nest.fork("tests.faults.working:submitting", log, **where, **names)
    code = nest.wait(pid, 60.0)
    assert code == (-signal.SIGKILL if dies else 0), log.read_text() + out.read_text()
    return [json.loads(line)["job"] for line in out.read_text().splitlines()]


@on(small="postgresql")
def test_two_schedulers_do_each_slot_once(make_site: Make, kind: str, tmp_path: Path) -> None:
    site = make_site(kind)
    out = tmp_path / "slots"
    out.touch()
    site.pipeline.store.schedules.add("often", "retention", 150)
    with site.fleet(2, run="tests.faults.working:scheduling", out=str(out)):
        until("twelve slots were done", lambda: len(out.read_text().splitlines()) >= 12)
    slots = Counter(out.read_text().splitlines())
    assert max(slots.values()) == 1, slots
    states = Counter(site.rows("SELECT state, attempt FROM runs"))
    assert states[("done", 1)] >= 11
    assert sum(states.values()) - states[("done", 1)] <= 2  # those that were being done when the schedulers were killed


@on(small="sqlite")
def test_a_template_is_upgraded_while_jobs_wait(make_site: Make, kind: str, tmp_path: Path) -> None:
    site = make_site(kind)
    site.submit(range(60))
    with site.fleet(1) as old:
        until("some are done", lambda: site.states()["done"] >= 10)
        with site.fleet(1, prompts=str(next_prompts(tmp_path))) as new:
            until("some more are done", lambda: site.states()["done"] >= 25)
            old.close()
            assert site.drained(60), f"{site.states()}\n{new.told()}"
            require_clean(site, new)
    query = "SELECT a.lineage FROM jobs j JOIN analyses a ON a.id = j.analysis_id"
    rows = [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in site.rows(query)]
    named = Counter((row["template"], row["template_digest"]) for row in rows)
    newest = templates.load("triage").matter.version
    assert len(named) == 2, named
    assert {name for name, _ in named} == {f"triage@{newest}", f"triage@{newest + 1}"}
    assert sum(named.values()) == 60


def next_prompts(folder: Path) -> Path:
    """A folder with one template: the next version of what triage uses, of one more word."""
    now = templates.load("triage")
    made = folder / "prompts" / "triage"
    made.mkdir(parents=True)
    text = now.source.replace(f"version: {now.matter.version}\n", f"version: {now.matter.version + 1}\n")
    assert text != now.source
    (made / f"v{now.matter.version + 1}.jinja").write_text(text)
    for file in now.path.parent.glob("*.jsonl"):
        (made / file.name).write_text(file.read_text())
    return made.parent

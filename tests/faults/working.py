"""Working: what a worker process of the harness runs; the queue's code is the product's, only the model is a stub."""

import faulthandler
import logging
import os
import signal
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Any

from secassist import broker, config, templates
from secassist.config import Settings
from secassist.pipeline import Pipeline
from secassist.queueing import intake
from secassist.queueing.pace import Pace
from secassist.queueing.worker import Worker
from secassist.store import Job, jobs_intake
from tests.faults import hurting, mutants
from tests.faults.stub import MODEL_SECONDS, StubBackend
from workers import jobs

OPTIONS = ("--pool=solo", "--loglevel=WARNING", "--without-gossip", "--without-mingle")
"""As the command starts Celery."""


def open_pipeline(spec: dict[str, Any]) -> Pipeline:
    """By the specification, after the fork."""
    from secassist import bootstrap

    if "prompts" in spec:
        upgraded(Path(spec["prompts"]))
    settings = Settings(home=Path(spec["home"]), database=spec["database"], reuse="off")
    return bootstrap.pipeline(settings, StubBackend(spec.get("model_seconds", MODEL_SECONDS)))


def prepare(spec: dict[str, Any]) -> Pace:
    """Logging, fault points and mutants of this process; the pace it is to keep."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(process)d %(asctime)s %(message)s")
    faulthandler.register(signal.SIGUSR2)
    mutants.apply(spec.get("mutant", ""))
    hurting.install(spec)
    return Pace(**spec["pace"])


def embedded(spec: dict[str, Any]) -> int:
    """Polls the table until it is stopped, as `worker --embedded` does."""
    pace = prepare(spec)
    worker = Worker(open_pipeline(spec), pace)
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    worker.run(drain=spec.get("drain", False))
    return 0


def upgraded(folder: Path) -> None:
    """From now on the newest triage template is the one in this folder."""
    template = templates.load("triage", folder=folder)
    load = templates.load
    templates.load = cache(lambda analyzer, *given: template if analyzer == "triage" else load(analyzer, *given))


def celery(spec: dict[str, Any]) -> int:
    """The product's Celery process (solo pool), woken by messages."""
    pace, key = prepare(spec), config.key(Path(spec["home"]))

    def open_worker() -> Worker:
        made = open_pipeline(spec)
        return Worker(made, pace, publish=lambda ids: broker.publish(spec["broker"], made.driver.key, ids))

    engine = jobs.Engine(open_worker, key)
    jobs.follow(engine)
    app = jobs.register(broker.connect(spec["broker"]), engine)
    app.worker_main(["--quiet", "worker", *OPTIONS])
    return 0


def submitting(spec: dict[str, Any]) -> int:
    """The product's `submit` command, which is killed after it has committed and answered, before it tells workers."""
    from secassist import __main__

    if spec["dies"]:
        hurting.put_death(intake.Intake, "tell", "before")
    os.environ |= {
        "SECASSIST_HOME": spec["home"],
        "SECASSIST_DATABASE": spec["database"],
        "SECASSIST_BROKER": spec["broker"],
        "SECASSIST_CONFIG": "/dev/null",
    }
    os.dup2(os.open(spec["out"], os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), 1)
    sys.argv = ["secassist", "submit", "--json", spec["file"]]
    __main__.main()
    return 0


def serving(spec: dict[str, Any]) -> int:
    """The product's HTTP server at a port of its own; `early` has it answer before it stores."""
    from secassist.serving import guarding
    from secassist.serving.app import Limits
    from secassist.serving.listening import Address, serve

    prepare(spec)
    made = open_pipeline(spec)
    chosen = intake.Intake(made)
    if spec.get("early"):
        put_off(chosen)
    settings = Settings(home=Path(spec["home"]), database=spec["database"])
    address = Address(guarding.bound("127.0.0.1", spec["port"], guarded=True))
    serve(made, settings, chosen, guarding.Door(spec["token"]), address, Limits())
    return 0


def put_off(chosen: intake.Intake) -> None:
    """Stores a tenth of a second after it has said that it did."""
    from secassist.store import Submitted

    def promised(entries: Any) -> list[Submitted]:
        rows = [jobs_intake._row(entry, 0, str) for entry in entries]
        threading.Timer(0.1, lambda: made(entries)).start()
        nothing = {name: value for name, value in rows[0].items() if name != "turn"} if rows else {}
        return [Submitted(Job(**{**nothing, "id": row["id"], "subject_id": row["subject_id"]}), True) for row in rows]

    made = chosen.store
    object.__setattr__(chosen, "store", promised)


def scheduling(spec: dict[str, Any]) -> int:
    """A scheduler that makes rounds; each piece of work that it does is one line in a file."""
    from secassist.scheduling import chores
    from secassist.scheduling.scheduler import Scheduler

    def marked(_pipeline: Pipeline, _settings: Settings, run: Any) -> str:
        with Path(spec["out"]).open("a") as out:
            out.write(f"{run.slot}\n")
        return "done"

    chores.CHORES["retention"] = marked  # type: ignore[index]
    settings = Settings(home=Path(spec["home"]), database=spec["database"], reuse="off")
    prepare(spec)
    Scheduler(open_pipeline(spec), settings).run(0.05)
    return 0


def opening(spec: dict[str, Any]) -> int:
    """Opens the database, which may have to be made, and submits what the others submit as well."""
    from secassist.store import Entry
    from tests.faults.stub import alert

    mutants.apply(spec.get("mutant", ""))
    made = open_pipeline(spec)
    made.store.jobs.submit_many([Entry(made.conceal(alert(number)), "triage") for number in range(20)])
    made.store.close()
    return 0

"""What `python -m celery -A workers.schedule beat` sends, and who makes the rounds it asks for: `... worker -Q upkeep`.

A tick carries nothing and may be lost, late or doubled: what is due stands in the database.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from celery import Celery

from secassist import bootstrap, broker, logs
from secassist.config import Settings, read_settings
from secassist.errors import ConfigError
from secassist.scheduling.scheduler import Scheduler

TICK = "secassist.tick"
QUEUE = "upkeep"
"""Apart from the model's queue, so that no batch holds up a round."""
SECONDS = 15.0
"""Between two ticks; one that nobody took in that time is dropped, for the next one says the same."""
ENTRIES: dict[str, Any] = {"tick": {"task": TICK, "schedule": SECONDS, "options": {"queue": QUEUE, "expires": SECONDS}}}


def open_scheduler(settings: Settings) -> Scheduler:
    """By the settings; called by the first tick, never before a fork."""
    made = bootstrap.pipeline(settings)
    return Scheduler(made, settings, lambda ids: broker.publish(settings.broker, made.driver.key, ids))


def register(app: Celery, opener: Callable[[], Scheduler]) -> Celery:
    """Gives the app the tick and its rhythm; beat keeps no file, since due times are rows."""
    opened = cache(opener)

    @app.task(name=TICK, shared=False, ignore_result=True)  # type: ignore[untyped-decorator]
    def tick(*_: Any, **__: Any) -> None:
        opened().round()

    app.conf.update(beat_schedule=ENTRIES, beat_scheduler="celery.beat:Scheduler", beat_max_loop_interval=SECONDS)
    return app


def _named(settings: Settings) -> Settings:
    if not settings.broker:
        raise ConfigError("no broker is named; set SECASSIST_BROKER, or run secassist schedule run")
    return settings


logs.Guard(bootstrap.redactor()).install()
app = register(broker.connect(_named(read_settings()).broker), lambda: open_scheduler(read_settings()))

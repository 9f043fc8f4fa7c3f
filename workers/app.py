"""What `python -m celery -A workers.app worker --pool solo` runs: the real broker, the real pipeline."""

from secassist import bootstrap, broker, config, logs
from secassist.config import Settings, read_settings
from secassist.errors import ConfigError
from secassist.queueing.pace import Pace
from secassist.queueing.worker import Worker, limit_memory
from workers import jobs


def open_worker(settings: Settings) -> Worker:
    """By the settings; called by the thread that works, never before a fork."""
    limit_memory(settings.queue_megabytes)
    made = bootstrap.pipeline(settings)
    return Worker(made, Pace.of(settings), publish=lambda ids: broker.publish(settings.broker, made.driver.key, ids))


def _named(settings: Settings) -> Settings:
    if not settings.broker:
        raise ConfigError("no broker is named; set SECASSIST_BROKER, or run secassist worker --embedded")
    return settings


logs.Guard(bootstrap.redactor()).install()  # before Celery sets up its handlers, which get records made clean
settings = _named(read_settings())
engine = jobs.Engine(lambda: open_worker(settings), config.key(settings.home))
jobs.follow(engine)
app = jobs.register(broker.connect(settings.broker), engine)

"""What `python -m celery -A workers.app worker --pool solo` runs: the real broker, the real pipeline."""

from secassist import bootstrap, broker, config, logs
from secassist.config import Settings, read_settings
from secassist.queueing.pace import Pace
from secassist.queueing.worker import Worker, limit_memory
from workers import jobs


def open_worker(settings: Settings, url: str) -> Worker:
    """By the settings; called by the thread that works, never before a fork."""
    limit_memory(settings.queue_megabytes)
    made = bootstrap.pipeline(settings)
    return Worker(made, Pace.of(settings), publish=lambda ids: broker.publish(url, made.driver.key, ids))


logs.Guard(bootstrap.redactor()).install()  # before Celery sets up its handlers, which get records made clean
settings = read_settings()
url = settings.broker or broker.DEFAULT_URL
engine = jobs.Engine(lambda: open_worker(settings, url), config.key(settings.home))
jobs.follow(engine)
app = jobs.register(broker.connect(url), engine)

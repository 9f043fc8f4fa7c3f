"""What `python -m celery -A workers.app worker --pool solo` runs: the real broker, the real pipeline."""

from secassist import bootstrap, broker, logs
from secassist.config import read_settings
from secassist.pipeline import Pipeline
from workers import jobs


def open_pipeline() -> Pipeline:
    """By the settings of this process; called by the first job, never before a fork."""
    return bootstrap.pipeline(read_settings())


logs.Guard(bootstrap.redactor()).install()  # before Celery sets up its handlers, which get records made clean
app = jobs.register(broker.connect(broker.url()), open_pipeline)

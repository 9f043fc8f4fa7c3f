"""The jobs: a stored subject is analysed by its id; errors are retried with growing waits, then become a rejection."""

import logging
from collections.abc import Callable
from functools import cache
from typing import Any

from celery import Celery

from secassist import broker
from secassist.errors import ConfigError, SecassistError, UsageError
from secassist.pipeline import Pipeline

RETRIES = 3
FIRST_WAIT = 5.0
"""Seconds before the first retry; each further wait is GROWTH times as long: 5 s, 25 s, 125 s."""
GROWTH = 5
HOPELESS = (UsageError, ConfigError)
"""Errors that trying again cannot mend."""

log = logging.getLogger(__name__)
Opener = Callable[[], Pipeline]


def register(app: Celery, open_pipeline: Opener, first_wait: float = FIRST_WAIT) -> Celery:
    """Gives the app its task. The pipeline is opened once per process, by the first job."""
    opened = cache(open_pipeline)

    @app.task(name=broker.ANALYZE, bind=True, shared=False, max_retries=None, ignore_result=True)  # type: ignore[untyped-decorator]
    def run(task: Any, analyzer: str, subject_id: str, language: str) -> None:
        try:
            analyze(opened(), analyzer, subject_id, language)
        except Exception as error:
            done = task.request.retries
            log.warning("job %s %s failed, try %d: %s", analyzer, subject_id, done + 1, reason(error))
            last = isinstance(error, HOPELESS) or done >= RETRIES
            if not (last and park(opened, analyzer, subject_id, error)):
                raise task.retry(countdown=first_wait * GROWTH ** min(done, RETRIES - 1)) from None

    return app


def analyze(pipeline: Pipeline, analyzer: str, subject_id: str, language: str) -> str:
    """Analyses a stored subject and gives the id of the stored Analysis; a second call finds the first one's row.

    Raises UsageError when there is no such analyzer or subject, or when the store keeps only the subject's place.
    """
    chosen = pipeline.analyzers.get(analyzer)
    stored = pipeline.store.find_subject(subject_id)
    if chosen is None:
        raise UsageError(f"no analyzer named {analyzer!r}")
    if stored is None:
        raise UsageError("no such subject in the store; ingest it first")
    if stored.kept is None or stored.kind not in chosen.kinds:
        raise UsageError(f"{analyzer} cannot be run on a stored {stored.kind}; scan the file itself")
    return next(iter(pipeline.analyze(analyzer, [stored.kept], language))).id


def park(opened: Opener, analyzer: str, subject_id: str, error: Exception) -> bool:
    """Writes a failed job down as a rejection; False when even the store is out of reach, so that it is tried again."""
    try:
        opened().store.add_rejection(f"job {analyzer} {subject_id}", reason(error))
    except SecassistError:
        return False
    return True


def reason(error: Exception) -> str:
    """Our own messages are fit to be kept; of any other error only its type is, for its text may quote the input."""
    return str(error) if isinstance(error, SecassistError) else f"internal error: {type(error).__name__}"

"""Intake: subjects become rows and jobs in one transaction; only then is anybody told."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Self

from schemas import Alert, LogWindow, Subject, SubjectKind
from secassist import templates
from secassist.config import Settings
from secassist.errors import SecassistError, SourceError, UsageError
from secassist.likeness.keys import correlation_key, dedup_key
from secassist.pipeline import Pipeline
from secassist.redaction import keyed
from secassist.sources.base import Rejected
from secassist.store import Entry, Priority, Submitted

BATCH = 1000
"""Jobs per transaction."""
QUEUED = {SubjectKind.ALERT, SubjectKind.LOG_WINDOW}
"""What is kept whole, so that it can wait."""
Publish = Callable[[Sequence[str]], None]
"""Tells workers of job ids; may raise a SecassistError, which changes nothing about the jobs."""


@dataclass(frozen=True)
class Intake:
    """What every way in shares (command, API): mask, store, answer, then publish.

    At most `high_water` jobs may wait, see `JobRows.submit_many`; without `publish` workers find new jobs by looking.
    """

    pipeline: Pipeline
    high_water: int = 0
    publish: Publish | None = None

    @classmethod
    def of(cls, pipeline: Pipeline, settings: Settings, publish: Publish | None = None) -> Self:
        """As the settings say."""
        return cls(pipeline, settings.queue_high_water, publish)

    def submit(
        self,
        subjects: Iterable[Subject],
        *,
        kind: str = "triage",
        language: str = "en",
        priority: Priority = Priority.NORMAL,
        source: str = "",
        key: str = "",
    ) -> Iterator[list[Submitted | Rejected]]:
        """One list per transaction, in the order of the subjects; when it is handed out, its jobs are on disk.

        A subject that cannot be searched for secrets is Rejected. Raises BusyError when too many jobs wait; what was
        handed out before stays. `key` makes a repeated submission the same jobs (with the subject's id, if several).
        """
        if kind not in self.pipeline.analyzers:
            raise UsageError(f"no analyzer named {kind!r}; there are: {', '.join(sorted(self.pipeline.analyzers))}")
        if not self.pipeline.analyzers[kind].kinds & QUEUED:
            raise UsageError(
                f"{kind} looks at neither alerts nor log windows, and only they wait; scan the files instead"
            )
        template = templates.load(kind).digest
        given, several, key = iter(subjects), False, self._kept_key(key)
        while part := list(islice(given, BATCH)):
            several = several or len(part) > 1
            masked = [self._masked(subject, kind) for subject in part]
            entries = [
                Entry(
                    subject,
                    kind,
                    language,
                    priority,
                    source or subject.source,
                    f"{key}:{subject.id[:32]}" if key and several else key,
                    template,
                    correlation_key(subject),
                    dedup_key(subject),
                )
                for subject in masked
                if not isinstance(subject, Rejected)
            ]
            stored = iter(self.pipeline.store.jobs.submit_many(entries, high_water=self.high_water))
            yield [each if isinstance(each, Rejected) else next(stored) for each in masked]

    def _kept_key(self, key: str) -> str:
        """A key without the secrets in it, and then with a keyed hash of it, so that two keys stay two."""
        clean = self.pipeline.redactor(key)
        return key if clean == key else f"{clean} {keyed(key, self.pipeline.driver.key)[:16]}"

    def _masked(self, subject: Subject, kind: str) -> Subject | Rejected:
        """As it may be kept; only what is kept whole and suits the analyzer can wait for it."""
        clean = self.pipeline.redactor
        if not isinstance(subject, Alert | LogWindow) or subject.kind not in self.pipeline.analyzers[kind].kinds:
            said = f"{subject.kind.replace('_', ' ')}: cannot be queued for {kind}; scan the file itself"
            return Rejected(clean(subject.origin), said)
        try:
            return self.pipeline.conceal(subject)
        except SourceError as error:
            return Rejected(clean(subject.origin), clean(str(error)))

    def tell(self, submitted: Iterable[Submitted]) -> str:
        """Wakes workers for new jobs, after the answer was given; gives why that failed, "" if it did not.

        A failure is no loss: workers look at the table, and sweepers publish what waits too long.
        """
        ids = [each.job.id for each in submitted if each.new]
        if self.publish is None or not ids:
            return ""
        try:
            self.publish(ids)
        except SecassistError as error:
            return f"workers were not woken ({error}); they find the jobs by themselves"
        return ""

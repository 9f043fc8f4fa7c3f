"""Intake: subjects become rows and jobs in one transaction; only then is anybody told."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from schemas import Subject
from secassist import templates
from secassist.config import Settings
from secassist.errors import SecassistError, SourceError, UsageError
from secassist.likeness.keys import correlation_key, dedup_key
from secassist.masking import keyed
from secassist.pipeline import Pipeline, suited
from secassist.queueing.originals import Originals
from secassist.sources.base import Rejected
from secassist.store import Entry, Priority, Submitted

BATCH = 1000
"""Subjects per transaction."""
CHARACTERS = 8_000_000
"""Of code and documents in one transaction; the one that passes it still goes in."""
ANALYZERS = ("review", "sensitive", "triage")
"""What can wait: the others need to be told more than their subject."""
SEEING = frozenset({"sensitive"})
"""Analyzers that have to see a subject as it was read, secrets and all; for them it waits sealed."""
Publish = Callable[[Sequence[str]], None]
"""Tells workers of job ids; may raise a SecassistError, which changes nothing about the jobs."""


@dataclass(frozen=True)
class Wish:
    """How subjects are to be queued; without `kind` each gets a job per analyzer that suits it.

    `key` makes a repeated submission the same jobs (with analyzer and subject's id, where there are several).
    """

    kind: str = ""
    language: str = "en"
    priority: Priority = Priority.NORMAL
    source: str = ""
    key: str = ""


PLAIN = Wish()
"""What suits each, in English, in its turn."""


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

    def submit(self, subjects: Iterable[Subject], wish: Wish = PLAIN) -> Iterator[list[Submitted | Rejected]]:
        """One list per transaction, in the order of the subjects; when it is handed out, its jobs are on disk.

        A subject that suits several analyzers gives as many jobs in a row; one that cannot be searched for secrets is
        Rejected, and so is one that the analyzer does not look at. Raises BusyError when too many jobs wait; what was
        handed out before stays.
        """
        if wish.kind and wish.kind not in ANALYZERS:
            raise UsageError(f"{wish.kind!r} cannot be queued; there are: {', '.join(ANALYZERS)}")
        several = False
        for part in _parts(subjects):
            several = several or len(part) > 1
            masked = self.masked(part, wish, several=several)
            stored = iter(self.store([each for each in masked if isinstance(each, Entry)]))
            yield [each if isinstance(each, Rejected) else next(stored) for each in masked]

    def masked(self, subjects: Sequence[Subject], wish: Wish, *, several: bool) -> list[Entry | Rejected]:
        """Entries for `store`, without a secret in them, or why there is none; `several` are submitted under one key."""
        return [each for subject in subjects for each in self._of(subject, wish, several=several)]

    def store(self, entries: Sequence[Entry]) -> list[Submitted]:
        """All in one transaction, on disk when it returns. Raises BusyError, and stores nothing, when too many wait."""
        return self.pipeline.store.jobs.submit_many(entries, high_water=self.high_water)

    def _of(self, subject: Subject, wish: Wish, *, several: bool) -> Iterator[Entry | Rejected]:
        clean, kinds = self.pipeline.redactor, (wish.kind,) if wish.kind else suited(subject)
        unfit = [kind for kind in kinds if subject.kind not in self.pipeline.analyzers[kind].kinds]
        if unfit:
            said = f"a {subject.kind.replace('_', ' ')} cannot be queued for {unfit[0]}; leave out --kind"
            yield Rejected(clean(subject.origin), said)
            return
        try:
            concealed = self._unnamed(self.pipeline.conceal(subject))
        except SourceError as error:
            yield Rejected(clean(subject.origin), clean(str(error)))
            return
        for kind in kinds:
            yield self._entry(subject, concealed, kind, wish, several=several or len(kinds) > 1)

    def _unnamed(self, concealed: Subject) -> Subject:
        """Without what a name of a file may hold: the whole of it is kept, unlike with a scan."""
        path = getattr(concealed, "path", "")
        clean = self.pipeline.redactor(path)
        if path == clean:
            return concealed
        kept = {name: getattr(concealed, name) for name in type(concealed).model_fields if name != "id"}
        return type(concealed)(**{**kept, "path": clean})

    def _entry(self, subject: Subject, concealed: Subject, kind: str, wish: Wish, *, several: bool) -> Entry:
        sees = kind in SEEING
        id_ = self.pipeline.kept_as(kind, subject if sees else concealed)
        kept, key = concealed.model_copy(update={"id": id_}), self._kept_key(wish.key)
        named = kind if not wish.kind and kind != "triage" else ""
        return Entry(
            subject=kept,
            kind=kind,
            language=wish.language,
            priority=wish.priority,
            source=wish.source or subject.source,
            key=":".join(filter(None, (key, named, id_[:32]))) if key and several else key,
            template=templates.load(kind).digest,
            correlation=correlation_key(kept),
            cache_key=dedup_key(kept),
            original=self._originals.seal(subject, id_) if sees else b"",
        )

    @cached_property
    def _originals(self) -> Originals:
        return Originals(self.pipeline.driver.key)

    def _kept_key(self, key: str) -> str:
        """A key without the secrets in it, and then with a keyed hash of it, so that two keys stay two."""
        clean = self.pipeline.redactor(key)
        return key if clean == key else f"{clean} {keyed(key, self.pipeline.driver.key)[:16]}"

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


def _parts(subjects: Iterable[Subject]) -> Iterator[list[Subject]]:
    """What goes into one transaction."""
    part, size = list[Subject](), 0
    for subject in subjects:
        part.append(subject)
        size += len(getattr(subject, "body", ""))
        if len(part) >= BATCH or size >= CHARACTERS:
            yield part
            part, size = [], 0
    if part:
        yield part

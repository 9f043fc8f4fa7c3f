"""Jobs to analyses: what is stored already is found, the rest goes through the pipeline as one batch, like with like."""

from collections.abc import Sequence

from schemas import Alert, Analysis, CodeUnit, Field, Subject
from secassist.errors import BackendError, UsageError
from secassist.pipeline import Pipeline
from secassist.queueing.intake import SEEING
from secassist.queueing.originals import Originals
from secassist.store import Job, Outcome, SealedValue, StoredSubject, done_event
from secassist.store.cleaning import cleaned

PROBE = Alert(source="probe", title="probe", fields=(Field(path="message", value="Is anybody there?"),))
PROBES: dict[str, Subject] = {
    "triage": PROBE,
    "review": CodeUnit(source="probe", path="probe.py", language="python", body="print('Is anybody there?')"),
}
"""What a backend is asked to tell a job that it cannot answer from a backend that answers nothing; else as for triage."""
PURGED = "its subject was purged; submit it again"


class Answering:
    """Reads what jobs are about and has it analysed; stores nothing."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._originals = Originals(pipeline.driver.key)

    def subjects(self, jobs: Sequence[Job]) -> dict[str, Subject | UsageError]:
        """What each job is to see, by job id, or why it can never be done."""
        stored = self._pipeline.store.jobs.subjects(jobs)
        seeing = [job for job in jobs if job.kind in SEEING]
        sealed = self._pipeline.store.jobs.originals(seeing) if seeing else {}
        found: dict[str, Subject | UsageError] = {}
        for job in jobs:
            try:
                found[job.id] = self._suited(job, self._seen(job, stored.get(job.subject_id), sealed.get(job.id)))
            except UsageError as error:
                found[job.id] = error
        return found

    def _seen(self, job: Job, subject: StoredSubject | None, sealed: bytes | None) -> Subject:
        if subject is not None and job.kind not in SEEING:
            whole = subject.kept or subject.waiting
        elif subject is not None and sealed is not None:
            whole = self._originals.open(sealed, job.subject_id, subject.origin)
        else:
            whole = None
        if whole is None:
            raise UsageError(PURGED)
        return whole

    def _suited(self, job: Job, subject: Subject) -> Subject:
        chosen = self._pipeline.analyzers.get(job.kind)
        if chosen is None:
            raise UsageError(f"no analyzer named {job.kind!r}")
        if subject.kind not in chosen.kinds:
            raise UsageError(f"{job.kind} cannot be run on a {subject.kind}")
        return subject

    def outcomes(self, jobs: Sequence[Job], subjects: Sequence[Subject]) -> list[Outcome]:
        """One per job, in order; all jobs are of one kind and language."""
        kind, language = jobs[0].kind, jobs[0].language
        about = {job.subject_id: subject for job, subject in zip(jobs, subjects, strict=True)}
        plans = self._plans(kind, language, about)
        known = self._pipeline.store.find_analyses([plan.id for plan in plans.values()])
        fresh = [id_ for id_ in about if plans[id_].id not in known]
        made = self._pipeline.answer(kind, [about[id_] for id_ in fresh], language, concealed=True) if fresh else []
        answered = {
            id_: self._pipeline.fit_to_keep(about[id_], id_, analysis)
            for id_, analysis in zip(fresh, made, strict=True)
        }
        sealed = {id_: self._sealed(about[id_], analysis) for id_, analysis in answered.items()}
        analyses = {id_: known.get(plan.id) or answered[id_] for id_, plan in plans.items()}
        return [
            Outcome(job, found, (done_event(job, found),), sealed.get(job.subject_id, ()))
            for job, found in ((job, analyses[job.subject_id]) for job in jobs)
        ]

    def _plans(self, kind: str, language: str, about: dict[str, Subject]) -> dict[str, Analysis]:
        """The records they would get, by the id under which a subject is stored."""
        driver, chosen = self._pipeline.driver, self._pipeline.analyzers[kind]
        lineage = driver.lineage(chosen, driver.tools(chosen))
        return {
            id_: driver.plan(chosen, subject.model_copy(update={"id": id_}), language, lineage)
            for id_, subject in about.items()
        }

    def _sealed(self, subject: Subject, analysis: Analysis) -> tuple[SealedValue, ...]:
        """Bound to findings as they will be stored."""
        if self._pipeline.sealer is None:
            return ()
        return self._pipeline.sealed(subject, cleaned(analysis, self._pipeline.redactor))

    def reachable(self, kind: str, language: str) -> bool:
        """Whether the backend answers anything at all."""
        asked = kind if kind in PROBES else "triage"
        try:
            self._pipeline.driver.analyze(self._pipeline.analyzers[asked], [PROBES[asked]], language)
        except BackendError:
            return False
        return True

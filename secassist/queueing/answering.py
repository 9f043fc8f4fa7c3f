"""Jobs to analyses: what is stored already is found, the rest goes through the pipeline as one batch, like with like."""

from collections.abc import Sequence

from schemas import Alert, Analysis, Field, LogWindow, Subject
from secassist.errors import BackendError, UsageError
from secassist.pipeline import Pipeline
from secassist.store import Job, Outcome, done_event

PROBE = Alert(source="probe", title="probe", fields=(Field(path="message", value="Is anybody there?"),))
"""What a backend is asked to tell a job that it cannot answer from a backend that answers nothing."""


class Answering:
    """Reads what jobs are about and has it analysed; stores nothing."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def subjects(self, jobs: Sequence[Job]) -> dict[str, Subject | UsageError]:
        """What each job is about, by job id, or why it can never be done."""
        stored = self._pipeline.store.jobs.subjects(jobs)
        found: dict[str, Subject | UsageError] = {}
        for job in jobs:
            subject = stored.get(job.subject_id)
            kept = subject.kept if subject else None
            found[job.id] = self._suited(job, kept) if kept else UsageError("its subject was purged; submit it again")
        return found

    def _suited(self, job: Job, kept: Alert | LogWindow) -> Subject | UsageError:
        chosen = self._pipeline.analyzers.get(job.kind)
        if chosen is None:
            return UsageError(f"no analyzer named {job.kind!r}")
        return kept if kept.kind in chosen.kinds else UsageError(f"{job.kind} cannot be run on a {kept.kind}")

    def outcomes(self, jobs: Sequence[Job], subjects: Sequence[Subject]) -> list[Outcome]:
        """One per job, in order; all jobs are of one kind and language."""
        kind, language = jobs[0].kind, jobs[0].language
        plans = self._plans(kind, language, subjects)
        known = self._pipeline.store.find_analyses([plan.id for plan in plans.values()])
        fresh = [subject for subject in {s.id: s for s in subjects}.values() if plans[subject.id].id not in known]
        made = self._pipeline.answer(kind, fresh, language, concealed=True) if fresh else []
        answered = {subject.id: analysis for subject, analysis in zip(fresh, made, strict=True)}
        analyses = [known.get(plans[s.id].id) or answered[s.id] for s in subjects]
        return [Outcome(job, a, (done_event(job, a),)) for job, a in zip(jobs, analyses, strict=True)]

    def _plans(self, kind: str, language: str, subjects: Sequence[Subject]) -> dict[str, Analysis]:
        """The records they would get, by subject id."""
        driver, chosen = self._pipeline.driver, self._pipeline.analyzers[kind]
        lineage = driver.lineage(chosen, driver.tools(chosen))
        return {subject.id: driver.plan(chosen, subject, language, lineage) for subject in subjects}

    def reachable(self, kind: str, language: str) -> bool:
        """Whether the backend answers anything at all."""
        try:
            self._pipeline.driver.analyze(self._pipeline.analyzers[kind], [PROBE], language)
        except BackendError:
            return False
        return True

"""An evaluation run: examples through the caller's own path in batches, one prediction each, then the scorecard."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from schemas import Analysis, Subject
from secassist.errors import SecassistError
from secassist.evaluation.examples import Example
from secassist.evaluation.predictions import Prediction, append, claim, resume
from secassist.evaluation.scorecard import Scorecard
from secassist.evaluation.scoring import score
from secassist.evaluation.subjects import ANALYZERS, subjects
from secassist.evaluation.translation import failed, translate
from secassist.sources.base import Rejected

Answer = Callable[[Sequence[Subject], str], Sequence[Analysis]]
"""Subjects and the analyzer's name in, one Analysis for each subject out, in their order."""
Progress = Callable[[int, int], None]
"""Called with the number of items done and the number of all."""


def _quiet(_done: int, _total: int) -> None:
    """Report nothing."""


@dataclass(frozen=True)
class Options:
    """`batch` is in subjects; `about` names what is evaluated (model, adapter, templates) and goes into the scorecard."""

    batch: int = 16
    progress: Progress = _quiet
    rejected: Sequence[Rejected] = ()
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Job:
    example: Example
    subjects: tuple[Subject, ...]
    problem: str = ""


def evaluate(
    examples: Sequence[Example], answer: Answer, out: Path, predictions: Path, options: Options | None = None
) -> Scorecard:
    """Predict every example that `predictions` does not hold yet, and write the scorecard of all of them to `out`.

    What goes wrong with one item is noted in its line and never ends the run. Raises SourceError when the predictions
    file holds something else, and UsageError when it is of another run (`about` differs).
    """
    options = options or Options()
    claim(predictions, options.about)
    before = resume(predictions)
    known = {(prediction.task, prediction.id) for prediction in before}
    open_ = [example for example in examples if (example.task, example.id) not in known]
    done = len(examples) - len(open_)
    options.progress(done, len(examples))
    found = list(before)
    for jobs in _batches(open_, options.batch):
        fresh = _predict(jobs, answer)
        append(predictions, fresh)
        found += fresh
        done += len(fresh)
        options.progress(done, len(examples))
    scorecard = score(examples, found, options.rejected, options.about)
    _write(out, scorecard.model_dump_json(indent=1) + "\n")
    return scorecard


def _batches(examples: Sequence[Example], size: int) -> Iterator[list[_Job]]:
    """Neighbouring items of the same analyzer, until they hold `size` subjects."""
    jobs: list[_Job] = []
    for job in map(_job, examples):
        full = sum(len(other.subjects) for other in jobs) >= size
        if jobs and (full or _analyzer(job) != _analyzer(jobs[0])):
            yield jobs
            jobs = []
        jobs.append(job)
    if jobs:
        yield jobs


def _analyzer(job: _Job) -> str:
    return ANALYZERS.get(job.example.task, "")


def _job(example: Example) -> _Job:
    try:
        return _Job(example, subjects(example))
    except Exception as error:  # the input is anybody's; what it breaks is told in its own line
        return _Job(example, (), _told(error))


def _predict(jobs: Sequence[_Job], answer: Answer) -> list[Prediction]:
    """One prediction for each job; when the batch as a whole fails, its items are asked one by one."""
    asked = [job for job in jobs if not job.problem]
    started = time.perf_counter()
    try:
        found = _ask(asked, answer)
    except Exception:
        found = [_ask_alone(job, answer) for job in asked]
    share = (time.perf_counter() - started) / max(1, sum(len(job.subjects) for job in asked))
    answered = iter(found)
    return [
        failed(job.example, job.problem)
        if job.problem
        else next(answered).model_copy(update={"seconds": round(share * len(job.subjects), 6)})
        for job in jobs
    ]


def _ask_alone(job: _Job, answer: Answer) -> Prediction:
    try:
        return _ask([job], answer)[0]
    except Exception as error:
        return failed(job.example, _told(error))


def _ask(jobs: Sequence[_Job], answer: Answer) -> list[Prediction]:
    if not jobs:
        return []
    asked = [subject for job in jobs for subject in job.subjects]
    analyses = answer(asked, _analyzer(jobs[0]))
    if [analysis.subject_id for analysis in analyses] != [subject.id for subject in asked]:
        raise SecassistError("the analyses do not belong to the subjects that were asked about")
    rest = iter(analyses)
    return [translate(job.example, job.subjects, [next(rest) for _ in job.subjects]) for job in jobs]


def _told(error: Exception) -> str:
    """Our own messages are fit to be shown; of others only the name is, since they may quote the input."""
    return f"{type(error).__name__}: {error}" if isinstance(error, SecassistError) else type(error).__name__


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)

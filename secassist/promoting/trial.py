"""Trial: the same labelled items put to the live adapter and to a candidate, each through its own pipeline."""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import schemas
import secassist
from schemas import Analysis, Subject, digest
from secassist.backends.base import Request
from secassist.errors import SecassistError, UsageError
from secassist.evaluation import examples as labelled
from secassist.evaluation.examples import Example
from secassist.evaluation.predictions import Prediction, resume
from secassist.evaluation.run import Options, evaluate
from secassist.evaluation.split import Part, only
from secassist.evaluation.subjects import ANALYZERS, subjects
from secassist.evaluation.truth import stratum
from secassist.pipeline import Pipeline

Progress = Callable[[int, int], None]


def items(data: Path, analyzer: str, count: int | None) -> list[Example]:
    """The development rows of an analyzer's tasks, at most `count`, spread over sources and classes.

    Raises UsageError when there is none: an adapter that nothing measures cannot pass a gate.
    """
    tasks = [task for task, name in ANALYZERS.items() if name == analyzer]
    if not tasks:
        known = ", ".join(sorted(set(ANALYZERS.values())))
        raise UsageError(f"no labelled task measures {analyzer}, so no gate can let it in; it can be asked of {known}")
    found = list(only(labelled.collect(data, tasks)[0], Part.DEVELOPMENT))
    if not found:
        raise UsageError(f"{data}: holds no development row of {', '.join(tasks)}")
    return found if count is None else labelled.limit(found, count, stratum)


def predictions(
    made: Pipeline, analyzer: str, examples: Sequence[Example], folder: Path, progress: Progress
) -> list[Prediction]:
    """One for each example; kept in `folder` under the lineage, so that a trial goes on where it was stopped."""
    lineage = made.driver.lineage(made.analyzers[analyzer], made.driver.tools(made.analyzers[analyzer]))
    who = digest(lineage.model_dump(mode="json"))
    about = {"lineage": who, "code": code_digest(), "items": data_digest(examples)}
    path = folder / f"{digest(about)[:24]}.jsonl"
    options = Options(progress=progress, about=about)
    evaluate(examples, partial(_answer, made), path.with_suffix(".scorecard.json"), path, options)
    return resume(path)


def data_digest(examples: Sequence[Example]) -> str:
    """What was asked, by content."""
    return digest([[one.task, one.id, one.input, dict(one.label)] for one in examples])


def code_digest() -> str:
    """Of every module of the product, by path and content."""
    total = hashlib.sha256()
    for package in (schemas, secassist):
        root = Path(str(package.__file__)).parent
        for path in sorted(root.rglob("*.py")):
            total.update(path.relative_to(root.parent).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def sample(made: Pipeline, analyzer: str, examples: Sequence[Example], count: int) -> list[Request]:
    """At most `count` questions as they go to a model, spread over sources and classes."""
    chosen = made.analyzers[analyzer]
    tools = made.driver.tools(chosen)
    found: list[Request] = []
    for example in labelled.limit(examples, 4 * count, stratum):
        try:
            item = made.driver.detect(chosen, subjects(example)[0])
        except SecassistError:
            continue
        found += [made.driver.request(chosen, tools, question) for question in chosen.ask(item, tools)[:1]]
        if len(found) >= count:
            break
    return found[:count]


def _answer(made: Pipeline, asked: Sequence[Subject], name: str) -> list[Analysis]:
    """Under the ids of the subjects asked about; where secrets were masked first, they carry another one."""
    found = made.judge(name, asked)
    return [a.model_copy(update={"subject_id": s.id}) for a, s in zip(found, asked, strict=True)]

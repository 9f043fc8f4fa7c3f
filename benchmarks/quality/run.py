"""Run: the scoreboard by one command; development groups only, by the same path as a user's call.

python -m benchmarks.quality.run --data FOLDER [--predictions FOLDER] [--limit N] [--out benchmarks/quality.md]
Predictions are kept in --predictions and a second run goes on where they end; with all of them there nothing is asked.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.quality import page, scanners, surface
from schemas import Analysis, Subject, digest
from secassist import bootstrap, registry
from secassist.config import Settings, read_settings
from secassist.evaluation import examples as labelled
from secassist.evaluation.examples import Example
from secassist.evaluation.predictions import Prediction, resume
from secassist.evaluation.run import Options, evaluate
from secassist.evaluation.split import Part, only
from secassist.evaluation.subjects import ANALYZERS
from secassist.evaluation.truth import stratum
from secassist.pipeline import Pipeline

ROOT: Final = Path(__file__).resolve().parents[2]
COMMAND: Final = "python -m benchmarks.quality.run --data FOLDER"


def main(arguments: Sequence[str] | None = None) -> int:
    """Predicts what is missing, measures the others, writes the page and its pictures."""
    given = _parser().parse_args(arguments)
    given.predictions.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("SECASSIST_HOME", str(given.predictions / "home"))
    settings = read_settings()
    examples = chosen(given.data, given.task, given.limit)
    found, about = predicted(settings, examples, given.predictions)
    beside = _surface(given, examples)
    bandit = _kept(given.predictions / "bandit.json", examples, lambda: scanners.bandit(examples))
    facts = {
        "command": COMMAND + (f" --limit {given.limit}" if given.limit else ""),
        "date": datetime.now(UTC).date().isoformat(),
        "weights": weights(settings),
        "templates": {k.removeprefix("template."): v for k, v in about.items() if k.startswith("template.")},
    }
    page.write(given.out, examples, found, beside, bandit, facts)
    print(f"written: {given.out}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.run", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled rows")
    parser.add_argument("--predictions", type=Path, default=ROOT / "out" / "quality", help="where they are kept")
    parser.add_argument(
        "--limit", type=int, default=None, help="at most this many items, spread over sources and labels"
    )
    parser.add_argument("--task", action="append", default=[], help="only these tasks")
    parser.add_argument("--no-surface", action="store_true", help="leave out TF-IDF, which takes minutes to fit")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "quality.md")
    return parser


def chosen(data: Path, tasks: Sequence[str], limit: int | None) -> list[Example]:
    """The development rows of every task that an analyzer answers."""
    found = list(only(labelled.collect(data, tuple(tasks) or tuple(ANALYZERS))[0], Part.DEVELOPMENT))
    return found if limit is None else labelled.limit(found, limit, stratum)


def weights(settings: Settings) -> dict[str, str]:
    """Digest of the base and of every adapter that serves."""
    found = {"base": registry.base(settings.model).digest}
    return found | {name: one.digest for name, one in registry.served(settings).items()}


def predicted(settings: Settings, examples: Sequence[Example], folder: Path) -> tuple[list[Prediction], dict[str, str]]:
    """A prediction for each example and what they depend on; those of other weights are not taken for ours."""
    made = bootstrap.pipeline(settings)
    try:
        about = _about(made)
        path = folder / f"{digest(about)[:16]}.jsonl"
        options = Options(about=about, progress=_told)
        evaluate(examples, partial(_answer, made), path.with_suffix(".scorecard.json"), path, options)
    finally:
        made.store.close()
    wanted = {(one.task, one.id) for one in examples}
    return [one for one in resume(path) if (one.task, one.id) in wanted], about


def _about(made: Pipeline) -> dict[str, str]:
    names = sorted(set(ANALYZERS.values()))
    about = {}
    for name in names:
        who = made.driver.backend.identity(name)
        about |= {"model": who.model_digest, f"adapter.{name}": who.adapter_digest}
        about[f"template.{name}"] = made.driver.tools(made.analyzers[name]).template.digest
        about[f"detectors.{name}"] = made.driver.plan(made.analyzers[name], _nothing()).lineage.detectors_digest
    return about


def _nothing() -> Subject:
    from schemas import Document

    return Document(source="text", body="")


def _answer(made: Pipeline, asked: Sequence[Subject], name: str) -> list[Analysis]:
    """Under the ids of the subjects asked about; where secrets were masked first, they carry another one."""
    found = made.judge(name, asked)
    return [a.model_copy(update={"subject_id": s.id}) for a, s in zip(found, asked, strict=True)]


def _told(done: int, total: int) -> None:
    if done % 200 < 16 or done == total:
        print(f"{done} of {total}", file=sys.stderr, flush=True)


def _surface(given: argparse.Namespace, examples: Sequence[Example]) -> Any:
    """TF-IDF and logistic regression on the same rows; None where it was left out."""
    tasks = [task for task in surface.TASKS if any(example.task == task for example in examples)]
    if given.no_surface or not tasks:
        return None
    return _kept(
        given.predictions / "surface.json",
        examples,
        lambda: surface.compare(given.data, tasks).model_dump(mode="json"),
    )


def _kept(path: Path, examples: Sequence[Example], measure: Any) -> Any:
    """What was measured on these examples before, or now."""
    key = digest([[one.task, one.id] for one in examples])
    if path.exists():
        row = json.loads(path.read_text(encoding="utf-8"))
        if row["key"] == key:
            return row["found"]
    found = measure()
    path.write_text(json.dumps({"key": key, "found": found}), encoding="utf-8")
    return found


if __name__ == "__main__":
    sys.exit(main())

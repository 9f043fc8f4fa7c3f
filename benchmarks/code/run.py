"""The scoreboard of code review: our detectors and our model beside bandit and semgrep, on rows that nothing was tuned on.

Run: python -m benchmarks.code.run --data FOLDER [--predictions FILE] [--calibration FILE] [--before CHECKOUT]
     [--semgrep PROGRAM --rules FILE...]
"""

import argparse
import datetime
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks.code import page, scanners
from benchmarks.code.items import Item, items
from benchmarks.code.scanners import Answer
from secassist.evaluation.predictions import Prediction, resume
from secassist.evaluation.translation import calls_bad

COMMAND: Final = "python -m benchmarks.code.run --data FOLDER"


def main(arguments: Sequence[str] | None = None) -> None:
    """Scan, score, write the page, tell where it is."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.code.run", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled rows")
    parser.add_argument("--split", default="test", choices=("test", "train"), help="rules were tuned on train")
    parser.add_argument("--predictions", type=Path, help="what `secassist evaluate --predictions` wrote, for C1 and C2")
    parser.add_argument("--calibration", type=Path, help="predictions for the calibration part of the train rows")
    parser.add_argument(
        "--before", type=Path, help="a checkout of an older version: its alarms are what is to be removed"
    )
    parser.add_argument("--semgrep", help="the program; without it semgrep is left out")
    parser.add_argument("--rules", type=Path, nargs="+", default=[], help="rule files or folders for semgrep")
    parser.add_argument("--rules-name", default="", help="how the page calls these rules")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/code.md"))
    options = parser.parse_args(arguments)
    began = time.monotonic()
    drawn = items(options.data, options.split)
    _tell(f"{len(drawn)} texts")
    answers = scanners.ours(drawn)
    _tell("our detectors and bandit are done")
    if options.semgrep:
        answers.append(scanners.semgrep(options.semgrep, options.rules, drawn))
        _tell("semgrep is done")
    told = product(options.predictions, drawn) if options.predictions else None
    if told:
        calibration = _flagged(options.data, options.calibration) if options.calibration else ()
        quiet, followed = scanners.examined(drawn)
        told = replace(told, quiet=quiet, followed=followed, calibration=calibration)
    about = page.About(
        datetime.datetime.now(datetime.UTC).date().isoformat(),
        options.split,
        COMMAND,
        options.rules_name,
        os.cpu_count() or 0,
    )
    before = scanners.older(options.before, options.data, options.split) if options.before else []
    options.out.write_text(page.render(drawn, answers, told, about, before), encoding="utf-8")
    _tell(f"{options.out} written after {time.monotonic() - began:.0f} s")


def product(path: Path, drawn: Sequence[Item]) -> page.Product:
    """What the whole product decided and how surely, for the texts that were asked about and answered."""
    known: dict[str, tuple[bool, float]] = {}
    for one in resume(path):
        if one.task == "C1" and not one.abstained:
            _note(known, one.id, one.decision, one.score)
        elif one.task == "C2" and not one.abstained and one.after is not None:
            _note(known, f"{one.id} before", one.decision, one.score)
            _note(known, f"{one.id} after", one.after.decision, one.after.score)
    kept = {item.id: known[item.id] for item in drawn if item.id in known}
    return page.Product(Answer("product", frozenset(item.language for item in drawn), {}, 0.0), kept)


def _flagged(data: Path, predictions: Path) -> tuple[tuple[float, bool], ...]:
    """(probability, vulnerable) of the texts of the calibration groups that code flags."""
    said = {one.id: one.score for one in resume(predictions) if not one.abstained and one.score is not None}
    drawn = [item for item in items(data, "train") if item.id in said]
    flagged = scanners.ours(drawn)[-1].found
    return tuple((float(said[item.id] or 0.0), item.bad) for item in drawn if item.id in flagged)


def _note(
    known: dict[str, tuple[bool, float]], key: str, decision: str | None, score: Prediction | float | None
) -> None:
    number = score if isinstance(score, float) else 0.5
    known[key] = calls_bad(decision, number), number


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

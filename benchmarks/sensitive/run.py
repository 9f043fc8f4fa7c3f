"""The scoreboard of sensitive data: our detectors and our model beside the tools that people use, on the same items.

Run: python -m benchmarks.sensitive.run --data FOLDER --out benchmarks/sensitive.md
"""

import argparse
import datetime
import json
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from benchmarks.sensitive import board, items, logs, matching, ours, page, taught, throughput, yardsticks
from benchmarks.sensitive.items import KINDS, Item
from benchmarks.sensitive.page import About
from benchmarks.sensitive.taught import Taught
from benchmarks.sensitive.yardsticks import Answer

COMMAND: Final = "python -m benchmarks.sensitive.run --data FOLDER --out benchmarks/sensitive.md"
WORK: Final = Path("out/bench/tools")


def main(arguments: Sequence[str] | None = None) -> None:
    """Score, write the page, tell where it is."""
    options = _parse(arguments)
    began = time.monotonic()
    drawn = items.draw(options.seed, options.data, options.sets, options.limit)
    _tell(f"{len(drawn)} items")
    answers = [_answered(name, ask, drawn) for name, ask in _tools(options)]
    speed = throughput.measure(options.work, options.repeats) if options.repeats else None
    reached = _reached(options)
    _tell("figures and intervals")
    made = board.make(drawn, answers)
    if options.dump_errors:
        _dump(options.dump_errors, drawn, answers)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    about = About(today, options.seed, options.limit, COMMAND)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(page.render(drawn, answers, made, speed, about, reached), encoding="utf-8")
    for goal in board.goals(made, speed):
        _tell(
            f"{'ok ' if goal.met else 'NOT' if goal.met is False else '-  '} {goal.tool}: {goal.where}: {goal.measured}"
        )
    _tell(f"{options.out} written after {time.monotonic() - began:.0f} s")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sensitive.run", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of labelled rows; without it, log lines only")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/sensitive.md"), help="the page")
    parser.add_argument("--seed", type=int, default=logs.SEED, help="another one draws other log lines")
    parser.add_argument("--sets", nargs="+", choices=items.SETS, default=list(items.SETS))
    parser.add_argument("--tools", nargs="+", help="only tools whose names contain one of these words")
    parser.add_argument("--limit", type=int, default=0, help="most items of each set; 0 is all")
    parser.add_argument("--repeats", type=int, default=5, help="rounds of the rate; 0 leaves it out")
    parser.add_argument("--work", type=Path, default=WORK, help="where the tools' environments are made")
    parser.add_argument(
        "--dump-errors", type=Path, help="errors on log lines, but those of fresh shapes, as JSON lines"
    )
    return parser.parse_args(arguments)


def _tools(options: argparse.Namespace) -> list[tuple[str, Callable[[Sequence[Item]], Answer]]]:
    def progress(name: str, done: int, count: int) -> None:
        _tell(f"{name}: {done} of {count}")

    found: list[tuple[str, Callable[[Sequence[Item]], Answer]]] = [
        (ours.DETECTORS, lambda drawn: ours.by_detectors(drawn, progress)),
        (ours.ANALYZER, lambda drawn: ours.by_analyzer(drawn, progress)),
    ]
    for one in yardsticks.YARDSTICKS:
        found.append((one.name, lambda drawn, one=one: yardsticks.ask(one, drawn, options.work)))  # type: ignore[misc]
    return [(name, ask) for name, ask in found if not options.tools or any(word in name for word in options.tools)]


def _answered(name: str, ask: Callable[[Sequence[Item]], Answer], drawn: Sequence[Item]) -> Answer:
    try:
        answer = ask(drawn)
    except Exception as error:  # one that breaks is told on the page and does not take the others along
        traceback.print_exc()
        answer = Answer(name, "", ours.claims(), problem=f"**broke off: {type(error).__name__}**")
    _tell(f"{name}: {answer.problem or f'{answer.seconds:.1f} s'}")
    return answer


def _reached(options: argparse.Namespace) -> Taught | None:
    """What the labels of S1 allow, by the rows that rules were written with."""
    if not options.data or "S1" not in options.sets or options.limit:
        return None
    rows = items.of_rows(options.data, ["S1"], "train")
    return taught.measure(rows, _answered("rows that rules were written with", _detected, rows))


def _detected(rows: Sequence[Item]) -> Answer:
    return ours.by_detectors(rows, lambda *_: None)


def _dump(path: Path, drawn: Sequence[Item], answers: Sequence[Answer]) -> None:
    """Errors on invented log lines only; labelled rows and fresh shapes stay unseen."""
    lines = []
    for answer in answers:
        for item, said in zip(drawn, answer.found, strict=False):
            if item.set != "logs" or item.fresh:
                continue
            for kind in (kind for kind in KINDS["logs"] if answer.speaks_of(kind)):
                found = matching.match(item, said, kind)
                for word, spans in (("missed", found.missed), ("wrong", found.wrong)):
                    lines += [
                        {
                            "tool": answer.name,
                            "error": word,
                            "kind": kind,
                            "type": span.type,
                            "value": item.text[span.start : span.end],
                            "text": item.text,
                            "id": item.id,
                        }
                        for span in spans
                    ]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

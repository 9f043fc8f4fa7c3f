"""Run: the whole benchmark of the engine by one command; writes the page and its pictures.

python -m benchmarks.engine.run --llama-server PATH [--waiting 1,8,32,128] [--threads 1] [--only ours,llama.cpp]
[--parts table,growth,ingredients,profile] [--repeats 3] [--switch "name:setting=value"] [--out benchmarks/engine.md]
Measurements are kept in --work; --render writes the page from them again without measuring.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks.engine import growth, ingredients, models, peak, report, workload
from benchmarks.engine.contest import Plan, needed, plan_text
from benchmarks.engine.contestants import NAMES, Unavailable

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("table", "growth", "ingredients", "profile")
TRIAGE_ONLY = ("ours", "grammar-batched", "llama.cpp", "llama.cpp-f16kv", "llama.cpp-q8_0")
TIMEOUT = 7200


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures what is asked for, then writes the page."""
    given = _parser().parse_args(arguments)
    work = given.work.absolute()
    (work / "results").mkdir(parents=True, exist_ok=True)
    if not given.render:
        _measure(given, work)
    facts = json.loads((work / "facts.json").read_text(encoding="utf-8"))
    report.write(given.out.absolute(), _rows(work), facts)
    print(f"written: {given.out}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine.run", description=__doc__)
    parser.add_argument("--waiting", default="1,8,32,128", help="numbers of waiting requests, of 1, 8, 32 and 128")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", default="", help=f"contestants, of {', '.join(NAMES)}")
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--mix", default="mixed,triage")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=60.0, help="no batch of a cell is begun after this")
    parser.add_argument("--switch", action="append", default=[], help="one more ingredient, name:setting=value")
    parser.add_argument("--llama-server", default="", help="path of llama.cpp's server; else LLAMA_SERVER or the PATH")
    parser.add_argument("--work", type=Path, default=ROOT / "out" / "engine")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "engine.md")
    parser.add_argument("--render", action="store_true", help="only write the page from what was measured")
    return parser


def _measure(given: argparse.Namespace, work: Path) -> None:
    waiting = [int(n) for n in given.waiting.split(",")]
    models.prepare(work, tuple(workload.SHARES))
    files = _workloads(work, needed(waiting), given.mix.split(","))
    base = Plan(
        contestant="ours",
        work=str(work),
        asks=str(files.get("mixed") or next(iter(files.values()))),
        threads=given.threads,
        cells=tuple(map(str, waiting)),
        seconds=given.seconds,
        llama_server=str(Path(given.llama_server).absolute()) if given.llama_server else "",
    )
    for old in (work / "results").glob("*.jsonl"):
        old.unlink()
    (work / "facts.json").write_text(json.dumps(_facts(given, base)), encoding="utf-8")
    for number, plan in enumerate(_plans(given, base, files)):
        _run(plan, work / "results" / f"{number:04d}.jsonl")


def _workloads(work: Path, count: int, mixes: Sequence[str]) -> dict[str, Path]:
    asks = workload.gather(count * 2)
    made = {"mixed": asks[:count], "triage": [ask for ask in asks if ask.analyzer == "triage"][:count]}
    files = {mix: work / f"{mix}.jsonl" for mix in mixes}
    for mix, path in files.items():
        workload.save(path, made[mix])
    return files


def _plans(given: argparse.Namespace, base: Plan, files: dict[str, Path]) -> Iterator[Plan]:
    """Repetition by repetition, so that a slow minute hits everybody; each begins with another contestant."""
    parts = given.parts.split(",")
    only = [name for name in given.only.split(",") if name]
    asks = workload.load(Path(base.asks))
    switches = {**ingredients.SWITCHES, **ingredients.parse(given.switch)}
    for repeat in range(given.repeats):
        for part in parts:
            here = replace(base, extra={"part": part, "repeat": repeat})
            found: dict[str, Any] = {
                "table": lambda here=here: _table(here, files, only),
                "growth": lambda here=here: (*growth.length_plans(here, asks), *growth.adapter_plans(here, asks)),
                "ingredients": lambda here=here: ingredients.plans(here, switches),
                "profile": lambda here=here: [replace(here, cells=("profile",))] if here.extra["repeat"] == 0 else [],
            }
            plans = list(found[part]())
            turn = repeat * 3 % max(1, len(plans)) if part == "table" else 0
            chosen = [plan for plan in plans if not only or part == "ingredients" or plan.contestant in only]
            yield from chosen[turn:] + chosen[:turn]


def _table(base: Plan, files: dict[str, Path], only: Sequence[str]) -> Iterator[Plan]:
    for mix, path in files.items():
        extra = {**base.extra, "mix": mix}
        if mix == "mixed":
            for name in NAMES:
                yield replace(
                    base, contestant=name, asks=str(path), cells=(*base.cells, "prefill", "interactive"), extra=extra
                )
        else:
            for name in only or TRIAGE_ONLY:
                yield replace(base, contestant=name, asks=str(path), extra=extra)


def _run(plan: Plan, out: Path) -> None:
    plan_file = out.with_suffix(".plan.json")
    plan_file.write_text(plan_text(plan), encoding="utf-8")
    module = "benchmarks.engine.profiling" if plan.cells == ("profile",) else "benchmarks.engine.contest"
    threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), str(plan.threads))
    environment = {**os.environ, **threads, "GOMP_SPINCOUNT": "0", "TOKENIZERS_PARALLELISM": "false"}
    what = " ".join(str(value) for value in (plan.contestant, *plan.extra.values()))
    print(what, flush=True)
    command = [sys.executable, "-m", module, str(plan_file), str(out)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, timeout=TIMEOUT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
        row = {**plan.extra, "contestant": plan.contestant, "cell": "", "skipped": f"stopped with an error: {reason}"}
        with out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        print(f"  {row['skipped']}", flush=True)


def _rows(work: Path) -> list[dict[str, Any]]:
    files = sorted((work / "results").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def _facts(given: argparse.Namespace, base: Plan) -> dict[str, Any]:
    words = [f"--{name.replace('_', '-')} {value}" for name, value in vars(given).items() if _worth_saying(name, value)]
    return {
        "command": " ".join(["python -m benchmarks.engine.run", *words]),
        "about": {
            "processor": f"{_processor()}, {os.cpu_count()} cores, {given.threads} used",
            "load when it began": f"{os.getloadavg()[0]:.2f}",
            "versions": ", ".join(
                f"{name} {metadata.version(name)}" for name in ("torch", "transformers", "llguidance")
            )
            + f", {_llama_version(base)}",
            "repetitions": given.repeats,
        },
        "peak": peak.measure(given.threads),
        "shape": models.parameters(Path(base.work) / "models" / "triage"),
    }


def _worth_saying(name: str, value: Any) -> bool:
    return name in ("waiting", "threads", "repeats", "parts") or (name in ("only", "switch", "mix") and bool(value))


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _llama_version(base: Plan) -> str:
    from benchmarks.engine.contestants.llama_cpp import find_server

    try:
        binary = find_server(base.llama_server)
    except Unavailable as reason:
        return f"llama.cpp: {reason}"
    told = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False)
    lines = (told.stderr + told.stdout).splitlines()
    return "llama.cpp " + next((line.partition(":")[2].strip() for line in lines if line.startswith("version")), "?")


if __name__ == "__main__":
    sys.exit(main())

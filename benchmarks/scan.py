"""Speed and memory of `secassist scan` on installed library trees, beside bandit and semgrep on the same files.

    python -m benchmarks.scan OUT.md [PACKAGE...] [--small N] [--jobs N] [--files N] [--model] [--peers]

Copies the packages' folders out of site-packages (or writes N small files with a weakness each), scans them by rules alone
(`--fast`), scans again, changes one file, scans again; with `--model` all that again as users run it. Each scan is a process
of its own; memory is the highest sum over the process and its workers, sampled. Processor seconds are those of the process
and its workers: on a busy machine they tell more than the clock. The code is compiled to bytecode before, as an installed
program is, so that no run pays for it.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

KINDS = (
    ".py",
    ".js",
    ".ts",
    ".java",
    ".go",
    ".c",
    ".h",
    ".cpp",
    ".php",
    ".cs",
    ".rb",
    ".txt",
    ".md",
    ".json",
    ".yml",
    ".toml",
)
SAMPLE_S = 0.1
YOUNG_S = 2.5
"""Younger files are compared by content, which is not what is measured."""
AGAIN = 3
"""Later scans are run so often, and the middling one counts."""


@dataclass
class Run:
    """Wall clock and processor time in seconds, highest resident memory in MiB, how it ended, what it said."""

    seconds: float
    processor: float
    memory: float
    code: int
    said: str


def run(command: list[str], home: Path) -> Run:
    """A command, watched until it ends."""
    told = {**os.environ, "SECASSIST_HOME": str(home), "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": ""}
    told["PYTHONPYCACHEPREFIX"] = str(home.parent / "bytecode")
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began, before = time.perf_counter(), spent()
        process = subprocess.Popen(command, stdout=out, stderr=err, env=told)
        highest = 0.0
        while process.poll() is None:
            highest = max(highest, memory(process.pid))
            time.sleep(SAMPLE_S)
        seconds = time.perf_counter() - began
        err.seek(0)
        said = err.read().decode("utf-8", "replace")[-2000:]
        return Run(seconds, spent() - before, highest, process.returncode, said)


def spent() -> float:
    """Processor seconds of all children that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def memory(pid: int) -> float:
    """MiB of a process and its children."""
    try:
        here = psutil.Process(pid)
        return sum(each.memory_info().rss for each in (here, *here.children(recursive=True))) / 2**20
    except psutil.Error:
        return 0.0


def copied(packages: list[str], target: Path, most: int) -> list[Path]:
    """Text files of the packages, at most so many, in sorted order."""
    site, files = Path(sysconfig.get_path("purelib")), list[Path]()
    for name in packages:
        for path in sorted((site / name).rglob("*")):
            if path.suffix in KINDS and path.is_file() and len(files) < most and path.stat().st_size < 1_000_000:
                place = target / path.relative_to(site)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)
                files.append(place)
    return files


def written(count: int, target: Path) -> list[Path]:
    """Small files, each with one weakness of its own, in folders of 500."""
    files = []
    for number in range(count):
        place = target / str(number // 500) / f"f{number}.py"
        place.parent.mkdir(parents=True, exist_ok=True)
        lines = ["import os", "", "", f"def ping_{number}(host, count={number}):", '    """Send packets."""']
        lines += ["    os.system('ping -c ' + str(count) + ' ' + host)", f"    return {number}", "", ""]
        place.write_text("\n".join([*lines, f"def add_{number}(a, b):", f"    return a + b + {number}", ""]))
        files.append(place)
    return files


def main() -> None:
    """Measures and writes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("packages", nargs="*")
    parser.add_argument("--small", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--files", type=int, default=1_000_000)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--model", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scan-bench-") as folder:
        work = Path(folder)
        files = (
            written(asked.small, work / "tree") if asked.small else copied(asked.packages, work / "tree", asked.files)
        )
        size = sum(path.stat().st_size for path in files)
        warm(work, asked)
        groups = {name: scans(name, work, files, asked.jobs) for name in ("rules", "model")[: 1 + asked.model]}
        if asked.peers:
            groups["peers"] = peers(work)
        report(asked, groups, len(files), size)
    rows = {name: each for rows in groups.values() for name, each in rows}
    print(json.dumps({name: vars(each) | {"said": each.said[-200:]} for name, each in rows.items()}, indent=1))


def command(tree: Path, kind: str, jobs: int) -> list[str]:
    """A scan by rules alone, or one with the model; semgrep is a peer here."""
    words = [sys.executable, "-m", "secassist", "scan", str(tree), "--quiet", "--jobs", str(jobs), "--no-semgrep"]
    return [*words, "--fast"] if kind == "rules" else words


def warm(work: Path, asked: argparse.Namespace) -> None:
    """Runs each kind of scan once on a file elsewhere, so that all is compiled and in the page cache."""
    (work / "warm").mkdir()
    (work / "warm" / "a.py").write_text("import os\nos.system('ls')\n", encoding="utf-8")
    for kind in ("rules", "model")[: 1 + asked.model]:
        run(command(work / "warm", kind, 1), work / "elsewhere")


def scans(kind: str, work: Path, files: list[Path], jobs: int) -> list[tuple[str, Run]]:
    """First, with nothing changed, and after one line was added to the largest and to a middling Python file."""
    scan, home = command(work / "tree", kind, jobs), work / f"home-{kind}"
    by_size = sorted((path for path in files if path.suffix == ".py"), key=lambda path: path.stat().st_size)
    time.sleep(YOUNG_S)
    rows = [("first", run(scan, home)), ("nothing changed", middling([run(scan, home) for _ in range(AGAIN)]))]
    for name, victim in (
        ("the largest file changed", by_size[-1]),
        ("a middling file changed", by_size[len(by_size) // 2]),
    ):
        rows.append((name, middling([changed(victim, scan, home) for _ in range(AGAIN)])))
    return [(f"{kind}: {name}", each) for name, each in rows]


def changed(victim: Path, scan: list[str], home: Path) -> Run:
    """A scan after a line was added."""
    text = victim.read_text(encoding="utf-8", errors="replace")
    victim.write_text(f"{text}\nadded = {time.time_ns()}\n", encoding="utf-8")
    time.sleep(YOUNG_S)
    return run(scan, home)


def middling(runs: list[Run]) -> Run:
    """The run that took the middle of all times."""
    return sorted(runs, key=lambda each: each.seconds)[len(runs) // 2]


def peers(work: Path) -> list[tuple[str, Run]]:
    """Other scanners on the same files."""
    tree, home = str(work / "tree"), work / "home-peers"
    rows = [("bandit (Python only)", run([*bandit(), "-r", "-q", "-f", "json", tree], home))]
    if shutil.which("semgrep"):
        rows.append(("semgrep", run([*semgrep(work), tree], home)))
    return rows


def bandit() -> list[str]:
    return [sys.executable, "-m", "bandit"]


def semgrep(work: Path) -> list[str]:
    """One rule of ours is enough to measure reading and parsing."""
    rule = work / "rule.yml"
    text = "rules: [{id: call, languages: [python], severity: INFO, message: call, pattern: eval(...)}]\n"
    rule.write_text(text, encoding="utf-8")
    return ["semgrep", "scan", "--metrics=off", "--disable-version-check", "--quiet", "--config", str(rule)]


def report(asked: argparse.Namespace, groups: dict[str, list[tuple[str, Run]]], count: int, size: int) -> None:
    """Appends a table; the shares of each kind of scan are of its own first one, those of peers of the rules'."""
    about = " ".join(asked.packages) or "small files"
    lines = [
        f"\n## {about}: {count} files, {size / 1e6:.1f} MB, {asked.jobs} worker processes\n",
        f"Load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.\n",
        "| run | seconds | of the first | processor seconds | of the first | files/s | MB/s | memory MiB | exit |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for kind, rows in groups.items():
        first = groups.get(kind if kind != "peers" else "rules", rows)[0][1]
        for name, each in rows:
            speed = f"{count / each.seconds:.0f} | {size / 1e6 / each.seconds:.2f}"
            clock = f"{each.seconds:.2f} | {100 * each.seconds / first.seconds:.1f} %"
            work = f"{each.processor:.2f} | {100 * each.processor / first.processor:.1f} %"
            lines.append(f"| {name} | {clock} | {work} | {speed} | {each.memory:.0f} | {each.code} |")
    with asked.out.open("a", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

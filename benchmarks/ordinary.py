"""What a default review says of code that runs everywhere: alarms per file and per thousand lines, by who raised them.

    python -m benchmarks.ordinary OUT.md FOLDER...

Each folder holds packages that no training saw, taken for harmless: nearly every alarm is a false one. Labelled sets are
vulnerable half of the time and say nothing about this.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

ENDINGS = (".py", ".js", ".ts", ".java", ".go", ".php", ".cs", ".c", ".h", ".cpp", ".rb")
HEAD = """# Alarms on ordinary code

Written by `python -m benchmarks.ordinary`; do not edit. Packages that training did not see, reviewed by `secassist scan --only
review` as users run it. They are well kept and read by many: nearly every alarm here is a false one; none was checked
by hand. *By the model alone* are findings that no detector made. What code disproved,
or the model doubts, is not counted.

| packages | files | lines | files with an alarm | by the model alone | by detectors | all, per 1,000 lines |
|---|---:|---:|---:|---:|---:|---:|
"""


def files(folder: Path) -> list[Path]:
    """The code below a folder."""
    return [path for path in sorted(folder.rglob("*")) if path.suffix in ENDINGS and path.is_file()]


def scanned(folder: Path) -> list[dict[str, object]]:
    """What a scan of the folder with a fresh home gives, one record a file with anything to say."""
    with tempfile.TemporaryDirectory(prefix="ordinary-") as home:
        command = [sys.executable, "-m", "secassist", "scan", str(folder), "--only", "review", "--json", "--quiet"]
        done = subprocess.run(
            command, env=os.environ | {"SECASSIST_HOME": home}, capture_output=True, text=True, check=False
        )
    if done.returncode not in (0, 1):
        raise SystemExit(f"{folder}: the scan ended with {done.returncode}: {done.stderr[-500:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def counted(records: Iterable[dict[str, object]]) -> Counter[str]:
    """Files with an alarm, and alarms by who raised them."""
    told: Counter[str] = Counter()
    for record in records:
        real = [one for one in record["findings"] if one["judgement"] == "real"]  # type: ignore[attr-defined]
        told["files"] += bool(real)
        alone = sum(one["by"] == ["model"] for one in real)
        told["model"] += alone
        told["detectors"] += len(real) - alone
    return told


def row(folder: Path) -> str:
    """One line of the table."""
    paths, told = files(folder), counted(scanned(folder))
    lines = sum(path.read_text("utf-8", errors="replace").count("\n") for path in paths)
    names = ", ".join(sorted(path.name for path in folder.iterdir() if path.is_dir()))
    rate = 1000 * (told["model"] + told["detectors"]) / max(1, lines)
    return (
        f"| {names} | {len(paths)} | {lines} | {told['files']} | {told['model']} | {told['detectors']} | {rate:.2f} |"
    )


def main() -> None:
    """Writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("folders", type=Path, nargs="+")
    asked = parser.parse_args()
    asked.out.write_text(HEAD + "\n".join(map(row, asked.folders)) + "\n")


if __name__ == "__main__":
    main()

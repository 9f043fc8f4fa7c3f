"""Measures `secassist redact`: rate beside a plain copy and detect-secrets, and peak memory as files grow.

    python -m benchmarks.redact [WORK] [MEGABYTES ...]

writes its figures into benchmarks/redact.md, where rows of sizes not measured this time stay. The logs are drawn here;
every value in them is invented.
"""

import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).with_suffix(".md")
RATE_MEGABYTES = 2
SIZES = (10, 200)
MEGABYTE = 1_000_000
LARGEST_NEW = 500
"""Megabytes up to which the log of ever new values is drawn; more of it only takes longer."""
FEW = 4_000
"""People in the log that holds the same values again and again."""


@dataclass
class Run:
    """One command: seconds on the clock and on the processor, peak resident memory in MB, exit code."""

    wall: float
    processor: float
    memory: float
    code: int


def line(drawn: random.Random, people: int) -> str:
    """One line of a log; of six shapes two hold personal data, one a password, three nothing."""
    shape, person = drawn.random(), drawn.randrange(people)
    stamp = f"2026-03-{drawn.randint(1, 28):02}T{drawn.randint(0, 23):02}:{drawn.randint(0, 59):02}:{drawn.randint(0, 59):02}Z"
    if shape < 0.55:
        return f"{stamp} app[{drawn.randint(100, 9999)}]: INFO id={drawn.getrandbits(128):032x} path=/api/items/{person} ms=12"
    if shape < 0.75:
        return f"{stamp} kernel: [{drawn.random() * 1e5:.6f}] eth0: link up, 1000 Mbps, full duplex, lpa 0x{person:08x}"
    if shape < 0.85:
        return (
            f"{stamp} mail: queued {drawn.getrandbits(40):010x} from=<user{person}@corp-mail.org> size={person % 9973}"
        )
    if shape < 0.93:
        return f"{stamp} web: GET /search?q=a%20b&mail=user{person}%40corp-mail.org HTTP/1.1 404 -"
    if shape < 0.97:
        return f"{stamp} 用户{person % 97} 手机号：138{person % 10**8:08} 登录成功"
    return f"{stamp} job: retry with password=Zq{person * 2654435761 % 2**32:08x}Kp7 in 5 s"


def write_log(path: Path, megabytes: float, people: int) -> None:
    """A log of this size; the same one every time."""
    drawn, size = random.Random(megabytes), 0
    with path.open("wb") as out:
        while size < megabytes * MEGABYTE:
            size += out.write(("\n".join(line(drawn, people) for _ in range(2000)) + "\n").encode())


def measured(command: list[str]) -> Run:
    """Runs a command to its end."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as talk:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=talk)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 3):
            talk.seek(0)
            raise SystemExit(f"{command}: exit {process.returncode}\n{talk.read().decode()}")
    spent = used.ru_utime + used.ru_stime
    return Run(time.monotonic() - began, spent, used.ru_maxrss / 1024, process.returncode)


def redact(path: Path, *words: str) -> Run:
    """The command as a user runs it, with a key of its own."""
    key = path.with_name("key")
    out = path.with_suffix(".redacted")
    run = measured(
        [
            sys.executable,
            "-m",
            "secassist",
            "redact",
            str(path),
            "--out",
            str(out),
            "--key-file",
            str(key),
            "-q",
            *words,
        ]
    )
    out.unlink()
    return run


def in_process(work: Callable[[], object]) -> float:
    """Processor seconds of a call."""
    began = time.process_time()
    work()
    return time.process_time() - began


def rates(folder: Path) -> list[str]:
    """Rows of the table of rates: all three read the same file."""
    from detect_secrets.core.scan import scan_file
    from detect_secrets.settings import default_settings

    path = folder / "rates.log"
    write_log(path, RATE_MEGABYTES, FEW)
    size = path.stat().st_size / MEGABYTE
    start = measured([sys.executable, "-m", "secassist", "redact", os.devnull, "-q"]).processor
    ours = redact(path).processor - start
    copy = min(in_process(lambda: shutil.copyfile(path, folder / "copy")) for _ in range(5))
    with default_settings():
        theirs = in_process(lambda: sum(1 for _ in scan_file(str(path))))
    return [
        "| what | processor seconds | MB/s |",
        "|---|---|---|",
        f"| plain copy | {copy:.4f} | {size / copy:,.0f} |",
        f"| `secassist redact` (found, replaced, written; without {start:.1f} s of start) | {ours:.1f} | {size / ours:.2f} |",
        f"| detect-secrets `scan_file`, default plug-ins (found only) | {theirs:.1f} | {size / theirs:.2f} |",
        "",
        f"`secassist redact` reads {theirs / ours:.1f} times as fast as detect-secrets on this file ({size:.1f} MB).",
    ]


def growth(folder: Path, sizes: tuple[float, ...]) -> list[str]:
    """Rows of the table of memory, for a log of few values and, up to LARGEST_NEW, one of ever new ones."""
    rows = []
    for name, people in ((f"{FEW:,} people", FEW), ("ever new", 10**9)):
        for megabytes in sizes:
            if people != FEW and megabytes > LARGEST_NEW:
                continue
            path = folder / "growth.log"
            write_log(path, megabytes, people)
            size = path.stat().st_size / MEGABYTE
            run = redact(path)
            path.unlink()
            rows.append(
                f"| {name} | {size:.0f} | {run.memory:.0f} | {size / run.wall:.2f} | {size / run.processor:.2f} | {run.code} |"
            )
            sys.stderr.write(rows[-1] + "\n")
    return rows


def together(rows: list[str]) -> list[str]:
    """These rows and those of the present page that are of another log, sorted by log and size."""
    old = PAGE.read_text(encoding="utf-8").splitlines() if PAGE.exists() else []
    kept = [row for row in old if row.startswith((f"| {FEW:,} people |", "| ever new |"))]
    by_log = {tuple(row.split("|")[1:3]): row for row in (*kept, *rows)}
    return [by_log[log] for log in sorted(by_log, key=lambda log: (log[0], float(log[1])))]


def page(rate_rows: list[str], growth_rows: list[str]) -> str:
    """The whole page."""
    return "\n".join(
        [
            "# Redaction",
            "",
            f"Written by `python -m benchmarks.redact` on {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, "
            f"{os.cpu_count()} processors. Processor seconds depend less than the clock on what else runs.",
            "",
            "## Rate",
            "",
            *rate_rows,
            "",
            "## Memory",
            "",
            "Peak resident memory of the whole process. With ever new values the first 100,000 are remembered, to be looked "
            "for where no detector pointed at them; later ones are replaced where they are found, which exit code 3 says.",
            "",
            "| values | MB | peak MB of memory | MB/s on the clock | MB per processor second | exit |",
            "|---|---|---|---|---|---|",
            *growth_rows,
            "",
        ]
    )


def main() -> None:
    """Measures and writes the page."""
    words = sys.argv[1:]
    sizes = tuple(float(word) for word in words[1:]) or SIZES
    with tempfile.TemporaryDirectory(dir=words[0] if words else None) as folder:
        PAGE.write_text(page(rates(Path(folder)), together(growth(Path(folder), sizes))), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Memory does not grow with the input: peak of the whole process for a small and a large log, lines long and short."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

MEGABYTE = 1_000_000
ALLOWED = 30
"""Megabytes by which the peak may differ; what the allocator keeps varies by some ten."""


def peak(path: Path, *words: str) -> float:
    """Megabytes that one run of the command had in memory at most; the pieces of its output are thrown away."""
    command = [
        sys.executable,
        "-m",
        "secassist",
        "redact",
        str(path),
        "--out",
        str(path.with_suffix(".out")),
        "-q",
        *words,
    ]
    process = subprocess.Popen(command)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_maxrss / 1024


def lines(number: int) -> str:
    user = number * 7919 % 5000
    return f"2026-03-01T10:00:00Z app[{number % 9000}]: login user{user}@corp-mail.org id={number:032x} status=200\n"


def one_line(number: int) -> str:
    return (
        "{" if number == 0 else ", "
    ) + f'"k{number}": ["user{number % 5000}@corp-mail.org", {number}, "a\\u0041\\\\"]'


def fill(path: Path, size: float, make: Callable[[int], str], end: str = "") -> None:
    with path.open("w") as out:
        number = written = 0
        while written < size:
            written += out.write(make(number))
            number += 1
        out.write(end)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("form", ["text", "json"])
def test_two_hundred_megabytes_take_no_more_memory(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"x.{form}"
    found = []
    for size in (10, 200):
        fill(path, size * MEGABYTE, *((lines,) if form == "text" else (one_line, "}")))
        found.append(peak(path, "--format", form))
    assert found[1] < found[0] + ALLOWED

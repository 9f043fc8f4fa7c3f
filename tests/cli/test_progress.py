"""Progress where there is no terminal: a line per tenth of a long run, and nothing else."""

import pytest

from secassist.cli._progress import progress, scan_progress

TENTHS = [f"work: {n * 25} of 250" for n in range(1, 11)]


def test_a_long_run_tells_each_tenth_once(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("work", quiet=False) as told:
        for done in range(1, 251):
            told(done, 250)
            told(done, 250)
    out, err = capsys.readouterr()
    assert (out, err.splitlines()) == ("", TENTHS)


def test_a_scan_adds_up_what_came_since(capsys: pytest.CaptureFixture[str]) -> None:
    with scan_progress("work", 250, 1000, quiet=False) as told:
        for _ in range(50):
            told(5, 20)
    assert capsys.readouterr().err.splitlines() == TENTHS


@pytest.mark.parametrize(("total", "quiet"), [(199, False), (250, True)], ids=["short", "quiet"])
def test_short_and_quiet_runs_say_nothing(capsys: pytest.CaptureFixture[str], total: int, quiet: bool) -> None:
    with progress("work", quiet) as told:
        told(total, total)
    with scan_progress("work", total, 0, quiet) as told:
        told(total, 0)
    assert capsys.readouterr().err == ""

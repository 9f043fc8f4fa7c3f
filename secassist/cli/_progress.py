"""How far a long command is, on standard error: a bar on a terminal, elsewhere a line per tenth of a long run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from secassist.cli._run import say

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

Report = Callable[[int, int], None]


@contextmanager
def progress(label: str, quiet: bool) -> Iterator[Report]:
    """Count and remaining time; gives what to call with the number of items done and of all."""
    if quiet:
        yield _unheard
        return
    with _bar() as bar:
        task = bar.add_task(label, total=None)
        tenths = _Tenths(label)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)
            if bar.disable:
                tenths(done, total)

        yield report


@contextmanager
def scan_progress(label: str, count: int, size: int, quiet: bool) -> Iterator[Report]:
    """Of `count` pieces with `size` bytes the rate too; gives what to call with pieces and bytes since the last call."""
    if quiet:
        yield _unheard
        return
    from rich.progress import TransferSpeedColumn

    with _bar(TransferSpeedColumn()) as bar:
        pieces = bar.add_task(label, total=count)
        volume = bar.add_task("bytes", total=size or None)
        tenths = _Tenths(label)
        done = 0

        def report(more: int, read: int) -> None:
            nonlocal done
            done += more
            bar.update(pieces, advance=more)
            bar.update(volume, advance=read)
            if bar.disable:
                tenths(done, count)

        yield report


def _unheard(_one: int, _other: int) -> None:
    """Tells nobody."""


def _bar(*more: "ProgressColumn") -> "Progress":
    """Name, bar, count and remaining time; disabled where there is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, *more, console=console, disable=not console.is_terminal, transient=True)


class _Tenths:
    """Says how far a run of LONG or more items is, each time another tenth is done."""

    LONG = 200

    def __init__(self, label: str) -> None:
        self.label = label
        self.tenth = 0

    def __call__(self, done: int, total: int) -> None:
        if total >= self.LONG and done * 10 // total > self.tenth:
            self.tenth = done * 10 // total
            say(f"{self.label}: {done} of {total}")

"""Standard input as a file that can be read again; it stays in memory, since what comes in may be secret."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from schemas import Subject
from secassist.cli._run import say
from secassist.sources._bytes import shown
from secassist.sources.base import Rejected

NAME = "standard input"
_DASH = Path("-")
_BLOCK = 1 << 20


def standard_input() -> BinaryIO:
    """The stream; somebody who sits before an empty terminal is told what is waited for, and ends it by one Ctrl-D."""
    if not sys.stdin.isatty():
        return sys.stdin.buffer
    say("reading standard input; end it with Ctrl-D, or stop with Ctrl-C")
    typed = os.fdopen(os.memfd_create(NAME), "w+b")
    typed.write(sys.stdin.buffer.read())  # a terminal goes on after its end, for whoever reads once more
    typed.seek(0)
    return typed


@contextmanager
def dashed(paths: Sequence[Path], most: int) -> Iterator[list[Path]]:
    """The paths, "-" as that of a file with what stands in standard input, of which little more than `most` bytes are read."""
    if _DASH not in paths:
        yield list(paths)
        return
    handle = os.memfd_create(NAME)
    try:
        with open(handle, "wb", closefd=False) as out:
            stream = standard_input()
            while out.tell() <= most and (block := stream.read(_BLOCK)):
                out.write(block)
        yield [Path(f"/proc/self/fd/{handle}") if path == _DASH else path for path in paths]
    finally:
        os.close(handle)


def named(
    items: Iterable[Subject | Rejected], paths: Sequence[Path], given: Sequence[Path]
) -> Iterator[Subject | Rejected]:
    """The items, those of a path that `given` stands in for under the name of standard input."""
    place = next((shown(path) for path, asked in zip(given, paths, strict=True) if asked == _DASH), "")
    for item in items:
        if not place or not item.origin.startswith(place):
            yield item
            continue
        origin = NAME + item.origin.removeprefix(place)
        yield replace(item, origin=origin) if isinstance(item, Rejected) else item.model_copy(update={"origin": origin})

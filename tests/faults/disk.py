"""Disk: a small file system of its own, which the harness fills to the last byte and empties again."""

import ctypes
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

LAZY = 2
"""MNT_DETACH of umount2(2): whoever still has a file open there keeps it."""
BLOCK = 4096


class Disk:
    """A mounted tmpfs of some bytes; only root may make one."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._ballast = place / "ballast"

    def fill(self) -> None:
        """Until the system says ENOSPC even for one byte more."""
        with self._ballast.open("ab", buffering=0) as ballast:
            for size in (1 << 20, BLOCK, 1):
                try:
                    while True:
                        ballast.write(b"\0" * size)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise

    def free(self) -> None:
        """Gives all that was filled back."""
        self._ballast.unlink()


@contextmanager
def small_disk(place: Path, megabytes: int, owner: int = 0) -> Iterator[Disk]:
    """Mounts it; the test is skipped where that is not allowed."""
    library = ctypes.CDLL(None, use_errno=True)
    place.mkdir(parents=True, exist_ok=True)
    options = f"size={megabytes}m,mode=0700,uid={owner}".encode()
    if library.mount(b"tmpfs", os.fsencode(place), b"tmpfs", 0, options):
        pytest.skip(f"no small disk can be mounted here ({os.strerror(ctypes.get_errno())}); run as root for this row")
    try:
        yield Disk(place)
    finally:
        library.umount2(os.fsencode(place), LAZY)

"""Members of archives, read as files of their own would be; they stay in memory, as the archive does."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from schemas import Alert, LogWindow, Subject
from secassist.pipeline import Pipeline
from secassist.sources._bytes import shown
from secassist.sources.base import Rejected

_ARCHIVE = "archive"


def is_member(item: Subject | Rejected) -> bool:
    """Whether it was read from an archive, of which every text is a document or code at first."""
    return isinstance(item, Subject) and item.source == _ARCHIVE


def with_members(made: Pipeline, items: Iterable[Subject | Rejected]) -> Iterator[Subject | Rejected]:
    """The items, alerts and log windows in the place of members of archives that hold some."""
    for item in items:
        if isinstance(item, Subject) and is_member(item):
            yield from read_member(made, item)
        else:
            yield item


def read_member(made: Pipeline, item: Subject) -> Iterator[Subject | Rejected]:
    """The alerts and log windows of a member under its name, or the member as it was read where it holds none."""
    handle = os.memfd_create(_ARCHIVE)
    try:
        with open(handle, "wb", closefd=False) as out:
            out.write(item.text.encode())
        path = Path(f"/proc/self/fd/{handle}")
        found = list(made.read([path]))
        if not _judged(found) and item.origin.lower().endswith(".log"):
            found = list(made.read([path], "syslog"))
    finally:
        os.close(handle)
    if not _judged(found):
        found = [item]
    for each in found:
        origin = item.origin + each.origin.removeprefix(shown(path)) if each is not item else item.origin
        yield replace(each, origin=origin) if isinstance(each, Rejected) else each.model_copy(update={"origin": origin})


def _judged(found: Iterable[Subject | Rejected]) -> bool:
    """Whether there is an alert or a log window among them."""
    return any(isinstance(each, (Alert, LogWindow)) for each in found)

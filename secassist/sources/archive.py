"""Archives and compressed files: every member that is text, code or a document, without unpacking anything to disk."""

from collections.abc import Iterator
from pathlib import Path

from schemas import Subject
from secassist.errors import SourceError
from secassist.sources import _inner, _packed
from secassist.sources._bytes import regular, relative, shown, too_large
from secassist.sources._within import Inner
from secassist.sources.base import Limits, Rejected


class Archive:
    """zip, jar, whl, tar, tar.gz, tar.bz2, tar.xz, and single files packed by bzip2 or xz."""

    name = "archive"
    summary = "zip, jar, whl, tar (gz, bz2, xz): member by member in memory, under caps"

    def sniff(self, path: Path, head: bytes) -> float:  # noqa: ARG002 - the contract's signature
        """By the first bytes; office documents are surer of themselves."""
        return 0.85 if _packed.kind(head) else 0.0

    def read(self, path: Path, limits: Limits) -> Iterator[Subject | Rejected]:
        """CodeUnits and Documents under names like "lib.zip!src/app.py"; what is not read stands with its reason."""
        data = packed_bytes(path, limits)
        if not _packed.kind(data):
            raise SourceError(f"{shown(path)}: not an archive of a kind that is read (zip, tar, gz, bz2, xz)")
        yield from _inner.read(data, Inner(self.name, shown(path), relative(path)), limits)


def packed_bytes(path: Path, limits: Limits) -> bytes:
    """The file as it lies on disk; raises SourceError when it cannot be read or is above `limits.file_bytes`."""
    with regular(path) as stream:
        try:
            data = stream.read(limits.file_bytes + 1)
        except OSError as error:
            raise SourceError(f"{shown(path)}: cannot be read ({error.strerror}); check its permissions") from error
    if len(data) > limits.file_bytes:
        raise too_large(path, limits)
    return data


PLUGIN = Archive()

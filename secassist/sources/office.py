"""Office documents: the words of docx, xlsx, pptx, odt, ods and odp; PDF and the old binary forms are refused by name."""

from collections.abc import Iterator
from pathlib import Path

from schemas import Subject
from secassist.errors import SourceError
from secassist.sources import _inner, _office, _packed
from secassist.sources._bytes import relative, shown
from secassist.sources._within import Inner
from secassist.sources.archive import packed_bytes
from secassist.sources.base import Limits, Rejected

_PDF = b"%PDF-"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Office:
    """One Document per part with words: text, sheets, slides, notes, comments, links, properties."""

    name = "office"
    summary = "docx, xlsx, pptx, odt, ods, odp: their text, part by part"

    def sniff(self, path: Path, head: bytes) -> float:  # noqa: ARG002 - the contract's signature
        """By the first bytes, PDF and the old binary forms included, so that they are refused by name."""
        if _office.is_office(head):
            return 0.95
        return 0.9 if head.startswith((_PDF, _OLE)) else 0.0

    def read(self, path: Path, limits: Limits) -> Iterator[Subject | Rejected]:
        """Raises SourceError for PDF, encrypted and old binary documents, which nothing here can read."""
        data = packed_bytes(path, limits)
        if data.startswith(_PDF):
            raise SourceError(f"{shown(path)}: PDF is not read; export its text and scan that")
        if data.startswith(_OLE):
            raise SourceError(f"{shown(path)}: an old or encrypted office document; save it as docx, xlsx, pptx or odt")
        if not _office.is_office(data) and _packed.kind(data) != "gz":
            raise SourceError(f"{shown(path)}: not an office document of a kind that is read")
        yield from _inner.read(data, Inner(self.name, shown(path), relative(path)), limits)


PLUGIN = Office()

"""Text of office documents (OOXML and OpenDocument), streamed out of their XML; entities and DTDs are refused."""

import re
from collections.abc import Callable, Iterator

from schemas import Document, Subject
from secassist.sources import _packed, _sheets
from secassist.sources._bytes import visible
from secassist.sources._packed import Budget
from secassist.sources._within import Inner
from secassist.sources._xml import fed
from secassist.sources.base import Limits, Rejected

_MARKS = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis.opendocument", b"_rels/.rels")
_TEXTS = re.compile(
    r"(?:word|xl|ppt)/(?:[A-Za-z]{1,30}/)?[A-Za-z]{1,30}\d{0,6}\.xml|docProps/(?:core|app|custom)\.xml"
    r"|(?:content|meta|styles)\.xml|(?:word|xl|ppt)/(?:[A-Za-z]{1,30}/)?_rels/[\w.-]{1,80}\.rels"
)
_SILENT = re.compile(
    r"(?:word|xl|ppt)/(?:theme|slideMasters|slideLayouts|tableStyles|presProps|viewProps|fontTable|webSettings|settings|styles|numbering|calcChain)"
)
"""Parts that hold looks, not words."""
_EMBEDDED = re.compile(r"(?:(?:word|xl|ppt)/embeddings|Object \d{1,6})/")
_BREAKS = frozenset({"p", "h", "br", "cr", "row", "table-row", "line-break", "si", "comment", "Relationship", "lpstr"})
"""Local names of elements after which a new line begins."""
_CELLS = frozenset({"tab", "tc", "c", "table-cell"})
_SPOKEN = frozenset({"Target"})
"""Attributes whose values a reader can follow or see: links."""


Open = Callable[[bytes, Inner, Limits, Budget], Iterator[Subject | Rejected]]
"""Reads what is embedded, whatever it is."""


def is_office(data: bytes) -> bool:
    """Whether the bytes begin a zip archive as office programs write them."""
    return data[:4] == b"PK\x03\x04" and any(mark in data[:2048] for mark in _MARKS)


def read(data: bytes, here: Inner, limits: Limits, budget: Budget, opened: Open) -> Iterator[Subject | Rejected]:
    """One Document per part that has words, links included, a row of a sheet per line; embedded documents by `opened`."""
    if here.depth >= _packed.DEEPEST:
        yield Rejected(here.origin, f"more than {_packed.DEEPEST} archives inside each other; unpack it by hand")
        return
    sheets, strings = list[tuple[Inner, bytes]](), None
    for name, content in _packed.members(data, limits, budget):
        member = here.of(name)
        wanted = bool(_TEXTS.fullmatch(name)) and not _SILENT.match(name)
        if reason := _packed.refusal(name) or (content if isinstance(content, str) and wanted else ""):
            yield Rejected(member.origin, reason)
        elif isinstance(content, str):
            if "encrypted" in content:
                yield Rejected(member.origin, content)
        elif _sheets.SHEET.fullmatch(name):
            sheets.append((member, content))
        elif name == _sheets.STRINGS:
            strings = (member, content)
        elif wanted:
            yield from _part(content, member, limits)
        elif _EMBEDDED.match(name) and _packed.kind(content):
            yield from opened(content, member, limits, budget)
    yield from _sheets.read(sheets, strings, limits)


def _part(data: bytes, here: Inner, limits: Limits) -> Iterator[Subject | Rejected]:
    words, first = _Words(limits.record_bytes), 1
    for wrong in fed(data, words, here.origin):
        if wrong:
            yield wrong
        elif words.size > limits.record_bytes // 2:
            yield from _document(words, here, first)
            first += 1
    yield from _document(words, here, first)


def _document(words: "_Words", here: Inner, number: int) -> Iterator[Document]:
    body = words.taken()
    if body.strip():
        origin = here.origin if number == 1 else f"{here.origin} part {number}"
        yield Document(source=here.source, origin=origin, title=here.path, path=here.path, body=body)


class _Words:
    """A parser's target that keeps text only, one paragraph or row per line; it holds no tree."""

    def __init__(self, most: int) -> None:
        self._parts: list[str] = []
        self._most = most
        self.size = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Links stand in attributes."""
        for name in _SPOKEN & attributes.keys():
            self.data(attributes[name])
        if tag.rpartition("}")[2] == "s":
            self.data(" ")

    def end(self, tag: str) -> None:
        """Paragraphs and rows end lines, cells are set apart."""
        name = tag.rpartition("}")[2]
        if name in _BREAKS:
            self.data("\n")
        elif name in _CELLS:
            self.data("\t")

    def data(self, text: str) -> None:
        """Adds text."""
        self._parts.append(text)
        self.size += len(text)

    def close(self) -> None:
        """Nothing to close."""

    def taken(self) -> str:
        """The text so far, which is then forgotten; blank lines are left out."""
        lines = (line.strip() for line in visible("".join(self._parts)).replace("\r", "\n").split("\n"))
        self._parts, self.size = [], 0
        return "\n".join(line for line in lines if line)

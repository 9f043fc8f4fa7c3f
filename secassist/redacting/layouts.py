"""The contract of a layout: which parts of a text are values, how they are spelled there, and what a detector shall read."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from secassist.redacting.views import Span, View


class Piece(NamedTuple):
    """`text[start:end]` of a window may be replaced as a whole; `quoted`: by a name in quotes, since it is a number."""

    start: int
    end: int
    quoted: bool = False


class Page(Protocol):
    """One window of text under a layout; all offsets are in that window's text."""

    def views(self) -> Iterator[View]:
        """What detectors read, one after the other; each character of the window's own part stands in at least one."""
        ...

    def pieces(self, span: Span) -> list[Piece]:
        """The parts of a span that hold values: what must stay for the file to keep its form is left out."""
        ...


class Layout(Protocol):
    """A layout goes through a text once, window by window, and knows its state at each border."""

    def page(self, text: str, begin: int) -> Page:
        """The page of the window whose own part begins at `begin`."""
        ...

    def meaning(self, raw: str) -> str:
        """The value that a piece spells."""
        ...

    def turn(self, settled: int) -> None:
        """The next page begins at this offset of the present one."""
        ...

    def spelled(self, name: str) -> str:
        """How a name is written so that the file keeps its form."""
        ...


class PlainPage:
    """Text without any form: every part may be replaced."""

    def __init__(self, text: str) -> None:
        self._text = text

    def views(self) -> Iterator[View]:
        """The text itself."""
        yield View.of(self._text)

    def pieces(self, span: Span) -> list[Piece]:
        """The span."""
        return [Piece(*span)]


class PlainLayout:
    """The layout of logs, documents and code."""

    def page(self, text: str, begin: int) -> Page:  # noqa: ARG002 - the contract's signature
        """The window's text."""
        return PlainPage(text)

    def meaning(self, raw: str) -> str:
        """What stands there."""
        return raw

    def turn(self, settled: int) -> None:
        """Plain text has no state."""

    def spelled(self, name: str) -> str:
        """The name as it is."""
        return name

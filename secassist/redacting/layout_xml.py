"""XML and HTML as text: reads entities, leaves markup alone, and writes names so that they are no tags."""

import html
import re
from collections.abc import Collection, Iterable, Iterator

from secassist.redacting.layouts import Page, Piece
from secassist.redacting.placeholders import written
from secassist.redacting.views import Found, Span, View

_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_LOOKALIKE = {"<": "\u2039", ">": "\u203a"}
"""What angle brackets are read as that are no markup, where no markup is written with entities."""
_MARKUP = re.compile(r"<[^<>]{0,2000}>|\]\]>|[<>]")
"""What a span may reach across and must leave: tags, comments, the end of a section of characters."""
_BEGINNING = re.compile(r"<\?xml\b|<!doctype\b|<html\b|<Events?[\s>]", re.IGNORECASE)
_SUFFIXES = frozenset(".xml .html .htm .xhtml .svg .plist .config .csproj .xsd .xsl .xslt .wsdl .rss .resx".split())  # noqa: SIM905


class XmlPage:
    """One window of markup."""

    def __init__(self, text: str) -> None:
        self._text = text

    def views(self) -> Iterator[View]:
        """The text as it stands, names read as such, and as it reads without entities."""
        if "&" not in self._text:
            yield View.of(self._text)
            return
        names = list(written(self._text))
        yield self._read(names)
        yield self._read(sorted((*names, *self._entities({place for name in names for place in name[:2]}))))

    def _entities(self, taken: Collection[int]) -> Iterator[Found]:
        """Those that are no bracket of a name; `taken`: where names start and end."""
        signs = {} if "&lt;/" in self._text else _LOOKALIKE
        for entity in _ENTITY.finditer(self._text):
            if entity.start() not in taken and entity.end() not in taken:
                sign = html.unescape(entity[0])
                yield *entity.span(), signs.get(sign, sign)

    def _read(self, parts: Iterable[Found]) -> View:
        """These parts read as something else, and CRLF as LF."""
        view, last = View(), 0
        for start, end, meant in parts:
            view.copy_lines(self._text[last:start], last)
            view.atom(meant, start, end - start)
            last = end
        view.copy_lines(self._text[last:], last)
        return view

    def pieces(self, span: Span) -> list[Piece]:
        """The parts of a span between markup."""
        found, start = [], span[0]
        for markup in _MARKUP.finditer(self._text, *span):
            found.append(Piece(start, markup.start()))
            start = markup.end()
        return [piece for piece in (*found, Piece(start, span[1])) if piece.start < piece.end]


class XmlLayout:
    """A document, or records one after the other."""

    def page(self, text: str, begin: int) -> Page:  # noqa: ARG002 - the contract's signature
        """The window's text."""
        return XmlPage(text)

    def meaning(self, raw: str) -> str:
        """The text without entities."""
        return _ENTITY.sub(lambda entity: html.unescape(entity[0]), raw) if "&" in raw else raw

    def turn(self, settled: int) -> None:
        """Markup needs no state: what is cut at a border is read whole in the window before."""

    def spelled(self, name: str) -> str:
        """A name, its angle brackets as entities."""
        return f"&lt;{name[1:-1]}&gt;"


def is_xml(head: str, suffix: str) -> bool:
    """Whether a text begins like XML or HTML; `suffix` (lower case, with its dot) lets any tag count."""
    stripped = head.lstrip("\ufeff \t\r\n")
    return bool(_BEGINNING.match(stripped)) or (suffix in _SUFFIXES and stripped.startswith("<"))

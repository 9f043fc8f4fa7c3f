"""HTML of a mail -> its text and its links, in one pass without backtracking; nothing is rendered, nothing fetched."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_BREAKS = frozenset(
    ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote")
)
_UNSEEN = ("script", "style", "title")
_NAME = re.compile(r"/?[A-Za-z][A-Za-z0-9]{0,20}")
_HREF = re.compile(
    r"""(?<![\w-])(?:href|action|src)\s{0,8}=\s{0,8}("[^"]{0,4096}"?|'[^']{0,4096}'?|[^\s>"']{1,4096})""", re.I
)
_LONGEST_TAG = 16_384


@dataclass
class Page:
    """Visible text (blocks on lines of their own) and links as (shown text, target)."""

    text: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)


def read_html(source: str) -> Page:
    """The page's text and links; a form's action and an image's source count as links with no text."""
    page, out, link, begun = Page(), list[str](), "", 0
    for is_tag, part in _parts(source):
        if not is_tag:
            out.append(html.unescape(" ".join(part.split()) if not part.isspace() else " "))
            out[-1] = f"{' ' if part[:1].isspace() else ''}{out[-1]}{' ' if part[-1:].isspace() else ''}"
            continue
        found = _NAME.match(part)
        name = found[0].lower() if found else ""
        if name in ("a", "/a") and link:
            page.links.append((_tidy("".join(out[begun:])), link))
            link = ""
        target = _HREF.search(part) if found and not name.startswith("/") else None
        value = html.unescape(target[1].strip("\"'")).strip() if target else ""
        if name == "a":
            link, begun = value, len(out)
        elif value:
            page.links.append(("", value))
        if name.lstrip("/") in _BREAKS:
            out.append("\n")
    if link:
        page.links.append((_tidy("".join(out[begun:])), link))
    page.text = _lines("".join(out))
    return page


def _tidy(text: str) -> str:
    return " ".join(text.split())[:1000]


def _lines(text: str) -> str:
    rows = [" ".join(row.split()) for row in text.split("\n")]
    return "\n".join(row for index, row in enumerate(rows) if row or (index and rows[index - 1])).strip()


def _parts(source: str) -> Iterator[tuple[bool, str]]:
    """(False, text) and (True, inside of a tag) in order; comments and scripts are left out."""
    lowered, pos = source.lower() if len(source.lower()) == len(source) else source, 0
    while (opened := source.find("<", pos)) >= 0:
        if opened > pos:
            yield False, source[pos:opened]
        if source.startswith("<!--", opened):
            closed = source.find("-->", opened + 4)
            pos = closed + 3 if closed >= 0 else len(source)
            continue
        if not (source[opened + 1 : opened + 2].isalpha() or source[opened + 1 : opened + 2] in ("/", "!", "?")):
            yield False, "<"
            pos = opened + 1
            continue
        closed = source.find(">", opened, opened + _LONGEST_TAG)
        closed = closed if closed >= 0 else min(opened + _LONGEST_TAG, len(source))
        yield True, source[opened + 1 : closed]
        pos = closed + 1
        for name in _UNSEEN:
            if lowered.startswith(name, opened + 1):
                ended = lowered.find(f"</{name}", pos)
                pos = ended if ended >= 0 else len(source)
    if pos < len(source):
        yield False, source[pos:]

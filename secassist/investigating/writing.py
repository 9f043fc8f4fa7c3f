"""Blocks in the forms that people read: plain text, Markdown, one HTML page; what inputs hold is escaped here."""

from collections.abc import Iterable, Iterator

from secassist.formats import _text
from secassist.formats.html import page
from secassist.investigating.blocks import Block

_WIDE = 400


def plain(blocks: Iterable[Block], columns: int = 0) -> str:
    """Without markup, wrapped to `columns` if it is not 0; queries are never wrapped, so that they can be pasted."""
    return "\n".join(line for block in blocks for line in _plain(block, columns)) + "\n"


def _plain(block: Block, columns: int) -> Iterator[str]:
    text = _text.one_line(block.text, 2 * _WIDE)
    if block.kind == "code":
        yield f"     {block.label + ':':<12} {_text.visible(' '.join(block.text.splitlines()))}"
        return
    if block.kind in ("heading", "question"):
        yield ""
    before = {"question": f"{block.label}. ", "item": "   ", "line": " "}.get(block.kind, "")
    named = f"{block.label}: " if block.label and block.kind != "question" else ""
    whole = f"{named}{text}".rstrip()
    indent = " " * len(before)
    lines = _text.wrapped(whole, columns, indent) if columns else [indent + whole]
    yield before + lines[0][len(indent) :] if lines else before
    yield from lines[1:]
    if block.kind == "title":
        yield "=" * min(_text.width(text), columns or 80)


def markdown(blocks: Iterable[Block]) -> str:
    """For tickets: queries stand in fenced blocks."""
    return "\n".join(line for block in blocks for line in _markdown(block)) + "\n"


def _markdown(block: Block) -> Iterator[str]:
    text, name = _text.markdown(block.text, _WIDE), _text.markdown(block.label)
    if block.kind == "code":
        yield from ("", f"{name}:", "", _text.fenced(block.text), "")
    elif block.kind in ("title", "heading", "question"):
        sign = {"title": "#", "heading": "##", "question": "###"}[block.kind]
        yield from ("", f"{sign} {name + '. ' if name else ''}{text}", "")
    else:
        start = "- " if block.kind == "item" else ""
        yield f"{start}{'**' + name + '**: ' if name else ''}{text}"
        yield from [""] if block.kind == "line" else []


def html(blocks: Iterable[Block], language: str) -> str:
    """One page that needs nothing else."""
    listed = list(blocks)
    title = next((block.text for block in listed if block.kind == "title"), "")
    body = "".join(_html(block) for block in listed if block.kind != "title")
    return page(title, "", language, [f"<section>{body}</section>"])


def _html(block: Block) -> str:
    text, name = _text.html(block.text, 2 * _WIDE), _text.html(block.label)
    if block.kind == "code":
        return f'<p class="note">{name}</p><pre>{text}</pre>'
    if block.kind in ("heading", "question"):
        tag = "h2" if block.kind == "heading" else "h3"
        return f"<{tag}>{name + '. ' if name else ''}{text}</{tag}>"
    return f"<p>{'<strong>' + name + '</strong>: ' if name else ''}{text}</p>"

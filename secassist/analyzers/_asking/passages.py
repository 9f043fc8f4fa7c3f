"""Documents as passages: what stands together under one heading, sentence by sentence, each with its lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from schemas import CodeUnit, LogWindow, Subject

MOST_SENTENCES, MOST_CHARACTERS = 10, 1200
"""Of one passage."""
LONGEST = 600
"""Characters of a sentence; of a longer one (a table row, a line of JSON) its beginning is quoted."""
_HEADING: Final = re.compile(r"(#{1,6})\s+(\S.*)|<h([1-6])\b[^<>]{0,200}>([^<>]{1,300})</h")
_RULE: Final = re.compile(r"(=|-|~|\^|\"|\*){3,}\s*")
_ROW: Final = re.compile(
    r"\s*(?:[-*+•]\s|\(?\d{1,3}[.)、]\s?|\(?[a-z][.)]\s|[一二三四五六七八九十]{1,3}、|\||\$ |> )|<(?:li|p|td|tr|dd|dt)\b"
)
_KEY: Final = re.compile(r"\s*+(?:-\s*+)?[\"']?[\w.-][\w. -]{0,59}[\"']?\s*+:(?:\s|$)")
_END: Final = re.compile(
    r"[.!?](?=[)\"'”*_`]{0,3}\s+[\"'“(\[*_`]{0,3}[A-Z0-9\u3400-\u9fff])|[。！？；](?=.)", re.DOTALL
)
_SHORT: Final = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|etc|no|nr|mr|mrs|ms|dr|approx|incl|cf|st|fig|inc|ltd)|\b[A-Z]|^\s*\d{1,3})\.$", re.IGNORECASE
)
_ZH_NUMBERED: Final = re.compile(r"(?:第?[一二三四五六七八九十]{1,3}[、章节]|\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+)\S{1,40}")
_TAGS: Final = re.compile(r"(?:\s{0,200}</?[a-z][a-z0-9]{0,20}\b[^<>]{0,200}>){1,20}")
_CLOSING: Final = re.compile(r"(?:</[a-z][a-z0-9]{0,20}>\s{0,200}){1,20}\Z")
"""Around a sentence of a page; those within it stay, for a quote stands there word for word."""
_LINES: Final = (".yaml", ".yml", ".csv", ".tsv", ".json", ".jsonl", ".ini", ".cfg", ".conf", ".toml", ".log")
"""Files in which every line stands for itself."""


@dataclass(frozen=True)
class Sentence:
    """`quote` stands verbatim in lines `line` to `end_line` of the file; `lead` is what introduces a list."""

    line: int
    end_line: int
    quote: str
    lead: str = ""


@dataclass(frozen=True)
class Passage:
    """`document` is the place of the document among those read; `heading` its headings, outermost first."""

    document: int
    heading: tuple[str, ...]
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """All that stands in it."""
        return "\n".join(sentence.quote for sentence in self.sentences)


def passages(subject: Subject, document: int = 0) -> Iterator[Passage]:
    """The passages of a document, in order. Lines are counted as in the file that it was read from."""
    first = subject.start_line if isinstance(subject, CodeUnit | LogWindow) else 1
    lines = subject.text.split("\n")
    flat = _is_code(subject) or subject.origin.lower().endswith(_LINES)
    for heading, part in _parts(lines, flat):
        sentences: list[Sentence] = []
        for sentence in _sentences(lines, part, first, flat):
            sentences.append(sentence)
            if len(sentences) >= MOST_SENTENCES or sum(len(each.quote) for each in sentences) >= MOST_CHARACTERS:
                yield Passage(document, heading, tuple(sentences))
                sentences = []
        if sentences:
            yield Passage(document, heading, tuple(sentences))


def _is_code(subject: Subject) -> bool:
    return isinstance(subject, LogWindow) or (isinstance(subject, CodeUnit) and subject.language not in ("html", ""))


def _parts(lines: Sequence[str], flat: bool) -> Iterator[tuple[tuple[str, ...], list[list[int]]]]:
    """Headings with the blocks (lines in a row) below them; a flat file has its first line as heading and ten-line parts."""
    if flat:
        yield from _flat(lines)
        return
    path: list[tuple[int, str]] = []
    blocks: list[list[int]] = []
    fenced = skip = False
    for at, line in enumerate(lines):
        if skip:
            skip = False
            continue
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
            blocks.append([])
            continue
        level, title = (0, "") if fenced else _heading(lines, at)
        if level:
            if any(blocks):
                yield tuple(name for _, name in path), [block for block in blocks if block]
            path = [(depth, name) for depth, name in path if depth < level] + [(level, title)]
            blocks = []
            skip = level > 6
        elif not line.strip():
            blocks.append([])
        else:
            if not blocks:
                blocks.append([])
            blocks[-1].append(at)
    if any(blocks):
        yield tuple(name for _, name in path), [block for block in blocks if block]


def _flat(lines: Sequence[str]) -> Iterator[tuple[tuple[str, ...], list[list[int]]]]:
    """Entries of a flat file: a new one begins at a line without indent, or at an item of a list."""
    entry: list[int] = []
    for at, line in enumerate(lines):
        if not line.strip() or (line.lstrip().startswith("#") and entry and not entry[1:]):
            continue
        if entry and (line[0] not in " \t]})" or len(entry) >= MOST_SENTENCES):
            yield (), [entry]
            entry = []
        entry.append(at)
    if entry:
        yield (), [entry]


def _heading(lines: Sequence[str], at: int) -> tuple[int, str]:
    """Level and text of a heading, 0 where there is none; an underlined one has a level above 6."""
    line = lines[at]
    if match := _HEADING.match(line.strip()[:400]):
        return (len(match[1]) if match[1] else int(match[3])), (match[2] or match[4]).strip("# ")
    below = lines[at + 1].strip() if at + 1 < len(lines) else ""
    alone = at == 0 or not lines[at - 1].strip()
    if (
        alone
        and line.strip()
        and len(line) < 120
        and len(below) >= min(4, len(line.strip()))
        and _RULE.fullmatch(below)
    ):
        return 7 + '=-~^"*'.index(below[0]), line.strip()
    if (
        alone
        and not below
        and _ZH_NUMBERED.fullmatch(line.strip()[:80])
        and not line.rstrip().endswith(("。", ".", "；", "："))
    ):
        return 7, line.strip()
    return 0, ""


def _sentences(lines: Sequence[str], blocks: Sequence[Sequence[int]], first: int, flat: bool) -> Iterator[Sentence]:
    lead = ""
    for block in blocks:
        rows = False
        for unit in _units(lines, block, flat):
            rows = rows or bool(_ROW.match(lines[unit[0]]))
            for line, end, quote in _split(lines, unit, flat):
                yield Sentence(line + first, end + first, quote, lead if _ROW.match(lines[unit[0]]) else "")
            text = lines[unit[-1]].rstrip()
            if (text.endswith((":", "：")) and not _ROW.match(lines[unit[0]])) or (text.startswith("|") and not rows):
                lead = text
        if not rows and not lines[block[-1]].rstrip().endswith((":", "：")):
            lead = ""


def _units(lines: Sequence[str], block: Sequence[int], flat: bool) -> Iterator[list[int]]:
    """Lines that are wrapped parts of one paragraph or item stay together."""
    unit: list[int] = []
    for at in block:
        alone = flat or _ROW.match(lines[at]) or (_KEY.match(lines[at]) and len(lines[at]) < 100)
        if unit and (alone or lines[unit[-1]].lstrip().startswith("|")):
            yield unit
            unit = []
        unit.append(at)
    if unit:
        yield unit


def _split(lines: Sequence[str], unit: Sequence[int], flat: bool) -> Iterator[tuple[int, int, str]]:
    """First line, last line and text of each sentence; offsets of lines are found while going along."""
    text = "\n".join(lines[at] for at in unit)
    start, line = 0, unit[0]
    for end in [*([] if flat else _ends(text)), len(text)]:
        piece = text[start:end]
        before = _TAGS.match(piece)
        inner = piece[before.end() if before else 0 :]
        whole = _CLOSING.sub("", inner).strip()
        begins = line + piece[: len(piece) - len(inner.lstrip())].count("\n")
        if any(char.isalnum() for char in whole):
            kept = whole[:LONGEST]
            yield begins, begins + kept.count("\n"), kept
        line += piece.count("\n")
        start = end


def _ends(text: str) -> Iterator[int]:
    for match in _END.finditer(text):
        before = text[max(0, match.end() - 12) : match.end()]
        if match[0] != "." or not _SHORT.search(before):
            yield match.end()

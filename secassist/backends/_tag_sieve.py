"""Which parts of a text may name somebody, so that a tagger need not read the rest; linear, no tensors."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from secassist.backends._tag_surnames import COMPOUND, NAMING

BLOCK = 400
"""Characters of short lines that are read together, and the most that are read of a long line at once."""
ALONE = 80
"""A line from this length on is read by itself: it has its context, and logs repeat such lines."""
_LINES = 6
_FIELDS = 3
_CAPITAL, _SMALL = "[A-ZÀ-ÞĀ-Ž]", "[a-zß-ÿĀ-ž]"
_PAIR = re.compile(
    rf"{_CAPITAL}(?:{_SMALL}|['’.\-]){{0,24}}[ ,/]{{1,2}}(?:[a-z]{{1,4}} ){{0,2}}{_CAPITAL}(?:{_SMALL}|\.)"
)
"""Two capitalised words, with at most two short ones between them."""
_CUED = re.compile(
    r"(?i:(?<![a-z])(?:hi|hello|hey|dear|thanks|thank you|thx|regards|cheers|sincerely|mr|mrs|ms|miss|dr|prof|sir|by|from|with|"
    r"ask|tell|told|called|met|name|names|user|customer|client|patient|caller|contact|owner|employee|member|visitor|guest|"
    rf"holder|payee|payer|driver|tenant|assignee|reporter|author|manager|attn))[^A-Za-zÀ-ž\n]{{1,6}}{_CAPITAL}"
)
_KEYED = re.compile(r"(?i:name|cn|holder|comment)[\"'\\]{0,4} ?[:=] ?[\"'\\]{0,4}[A-Za-zÀ-ÿ]")
_STREET = re.compile(rf"\d[A-Za-z]? {_CAPITAL}[a-z]|(?i:box) \d|(?i:address|street|deliver)")
_PLACE = re.compile(
    r"[路街道巷弄里村镇乡区县苑园楼栋幢室]\D{0,6}\d|\d{1,5}[号栋幢楼室弄]|[省市区县]\S{1,12}[路街道镇村乡]"
)
_FOREIGN = re.compile(f"[\u4e00-\u9fff]·[\u4e00-\u9fff]|{'|'.join(COMPOUND)}")
_SURNAME = re.compile(f"[{NAMING}][\u4e00-\u9fff]")
_HEX = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f\-]{8,}(?![0-9A-Za-z])")
_DIGIT = re.compile(r"\d")
_RECORD = re.compile(
    r"\s*(?:[{<\[]|\d{1,4}[-/.:]\d|\d{9,}|[A-Z][a-z]{2} {1,2}\d{1,2} \d|"
    r"(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|AUDIT)\b)"
)
_FIELD = re.compile(r"[\w.\-]{1,40}[\"']?[=:][\"'\w]")
_CUT = re.compile(r"[\s,;，。；、]")


def is_record(text: str) -> bool:
    """Whether a machine wrote this: it begins with numbers, a time, a bracket or a level, or has three fields."""
    return _RECORD.match(text) is not None or len(_FIELD.findall(text)) >= _FIELDS


@dataclass(frozen=True)
class Block:
    """`text` stands at `start` of what was cut up."""

    start: int
    text: str

    @cached_property
    def key(self) -> str:
        """The same, and of the same length, for blocks that differ in digits and identifiers only."""
        return _DIGIT.sub("0", _HEX.sub(lambda found: "0" * len(found[0]), self.text))


def blocks(text: str) -> Iterator[Block]:
    """The whole text but blank lines, in order: long lines alone and in parts, short ones together."""
    start = position = count = 0
    for line in text.splitlines(keepends=True):
        alone = len(line) >= ALONE
        if position > start and (alone or not line.strip() or position - start + len(line) > BLOCK or count == _LINES):
            yield Block(start, text[start:position])
            start, count = position, 0
        position += len(line)
        count += 1
        if alone or not line.strip():
            yield from _parts(text, start, position if line.strip() else start)
            start, count = position, 0
    if position > start:
        yield Block(start, text[start:position])


def _parts(text: str, start: int, end: int) -> Iterator[Block]:
    """At most BLOCK characters each, cut where a word ends if there is such a place in the second half."""
    while end - start > BLOCK:
        cuts = [found.end() for found in _CUT.finditer(text, start + BLOCK // 2, start + BLOCK)]
        cut = cuts[-1] if cuts else start + BLOCK
        yield Block(start, text[start:cut])
        start = cut
    if end > start:
        yield Block(start, text[start:end])


def may_name(text: str, ordinary: Collection[str]) -> bool:
    """Whether anything in a block looks as if a name or an address stood there.

    `ordinary` are pairs of characters that ordinary Chinese words consist of: a surname that makes one with what follows
    promises nothing.
    """
    if any(pattern.search(text) for pattern in (_PAIR, _CUED, _KEYED, _STREET)):
        return True
    if text.isascii():
        return False
    if _PLACE.search(text) or _FOREIGN.search(text):
        return True
    return any(found[0] not in ordinary for found in _SURNAME.finditer(text))

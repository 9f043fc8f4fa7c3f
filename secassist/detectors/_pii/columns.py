"""Tables inside texts: which column a cell of CSV or of an SQL INSERT stands under, and what its column alone tells."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from schemas import Severity
from secassist.detectors._pii.english import is_no_name
from secassist.detectors._pii.english_words import PEOPLE
from secassist.detectors._pii.hints import hint
from secassist.detectors._pii.labelled import DATE
from secassist.detectors._pii.shape import EDGE
from secassist.detectors._secret.hit import Hit

LONGEST_ROW = 4_000
"""Characters of a line that is read as a row."""
MOST_ROWS = 100_000
_CELL = rb" ?[\"']?[Aa?_][Aa0?_ .\-]*[\"']? ?"
_HEADER = rb"\n(" + _CELL + rb"(?:[,;\t|]" + _CELL + rb")(?:[,;\t|]" + _CELL + rb")+)\n"
"""In the spelling of `shape.kinds`: a line of three names or more with one sign between them."""
INSERT = re.compile(r"\(([A-Za-z_\"`\[][\w\"`\[\], .]{2,1000})\)[ \n]{0,4}(?i:values?)[ \n]{0,4}(?=\()")
_TUPLE = re.compile(r"\(((?:'(?:[^'\n]|''){0,400}+'|[^()'\n]){1,4000}+)\)[ \n]{0,4},?[ \n]{0,4}")
_SQL_CELL = re.compile(r"[ ]{0,4}(?:[NE]?'((?:[^'\n]|''){0,400}+)'|([^,'\n]{0,400}+))[^,\n]{0,40}+(?:,|$)")
_CSV_CELLS = {
    sign: re.compile(
        rf" {{0,4}}(?:\"((?:[^\"\n]|\"\"){{0,400}}+)\"|([^\"\n{re.escape(sign)}]{{0,400}}+)) {{0,4}}(?:{re.escape(sign)}|$)"
    )
    for sign in ",;\t|"
}
_PERSON = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’\-]{1,24}(?:,? [A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’.\-]{0,24}){1,3}")
_HAN_NAME = re.compile("[\u4e00-\u9fa5·]{2,4}")
_BIRTH = re.compile(r"birth|dob|d\.o\.b|出生|生日", re.IGNORECASE)
_BORN_ON = re.compile(DATE)
_OTHER_PERSONAL = re.compile(
    r"phone|mobile|mail|ssn|birth|dob|passport|address|gender|手机|电话|身份证|邮箱|地址|性别", re.IGNORECASE
)
"""A table that has such a column is one of people, so that its plain `name` is a person's."""
_GOODS = re.compile(
    r"(?:^|_|\b)(?:sku|price|stock|qty|quantity|product|goods|brand|barcode|ean|商品|库存|价格|单价|规格)",
    re.IGNORECASE,
)
"""A table that has such a column is one of things, so that its plain `name` is none's."""
_PART = re.compile(r"[A-ZÀ-Þ][A-Za-zÀ-ÿ'’\-]{1,24}(?: [A-ZÀ-Þ][A-Za-zÀ-ÿ'’\-]{1,24})?")
"""A first or a last name."""
_PARTS = frozenset(("first", "last", "given", "family", "middle", "surname", "firstname", "lastname", "forename"))
_TELLING = re.compile(rf"{_OTHER_PERSONAL.pattern}|name|card|tax|iban|姓名|证|卡号", re.IGNORECASE)
"""One of the columns must have such a name, since every list of words looks like a header."""
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NAME_ZH = ("姓名", "名字", "联系人", "收件人", "收货人", "客户", "患者", "姓名拼音", "拼音")


@dataclass(frozen=True)
class Cell:
    """`text[start:end]` stands under `column`; `people` where the table has columns that only people have."""

    start: int
    end: int
    column: str
    people: bool


class Columns:
    """The cells of all tables in one text; none for most texts, which costs one pass."""

    def __init__(self, text: str, spelled: bytes) -> None:
        self.cells = sorted({*_inserted(text), *_listed(text, spelled)}, key=lambda cell: cell.start)
        self._starts = [cell.start for cell in self.cells]

    def at(self, start: int, end: int) -> str:
        """The name of the column in which these characters stand, "" for none."""
        index = bisect_right(self._starts, start) - 1
        return self.cells[index].column if index >= 0 and end <= self.cells[index].end else ""

    def hits(self, text: str) -> Iterator[Hit]:
        """Names and dates of birth, which no shape tells."""
        for cell in self.cells:
            value = text[cell.start : cell.end]
            if _BIRTH.search(cell.column) and _BORN_ON.fullmatch(value):
                yield Hit(cell.start, cell.end, "DATE_OF_BIRTH", value, 1, Severity.MEDIUM)
            elif _names_people(cell.column, people=cell.people) and (
                _is_name(value) or (_names_part(cell.column) and _PART.fullmatch(value) and not is_no_name(value))
            ):
                yield Hit(cell.start, cell.end, "person", value, 2, Severity.LOW, hint=hint("person", value))


def _inserted(text: str) -> Iterator[Cell]:
    """Of `INSERT INTO t (names) VALUES (cells), (cells)`, in a log line too."""
    done = 0
    for match in INSERT.finditer(text) if ")" in text else ():
        if match.start() < done:
            continue
        names, done = [name.strip(' "`[]') for name in match[1].split(",")], match.end()
        while row := _TUPLE.match(text, done):
            done = row.end()
            yield from _row(names, [*_cells(_SQL_CELL, text, *row.span(1))])


@cache
def _header() -> Any:
    import re2

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    return re2.compile(_HEADER, options)


def _listed(text: str, spelled: bytes) -> Iterator[Cell]:
    """Of lines under a line of names, as far as they have as many cells."""
    done = 0
    for match in _header().finditer(spelled):
        start, end = match.start(1) - EDGE, match.end(1) - EDGE
        if start < done:
            continue
        sign = next(char for char in text[start:end] if char in _CSV_CELLS)
        names = [text[a:b] for a, b in _cells(_CSV_CELLS[sign], text, start, end)]
        done = end
        if not any(map(_TELLING.search, names)) or any(name.count(" ") > 2 for name in names):
            continue
        for _ in range(MOST_ROWS):
            last = text.find("\n", done + 1, done + 1 + LONGEST_ROW)
            last = last if last >= 0 else min(len(text), done + 1 + LONGEST_ROW)
            found = [*_cells(_CSV_CELLS[sign], text, done + 1, last)] if last > done + 1 else []
            if len(found) != len(names):
                break
            yield from _row(names, found)
            done = last


def _row(names: Sequence[str], found: Sequence[tuple[int, int]]) -> Iterator[Cell]:
    if len(names) == len(found):
        people = any(map(_OTHER_PERSONAL.search, names)) and not any(map(_GOODS.search, names))
        yield from (Cell(*span, name, people) for name, span in zip(names, found, strict=True) if span[0] < span[1])


def _cells(shape: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the cells of one row stand, without quotes and the spaces around them."""
    while start <= end:
        cell = shape.match(text, start, end)
        if not cell:
            return
        group = 1 if cell[1] is not None else 2
        first, last = cell.span(group)
        yield first, first + len(text[first:last].rstrip())
        if cell.end() == end and text[end - 1 : end] not in _CSV_CELLS:
            return
        start = max(cell.end(), start + 1)


def _names_people(column: str, *, people: bool) -> bool:
    """Whether a column holds names of people: customer_name, full name, 姓名; a plain `name` in a table of people."""
    if column.endswith(_NAME_ZH):
        return True
    parts = [part.lower() for part in _CAMEL.findall(column)]
    if parts[-1:] != ["name"] and parts[-1:] != ["names"]:
        return False
    return people if len(parts) == 1 else parts[-2] in PEOPLE


def _names_part(column: str) -> bool:
    """Whether a column holds first names or last names alone."""
    return not _PARTS.isdisjoint(part.lower() for part in _CAMEL.findall(column))


def _is_name(value: str) -> bool:
    if _HAN_NAME.fullmatch(value):
        return True
    return _PERSON.fullmatch(value) is not None and not is_no_name(value.replace(",", ""))

"""Finds passwords and keys that stand in a column of that name: tables of Markdown and CSV, and rows that SQL inserts."""

import re
from collections.abc import Generator, Iterable, Iterator

from schemas import Severity
from secassist.detectors._secret.checks import is_path, is_scrambled, looks_random, safe_hint
from secassist.detectors._secret.hit import Hit
from secassist.detectors._secret.names import places_of

LONGEST_LINE = 1_000
"""Characters of a line that is read as a row."""
MOST_ROWS = 100_000
WORDS = (
    "password", "passwd", "pwd", "passphrase", "secret", "token", "api_key", "apikey", "api key", "access_key", "access key",
    "secret key", "secret_key", "密码", "密碼", "口令",
)  # fmt: skip
"""What names of such columns end in."""
_ENDS = re.compile(r"[\"'`*)]{0,3} ?(?: ?\((?:plain|clear|initial|default)\))?[ \t]{0,20}(?:[|,;\t\r\n]|$)")
_SIGNS = "|\t;,"
_CHOSEN = re.compile(
    r"(?:[\w .\-]{0,24}[ _.\-])?(?:password|passwd|pwd|pass|pw|passphrase)(?: ?\(?(?:plain|clear|initial|default)\)?)?|"
    r"[a-z]{2,12}(?:password|passwd|pwd)|[\w ]{0,8}(?:密码|密碼|口令)"
)
"""Names of columns that hold what people chose."""
_GENERATED = re.compile(
    r"(?:[\w .\-]{0,24}[ _.\-])?(?:secret|token|(?:api|access|secret|auth|private)[ _\-]?key|client[ _\-]?secret)"
)
_PLAIN_NAME = re.compile(r"[\w .\-/\"']{1,40}\r?$")
"""What stands between commas in the first line of a table; a list in code ends in nothing."""
_RULE = re.compile(r"[ \t]{0,8}[|+]?[ \t]{0,4}:?-{2,}")
"""What stands between the names of a table and its rows."""
_INSERT = re.compile(r"[ \t`\"'\w.\[\]]{1,80}\(([^()\n]{1,600})\)\s{0,8}(?i:values)\s{0,8}(?=\()")
_TUPLE = re.compile(r"\(((?:'(?:[^'\n\\]|''|\\.){0,400}+'|[^()'\n]){1,4000}+)\)[ \n]{0,4},?[ \n]{0,4}")
_SQL_CELL = re.compile(r" {0,4}(?:[NE]?'(?P<q>(?:[^'\n\\]|''|\\.){0,400}+)'|[^,'\n]{0,400}+)[^,\n]{0,40}+(?:,|$)")
_PADDING = " \t\r\"'`*"
"""What stands around the content of a cell: blanks, quotes and signs of emphasis."""
LONGEST_VALUE = 200
_WORDS_ONLY = re.compile(
    r"[^\W\d_]{1,40}(?:-[^\W\d_]{1,40}){0,3}$|[\d.,:%/\-]{1,40}$|"
    r"(?:sha|md|aes|rsa|hs|rs|es|ec|pbkdf|argon|tls|oauth|scram|base|utf)[-_]?\d[\w\-]{0,16}$",
    re.IGNORECASE,
)
"""Words, numbers, dates, algorithms: what tables about passwords hold, rather than tables of them."""


def column_hits(text: str, lowered: str, words: Iterable[str], listed: bool) -> Iterator[Hit]:
    """`listed`: tables count, as in anything but code, where lines of a list look like rows; what SQL inserts always does.

    Values under such a name, of at least four characters and more than a word or a number; each row is read once.
    """
    done = -1
    for start, end in places_of(words, lowered) if listed else ():
        if start < done or not _ENDS.match(lowered, end):
            continue
        first = text.rfind("\n", max(0, start - LONGEST_LINE), start) + 1
        last = _line_end(text, start)
        if last - first > LONGEST_LINE:
            continue
        done = last
        for sign in _SIGNS:
            names = lowered[first:last].split(sign)
            if sign == "|" and _is_below(text, first, len(names)) and not _RULE.match(text, last + 1):
                continue
            wanted = _wanted(names) if sign in "|\t" or all(map(_PLAIN_NAME.match, names)) else {}
            if wanted:
                done = yield from _rows(text, last, sign, len(names), wanted)
                break
    if "values" in lowered and "into " in lowered:
        yield from _inserted(text, lowered)


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start, start + LONGEST_LINE + 1)
    return end if end >= 0 else min(len(text), start + LONGEST_LINE + 1)


def _is_below(text: str, first: int, count: int) -> bool:
    """Whether the line before the one that begins at `first` is a row of the same table."""
    start = text.rfind("\n", max(0, first - 1 - LONGEST_LINE), max(0, first - 1)) + 1
    return first > 0 and text.count("|", start, first) == count - 1


def _wanted(names: list[str]) -> dict[int, bool]:
    """Which of two columns or more hold credentials; True: chosen by people."""
    plain = [name.strip(_PADDING + "[]") for name in names] if len(names) > 1 else []
    return {at: _CHOSEN.fullmatch(name) is not None for at, name in enumerate(plain) if _is_name(name)}


def _is_name(name: str) -> bool:
    return len(name) < 50 and (_CHOSEN.fullmatch(name) or _GENERATED.fullmatch(name)) is not None


def _rows(text: str, header_end: int, sign: str, count: int, wanted: dict[int, bool]) -> Generator[Hit, None, int]:
    """Of the lines below that have as many cells; gives where the first stands that has not."""
    at = header_end
    for _ in range(MOST_ROWS):
        if at >= len(text):
            break
        start, at_end = at + 1, _line_end(text, at + 1)
        cells = text[start:at_end].split(sign)
        if len(cells) != count:
            break
        for number, cell in enumerate(cells):
            if number in wanted:
                yield from _hit(text, start, start + len(cell), wanted[number])
            start += len(cell) + 1
        at = at_end
    return at


def _inserted(text: str, lowered: str) -> Iterator[Hit]:
    position = lowered.find("into ")
    while position >= 0:
        match = _INSERT.match(text, position + 4)
        names = match[1].lower().split(",") if match else []
        wanted = _wanted(names)
        end = match.end() if match else position + 4
        while wanted and (row := _TUPLE.match(text, end)):
            end = row.end()
            for number, span in enumerate(_quoted(text, *row.span(1))) if len(row[1]) >= 3 * len(names) else ():
                if number in wanted and span[0] >= 0:
                    yield from _hit(text, *span, wanted[number])
        position = lowered.find("into ", end)


def _quoted(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where what is quoted stands in each cell of a row; (-1, -1) for what is not."""
    while start < end and (cell := _SQL_CELL.match(text, start, end)) and cell.end() > start:
        yield cell.span("q")
        start = cell.end()


def _hit(text: str, start: int, end: int, chosen: bool) -> Iterator[Hit]:
    start += end - start - len(text[start:end].lstrip(_PADDING))
    value = text[start:end].rstrip(_PADDING)
    if not 4 <= len(value) <= LONGEST_VALUE or any(map(str.isspace, value)) or _WORDS_ONLY.match(value):
        return
    if is_path(value) or "://" in value:
        return
    if not chosen and not (len(value) >= 16 and (looks_random(value) or is_scrambled(value))):
        return
    kind, severity = ("password", Severity.HIGH) if chosen else ("secret", Severity.MEDIUM)
    yield Hit(start, start + len(value), kind, value, 2, severity, hint=safe_hint(value, generated=not chosen))

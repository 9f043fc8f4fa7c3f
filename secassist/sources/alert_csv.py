"""Tables of alerts with a header, as SIEMs and endpoint products export them: one row as one Alert."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from schemas import Alert, Field, Subject
from secassist.errors import SourceError
from secassist.sources._bytes import decode, is_binary, lines, shown, suffix, visible
from secassist.sources._records import alert
from secassist.sources.base import Limits, Rejected, Skipped
from secassist.vocabulary import ecs

_TIME = re.compile(
    r"[@_]?(?:time|timestamp|date|datetime|ts|published|(?:event|utc|start|creation|log|alert|detect\w{0,4})[_ ]?time"
    r"|time[_ ]?(?:created|generated|stamp)|created?[_ ]?(?:at|date|datetime)"
    r"|.{0,6}(?:\u65f6\u95f4|\u65e5\u671f))(?: ?[\[(]\w{1,9}[\])])?",
    re.IGNORECASE,
)
_TELLING = re.compile(
    r"rule|alert|signature|detection|event|src|source|dst|dest|\bip|addr|host|computer|device|machine|agent|user|account"
    r"|process|command|cmd|image|action|severity|level|status|url|domain|hash|message|_raw|technique|tactic|log",
    re.IGNORECASE,
)
_SEPARATORS = ",;\t|"
_LEAST_COLUMNS = 3
_ZONE = re.compile(r" ?\[\w{1,9}\]$")
"""Sentinel's "TimeGenerated [UTC]"."""


class AlertCsv:
    """Each row becomes an Alert whose fields are its cells that hold something, named by the header."""

    name = "alert_csv"
    summary = "tables of alerts with a header (CSV, TSV), as SIEMs export them: one alert per row"

    def sniff(self, path: Path, head: bytes) -> float:
        """By the header: a time and at least two more things that events have."""
        if is_binary(head) or not is_table(decode(head)):
            return 0.0
        return 0.6 if suffix(path) in (".csv", ".tsv") else 0.5

    def read(self, path: Path, limits: Limits) -> Iterator[Subject | Rejected]:
        """One Alert per row. A row with more cells than the header names, or too long a one, is rejected by its line."""
        unread = list[Rejected]()
        texts = _texts(path, limits, unread)
        first = next(texts, "")
        separator = _separator(first)
        names = _header(next(csv.reader([first], delimiter=separator), []))
        if len(names) > limits.fields_per_record:
            raise SourceError(f"{shown(path)}: more than {limits.fields_per_record} columns; export fewer")
        rows = csv.reader(texts, delimiter=separator)
        some = False
        while True:
            line = rows.line_num + 2
            try:
                cells = next(rows, None)
            except csv.Error as error:
                yield Rejected(f"{shown(path)}:{line}", f"not a row ({error}); mend its quotes or export it again")
                continue
            yield from _drained(unread)
            if cells is None:
                break
            if any(cell.strip() for cell in cells):
                some = True
                yield self._row(names, cells, f"{shown(path)}:{line}", limits)
        if not some:
            yield Skipped(shown(path), "a header without rows; nothing to read")

    def _row(self, names: Sequence[str], cells: Sequence[str], origin: str, limits: Limits) -> Alert | Rejected:
        if len(cells) > len(names):
            told = f"{len(cells)} cells where the header names {len(names)}; put quotes around those with a separator"
            return Rejected(origin, told)
        if sum(map(len, cells)) > limits.record_bytes:
            return Rejected(origin, f"more than {limits.record_bytes} characters; raise limits.record_bytes")
        pairs = zip(names, cells, strict=False)
        return alert([Field(path=name, value=visible(cell)) for name, cell in pairs if cell.strip()], self.name, origin)


def is_table(text: str) -> bool:
    """Whether the text begins with a header that names a time and other things that events have, and a row that fits it."""
    start = list(islice(io.StringIO(text.lstrip("\ufeff")), 2))
    if len(start) < 2 or len(start[0]) > 20_000:
        return False
    separator = _separator(start[0])
    names, cells = (next(csv.reader([line[:20_000]], delimiter=separator), []) for line in start)
    if len(names) < _LEAST_COLUMNS or not 2 <= len(cells) <= len(names) or any(len(name) > 100 for name in names):
        return False
    names = [name.strip() for name in names]
    timed = any(_TIME.fullmatch(name) for name in names)
    return timed and sum(bool(_TELLING.search(name) or ecs(name)) for name in names if not _TIME.fullmatch(name)) >= 2


def _separator(header: str) -> str:
    return max(_SEPARATORS, key=header.count)


def _header(cells: Sequence[str]) -> list[str]:
    """Names of columns; one without a name is called by its number."""
    clean = (visible(_ZONE.sub("", " ".join(cell.lstrip("\ufeff").split()))) for cell in cells)
    return [name or f"column {number}" for number, name in enumerate(clean, 1)]


def _texts(path: Path, limits: Limits, unread: list[Rejected]) -> Iterator[str]:
    """Each line, blank where it cannot be read, so that the rows behind it are counted right."""
    for line in lines(path, limits):
        if isinstance(line, Rejected):
            unread.append(line)
            yield "\n"
        else:
            yield line.text + "\n"


def _drained(unread: list[Rejected]) -> Iterator[Rejected]:
    while unread:
        yield unread.pop(0)


PLUGIN = AlertCsv()

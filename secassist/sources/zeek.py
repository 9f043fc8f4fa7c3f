"""Zeek logs: tab-separated with their header, or JSON; notices and weirds as Alerts, other tables as LogWindows."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from schemas import Alert, Field, LogWindow, Subject
from secassist.errors import SourceError
from secassist.sources._bytes import decode, head, is_binary, lines, shown, visible
from secassist.sources._json import subjects
from secassist.sources._moments import moment
from secassist.sources._recognise import shortened
from secassist.sources._records import alert, flatten
from secassist.sources.base import Limits, Rejected, Skipped

_TABLE = re.compile(r"#(?:separator|set_separator|empty_field|unset_field|path|open|fields|types)[ \t]")
_NAMES = re.compile(r"^#fields[ \t]", re.MULTILINE)
_JSON = re.compile(r'"id\.orig_h"\s{0,8}:|"_path"\s{0,8}:\s{0,8}"\w{1,40}"')
_MARK = re.compile(r'"(?:uid|fuid|note|_write_ts)"\s{0,8}:|"name"\s{0,8}:[^\n]{0,400}"peer"')
_SEPARATOR = re.compile(r"#separator \\x([0-9a-fA-F]{2})$")
_ALERTS = ("notice", "weird")


@dataclass
class _Table:
    """What the header has said so far, and the lines that wait for their window."""

    separator: str = "\t"
    path: str = "zeek"
    unset: str = "-"
    empty: str = "(empty)"
    names: list[str] = field(default_factory=list)
    first: int = 0
    waiting: list[str] = field(default_factory=list)

    def header(self, line: str) -> str:
        """Takes a line that begins with "#"; returns what is wrong with it, or ""."""
        if line.startswith("#separator"):
            found = _SEPARATOR.match(line)
            self.separator = chr(int(found[1], 16)) if found else "\t"
            return "" if found else "not a #separator in the form \\x09; tabs are assumed"
        key, *cells = line.split(self.separator)
        if key == "#fields":
            self.names = [visible(cell) for cell in cells]
            return "" if self.names and all(self.names) else "a #fields line with a nameless column; mend the header"
        if key == "#types" and len(cells) != len(self.names):
            return f"{len(cells)} types where #fields names {len(self.names)}; mend the header"
        if key in ("#path", "#unset_field", "#empty_field") and cells:
            setattr(self, {"#path": "path", "#unset_field": "unset", "#empty_field": "empty"}[key], visible(cells[0]))
        return ""

    def row(self, line: str, limits: Limits) -> list[Field]:
        """The cells that hold something; raises SourceError for a row that does not fit the header."""
        cells = line.split(self.separator)
        if not self.names:
            raise SourceError("a row before any #fields line; export it with its header")
        if len(cells) != len(self.names) or len(cells) > limits.fields_per_record:
            raise SourceError(f"{len(cells)} cells where #fields names {len(self.names)}; export it again")
        pairs = zip(self.names, cells, strict=True)
        return [
            Field(path=name, value=visible(cell)) for name, cell in pairs if cell not in ("", self.unset, self.empty)
        ]


class Zeek:
    """Zeek's own logs."""

    name = "zeek"
    summary = "Zeek logs (TSV with header, JSON): notices and weirds as alerts, other tables in windows"

    def sniff(self, path: Path, head: bytes) -> float:  # noqa: ARG002 - content decides, not the name
        """By the header lines, or by field names that only Zeek writes."""
        start = "" if is_binary(head) else decode(head).lstrip("\ufeff")
        if _TABLE.match(start) and _NAMES.search(start):
            return 0.95
        return 0.9 if start.lstrip().startswith(("{", "[")) and _JSON.search(start) and _MARK.search(start) else 0.0

    def read(self, path: Path, limits: Limits) -> Iterator[Subject | Rejected]:
        """Every row or record in order; a row that does not fit its header is a Rejected naming its line."""
        if decode(head(path)).lstrip("\ufeff \t\r\n").startswith(("{", "[")):
            yield from subjects(path, limits, partial(self.alert, limits=limits))
        else:
            yield from self._rows(path, limits)

    def alert(self, value: Mapping[str, Any], origin: str, limits: Limits) -> Alert:
        """The Alert of one JSON record; raises SourceError as `record` does."""
        return self._alert(flatten(value, limits), str(value.get("_path") or ""), origin)

    def _rows(self, path: Path, limits: Limits) -> Iterator[Subject | Rejected]:
        table, origin, some = _Table(), shown(path), False
        for line in lines(path, limits):
            for item in self._line(table, line, origin, limits):
                some = True
                yield item
        if table.waiting:
            yield self._window(table, origin)
        elif not some:
            yield Skipped(origin, "no rows; nothing to read")

    def _line(self, table: _Table, line: Any, origin: str, limits: Limits) -> Iterator[Subject | Rejected]:
        full = len(table.waiting) >= limits.window_lines or sum(map(len, table.waiting)) > limits.record_bytes
        result = (
            line if isinstance(line, Rejected) else self._taken(table, line.text, f"{origin}:{line.number}", limits)
        )
        if table.waiting and (full or not isinstance(result, str)):
            yield self._window(table, origin)
        if not isinstance(result, str):
            yield result
        elif result:
            table.first = table.first if table.waiting else line.number
            table.waiting.append(result)
        elif table.waiting:
            yield self._window(table, origin)

    def _taken(self, table: _Table, text: str, origin: str, limits: Limits) -> Alert | Rejected | str:
        """An alert, why not, or the line for the window; "" for a header or blank line."""
        if text.lstrip("\ufeff").startswith("#"):
            wrong = table.header(text.lstrip("\ufeff"))
            return Rejected(origin, wrong) if wrong else ""
        try:
            fields = table.row(text, limits) if text.strip() else []
        except SourceError as error:
            return Rejected(origin, str(error))
        if fields and table.path.startswith(_ALERTS):
            return self._alert(fields, table.path, origin)
        return " ".join(f"{item.path}={item.value}" for item in fields)

    def _alert(self, fields: list[Field], kind: str, origin: str) -> Alert:
        values = {item.path: item.value for item in reversed(fields)}
        told = next((values[key] for key in ("note", "name", "query", "host", "server_name") if values.get(key)), "")
        named = " ".join(f"{kind or 'zeek'} event{': ' if told else ''}{told}".split())
        return alert(fields, self.name, origin, shortened(named, 200), moment(values.get("ts", "")))

    def _window(self, table: _Table, origin: str) -> LogWindow:
        first, last = table.first, table.first + len(table.waiting) - 1
        body, table.waiting = "\n".join(table.waiting), []
        kind = shortened(" ".join(table.path.split()), 40) or "zeek"
        title = f"zeek {kind} log, lines {first}-{last}"
        where = f"{origin}:{first}"
        return LogWindow(source=self.name, origin=where, title=title, log_type=kind, body=body, start_line=first)


PLUGIN = Zeek()

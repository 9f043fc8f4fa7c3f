"""Lines that are alerts by themselves: CEF, LEEF, and name=value lines that name an alarm; one Alert per line."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from schemas import Field, LogWindow, Subject
from secassist.errors import SourceError
from secassist.sources._bytes import decode, is_binary, lines, shown, visible
from secassist.sources._moments import moment
from secassist.sources._records import alert
from secassist.sources.base import Limits, Rejected, Skipped
from secassist.vocabulary import ecs

_CEF: Final = re.compile(r"CEF:\s?\d{1,2}\|")
_LEEF: Final = re.compile(r"LEEF:\s?(\d)\.\d\|")
_CEF_HEAD: Final = ("deviceVendor", "deviceProduct", "deviceVersion", "signatureId", "name", "Severity")
_LEEF_HEAD: Final = ("deviceVendor", "deviceProduct", "deviceVersion", "name")
_BAR: Final = re.compile(r"(?<!\\)\|")
_KEY: Final = re.compile(r"(?:^|[\s,;])([\w.\[\]-]{1,60})=")
"""Where a pair begins; an escaped "=" is no such place, since no name ends in a backslash."""
_QUOTED: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
_LABEL: Final = re.compile(r"(.{1,20})Label$")
_STAMP: Final = re.compile(
    r"(?:<\d{1,3}>)?(?:\d{1,2} )?"
    r"([A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S{0,12})"
)
_BEGIN: Final = 300
"""Characters within which a line names its form; a collector's head may stand before it."""
_LOOKED_AT: Final = 50
_ALARM: Final = frozenset({"rule.name", "rule.category"})
_TELLING: Final = frozenset({"event.severity", "source.ip", "destination.ip", "host.name", "user.name", "url.original"})


class EventLines:
    """Each line becomes an Alert with the fields of its head and of its pairs; labels name the custom fields of CEF."""

    name = "event_lines"
    summary = "CEF, LEEF and name=value lines that name an alarm: one alert per line"

    def sniff(self, path: Path, head: bytes) -> float:  # noqa: ARG002 - content decides, not the name
        """By the share of lines that are such alerts."""
        if is_binary(head):
            return 0.0
        sample = [line for line in decode(head).lstrip("\ufeff").split("\n")[:_LOOKED_AT] if line.strip()]
        share = sum(bool(_fields(line[:20_000])) for line in sample) / len(sample) if sample else 0.0
        return 0.92 if share >= 0.5 else 0.0

    def read(self, path: Path, limits: Limits) -> Iterator[Subject | Rejected]:
        """One Alert per line; a line of another form among them is a LogWindow of its own."""
        some = False
        for line in lines(path, limits):
            if isinstance(line, Rejected):
                some = True
                yield line
            elif line.text.strip("\ufeff \t\r"):
                some = True
                yield self._item(line.text.strip("\ufeff \t\r"), line.number, f"{shown(path)}:{line.number}", limits)
        if not some:
            yield Skipped(shown(path), "empty file; nothing to read")

    def _item(self, text: str, number: int, origin: str, limits: Limits) -> Subject | Rejected:
        fields = _fields(text)
        if not fields:
            title = f"plain log, line {number}"
            return LogWindow(
                source=self.name, origin=origin, title=title, log_type="plain", body=visible(text), start_line=number
            )
        if len(fields) > limits.fields_per_record:
            return Rejected(origin, f"more than {limits.fields_per_record} fields; raise limits.fields_per_record")
        made = [Field(path=visible(name), value=visible(value)) for name, value in fields if value.strip()]
        try:
            return alert(made, self.name, origin, when=_when(text, made))
        except SourceError as error:
            return Rejected(origin, str(error))


def _when(text: str, fields: list[Field]) -> str:
    """The time of the event by its own field, else that of the collector's head, else ""."""
    told = next(
        (time for item in fields if item.path in ("rt", "start", "devTime") and (time := moment(item.value))), ""
    )
    stamp = _STAMP.match(text)
    return told or (moment(stamp[1]) if stamp else "")


def _fields(text: str) -> list[tuple[str, str]]:
    """Names and values in order; none for a line of another form."""
    begin = text[:_BEGIN]
    if hit := _CEF.search(begin):
        return _headed(text[hit.end() :], _CEF_HEAD, "")
    if hit := _LEEF.search(begin):
        return _headed(text[hit.end() :], _LEEF_HEAD, hit[1])
    pairs = _pairs(text)
    known = {ecs(name) for name, _ in pairs}
    return pairs if known & _ALARM and known & _TELLING else []


def _headed(text: str, names: tuple[str, ...], leef: str) -> list[tuple[str, str]]:
    cells = _BAR.split(text, len(names))
    if len(cells) <= len(names):
        return []
    head = [(name, cell.replace("\\|", "|").strip()) for name, cell in zip(names, cells, strict=False)]
    rest = cells[-1]
    separator = "\t"
    if leef == "2":
        given, bar, behind = rest.partition("|")
        if bar and len(given) <= 6:
            separator, rest = _character(given), behind
    split = leef and separator in rest
    pairs = [tuple(one.split("=", 1)) for one in rest.split(separator) if "=" in one] if split else _pairs(rest)
    return head + _labelled([(name.strip(), value.strip()) for name, value in pairs])


def _character(given: str) -> str:
    """LEEF's separator: a character, or its number in hexadecimal."""
    number = re.fullmatch(r"(?:0x|x)([0-9A-Fa-f]{2,4})", given)
    return chr(int(number[1], 16)) if number else given[:1] or "\t"


def _pairs(text: str) -> list[tuple[str, str]]:
    """Each name with its quoted value, or with all that stands before the next name; CEF's escapes undone."""
    found, hit = list[tuple[str, str]](), _KEY.search(text)
    while hit:
        quoted = _QUOTED.match(text, hit.end())
        following = _KEY.search(text, quoted.end() if quoted else hit.end())
        value = text[hit.end() : following.start() if following else len(text)]
        found.append((hit[1], _plain(quoted[0] if quoted else value)))
        hit = following
    return found


def _plain(value: str) -> str:
    value = value.strip().rstrip(",;")
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return value.replace("\\=", "=").replace("\\r", "").replace("\\n", "\n").replace("\\|", "|").replace("\\\\", "\\")


def _labelled(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Custom fields under their labels: cs1Label=Rule cs1=7 is Rule=7."""
    labels = {hit[1]: value for name, value in pairs if (hit := _LABEL.match(name)) and 0 < len(value) <= 60}
    return [
        (labels.get(name, name), value)
        for name, value in pairs
        if not ((hit := _LABEL.match(name)) and hit[1] in labels)
    ]


PLUGIN = EventLines()

"""Windows events: .evtx files, their XML and JSON exports, and the flattened shapes of Winlogbeat and nxlog."""

import io
import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, cast

from schemas import Alert, Subject
from secassist.errors import SourceError
from secassist.sources import _event_xml
from secassist.sources._bytes import decode, head, is_binary, is_packed, shown, suffix, text, visible, whole
from secassist.sources._json import made, subjects
from secassist.sources._moments import moment
from secassist.sources._records import alert, decoder, flatten
from secassist.sources.base import Limits, Rejected, Skipped

_MAGIC = b"ElfFile\0"
_SHAPES = tuple(
    tuple(re.compile(rf'"{key}"', re.IGNORECASE) for key in keys)
    for keys in (
        ("Event", "System", "EventID"),
        ("winlog", "event_id"),
        ("winlog.event_id",),
        ("winlog.channel",),
        ("EventID", "Channel"),
        ("EventID", "SourceName"),
        ("EventID", "Computer"),
    )
)
_IDS = (
    "Event.System.EventID",
    "Event.System.EventID.#text",
    "winlog.event_id",
    "System.EventID",
    "System.EventID.#text",
    "EventID",
    "event.code",
    "event_id",
)
_CHANNELS = ("Event.System.Channel", "winlog.channel", "System.Channel", "Channel", "log_name")
_TIMES = (
    "Event.System.TimeCreated.#attributes.SystemTime",
    "Event.System.TimeCreated.@SystemTime",
    "Event.System.TimeCreated.SystemTime",
    "System.TimeCreated.#attributes.SystemTime",
    "UtcTime",
    "EventTime",
    "TimeCreated",
    "@timestamp",
)
_SECURITY = {
    "1102": "audit log cleared",
    "4624": "logon",
    "4625": "failed logon",
    "4648": "logon with explicit credentials",
    "4656": "handle requested",
    "4657": "registry value changed",
    "4662": "directory object operation",
    "4663": "object accessed",
    "4672": "special privileges assigned",
    "4688": "process created",
    "4689": "process ended",
    "4697": "service installed",
    "4698": "scheduled task created",
    "4702": "scheduled task changed",
    "4720": "user created",
    "4724": "password reset",
    "4728": "member added to a global group",
    "4732": "member added to a local group",
    "4738": "user changed",
    "4768": "Kerberos ticket requested",
    "4769": "Kerberos service ticket requested",
    "4771": "Kerberos pre-authentication failed",
    "4776": "credentials validated",
    "5140": "share accessed",
    "5145": "share object checked",
    "5156": "connection allowed",
}
_SYSMON = {
    "1": "process created",
    "2": "file time changed",
    "3": "network connection",
    "5": "process ended",
    "6": "driver loaded",
    "7": "image loaded",
    "8": "remote thread created",
    "10": "process accessed",
    "11": "file created",
    "12": "registry object changed",
    "13": "registry value set",
    "15": "alternate data stream created",
    "17": "pipe created",
    "18": "pipe connected",
    "19": "WMI filter",
    "20": "WMI consumer",
    "21": "WMI binding",
    "22": "DNS query",
    "25": "process tampered with",
}
_ABOUT = (
    "TargetImage",
    "QueryName",
    "TargetFilename",
    "TargetObject",
    "ImageLoaded",
    "DestinationIp",
    "NewProcessName",
    "Image",
    "ServiceName",
    "TaskName",
    "ShareName",
    "TargetUserName",
)
"""Values that tell events of one number apart, the most telling first; of a path its end."""
_LONGEST = 60
_OTHERS = {"4104": "PowerShell script block", "4103": "PowerShell module call", "7045": "service installed"}


class WindowsEvents:
    """Windows event log records; `Event.EventData.<name>` holds what the event itself names."""

    name = "windows_events"
    summary = "Windows events (.evtx, EVTX as XML or JSON, Winlogbeat, nxlog)"

    def sniff(self, path: Path, head: bytes) -> float:
        """By the magic number of .evtx, the namespace of the XML or the field names of the JSON shapes."""
        if head.startswith(_MAGIC):
            return 1.0
        if suffix(path) == ".evtx":
            return 0.9
        start = "" if is_binary(head) else decode(head)
        if _event_xml.is_events(start):
            return 0.9
        if not start.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
            return 0.0
        return 0.9 if any(all(key.search(start) for key in shape) for shape in _SHAPES) else 0.0

    def read(self, path: Path, limits: Limits) -> Iterator[Subject | Rejected]:
        """One Alert per event. The origin of an .evtx record is "file:record number"."""
        start = head(path)
        if start.startswith(_MAGIC) or suffix(path) == ".evtx":
            yield from _evtx(path, limits)
        elif not is_binary(start) and _event_xml.is_events(decode(start)):
            yield from _xml(path, limits)
        else:
            yield from subjects(path, limits, partial(self.alert, limits=limits))

    def alert(self, value: Mapping[str, Any], origin: str, limits: Limits) -> Alert:
        """The Alert of one event in JSON; raises SourceError as `record` does."""
        return event(value, origin, limits)


def _xml(path: Path, limits: Limits) -> Iterator[Subject | Rejected]:
    for found in _event_xml.events(text(path, limits), shown(path), limits):
        if isinstance(found, Rejected):
            yield found
        else:
            yield made(found[1], found[0], lambda record, at: event(record, at, limits))


def event(value: Mapping[str, Any], origin: str, limits: Limits | None = None) -> Alert:
    """The Alert of one event in any of the JSON shapes; raises SourceError as `record` does."""
    fields = flatten(value, limits or Limits(), _named_data)
    values = {field.path: field.value for field in reversed(fields)}
    when = next((time for path in _TIMES if (time := moment(values.get(path, "")))), "")
    return alert(fields, WindowsEvents.name, origin, _title(values), when)


def _named_data(node: Any) -> Any:
    """A list of {"@Name": n, "#text": v} (the XML shape of EventData) as {n: v}; anything else as it is."""
    if isinstance(node, Mapping) and "#text" not in node:
        return node  # <Provider Name="..."/> names itself, not a value
    items = node if isinstance(node, list) else [node]
    pairs = [pair for item in items if (pair := _pair(item))]
    if not pairs or len(pairs) != len(items) or len({name for name, _ in pairs}) != len(pairs):
        return node
    return dict(pairs)


def _pair(item: Any) -> tuple[str, Any] | None:
    if not isinstance(item, Mapping) or len(item) > 2:
        return None
    attributes = item.get("#attributes")
    name = attributes.get("Name") if isinstance(attributes, Mapping) and len(attributes) == 1 else item.get("@Name")
    extra = set(item) - {"#attributes", "@Name", "#text"}
    return (name, item.get("#text", "")) if isinstance(name, str) and name and not extra else None


def _title(values: Mapping[str, str]) -> str:
    """ "Windows event 4688: process created"; "" lets the common words decide."""
    number = next((values[path] for path in _IDS if values.get(path, "").isdigit()), "")
    if not number:
        return ""
    channel = next((values[path] for path in _CHANNELS if path in values), "")
    if "sysmon" in channel.lower():
        return f"Sysmon event {number}" + (f": {_SYSMON[number]}{_about(values)}" if number in _SYSMON else "")
    told = {**_OTHERS, **(_SECURITY if channel in ("Security", "") else {})}.get(number, "")
    where = "" if told or not channel else f" in {' '.join(channel[:100].split())}"
    return f"Windows event {number}{where}" + (f": {told}{_about(values)}" if told else "")


def _about(values: Mapping[str, str]) -> str:
    """ ", vssadmin.exe", or ""."""
    ends = {path.rpartition(".")[2]: value for path, value in values.items()}
    found = next((ends[name] for name in _ABOUT if ends.get(name, "null").strip() not in ("", "-", "null")), "")
    end = " ".join(found.rstrip("\\").rpartition("\\")[2].split())
    return f", {end}" if 0 < len(end) <= _LONGEST else ""  # half a secret is not known for one


def _evtx(path: Path, limits: Limits) -> Iterator[Subject | Rejected]:
    """Records one by one; a damaged record or chunk costs itself only."""
    from evtx import PyEvtxParser

    origin = shown(path)
    try:
        parser = PyEvtxParser(_input(path, limits), number_of_threads=1)
        records = parser.records_json()
    except (RuntimeError, OSError, ValueError) as error:
        raise SourceError(f"{origin}: not a readable .evtx file ({_short(error)}); export it again") from error
    failed = count = 0
    while True:
        try:
            found = cast(Mapping[str, Any], next(records))
        except StopIteration:
            break
        except (RuntimeError, OSError, ValueError) as error:
            failed += 1
            yield Rejected(
                f"{origin}:record {count + failed}", f"damaged record or chunk ({_short(error)}); export the log again"
            )
            continue
        count += 1
        yield _of_evtx(found, origin, limits)
    if _is_cut(path, limits):
        yield Rejected(origin, "the file is shorter than its header says, events are missing; copy or export it again")
    elif not count and not failed:
        yield Skipped(origin, "holds no event; nothing to read")


def _is_cut(path: Path, limits: Limits) -> bool:
    """Whether chunks are missing: the header counts them at offset 42, each has 64 KiB after a header of 4 KiB."""
    count = int.from_bytes(head(path)[42:44], "little")
    size = len(whole(path, limits)) if is_packed(path) else path.stat().st_size
    return size < 4096 + count * 65_536


def _input(path: Path, limits: Limits) -> Any:
    """The path of a plain file, which is read chunk by chunk; the bytes of a packed one."""
    return io.BytesIO(whole(path, limits)) if is_packed(path) else str(path)


def _of_evtx(found: Mapping[str, Any], origin: str, limits: Limits) -> Subject | Rejected:
    place = f"{origin}:{found['event_record_id']}"
    try:
        value = decoder().decode(found["data"])
    except (ValueError, RecursionError):
        return Rejected(place, "the event has no JSON form; export the log again")
    return made(value, place, lambda record, at: event(record, at, limits))


def _short(error: Exception) -> str:
    return visible(" ".join(str(error).split()))[:200]


PLUGIN = WindowsEvents()

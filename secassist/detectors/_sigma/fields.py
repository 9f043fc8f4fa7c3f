"""The event that a Sigma rule is matched against: values by field name, whatever logging product wrote them."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from schemas import Alert, Subject
from secassist.detectors._sigma.prose import is_prose
from secassist.vocabulary import ecs

_INDEX = re.compile(r"\[\d*\]")
_PAIR = re.compile(r"""(?<![\w.-])([^\W\d][\w.-]{0,63})=("[^"]{0,4096}"|'[^']{0,4096}'|[^\s"']{1,4096})""")
_SHELLS = frozenset({"sh", "bash", "zsh", "ksh"})
"""Endings of scripts whose lines are command lines."""
_RAW = frozenset({"raw", "message", "msg", "log", "full_log", "_raw"})
_RAW_CHARS = 16_384
"""Fields that hold a whole line of a log, and how much of one is read."""
_LEAVES = 2_000
_DEPTH = 32

_COMMAND = ("commandline", "processcommandline", "process.args", "cmdline", "command", "cmd", "exec", "commandlineall")
_SCRIPT = ("scriptblocktext", "powershell.file.scriptblocktext", "script", "text")
_RUN = frozenset({"commandline", "executed", "scriptblocktext"})
"""Fields that hold what is run; sentences in them are not looked at, since a question about a tool runs nothing."""

ALIASES: dict[str, tuple[str, ...]] = {
    "commandline": (*_COMMAND[1:], "processcmdline", "proctitle"),
    "executed": (
        *_SCRIPT,
        *_COMMAND,
        "processcmdline",
        "hostapplication",
        "payload",
        "contextinfo",
        "imagepath",
        "servicefilename",
        "taskcontent",
        "taskcontentnew",
    ),
    "image": (
        "newprocessname",
        "process.executable",
        "processpath",
        "exe",
        "process.image.path",
        "folderpath",
        "imagefile.name",
        "imagefilename",
        "filename",
    ),
    "originalfilename": ("process.pe.originalfilename", "pe.originalfilename"),
    "parentimage": (
        "parentprocessname",
        "parentexecutable",
        "parentprocesspath",
        "parentimagefile.name",
        "initiatingprocessfolderpath",
    ),
    "parentcommandline": ("parentprocesscommandline", "parentargs", "initiatingprocesscommandline"),
    "scriptblocktext": (*_SCRIPT[1:], "command"),
    "targetobject": ("registry.path", "objectname", "registrykey"),
    "details": ("registry.data.strings", "registry.value", "newvalue", "registryvaluedata"),
    "targetfilename": ("file.path", "filepath"),
    "imageloaded": ("dll.path", "file.path"),
    "sourceimage": ("process.executable",),
    "targetimage": ("target.process.executable", "objectname"),
    "destinationip": ("destination.ip", "destip", "dstip", "destaddress", "remoteip"),
    "destinationport": ("destination.port", "destport", "dstport", "remoteport"),
    "destinationhostname": ("destination.domain", "dest", "remotehost"),
    "sourceip": ("source.ip", "srcip", "ipaddress", "sourceaddress", "clientip"),
    "ipaddress": ("source.ip", "srcip", "sourceip", "clientip"),
    "user": ("user.name", "username", "subjectusername", "accountname"),
    "subjectusername": ("user.name", "accountname"),
    "targetusername": ("user.target.name", "targetuser.name", "targetuser"),
    "eventid": ("event.code", "winlog.eventid", "eventcode", "event.id", "system.eventid.text"),
    "channel": ("winlog.channel", "logname", "log.name"),
    "providername": ("winlog.providername", "provider", "sourcename", "event.provider"),
    "servicename": ("service.name",),
    "imagepath": ("servicefilename", "serviceimagepath"),
    "servicefilename": ("imagepath",),
    "query": ("dns.question.name", "queryname", "dns.rrname"),
    "queryname": ("dns.question.name", "query", "dns.rrname"),
    "cs-uri-query": ("url.query", "uriquery", "querystring"),
    "cs-uri": ("url.original", "url.path", "httpurl", "requesturi", "uri", "url"),
    "cs-uri-stem": ("url.path", "uripath", "uri"),
    "cs-method": ("http.request.method", "httpmethod", "method"),
    "cs-user-agent": ("useragent.original", "httpuseragent", "useragent"),
    "c-uri": ("url.original", "url.full", "httpurl", "url"),
    "c-useragent": ("useragent.original", "httpuseragent", "useragent"),
    "c-ip": ("source.ip", "clientip", "remoteaddr"),
    "hashes": ("process.hash.all", "hash"),
    "pipename": ("file.name",),
    "eventname": ("event.action",),
    "eventsource": ("event.provider",),
    "useridentity.type": ("aws.cloudtrail.useridentity.type",),
    "operationname": ("event.action", "azure.activitylogs.operationname"),
    "eventtype": ("event.action", "okta.eventtype"),
}
"""Normalised Sigma field -> normalised names under which ECS, Winlogbeat, nxlog, Defender, Suricata and our own evaluation
inputs carry it, tried in this order when no field of that very name is there.

"Executed" is a field of our own: all that is run, be it a command line, a script, a service's or a task's command."""


@dataclass(frozen=True, slots=True)
class Value:
    """One field value, its lower-case form, and the first line (1-based) of the subject that shows it."""

    text: str
    folded: str
    line: int


class Event:
    """Values by normalised path suffix; `a.b[0].CommandLine` is found as `commandline`, `b.commandline` and in full.

    Below a component that starts with "parent" a leaf is found only with that prefix, so that a parent's command line is
    not taken for the process's own.
    """

    def __init__(self, leaves: Iterable[tuple[str, str, int]]) -> None:
        self.values: list[Value] = []
        self.paths: list[str] = []
        self._by_name: dict[str, list[Value]] = {}
        self._asked: dict[str, list[Value]] = {}
        for path, text, line in leaves:
            value = Value(text, text.lower(), line)
            self.values.append(value)
            self.paths.append(path)
            for name in {*_names(path), *_names(ecs(path))}:
                self._by_name.setdefault(name, []).append(value)

    def get(self, field: str) -> list[Value]:
        """All values of a Sigma field, through the aliases if need be; empty when the event has none."""
        found = self._asked.get(field)
        if found is None:  # hundreds of rules ask for the same few fields
            found = self._asked[field] = self._found(field)
        return found

    def _found(self, field: str) -> list[Value]:
        found = self._held(field)
        return [value for value in found if not is_prose(value.text)] if normal(field) in _RUN else found

    def _held(self, field: str) -> list[Value]:
        names = _candidates(field)
        if names[0] == "executed":
            return list({id(value): value for name in names for value in self._by_name.get(name, ())}.values())
        for name in names:
            found = self._by_name.get(name)
            if found:
                return found
        return []

    @cached_property
    def text(self) -> str:
        """All values in lower case, each once and one a line; what rules are looked up by."""
        return folded(value.folded for value in self.values)

    def first(self, field: str) -> str:
        """The first value in lower case, or ""."""
        found = self.get(field)
        return found[0].folded if found else ""


def folded(texts: Iterable[str]) -> str:
    """Lower-case texts, each once and one a line."""
    return "\n".join(dict.fromkeys(texts)).replace("\N{LATIN SMALL LETTER LONG S}", "s")


def normal(name: str) -> str:
    """Lower case without "_", spaces and list indexes; "-" stays, as in the web log fields."""
    return _INDEX.sub("", name).lower().replace("_", "").replace(" ", "")


@lru_cache(maxsize=4096)
def _candidates(field: str) -> tuple[str, ...]:
    """The normalised names of a rule's field, the aliases last."""
    name = normal(field)
    return (name, *ALIASES.get(name, ()))


def _names(path: str) -> Iterator[str]:
    parts = [part for part in normal(path).split(".") if part and not part.isdigit()]
    above = any(part.startswith("parent") for part in parts[:-1])
    if above and parts:
        leaf = parts[-1]
        yield leaf if leaf.startswith("parent") else f"parent{leaf}"
        yield ".".join(parts)
        return
    for start in range(max(0, len(parts) - 6), len(parts)):
        yield ".".join(parts[start:])
    yield ".".join(parts)


def of_alert(alert: Alert) -> Event:
    """The record's leaves, each with the number of its first line; what a script of a shell says is a command as well."""
    leaves: list[tuple[str, str, int]] = []
    shell = any(item.path == "ext" and item.value.lower() in _SHELLS for item in alert.fields)
    for line, item in alert.placed():
        leaves.append((item.path, item.value, line))
        if shell and item.path == "text":
            leaves.append(("command", item.value, line))
        if ecs(item.path) == "event.original" or item.path in _RAW:
            leaves.extend((name, value.strip("\"'"), line) for name, value in _PAIR.findall(item.value[:_RAW_CHARS]))
    return Event(leaves)


def of_lines(subject: Subject, first: int, last: int) -> Iterator[Event]:
    """One event per non-empty line `first`..`last` (1-based, inclusive): JSON or key=value leaves where the line has them."""
    for line in subject.lines[first - 1 : last]:
        if line.text.strip():
            yield of_text(line.text, line.number)


def of_text(text: str, line: int = 1) -> Event:
    """One log line as an event; without any structure the whole line stands for a command line and a request."""
    stripped = text.strip()
    if stripped.startswith("{"):
        try:
            record = json.loads(stripped)
        except (ValueError, RecursionError):
            record = None
        if isinstance(record, dict):
            return Event((path, value, line) for path, value in _flatten(record))
    pairs = [(name, value.strip("\"'"), line) for name, value in _PAIR.findall(text)]
    return Event([*pairs, ("command", text, line), ("message", text, line), ("cs-uri", text, line)])


def _flatten(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    stack: list[tuple[str, Any, int]] = [("", record, 0)]
    given = 0
    while stack and given < _LEAVES:
        path, value, depth = stack.pop()
        if isinstance(value, dict) and depth < _DEPTH:
            stack.extend((f"{path}.{key}" if path else str(key), child, depth + 1) for key, child in value.items())
        elif isinstance(value, list) and depth < _DEPTH:
            stack.extend((f"{path}[{at}]", child, depth + 1) for at, child in enumerate(value))
        else:
            given += 1
            yield path, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)

"""Sigma rules read from a folder: parsed by pySigma, compiled by our matcher, refused one by one with the reason."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from schemas import Disposition, Floor, Severity, digest
from secassist.detectors._sigma.fields import Event
from secassist.detectors._sigma.parsing import RULES, Later, Test, identity, parsed, shipped
from secassist.errors import DetectorError

_FILE_BYTES = 1024 * 1024
_FILES = 20_000
_SLUG = re.compile(r"[^a-z0-9]+")
_LEVELS = {
    "informational": Severity.INFO,
    "low": Severity.LOW,
    "medium": Severity.MEDIUM,
    "high": Severity.HIGH,
    "critical": Severity.CRITICAL,
}
_EXECUTION = frozenset({"1", "4688", "4104", "4103", "400", "403", "600", "800", "4697", "7045", "4698", "4702"})
"""Events that hold something that is run: a process, a script block, a pipeline, a service, a task."""
_EVENT_IDS: dict[str, frozenset[str]] = {
    "process_creation": frozenset({"1", "4688"}),
    "network_connection": frozenset({"3", "5156"}),
    "driver_load": frozenset({"6"}),
    "image_load": frozenset({"7"}),
    "create_remote_thread": frozenset({"8"}),
    "process_access": frozenset({"10", "4656", "4663"}),
    "file_event": frozenset({"11", "4663"}),
    "registry_add": frozenset({"12", "4657"}),
    "registry_delete": frozenset({"12", "4657"}),
    "registry_set": frozenset({"13", "4657"}),
    "registry_event": frozenset({"12", "13", "14", "4657"}),
    "pipe_created": frozenset({"17", "18"}),
    "wmi_event": frozenset({"19", "20", "21", "5861"}),
    "dns_query": frozenset({"22", "3008"}),
    "ps_module": frozenset({"4103", "800"}),
    "ps_script": frozenset({"4104"}),
    "execution": _EXECUTION,
    "registry_change": _EXECUTION | {"12", "13", "14", "4657"},
}
"""Windows event ids of a Sigma log source category (Sysmon, Security, PowerShell; Microsoft's event documentation).

"execution" and "registry_change" are our own: whatever is run, and a registry write by a command or as an event."""
_CHANNELS = {
    "security": "security",
    "system": "system",
    "application": "application",
    "powershell": "powershell",
    "powershell-classic": "windows powershell",
    "sysmon": "sysmon",
    "windefend": "windows defender",
    "taskscheduler": "taskscheduler",
    "wmi": "wmi-activity",
    "bits-client": "bits-client",
    "firewall-as": "firewall",
}


@dataclass(frozen=True)
class Rule:
    """One compiled rule. `slug` is its `name`, else made of its file's name; `literals` are lower-case strings of which one
    must be in a text for the rule to match it (empty: no such strings); `source` is the digest of its text."""

    slug: str
    id: str
    title: str
    severity: Severity
    techniques: tuple[str, ...]
    floor: Floor | None
    test: Test
    literals: tuple[str, ...]
    event_ids: frozenset[str] = frozenset()
    channel: str = ""
    source: str = ""

    def match(self, event: Event) -> tuple[int, ...] | None:
        """Sorted line numbers that made it match, or None; an event of another log source never matches."""
        if self.event_ids and (seen := event.first("EventID")) and seen not in self.event_ids:
            return None
        if self.channel and not _in_channel(self.channel, event.first("Channel")):
            return None
        found = self.test(event)
        return None if found is None else tuple(sorted(set(found)))


@dataclass(frozen=True)
class Rules:
    """What a folder gave: compiled rules in order of file name, (file, reason) for each that was refused, and the digest of
    what its files hold."""

    rules: tuple[Rule, ...]
    refused: tuple[tuple[str, str], ...] = ()
    digest: str = ""


def _in_channel(wanted: str, seen: str) -> bool:
    if not seen:
        return True
    return seen == wanted if wanted in ("security", "system", "application") else wanted in seen


@cache
def load_rules(folder: Path = RULES) -> Rules:
    """Every rule of the .yml and .yaml files below `folder`, parsed once per process; a bad rule is refused, the rest is kept.

    Raises DetectorError when the folder cannot be read.
    """
    if not folder.is_dir():
        raise DetectorError(f"the Sigma rule folder {folder} is not there")
    rules: list[Rule] = []
    refused: list[tuple[str, str]] = []
    files = sorted(path for path in folder.rglob("*.y*ml") if path.is_file())
    for path in files[:_FILES]:
        for loaded in _read(path):
            (rules if isinstance(loaded, Rule) else refused).append(loaded)  # type: ignore[arg-type]
    if len(files) > _FILES:
        refused.append((str(folder), f"only the first {_FILES} of {len(files)} files were read"))
    return Rules(tuple(rules), tuple(refused), digest([rule.source for rule in rules]))


def _read(path: Path) -> Iterator[Rule | tuple[str, str]]:
    import yaml
    from sigma.exceptions import SigmaError

    try:
        if path.stat().st_size > _FILE_BYTES:
            raise DetectorError(f"the file is larger than {_FILE_BYTES} bytes")
        told = yaml.load_all(path.read_text("utf-8"), yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)
        documents = [document for document in told if document]
    except (OSError, ValueError, yaml.YAMLError, RecursionError, DetectorError) as error:
        yield path.name, str(error).splitlines()[0]
        return
    for at, document in enumerate(documents, start=1):
        try:
            yield _compile(document, path.stem if len(documents) == 1 else f"{path.stem}-{at}")
        except (SigmaError, DetectorError, TypeError, AttributeError, ValueError, KeyError, RecursionError) as error:
            yield f"{path.name}:{at}", (str(error).splitlines() or [type(error).__name__])[0]


def _compile(document: Any, fallback: str) -> Rule:
    if not isinstance(document, dict) or "detection" not in document:
        raise DetectorError("not a Sigma detection rule (correlations are not supported)")
    source = identity(document)
    known = shipped().get(source)
    test, literals = parsed(document) if known is None else (Later(document), known)
    slug = _SLUG.sub("-", str(document.get("name") or fallback).lower()).strip("-")
    title = str(document.get("title", ""))
    severity = _LEVELS.get(str(document.get("level", "")).lower(), Severity.MEDIUM)
    of = document.get("logsource") or {}
    windows = of.get("product") in (None, "windows")
    return Rule(
        slug=slug,
        source=source,
        id=str(document.get("id") or "").lower(),
        title=title,
        severity=severity,
        techniques=tuple(_techniques(document.get("tags") or ())),
        floor=_floor(slug, title, severity, document.get("x-floor")),
        test=test,
        literals=literals,
        event_ids=_EVENT_IDS.get(of.get("category") or "", frozenset()) if windows else frozenset(),
        channel=_CHANNELS.get(of.get("service") or "", "") if windows else "",
    )


def _techniques(tags: Iterable[Any]) -> Iterator[str]:
    """T1059.001 of attack.t1059.001."""
    for tag in tags:
        space, _, name = str(tag).partition(".")
        if space == "attack" and _is_technique(name):
            yield name.upper()


def _is_technique(tag: str) -> bool:
    return tag[:1] in "tT" and tag[1:2].isdigit()


def _floor(slug: str, title: str, severity: Severity, mark: Any) -> Floor | None:
    """Critical rules, and high ones marked `x-floor: true`, settle a verdict; `x-floor: suspicious` sets the lower one."""
    if severity not in (Severity.CRITICAL, Severity.HIGH) or (severity is Severity.HIGH and not mark) or mark is False:
        return None
    certain = mark == "true_positive" or (severity is Severity.CRITICAL and mark != "suspicious")
    disposition = Disposition.TRUE_POSITIVE if certain else Disposition.SUSPICIOUS
    return Floor(disposition=disposition, severity=severity, by="sigma", reason=f"Sigma rule {slug}: {title}")

"""Scripted answers and the pieces around them: the driver is real, only the model's words are invented."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from schemas import Alert, CodeUnit, Disposition, Document, Field, Floor, LogWindow, Severity, Subject, SubjectKind
from secassist import plugins
from secassist.analyzers.base import Analyzer, Driver
from secassist.backends.base import Completion, Request
from secassist.backends.scripted import ScriptedBackend
from secassist.detectors.base import Detection, Detector, Signal
from secassist.errors import DetectorError
from secassist.registry import Calibration

NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
KEY = b"k" * 32
FLOOR = Floor(
    disposition=Disposition.TRUE_POSITIVE, severity=Severity.CRITICAL, by="sigma:probe", reason="It was seen."
)
NOTHING = Detection()
ANSWERS: dict[str, dict[str, Any]] = {
    "triage": {
        "decision": "false_positive",
        "severity": "low",
        "techniques": [],
        "lines": [1],
        "reason": "Ordinary work.",
        "missing": [],
    },
    "sensitive": {"decision": "real", "severity": "high", "reason": "It looks live."},
    "review": {"decision": "safe", "cwe": "", "lines": [], "severity": "info", "reason": "Constant.", "fix": ""},
    "techniques": {"techniques": ["T1059"]},
    "remediate": {"steps": [1], "summary": "Do this first."},
    "ask": {"lines": [1]},
    "report": {"sentences": ["Nothing to count."]},
}


def answer(analyzer: str, **more: Any) -> str:
    """A valid answer of this analyzer, with some fields changed."""
    return json.dumps(ANSWERS[analyzer] | more, ensure_ascii=False, separators=(",", ":"))


def odds(chosen: str, choices: Sequence[str], share: float = 0.8) -> dict[str, float]:
    rest = (1 - share) / (len(choices) - 1)
    return {choice: share if choice == chosen else rest for choice in choices}


def decided(request: Request, **more: Any) -> Completion:
    """A valid answer whose odds agree with its decision."""
    text = answer(request.analyzer, **more)
    decision = json.loads(text).get("decision", "")
    return Completion(text, "stop", odds(decision, request.choices) if request.choices else {})


class Unfit(ScriptedBackend):
    """A backend whose adapters were found to be useless."""

    def calibration(self, analyzer: str) -> Calibration:
        return Calibration(fit=False, note="below the floor of usefulness")


@dataclass(frozen=True)
class Probe:
    """A detector that says what it is told to say."""

    name: str = "sigma"
    version: str = "1"
    summary: str = "a probe"
    kinds: frozenset[SubjectKind] = frozenset(SubjectKind)
    detection: Detection = NOTHING
    error: str = ""

    def detect(self, subject: Subject) -> Detection:
        if self.error:
            raise DetectorError(self.error)
        return self.detection


def floor_probe(floor: Floor = FLOOR) -> Probe:
    signal = Signal("sigma:probe", "A probe fired", floor.severity, (2,), ("T1490",), floor=floor)
    return Probe(detection=Detection(signals=(signal,)))


@cache
def detectors() -> dict[str, Detector]:
    return plugins.load_all("detectors")


def driver(backend: Any, found: Mapping[str, Detector] | None = None) -> Driver:
    made = backend if hasattr(backend, "complete") else ScriptedBackend(backend)
    return Driver(made, {} if found is None else found, KEY, now=lambda: NOW)


def analyzer(name: str) -> Analyzer:
    found: Analyzer = plugins.load("analyzers", name)
    return found


def alert(number: int = 1, **fields: str) -> Alert:
    values = {"rule.name": f"Rule {number}", "process.command_line": "vssadmin.exe delete shadows /all /quiet"}
    pairs = (values | fields).items()
    return Alert(
        source="alert_json",
        origin=f"alerts.jsonl:{number}",
        title=f"Rule {number}",
        fields=tuple(Field(path=path, value=value) for path, value in pairs),
    )


def window(body: str = "sshd[1]: Failed password for root\nsshd[1]: Accepted password for root") -> LogWindow:
    return LogWindow(source="syslog", origin="auth.log:1", title="auth.log", body=body)


def code(body: str, start_line: int = 1, path: str = "app.py") -> CodeUnit:
    return CodeUnit(
        source="code", origin=path, title=path, path=path, language="python", body=body, start_line=start_line
    )


def document(body: str, title: str = "note.txt") -> Document:
    return Document(source="text", origin="note.txt", title=title, path="note.txt", body=body)


def patched(probe: Probe, **changes: Any) -> Probe:
    return replace(probe, **changes)

"""Example to Subject, as the same bytes from a user would become one; nothing that can spell the label goes along."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from schemas import Alert, CodeUnit, Document, LogWindow, Subject, digest
from secassist.errors import SourceError
from secassist.evaluation.examples import Example
from secassist.sources._bytes import visible
from secassist.sources._records import record

ANALYZERS: Final = {
    "T1": "triage",
    "T2": "triage",
    "T3": "triage",
    "T4": "triage",
    "T5": "techniques",
    "C1": "review",
    "C2": "review",
    "S1": "sensitive",
    "S2": "sensitive",
}
"""The analyzer that answers each task; T6 (a question about documents) has none yet."""

SUFFIXES: Final = {
    "python": "py",
    "javascript": "js",
    "typescript": "ts",
    "java": "java",
    "php": "php",
    "go": "go",
    "c": "c",
    "cpp": "cpp",
    "csharp": "cs",
    "ruby": "rb",
    "rust": "rs",
    "swift": "swift",
    "objective_c": "m",
    "html": "html",
    "xml": "xml",
}
"""File name endings of the data's language names; others are shown as unit.txt."""


def subjects(example: Example) -> tuple[Subject, ...]:
    """One subject, or for a pair (C2) the code before and the code after, which are judged apart.

    Raises SourceError when the task is not supported or its input has another form than DATA.md says.
    """
    origin = f"item:{digest([example.task, example.id])[:16]}"
    if example.task in ("T1", "T3", "T4"):
        return (_alert(example.input, origin),)
    if example.task == "T2":
        return (_window(example.input, origin),)
    if example.task in ("T5", "S1", "S2"):
        return (Document(source="text", origin=origin, body=visible(_string(example.input, "input"))),)
    if example.task == "C1":
        return (_unit(_string(example.input, "input"), example.language, origin),)
    if example.task == "C2":
        return tuple(_unit(side, example.language, origin) for side in pair(example))
    raise SourceError(f"task {example.task} is not supported: no analyzer answers questions about documents")


def pair(example: Example) -> tuple[str, ...]:
    """Code before and after a fix, from the input or else from the label; only the first where there is no second."""
    both = example.input if isinstance(example.input, Mapping) else {"before": example.input}
    before = _string(both.get("before"), "before")
    after = both.get("after", example.label.get("after"))
    return (before, after) if isinstance(after, str) else (before,)


def input_offsets(text: str) -> Callable[[int], int]:
    """A function from character offsets in Subject.text to offsets in `text`.

    They differ where a line ends in CR LF, which a subject shows as LF, and where a character had to be spelled out.
    """
    if "\r\n" not in text and visible(text) == text:
        return lambda offset: offset
    places: list[int] = []
    at = 0
    while at < len(text):
        broken = text.startswith("\r\n", at)
        places += [at] * (1 if broken else len(visible(text[at])))
        at += 2 if broken else 1
    places.append(len(text))
    return lambda offset: places[min(offset, len(places) - 1)]


def _alert(value: Any, origin: str) -> Alert:
    if not isinstance(value, Mapping):
        raise SourceError("the input is not a record")
    return record(value, "alert_json", origin)


def _window(value: Any, origin: str) -> LogWindow:
    if not isinstance(value, Mapping):
        raise SourceError("the input is not a log window")
    kind, lines = value.get("log_type"), _log_lines(value)
    kind = kind if isinstance(kind, str) and kind else "plain"
    return LogWindow(
        source="syslog",
        origin=origin,
        title=f"{kind} log, lines 1-{len(lines)}",
        log_type=kind,
        body=visible("\n".join(lines)),
    )


def _log_lines(value: Mapping[str, Any]) -> list[str]:
    lines, events = value.get("lines"), value.get("events")
    if isinstance(lines, list) and all(isinstance(line, str) for line in lines):
        return lines
    if isinstance(events, list):
        return [json.dumps(event, ensure_ascii=False, separators=(",", ":")) for event in events]
    raise SourceError("the log window has neither lines nor events")


def _unit(body: str, language: str, origin: str) -> CodeUnit:
    path = f"unit.{SUFFIXES.get(language, 'txt')}"
    return CodeUnit(source="code", origin=origin, title=path, path=path, language=language, body=visible(body))


def _string(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise SourceError(f"the {name} is not a text")
    return value

"""Sigma rules as evidence: each rule that matches is one signal, and the gravest ones set the least verdict."""

from collections.abc import Iterator
from pathlib import Path

from schemas import Alert, Subject, SubjectKind
from secassist.detectors._encoded_layers import unwrap
from secassist.detectors._sigma_fields import Event, of_alert, of_lines
from secassist.detectors._sigma_rules import RULES, Rule, load_rules
from secassist.detectors.base import Detection, Signal

_LINES = 5_000
"""Lines of a document or log window that rules are run on."""
_COMMANDS = 8
_COMMAND_CHARS = 65_536
_WIDTH = 200
"""Line numbers kept per signal."""


class Sigma:
    """Runs the rules of one folder; `Sigma(folder=...)` runs a user's own. Rules are parsed on first use."""

    name = "sigma"
    version = "1"
    summary = "Sigma rules (our own set, or a folder of yours) on alerts, commands, requests and log lines"
    kinds = frozenset({SubjectKind.ALERT, SubjectKind.LOG_WINDOW, SubjectKind.DOCUMENT})

    def __init__(self, folder: Path = RULES) -> None:
        self._folder = folder

    def detect(self, subject: Subject) -> Detection:
        """One signal per rule that matches, gravest first; raises DetectorError when the rule folder cannot be read."""
        rules = load_rules(self._folder).rules
        hits = _on_alert(rules, subject) if isinstance(subject, Alert) else _on_lines(rules, subject)
        signals = [_signal(rule, lines) for rule, lines in hits]
        signals.sort(key=lambda signal: (-signal.severity.rank, signal.rule))
        return Detection(tuple(signals + _left_out(subject)))


def _on_alert(rules: tuple[Rule, ...], subject: Alert) -> Iterator[tuple[Rule, tuple[int, ...]]]:
    event = of_alert(subject)
    events = [event, *_decoded(event)]
    for rule in rules:
        found = next((lines for one in events if (lines := rule.match(one)) is not None), None)
        if found is not None:
            yield rule, found


def _decoded(event: Event) -> Iterator[Event]:
    """The plain text of encoded commands, each as an event of its own."""
    values = {id(value): value for name in ("CommandLine", "ScriptBlockText") for value in event.get(name)}
    for value in list(values.values())[:_COMMANDS]:
        for layer in unwrap(value.text[:_COMMAND_CHARS]):
            if layer.obfuscates:
                yield Event((("CommandLine", layer.text, value.line), ("ScriptBlockText", layer.text, value.line)))


def _on_lines(rules: tuple[Rule, ...], subject: Subject) -> Iterator[tuple[Rule, tuple[int, ...]]]:
    folded = subject.text.lower().replace("\\\\", "\\")
    possible = [rule for rule in rules if not rule.literals or any(text in folded for text in rule.literals)]
    found: dict[str, list[int]] = {}
    if possible:
        for event in of_lines(subject, 1, _LINES):
            _match_line(possible, event, found)
    for rule in possible:
        if rule.slug in found:
            yield rule, tuple(sorted(set(found[rule.slug])))


def _match_line(rules: list[Rule], event: Event, found: dict[str, list[int]]) -> None:
    for rule in rules:
        lines = rule.match(event)
        if lines is not None:
            found.setdefault(rule.slug, []).extend(lines or (event.values[0].line,))


def _signal(rule: Rule, lines: tuple[int, ...]) -> Signal:
    return Signal(
        rule=f"sigma:{rule.slug}",
        message=f"Sigma rule matches: {rule.title}.",
        severity=rule.severity,
        lines=lines[:_WIDTH],
        techniques=rule.techniques,
        floor=rule.floor,
        noteworthy=rule.severity.rank >= 1,
    )


def _left_out(subject: Subject) -> list[Signal]:
    if isinstance(subject, Alert) or len(subject.lines) <= _LINES:
        return []
    message = f"Sigma rules looked at the first {_LINES} of {len(subject.lines)} lines."
    return [Signal(rule="sigma:left-out", message=message, noteworthy=False)]


PLUGIN = Sigma()

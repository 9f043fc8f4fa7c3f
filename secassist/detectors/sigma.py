"""Sigma rules as evidence: each rule that matches is one signal, and the gravest ones set the least verdict."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from schemas import Alert, Disposition, Floor, Severity, Subject, SubjectKind
from secassist.detectors._sigma import decoded
from secassist.detectors._sigma.fields import Event, folded, of_alert, of_lines
from secassist.detectors._sigma.index import Index
from secassist.detectors._sigma.parsing import RULES
from secassist.detectors._sigma.rules import Rule, Rules, load_rules
from secassist.detectors.base import Detection, Signal
from secassist.errors import ConfigError, DetectorError

_LINES = 5_000
"""Lines of a document or log window that rules are run on."""
_WIDTH = 200
"""Line numbers kept per signal."""


@dataclass(frozen=True)
class Match:
    """A rule, the lines that made it match, and whether it also, or only, matches text that encoding hid."""

    rule: Rule
    lines: tuple[int, ...]
    hidden: bool


class Sigma:
    """Runs the rules of the folders given, by default our own. Rules are parsed on first use."""

    name = "sigma"
    summary = "Sigma rules (our own set, or a folder of yours) on alerts, commands, requests and log lines"
    kinds = frozenset({SubjectKind.ALERT, SubjectKind.LOG_WINDOW, SubjectKind.DOCUMENT})

    def __init__(self, *folders: Path, version: str = "7") -> None:
        self._folders = folders or (RULES,)
        self._known: tuple[tuple[Rules, ...], Index] | None = None
        self.version = version

    def with_rules(self, folder: Path) -> "Sigma":
        """A detector with these rules and those of the folder, which take the place of ours where they share a name.

        Raises ConfigError when the folder is not there, holds no rule, or one of its files is not a rule that can be
        run; the message names each such file and why. The version then ends in the digest of the folder's files.
        """
        try:
            read = load_rules(folder)
        except DetectorError as error:
            raise ConfigError(str(error)) from error
        if read.refused:
            refused = "; ".join(f"{name}: {reason}" for name, reason in read.refused)
            raise ConfigError(f"Sigma rules in {folder} are refused: {refused}")
        if not read.rules:
            raise ConfigError(f"the Sigma rule folder {folder} holds no rule (files end in .yml or .yaml)")
        return Sigma(*self._folders, folder, version=f"{self.version}+{read.digest[:12]}")

    def _index(self) -> Index:
        """The rules of all folders, made anew only when one of them was read anew."""
        read = tuple(load_rules(folder) for folder in self._folders)
        if self._known is None or any(one is not two for one, two in zip(self._known[0], read, strict=True)):
            self._known = (read, Index(_merged(read)))
        return self._known[1]

    def detect(self, subject: Subject) -> Detection:
        """One signal per rule that matches, gravest first; raises DetectorError when the rule folder cannot be read."""
        index = self._index()
        matches = _on_alert(index, subject) if isinstance(subject, Alert) else _on_lines(index, subject)
        signals = [_signal(match) for match in matches]
        signals.sort(key=lambda signal: (-signal.severity.rank, signal.rule))
        return Detection(tuple(signals + _left_out(subject)))


def _merged(read: tuple[Rules, ...]) -> tuple[Rule, ...]:
    rules: tuple[Rule, ...] = ()
    for one in read:
        names = {rule.slug for rule in one.rules}
        rules = (*(rule for rule in rules if rule.slug not in names), *one.rules)
    return rules


def _on_alert(index: Index, alert: Alert) -> Iterator[Match]:
    event = of_alert(alert)
    hidden = list(decoded.of_event(event))
    for rule in index.possible(folded(one.text for one in (event, *hidden))):
        shown = rule.match(event)
        uncovered = next((lines for one in hidden if (lines := rule.match(one)) is not None), None)
        if shown is not None or uncovered is not None:
            yield Match(rule, shown if shown is not None else uncovered or (), uncovered is not None)


def _on_lines(index: Index, subject: Subject) -> Iterator[Match]:
    hidden = list(decoded.of_lines(subject.lines[:_LINES]))
    events = list(of_lines(subject, 1, _LINES))
    fewer = index.within(folded(one.text for one in (*events, *hidden)))
    shown, uncovered = _matching_lines(fewer, events), _matching_lines(fewer, hidden)
    for rule in fewer.rules:
        lines = shown.get(rule.slug, set()) | uncovered.get(rule.slug, set())
        if lines:
            yield Match(rule, tuple(sorted(lines)), rule.slug in uncovered)


def _matching_lines(index: Index, events: Iterable[Event]) -> dict[str, set[int]]:
    """The lines that each rule matches, by its name; of equal lines, which logs are full of, only the first is asked."""
    found: dict[str, set[int]] = {}
    known: dict[tuple[str, ...], list[str]] = {}
    for event in events:
        key = (*event.paths, *(value.text for value in event.values))
        if key not in known:
            known[key] = [rule.slug for rule in index.possible(event.text) if rule.match(event) is not None]
        for slug in known[key]:
            found.setdefault(slug, set()).add(event.values[0].line)
    return found


def _signal(match: Match) -> Signal:
    rule = match.rule
    return Signal(
        rule=f"sigma:{rule.slug}",
        message=f"Sigma rule matches{' what encoding hid' if match.hidden else ''}: {rule.title}.",
        severity=rule.severity,
        lines=match.lines[:_WIDTH],
        techniques=rule.techniques,
        floor=rule.floor or (_hidden_floor(rule) if match.hidden else None),
        noteworthy=rule.severity.rank >= 1,
    )


def _hidden_floor(rule: Rule) -> Floor | None:
    """Grave behaviour is at least suspicious where somebody took care to hide it; lesser rules settle nothing."""
    if rule.severity.rank < Severity.HIGH.rank:
        return None
    reason = f"Sigma rule {rule.slug} matches text that was hidden by encoding: {rule.title}"
    return Floor(disposition=Disposition.SUSPICIOUS, severity=rule.severity, by="sigma", reason=reason)


def _left_out(subject: Subject) -> list[Signal]:
    if isinstance(subject, Alert) or len(subject.lines) <= _LINES:
        return []
    message = f"Sigma rules looked at the first {_LINES} of {len(subject.lines)} lines."
    return [Signal(rule="sigma:left-out", message=message, noteworthy=False)]


PLUGIN = Sigma()

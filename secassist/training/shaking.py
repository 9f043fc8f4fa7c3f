"""Shaken examples: the same event with fields in another order, some dropped or renamed, and other hosts and people."""

import random
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, Literal, get_args

from secassist.evaluation.examples import Example
from secassist.training.scenarios.names import Names

Trick = Literal["order", "drop", "rename", "replace"]
TRICKS: Final[tuple[Trick, ...]] = get_args(Trick)
DROPPED = 0.15
"""Share of an event's leaves that are left out."""
NOISE = re.compile(
    r"(?i)guid|uuid|_id$|\bid$|port|time|date|version|region|agent|pid|thread|record|opcode|keyword|task"
)
"""Names of fields that a verdict hardly rests on; only they are dropped."""
WHO = re.compile(r"(?i)(user|account|subject|target|actor|owner)_?(name|login)?$|email|principal")
WHERE = re.compile(r"(?i)(host|computer|machine|workstation|device)_?(name|id)?$")
ALIASES: Final = {
    "CommandLine": "process.command_line",
    "Image": "process.executable",
    "ParentImage": "process.parent.executable",
    "ParentCommandLine": "process.parent.command_line",
    "User": "user.name",
    "TargetUserName": "user.target.name",
    "SubjectUserName": "user.name",
    "Hostname": "host.name",
    "Computer": "host.name",
    "EventID": "event.code",
    "SourceIp": "source.ip",
    "DestinationIp": "destination.ip",
    "sourceIPAddress": "source.ip",
    "userAgent": "user_agent.original",
    "eventName": "event.action",
    "TargetFilename": "file.path",
    "TargetObject": "registry.path",
}
"""What the Elastic Common Schema calls fields of Windows events and CloudTrail."""


def shake(example: Example, seed: int, tricks: tuple[Trick, ...] = TRICKS) -> Example:
    """The example with its event changed by these tricks, the same for the same seed; the rule and the label stay.

    Examples whose input is not an event come back as they are.
    """
    given = example.input
    event = given.get("event") if isinstance(given, Mapping) else None
    if not isinstance(event, Mapping):
        return example
    chance = random.Random(f"{seed}:{example.id}")  # noqa: S311 - invented text, not a secret
    changed: Any = event
    if "drop" in tricks:
        changed = _without(changed, chance)
    if "replace" in tricks:
        changed = _peopled(changed, Names(chance), {})
    if "rename" in tricks and chance.random() < 0.5:
        changed = {ALIASES.get(key, key): value for key, value in changed.items()}
    if "order" in tricks:
        changed = _ordered(changed, chance)
    return replace(example, id=f"{example.id}~{seed}", input={**given, "event": changed})


def _without(value: Any, chance: random.Random) -> Any:
    if isinstance(value, Mapping):
        kept = {k: v for k, v in value.items() if not (NOISE.search(str(k)) and chance.random() < 2 * DROPPED)}
        return {key: _without(inner, chance) for key, inner in (kept or value).items()}
    return [_without(inner, chance) for inner in value] if isinstance(value, list) else value


def _peopled(value: Any, names: Names, known: dict[str, str], key: str = "") -> Any:
    """Every value of a field that names somebody or a host by an invented one, alike wherever it stands."""
    if isinstance(value, Mapping):
        return {name: _peopled(inner, names, known, str(name)) for name, inner in value.items()}
    if isinstance(value, list):
        return [_peopled(inner, names, known, key) for inner in value]
    if not isinstance(value, str) or not value.strip():
        return value
    slot = "{user*}" if WHO.search(key) else "{ws*}" if WHERE.search(key) else ""
    if slot and value not in known and value.upper() not in ("SYSTEM", "ROOT", "ADMINISTRATOR", "-"):
        mail = "@{dom}" if "@" in value else ""
        known[value] = names.fill(slot + mail)
    return known.get(value, value)


def _ordered(value: Any, chance: random.Random) -> Any:
    if isinstance(value, Mapping):
        keys = list(value)
        chance.shuffle(keys)
        return {key: _ordered(value[key], chance) for key in keys}
    return value

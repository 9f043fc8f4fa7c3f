"""Rule and event side by side: does this rule text fit this event? Fitting ones, near misses and strangers."""

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from secassist.training.scenarios.names import Names
from secassist.training.scenarios.processes import shuffled
from secassist.training.scenarios.scenario import Draft


@dataclass(frozen=True)
class Condition:
    """What a rule asks of one field: values that satisfy it, values that do not, and the demand in words."""

    path: str
    fits: tuple[Any, ...]
    misses: tuple[Any, ...]
    want: dict[str, str]


@dataclass(frozen=True)
class Rule:
    """A detection rule written by us, with the event it looks at. The first condition names the action."""

    name: str
    log_type: str
    titles: tuple[str, ...]
    descriptions: tuple[str, ...]
    severity: str
    techniques: tuple[str, ...]
    base: dict[str, Any]
    conditions: tuple[Condition, ...]


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of `rules.yaml`, and those of `rule_actions.yaml`, which ask for one action each."""
    raw, acting = (_read(name) for name in ("rules.yaml", "rule_actions.yaml"))
    asked = [_rule(entry, raw["bases"]) for entry in raw["rules"]]
    return (*asked, *(rule for log_type, table in acting.items() for rule in _acting(log_type, table)))


def _read(name: str) -> Any:
    return yaml.safe_load((Path(__file__).parent / name).read_text("utf-8"))


def _acting(log_type: str, table: dict[str, Any]) -> Iterator[Rule]:
    """The rules about one kind of log; what the others ask for, and harmless actions, do not fit."""
    actions = [action for row in table["rules"] for action in row[4]] + table["harmless"]
    for title, description, severity, technique, fits, en, zh in table["rules"]:
        misses = tuple(action for action in actions if action not in fits)
        asked = Condition(table["path"], tuple(fits), misses, {"en": en, "zh": zh})
        name = f"{log_type}_{fits[0]}".lower().replace(" ", "_")
        yield Rule(name, log_type, (title,), (description,), severity, (technique,), table["base"], (asked,))


def _rule(raw: dict[str, Any], bases: dict[str, Any]) -> Rule:
    conditions = tuple(
        Condition(path, tuple(fits), tuple(misses), {"en": en, "zh": zh})
        for path, fits, misses, en, zh in raw["conditions"]
    )
    return Rule(
        name=raw["rule"],
        log_type=raw["log_type"],
        titles=tuple(raw["titles"]),
        descriptions=tuple(raw["descriptions"]),
        severity=raw["severity"],
        techniques=tuple(raw["techniques"]),
        base={**bases[raw["log_type"]], **raw.get("base", {})},
        conditions=conditions,
    )


def draw(rng: random.Random) -> Draft:
    """A rule with an event: it fits (50 %), fails one demand (30 %), or belongs to another rule (20 %)."""
    rule = rng.choice(rules())
    names = Names(rng)
    chance = rng.random()
    strangers = [other for other in rules() if other.log_type == rule.log_type and _is_stranger(rule, other)]
    if chance < 0.5:
        return _fitting(names, rule)
    if chance < 0.8 or not strangers:
        return _near_miss(names, rule)
    return _stranger(names, rule, rng.choice(strangers))


def _is_stranger(rule: Rule, other: Rule) -> bool:
    mine, theirs = rule.conditions[0], other.conditions[0]
    return mine.path == theirs.path and not set(map(str, mine.fits)) & set(map(str, theirs.fits))


def _fitting(names: Names, rule: Rule) -> Draft:
    event, values = _event(names, rule, None)
    severe = rule.severity in ("high", "critical")
    wants = {lang: [c.want[lang] for c in rule.conditions] for lang in ("en", "zh")}
    draft = _draft(names, rule, event)
    draft.verdict, draft.disposition = ("malicious", "true_positive") if severe else ("suspicious", "suspicious")
    draft.severity, draft.techniques = rule.severity, rule.techniques
    draft.cited = tuple(sorted(values, key=lambda value: len(value) < 4))[:2]
    draft.rationale = {
        "en": f"The event meets the rule: {_join(wants['en'], ' and ')}.",
        "zh": f"事件符合规则：{_join(wants['zh'], '，且')}。",
    }
    return draft


def _near_miss(names: Names, rule: Rule) -> Draft:
    failed = names.rng.choice([c for c in rule.conditions if c.misses])
    event, _ = _event(names, rule, failed)
    value = _text(_at(event, failed.path))
    draft = _draft(names, rule, event)
    draft.cited = (value,) if value else (_text(_at(event, rule.conditions[0].path)),)
    shown = {"en": f"{failed.path} is {value}", "zh": f"{failed.path} 为 {value}"}
    if not value:
        shown = {"en": f"{failed.path} is absent", "zh": f"没有 {failed.path}"}
    draft.rationale = {
        "en": f"The rule needs that {failed.want['en']}, but {shown['en']}.",
        "zh": f"规则要求{failed.want['zh']}，但{shown['zh']}。",
    }
    return draft


def _stranger(names: Names, rule: Rule, other: Rule) -> Draft:
    event, _ = _event(names, other, None)
    path = rule.conditions[0].path
    value = _text(_at(event, path))
    draft = _draft(names, rule, event)
    draft.cited = (value,)
    draft.rationale = {
        "en": f"The rule is about another action: it needs that {rule.conditions[0].want['en']}; {path} is {value}.",
        "zh": f"规则针对的是另一种操作：要求{rule.conditions[0].want['zh']}，而 {path} 为 {value}。",
    }
    return draft


def _draft(names: Names, rule: Rule, event: dict[str, Any]) -> Draft:
    text = {"title": names.rng.choice(rule.titles), "description": names.rng.choice(rule.descriptions)}
    record = {"log_type": rule.log_type, "rule": text, "event": shuffled(names.rng, event)}
    return Draft(f"rule_{rule.name}", record, "benign", "false_positive", "info")


def _event(names: Names, rule: Rule, failed: Condition | None) -> tuple[dict[str, Any], list[str]]:
    event: dict[str, Any] = copy.deepcopy(rule.base)
    values = []
    for condition in rule.conditions:
        template = names.rng.choice(condition.misses if condition is failed else condition.fits)
        value = names.fill_all(template)
        if value is not None:
            _put(event, condition.path.split("."), value)
            values.append(_text(value))
    return names.fill_all(event), values


def _put(event: dict[str, Any], path: list[str], value: Any) -> None:
    for key in path[:-1]:
        event = event.setdefault(key, {})
    event[path[-1]] = value


def _at(event: Any, path: str) -> Any:
    for key in path.split("."):
        event = event.get(key) if isinstance(event, dict) else None
    return event


def _text(value: Any) -> str:
    """The value as a subject's line spells it; the first item of a list."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _join(parts: list[str], word: str) -> str:
    return word.join(parts[:2])

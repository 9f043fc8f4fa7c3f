"""Our rules for Unix, macOS and container commands and web products: each fires on its behaviour, not on the near miss."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from schemas import Alert, Field
from secassist.detectors._sigma.fields import Event
from secassist.detectors._sigma.parsing import RULES
from secassist.detectors._sigma.rules import Rule, load_rules
from secassist.detectors.sigma import PLUGIN

CASES = Path(__file__).parent / "rule_cases"
FILES = sorted(path.stem for path in CASES.glob("*.yaml"))


@cache
def rules() -> dict[str, Rule]:
    return {rule.slug: rule for rule in load_rules(RULES).rules}


def matches(rule: Rule, command: str) -> bool:
    return rule.match(Event([("command", command, 1)])) is not None


@cache
def cases(name: str) -> dict[str, dict[str, list[str]]]:
    return yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_each_rule_of_the_file_has_a_case(name: str) -> None:
    documents = yaml.safe_load_all((RULES / f"{name}.yml").read_text("utf-8"))
    assert {document["name"] for document in documents} == cases(name).keys()


@pytest.mark.parametrize("name", FILES)
def test_rules_fire_on_what_they_are_for(name: str) -> None:
    silent = [
        (slug, hit) for slug, case in cases(name).items() for hit in case["hit"] if not matches(rules()[slug], hit)
    ]
    assert silent == []
    assert all(case["hit"] for case in cases(name).values())


@pytest.mark.parametrize("name", FILES)
def test_rules_leave_near_misses_alone(name: str) -> None:
    found = [
        (slug, miss)
        for slug, case in cases(name).items()
        for miss in case.get("miss", ())
        if matches(rules()[slug], miss)
    ]
    assert found == []


def test_ordinary_administration_is_not_graver_than_low() -> None:
    for command in (CASES / "administration.txt").read_text("utf-8").splitlines():
        signals = PLUGIN.detect(Alert(source="t", fields=(Field(path="command", value=command),))).signals
        assert [signal.rule for signal in signals if signal.severity.rank >= 2] == [], command


def test_only_grave_rules_settle_a_verdict() -> None:
    for name in FILES:
        for slug in cases(name):
            assert rules()[slug].floor is None or rules()[slug].severity.rank >= 3, slug

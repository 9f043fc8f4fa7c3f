"""Alarms are taken away finding by finding; a label that says nothing of the weakness is set aside by its text alone."""

import pytest

from benchmarks.code.alarms import Scanner, bandit, foreign, look, render
from benchmarks.code.disputed import dispute
from benchmarks.code.items import Item
from schemas import FindingKind, Place, Severity
from secassist.detectors.base import Candidate

OPEN = "import os, random\n\n\ndef f(a):\n    key = random.random()\n    os.system('ls ' + a)\n"
CONSTANT = "import os, random\n\n\ndef f():\n    key = random.random()\n    os.system('ls')\n"


def _item(
    name: str, text: str, *, bad: bool, cwe: str = "CWE-78", language: str = "python", source: str = "made"
) -> Item:
    return Item(name, source, language, language, text, bad, (cwe,), name)


def _found(line: int, cwe: str) -> Candidate:
    place = Place(path="", start_line=line, end_line=line)
    return Candidate(FindingKind.WEAKNESS, "r", cwe, "", place, Severity.LOW, cwe=cwe, by="semgrep")


def test_an_alarm_is_gone_when_its_own_findings_are_whatever_else_stands_in_the_text() -> None:
    drawn = [_item(f"safe{n}", CONSTANT, bad=False) for n in range(20)]
    drawn += [_item(f"bad{n}", OPEN, bad=True) for n in range(19)] + [_item("odd", CONSTANT, bad=True)]
    looked = {item.id: look(item) for item in drawn}
    text = render(drawn, [bandit(looked)], looked, {}, "today")
    assert "| bandit | python | any | 20 | 0 (0%) | - | 20 | 0 (0%) | - |" in text, "the random number is left"
    assert "| bandit | python | fair | 20 | 20 (100%) | - | 20 | 1 (5%) | - |" in text
    assert "- `odd` (CWE-78): refuted: CWE-78 line 6: a constant." in text


def test_the_model_closes_what_it_calls_safe() -> None:
    drawn = [_item(f"safe{n}", OPEN, bad=False) for n in range(20)] + [_item("bad", OPEN, bad=True)]
    looked = {item.id: look(item) for item in drawn}
    said = {item.id: (item.bad, 0.5) for item in drawn}
    text = render(drawn, [bandit(looked)], looked, said, "today")
    assert "| bandit | python | fair | 20 | 0 (0%) | 20 (100%) | 1 | 0 (0%) | 0 (0%) |" in text
    assert "| python | CWE-78 | a value of unknown origin arrives | 20 |" in text


def test_findings_of_another_scanner_are_refuted_by_line_and_weakness() -> None:
    item = _item("a", CONSTANT, bad=False)
    looked = {"a": look(item)}
    told = {"a": (_found(6, "CWE-78"), _found(6, "CWE-89"), _found(5, "CWE-78"))}
    assert foreign("s", told, looked).left == {"a": ("CWE-89", "CWE-78")}


def test_what_an_older_version_found_is_gone_when_nothing_of_the_weakness_is_left() -> None:
    drawn = [_item(f"n{n}", CONSTANT, bad=n == 0) for n in range(20)]
    looked = {item.id: look(item) for item in drawn}
    left = {key: tuple(one.cwe for one in seen.open) for key, seen in looked.items()}
    older = Scanner("older", {item.id: ("CWE-78",) for item in drawn}, left)
    assert "| older | python | fair | 19 | 19 (100%) | - | 1 | 1 (100%) | - |" in render(
        drawn, [older], looked, {}, "today"
    )


@pytest.mark.parametrize(
    ("text", "cwe", "bad", "disputed"),
    [
        ("$tainted = addslashes($tainted); f(\"x='$tainted'\");", "CWE-90", False, True),
        ("$tainted = addslashes($tainted); f(\"x='$tainted'\");", "CWE-89", False, False),
        ("$tainted = addslashes($tainted); f(\"x='$tainted'\");", "CWE-90", True, False),
        ("$tainted = addslashes(htmlspecialchars($tainted));", "CWE-79", False, False),
        ("$tainted = htmlspecialchars($tainted); require($tainted);", "CWE-98", False, True),
        ("$tainted = htmlspecialchars($tainted); echo $tainted;", "CWE-79", False, False),
        ("$tainted = escapeshellarg($tainted); system(\"ls '$tainted'\");", "CWE-78", False, True),
        ('$tainted = escapeshellarg($tainted); system("ls " . $tainted);', "CWE-78", False, False),
        ("$tainted = htmlspecialchars($tainted); f(\"//a[@b='$tainted']\");", "CWE-91", True, True),
        ('$tainted = htmlspecialchars($tainted); f("//a[@b=$tainted]");', "CWE-91", True, False),
        ("f(sprintf('where a=%d', $tainted));", "CWE-89", True, True),
        ("f(sprintf('where a=%s and b=%d', $tainted));", "CWE-89", True, False),
        ("f('where a=' % game);", "CWE-89", True, False),
    ],
)
def test_a_label_is_disputed_by_its_text_and_never_elsewhere(text: str, cwe: str, bad: bool, disputed: bool) -> None:
    item = _item("x", text, bad=bad, cwe=cwe, language="php", source="php_vuln_suite")
    assert bool(dispute(item)) is disputed
    other = _item("x", text.replace("%d", "%s"), bad=bad, cwe=cwe, language="php", source="elsewhere")
    assert not dispute(other)


def test_what_a_pattern_labels_is_disputed_only_where_it_says_vulnerable() -> None:
    rows = [_item("x", "a", bad=bad, source="cyberseceval_icd") for bad in (True, False)]
    assert [bool(dispute(item)) for item in rows] == [True, False]

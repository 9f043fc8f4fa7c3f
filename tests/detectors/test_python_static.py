"""Python static analysis: lines, silence, and errors that name the file."""

import pytest

from schemas import CodeUnit, Document, FindingKind, Severity
from secassist.detectors.base import Candidate
from secassist.detectors.python_static import PLUGIN
from secassist.errors import DetectorError


def scan(body: str, language: str = "python") -> tuple[Candidate, ...]:
    return PLUGIN.detect(CodeUnit(source="t", path="pkg/a.py", language=language, body=body, start_line=40)).candidates


def test_rules_cwe_severity_and_lines_of_the_subject() -> None:
    (issue,) = [
        c
        for c in scan("import os\n\nsubprocess.call(\n    cmd, shell=True)\n" + "import subprocess\n")
        if c.rule == "B602"
    ]
    assert (issue.cwe, issue.type, issue.severity, issue.kind) == (
        "CWE-78",
        "CWE-78",
        Severity.HIGH,
        FindingKind.WEAKNESS,
    )
    assert issue.place.start_line in (3, 4) and issue.place.path == "pkg/a.py"


def test_nosec_does_not_silence() -> None:
    assert any(c.rule == "B307" for c in scan("eval(x)  # nosec\n"))


def test_an_indented_part_of_a_class_is_read() -> None:
    assert [c.place.start_line for c in scan("    def f(self, x):\n        return eval(x)\n") if c.rule == "B307"] == [
        2
    ]


def test_hard_coded_passwords_do_not_travel() -> None:
    found = scan("password = 'trub4dorKazoo'\n")
    assert [c.rule for c in found] == ["B105"]
    assert "trub4dor" not in repr(found) and not found[0].value


@pytest.mark.parametrize("body", ["def f(:\n", "x = (\n", "a\0b", "print 'two'\n", "x" + "+1" * 60_000])
def test_what_does_not_parse_is_an_error_naming_the_file(body: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(DetectorError, match=r"pkg/a\.py"):
        scan(body)
    assert capfd.readouterr() == ("", "")


def test_other_languages_and_kinds_are_not_its_business() -> None:
    assert scan("eval(x)", "javascript") == ()
    assert PLUGIN.detect(Document(source="t", body="eval(x)")).candidates == ()

"""Units: they cover the file, follow functions, and what two scanners say of one line is one finding by both."""

import itertools

import pytest

from schemas import CodeUnit, FindingKind, Place, Severity
from secassist.analyzers._units import WHOLE, WINDOW, units
from secassist.analyzers.base import Evidenced
from secassist.analyzers.review import PLUGIN, _context, _within
from secassist.detectors.base import Candidate, Signal


def code(body: str, language: str = "python") -> CodeUnit:
    return CodeUnit(source="t", path="", language=language, body=body)


def function(name: str, lines: int) -> str:
    return f"def {name}():\n" + "    x = 1\n" * (lines - 1)


@pytest.mark.parametrize("language", ["python", "cobol", "java"])
def test_units_cover_the_file_without_gaps(language: str) -> None:
    body = "".join(function(f"f{n}", 5 + 17 * n % 90) for n in range(20))
    cut = list(units(code(body, language)))
    assert cut[0][0] == 1 and cut[-1][1] == len(body.split("\n"))
    assert all(end + 1 == start for (_, end), (start, _) in itertools.pairwise(cut))
    assert all(first <= last for first, last in cut)


def test_a_function_that_fits_is_not_parted() -> None:
    body = function("a", 30) + function("b", 40) + function("c", 45)
    assert [first for first, _ in units(code(body))] == [1, 31, 71]


def test_a_long_function_is_cut_into_windows_and_a_short_file_is_whole() -> None:
    assert list(units(code("x = 1\n" * (WHOLE - 1)))) == [(1, WHOLE)]
    assert max(last - first for first, last in units(code(function("a", 300)))) < WINDOW + 1


def candidate(cwe: str, by: str, severity: Severity, line: int = 3) -> Candidate:
    place = Place(path="a", start_line=line, end_line=line)
    return Candidate(FindingKind.WEAKNESS, f"{by}-rule", cwe, "m", place, severity, cwe=cwe, by=by)


def test_what_two_scanners_say_of_a_line_is_one_by_both_at_its_worst() -> None:
    given = (
        candidate("CWE-94", "python_static", Severity.MEDIUM),
        candidate("CWE-95", "code_flow", Severity.HIGH),
        candidate("CWE-78", "code_flow", Severity.LOW),
        candidate("CWE-94", "python_static", Severity.LOW, line=9),
    )
    found = _within(Evidenced(code("x"), candidates=given), 1, 5)
    assert [(one.cwe, one.by, one.severity) for one in found] == [
        ("CWE-95", "python_static code_flow", Severity.HIGH),
        ("CWE-78", "code_flow", Severity.LOW),
    ]


def test_context_is_told_for_the_whole_file_and_for_guards_of_the_unit_only() -> None:
    signals = (
        Signal("context:test-code", "test code", noteworthy=False),
        Signal("guard:csrf", "refused", lines=(2, 40), noteworthy=False),
        Signal("guard:authorised", "signed in", lines=(50,), noteworthy=False),
    )
    item = Evidenced(code("x"), signals=signals)
    assert _context(item, 1, 10) == ["context:test-code: test code", "guard:csrf line 2: refused"]
    assert "code_context" in PLUGIN.detectors

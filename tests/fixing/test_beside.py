"""Findings beside the one to fix, of the same weakness in its function or on its line, do not stand in its way."""

import pytest

from schemas import Analysis, CodeUnit, Disposition, Judgement, Place, Severity, Verdict
from secassist.fixing.base import Block, Proposal
from secassist.fixing.loop import Fixer
from secassist.fixing.oracles import Judge
from secassist.fixing.proposers import PROPOSERS
from tests.fixing.fixtures import detectors, fixed, wanted
from tests.fixing.test_oracles import TEXT, Says
from tests.store.samples import analysis, finding

TWO = "import hashlib\n\n\ndef sums(one, two):\n    a = hashlib.md5(one)\n    b = hashlib.md5(two)\n    return a, b\n"


def judging(lines: list[int]) -> Judge:
    """A judge that calls these lines of the file weak hashes."""

    def judge(unit: CodeUnit) -> Analysis:
        places = [Place(path="unit.py", start_line=line, end_line=line) for line in lines]
        found = tuple(finding(place=place, cwe="CWE-328", judgement=Judgement.REAL) for place in places)
        verdict = Verdict(disposition=Disposition.TRUE_POSITIVE, severity=Severity.MEDIUM, confidence=0.9)
        return analysis(unit, analyzer="review", verdict=verdict, findings=found)

    return judge


@pytest.mark.parametrize(
    ("line", "still", "passed"),
    [(5, [6], True), (6, [5], True), (5, [5], False), (5, [5, 6], False), (5, [4], False), (5, [], True)],
)
def test_another_finding_of_the_same_weakness_may_remain(line: int, still: list[int], passed: bool) -> None:
    outcome = Fixer(detectors(), PROPOSERS, judging(still)).fix(wanted(TWO, line, "CWE-328"))
    judged = next(check for check in outcome.tried[0].checks if check.name == "judge")
    assert judged.passed is passed, judged.detail
    assert (outcome.kept is not None) is passed


def test_without_another_finding_a_judge_that_calls_it_vulnerable_is_believed() -> None:
    outcome = Fixer(detectors(), PROPOSERS, judging([])).fix(wanted(TEXT, 6, "CWE-328"))
    assert outcome.kept is None


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (("    a = hashlib.sha256(one)", "    b = hashlib.md5( two)"), True),
        (("    a = hashlib.md5( one)", "    b = hashlib.sha256(two)"), False),
    ],
)
def test_a_finding_on_the_next_line_may_remain_though_its_line_is_written_anew(
    lines: tuple[str, str], kept: bool
) -> None:
    before = "    a = hashlib.md5(one)\n    b = hashlib.md5(two)"
    proposal = Proposal("told", (Block(before, "\n".join(lines), 5),), "")
    outcome = Fixer(detectors(), [Says(proposal)]).fix(wanted(TWO, 5, "CWE-328"))
    gone = next(check for check in outcome.tried[0].checks if check.name == "gone")
    assert gone.passed is kept, gone.detail


SQL = 'def two(db, a, b):\n    return db.execute("SELECT x FROM t WHERE a = \'" + a + "\'"), {}\n'


def test_several_sinks_on_a_line_are_rewritten_together() -> None:
    outcome = fixed(SQL.format('db.execute("SELECT y FROM u WHERE b = \'" + b + "\'")'), 2, "CWE-89")
    assert outcome.kept is not None
    assert outcome.kept.change.text.count("= ?") == 2
    assert "(a,)), db.execute(" in outcome.kept.change.text
    assert outcome.kept.change.text.endswith("(b,))\n")


def test_a_sink_that_cannot_be_rewritten_keeps_the_finding_of_its_line() -> None:
    assert fixed(SQL.format('db.execute("SELECT y FROM " + b)'), 2, "CWE-89").kept is None


def test_a_sink_of_another_weakness_on_the_line_stays() -> None:
    outcome = fixed("import hashlib\n" + SQL.format("hashlib.md5(b)"), 3, "CWE-89")
    assert outcome.kept is not None
    assert outcome.kept.change.text.endswith("(a,)), hashlib.md5(b)\n")

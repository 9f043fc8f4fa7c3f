"""What a report says of a weakness: there is a name and a remedy for whatever is reported."""

from schemas import Finding, FindingKind, Place, Severity
from secassist.detectors._code.lines import RULES
from secassist.detectors._flow.rules import WEAKNESSES
from secassist.formats import _advice, _cwe


def test_every_weakness_that_is_reported_has_a_name_and_a_remedy() -> None:
    numbers = {f"CWE-{each.cwe}" for each in WEAKNESSES.values()} | {rule.cwe for rule in RULES}
    assert len(numbers) > 30
    assert not [cwe for cwe in numbers if cwe and _cwe.title(cwe) == cwe]
    unknown = _advice.about(weakness("CWE-99999"))
    assert not [cwe for cwe in numbers if cwe and _advice.about(weakness(cwe)) == unknown]


def weakness(cwe: str) -> Finding:
    place = Place(path="a.py", start_line=1, end_line=1)
    return Finding(
        kind=FindingKind.WEAKNESS, rule="r", message="m", place=place, severity=Severity.HIGH, confidence=0.5, cwe=cwe
    )

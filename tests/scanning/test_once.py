"""A credential that review and search for secrets both found: told once, and silenced by either name."""

import pytest

from schemas import Finding, FindingKind, Judgement, Place, Severity
from secassist.scanning.once import told_once
from secassist.scanning.suppressing import suppressions


def finding(kind: FindingKind, rule: str, line: int = 3, **more: object) -> Finding:
    base: dict[str, object] = {"severity": Severity.MEDIUM, "cwe": "CWE-798", "confidence": 0.6, "message": "m"}
    place = Place(path=str(more.pop("path", "a.py")), start_line=line, end_line=line)
    return Finding.model_validate({"kind": kind, "rule": rule, "place": place, **base, **more})


WEAK = finding(FindingKind.WEAKNESS, "hard-coded-credential", also=("B105", "CWE-259"))
SECRET = finding(FindingKind.SECRET, "secret")


def test_the_secret_tells_it_and_names_the_others() -> None:
    (weak,), (secret,) = told_once([[WEAK], [SECRET]])
    assert weak is None
    assert secret is not None
    assert secret.also == ("hard-coded-credential", "B105", "CWE-259")
    for rule in ("B105", "hard-coded-credential", "secret", "CWE-259"):
        (comment,) = suppressions(f"a\n# secassist: ignore[{rule}] a value for tests\nb\n")
        assert comment.covers(secret)


@pytest.mark.parametrize(
    "secret",
    [
        finding(FindingKind.SECRET, "secret", line=4),
        finding(FindingKind.SECRET, "secret", path="b.py"),
        finding(FindingKind.SECRET, "secret", judgement=Judgement.PLACEHOLDER),
        finding(FindingKind.SECRET, "secret", severity=Severity.LOW),
    ],
    ids=["another line", "another file", "judged harmless", "less grave"],
)
def test_both_stay_where_they_are_not_the_same(secret: Finding) -> None:
    assert told_once([[WEAK], [secret]]) == [[WEAK], [secret]]


def test_other_weaknesses_of_the_line_stay() -> None:
    cookie = finding(FindingKind.WEAKNESS, "insecure-cookie", cwe="CWE-614")
    assert told_once([[cookie, WEAK], [SECRET]])[0] == [cookie, None]


def test_one_analysis_alone_is_told_whole() -> None:
    assert told_once([[WEAK]]) == [[WEAK]]

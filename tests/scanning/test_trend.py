"""What came and what went between two scans of the same places."""

from pathlib import Path

from schemas import Finding, FindingKind, Place, Severity
from secassist.scanning.index import Index, forget
from secassist.scanning.scan import Noted, Outcome
from secassist.scanning.trend import root_of, trend
from tests.store.samples import analysis, code


def outcome(*keys: str, line: int = 1) -> list[Outcome]:
    found = [
        Finding(
            kind=FindingKind.WEAKNESS,
            rule=key,
            message="m",
            place=Place(path="a.py", start_line=line, end_line=line),
            severity=Severity.HIGH,
            confidence=0.5,
        )
        for key in keys
    ]
    noted = [Noted(finding, "/x/a.py", finding.rule) for finding in found]
    return [Outcome(0, [(analysis(code(), findings=tuple(found)), noted)])]


def test_new_fixed_and_remaining(tmp_path: Path) -> None:
    index, root = Index(tmp_path), root_of([Path("a")], "review")
    first = trend(outcome("one", "two", "two"), root, index)
    assert (len(first.findings), first.new, first.fixed, len(first.past)) == (3, (), (), 1)
    moved = trend(outcome("one", "two", "two", line=70), root, index)
    assert (moved.new, moved.fixed) == ((), ())
    third = trend(outcome("two", "three"), root, index)
    assert [each.rule for each in third.new] == ["three"]
    assert sorted((each.rule, each.line) for each in third.fixed) == [("one", 70), ("two", 70)]
    assert [(each.counts, each.new, each.fixed) for each in third.past] == [
        ({"high": 3}, 0, 0),
        ({"high": 3}, 0, 0),
        ({"high": 2}, 1, 2),
    ]
    assert len(trend(outcome(), root_of([Path("a")], "sensitive"), index).past) == 1, "asked something else"
    index.close()
    forget(tmp_path)
    assert not list(tmp_path.iterdir())


def test_only_so_many_scans_are_remembered(tmp_path: Path) -> None:
    index = Index(tmp_path)
    for number in range(30):
        found = trend(outcome(f"k{number}"), "root", index)
    assert len(found.past) == 25, "those remembered, and this one"
    assert [bool(each.places) for each in index.past("root")] == [False] * 23 + [True]

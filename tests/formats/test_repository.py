"""The remediation report: what it states and in which order, and that hostile text stays text."""

import re
from html.parser import HTMLParser

import pytest

from schemas import Check, Finding, Severity
from secassist.formats import _repository, _repository_html
from secassist.formats._repository import Gone, Repository, Scanned, groups
from tests.formats.samples import HOSTILE, review, secret

SCANS = (
    Scanned("2026-11-01T08:00:00+00:00", {"high": 2, "low": 1}),
    Scanned("2026-11-08T08:00:00+00:00", {"high": 1, "critical": 1}, new=1, fixed=2),
)


def weakness(cwe: str, severity: Severity, line: int = 1, **more: object) -> Finding:
    first = review().findings[0]
    place = first.place.model_copy(update={"start_line": line, "end_line": line})
    return first.model_copy(update={"cwe": cwe, "severity": severity, "place": place, "fix": None, **more})


def about(*findings: Finding, **more: object) -> Repository:
    return Repository("shop", findings, files=12, scans=SCANS, **more)  # type: ignore[arg-type]


def test_the_gravest_comes_first_and_of_equals_what_costs_least() -> None:
    found = [
        weakness("CWE-502", Severity.HIGH),
        weakness("CWE-89", Severity.HIGH),
        weakness("CWE-327", Severity.LOW),
        weakness("CWE-78", Severity.CRITICAL),
        weakness("CWE-89", Severity.MEDIUM, line=9),
    ]
    ranked = groups(found)
    assert [group.name.split()[0] for group in ranked] == ["CWE-78", "CWE-89", "CWE-502", "CWE-327"]
    assert [len(group.findings) for group in ranked] == [1, 2, 1, 1]
    assert (ranked[1].minutes, ranked[2].minutes) == (30, 480)
    assert ranked[0].score >= 9 > ranked[1].score >= 7


def test_an_accepted_fix_costs_less_and_is_named() -> None:
    fix = review().findings[0].fix
    assert fix is not None
    plain, ready = weakness("CWE-78", Severity.HIGH), weakness("CWE-78", Severity.HIGH, fix=fix)
    refused = ready.model_copy(update={"fix": fix.model_copy(update={"checks": (Check(name="judge", passed=False),)})})
    assert [groups([each])[0].minutes for each in (plain, ready, refused)] == [60, 5, 60]
    assert "a fix was accepted" in _repository.markdown(about(ready))
    assert "a fix was accepted" not in _repository.markdown(about(refused))


@pytest.mark.parametrize("render", [_repository.markdown, _repository_html.page_of])
def test_trend_places_and_what_was_not_read(render) -> None:  # type: ignore[no-untyped-def]
    old, new = weakness("CWE-89", Severity.HIGH, 41), weakness("CWE-78", Severity.CRITICAL, 7)
    gone = [Gone("high", "B602", "CWE-78", "shop/old.py", 3), Gone("low", "B105", "CWE-259", "shop/x.py", 4)]
    text = render(about(old, new, new=[new], fixed=gone, silenced=3, left_out={"binary data": 5}))
    for word in ("orders.py", "old.py", "B602", "binary data", "11-08", "11-01", "Bind values as parameters"):
        assert word in text
    assert text.count("<svg") == (2 if render is _repository_html.page_of else 0)
    first = render(Repository("shop", [], scans=SCANS[:1]))
    assert "nothing to compare with yet" in first and "Nothing found" in first


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {tag, *(name for name, _ in attrs if name.startswith("on"))}


def test_hostile_text_stays_text() -> None:
    place = review().findings[0].place.model_copy(update={"path": HOSTILE})
    evil = weakness("CWE-89", Severity.HIGH, rule=HOSTILE, message=HOSTILE, place=place)
    report = Repository(HOSTILE, [evil], fixed=[Gone("high", HOSTILE, HOSTILE, HOSTILE, 1)], left_out={HOSTILE: 1})
    page = _repository_html.page_of(report)
    tags = _Tags()
    tags.feed(page)
    assert not tags.seen & {"script", "img", "onerror"}
    text = _repository.markdown(report)
    assert not re.search(r"(?<!\\)<script|(?<!\\)\[click\]\(", text)
    assert not {"\x1b", "\u202e", "\x00"} & set(page + text)


def test_a_secret_is_named_by_its_rule_only() -> None:
    text = _repository.markdown(about(secret())) + _repository_html.page_of(about(secret()))
    assert "invented-service-key" in text
    assert "INVENTED" not in text

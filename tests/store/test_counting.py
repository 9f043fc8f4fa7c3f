"""Facts and cases: every number of a report comes from here."""

import pytest

from schemas import Disposition, Floor, Judgement, Severity, State
from secassist.store import Store
from tests.store.samples import START, alert, analysis, code, finding, later, secret, verdict


@pytest.fixture
def filled(store: Store) -> Store:
    floor = Floor(disposition=Disposition.SUSPICIOUS, severity=Severity.HIGH, by="sigma", reason="rule hit")
    shapes = [
        {"verdict": verdict(score=0.7, techniques=("T1110", "T1078"))},
        {"verdict": verdict(score=0.8)},
        {"verdict": verdict(Disposition.SUSPICIOUS, floor=floor, raised=True, techniques=("T1059",))},
        {"verdict": verdict(Disposition.FALSE_POSITIVE, Severity.LOW, techniques=("T9999",))},
        {"state": State.QUARANTINED, "error": "no JSON"},
        {"analyzer": "report"},
        {"analyzer": "remediate"},
    ]
    for number, shape in enumerate(shapes):
        store.add_subject(alert(number))
        store.add_analysis(analysis(alert(number), minutes=number, **shape))
    store.add_subject(code())
    found = (finding(1), finding(2, severity=Severity.CRITICAL), secret(3), secret(4, Judgement.UNSURE))
    store.add_analysis(analysis(code(), minutes=20, analyzer="review", findings=found))
    store.add_subject(alert(50))
    store.add_analysis(analysis(alert(50), minutes=500, verdict=verdict()))
    store.add_rejection("alerts.jsonl:9", "no JSON")
    return store


def test_facts_count_the_window(filled: Store) -> None:
    facts = filled.facts(START, later(60))
    expected = {
        "subjects.total": 7,
        "analyses.total": 7,
        "analyses.triage": 5,
        "analyses.remediate": 1,
        "analyses.review": 1,
        "analyses.state.ok": 6,
        "analyses.state.quarantined": 1,
        "analyses.state.failed": 0,
        "verdicts.total": 4,
        "verdicts.true_positive": 2,
        "verdicts.suspicious": 1,
        "verdicts.false_positive": 1,
        "verdicts.benign_expected": 0,
        "verdicts.severity.high": 3,
        "verdicts.severity.info": 0,
        "verdicts.true_positive.high": 2,
        "findings.total": 3,
        "findings.weakness": 2,
        "findings.secret": 1,
        "findings.personal_data": 0,
        "findings.severity.critical": 1,
        "findings.weakness.critical": 1,
        "findings.judgement.real": 3,
        "findings.judgement.unsure": 1,
        "findings.judgement.test": 0,
        "floors.raised": 1,
        "inputs.rejected": 1,
    }
    assert {name: facts.counts.get(name) for name in expected} == expected
    assert "analyses.report" not in facts.counts
    assert facts.top_techniques == (("T1110", 2), ("T1059", 1), ("T1078", 1))
    assert facts.top_rules == (("B605", 2), ("invented-key", 1))
    assert (facts.since, facts.until) == ("2026-11-01T08:00:00Z", "2026-11-01T09:00:00Z")


def test_facts_of_nothing_are_zeros(store: Store) -> None:
    facts = store.facts(START, later(1))
    assert set(facts.counts.values()) == {0}
    assert facts.top_rules == ()


def test_facts_do_not_change_with_a_report(filled: Store) -> None:
    before = filled.facts(START, later(60))
    filled.add_subject(alert(77))
    filled.add_analysis(analysis(alert(77), minutes=30, analyzer="report"))
    assert filled.facts(START, later(60)) == before


def test_cases_come_worst_first(filled: Store) -> None:
    cases = filled.cases(START, later(60), limit=10)
    assert [case.title for case in cases] == [
        "app.py",
        "Odd login 1",
        "Odd login 0",
        "Odd login 2",
        "Odd login 4",
        "Odd login 3",
    ]
    assert cases[0].findings[1].severity is Severity.CRITICAL
    assert cases[4].state == "quarantined"
    assert filled.cases(START, later(60), limit=2) == cases[:2]

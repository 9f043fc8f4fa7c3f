"""Labels as they stand in the data, in the terms of the scorecard."""

import pytest

from secassist.evaluation.truth import TruthSpan, technique_parents, truth
from tests.evaluation.builders import example


@pytest.mark.parametrize(
    ("verdict", "bad"),
    [("benign", False), ("suspicious", True), ("malicious", True), (None, None), ("", None), (3, None)],
)
def test_everything_but_benign_is_bad_and_unknown_stays_unknown(verdict, bad):
    assert truth(example("T1", label={"verdict": verdict})).bad is bad


def test_a_missing_verdict_is_not_benign():
    assert truth(example("T3", label={})).bad is None


def test_threat_labels():
    label = {"verdict": "malicious", "techniques": ["T1059.001", "T1027", 5], "evidence_index": [0, 9]}
    found = truth(example("T2", label=label))
    assert found.techniques == ("T1059.001", "T1027")
    assert found.lines == (1, 10)


def test_code_labels():
    found = truth(example("C1", label={"vulnerable": True, "cwe": ["cwe-79"], "lines": [3, 1, 3, True, 0]}))
    assert (found.bad, found.cwe, found.lines, found.paired) == (True, ("CWE-79",), (1, 3), False)
    assert truth(example("C1", label={"vulnerable": False, "cwe": [], "lines": []})).bad is False
    assert truth(example("C1", label={"vulnerable": "yes"})).bad is None


@pytest.mark.parametrize("key", ["vulnerable_lines", "deleted_lines"])
def test_a_pair_is_bad_before(key):
    label = {"before": "x", "after": "y", "cwe": ["CWE-89"], key: [2]}
    found = truth(example("C2", input="x", label=label))
    assert (found.bad, found.paired, found.cwe, found.lines) == (True, True, ("CWE-89",), (2,))
    assert truth(example("C2", input={"before": "x", "after": "y"}, label={})).paired
    assert not truth(example("C2", input="x", label={})).paired


def test_only_real_secrets_are_positive():
    spans = [
        {"start": 9, "end": 12, "type": "a", "is_secret": True, "placeholder_like": True},
        {"start": 0, "end": 4, "type": "b", "is_secret": False},
        {"start": 5, "end": 8, "type": "c"},
        {"start": 1, "end": 3, "type": "d", "is_secret": True},
    ]
    found = truth(example("S1", label={"spans": spans}))
    assert found.spans == (TruthSpan(1, 3, "d"),)
    assert found.open == (TruthSpan(9, 12, "a"),)
    assert found.bad is True
    assert truth(example("S1", label={"spans": spans[:1]})).bad is None
    assert truth(example("S1", label={"spans": spans[1:3]})).bad is False


def test_personal_data_is_restricted_to_its_scope():
    spans = [{"start": 0, "end": 4, "type": "phone"}, {"start": 5, "end": 9, "type": "person"}]
    assert len(truth(example("S2", label={"spans": spans})).spans) == 2
    found = truth(example("S2", label={"spans": spans, "scope": ["person"]}))
    assert found.spans == (TruthSpan(5, 9, "person"),)
    assert found.scope == frozenset({"person"})


@pytest.mark.parametrize("place", [(3, 3), (4, 2), (-1, 2), (None, 2), ("0", 2), (0.0, 2)])
def test_impossible_spans_are_not_counted(place):
    label = {"spans": [{"start": place[0], "end": place[1], "type": "x", "is_secret": True}]}
    assert truth(example("S1", label=label)).spans == ()


def test_no_spans_at_all_is_unknown():
    assert truth(example("S1", label={})).bad is None


def test_parents_of_techniques():
    assert technique_parents(["T1059.001", "t1059", "T1027"]) == ("T1059", "T1027")

"""The playbook: complete in both languages, broad enough, and its look-up fits, is stable and never leaves a phase empty."""

import re

import pytest

from schemas import Phase
from secassist.knowledge.playbook import KINDS, candidates, entries, find


def test_entries_are_complete_unique_and_many():
    ids = [entry.id for entry in entries()]
    assert len(ids) == len(set(ids)) >= 140
    for entry in entries():
        for text in (entry.action, entry.reason):
            assert set(text) == {"en", "zh"}
            assert 10 < len(text["en"]) <= 160 and text["en"].endswith(".")
            assert re.search(r"[\u4e00-\u9fff]", text["zh"]) and text["zh"].endswith("。")
        assert set(entry.kinds) <= KINDS
        assert all(re.fullmatch(r"T\d{4}(\.\d{3})?", technique) for technique in entry.techniques)
        assert all(re.fullmatch(r"CWE-\d+", cwe) for cwe in entry.cwe)


def test_covers_many_techniques_weaknesses_and_every_kind():
    assert len({t.split(".")[0] for entry in entries() for t in entry.techniques}) >= 45
    assert len({c for entry in entries() for c in entry.cwe}) >= 40
    assert {k for entry in entries() for k in entry.kinds} == KINDS


@pytest.mark.parametrize(
    ("techniques", "cwe", "kinds"),
    [((), (), ()), (("T9999",), (), ()), ((), ("CWE-1",), ()), ((), (), ("mail",)), (("T1486",), ("CWE-89",), ("code",))],
)
def test_every_phase_has_something_and_keeps_its_order(techniques, cwe, kinds):
    found = candidates(techniques, cwe, kinds)
    ranks = [entry.phase.rank for entry in found]
    assert ranks == sorted(ranks) and set(ranks) == {phase.rank for phase in Phase}
    assert all(ranks.count(rank) <= 4 for rank in ranks)
    assert found == candidates(techniques, cwe, kinds)


def test_fit_decides_the_order():
    first = {entry.phase: entry.id for entry in reversed(candidates((), ("CWE-89",), ("code",)))}
    assert first[Phase.ERADICATE] == "fix-sql"
    secret = [entry.id for entry in candidates((), ("CWE-798",), ("secret",), per_phase=2)]
    assert secret[0] == "secret-revoke-now" and "secret-rotate" in secret
    assert any(entry.id == "mail-purge" for entry in candidates(("T1566.002",), (), ("mail",)))
    assert any(entry.id == "ransomware-stop-spread" for entry in candidates(("T1486",), (), ("windows",)))
    privacy = {entry.id for entry in candidates((), ("CWE-359",), ("personal_data",))}
    assert {"notify-gdpr", "notify-pipl"} <= privacy


def test_sub_technique_finds_advice_for_its_parent():
    assert "isolate-host" in {entry.id for entry in candidates(("T1059.001",), (), ("windows",))}


def test_find_by_id():
    assert find("fix-sql") is not None
    assert find("nothing") is None

"""The playbook: complete in both languages, broad enough, and its look-up fits, is stable and never leaves a phase empty."""

import re
from pathlib import Path

import pytest

from schemas import Phase
from secassist.errors import ConfigError
from secassist.knowledge.playbook import KINDS, LONGEST_ACTION, LONGEST_REASON, candidates, entries, find, read

GOOD = """
- {id: one, phase: contain, techniques: [T1059], cwe: [CWE-78], kinds: [linux],
   action: {en: "Do it.", zh: "去做。"}, reason: {en: "It helps.", zh: "有用。"}}
"""


def test_entries_are_complete_unique_and_many():
    ids = [entry.id for entry in entries()]
    assert len(ids) == len(set(ids)) >= 140
    for entry in entries():
        assert all(len(text) <= LONGEST_ACTION == 110 for text in entry.action.values())
        assert all(len(text) <= LONGEST_REASON == 140 for text in entry.reason.values())
        for text in (entry.action, entry.reason):
            assert set(text) == {"en", "zh"}
            assert len(text["en"]) > 10 and text["en"].endswith(".")
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
    [
        ((), (), ()),
        (("T9999",), (), ()),
        ((), ("CWE-1",), ()),
        ((), (), ("mail",)),
        (("T1486",), ("CWE-89",), ("code",)),
    ],
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


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        ("phase: contain", "phase: relax", "one.*relax"),
        ("T1059", "T9999", "one.*unknown: T9999"),
        ("CWE-78", "CWE-999999", "one.*unknown: CWE-999999"),
        ("kinds: [linux]", "kinds: [toaster]", "one.*unknown: toaster"),
        ("kinds: [linux]", "kind: [linux]", "one.*unknown: kind"),
        (', zh: "去做。"', "", "one.*en and zh"),
        ('"Do it."', '" "', "one.*1 to 110"),
        ('"Do it."', f'"{"x" * 111}"', "one.*111 characters, 1 to 110"),
        ('"It helps."', f'"{"x" * 141}"', "one.*141 characters, 1 to 140"),
        ("id: one, ", "", "without an id.*id"),
    ],
)
def test_a_malformed_entry_is_an_error_that_names_it(tmp_path: Path, was: str, becomes: str, message: str):
    file = tmp_path / "book.yaml"
    file.write_text(GOOD, "utf-8")
    assert [entry.id for entry in read(file)] == ["one"]
    file.write_text(GOOD.replace(was, becomes), "utf-8")
    with pytest.raises(ConfigError, match=message):
        read(file)


def test_an_id_given_twice_is_an_error(tmp_path: Path):
    file = tmp_path / "book.yaml"
    file.write_text(GOOD * 2, "utf-8")
    with pytest.raises(ConfigError, match="more than once: one"):
        read(file)


@pytest.mark.parametrize("cwe", [(), ("CWE-359",), ("CWE-312",), ("CWE-200",)])
def test_personal_data_comes_first_where_personal_data_was_found(cwe: tuple[str, ...]):
    for phase in Phase:
        best = next(entry for entry in candidates((), cwe, ("personal_data",)) if entry.phase is phase)
        assert best.kinds == ("personal_data",)


@pytest.mark.parametrize("technique", ["T1059.001", "T1190", "T1552.005", "T1490", "T1003.001"])
def test_fixes_of_code_are_not_offered_for_techniques(technique: str):
    found = candidates((technique,), (), ("windows", "web", "endpoint", "code"), per_phase=20)
    assert [entry.id for entry in found if entry.cwe and not entry.techniques] == []
    assert [entry.id for entry in found if entry.id.startswith("fix-")] == []


@pytest.mark.parametrize("cwe", ["CWE-89", "CWE-78", "CWE-502", "CWE-120"])
def test_responses_to_techniques_are_not_offered_for_weaknesses(cwe: str):
    found = candidates((), (cwe,), ("code", "web", "linux"), per_phase=20)
    assert [entry.id for entry in found if entry.techniques and not entry.cwe] == []
    assert any(entry.id.startswith("fix-") for entry in found)


GAPS = """
    T1490 T1562.008 T1566.002 T1070.001 T1105 T1204.002 T1218.011 T1572 T1021.001 T1021.002 T1071.001 T1027.010 T1595.003
    T1569.002 T1556.006 T1003.001
"""


@pytest.mark.parametrize("technique", GAPS.split())
def test_every_phase_has_advice_of_its_own_for_the_techniques_of_the_examples(technique: str):
    for phase in Phase:
        best = next(entry for entry in candidates((technique,), (), ()) if entry.phase is phase)
        assert {technique, technique.partition(".")[0]} & {
            *best.techniques,
            *(t.partition(".")[0] for t in best.techniques),
        }
        assert not best.is_general


def test_general_advice_goes_before_advice_on_other_techniques():
    found = candidates(("T1595.003",), (), ("windows", "linux", "endpoint"), per_phase=10)
    for phase in Phase:
        order = [entry for entry in found if entry.phase is phase]
        general = [at for at, entry in enumerate(order) if entry.is_general]
        foreign = [at for at, entry in enumerate(order) if entry.techniques and "T1595" not in str(entry.techniques)]
        assert not foreign or max(general) < min(foreign)

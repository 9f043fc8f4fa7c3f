"""The ATT&CK table: complete, consistent, with its notice; suggestions hold what an analyst would expect."""

from pathlib import Path

import pytest

from secassist.knowledge import attack


def test_the_table_is_consistent():
    rows = attack.techniques()
    assert len(rows) > 650
    for technique, row in rows.items():
        assert attack.exists(attack.parent(technique)), technique
        assert row.tactics, technique
        assert row.platforms, technique
    assert all(attack.exists(old) and attack.exists(new) for old, new in attack.SUCCESSORS.items())


def test_look_ups():
    assert attack.name("T1059.001") == "Command and Scripting Interpreter: PowerShell"
    assert attack.name("T1190") == "Exploit Public-Facing Application"
    assert attack.name("T9999") == ""
    assert not attack.exists("T9999")
    assert attack.tactics("T1059.001") == ("execution",)
    assert attack.parent("T1059.001") == "T1059"
    assert attack.parent("T1190") == "T1190"
    assert attack.successor("T1562.001") == "T1685"
    assert attack.successor("T1059") == "T1059"


def test_the_notice_stands_beside_the_table():
    folder = Path(attack.__file__).parent
    assert "The MITRE Corporation" in (folder / "ATTACK-NOTICE.md").read_text("utf-8")
    assert "The MITRE Corporation" in (folder / "attack.csv").read_text("utf-8").splitlines()[0]


def test_every_word_list_belongs_to_a_known_technique():
    lines = (Path(attack.__file__).parent / "attack_words.csv").read_text("utf-8").splitlines()
    ids = [line.partition(",")[0] for line in lines]
    assert all(attack.exists(technique) for technique in ids)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("text", "parent"),
    [
        ("The malware runs rundll32.exe to load its DLL", "T1218"),
        ("Dumped LSASS memory with procdump", "T1003"),
        ("adds a Run key to start with Windows", "T1547"),
        ("scheduled task created with schtasks", "T1053"),
        ("the user opened a malicious attachment in a phishing email", "T1566"),
        ("files were encrypted and a ransom note was left", "T1486"),
        ("shadow copies deleted with vssadmin", "T1490"),
        ("kerberoasting of service accounts", "T1558"),
        ("multiple failed logins followed by password spraying", "T1110"),
        ("cloudtrail logging stopped", "T1685"),
    ],
)
def test_suggestions_hold_the_expected_technique(text: str, parent: str):
    found = attack.suggest(text, 8)
    assert parent in {attack.parent(technique) for technique, _ in found}
    assert len(found) <= 8
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_suggestions_are_bounded_and_repeatable():
    assert attack.suggest("", 8) == []
    assert attack.suggest("zzz qqq", 8) == []
    text = "powershell downloads a payload and injects it " * 2_000
    assert attack.suggest(text, 5) == attack.suggest(text, 5)

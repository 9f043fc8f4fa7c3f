"""What weaknesses allow: whole sentences in both languages, about weaknesses that are in the table."""

from secassist.knowledge import cwe
from secassist.knowledge.harm import harm, harms


def test_every_row_is_about_known_weaknesses_and_is_a_sentence() -> None:
    assert len(harms()) > 60
    for name, row in harms().items():
        assert cwe.exists(name), name
        assert row.said["en"].endswith(".") and row.said["en"].isascii(), name
        assert row.said["zh"].endswith("。"), name


def test_look_ups() -> None:
    found = harm("CWE-89")
    assert found is not None and found.value and "database" in found.said["en"]
    assert harm("CWE-1") is None

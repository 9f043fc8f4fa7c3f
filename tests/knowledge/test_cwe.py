"""The CWE table: names, parents and severities."""

from schemas import Severity
from secassist.knowledge import cwe


def test_the_table_is_consistent():
    rows = cwe.weaknesses()
    assert len(rows) >= 150
    assert all(row.name and row.id.startswith("CWE-") for row in rows.values())
    assert all(row.parent == "" or row.parent.startswith("CWE-") for row in rows.values())
    assert all(row.parent != row.id for row in rows.values())


def test_look_ups():
    assert cwe.name("CWE-89") == "SQL Injection"
    assert cwe.severity("CWE-78") is Severity.CRITICAL
    assert cwe.severity("CWE-999999") is Severity.MEDIUM
    assert cwe.parent("CWE-121") == "CWE-787"
    assert not cwe.exists("CWE-999999")
    assert cwe.name("CWE-999999") == ""

"""OCSF events: the fields that the classes require."""

import json
from typing import Any

import pytest

from schemas import Analysis
from secassist.formats.ocsf import PLUGIN
from tests.formats.samples import hostile, several

REQUIRED = {"activity_id", "category_uid", "class_uid", "type_uid", "severity_id", "time", "metadata", "finding_info"}


def events(given: list[Analysis]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in PLUGIN.analyses(given).splitlines()]


@pytest.mark.parametrize("given", [several(), hostile()], ids=["several", "hostile"])
def test_required_fields(given: list[Analysis]) -> None:
    for event in events(given):
        assert event.keys() >= REQUIRED
        assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]
        assert event["category_uid"] == 2
        assert 0 <= event["severity_id"] <= 5
        assert event["metadata"]["version"] == "1.8.0"
        assert event["finding_info"].keys() >= {"uid", "title"}


def test_classes_follow_the_outcome() -> None:
    found = events(several())
    assert [each["class_uid"] for each in found] == [2004, 2004, 2002, 2006, 2006, 2004, 2004, 2006]
    assert len({each["finding_info"]["uid"] for each in found}) == len(found)


def test_a_verdict_is_a_detection() -> None:
    bad, calm, *_ = events(several())
    assert (bad["severity_id"], bad["is_alert"], bad["status_id"], bad["confidence_score"]) == (5, True, 1, 91)
    assert bad["time"] == 1793582100000
    assert [each["technique"]["uid"] for each in bad["finding_info"]["attacks"]] == ["T1110.003", "T1078"]
    assert bad["evidences"][0]["data"] == {"line": 3, "field": "source.ip", "quote": "203.0.113.45", "by": "model"}
    assert bad["unmapped"]["disposition"] == "true_positive"
    assert (calm["is_alert"], calm["status"]) == (False, "Suppressed")


def test_a_weakness_is_a_vulnerability() -> None:
    weakness = events(several())[2]["vulnerabilities"][0]
    assert weakness["cwe"] == {"uid": "CWE-89", "caption": "CWE-89 SQL injection"}
    assert weakness["affected_code"][0]["file"] == {"name": "orders.py", "path": "shop/orders.py", "type_id": 1}
    assert weakness["is_fix_available"] is True


def test_a_secret_is_data_security() -> None:
    real, placeholder = events(several())[3:5]
    assert real["data_security"]["pattern_match"] == "INVE...cdef"
    assert real["file"]["path"] == "shop/config.py"
    assert (real["status"], placeholder["status"]) == ("New", "Suppressed")


def test_a_failed_run_is_told() -> None:
    failed = events(several())[6]
    assert (failed["severity_id"], failed["severity"], failed["is_alert"]) == (0, "Unknown", False)
    assert "quarantined" in failed["finding_info"]["desc"]

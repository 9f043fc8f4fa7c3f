"""Suricata, CloudTrail and Windows events."""

import json
from pathlib import Path

import pytest

from schemas import Alert, Severity
from secassist.errors import SourceError
from secassist.sources.base import Limits, Rejected, Skipped
from secassist.sources.cloudtrail import PLUGIN as CLOUDTRAIL
from secassist.sources.eve import PLUGIN as EVE
from secassist.sources.windows_events import PLUGIN as WINDOWS
from secassist.sources.windows_events import event
from tests.sources.evtx_file import evtx_file, windows_event


def lines(path: Path, *values: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(value) + "\n" for value in values), "utf-8")
    return path


def test_eve_titles_by_signature_or_by_what_the_protocol_tells(tmp_path):
    base = {"timestamp": "2024-05-01T12:00:00.000000+0200", "flow_id": 1, "src_ip": "192.0.2.1"}
    alert = base | {"event_type": "alert", "alert": {"signature": "EXAMPLE beacon", "severity": 1}}
    dns = base | {"event_type": "dns", "dns": {"rrname": "a.example"}}
    found = list(EVE.read(lines(tmp_path / "eve.json", alert, dns), Limits()))
    assert [item.title for item in found] == ["EXAMPLE beacon", "dns event: a.example"]
    assert [item.reported_severity for item in found] == [Severity.HIGH, None]
    assert found[0].observed_at == "2024-05-01T10:00:00Z"


def test_eve_techniques_come_from_rule_metadata(tmp_path):
    value = {"event_type": "alert", "alert": {"signature": "x", "metadata": {"mitre_technique_id": ["T1071"]}}}
    (found,) = EVE.read(lines(tmp_path / "eve.json", value), Limits())
    assert found.techniques == ("T1071",)


def test_cloudtrail_says_who_did_what_and_whether_it_failed(tmp_path):
    value = {
        "eventVersion": "1.08",
        "eventTime": "2024-05-01T10:00:00Z",
        "eventSource": "iam.amazonaws.com",
        "eventName": "CreateAccessKey",
        "errorCode": "AccessDenied",
        "userIdentity": {"type": "IAMUser", "userName": "example-user"},
        "responseElements": None,
    }
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"Records": [value, {**value, "errorCode": None}, 5]}))
    first, second, third = CLOUDTRAIL.read(path, Limits())
    assert first.title == "CreateAccessKey (iam.amazonaws.com) by example-user, failed: AccessDenied"
    assert second.title == "CreateAccessKey (iam.amazonaws.com) by example-user"
    assert first.observed_at == "2024-05-01T10:00:00Z"
    assert isinstance(third, Rejected)


def test_evtx_records_become_alerts(tmp_path):
    path = tmp_path / "log.evtx"
    path.write_bytes(evtx_file([windows_event(4688, "Security", {"CommandLine": f"whoami {n}"}) for n in range(3)]))
    found = list(WINDOWS.read(path, Limits()))
    assert [item.origin for item in found] == [f"{path}:{number}" for number in (1, 2, 3)]
    assert found[2].title == "Windows event 4688: process created"
    assert found[2].get("Event.EventData.CommandLine") == "whoami 2"
    assert found[2].get("Event.System.Provider.#attributes.Name") == "Example-Provider"
    assert found[2].observed_at == "2024-05-01T06:40:00.123000Z"


def test_a_damaged_evtx_record_costs_itself_only(tmp_path):
    data = bytearray(evtx_file([windows_event(1, "Microsoft-Windows-Sysmon/Operational", {"A": "b"})] * 3))
    second = data.index(b"**\0\0", data.index(b"**\0\0") + 4)
    data[second + 30 : second + 60] = b"\xff" * 30
    path = tmp_path / "log.evtx"
    path.write_bytes(data)
    first, bad, third = WINDOWS.read(path, Limits())
    assert first.title == third.title == "Sysmon event 1: process created"
    assert isinstance(bad, Rejected) and bad.origin.endswith("record 2") and "export the log again" in bad.reason


def test_a_cut_evtx_file_says_so_and_an_empty_one_is_skipped(tmp_path):
    path = tmp_path / "log.evtx"
    path.write_bytes(evtx_file([windows_event(1, "A", {})])[:9_000])
    assert "shorter than its header says" in list(WINDOWS.read(path, Limits()))[-1].reason
    path.write_bytes(evtx_file([]))
    assert [type(item) for item in WINDOWS.read(path, Limits())] == [Skipped]
    path.write_bytes(b"not an event log")
    with pytest.raises(SourceError, match=r"log\.evtx"):
        list(WINDOWS.read(path, Limits()))


SYSTEM = {"EventID": {"#text": "4625", "#attributes": {"Qualifiers": 0}}, "Channel": "Security"}


@pytest.mark.parametrize(
    ("value", "path", "title"),
    [
        (
            {"Event": {"System": SYSTEM, "EventData": {"TargetUserName": "root"}}},
            "Event.EventData.TargetUserName",
            "Windows event 4625: failed logon, root",
        ),
        (
            {
                "Event": {
                    "System": SYSTEM,
                    "EventData": {"Data": [{"@Name": "User", "#text": "root"}, {"@Name": "X"}]},
                }
            },
            "Event.EventData.Data.User",
            "Windows event 4625: failed logon",
        ),
        (
            {
                "winlog": {
                    "event_id": 1,
                    "channel": "Microsoft-Windows-Sysmon/Operational",
                    "event_data": {"Image": "root"},
                }
            },
            "winlog.event_data.Image",
            "Sysmon event 1: process created, root",
        ),
        (
            {"EventID": 4104, "Channel": "Microsoft-Windows-PowerShell/Operational", "ScriptBlockText": "root"},
            "ScriptBlockText",
            "Windows event 4104: PowerShell script block",
        ),
        (
            {
                "EventID": 13,
                "Channel": "Microsoft-Windows-Sysmon/Operational",
                "TargetObject": "HKU\\Run\\Up",
                "X": "root",
            },
            "X",
            "Sysmon event 13: registry value set, Up",
        ),
        (
            {"EventID": 4624, "Channel": "Security", "TargetUserName": "-", "IpAddress": "root"},
            "IpAddress",
            "Windows event 4624: logon",
        ),
        (
            {"EventID": 4624, "Channel": "Security", "TargetUserName": "r" * 61, "X": "root"},
            "X",
            "Windows event 4624: logon",
        ),
        ({"EventID": 77, "Channel": "Example", "X": "root"}, "X", "Windows event 77 in Example"),
    ],
)
def test_windows_events_in_json_shapes(value, path, title):
    found = event(value, "x:1")
    assert isinstance(found, Alert)
    assert found.get(path) == "root"
    assert found.title == title

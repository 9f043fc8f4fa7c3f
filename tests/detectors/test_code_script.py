"""What is wrong with patterns and messages of JavaScript: each fault and what looks like it."""

import time

import pytest

from schemas import CodeUnit
from secassist.detectors.code_flow import PLUGIN


def rules(text: str, name: str = "a.js") -> set[str]:
    unit = CodeUnit(source="code", origin="test", title=name, path=name, body=text)
    return {one.rule for one in PLUGIN.detect(unit).candidates}


PAIRS = [
    (
        "host-pattern",
        r"ok = /^(?:www\.)?shop.example.org$/.test(u);",
        r"ok = /^(?:www\.)?shop\.example\.org$/.test(u);",
    ),
    (
        "host-pattern",
        r"hosts = [/^https?:\/\/(.+\.)?example.com\//];",
        r"hosts = [/^https?:\/\/(.+\.)?example\.com\//];",
    ),
    ("host-pattern", r"r = new RegExp('^https://www\.shop\.com/');", r"r = new RegExp('^https://www\\.shop\\.com/');"),
    ("host-pattern", "u.match('^http://www.example.com/');", "u.startsWith('http://www.example.com/');"),
    ("host-pattern", r"/^https:\/\/live.socket.io\//.test(u);", r"/socket.io\//.test(u);"),
    ("part-of-address-checked", r"/shop\.example\.com/.test(u);", r"/^https:\/\/shop\.example\.com\//.test(u);"),
    ("part-of-address-checked", r"/^https:\/\/example\.com/.test(u);", r"/^https:\/\/example\.com(\/|$)/.test(u);"),
    (
        "part-of-address-checked",
        r"const r = /example\.com/; r.test(u);",
        r"const r = /example\.com/; t = s.replace(r, '');",
    ),
    ("part-of-address-checked", r"u.match(/example\.com/);", r"u.match(/example\.com\/([^/]+)/)[1];"),
    ("part-of-address-checked", r"/^a\.com|b\.com/.test(h);", r"/^(?:a\.com|b\.com)$/.test(h);"),
    ("part-of-address-checked", r"/a\.com|b\.com$/.test(h);", r"/\.example\.com$/.test(h);"),
    (
        "part-of-address-checked",
        "if (u.includes('//example.co.jp/')) go();",
        "if (u.startsWith('//example.co.jp/')) go();",
    ),
    ("part-of-address-checked", "if (u.startsWith('https://a.example')) go();", "if (u.endsWith('.a.example')) go();"),
    ("wide-range", "/^[0-Z]+$/.test(s);", "/^[0-9A-Z]+$/.test(s);"),
    ("wide-range", "/^[.-z]+$/.test(s);", "/[ -~]|[!-~]|[$-/:-?]|[a-z_.-]/.test(s);"),
    (
        "message-of-anybody",
        "window.addEventListener('message', e => run(e.data));",
        "window.addEventListener('message', e => { if (e.origin === OURS) run(e.data); });",
    ),
    (
        "message-of-anybody",
        "function f(e) { run(e.data); }\nwindow.onmessage = f;",
        "self.onmessage = e => run(e.data);",
    ),
    (
        "message-to-anybody",
        "frame.postMessage(secret, '*');",
        "frame.postMessage(secret, OURS); window.postMessage(1, '*');",
    ),
    ("incomplete-filter", r"r = /<script.*?>.*?<\/script>/gi;", r"r = /<script\b[^>]*>[\s\S]*?<\/script[^>]*>/gi;"),
    ("incomplete-filter", r"r = /<script[ >]/;", r"r = /<script-loader[ >]/i;"),
    ("incomplete-escaping", "t = s.replace('%', '%25');", "t = s.replace('%', '');"),
    ("incomplete-escaping", r"t = s.replace(/\n/, '\\n');", r"t = s.replace(/\n/g, '\\n');"),
    (
        "xss",
        "$('<a href=\"' + location.hash + '\">a</a>');",
        "$('<a href=\"' + encodeURIComponent(location.hash) + '\">a</a>');",
    ),
    ("prototype-pollution", "to[a][b] = c;", "const kOf = Symbol('of'); to[kOf][b] = c;"),
    ("prototype-pollution", "to[a][b] = c;", "if (a === '__proto__') return; to[a][b] = c;"),
    ("prototype-pollution", "to[a][b] = c;", "const none = { __proto__: null };"),
    ("insecure-cookie", "cookies.set('a', b, { secure: false });", "mail = connect({ host: a, secure: false });"),
    ("dynamic-pattern", "r = new RegExp(text);", "r = new RegExp(other.source, 'g');"),
    ("command-execution", "cp.execFile(process.argv[2], []);", "cp.execFile(process.argv[0], []);"),
    ("code-evaluation", "new JSDOM(page, { runScripts: 'dangerously' });", "new JSDOM(page);"),
    (
        "recursive-merge",
        "function mix(a, b) { for (const k in b) { if (deep(b[k])) mix(a[k], b[k]); else a[k] = b[k]; } }",
        "function mix(a, b) { for (const k in b) { a[k] = b[k]; } }",
    ),
    (
        "recursive-merge",
        "const mix = (a, b) => { Object.keys(b).forEach((k) => { a[k] = deep(b[k]) ? mix(a[k], b[k]) : b[k]; }); };",
        "const mix = (a, b) => { Object.keys(b).forEach((k) => { if (k !== '__proto__') a[k] = mix(a[k], b[k]); }); };",
    ),
    (
        "recursive-merge",
        "function mix(a, b) { for (const k of Object.keys(b)) { a[k] = deep(b[k]) ? mix(a[k], b[k]) : b[k]; } }",
        "function mix(a, b) { for (const k in b) { if (Object.hasOwn(a, k)) mix(a[k], b[k]); else a[k] = b[k]; } }",
    ),
    ("hidden-direction", "// \u202e start\nrun();", "// \u200f start\nrun();"),
]


@pytest.mark.parametrize(("rule", "bad", "good"), PAIRS, ids=[f"{rule}-{n}" for n, (rule, _, _) in enumerate(PAIRS)])
def test_the_fault_is_found_and_what_looks_like_it_is_not(rule: str, bad: str, good: str) -> None:
    if rule == "code-evaluation":
        bad, good = (f"app.get('/', (req, res) => {{ const page = req.query.a; {text} }});" for text in (bad, good))
    assert rule in rules(bad)
    assert rule not in rules(good)


def test_signs_that_turn_the_writing_are_found_in_every_language() -> None:
    assert "hidden-direction" in rules("# \u2066 a\nx = 1\n", "a.py")


def test_long_patterns_take_linear_time() -> None:
    text = (
        "r = /" + "a." * 900 + "com/;\n" + "s = /[" + "a-" * 900 + "]/;\n" + "t = /" + "(a|" * 600 + ")" * 600 + "/;\n"
    )
    began = time.monotonic()
    rules(text * 20)
    assert time.monotonic() - began < 5

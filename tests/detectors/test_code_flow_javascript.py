"""Values through places left out, lists, tags, required modules and encodings of JavaScript."""

import pytest

from schemas import CodeUnit
from secassist.detectors.code_flow import PLUGIN


def found(body: str) -> set[str]:
    text = (
        'const childProcess = require("child_process");\nfunction page(req, res) {\n  const v = req.query.v;\n'
        + body
        + "\n}"
    )
    unit = CodeUnit(path="a.js", language="javascript", body=text, source="t")
    return {one.cwe for one in PLUGIN.detect(unit).candidates if one.cwe}


WEAK = {
    "a place left out": ("const [, w] = ['a', v]; res.send('<p>' + w);", "CWE-79"),
    "a list shifted": ("const l = ['a']; l.push(v); l.shift(); res.send('<p>' + l[0]);", "CWE-79"),
    "a frozen object": ("const w = Object.freeze({ a: v }).a; res.send('<p>' + w);", "CWE-79"),
    "encoding taken back": ("res.send('<p>' + decodeURIComponent(encodeURIComponent(v)));", "CWE-79"),
    "written and read": ("eval(JSON.parse(JSON.stringify({ a: v })).a);", "CWE-95"),
    "a required module": ("require('https').get(v, done);", "CWE-918"),
    "a module of node": ("require('node:child_process').exec('ls ' + v);", "CWE-78"),
    "a raw part of a query": ("db('t').whereRaw(`a = '${v}'`);", "CWE-89"),
    "the session": ("const session = req.session; session.name = v;", "CWE-501"),
    "a file of logs": ("fs.appendFileSync('/var/log/a.log', `got ${v}`);", "CWE-117"),
    "a host's list for a page": (
        "if (!ALLOWED_HOSTS.has(new URL(v).hostname)) throw new Error('x'); res.send('<p>' + v);",
        "CWE-79",
    ),
}
SAFE = {
    "the other place": ("const [w] = ['a', v]; res.send('<p>' + w);", "CWE-79"),
    "what was shifted off": ("const l = [v]; l.push('a'); l.shift(); res.send('<p>' + l[0]);", "CWE-79"),
    "a tag's values": ("prisma.$queryRaw`SELECT a FROM t WHERE a = ${v}`;", "CWE-89"),
    "a required escape": ("res.send('<p>' + require('he').encode(v));", "CWE-79"),
    "a log as JSON": ("console.log('got', JSON.stringify(v));", "CWE-117"),
    "a host's list": (
        "if (!ALLOWED_HOSTS.has(new URL(v).hostname)) throw new Error('x'); require('https').get(v, done);",
        "CWE-918",
    ),
    "a known folder": (
        "const f = nodePath.resolve('/srv/a', v); if (nodePath.dirname(f) !== '/srv/a') throw new Error('x');"
        " fs.writeFileSync(f, 'a');",
        "CWE-22",
    ),
    "a constant pattern": ("const p = 'a'; const r = new RegExp(p);", "CWE-1333"),
}


@pytest.mark.parametrize("name", WEAK)
def test_weak(name: str) -> None:
    body, cwe = WEAK[name]
    assert cwe in found(body)


@pytest.mark.parametrize("name", SAFE)
def test_safe(name: str) -> None:
    body, cwe = SAFE[name]
    assert cwe not in found(body)


def test_a_fragment_clears_nothing() -> None:
    unit = CodeUnit(path="a.js", language="javascript", body="} }\nconst p = 'a';\nconst r = eval(p", source="t")
    whole = CodeUnit(path="a.js", language="javascript", body="const p = 'a';\nconst r = eval(p);", source="t")
    assert len(PLUGIN.detect(unit).candidates) > len(PLUGIN.detect(whole).candidates)

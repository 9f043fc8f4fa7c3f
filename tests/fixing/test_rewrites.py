"""Rewrites by example: what becomes of a line, and what is refused; every accepted one has passed the detectors."""
# ruff: noqa: E501 - an example is easier to check in one piece

import pytest

from secassist.fixing.markup import escaping_helps
from secassist.fixing.proposers import PROPOSERS
from tests.fixing.fixtures import fixed, wanted

PYTHON = [
    ("CWE-78", "import os\nos.system('rm -rf ' + path)", "import subprocess\nsubprocess.run(['rm', '-rf', str(path)], check=False)"),
    ("CWE-78", "import os\ncode = os.system(f'ls {x}')", "import subprocess\ncode = subprocess.run(['ls', str(x)], check=False).returncode"),
    (
        "CWE-78",
        "import os\nt = os.popen('id ' + u).read()",
        "import subprocess\nt = subprocess.run(['id', str(u)], capture_output=True, text=True, check=False).stdout",
    ),
    ("CWE-78", "import subprocess\nsubprocess.call('ls %s' % x, shell=True)", "import subprocess\nsubprocess.call(['ls', str(x)])"),
    ("CWE-502", "import yaml\nd = yaml.load(f)  # kept", "import yaml\nd = yaml.safe_load(f)  # kept"),
    ("CWE-502", "import pickle\nd = pickle.loads(b)", "import json\nd = json.loads(b)"),
    ("CWE-330", "import random\nt = random.randint(0, 9)", "import secrets\nt = secrets.SystemRandom().randint(0, 9)"),
    ("CWE-95", "v = eval(text)", "import ast\n\nv = ast.literal_eval(text)"),
    ("CWE-377", "import tempfile\nn = tempfile.mktemp('.txt')", "import tempfile\nn = tempfile.NamedTemporaryFile(suffix='.txt', delete=False).name"),
    ("CWE-295", "import requests\nrequests.get(u, timeout=1, verify=False)", "import requests\nrequests.get(u, timeout=1, verify=True)"),
    ("CWE-295", "import ssl\nc = ssl._create_unverified_context()", "import ssl\nc = ssl.create_default_context()"),
    ("CWE-611", "import xml.etree.ElementTree as ET\nt = ET.parse(f)", "import defusedxml.ElementTree\nt = defusedxml.ElementTree.parse(f)"),
    ("CWE-79", "from jinja2 import Environment\ne = Environment()", "from jinja2 import Environment\ne = Environment(autoescape=True)"),
    (
        "CWE-79",
        "from fastapi import FastAPI\nfrom fastapi.responses import HTMLResponse\napp = FastAPI()\n\n@app.get('/')\ndef page(q: str):\n    return HTMLResponse(f'<b>{q}</b>')",
        "from fastapi import FastAPI\nfrom fastapi.responses import HTMLResponse\nfrom html import escape\napp = FastAPI()\n\n@app.get('/')\ndef page(q: str):\n    return HTMLResponse(f'<b>{escape(str(q))}</b>')",
    ),
    ("CWE-79", "from markupsafe import Markup\nm = Markup(f'<b>{x}</b>')", "from markupsafe import Markup\nm = Markup('<b>{}</b>').format(x)"),
    ("CWE-732", "import os\nos.chmod(p, 0o777)", "import os\nos.chmod(p, 0o700)"),
    ("CWE-22", "import tarfile\ntarfile.open(p).extractall(d)", "import tarfile\ntarfile.open(p).extractall(d, filter=\"data\")"),
    ("CWE-328", "import hashlib\nh = hashlib.sha1(data)", "import hashlib\nh = hashlib.sha256(data)"),
    ("CWE-326", "from Crypto.PublicKey import RSA\nk = RSA.generate(1024)", "from Crypto.PublicKey import RSA\nk = RSA.generate(2048)"),
    ("CWE-89", "cur.execute('SELECT a FROM t WHERE n LIKE \"%' + n + '%\"')", "cur.execute('SELECT a FROM t WHERE n LIKE %s', (f\"%{n}%\",))"),
    ("CWE-89", "import sqlite3\nQ = \"SELECT a FROM t WHERE n = '{}'\"\nc.execute(Q.format(n))", "import sqlite3\nQ = \"SELECT a FROM t WHERE n = ?\"\nc.execute(Q, (n,))"),
    ("CWE-89", "from sqlalchemy import text\ns.execute(text(f\"SELECT a FROM t WHERE n = '{n}'\"))", "from sqlalchemy import text\ns.execute(text(\"SELECT a FROM t WHERE n = :value1\"), {\"value1\": n})"),
    ("CWE-643", "from lxml import etree\nr = tree.xpath(\"/a[@id='%s']\" % value)", "from lxml import etree\nr = tree.xpath(\"/a[@id=$value]\", value=value)"),
    ("CWE-643", "from lxml import etree\nr = etree.XPath(\"/a[@id='\" + value + \"']\")", "import re\nfrom lxml import etree\nif not re.fullmatch(r\"[\\w .@-]*\", value):\n    raise ValueError(\"a value holds characters that are not allowed\")\nr = etree.XPath(\"/a[@id='\" + value + \"']\")"),
    ("CWE-90", "import ldap\nc.search_s(b, s, '(uid=%s)' % u)", "import ldap\nfrom ldap.filter import escape_filter_chars\nc.search_s(b, s, '(uid=%s)' % escape_filter_chars(u))"),
    ("CWE-377", "import os\nn = os.tempnam()", "import tempfile\nn = tempfile.NamedTemporaryFile(delete=False).name"),
    ("CWE-377", "f = open('/tmp/abc', 'w')", "import tempfile\n\nf = tempfile.NamedTemporaryFile('w', prefix='abc-', delete=False)"),
    ("CWE-502", "import jsonpickle\nd = jsonpickle.decode(b)", "import json\nd = json.loads(b)"),
    ("CWE-328", "import hashlib\nh = hashlib.new(name='md5', data=b)", "import hashlib\nh = hashlib.new(name=\"sha256\", data=b)"),
    ("CWE-328", "import crypt\ns = crypt.mksalt(crypt.METHOD_MD5)", "import crypt\ns = crypt.mksalt(crypt.METHOD_SHA512)"),
    ("CWE-89", "import sqlite3\nc.execute('UPDATE t SET a = ? WHERE b = %s' % b, (a,))", "import sqlite3\nc.execute('UPDATE t SET a = ? WHERE b = ?', (a, b))"),
]  # fmt: skip


def test_a_name_is_imported_once_from_a_module_that_is_imported_from_twice() -> None:
    text = "from Crypto.Hash import MD5\nfrom Crypto.Hash import SHA as sha\nh = MD5.new()\n"
    found = fixed(text, 3, "CWE-328").tried[0].change.text
    assert found == "from Crypto.Hash import SHA256\nfrom Crypto.Hash import SHA as sha\nh = SHA256.new()\n"


@pytest.mark.parametrize(("cwe", "before", "after"), PYTHON, ids=[f"{row[0]}-{at}" for at, row in enumerate(PYTHON)])
def test_python(cwe: str, before: str, after: str) -> None:
    line = before.count("\n") + 1
    text = before + "\n"
    found = [tried.change.text for tried in fixed(text, line, cwe).tried]
    assert after + "\n" in found


@pytest.mark.parametrize(
    ("cwe", "text"),
    [
        ("CWE-89", "c.execute('SELECT a FROM ' + table)"),
        ("CWE-89", "c.execute('SELECT a FROM t ORDER BY %s' % column)"),
        ("CWE-89", "c.execute(f\"SELECT a FROM t WHERE n = '{a} {b}'\")"),
        ("CWE-89", "self.execute('SELECT a FROM t WHERE n = %s' % n)"),
        ("CWE-78", "import os\nos.system(program + ' -v')"),
        ("CWE-78", "import os\nos.system('cat ' + x + ' | mail root')"),
        ("CWE-78", "import subprocess\nsubprocess.run(command, shell=True)"),
        ("CWE-502", "import pickle\npickle.dump(x, f)\npickle.loads(b)"),
        ("CWE-79", "def f(x):\n    return f'<script>var a = {x}</script>'"),
        ("CWE-668", "s.bind(('0.0.0.0', 80))"),
        ("CWE-89", "def broken(:"),
    ],
)
def test_what_no_rewrite_makes_safe_is_left_to_a_person(cwe: str, text: str) -> None:
    proposals = [
        p for one in PROPOSERS if one.name == "rewrite" for p in one.propose(wanted(text, text.count("\n") + 1, cwe))
    ]
    assert proposals
    assert not any(proposal.blocks for proposal in proposals)


OTHERS = [
    ("javascript", "CWE-78", 'const cp = require("child_process");\ncp.exec("rm -rf " + name);', 'cp.execFile("rm", ["-rf", String(name)]);'),
    ("javascript", "CWE-79", "element.innerHTML = location.hash;", "element.textContent = location.hash;"),
    ("javascript", "CWE-328", "crypto.createHash('md5').update(x)", "crypto.createHash('sha256').update(x)"),
    ("javascript", "CWE-295", "fetch({ rejectUnauthorized: false })", "fetch({ rejectUnauthorized: true })"),
    ("java", "CWE-328", 'class A { void f() { MessageDigest.getInstance("MD5"); } }', 'class A { void f() { MessageDigest.getInstance("SHA-256"); } }'),
    ("java", "CWE-330", "class A { int f() { return new Random().nextInt(); } }", "class A { int f() { return new java.security.SecureRandom().nextInt(); } }"),
    ("go", "CWE-295", "package a\nvar c = tls.Config{InsecureSkipVerify: true}", "var c = tls.Config{InsecureSkipVerify: false}"),
    ("go", "CWE-328", 'package a\n\nimport "crypto/md5"\n\nvar h = md5.Sum(x)', 'var h = sha256.Sum256(x)'),
    ("php", "CWE-79", "<?php\necho '<b>' . $_GET['n'] . '</b>';", "echo '<b>' . htmlspecialchars($_GET['n'], ENT_QUOTES) . '</b>';"),
    ("php", "CWE-78", "<?php\nsystem('cat ' . $_GET['n'] . f($m));", "system('cat ' . escapeshellarg($_GET['n']) . escapeshellarg(f($m)));"),
    ("php", "CWE-78", "<?php\nsystem(\"cat '\" . $_GET['n'] . \"' x\");", "system(\"cat \" . escapeshellarg($_GET['n']) . \" x\");"),
    ("php", "CWE-78", "<?php\nsystem(\"cat {$_GET['n']}\");", "system(\"cat \" . escapeshellarg($_GET['n']));"),
    ("php", "CWE-502", "<?php\n$a = unserialize($_COOKIE['a']);", "$a = unserialize($_COOKIE['a'], ['allowed_classes' => false]);"),
    ("c", "CWE-120", "void f(char *s) {\n  char b[8];\n  strcpy(b, s);\n}", '  snprintf(b, sizeof(b), "%s", s);'),
    ("c", "CWE-134", "void f(char *s) {\n  printf(s);\n}", '  printf("%s", s);'),
    ("javascript", "CWE-79", 'e.innerHTML = "<b>" + location.hash + "</b>";', 'e.innerHTML = "<b>" + String(location.hash).replace(/[&<>"\']/g, (c) => "&#" + c.charCodeAt(0) + ";") + "</b>";'),
    ("javascript", "CWE-78", 'const { exec } = require("child_process");\nexec(`cat \'${name}\' -n`);', 'require("child_process").execFile("cat", [String(name), "-n"]);'),
    ("javascript", "CWE-601", "window.location = location.hash;", 'window.location = "/" + String(location.hash).replace(/^[\\\\/\\s]+/, "");'),
    ("javascript", "CWE-89", 'const mysql = require("mysql");\ndb.query("SELECT a FROM t WHERE n = \'" + n + "\'");', 'db.query("SELECT a FROM t WHERE n = ?", [n]);'),
    ("javascript", "CWE-798", 'const password = "invented-value-1";', "const password = process.env.PASSWORD;"),
    ("java", "CWE-89", 'class A { void f() {\n    ResultSet r = s.executeQuery("SELECT a FROM t WHERE n = \'" + n + "\'");', "    prepared.setString(1, n);"),
    ("java", "CWE-611", "class A { void f() {\n    SAXReader reader = new SAXReader();\n    reader.read(x);", '    reader.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);'),
    ("java", "CWE-327", 'class A { void f() { SSLContext.getInstance("SSLv3"); } }', 'class A { void f() { SSLContext.getInstance("TLSv1.2"); } }'),
    ("java", "CWE-328", "class A { void f() { Hashing.md5(); } }", "class A { void f() { Hashing.sha256(); } }"),
    ("go", "CWE-89", "package a\n\nfunc f() {\n\tdb.Query(fmt.Sprintf(\"SELECT a FROM t WHERE n = '%s'\", n))\n}", '\tdb.Query("SELECT a FROM t WHERE n = ?", n)'),
    ("go", "CWE-79", 'package a\n\nfunc f() {\n\tw.Write([]byte(r.FormValue("n")))\n}', '\tio.WriteString(w, html.EscapeString(r.FormValue("n")))'),
    ("go", "CWE-798", 'package a\n\nvar password = "invented-value-1"', 'var password = os.Getenv("PASSWORD")'),
    ("php", "CWE-89", "<?php\n$q = \"SELECT a FROM t WHERE n = '$n'\";\nmysql_query($q);", "$q = \"SELECT a FROM t WHERE n = '\" . mysql_real_escape_string($n) . \"'\";"),
    ("php", "CWE-89", "<?php\n$q = sprintf('SELECT a FROM t WHERE id = %s', $n);\nmysql_query($q);", "$q = sprintf('SELECT a FROM t WHERE id = %s', (int) ($n));"),
    ("php", "CWE-90", '<?php\nldap_search($d, "o=a", "name={$_GET[\'n\']}");', 'ldap_search($d, "o=a", "name=" . ldap_escape($_GET[\'n\'], \'\', LDAP_ESCAPE_FILTER) . "");'),
    ("php", "CWE-98", "<?php\ninclude('pages/' . $_GET['p'] . '.php');", "include('pages/' . basename($_GET['p']) . '.php');"),
    ("php", "CWE-601", "<?php\nheader('Location: ' . $_GET['u']);", "header('Location: ' . '/' . ltrim($_GET['u'], \"/\\\\ \\t\\r\\n\"));"),
    ("php", "CWE-79", "<?php\necho '<a href=' . $_GET['n'] . '>';", "echo '<a href=' . preg_replace('/[^A-Za-z0-9_-]/', '', $_GET['n']) . '>';"),
    ("php", "CWE-78", "<?php\n$q = sprintf(\"cat '%s'\", $n);\nsystem($q);", '$q = sprintf("cat %s", escapeshellarg($n));'),
    ("php", "CWE-95", "<?php\neval(\"echo '\" . $n . \"';\");", "eval(\"echo '\" . preg_replace('/[^A-Za-z0-9_-]/', '', $n) . \"';\");"),
    ("javascript", "CWE-22", 'const fs = require("fs");\nfs.readFileSync("/srv/" + name);', 'fs.readFileSync("/srv/" + require("path").basename(String(name)));'),
    ("javascript", "CWE-22", 'const path = require("path");\nopen(path.join(ROOT, name));', "open(path.join(ROOT, path.basename(String(name))));"),
    ("go", "CWE-601", 'package a\n\nimport "strings"\n\nfunc f() {\n\thttp.Redirect(w, r, u, 302)\n}', '\thttp.Redirect(w, r, "/"+strings.TrimLeft(u, "/\\\\ \\t\\r\\n"), 302)'),
    ("java", "CWE-601", "class A { void f() {\n  r.sendRedirect(u);", '  r.sendRedirect("/" + (u).replaceAll("^[/\\\\\\\\\\\\s]+", ""));'),
    ("go", "CWE-1004", 'package a\nvar c = http.Cookie{Name: "a"}', 'var c = http.Cookie{HttpOnly: true, Secure: true, Name: "a"}'),
    ("php", "CWE-330", "<?php\n$n = mt_rand(1, 6);", "$n = random_int(1, 6);"),
    ("c", "CWE-330", "int f() {\n  return rand();\n}", "  return (int) (arc4random() & 0x7fffffff);"),
    ("c", "CWE-690", "void f() {\n    char *p = malloc(8);\n    p[0] = 1;\n}", "    if (p == NULL)"),
    ("c", "CWE-369", "void f(int n) {\n    show(100 / n);\n}", "    if (n == 0)"),
    ("c", "CWE-191", "void f(int n) {\n    --n;\n}", "    if (n <= INT_MIN)"),
    ("c", "CWE-124", "void f() {\n    char b[9];\n    char *p;\n    p = b - 8;\n    strcpy(p, x);\n}", "    p = b;"),
    ("c", "CWE-590", "void f() {\n    char b[9];\n    free(b);\n}", "    char b[9];"),
    ("c", "CWE-121", "void f(wchar_t *s) {\n    wchar_t b[9];\n    wcscpy(b, s);\n}", '    swprintf(b, sizeof(b) / sizeof(b[0]), L"%ls", s);'),
    ("csharp", "CWE-352", "class A {\n    [HttpPost]\n    void F() { } }", "    [HttpPost, ValidateAntiForgeryToken]"),
    ("csharp", "CWE-611", "class A { void F() {\nvar d = new XmlDocument(); } }", "var d = new XmlDocument { XmlResolver = null }; } }"),
    ("csharp", "CWE-328", "class A { void F() { MD5 m = MD5.Create(); } }", "class A { void F() { SHA256 m = SHA256.Create(); } }"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "cwe", "text", "line"), OTHERS, ids=[f"{row[0]}-{row[1]}-{at}" for at, row in enumerate(OTHERS)]
)
def test_other_languages(language: str, cwe: str, text: str, line: str) -> None:
    shown = [number for number, each in enumerate(text.split("\n"), start=1) if each.strip(" }")]
    hit = next((number for number in shown if "[HttpPost]" in text.split("\n")[number - 1]), max(shown))
    outcome = fixed(text, hit, cwe, language, path=f"unit.{language}")
    assert outcome.tried
    change = next((each for each in outcome.tried if line in each.change.text.split("\n")), None)
    assert change is not None, [each.change.text for each in outcome.tried]
    assert all(
        check.passed
        for check in change.checks
        if check.name in ("parses", "signatures", "small", "unsilenced", "kept", "plain", "nothing-new")
    )


@pytest.mark.parametrize(
    ("language", "cwe", "text"),
    [
        ("php", "CWE-78", "<?php\nsystem($_GET['x']);"),
        ("php", "CWE-78", '<?php\nsystem("`cat " . $_GET[\'x\'] . "`");'),
        ("javascript", "CWE-78", 'require("child_process");\ncp.exec(name + " -v");'),
        ("php", "CWE-79", "<script>\n<?php echo $_GET['n'];"),
        ("php", "CWE-89", "<?php\n$q = 'SELECT a FROM ' . $_GET['t'];\nmysql_query($q);"),
        ("php", "CWE-89", '<?php\n$q = "SELECT a FROM t WHERE n = $n";\nmysql_query($q);'),
        ("go", "CWE-89", 'package a\nfunc f() { db.Query("SELECT a FROM " + t) }'),
        ("php", "CWE-95", "<?php\neval($_GET['n'] . ';');"),
        ("javascript", "CWE-22", 'import fs from "fs";\nfs.readFileSync("/srv/" + name);'),
        ("go", "CWE-798", 'package a\nconst password = "invented-value-1"'),
        ("javascript", "CWE-89", 'db.query("SELECT a FROM t ORDER BY " + column)'),
        ("csharp", "CWE-330", "class A { void F() {\nvar r = new Random();\nuse(r); } }"),
        ("c", "CWE-401", "char *f() {\n  char *p = malloc(8);\n  return p;\n}"),
        ("c", "CWE-120", "void f(char *b, char *s) {\n  strcpy(b, s);"),
    ],
)
def test_no_edit_in_other_languages_where_it_would_not_be_safe(language: str, cwe: str, text: str) -> None:
    proposals = [
        p
        for one in PROPOSERS
        if one.name == "rewrite"
        for p in one.propose(wanted(text, text.count("\n") + 1, cwe, language))
    ]
    assert not any(proposal.blocks for proposal in proposals)


@pytest.mark.parametrize(
    ("before", "helps"),
    [
        ("<p>", True),
        ("", True),
        ('<input value="', True),
        ("<input value=", False),
        ('<a href="', False),
        ('<a onclick="', False),
        ("<script>var x = '", False),
        ("<script>var x</script><p>", True),
        ("<!-- ", False),
        ("<style>p { color: ", False),
        ("alert('", False),
    ],
)
def test_where_escaping_helps(before: str, helps: bool) -> None:
    assert escaping_helps(before) is helps


OLD = """import os, random


def f(name):
    print "of", name
    try:
        os.system("ls " + name)
    except OSError, error:
        print >>log, error
    return random.choice(name)
"""


def test_python_2_is_rewritten_by_what_python_2_has() -> None:
    listed = fixed(OLD, 7, "CWE-78").tried[0]
    assert '        subprocess.call(["ls", str(name)])' in listed.change.text.split("\n")
    assert listed.accepted
    assert "    return random.SystemRandom().choice(name)" in fixed(OLD, 10, "CWE-330").tried[0].change.text


def test_a_line_that_cannot_be_read_is_looked_over_and_none_is_added() -> None:
    text = "import hashlib\n??? what is this\nh = hashlib.md5(data)\n"
    change = fixed(text, 3, "CWE-328").tried[0]
    assert "h = hashlib.sha256(data)" in change.change.text
    assert change.accepted


@pytest.mark.parametrize(
    ("language", "path", "line", "text"),
    [
        ("python", "a.py", 5, "import hashlib\n\ndef check(password):\n    h = hashlib.md5()\n    h.update(password.encode()); x = hashlib.md5(b'')\n    return h.hexdigest()\n"),
        ("python", "a.py", 3, "import hashlib\ndef stored(password, salt):\n    return hashlib.md5(salt + password, usedforsecurity=True).hexdigest()\n"),
        ("javascript", "a.js", 3, "const crypto = require('crypto');\nfunction stored(password) {\n  return crypto.createHash('md5').update(password).update(salt).digest('hex');\n}\n"),
        ("php", "a.php", 3, "<?php\nfunction stored($password) {\n  return md5($password, true);\n}\n"),
        ("java", "A.java", 3, 'class A {\n  byte[] f(String password) throws Exception {\n    return java.security.MessageDigest.getInstance("MD5").digest(password.getBytes());\n  }\n}\n'),
    ],
)  # fmt: skip
def test_a_password_gets_no_fast_hash(language: str, path: str, line: int, text: str) -> None:
    outcome = fixed(text, line, "CWE-328", language, path)
    assert outcome.kept is None
    assert any("slow hash" in told or "For passwords" in told for told in outcome.advice)


def test_what_only_tells_contents_apart_still_gets_sha_256() -> None:
    text = "const crypto = require('crypto');\nfunction etag(page) {\n  return crypto.createHash('md5').update(page).digest('hex');\n}\n"
    kept = fixed(text, 3, "CWE-328", "javascript", "a.js").kept
    assert kept is not None and "sha256" in kept.change.text


def test_bytes_of_a_file_are_not_escaped() -> None:
    text = "const fs = require('fs'), escape = require('escape-html');\nfunction f(req, res) {\n  res.send(fs.readFileSync(req.query.name));\n}\n"
    outcome = fixed(text, 3, "CWE-79", "javascript", "a.js")
    assert outcome.kept is None and any("bytes of a file" in told for told in outcome.advice)

"""What the data flow sees through: branches that are never taken, containers, helpers, cleaners, guards, contexts."""
# ruff: noqa: E501 - a program is easier to read in one piece

import time

import pytest

from schemas import CodeUnit, Severity
from secassist.detectors.code_flow import PLUGIN

SUFFIXES = {"python": "py", "java": "java", "javascript": "js", "php": "php", "go": "go", "csharp": "cs", "ruby": "rb"}


def found(language: str, body: str) -> set[str]:
    unit = CodeUnit(source="t", path=f"x.{SUFFIXES[language]}", language=language, body=body)
    return {candidate.cwe for candidate in PLUGIN.detect(unit).candidates}


PYTHON = """from flask import request, redirect, session, make_response
@app.post('/x')
def page():
    value = request.form.get('a')
    other = 'fixed'
{}
    return ''
"""


@pytest.mark.parametrize(
    ("code", "cwe", "reached"),
    [
        ("cur.execute(f\"SELECT a FROM b WHERE c = '{value}'\")", "CWE-89", True),
        ("cur.execute('SELECT a FROM b WHERE c = ?', (value,))", "CWE-89", False),
        ("n = 106\nx = 'a' if 7 * 18 + n > 200 else value\ncur.execute('SELECT a FROM b WHERE c = ' + x)", "CWE-89", False),
        ("n = 86\nx = 'a' if 7 * 18 + n > 300 else value\ncur.execute('SELECT a FROM b WHERE c = ' + x)", "CWE-89", True),
        ("d = {}\nd['k'] = other\nd['l'] = value\nos.system('ls ' + d['k'])", "CWE-78", False),
        ("d = {}\nd['k'] = other\nd['l'] = value\nos.system('ls ' + d['l'])", "CWE-78", True),
        ("l = []\nl.append('a')\nl.append(value)\nl.append('b')\nl.pop(0)\nos.system('ls ' + l[1])", "CWE-78", False),
        ("l = []\nl.append('a')\nl.append(value)\nl.append('b')\nl.pop(0)\nos.system('ls ' + l[0])", "CWE-78", True),
        ("match 'ABC'[1]:\n    case 'A':\n        other = value\nos.system('ls ' + other)", "CWE-78", False),
        ("match 'ABC'[0]:\n    case 'A':\n        other = value\nos.system('ls ' + other)", "CWE-78", True),
        ("import shlex\nos.system('ls ' + shlex.quote(value))", "CWE-78", False),
        ("import subprocess\nsubprocess.run(['ls', value])", "CWE-78", False),
        ("import subprocess\nsubprocess.run(['sh', '-c', 'ls ' + value])", "CWE-78", True),
        ("if value not in ('a', 'b'):\n    return ''\nos.system('ls ' + value)", "CWE-78", False),
        ("if value in value.split():\n    os.system('ls ' + value)", "CWE-78", True),
        ("if not value.isdigit():\n    abort(400)\nopen('x/' + value)", "CWE-22", False),
        ("if not value.isdigit():\n    return ''\nopen('x/' + value)", "CWE-22", False),
        ("if '..' in value:\n    return ''\nopen('x/' + value)", "CWE-22", False),
        ("p = os.path.realpath('x/' + value)\nif not p.startswith('/srv/x/'):\n    return ''\nopen(p)", "CWE-22", False),
        ("p = 'x/' + value\nif not p.startswith('x/'):\n    return ''\nopen(p)", "CWE-22", True),
        ("q = 'SELECT a FROM b WHERE c = ' + value\nkeep(q)", "CWE-89", True),
        ("return '<p>' + value", "CWE-79", True),
        ("from markupsafe import escape\nreturn '<p>' + escape(value)", "CWE-79", False),
        ("return redirect(value)", "CWE-601", True),
        ("return redirect('/list?' + value)", "CWE-601", False),
        ("import requests\nrequests.get('https://api.example/' + value)", "CWE-918", False),
        ("import requests\nrequests.get(f'https://{value}/')", "CWE-918", True),
        ("import yaml\nyaml.load(value, Loader=yaml.SafeLoader)", "CWE-502", False),
        ("import yaml\nyaml.load(value, Loader=yaml.Loader)", "CWE-502", True),
        ("session['user'] = value", "CWE-501", True),
        ("session['user'] = find_user(value)", "CWE-501", False),
        ("root.xpath(\"/a[@b='\" + value + \"']\")", "CWE-643", True),
        ("root.xpath('/a[@b=$v]', v=value)", "CWE-643", False),
        ("r = make_response('')\nr.set_cookie('a', 'b', secure=True, httponly=True)", "CWE-614", False),
        ("r = make_response('')\nr.set_cookie('a', 'b', secure=False)", "CWE-614", True),
        ("r = make_response('')\nr.set_cookie('a', value='b')", "CWE-614", True),
        ("jar.set_cookie(copy.copy(cookie))", "CWE-614", False),
        ("import hashlib\nname = 'md5'\nhashlib.new(name)", "CWE-328", True),
        ("import hashlib\nhashlib.md5(b'', usedforsecurity=False)", "CWE-328", False),
        ("import random, time\ntime.sleep(random.uniform(1, 2) / 10)", "CWE-330", False),
        ("import random, time\ntime.sleep(1)\nkey = random.uniform(1, 2)", "CWE-330", True),
        ("import random\nrandom.SystemRandom().choice('ab')", "CWE-330", False),
    ],
)  # fmt: skip
def test_what_reaches_a_sink_in_python(code: str, cwe: str, reached: bool) -> None:
    body = PYTHON.format("\n".join(f"    {line}" for line in code.split("\n")))
    assert (cwe in found("python", body)) is reached


JAVA = """class T extends HttpServlet {{
  void doPost(HttpServletRequest request, HttpServletResponse response) {{
    String value = request.getParameter("a");
    {}
  }}
  String pass(String given) {{ StringBuilder made = new StringBuilder(given); return made.toString(); }}
  String drop(String given) {{ return "fixed"; }}
}}"""


@pytest.mark.parametrize(
    ("code", "cwe", "reached"),
    [
        ('st.executeQuery("SELECT a FROM b WHERE c=" + pass(value));', "CWE-89", True),
        ('st.executeQuery("SELECT a FROM b WHERE c=" + drop(value));', "CWE-89", False),
        ('st.executeQuery("SELECT a FROM b WHERE c=" + Integer.parseInt(value));', "CWE-89", False),
        ('PreparedStatement st = c.prepareStatement("SELECT ?"); st.setString(1, value); st.execute();', "CWE-89", False),
        ('Map m = new HashMap(); m.put("a", value); m.put("b", "x"); new File("d", (String) m.get("b"));', "CWE-22", False),
        ('Map m = new HashMap(); m.put("a", value); m.put("b", "x"); new File("d", (String) m.get("a"));', "CWE-22", True),
        ("String s; switch (\"ABC\".charAt(1)) { case 'A': s = value; break; default: s = \"x\"; break; } new File(s);", "CWE-22", False),
        ("response.getWriter().println(value);", "CWE-79", True),
        ("response.getWriter().println(Encode.forHtml(value));", "CWE-79", False),
        ('request.getSession().setAttribute("a", value);', "CWE-501", True),
        ('DocumentBuilderFactory f = DocumentBuilderFactory.newInstance(); f.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true); f.newDocumentBuilder().parse(request.getInputStream());', "CWE-611", False),
        ("DocumentBuilderFactory f = DocumentBuilderFactory.newInstance(); f.newDocumentBuilder().parse(request.getInputStream());", "CWE-611", True),
        ('Cookie c = new Cookie("a", "b"); c.setSecure(true); response.addCookie(c);', "CWE-614", False),
        ('Cookie c = new Cookie("a", "b"); response.addCookie(c);', "CWE-614", True),
        ('Cipher.getInstance("AES/GCM/NoPadding");', "CWE-327", False),
        ('Cipher.getInstance("AES/ECB/PKCS5Padding");', "CWE-327", True),
    ],
)  # fmt: skip
def test_what_reaches_a_sink_in_java(code: str, cwe: str, reached: bool) -> None:
    assert (cwe in found("java", JAVA.format(code))) is reached


@pytest.mark.parametrize(
    ("language", "body", "cwe", "reached"),
    [
        ("php", "<?php $a = htmlspecialchars($_GET['a']); echo \"<p>$a</p>\";", "CWE-79", False),
        ("php", "<script><?php $a = htmlspecialchars($_GET['a']); echo \"x = $a;\"; ?></script>", "CWE-79", True),
        ("php", "<?php $a = htmlspecialchars($_GET['a']); echo \"<p id=$a>\";", "CWE-79", True),
        ("php", "<?php $a = $db->real_escape_string($_GET['a']); $db->query(\"SELECT b FROM c WHERE d='$a'\");", "CWE-89", False),
        ("php", "<?php $a = $db->real_escape_string($_GET['a']); $db->query(\"SELECT b FROM c WHERE d=$a\");", "CWE-89", True),
        ("php", "<?php class I { function __construct() { $this->x = $_GET['a']; } function get() { return $this->x; } } $i = new I(); system($i->get());", "CWE-78", True),
        ("javascript", "app.get('/', (req, res) => { const {a} = req.query; cp.exec('ls ' + a); });", "CWE-78", True),
        ("javascript", "app.get('/', (req, res) => { const a = parseInt(req.query.a); cp.exec('ls ' + a); });", "CWE-78", False),
        ("javascript", "app.get('/', (req, res) => { res.type('json'); res.send(req.query.a); });", "CWE-79", False),
        ("go", "func h(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(os.Stderr, r.FormValue(\"a\")) }", "CWE-79", False),
        ("go", "func h(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, r.FormValue(\"a\")) }", "CWE-79", True),
        ("csharp", 'class A { void F() { var c = new SqlCommand("SELECT a FROM b WHERE c=" + Request["d"], x); } }', "CWE-89", True),
        ("ruby", "def show\n  User.where(\"a = #{params[:a]}\")\nend", "CWE-89", True),
        ("ruby", "def show\n  User.where(\"a = ?\", params[:a])\nend", "CWE-89", False),
    ],
)  # fmt: skip
def test_contexts_and_containers_in_other_languages(language: str, body: str, cwe: str, reached: bool) -> None:
    assert (cwe in found(language, body)) is reached


@pytest.mark.parametrize("language", sorted(SUFFIXES))
@pytest.mark.parametrize(
    "body",
    [
        "\n".join(f"x{n} = req.query.a + x{n - 1};" for n in range(1_500)),
        "if (a) { b = 'x' + a; }\n" * 1_500,
        "for (;;) {" * 50 + "x = x + 1;" + "}" * 50,
        "x" + ".a()" * 5_000,
    ],
)
def test_hostile_code_is_read_in_time(language: str, body: str) -> None:
    began = time.process_time()
    found(language, body)
    assert time.process_time() - began < 5


SCRIPT = """const fs = require('fs'), path = require('path');
app.get('/', (req, res) => {
  const p = req.query.a;
  %s
});"""
DOTS = "if (p.includes('..')) return; "


@pytest.mark.parametrize(
    ("body", "open_"),
    [
        (DOTS + "fs.readFile(p, done);", True),
        (DOTS + "fs.readFile(p + '.txt', done);", True),
        (DOTS + "fs.readFile('/' + p, done);", True),
        (DOTS + "fs.readFile(path.resolve(root, p), done);", True),
        ("const q = path.join(root, p); if (q.includes('..')) return; fs.readFile(q, done);", True),
        (DOTS + "fs.readFile('/srv/' + p, done);", False),
        (DOTS + "fs.readFile(`${root}/${p}`, done);", False),
        (DOTS + "fs.readFile(path.join(root, p), done);", False),
        ("const q = '/srv/' + p; " + DOTS.replace("p.", "q.") + "fs.readFile(q, done);", False),
        ("if (p.includes('..') || path.isAbsolute(p)) return; fs.readFile(p, done);", False),
        ("if (p.includes('..') || p.startsWith('/')) return; fs.readFile(p, done);", False),
        ("const q = path.join('/srv', p); if (!q.startsWith('/srv/')) return; fs.readFile(q, done);", False),
        ("fs.readFile(path.join(root, path.basename(p)), done);", False),
        ("fs.readFile(path.join(path.basename(p), req.query.b), done);", True),
        ("res.sendFile(p);", True),
        ("res.sendFile(p, { root: '/srv' });", False),
    ],
)
def test_a_path_without_dots_is_harmless_below_a_folder_only(body: str, open_: bool) -> None:
    assert ("CWE-22" in found("javascript", SCRIPT % body)) is open_


def test_a_part_made_harmless_beside_one_that_nobody_knows_is_no_request() -> None:
    text = "app.get('/', (req, res) => { db.query('SELECT ' + columns + ' FROM a WHERE b = ' + mysql.escape(req.query.b)); });"
    unit = CodeUnit(source="code", origin="test", title="a.js", path="a.js", body=text)
    [one] = PLUGIN.detect(unit).candidates
    assert (one.cwe, one.severity) == ("CWE-89", Severity.MEDIUM)

"""Faults of Python, Java, Go, JavaScript and PHP beside their repaired twins: the fault is seen, the twin is silent."""
# ruff: noqa: E501 - a pair is easier to compare in two lines

import pytest

from schemas import CodeUnit
from secassist.detectors.code_flow import PLUGIN

_ROUTE = "import os\nfrom flask import request, redirect\n@app.route('/a')\ndef a():\n"


def _rules(code: str, path: str) -> set[str]:
    unit = CodeUnit(source="code", origin="test", title=path, path=path, body=code)
    return {one.rule for one in PLUGIN.detect(unit).candidates}


PAIRS = [
    ("A.java", "xss", "class A {\n  void f(HttpServletRequest q, HttpServletResponse p) {\n    OutputStream out = p.getOutputStream();\n    out.write(q.getParameter(\"a\").getBytes());\n  }\n}",
     "class A {\n  void f(HttpServletRequest q, String to) {\n    OutputStream out = new FileOutputStream(to);\n    out.write(q.getParameter(\"a\").getBytes());\n  }\n}"),
    ("a.js", "command-execution", "function f(a) {\n  exec('ls ' + a, done.bind(this, a));\n}", "function f(a, b) {\n  exec(done.bind(this, a, b), 'File', a);\n}"),
    ("a.php", "unsafe-deserialisation", "<?php\nfunction f($a) {\n    return unserialize($a);\n}",
     "<?php\nfinal class F {\n    public function unserialize($a) {\n        return 1;\n    }\n}"),
    ("A.java", "archive-extraction", "class A {\n  void f(ZipEntry e) {\n    File t = new File(dir, e.getName());\n  }\n}",
     "class A {\n  void f(String p) {\n    File t = new File(dir, new File(p).getName());\n  }\n}"),
    ("a.py", "unverified-token", "import jwt\njwt.decode(t, options={'verify_signature': False})",
     "import jwt\njwt.decode(t, k, algorithms=['HS256'])"),
    ("a.py", "archive-extraction", "import tarfile\nwith tarfile.open(p) as t:\n    t.extractall(d)",
     "import tarfile\nwith tarfile.open(p) as t:\n    t.extractall(d, filter='data')"),
    ("a.py", "weak-cipher", "from Crypto.Cipher import AES\nAES.new(k, AES.MODE_ECB)",
     "from Crypto.Cipher import AES\nAES.new(k, AES.MODE_GCM)"),
    ("a.py", "no-salt", "from Crypto.Cipher import AES\nAES.new(k, AES.MODE_CBC, b'0000000000000000')",
     "import os\nfrom Crypto.Cipher import AES\nAES.new(k, AES.MODE_CBC, os.urandom(16))"),
    ("a.py", "fast-password-hash", "import hashlib\nhashlib.sha256(password.encode())", "import hashlib\nhashlib.sha256(text.encode())"),
    ("a.py", "slow-pattern", "import re\nre.match(r'^(a+)+$', s)", "import re\nre.match(r'^a+$', s)"),
    ("a.py", "xml-parser-open", "from lxml import etree\netree.XMLParser(resolve_entities=True)",
     "from lxml import etree\netree.XMLParser(resolve_entities=False)"),
    ("a.py", "hard-coded-credential", "app.secret_key = 'invented-value'", "import os\napp.secret_key = os.environ['K']"),
    ("a.py", "command-execution", "def f(self, a):\n    self._run_ssh('svctask rm -f %s' % a)",
     "def f(self, a):\n    self._run_ssh(['svctask', 'rm', '-f', a])"),
    ("a.py", "sql-execution", "def f(cur, a):\n    cur.execute('UPDATE {} SET n=1 WHERE a={}'.format(T, a))",
     "def f(cur, a):\n    cur.execute('UPDATE t SET n=1 WHERE a=?', (a,))"),
    ("a.py", "path-traversal", _ROUTE + "    f = request.files['f']\n    f.save(os.path.join('/up', f.filename))",
     _ROUTE + "    f = request.files['f']\n    f.save(os.path.join('/up', secure_filename(f.filename)))"),
    ("a.py", "open-redirect", _ROUTE + "    n = request.args['n']\n    return redirect(n)",
     _ROUTE + "    n = request.args['n']\n    if urlparse(n).netloc or urlparse(n).scheme:\n        n = '/'\n    return redirect(n)"),
    ("a.py", "xpath-injection", _ROUTE + "    n = request.args['n']\n    root.xpath(f\"/a[@b='{n}']\")",
     _ROUTE + "    n = request.args['n']\n    if \"'\" in n:\n        return ''\n    root.xpath(f\"/a[@b='{n}']\")"),
    ("a.py", "code-evaluation", _ROUTE + "    eval(request.args['n'])",
     _ROUTE + "    n = {'a': '1', 'b': request.args['n']}\n    eval(n['a'])"),
    ("a.py", "log-forging", "import logging\n" + _ROUTE + "    logging.info('u ' + request.args['n'])",
     "import logging\n" + _ROUTE + "    logging.info('u ' + request.args['n'].replace('\\n', ''))"),
    ("a.go", "sql-execution", 'package a\nfunc h(db *sql.DB, r *http.Request) { db.Query("SELECT a FROM b WHERE c=" + r.FormValue("n")) }',
     'package a\nfunc h(db *sql.DB, r *http.Request) { db.Query("SELECT a FROM b WHERE c=?", r.FormValue("n")) }'),
    ("a.js", "open-redirect", "app.get('/a', (req, res) => { res.redirect(req.query.u + '?a=1'); })",
     "app.get('/a', (req, res) => { res.redirect(home() + '?u=' + req.query.u); })"),
    ("a.js", "xss", "app.get('/a', (req, res) => { const u = req.query.u; res.send(u); })",
     "app.get('/a', (req, res) => { const u = req.query.u; if (!/[\"'&<>]/.exec(u)) { res.send(u); } })"),
    ("A.java", "ldap-injection", 'class A { void f(@RequestParam String u, DirContext ctx) { ctx.search("ou=x", "(uid=" + u + ")", c); } }',
     'class A { void f(@RequestParam String u, DirContext ctx) { ctx.search("ou=x", "(uid=" + LdapEncoder.filterEncode(u) + ")", c); } }'),
    ("A.java", "sql-execution", 'class A { void f(String n) { st.executeQuery("SELECT a FROM b WHERE c=" + n); } }',
     'class A { void f() { String n = org.x.Names.of("a"); st.executeQuery("SELECT a FROM b WHERE c=" + n); } }'),
    ("a.php", "ldap-injection", "<?php\n$a = htmlentities($_GET['a'], ENT_QUOTES);\nldap_search($d, 'o=x', \"(cn='$a')\");",
     "<?php\n$a = ldap_escape($_GET['a']);\nldap_search($d, 'o=x', \"(cn='$a')\");"),
    ("a.php", "sql-execution", "<?php\n$a = preg_replace(\"/'/\", '', $_GET['a']);\nmysql_query(\"SELECT a FROM b WHERE c=$a\");",
     "<?php\n$a = preg_replace(\"/'/\", '', $_GET['a']);\nmysql_query(\"SELECT a FROM b WHERE c='$a'\");"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "rule", "fault", "twin"), PAIRS)
def test_the_fault_is_seen_and_its_twin_is_not(path: str, rule: str, fault: str, twin: str) -> None:
    assert rule in _rules(fault, path)
    assert rule not in _rules(twin, path)

"""Values that wait in containers, objects, functions and fields: where an outsider's comes out, and where another one does."""
# ruff: noqa: E501 - a program is easier to read in one piece

import pytest

from schemas import CodeUnit
from secassist.detectors.code_flow import PLUGIN

_JAVA = 'class A extends HttpServlet {\n%s\n  void doGet(HttpServletRequest request, HttpServletResponse response) throws Exception {\n    String x = request.getParameter("a");\n%s\n  }\n}\n'
_PY = "import os\nfrom flask import request\n%s\n@app.route('/a')\ndef f():\n    x = request.args.get('a', '')\n%s\n"
_JS = "app.get('/a', (req, res) => {\n%s\n});\n"
_CS = "public class A : Controller {\n  public ActionResult F(string id) {\n%s\n  }\n}\n"
RUN = " Runtime.getRuntime().exec(v);"
JAVA = [
    ("", 'Map<String, String> m = new HashMap<>(); m.put("k", x); String v = ""; for (Map.Entry<String, String> e : m.entrySet()) { v += e.getValue(); }',
     'Map<String, String> m = new HashMap<>(); m.put("k", "y"); String v = ""; for (Map.Entry<String, String> e : m.entrySet()) { v += e.getValue(); }'),
    ("", 'Iterator<String> i = Arrays.asList("y", x).iterator(); i.next(); String v = i.next();',
     'Iterator<String> i = Arrays.asList("y", "z").iterator(); i.next(); String v = i.next();'),
    ("", 'Deque<String> d = new ArrayDeque<>(); d.push("y"); d.push(x); String v = d.pop();',
     'Deque<String> d = new ArrayDeque<>(); d.push(x); d.push("y"); String v = d.pop();'),
    ("", 'List<String> l = new ArrayList<>(); l.add("y"); l.add(0, x); String v = l.get(0);',
     'List<String> l = new ArrayList<>(); l.add("y"); l.add(0, x); String v = l.get(1);'),
    ("", 'StringBuffer s = new StringBuffer(); s.append(x); String v = s.toString();',
     'StringBuffer s = new StringBuffer(); s.append(x); s.setLength(0); s.append("y"); String v = s.toString();'),
    ("", "Supplier<String> s = () -> x; String v = s.get();", 'Supplier<String> s = () -> "y"; String v = s.get();'),
    ("", "String v = CompletableFuture.supplyAsync(() -> x.trim()).get();",
     'CompletableFuture.supplyAsync(() -> x.trim()).get(); String v = "y";'),
    ("  static final ThreadLocal<String> T = new ThreadLocal<>();", "T.set(x); String v = T.get();",
     'T.set("y"); String v = T.get();'),
    ("  private String kept;\n  private void keep(String s) { this.kept = s; }", "keep(x); String v = kept;",
     'keep("y"); String v = kept;'),
    ("  private String kept;", "this.kept = x; String v = kept;", 'this.kept = "y"; String v = kept;'),
    ("  static class Box<T> { private final T it; Box(T it) { this.it = it; } T take() { return it; } }",
     "Box<String> b = new Box<>(x); String v = b.take();", 'Box<String> b = new Box<>("y"); String v = b.take();'),
    ("  record Two(String one, String other) {}", 'String v = new Two(x, "y").one();', 'String v = new Two(x, "y").other();'),
    ("  static String first(String... all) { return all[0]; }", 'String v = first(x, "y");', 'String v = first("y", x);'),
    ("", 'int n = 3; n <<= 2; String v = n == 12 ? x : "y";', 'int n = 3; n <<= 2; String v = n != 12 ? x : "y";'),
    ("", 'String[] a = {"y", x}; String v = a[a.length - 1];', 'String[] a = {x, "y"}; String v = a[a.length - 1];'),
    ("", "String v = String.valueOf(x);", "String v = Colour.valueOf(x).name();"),
    ("", "String v = x; if (!x.chars().allMatch(Character::isDefined)) return;",
     "if (!x.chars().allMatch(Character::isLetterOrDigit)) return; String v = x;"),
]  # fmt: skip
PYTHON = [
    ("", "v = ''\n    for k, one in {'y': x}.items():\n        v += one", "v = ''\n    for k, one in {'y': x}.items():\n        v += k"),
    ("", "for a, b in zip(['y'], [x]):\n        v = b", "for a, b in zip(['y'], [x]):\n        v = a"),
    ("", "for n, one in enumerate([x]):\n        v = one", "for n, one in enumerate([x]):\n        v = str(n)"),
    ("", "v = {}.setdefault('y', x)", "d = {'y': 'z'}\n    v = d.setdefault('y', x)"),
    ("", "d = {'y': 'z'}\n    d.update(y=x)\n    v = d['y']", "d = {'y': x}\n    d.update(y='z')\n    v = d['y']"),
    ("", "d = {'y': 'z', **{'y': x}}\n    v = d['y']", "d = {**{'y': x}, 'y': 'z'}\n    v = d['y']"),
    ("", "l = ['y', x]\n    v = l[-1]", "l = [x, 'y']\n    v = l[-1]"),
    ("", "l = ['y']\n    l.insert(0, x)\n    v = l[0]", "l = ['y']\n    l.insert(0, x)\n    v = l[1]"),
    ("", "l = []\n    l.extend(['y', x])\n    v = l[1]", "l = []\n    l.extend(['y', x])\n    v = l[0]"),
    ("from collections import deque", "q = deque()\n    q.append('y')\n    q.append(x)\n    v = q.pop()",
     "q = deque()\n    q.append('y')\n    q.append(x)\n    v = q.popleft()"),
    ("class Box:\n    def __init__(self, it):\n        self.it = it", "v = Box(x).it", "v = Box('y').it"),
    ("class Box:\n    def __init__(self, it):\n        self.it = it\n    @property\n    def low(self):\n        return self.it.lower()",
     "v = Box(x).low", "v = Box('y').low"),
    ("@dataclass\nclass Two:\n    one: str\n    other: str", "v = Two(x, 'y').one", "v = Two(x, other='y').other"),
    ("def glue(*all):\n    return ''.join(all)", "v = glue('y', x)", "v = glue('y', 'z')"),
    ("def pick(**all):\n    return all['a']", "v = pick(a=x, b='y')", "v = pick(a='y', b=x)"),
    ("", "v = x if len('yes') == 3 else 'y'", "v = x if len('yes') > 3 else 'y'"),
    ("import re", "m = re.match(r'a(.*)', x)\n    if not m:\n        return ''\n    v = m.group(1)",
     "m = re.match(r'^[0-9]+$', x)\n    if not m:\n        return ''\n    v = m.group(0)"),
]  # fmt: skip


def _found(code: str, path: str) -> set[str]:
    unit = CodeUnit(source="code", origin="test", title=path, path=path, body=code)
    return {one.cwe for one in PLUGIN.detect(unit).candidates}


@pytest.mark.parametrize(("frame", "bad", "safe"), JAVA)
def test_java_gives_back_what_was_put_there(frame: str, bad: str, safe: str) -> None:
    assert "CWE-78" in _found(_JAVA % (frame, bad + RUN), "a.java")
    assert "CWE-78" not in _found(_JAVA % (frame, safe + RUN), "a.java")


@pytest.mark.parametrize(("frame", "bad", "safe"), PYTHON)
def test_python_gives_back_what_was_put_there(frame: str, bad: str, safe: str) -> None:
    assert "CWE-78" in _found(_PY % (frame, f"    {bad}\n    os.system('ls ' + v)"), "a.py")
    assert "CWE-78" not in _found(_PY % (frame, f"    {safe}\n    os.system('ls ' + v)"), "a.py")


@pytest.mark.parametrize(
    ("path", "cwe", "bad", "safe"),
    [
        ("a.js", 89, _JS % "const o = { a: 'y', ...req.body }; db.query('select a from b where c = ' + o.a);",
         _JS % "const o = { ...req.body, a: 'y' }; db.query('select a from b where c = ' + o.a);"),
        ("a.js", 22, _JS % "fs.readFile('/srv/' + Buffer.from(req.query.a, 'base64').toString());",
         _JS % "fs.readFile('/srv/' + Buffer.from(req.query.a).toString('hex'));"),
        ("a.php", 79, '<?php session_start(); ?><p><?= $_GET["a"] ?></p>', '<?php session_start(); ?><p><?= htmlspecialchars($_GET["a"]) ?></p>'),
        ("a.php", 95, '<?php $f = $_GET["f"]; $f("x");', '<?php $f = $_GET["f"] === "a" ? "trim" : "strlen"; $f("x");'),
        ("a.cs", 78, _CS % 'Process.Start("cmd.exe", "/c dir " + id); return null;', _CS % 'Process.Start("cmd.exe", "/c dir"); return null;'),
        ("a.cs", 614, _CS % 'var c = new HttpCookie("s", Open()); c.Secure = false; Response.Cookies.Add(c); return null;',
         _CS % 'var c = new HttpCookie("s", Open()); c.Secure = true; Response.Cookies.Add(c); return null;'),
        ("a.cs", 611, _CS % "var d = new XmlDocument();\nd.Load(Request.InputStream);\nreturn null;",
         _CS % "var d = new XmlDocument();\nd.XmlResolver = null;\nd.Load(Request.InputStream);\nreturn null;"),
        ("a.java", 601, _JAVA % ("", 'response.setHeader("Location", x);'), _JAVA % ("", 'response.setHeader("X-Trace", x);')),
        ("a.java", 601, _JAVA % ("", 'if (!x.startsWith("/") || x.startsWith("//")) { x = "/"; } response.sendRedirect(x);'),
         _JAVA % ("", 'if (!x.startsWith("/") || x.startsWith("//") || x.contains("\\\\")) { x = "/"; } response.sendRedirect(x);')),
        ("a.py", 601, _PY % ("", "    r = make_response('', 302)\n    r.location = x\n    return r"),
         _PY % ("", "    r = make_response('', 302)\n    r.location = '/b'\n    return r")),
        ("a.py", 601, _PY % ("", "    if not x.startswith('/') or x.startswith('//'):\n        x = '/'\n    return redirect(x)"),
         _PY % ("", "    if not x.startswith('/') or x.startswith('//') or '\\\\' in x:\n        x = '/'\n    return redirect(x)")),
        ("a.py", 79, _PY % ("", "    return f'<b>{x}</b>'"), _PY % ("", "    return {'b': x}")),
        ("a.py", 79, _PY % ("", "    return 'b ' + x, 200, {'Content-Type': 'text/html'}"),
         _PY % ("", "    return 'b ' + x, 200, {'Content-Type': 'text/plain'}")),
        ("a.py", 79, _PY % ("", "    return Markup('<b>' + x + '</b>')"), _PY % ("", "    return Markup('<b>{}</b>').format(x)")),
        ("a.py", 22, _PY % ("from pathlib import Path", "    root = Path('/srv').resolve()\n    p = (root / x).resolve()\n    return p.read_text()"),
         _PY % ("from pathlib import Path", "    root = Path('/srv').resolve()\n    p = (root / x).resolve()\n    if root not in p.parents:\n        return '', 403\n    return p.read_text()")),
    ],
)  # fmt: skip
def test_what_is_done_to_a_value_counts_where_it_arrives(path: str, cwe: int, bad: str, safe: str) -> None:
    assert f"CWE-{cwe}" in _found(bad, path)
    assert f"CWE-{cwe}" not in _found(safe, path)

"""Java and Python: what is made before it is checked, words for a program, constants in other clothes, cloud functions."""

import pytest

from schemas import CodeUnit
from secassist.detectors.base import Detection
from secassist.detectors.code_flow import PLUGIN

_HANDLER = """class A extends HttpServlet {{
  public void doGet(HttpServletRequest request, HttpServletResponse response) throws Exception {{
    String v = request.getParameter("v");
    {body}
  }}
}}
"""
_VIEW = (
    "from flask import request, session\nimport base64, configparser, io, os, pickle, xml.dom.minidom, xml.sax, yaml\n"
)
WEAK = [
    ("a.java", 'File f = new File("/srv", v); f.getCanonicalFile(); new FileInputStream(f);', "CWE-22"),
    ("a.java", 'Path p = Paths.get("/srv").resolve(v); if (!p.startsWith("/srv")) throw new X(); Files.readAllBytes(p);',
     "CWE-22"),
    ("a.java", 'List<String> w = new ArrayList<>(); w.add("sh"); w.add("-c"); w.add("x " + v); new ProcessBuilder(w);',
     "CWE-78"),
    ("a.java", 'String s = W ? "cmd.exe" : "sh"; Runtime.getRuntime().exec(new String[] {s, "-c", "x " + v});', "CWE-78"),
    ("a.java", "connection.setHostnameVerifier((host, session) -> true);", "CWE-295"),
    ("a.java", "request.getSession().setAttribute(\"a\", Optional.ofNullable(v).orElse(\"b\"));", "CWE-501"),
    ("a.java", 'if (!v.startsWith("/") || v.startsWith("//")) throw new X(); response.sendRedirect(v);', "CWE-601"),
    (
        "a.java",
        "ObjectInputStream in = new ObjectInputStream(request.getInputStream()); in.readObject();",
        "CWE-502",
    ),
    ("a.java", "java.net.URI.create(v).toURL().openStream();", "CWE-918"),
    ("a.py", "def handler(event, context):\n    os.system('ls ' + event['a'])\n", "CWE-78"),
    ("a.py", "def f():\n    t = io.StringIO()\n    t.write(request.args['a'])\n    eval(t.getvalue())\n", "CWE-95"),
    ("a.py", "def f():\n    eval(json.loads(request.args['a'])['b'])\n", "CWE-95"),
    ("a.py", "def f():\n    p = xml.sax.make_parser()\n    p.setFeature(xml.sax.handler.feature_external_ges, True)\n"
             "    xml.dom.minidom.parseString(request.data, p)\n", "CWE-611"),
    ("a.py", "def f():\n    session['a'] = json.loads(request.data)['b']\n", "CWE-501"),
]  # fmt: skip
QUIET = [
    ("a.java", 'File b = new File("/srv").getCanonicalFile(); File f = new File(b, v).getCanonicalFile();\n'
               'if (!f.toPath().startsWith(b.toPath())) throw new X(); new FileInputStream(f);', "CWE-22"),
    ("a.java", 'Path p = Paths.get("/srv").resolve(v).normalize(); if (!p.startsWith("/srv")) throw new X();\n'
               'Files.readAllBytes(p);', "CWE-22"),
    ("a.java", 'String n = new File(v).getName(); new FileInputStream("/srv/" + n);', "CWE-22"),
    ("a.java", 'List<String> w = new ArrayList<>(); w.add("tool"); w.add(v); new ProcessBuilder(w);', "CWE-78"),
    ("a.java", "connection.setHostnameVerifier((host, session) -> host.equals(KNOWN));", "CWE-295"),
    ("a.java", 'DriverManager.getConnection("jdbc:x", "reader", System.getenv("P"));', "CWE-798"),
    ("a.java", 'if (!v.startsWith("/") || v.startsWith("//") || v.startsWith("/\\\\")) throw new X();\n'
               "response.sendRedirect(v);", "CWE-601"),
    ("a.java", "if (!HOSTS.contains(new java.net.URI(v).getHost())) throw new X(); new URL(v).openStream();", "CWE-918"),
    (
        "a.java",
        "ObjectInputStream in = new ObjectInputStream(request.getInputStream());\n"
        'in.setObjectInputFilter(ObjectInputFilter.Config.createFilter("a.B;!*")); in.readObject();',
        "CWE-502",
    ),
    ("a.py", "def f():\n    p = xml.sax.make_parser()\n    p.setFeature(xml.sax.handler.feature_external_ges, True)\n"
             "    xml.dom.minidom.parseString('<a/>', p)\n", "CWE-611"),
    ("a.py", "def f(x):\n    v = 'a' if x else 'b'\n    yaml.load(v, Loader=yaml.Loader)\n", "CWE-502"),
]  # fmt: skip
PROVED = [
    ("a.java", 'response.getWriter().println("<p>" + org.owasp.esapi.ESAPI.encoder().encodeForHTML(v));', "CWE-79"),
    ("a.java", 'response.getWriter().format(java.util.Locale.US, Encode.forHtml(v), "x");', "CWE-79"),
    ("a.java", 'String w = Map.of("a", "b").getOrDefault(v, "c"); new FileInputStream("/srv/" + w);', "CWE-22"),
    ("a.java", 'Files.readAllBytes(java.nio.file.Paths.get("/srv", "x"));', "CWE-22"),
    ("a.py", "def f():\n    pickle.loads(base64.b64decode('abc'))\n", "CWE-502"),
    ("a.py", "def f():\n    eval({'a': '1'}.get(request.args['a'], '2'))\n", "CWE-95"),
    ("a.py", "def f():\n    os.remove('/x/' + str(len(request.args['a'])))\n", "CWE-22"),
]  # fmt: skip
NOT_PROVED = [
    ("a.java", 'request.getSession().setAttribute("a", unknown(v));', "CWE-501"),
    ("a.java", "new ObjectInputStream(new FileInputStream(\"x\")).readObject();", "CWE-502"),
    ("a.py", "def f():\n    pickle.load(open('x', 'rb'))\n", "CWE-502"),
    ("a.py", "def f():\n    torch.load('x.pt')\n    joblib.load('x')\n", "CWE-502"),
    ("a.py", "def f():\n    lxml.etree.parse('x.xml')\n", "CWE-611"),
    ("a.py", "def f(v):\n    eval({'a': '1'}.get('a', v))\n", "CWE-95"),
]  # fmt: skip


def _detect(path: str, code: str) -> Detection:
    text = _HANDLER.format(body=code) if path == "a.java" else _VIEW + code
    return PLUGIN.detect(CodeUnit(source="code", origin="test", title=path, path=path, body=text))


def _found(path: str, code: str) -> set[str]:
    return {one.cwe for one in _detect(path, code).candidates}


def _proved(path: str, code: str) -> set[str]:
    return {one.message.partition(":")[0] for one in _detect(path, code).signals if one.rule == "flow:proved"}


@pytest.mark.parametrize(("path", "code", "cwe"), WEAK)
def test_what_reaches_a_sink_is_reported(path: str, code: str, cwe: str) -> None:
    assert cwe in _found(path, code)
    assert cwe not in _proved(path, code)


@pytest.mark.parametrize(("path", "code", "cwe"), QUIET)
def test_what_is_checked_behind_its_making_or_takes_no_command_is_not(path: str, code: str, cwe: str) -> None:
    assert cwe not in _found(path, code)


@pytest.mark.parametrize(("path", "code", "cwe"), PROVED)
def test_what_is_certain_is_proved(path: str, code: str, cwe: str) -> None:
    assert cwe in _proved(path, code)
    assert cwe not in _found(path, code)


@pytest.mark.parametrize(("path", "code", "cwe"), NOT_PROVED)
def test_what_another_call_or_a_file_may_bring_is_not(path: str, code: str, cwe: str) -> None:
    assert cwe not in _proved(path, code)

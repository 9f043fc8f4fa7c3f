"""False alarms by their causes, beside the twin in which the cause is missing and the alarm is right."""
# ruff: noqa: E501 - a program is easier to read in one piece

import pytest

from schemas import CodeUnit
from secassist.detectors.code_flow import PLUGIN

_GO = (
    'package main\n\nfunc h(w http.ResponseWriter, r *http.Request, out io.Writer) {\n\tx := r.FormValue("a")\n%s\n}\n'
)
_JAVA = 'import javax.naming.ldap.Rdn;\nclass A { void f(HttpServletRequest request, DirContext ctx) throws Exception { String x = request.getParameter("a");\n%s\n} }\n'
_JS = "const path = require('path');\napp.get('/a', (req, res) => {\n  const x = req.query.a;\n%s\n});\n"
_C = "int main(int argc, char **argv) {\n%s\n  return 0;\n}\n"
_RUBY = "def f\n  x = params[:a]\n%s\nend\n"
TWINS = [
    ("a.go", 79, _GO, "\tw.Write([]byte(html.EscapeString(x)))", "\tw.Write([]byte(x))"),
    ("a.go", 79, _GO, "\tout.Write([]byte(x))", "\tw.Write([]byte(x))"),
    ("a.go", 79, _GO, '\tw.Header().Set("Content-Type", "text/plain")\n\tw.Write([]byte(x))',
     '\tw.Header().Set("Content-Type", "text/html")\n\tw.Write([]byte(x))'),
    ("a.go", 79, _GO, '\tfmt.Fprintf(w, "Hello %s", x)', '\tfmt.Fprintf(w, "<p>%s", x)'),
    ("a.go", 79, _GO, '\tfmt.Fprintf(w, "Hello %s", x)',
     '\tw.Header().Set("Content-Type", "text/html")\n\tfmt.Fprintf(w, "Hello %s", x)'),
    ("a.go", 78, _GO, '\tok := map[string]bool{"a": true}\n\tif !ok[x] {\n\t\treturn\n\t}\n\texec.Command(x)',
     '\tok := map[string]bool{"a": true}\n\tif ok["a"] {\n\t\texec.Command(x)\n\t}'),
    ("a.go", 78, _GO, '\tok := map[string]bool{"a": true}\n\tif _, in := ok[x]; in {\n\t\texec.Command(x)\n\t}',
     '\tok := map[string]bool{"a": true}\n\t_, in := ok[x]\n\tx = r.FormValue("b")\n\tif in {\n\t\texec.Command(x)\n\t}'),
    ("a.go", 78, _GO, '\tif !slices.Contains([]string{"a", "b"}, x) {\n\t\treturn\n\t}\n\texec.Command(x)',
     '\tif !strings.Contains(x, "a") {\n\t\treturn\n\t}\n\texec.Command(x)'),
    ("a.go", 89, _GO, '\tconst id = "1"\n\tf := func(db *sql.DB) {\n\t\tdb.Query("select a from b where c = " + id)\n\t}\n\tf(db)',
     '\tf := func(db *sql.DB, id string) {\n\t\tdb.Query("select a from b where c = " + id)\n\t}\n\tuse(f)'),
    ("a.go", 89, _GO, '\tvar m strings.Builder\n\tfor range ids {\n\t\tm.WriteString("?")\n\t}\n\tdb.Query("select a from b where c in (" + m.String() + ")")',
     '\tvar m strings.Builder\n\tfor range ids {\n\t\tm.WriteString(x)\n\t}\n\tdb.Query("select a from b where c in (" + m.String() + ")")'),
    ("A.java", 90, _JAVA, 'ctx.lookup("cn=" + Rdn.escapeValue(x) + ",dc=a");', 'ctx.lookup("cn=" + x + ",dc=a");'),
    ("A.java", 89, _JAVA, 'st.executeQuery("select a from b where c=" + Double.toString(n));',
     'st.executeQuery("select a from b where c=" + n.name());'),
    ("A.java", 78, _JAVA, 'boolean ok = List.of("a", "b").contains(x); if (!ok) return; Runtime.getRuntime().exec("ls " + x);',
     'boolean ok = List.of("a", "b").contains(x); x = request.getParameter("b"); if (!ok) return; Runtime.getRuntime().exec("ls " + x);'),
    ("A.java", 78, _JAVA, 'if (x.compareTo("a") != 0) return; Runtime.getRuntime().exec("ls " + x);',
     'if (x.compareTo("a") == 0) return; Runtime.getRuntime().exec("ls " + x);'),
    ("a.js", 22, _JS, "  fs.readFile(path.join(ROOT, path.basename(x)), go);", "  fs.readFile(path.join(ROOT, x), go);"),
    ("a.js", 79, _JS, "  res.writeHead(200, {'content-type': 'text/plain; charset=utf-8'});\n  res.end(x);",
     "  res.writeHead(200, {'content-type': 'text/html'});\n  res.end(x);"),
    ("a.js", 78, _JS, "  const ALLOWED = {a: 1, b: 1};\n  if (!ALLOWED[x]) return;\n  child_process.exec('ls ' + x);",
     "  const other = lookup();\n  if (!other[x]) return;\n  child_process.exec('ls ' + x);"),
    ("a.c", 78, _C, '  if (strcmp(argv[1], "a") == 0)\n    system(argv[1]);', '  if (strcmp(argv[1], "a") != 0)\n    system(argv[1]);'),
    ("a.c", 78, _C, '  if (!strcmp(argv[1], "a"))\n    system(argv[1]);', '  if (!strncmp(argv[1], "a", 1))\n    system(argv[1]);'),
    ("a.cs", 611, "class A { void F(string a) {\n%s\n} }\n",
     "var r = new XmlTextReader(a) { DtdProcessing = DtdProcessing.Prohibit };", "var r = new XmlTextReader(a);"),
    ("a.cs", 22, "class A { void F(ZipArchiveEntry e, string d) {\n%s\n} }\n",
     'var p = Path.GetFullPath(Path.Combine(d, e.FullName));\nif (!p.StartsWith(d)) throw new Exception();\ne.ExtractToFile(p);',
     "var p = Path.GetFullPath(Path.Combine(d, e.FullName));\ne.ExtractToFile(p);"),
    ("a.go", 759, _GO, '\tiv := []byte("0123456789abcdef")\n\trand.Read(iv)\n\tcipher.NewCTR(b, iv)', '\tcipher.NewCTR(b, []byte("0123456789abcdef"))'),
    ("a.go", 759, _GO, "\tgcm.Seal(nil, nonce, m, nil)", "\tgcm.Seal(nil, []byte{1, 2, 3}, m, nil)"),
    ("a.go", 197, _GO, "\tn, _ := strconv.Atoi(x)\n\tif n > math.MaxInt32 {\n\t\treturn\n\t}\n\tuse(int32(n))",
     "\tn, _ := strconv.Atoi(x)\n\tuse(int32(n))"),
    ("a.go", 197, _GO, "\tn, _ := strconv.ParseInt(x, 10, 32)\n\tuse(int32(n))", "\tn, _ := strconv.ParseInt(x, 10, 64)\n\tuse(int32(n))"),
    ("a.c", 126, "%s\n", "int f(const uint8_t *d, int len) {\n  if (len < 2) return -1;\n  return d[0] << 8 | d[1];\n}",
     "int f(const uint8_t *d, int len) {\n  return d[0] << 8 | d[1];\n}"),
    ("a.py", 22, "import os\nclass A:\n%s\n", "    def read(self):\n        open(self.path + '/a')",
     "    def do_GET(self):\n        open(self.path + '/a')"),
]  # fmt: skip


def _found(code: str, path: str) -> set[str]:
    unit = CodeUnit(source="code", origin="test", title=path, path=path, body=code)
    return {one.cwe for one in PLUGIN.detect(unit).candidates}


@pytest.mark.parametrize(("path", "cwe", "frame", "safe", "bad"), TWINS)
def test_the_alarm_is_gone_with_its_cause_and_stays_without(
    path: str, cwe: int, frame: str, safe: str, bad: str
) -> None:
    assert f"CWE-{cwe}" in _found(frame % bad, path)
    assert f"CWE-{cwe}" not in _found(frame % safe, path)

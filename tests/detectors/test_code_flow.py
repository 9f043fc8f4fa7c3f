"""Data flow from outsiders to sinks, and line rules: what counts, what does not, and what request data changes."""

import pytest

from schemas import CodeUnit, Document, Severity
from secassist.detectors.base import Candidate
from secassist.detectors.code_flow import PLUGIN


def scan(language: str, body: str) -> tuple[Candidate, ...]:
    return PLUGIN.detect(CodeUnit(source="t", path="x", language=language, body=body)).candidates


VULNERABLE = [
    ("javascript", "db.query('SELECT * FROM t WHERE id = ' + req.query.id);", "CWE-89"),
    ("javascript", "exec('ls ' + req.body.dir);", "CWE-78"),
    ("javascript", "const f = req.query.f;\nfs.readFileSync(f);", "CWE-22"),
    ("javascript", "res.redirect(req.query.next);", "CWE-601"),
    ("javascript", "el.innerHTML = location.hash;", "CWE-79"),
    ("typescript", "axios.get(req.body.url)", "CWE-918"),
    ("php", "<?php $n = $_GET['n'];\necho \"Hello $n\";", "CWE-79"),
    ("php", "<?php system('ping ' . $_POST['h']);", "CWE-78"),
    ("php", "<?php $q = \"SELECT a FROM b WHERE c='$_GET[c]'\"; mysql_query($q);", "CWE-89"),
    ("php", "<?php include $_GET['page'];", "CWE-98"),
    ("java", 'String id = request.getParameter("id");\nst.executeQuery("SELECT * FROM t WHERE id=" + id);', "CWE-89"),
    ("java", 'Cipher c = Cipher.getInstance("DES");', "CWE-327"),
    ("java", "Object o = stream.readObject();", "CWE-502"),
    ("java", "DocumentBuilderFactory f = DocumentBuilderFactory.newInstance();", "CWE-611"),
    ("go", 'q := fmt.Sprintf("SELECT * FROM t WHERE n=\'%s\'", r.FormValue("n"))\ndb.Query(q)', "CWE-89"),
    ("go", "tls.Config{InsecureSkipVerify: true}", "CWE-295"),
    ("go", 'http.Redirect(w, r, r.FormValue("to"), 302)', "CWE-601"),
    ("csharp", "var f = new BinaryFormatter();", "CWE-502"),
    ("ruby", 'system("ls #{params[:dir]}")', "CWE-78"),
    ("c", "void f(char *buffer) {\ngets(buffer);}", "CWE-120"),
    ("c", "printf(message);", "CWE-134"),
    ("cpp", "int main(int argc, char **argv) {\nchar target[8];\nstrcpy(target, argv[1]);}", "CWE-120"),
    ("python", "name = request.args.get('n')\nreturn redirect(name)", "CWE-601"),
    ("python", "requests.get(request.GET.get('u'))", "CWE-918"),
    ("rust", "let h = Md5::new();", "CWE-328"),
]


@pytest.mark.parametrize(("language", "body", "cwe"), VULNERABLE)
def test_dangerous_constructs_are_found_on_their_line(language: str, body: str, cwe: str) -> None:
    found = [c for c in scan(language, body) if c.cwe == cwe]
    assert found and found[0].place.start_line == len(body.splitlines())
    assert not found[0].value and not found[0].certain


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("javascript", "db.query('SELECT * FROM t WHERE id = ?', [req.query.id]);"),
        ("javascript", "// exec('ls ' + dir)\nconst s = \"eval(x)\";"),
        ("javascript", "fs.readFileSync('/etc/app.conf');"),
        ("php", "<?php $n = intval($_GET['n']);\necho \"Hello $n\";"),
        ("php", "<?php $n = htmlspecialchars($_GET['n']);\necho $n;"),
        ("java", 'st = c.prepareStatement("SELECT * FROM t WHERE id=?");\nst.setString(1, id);'),
        ("go", 'db.Query("SELECT * FROM t WHERE id=$1", id)'),
        ("c", '/* gets(buffer); */\nprintf("%s", message);'),
        ("python", "# eval(x)\nopen('a.txt')"),
        ("python", "return send_from_directory(LABELS, request.args['name'])"),
        ("python", "open(f\"{request.args.get('parcel', type=int)}.pdf\")"),
        ("python", "address = PARTNERS.get(request.form.get('partner'))\nrequests.get(address)"),
    ],
)
def test_safe_twins_are_quiet(language: str, body: str) -> None:
    assert [c.rule for c in scan(language, body)] == []


def test_cleaning_counts_only_for_its_own_sink() -> None:
    cleaned = "<?php $n = htmlspecialchars($_GET['n']);\n"
    assert not scan("php", cleaned + "echo $n;")
    assert scan("php", cleaned + 'mysql_query("SELECT a FROM b WHERE c=$n");')


def test_request_data_raises_the_severity_and_is_named() -> None:
    body = 'void f(String id) {{\nst.executeQuery("SELECT * FROM t WHERE id=" + {});\n}}'
    (plain,) = scan("java", body.format("id"))
    (reached,) = scan("java", body.format('request.getParameter("id")'))
    assert (plain.severity, reached.severity) == (Severity.MEDIUM, Severity.HIGH)
    assert "request.getParameter of line 2" in reached.message


def test_unknown_languages_and_other_kinds_give_nothing() -> None:
    assert scan("cobol", "eval(x)") == ()
    assert PLUGIN.detect(Document(source="t", body="eval(x)")).candidates == ()


def test_the_suffix_tells_the_language() -> None:
    assert PLUGIN.detect(CodeUnit(source="t", path="a/b.php", body="<?php eval($_GET['x']);")).candidates

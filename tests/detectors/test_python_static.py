"""Python static analysis: lines, silence, and errors that name the file."""

import pytest

from schemas import CodeUnit, Document, FindingKind, Severity
from secassist.detectors.base import Candidate
from secassist.detectors.python_static import PLUGIN
from secassist.errors import DetectorError


def scan(body: str, language: str = "python") -> tuple[Candidate, ...]:
    return PLUGIN.detect(CodeUnit(source="t", path="pkg/a.py", language=language, body=body, start_line=40)).candidates


def test_rules_cwe_severity_and_lines_of_the_subject() -> None:
    (issue,) = [
        c
        for c in scan("import os\n\nsubprocess.call(\n    cmd, shell=True)\n" + "import subprocess\n")
        if c.rule == "B602"
    ]
    assert (issue.cwe, issue.type, issue.severity, issue.kind) == (
        "CWE-78",
        "CWE-78",
        Severity.HIGH,
        FindingKind.WEAKNESS,
    )
    assert issue.place.start_line in (3, 4) and issue.place.path == "pkg/a.py"


def test_nosec_does_not_silence() -> None:
    assert any(c.rule == "B307" for c in scan("eval(x)  # nosec\n"))


def test_an_indented_part_of_a_class_is_read() -> None:
    assert [c.place.start_line for c in scan("    def f(self, x):\n        return eval(x)\n") if c.rule == "B307"] == [
        2
    ]


def test_no_address_of_this_process_is_told() -> None:
    found = scan("import tarfile\n\ntarfile.open(p).extractall(members=[m for m in (a, b)] and [a])\n")
    assert [c.message[-10:] for c in found if c.rule == "B202"] == ["validated."]


def test_hard_coded_passwords_do_not_travel() -> None:
    found = scan("password = 'trub4dorKazoo'\n")
    assert [c.rule for c in found] == ["B105"]
    assert "trub4dor" not in repr(found) and not found[0].value


@pytest.mark.parametrize("body", ["def f(:\n", "x = (\n", "a\0b", "print 'two'\n", "x" + "+1" * 60_000])
def test_what_does_not_parse_is_an_error_naming_the_file(body: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(DetectorError, match=r"pkg/a\.py"):
        scan(body)
    assert capfd.readouterr() == ("", "")


def test_other_languages_and_kinds_are_not_its_business() -> None:
    assert scan("eval(x)", "javascript") == ()
    assert PLUGIN.detect(Document(source="t", body="eval(x)")).candidates == ()


@pytest.mark.parametrize(
    ("body", "rule", "cwe"),
    [
        ("import yaml\nyaml.load(text, Loader=yaml.Loader)\n", "B506", "CWE-502"),
        ("from flask import Flask\napp = Flask(__name__)\napp.run(debug=True)\n", "B201", "CWE-489"),
        ("import hashlib\nhashlib.md5(data)\n", "B324", "CWE-328"),
        ("import requests\nrequests.get(url, verify=False, timeout=1)\n", "B501", "CWE-295"),
        ("password = 'trub4dorKazoo'\n", "B105", "CWE-259"),
        ("connect(password='trub4dorKazoo')\n", "B106", "CWE-259"),
        ("def f(password='trub4dorKazoo'):\n    pass\n", "B107", "CWE-259"),
        ("exec(text)\n", "B102", "CWE-94"),
        ("eval(text)\n", "B307", "CWE-95"),
        ("import pickle\npickle.loads(data)\n", "B301", "CWE-502"),
        ("import xml.etree.ElementTree as t\nt.parse(name)\n", "B314", "CWE-611"),
        ("import jinja2\njinja2.Environment(autoescape=False)\n", "B701", "CWE-79"),
        ("import os\nos.system('ls ' + name)\n", "B605", "CWE-78"),
    ],
)
def test_the_cwe_names_the_fault(body: str, rule: str, cwe: str) -> None:
    assert [c.cwe for c in scan(body) if c.rule == rule] == [cwe]


def test_an_import_of_which_nothing_is_used_says_so() -> None:
    hints = {c.place.start_line: c.safe_hint for c in scan("import telnetlib\nimport ftplib\nx = ftplib.FTP_PORT\n")}
    assert hints == {1: "the module is imported, and nothing of it is used in this file", 2: ""}
    assert [c.safe_hint for c in scan("import telnetlib\n__all__ = ['telnetlib']\n")] == [""]
    assert [c.safe_hint for c in scan("from telnetlib import *\n")] == [""]


RUNNERS = (
    "'sudo', 'sh', '-c'",
    "'timeout', '5', 'bash', '-c'",
    "'docker', 'exec', 'w', 'sh', '-c'",
    "'ssh', 'host'",
    "'/usr/bin/nohup', 'x'",
    "'fish', '-c'",
    "'SH', '-c'",
    "'find', '.', '-exec'",
    "'mine', '/bin/dash', '-c'",
)
"""Beginnings of commands behind which a word may be run as text or start another program."""


@pytest.mark.parametrize(
    ("body", "rule", "hinted"),
    [
        ("import pickle\nx = pickle.dumps(a)\n", "B403", True),
        ("import subprocess\nsubprocess.check_call(['tar', 'xf', name])\n", "B404", True),
        ("import subprocess\nsubprocess.check_call(['tar', 'xf', name])\n", "B603", True),
        ("import subprocess\nsubprocess.check_call(['tar', 'xf', name])\n", "B607", True),
        ("import subprocess\nsubprocess.check_call(('/bin/tar', 'xf', name), shell=False)\n", "B603", True),
        ("import subprocess\nsubprocess.check_call(['bash', '-c', text])\n", "B603", False),
        ("import subprocess\nsubprocess.check_call([program, name])\n", "B603", False),
        ("import subprocess\nsubprocess.check_call(command)\n", "B603", False),
        ("import subprocess\nsubprocess.Popen(['a', b], executable=c)\n", "B603", False),
        ("import subprocess\nsubprocess.run(['a', b]), subprocess.run(c)\n", "B603", False),
        (
            "import subprocess\ndef f(b):\n    a = ['open', '-W']\n    a.append(b)\n    a += [b]\n    subprocess.call(a)\n",
            "B603",
            True,
        ),
        ("import subprocess\ndef f(b):\n    a: list[str] = ['open', b]\n    subprocess.call(a)\n", "B603", True),
        ("import subprocess\ndef f(b):\n    a = ['open', b]\n    a = b\n    subprocess.call(a)\n", "B603", False),
        ("import subprocess\ndef f(b):\n    a = ['open', b]\n    a[0] = b\n    subprocess.call(a)\n", "B603", False),
        (
            "import subprocess\ndef f(b):\n    a = ['open', b]\n    a.insert(0, b)\n    subprocess.call(a)\n",
            "B603",
            False,
        ),
        ("import subprocess\ndef f(b):\n    a = ['sh', b]\n    subprocess.call(a)\n", "B603", False),
        ("import subprocess\ndef f(b):\n    a = [b]\n    subprocess.call(a)\n", "B603", False),
        ("import subprocess\ndef f(b):\n    a = 'open'\n    a += b\n    subprocess.call(a)\n", "B603", False),
        ("import subprocess\ndef f(b):\n    a, c = ['open'], b\n    subprocess.call(a)\n", "B603", False),
        ("def f(n):\n    assert n > 0\n    return n\n", "B101", True),
        ("def f(user):\n    assert user.is_admin\n    return user\n", "B101", False),
        ("try:\n    close()\nexcept OSError:\n    pass\nexcept Exception:\n    pass\n", "B110", True),
        ("try:\n    check_token(a)\nexcept Exception:\n    pass\n", "B110", False),
        ("for a in b:\n    try:\n        close(a)\n    except Exception:\n        continue\n", "B112", True),
        ("if token == 'name':\n    a()\nelif token == 'dot':\n    b()\n", "B105", True),
        ("if token == 'opensesame':\n    a()\n", "B105", False),
        ("if password == 'one':\n    a()\nelif password == 'two':\n    b()\n", "B105", False),
        ("if api_token == 'one':\n    a()\nelif api_token == 'two':\n    b()\n", "B105", False),
        ("if self.token_type == 'name':\n    a()\n", "B105", True),
        ("if password == '-':\n    password = ask()\n", "B105", True),
        ("if password == '7':\n    a()\n", "B105", False),
        ("if password == '':\n    password = ask()\n", "B105", True),
        ("password = ''\n", "B105", False),
        ("a = {'sort_token': True}\n", "B105", True),
        ("a = {'password': 'kazoo'}\n", "B105", False),
        ("a['password_field'] = 'pw'; b['password'] = 'kazoo'\n", "B105", False),
        (
            "def f(vocab, unk_token='<unk>', pad_token='[PAD]', token_type='WORD', password=''):\n    pass\n",
            "B107",
            True,
        ),
        ("def f(unk_token='<unk>', *, password='kazoo'):\n    pass\n", "B107", False),
        ("self.image_token = '<|IMAGE|>'\n", "B105", True),
        ("TOKEN_CLS = 'TOKEN_CLS'\n", "B105", True),
        ("password = '<unk>x'\n", "B105", False),
        ("api_token = 'unk'\n", "B105", False),
        ("if host == '0.0.0.0' or host in ('::', '0.0.0.0'):\n    a()\n", "B104", True),
        ("bind('0.0.0.0') if host == '0.0.0.0' else a()\n", "B104", False),
        ("import pickle\nx = pickle.loads(pickle.dumps(y, 4))\n", "B301", True),
        ("import pickle\nx = pickle.loads(other.dumps(y))\n", "B301", False),
        ("import pickle\nx = pickle.loads(pickle.dumps(y)), pickle.loads(z)\n", "B301", False),
        ("import pickle\nx = pickle.loads(z)\n", "B301", False),
        ("import xml.sax\np = xml.sax.make_parser()\np.setFeature(feature_external_ges, False)\n", "B317", True),
        ("import xml.sax\np = xml.sax.make_parser()\np.setFeature(feature_external_ges, True)\n", "B317", False),
        ("import xml.sax\np = xml.sax.make_parser()\np.setFeature(feature_namespaces, False)\n", "B317", False),
        ("import random, time\ntime.sleep(random.uniform(1, 2) / 10)\n", "B311", True),
        ("import random, time\ntime.sleep(1); key = random.random()\n", "B311", False),
        ("import random\nkey = random.random()\n", "B311", False),
        ("raise ValueError('Select statement %r returned nothing from it' % a)\n", "B608", True),
        ("raise ValueError(f'cannot delete from {a}')\n", "B608", True),
        ("log.warning('select from {} failed'.format(a))\n", "B608", True),
        ("raise ValueError(run('select a from b where c = %s' % a))\n", "B608", False),
        ("raise ValueError('no %s' % run('select a from b where c = %s' % a))\n", "B608", False),
        ("db.info('select a from b where c = %s' % a)\n", "B608", False),
        ("db.execute('select a from b where c = %s' % a)\n", "B608", False),
        ("import markupsafe\nmarkupsafe.Markup(' '.join(f'<p>{markupsafe.escape(x)}</p>' for x in a))\n", "B704", True),
        ("import markupsafe\nmarkupsafe.Markup(' '.join(f'<p>{x}</p>' for x in a))\n", "B704", False),
        ("import markupsafe\nmarkupsafe.Markup(f'<a href={markupsafe.escape(x)}>')\n", "B704", False),
        ("import markupsafe, re\nmarkupsafe.Markup(re.escape(x))\n", "B704", False),
        ("from markupsafe import Markup\ndef f(a):\n    return Markup(str(a)).striptags()\n", "B704", True),
        ("from markupsafe import Markup\ndef f(a):\n    b = '\\n'\n    return Markup(b)\n", "B704", True),
        ("from markupsafe import Markup\ndef f(a):\n    b = '\\n'\n    b += a\n    return Markup(b)\n", "B704", False),
        ("from markupsafe import Markup\ndef f(a):\n    a = Markup(a)\n    return a\n", "B704", False),
        *((f"import subprocess\nsubprocess.run([{words}, a])\n", "B603", False) for words in RUNNERS),
        ("import subprocess\nsubprocess.run(['ls', '-l', a])\n", "B603", True),
    ],
)
def test_the_noisy_rules_are_judged_by_what_stands_around(body: str, rule: str, hinted: bool) -> None:
    assert [bool(c.safe_hint) for c in scan(body) if c.rule == rule][:1] == [hinted]


def test_names_bound_to_each_other_many_times_are_judged_in_time() -> None:
    chain = "".join(f"    a{n} = a{n + 1} + a{n + 1}\n" for n in range(2_000))
    body = f"from markupsafe import Markup\ndef f(b):\n{chain}    a2000 = b\n    return Markup(a0)\n"
    assert [c.safe_hint for c in scan(body) if c.rule == "B704"] == [""]


IN_FUNCTION = "def f(self, a, config):\n    q = {}\n    return run(q, (a,))\n"


@pytest.mark.parametrize(
    ("body", "hinted"),
    [
        (IN_FUNCTION.format("'select b from {} where c = ?'.format(TABLE)"), True),
        (IN_FUNCTION.format("f'select b from {self.TABLE} where c = ?'"), True),
        (IN_FUNCTION.format("'select b from ' + CFG('table') + ' where c = ?'"), True),
        (IN_FUNCTION.format("'select b from %s where c = ?' % settings['db']['table']"), True),
        (IN_FUNCTION.format("'select b from %s where c = %d' % (self.config.get('table'), int(a))"), True),
        (IN_FUNCTION.format("'select b from c where d in (%s)' % ','.join('?' for _ in a)"), True),
        (IN_FUNCTION.format("'select b from c where d in (' + ', '.join(['?'] * len(a)) + ')'"), True),
        (IN_FUNCTION.format("'select b from c where d in (%s)' % ('?, ' * len(a))[:-2]"), True),
        ("TABLE = 'b'\n" + IN_FUNCTION.format("'select b from ' + TABLE"), True),
        ("def f(a):\n    t = 'b' if a else 'c'\n    return 'select d from ' + t\n", True),
        ("TABLE = ask()\n" + IN_FUNCTION.format("'select b from ' + TABLE"), False),
        ("def f(TABLE):\n    return 'select b from ' + TABLE\n", False),
        ("def f(t):\n    self.TABLE = t\n    return 'select b from ' + self.TABLE\n", False),
        (IN_FUNCTION.format("'select b from {} where c = {}'.format(TABLE, a)"), False),
        (IN_FUNCTION.format("'select b from ' + config['table']"), False),
        (IN_FUNCTION.format("'select b from ' + request.config['table']"), False),
        (IN_FUNCTION.format("'select b from ' + CFG(a)"), False),
        (IN_FUNCTION.format("'select b from c where d in (%s)' % ','.join(a)"), False),
        (IN_FUNCTION.format("'select b from %s' % TABLE\n    q += ' where c = ' + a"), False),
        (IN_FUNCTION.format("'select b from %s' % TABLE\n    q = q + ' where c = ' + a"), False),
        (IN_FUNCTION.format("'select b from %s' % TABLE; p = 'select b from %s' % a"), False),
    ],
)
def test_a_statement_of_what_the_program_fixes_is_no_injection(body: str, hinted: bool) -> None:
    hints = [c.safe_hint for c in scan(body) if c.rule == "B608"]
    assert hints and all(bool(hint) is hinted for hint in hints)


def test_a_long_sum_of_texts_is_read_to_its_end() -> None:
    for end, hinted in (("", True), (" + name", False)):
        body = "q = 'select b from ' + TABLE" + " + 'c'" * 40 + end + "\n"
        assert {bool(c.safe_hint) for c in scan(body) if c.rule == "B608"} == {hinted}

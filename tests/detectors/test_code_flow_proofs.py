"""What data flow proves of sinks: only what the language or a known cleaner guarantees, never what a name promises."""

import pytest

from schemas import CodeUnit
from secassist.detectors.code_flow import PLUGIN

PROVED = [
    ("a.py", "import subprocess\nsubprocess.call('ls -l', shell=True)\n", "CWE-78: a constant"),
    ("a.py", "import subprocess\nK = {'a': 'ls', 'b': 'df'}\ndef f():\n    c = 'ls'\n    subprocess.call(c, shell=True)\n",
     "CWE-78: a constant"),
    ("a.py", "def f(db, n):\n    db.execute('SELECT a FROM b WHERE c=%d' % n)\n",
     "CWE-89: a value of the caller's, made harmless for every sink"),
    ("a.py", "import os\nfrom flask import request\n\ndef f():\n"
     "    n = int(request.args['n'])\n    os.system('kill ' + str(n))\n",
     "CWE-78: request.args of line 5, made harmless for every sink"),
    ("a.php", "<?php\n$t = $_GET['t'];\n$t = $t == 'a' ? 'a' : 'b';\nsystem('ls ' . $t);",
     "CWE-78: made of constants and of what the program works out"),
    ("a.php", "<?php\n$l = array('a', 'b');\n$t = $_GET['t'];\nif (!in_array($t, $l, true)) { exit; }\nsystem('ls ' . $t);",
     "CWE-78: $_GET of line 3, made harmless for every sink"),
    ("a.php", "<?php\n$t = escapeshellarg($_GET['t']);\nsystem('ls ' . $t);",
     "CWE-78: $_GET of line 2, made harmless for a shell"),
]  # fmt: skip
NOT_PROVED = [
    ("a.py", "import os\ndef f(p):\n    os.system('ls ' + p)\n"),
    ("a.py", "import os\ndef f(p):\n    os.system('ls ' + sanitize(p))\n"),
    ("a.py", "import os\ndef f(p):\n    if is_safe(p):\n        os.system('ls ' + p)\n"),
    ("a.py", "import os\ndef f(p: int):\n    os.system('ls ' + p)\n"),
    ("a.py", "import os, conf\ndef f():\n    os.system('ls ' + conf.FOLDER)\n"),
    ("a.py", "import os\nc = 'ls'\ndef g(x):\n    global c\n    c = x\ndef f():\n    os.system(c)\n"),
    ("a.py", "import os\ndef f():\n    c = ['ls']\n    fill(c)\n    os.system(c[0])\n"),
    ("a.py", "import os\ndef f(p):\n    os.system('ls ' + p * 2)\n"),
    ("a.py", "import os\nos.system('ls')\ndef f(:\n"),
    ("a.php", "<?php\n$t = escapeshellarg($_GET['t']);\nsystem(\"ls '$t'\");"),
    ("a.php", "<?php\n$t = addslashes($_GET['t']);\nsystem(\"ls '$t'\");"),
    ("a.php", "<?php\n$t = mysql_real_escape_string($_GET['t']);\n$u = mysql_real_escape_string($_GET['u']);\n"
              "mysql_query(\"SELECT a FROM b WHERE c='$t' AND d=$u\");"),
    ("a.cs", "class A { void F(HttpContext c) { var p = c.Request.QueryString[\"p\"];\n"
             "if (File.Exists(p)) { Process.Start(\"sh\", \"-c \" + p); } } }"),
]  # fmt: skip


def _proofs(path: str, code: str) -> list[str]:
    found = PLUGIN.detect(CodeUnit(source="code", origin="test", title=path, path=path, body=code))
    return [signal.message for signal in found.signals if signal.rule == "flow:proved"]


@pytest.mark.parametrize(("path", "code", "proof"), PROVED)
def test_what_is_certain_is_proved_with_its_reason(path: str, code: str, proof: str) -> None:
    assert _proofs(path, code) == [proof]


@pytest.mark.parametrize(("path", "code"), NOT_PROVED)
def test_names_types_that_nobody_checks_and_what_others_may_change_prove_nothing(path: str, code: str) -> None:
    assert _proofs(path, code) == []


def test_a_file_that_was_not_gone_through_whole_says_so_and_proves_nothing() -> None:
    code = "import os\nos.system('ls')\n" + "x = a + b + c + d + e + f\n" * 25_000
    found = PLUGIN.detect(CodeUnit(source="code", origin="test", title="a.py", path="a.py", body=code))
    assert [signal.rule for signal in found.signals if signal.rule in {"flow:proved", "flow:unfinished"}] == [
        "flow:unfinished"
    ]

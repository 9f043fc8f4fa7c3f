"""The first fact of a review: how far data flow got in a unit, in words that stay the same."""

import pytest

from schemas import CodeUnit
from secassist.analyzers._proofs import proof
from secassist.detectors.code_flow import PLUGIN as FLOW


def _said(code: str, path: str, lines: tuple[int, int] | None = None) -> str:
    unit = CodeUnit(source="code", origin="test", title=path, path=path, body=code)
    found = FLOW.detect(unit)
    return proof(found.candidates, found.signals, lines or (1, code.count("\n") + 1))


@pytest.mark.parametrize(
    ("code", "path", "begins"),
    [
        ("<?php\n$a = $_GET['a'];\nmysql_query('SELECT b FROM c WHERE d=' . $a);", "a.php", "flow: PROVEN CWE-89 line 2 -> 3"),
        ("def f(cur, name):\n    cur.execute('SELECT a FROM b WHERE c=' + name)\n", "a.py", "flow: OPEN CWE-89 line 2"),
        ("import hashlib\nx = hashlib.md5(b'x')\n", "a.py", "flow: FAULT CWE-328 line 2"),
        ("import os\nos.system('ls')\n", "a.py", "flow: HARMLESS CWE-78 line 2 constant"),
        ("<?php\n$a = (int) $_GET['a'];\necho $a;", "a.php", "flow: HARMLESS CWE-79 line 3 cleaned"),
        ("def add(a, b):\n    return a + b\n", "a.py", "flow: NONE"),
    ],
)  # fmt: skip
def test_the_line_begins_with_how_far_the_data_was_followed(code: str, path: str, begins: str) -> None:
    assert _said(code, path).startswith(begins)


def test_a_cleaner_that_does_not_fit_the_sink_is_named() -> None:
    code = "<?php\n$a = htmlspecialchars($_GET['a']);\nmysql_query('SELECT b FROM c WHERE d=' . $a);"
    assert _said(code, "a.php").endswith("($_GET), cleaned for HTML only")


def test_only_the_lines_of_the_unit_are_spoken_of() -> None:
    code = "import os, sys\nos.system(sys.argv[1])\n\n\ndef add(a, b):\n    return a + b\n"
    assert _said(code, "a.py", (1, 3)).startswith("flow: PROVEN CWE-78")
    assert _said(code, "a.py", (4, 6)) == "flow: NONE"


def test_where_an_outsiders_value_comes_in_is_told_where_no_sink_is_seen() -> None:
    code = "from flask import request\n\ndef f():\n    return len(request.args['a'])\n"
    assert _said(code, "a.py") == "flow: NONE; input request.args line 4"

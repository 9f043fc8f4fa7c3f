"""A model's proposal is shown only where the code still parses with it."""

import pytest

from schemas import CodeUnit
from schemas.answers import ReviewAnswer
from secassist.analyzers._proposed import proposed

PYTHON = "def f(q):\n    db.execute('select ' + q)\n    return 1\n"
GO = 'package a\n\nfunc f(q string) {\n\tdb.Query("select " + q)\n}\n'


def _answer(fix: str) -> ReviewAnswer:
    return ReviewAnswer.model_construct(decision="vulnerable", cwe="CWE-89", lines=[2], reason="joined", fix=fix)


@pytest.mark.parametrize(
    ("path", "body", "line", "fix", "kept"),
    [
        ("a.py", PYTHON, 2, "db.execute('select %s', (q,))", True),
        ("a.py", PYTHON, 2, 'var text = "%s" %s", text);', False),
        ("a.py", PYTHON, 2, "", False),
        ("a.py", PYTHON, 2, "db.execute('select ' + q)", False),
        ("a.py", "def f(:\n    x = 1\n", 2, "x = = 2", True),
        ("a.go", GO, 4, 'db.Query("select ?", q)', True),
        ("a.go", GO, 4, "db.Query('select %s' % q", False),
        ("a.sh", "rm -rf $1\n", 1, 'rm -rf -- "$1', True),
    ],
)
def test_what_does_not_parse_is_dropped(path: str, body: str, line: int, fix: str, kept: bool) -> None:
    code = CodeUnit(source="code", path=path, body=body, start_line=11)
    found = proposed(_answer(fix), code, line, line)
    assert (found is not None) is kept
    if found is not None:
        assert (found.start_line, found.replacement) == (line + 10, fix)

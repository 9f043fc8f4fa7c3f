"""semgrep: what is made of its output, how it fails, and, where it is installed, what our rules find and leave alone."""

import json
from pathlib import Path

import pytest

from schemas import CodeUnit, Document, FindingKind, Severity
from secassist.detectors import semgrep
from secassist.errors import DetectorError

FLASK = """import os
from flask import request


def ping():
    host = request.args["h"]
    os.system("ping " + host)
    os.system("ping -c %d x" % int(request.args["n"]))
    db.execute("SELECT * FROM t WHERE a = '" + host + "'")
    db.execute("SELECT * FROM t WHERE a = ?", (host,))
"""
EXPRESS = 'app.get("/", (req, res) => {\n  res.send("<b>" + req.query.q + "</b>");\n  res.send("<b>hello</b>");\n});\n'


def unit(body: str, path: str = "app.py", language: str = "python") -> CodeUnit:
    return CodeUnit(source="code", path=path, language=language, body=body)


def recorded(name: str = "u0.py", **change: object) -> bytes:
    """As version 1.182 prints it."""
    row = {
        "check_id": "tmp.code.semgrep_rules.python-request-to-command",
        "path": f"/tmp/x/code/{name}",
        "start": {"line": 7, "col": 5, "offset": 90},
        "end": {"line": 7, "col": 30, "offset": 115},
        "extra": {
            "message": "A value of the request becomes part of a command of the shell.",
            "metadata": {"cwe": "CWE-78"},
            "severity": "ERROR",
            "lines": "requires login",
        },
        **change,
    }
    return json.dumps({"version": "1.182.0", "results": [row, "odd"], "errors": []}).encode()


def engine(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A program called semgrep on the PATH."""
    file = folder / "semgrep"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a recording engine writes its arguments and environment."""
    (tmp_path / "out.json").write_bytes(recorded())
    note = tmp_path / "seen"
    engine(tmp_path, monkeypatch, f'echo "$@" > {note}; env >> {note}; cat {tmp_path}/out.json')
    return note


def test_a_result_is_a_candidate_with_the_cwe_of_its_rule(seen: Path) -> None:
    (found,) = semgrep.PLUGIN.detect(unit(FLASK)).candidates
    assert (found.kind, found.rule, found.cwe) == (FindingKind.WEAKNESS, "python-request-to-command", "CWE-78")
    assert (found.severity, found.by) == (Severity.HIGH, "semgrep")
    assert (found.place.path, found.place.start_line, found.place.end_line) == ("app.py", 7, 7)


def test_it_may_not_phone_home_or_read_settings(seen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEMGREP_APP_TOKEN", "not for it")
    semgrep.PLUGIN.detect(unit(FLASK))
    told = seen.read_text()
    for word in ("--metrics=off", "--disable-version-check", "--disable-nosem", "HTTPS_PROXY=http://127.0.0.1:9"):
        assert word in told
    assert "SEMGREP_APP_TOKEN" not in told
    assert f"HOME={Path.home()}\n" not in told


def test_lines_out_of_the_text_are_brought_back_into_it(tmp_path: Path, seen: Path) -> None:
    (tmp_path / "out.json").write_bytes(recorded(start={"line": 0}, end={"line": 999}))
    (found,) = semgrep.PLUGIN.detect(unit("import os\n")).candidates
    assert (found.place.start_line, found.place.end_line) == (1, 1)


def test_many_texts_start_the_engine_once(tmp_path: Path, seen: Path) -> None:
    (tmp_path / "out.json").write_bytes(recorded("u1.js"))
    one, two, none = unit(FLASK), unit(EXPRESS * 4, "a.js", "javascript"), unit("x", "a.txt", "")
    found = semgrep.PLUGIN.look([one, two, none, Document(source="t", body="x")])
    assert {id_: len(said.candidates) for id_, said in found.items()} == {one.id: 0, two.id: 1}
    assert seen.read_text().count("scan --json") == 1


@pytest.mark.parametrize("script", ["exit 2", "echo nonsense", "echo '[]'", "echo '{\"results\": 3}'"])
def test_a_broken_engine_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    engine(tmp_path, monkeypatch, script)
    with pytest.raises(DetectorError, match="semgrep"):
        semgrep.PLUGIN.detect(unit(FLASK))


def test_a_slow_engine_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine(tmp_path, monkeypatch, "exec sleep 60")
    monkeypatch.setattr(semgrep, "_START_S", 0.3)
    with pytest.raises(DetectorError, match="too long"):
        semgrep.PLUGIN.detect(unit(FLASK))


def test_without_the_engine_nothing_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert semgrep.PLUGIN.detect(unit(FLASK)).candidates == ()


@pytest.mark.slow
@pytest.mark.skipif(semgrep.program() is None, reason="semgrep is not installed")
def test_our_rules_find_what_they_are_for_and_leave_its_twin() -> None:
    python, script = unit(FLASK), unit(EXPRESS, "a.js", "javascript")
    found = semgrep.PLUGIN.look([python, script])
    assert {(c.cwe, c.place.start_line) for c in found[python.id].candidates} == {("CWE-78", 7), ("CWE-89", 9)}
    assert {(c.cwe, c.place.start_line) for c in found[script.id].candidates} == {("CWE-79", 2)}

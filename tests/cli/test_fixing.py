"""fix: what it shows, what it writes, what it refuses; the judge's words are scripted, all else is real."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas import Analysis, Fix, digest
from tests.analyzers.scripts import answer, decided
from tests.backends.server import Script, serving
from tests.cli.conftest import Commands

CODE = "import sqlite3\n\n\ndef find(db, name):\n    return db.execute(f\"SELECT * FROM t WHERE n = '{name}'\")\n"
FIXED = CODE.replace("f\"SELECT * FROM t WHERE n = '{name}'\"", '"SELECT * FROM t WHERE n = ?", (name,)')
VALUE = "Qx7Invented9Canary3Vault5Zw"


MANY = """import hashlib
import os
import sqlite3


def one(db, name):
    os.system("ls " + name)
    return hashlib.md5(name).hexdigest()


def two(name):
    return os.system("ls " + name), hashlib.md5(name).hexdigest()
"""
MANY_FIXED = (
    MANY.replace("import os\nimport sqlite3", "import sqlite3\nimport subprocess")
    .replace('return os.system("ls " + name)', 'return subprocess.run(["ls", str(name)], check=False).returncode')
    .replace('os.system("ls " + name)', 'subprocess.run(["ls", str(name)], check=False)')
    .replace("md5", "sha256")
)


def says(decision: str) -> Callable[..., Any]:
    more: dict[str, Any] = {"decision": decision, "cwe": "", "lines": []}
    if decision == "vulnerable":
        more |= {"cwe": "CWE-89", "lines": [2, 5]}
    return lambda r: decided(r, **(more if r.analyzer == "review" else {}))


def scanned(secassist: Commands, path: Path, cwe: str) -> tuple[str, int]:
    """Id and number of the first finding of this weakness."""
    ran = secassist("scan", path, "--json", "--all")
    for line in ran.out.splitlines():
        analysis = Analysis.model_validate_json(line)
        for number, finding in enumerate(analysis.findings):
            if finding.cwe == cwe:
                return analysis.id, number
    raise AssertionError(f"no {cwe} in {ran.out} {ran.err}")


@pytest.fixture
def sql(secassist: Commands, inbox: Path) -> tuple[Path, str, int]:
    file = inbox / "find.py"
    file.write_text(CODE)
    secassist.script = says("vulnerable")
    id_, number = scanned(secassist, file, "CWE-89")
    secassist.script = says("safe")
    return file, id_, number


class TestFix:
    def test_it_shows_the_change_and_writes_nothing(self, secassist: Commands, sql: tuple[Path, str, int]) -> None:
        file, id_, number = sql
        ran = secassist("fix", id_[:12], number)
        assert ran.code == 0, ran.err
        assert '+    return db.execute("SELECT * FROM t WHERE n = ?", (name,))' in ran.out
        assert "\x1b" not in ran.out
        for check in ("parses", "signatures", "small", "gone", "nothing-new", "judge"):
            assert f"passed {check}" in ran.err
        assert file.read_text() == CODE

    def test_apply_and_undo(self, secassist: Commands, sql: tuple[Path, str, int]) -> None:
        file, id_, number = sql
        file.chmod(0o640)
        assert secassist("fix", f"{id_}:{number}", "--apply").code == 0
        assert file.read_text() == FIXED
        assert file.stat().st_mode & 0o777 == 0o640
        ran = secassist("fix", id_, number, "--apply")
        assert ran.code == 2
        assert "was changed since the scan" in ran.err
        assert secassist("fix", id_, number, "--undo").code == 0
        assert file.read_text() == CODE
        assert secassist("fix", id_, number, "--undo").code == 2

    def test_undo_refuses_an_edited_file(self, secassist: Commands, sql: tuple[Path, str, int]) -> None:
        file, id_, number = sql
        secassist("fix", id_, number, "--apply", "--fast")
        file.write_text(FIXED + "# mine\n")
        ran = secassist("fix", id_, number, "--undo")
        assert ran.code == 2
        assert "edited since" in ran.err
        assert file.read_text() == FIXED + "# mine\n"

    def test_a_judge_that_still_calls_it_vulnerable(self, secassist: Commands, sql: tuple[Path, str, int]) -> None:
        file, id_, number = sql
        secassist.script = says("vulnerable")
        ran = secassist("fix", id_, number, "--apply")
        assert ran.code == 3
        assert "FAILED judge" in ran.err
        assert file.read_text() == CODE

    def test_the_judge_is_not_told_that_it_is_a_fix(self, secassist: Commands, sql: tuple[Path, str, int]) -> None:
        _, id_, number = sql
        asked = list[str]()

        def listening(request: Any) -> Any:
            asked.append(f"{request.prompt.system} {request.prompt.user}")
            return says("safe")(request)

        secassist.script = listening
        secassist("fix", id_, number)
        assert len(asked) == 1
        assert "(name,)" in asked[0]
        assert "'{name}'" not in asked[0]
        assert "bind-parameters" not in asked[0]

    def test_fast_asks_nobody(self, secassist: Commands, sql: tuple[Path, str, int]) -> None:
        _, id_, number = sql
        before = secassist.asked
        ran = secassist("fix", id_, number, "--fast")
        assert ran.code == 0
        assert secassist.asked == before
        assert "judge" not in ran.err

    def test_as_json(self, secassist: Commands, sql: tuple[Path, str, int]) -> None:
        _, id_, number = sql
        record = json.loads(secassist("fix", id_, number, "--json").out)
        fix = Fix.model_validate(record["fix"])
        assert (fix.start_line, fix.end_line, fix.by) == (5, 5, "rewrite:bind-parameters")
        assert all(check.passed for check in fix.checks)

    def test_an_accepted_fix_is_kept_with_its_finding(self, secassist: Commands, sql: tuple[Path, str, int]) -> None:
        file, id_, number = sql
        secassist.script = says("vulnerable")
        assert secassist("fix", id_, number).code == 3
        refused = Analysis.model_validate_json(secassist("show", id_, "--json").out).findings[number].fix
        assert refused is None or not refused.accepted
        secassist.script = says("safe")
        secassist("fix", id_, number)
        kept = Analysis.model_validate_json(secassist("show", id_, "--json").out).findings[number].fix
        assert kept is not None and kept.accepted and not kept.masked
        assert (kept.before, kept.after) == (digest(CODE), digest(FIXED))
        assert '+    return db.execute("SELECT * FROM t WHERE n = ?", (name,))' in kept.diff
        assert "WHERE n = ?" in secassist("show", id_).out
        log = json.loads(secassist("export", "--format", "sarif").out)
        offered = [fix for result in log["runs"][0]["results"] for fix in result.get("fixes", [])]
        assert [each["artifactChanges"][0]["replacements"][0]["deletedRegion"] for each in offered] == [
            {"startLine": 5, "endLine": 5}
        ]
        again = secassist("scan", file, "--json", "--all")
        assert kept in [f.fix for line in again.out.splitlines() for f in Analysis.model_validate_json(line).findings]

    def test_tests_run_in_a_copy(self, secassist: Commands, sql: tuple[Path, str, int], monkeypatch: Any) -> None:
        file, id_, number = sql
        monkeypatch.setenv("CLOUD_TOKEN", "not for tests")
        check = f'import os, sys; sys.exit("?" not in open("{file.name}").read() or "CLOUD_TOKEN" in os.environ)'
        monkeypatch.chdir(file.parent)
        ran = secassist("fix", id_, number, "--fast", "--test-command", f"{sys.executable} -c '{check}'")
        assert ran.code == 0, ran.err
        assert "passed tests" in ran.err
        ran = secassist("fix", id_, number, "--fast", "--test-command", f"{sys.executable} -c 'raise SystemExit(4)'")
        assert ran.code == 3
        assert "FAILED tests: the tests end with 4; without the fix they fail, too" in ran.err
        assert file.read_text() == CODE

    def test_a_secret_is_taken_out_and_never_shown_or_kept(self, secassist: Commands, inbox: Path) -> None:
        file = inbox / "settings.py"
        file.write_text(f'DEBUG = False\nPASSWORD = "{VALUE}"\n')
        id_, number = scanned(secassist, file, "CWE-798")
        for words in ((), ("--json",), ("--apply",)):
            ran = secassist("fix", id_, number, "--fast", *words)
            assert ran.code == 0, ran.err
            assert VALUE not in ran.out + ran.err
            assert 'os.environ["PASSWORD"]' in ran.out.replace('\\"', '"')
        assert file.read_text() == 'import os\n\nDEBUG = False\nPASSWORD = os.environ["PASSWORD"]\n'
        kept = [path for path in secassist.home.rglob("*") if path.is_file()]
        assert any(path.parent.name == "fixes" for path in kept)
        assert not [path for path in kept if VALUE.encode() in path.read_bytes()]
        assert secassist("fix", id_, number, "--undo").code == 0
        assert VALUE in file.read_text()

    def test_all_findings_of_an_analysis(self, secassist: Commands, inbox: Path) -> None:
        file = inbox / "two.py"
        file.write_text(f"{CODE}\n\ndef run(text):\n    import os\n    os.system(text)\n")
        secassist.script = says("vulnerable")
        id_, number = scanned(secassist, file, "CWE-89")
        secassist.script = says("safe")
        ran = secassist("fix", id_, "--all", "--json")
        rows = [json.loads(line) for line in ran.out.splitlines()]
        assert ran.code == 3, "one of them has no fix"
        assert [row["finding"] for row in rows] == list(range(len(rows)))
        assert len(rows) >= 2
        assert [row["finding"] for row in rows if row["fix"]] == [number]
        assert "fix" in json.dumps(
            Analysis.model_validate_json(secassist("show", id_, "--json").out).model_dump()["findings"]
        )
        for wrong in (("--undo",), (number,)):
            assert secassist("fix", id_, *wrong, "--all").code == 2

    def test_what_code_refuted_needs_no_fix(self, secassist: Commands, inbox: Path) -> None:
        file = inbox / "idle.py"
        file.write_text(f"import subprocess\n{CODE}")
        id_, number = scanned(secassist, file, "CWE-78")
        ran = secassist("fix", id_, number, "--fast")
        assert (ran.code, "refuted" in ran.err, "nothing to fix" in ran.err) == (2, True, True)
        ran = secassist("fix", id_, "--all", "--fast")
        assert (ran.code, "nothing to fix" in ran.err, "accepted" in ran.err) == (0, True, True)

    def test_the_change_that_is_shown_is_told_from_others(self, secassist: Commands, inbox: Path) -> None:
        file = inbox / "files.py"
        file.write_text(
            "import os\n\nfrom flask import request, send_file\n\n\ndef get():\n"
            '    return send_file(os.path.join("/srv", request.args["n"]))\n'
        )
        ran = secassist("fix", *scanned(secassist, file, "CWE-22"), "--fast")
        assert ran.err.count(": accepted. ") == 1
        assert ran.err.count(": accepted, and not shown. ") == 1

    def test_all_findings_applied_one_after_the_other(self, secassist: Commands, inbox: Path) -> None:
        file = inbox / "many.py"
        file.write_text(MANY)
        id_, _ = scanned(secassist, file, "CWE-78")
        ran = secassist("fix", id_, "--all", "--apply", "--fast")
        assert ran.code == 0, ran.err
        assert ran.err.count("applied to") == 4
        assert file.read_text() == MANY_FIXED
        for number in (3, 2, 1, 0):
            assert secassist("fix", id_, number, "--undo").code == 0
        assert file.read_text() == MANY

    @pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 0, 2)])
    def test_findings_are_found_again_after_fixes_of_others(
        self, secassist: Commands, inbox: Path, order: tuple[int, ...]
    ) -> None:
        file = inbox / "many.py"
        file.write_text(MANY)
        id_, _ = scanned(secassist, file, "CWE-78")
        for number in order:
            ran = secassist("fix", id_, number, "--apply", "--fast")
            assert ran.code == 0, ran.err
        assert file.read_text() == MANY_FIXED
        ran = secassist("fix", id_, order[0], "--apply", "--fast")
        assert ran.code == 2
        assert "was changed since the scan" in ran.err

    def test_a_finding_is_found_again_by_its_quote_in_an_edited_file(
        self, secassist: Commands, sql: tuple[Path, str, int]
    ) -> None:
        file, id_, number = sql
        file.write_text("# mine\n" + CODE)
        assert secassist("fix", id_, number, "--apply", "--fast").code == 0
        assert file.read_text() == "# mine\n" + FIXED
        assert secassist("fix", id_, number, "--undo").code == 0
        file.write_text(CODE + "\n\n" + CODE.partition("\n\n\n")[2].replace("find", "seek"))
        ran = secassist("fix", id_, number, "--apply", "--fast")
        assert ran.code == 2
        assert "which of lines 5, 9 the finding was is open" in ran.err
        file.write_text("import sqlite3\n")
        ran = secassist("fix", id_, number, "--apply", "--fast")
        assert ran.code == 2
        assert "lines are gone" in ran.err

    def test_a_secret_is_found_again_though_its_quote_is_masked(self, secassist: Commands, inbox: Path) -> None:
        file = inbox / "settings.py"
        file.write_text(f'DEBUG = False\nPASSWORD = "{VALUE}"\n')
        id_, number = scanned(secassist, file, "CWE-798")
        file.write_text(f'# mine\nDEBUG = False\nPASSWORD = "{VALUE}"\n')
        assert secassist("fix", id_, number, "--fast", "--apply").code == 0
        assert VALUE not in file.read_text()

    def test_another_file_of_the_same_name_is_refused(
        self, secassist: Commands, sql: tuple[Path, str, int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        file, id_, number = sql
        other = tmp_path / "elsewhere" / file.relative_to("/")
        other.parent.mkdir(parents=True)
        other.write_text("# mine\n" + CODE)
        file.unlink()
        monkeypatch.chdir(tmp_path / "elsewhere")
        ran = secassist("fix", id_, number, "--apply", "--fast")
        assert ran.code == 2
        assert "another folder" in ran.err

    def test_a_link_is_not_followed(self, secassist: Commands, sql: tuple[Path, str, int]) -> None:
        file, id_, number = sql
        other = file.with_name("other.py")
        file.replace(other)
        file.symlink_to(other)
        ran = secassist("fix", id_, number, "--apply")
        assert ran.code == 2
        assert other.read_text() == CODE

    @pytest.mark.parametrize(
        ("words", "said"),
        [(("--apply", "--undo"), "exclude"), (("--format", "pdf"), "--format"), (("99",), "no finding 99")],
    )
    def test_wrong_use(
        self, secassist: Commands, sql: tuple[Path, str, int], words: tuple[str, ...], said: str
    ) -> None:
        ran = secassist("fix", sql[1], *words)
        assert ran.code == 2
        assert said in ran.err


SHELL = 'import os\n\n\ndef count(name, target):\n    os.system("wc -l " + name + " > " + target)\n    return target\n'
SINK = '    os.system("wc -l " + name + " > " + target)'
GOOD = [
    "    import subprocess",
    '    with open(target, "wb") as out:',
    '        subprocess.run(["wc", "-l", name], stdout=out)',
]


def proposing(new: list[str]) -> Callable[..., Any]:
    """A model that proposes these lines, and judges everything safe."""
    said = json.dumps({"edits": [{"old": [SINK], "new": new}], "why": "No shell reads the names."})
    return lambda request: said if request.analyzer == "fix" else says("safe")(request)


class TestProposals:
    @pytest.fixture
    def shell(self, secassist: Commands, inbox: Path) -> tuple[Path, str, int]:
        file = inbox / "count.py"
        file.write_text(SHELL)
        secassist.script = says("vulnerable")
        id_, number = scanned(secassist, file, "CWE-78")
        return file, id_, number

    def test_the_bundled_model_is_asked_on_request_only(
        self, secassist: Commands, shell: tuple[Path, str, int]
    ) -> None:
        file, id_, number = shell
        secassist.script = proposing(GOOD)
        ran = secassist("fix", id_, number)
        assert ran.code == 3
        assert "by model" not in ran.err
        assert ran.err.splitlines()[-1].startswith("advice: By hand: ")
        ran = secassist("fix", id_, number, "--proposals", "--apply")
        assert ran.code == 0, ran.err
        assert "By hand" not in ran.err, "where a change was accepted, nobody has to do it by hand"
        assert "edit-1 by model: accepted. Proposed by a model: No shell reads the names." in ran.err
        assert file.read_text() == SHELL.replace(SINK, "\n".join(GOOD))
        log = json.loads(secassist("export", "--format", "sarif").out)
        offered = [fix for result in log["runs"][0]["results"] for fix in result.get("fixes", [])]
        assert [fix["description"]["text"].startswith("Proposed by a model: ") for fix in offered] == [True]
        kept = Analysis.model_validate_json(secassist("show", id_, "--json").out).findings[number].fix
        assert kept is not None
        assert kept.by == "model:edit-1"

    def test_one_that_hides_is_refused(self, secassist: Commands, shell: tuple[Path, str, int]) -> None:
        file, id_, number = shell
        secassist.script = proposing([f"{SINK}  # nosec"])
        ran = secassist("fix", id_, number, "--proposals", "--apply")
        assert ran.code == 3
        assert "FAILED unsilenced" in ran.err
        assert ran.err.splitlines()[-1].startswith("advice: By hand: "), "what was tried comes before what to do else"
        assert file.read_text() == SHELL

    def test_fast_and_proposals_exclude_each_other(self, secassist: Commands, shell: tuple[Path, str, int]) -> None:
        assert secassist("fix", *shell[1:], "--fast", "--proposals").code == 2

    def test_a_served_model_is_asked_by_default(
        self, secassist: Commands, shell: tuple[Path, str, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said = json.dumps({"edits": [{"old": [SINK], "new": GOOD}], "why": "So."})
        script = Script()

        def reply(body: dict[str, Any]) -> dict[str, Any]:
            of = body["response_format"]["json_schema"]["name"]
            return {"choices": [{"message": {"content": said if of == "fix" else answer(of)}, "finish_reason": "stop"}]}

        script.answer = reply  # type: ignore[method-assign]
        with serving(script):
            monkeypatch.setenv("SECASSIST_BACKEND", "server")
            monkeypatch.setenv("SECASSIST_SERVER_URL", script.url)
            monkeypatch.setenv("SECASSIST_SERVER_MODEL", "tiny")
            secassist.script = says("safe")
            assert secassist("fix", *shell[1:], "--no-proposals").code == 3
            ran = secassist("fix", *shell[1:], "--json", "--k", 2)
        assert ran.code == 0, ran.err
        assert json.loads(ran.out)["fix"]["by"] == "model:edit-1"
        assert sorted(body["seed"] for body in script.asked) == [0, 1]

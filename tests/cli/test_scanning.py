"""scan: what it prints, what it leaves out, how it ends."""

import io
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from schemas import Analysis
from secassist.scanning import detecting, index, scan
from tests.analyzers.scripts import decided
from tests.cli.conftest import Commands
from tests.sources.archives import document, zipped

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"


def analyses(text: str) -> list[Analysis]:
    return [Analysis.model_validate_json(line) for line in text.splitlines()]


class TestScan:
    CODE = "import os\n\ndef ping(host):\n    os.system('ping -c 1 ' + host)\n"
    SECRET = "Qx7Invented9Canary3Vault5Zw"

    def test_code_secrets_and_personal_data(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.py").write_text(self.CODE + f"password = '{self.SECRET}'\n")
        secassist.script = lambda r: decided(
            r, **({"decision": "vulnerable", "cwe": "CWE-78", "lines": [4]} if r.analyzer == "review" else {})
        )
        ran = secassist("scan", inbox, "--json", "--fail-on", "low")
        assert ran.code == 1
        found = {analysis.analyzer: analysis for analysis in analyses(ran.out)}
        assert {"CWE-78"} <= {finding.cwe for finding in found["review"].findings}
        assert {"CWE-798"} <= {finding.cwe for finding in found["sensitive"].findings}
        assert self.SECRET not in ran.out + ran.err

    def test_only_one_of_them(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.py").write_text(self.CODE)
        for only in ("review", "sensitive"):
            ran = secassist("scan", inbox, "--json", "--only", only, "--all")
            assert {analysis.analyzer for analysis in analyses(ran.out)} == {only}

    def test_of_one_file_the_last_thorough_look_is_listed(self, secassist: Commands, inbox: Path) -> None:
        def listed(*words: str) -> list[Analysis]:
            return analyses(secassist("list", "--analyzer", "sensitive", "--json", *words).out)

        (inbox / "app.py").write_text(f"password = '{self.SECRET}'\n")
        for words in ((), ("--fast",), ()):
            secassist("scan", inbox, *words, "-q")
            assert [each.lineage.model for each in listed()] == ["scripted"]
        assert len(listed("--all")) == 2
        (inbox / "app.py").write_text("password = read()\n")
        secassist("scan", inbox, "--fast", "-q")
        assert [each.findings for each in listed()] == [()]
        (inbox / "app.py").write_text(f"password = '{self.SECRET}'\n")
        secassist("scan", inbox, "-q")
        assert [len(each.findings) for each in listed()] == [1]
        assert len(listed("--all")) == 3

    def test_sarif_names_files(self, secassist: Commands) -> None:
        ran = secassist("scan", EXAMPLES / "webapp", "--format", "sarif")
        results = json.loads(ran.out)["runs"][0]["results"]
        assert results
        assert all("locations" in result for result in results)

    def test_what_a_git_range_adds(self, secassist: Commands, inbox: Path) -> None:
        def git(*words: str) -> None:
            who = ["-c", "user.name=ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false"]
            subprocess.run(["git", "-C", str(inbox), *who, *words], check=True, capture_output=True)

        git("init", "-q", "-b", "main")
        for number, text in enumerate(("x = 1\n", "x = 1\n" + self.CODE)):
            (inbox / "app.py").write_text(text)
            git("add", ".")
            git("commit", "-q", "-m", f"step {number}")
        ran = secassist("scan", inbox, "--diff", "HEAD~1..HEAD", "--json", "--only", "review")
        assert ran.code == 0, ran.err
        assert any(f.place.start_line == 5 for analysis in analyses(ran.out) for f in analysis.findings)

    def test_an_unreadable_file_is_incomplete(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.py").write_text("x = 1\n")
        (inbox / "blob.dat").write_bytes(bytes(range(256)) * 64)
        ran = secassist("scan", inbox, "--json")
        assert ran.code == (0 if "skipped" in ran.err else 3)
        assert "blob.dat" in ran.err


CALL = "import os\n\n\ndef ping(host):\n    os.system('ping ' + host)\n"
VALUE = "Qx7Invented9Canary3Vault5Zw"
PASSWORD = f"password = '{VALUE}'\n"


def git(repo: Path, *words: str) -> str:
    who = ["-c", "user.name=ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false"]
    made = subprocess.run(["git", "-C", str(repo), *who, *words], check=True, capture_output=True, text=True)
    return made.stdout.strip()


def commit(repo: Path) -> str:
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "step")
    return git(repo, "rev-parse", "HEAD")


@pytest.fixture
def repo(inbox: Path) -> Path:
    git(inbox, "init", "-q", "-b", "main")
    (inbox / "base.py").write_text("x = 1\n")
    commit(inbox)
    return inbox


def rules(text: str) -> set[tuple[str, str, int]]:
    """(file name, rule, line) of every finding."""
    return {
        (Path(finding.place.path).name, finding.rule, finding.place.start_line)
        for analysis in analyses(text)
        for finding in analysis.findings
    }


class TestFast:
    def test_no_model_is_asked_and_findings_fail(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.py").write_text(CALL + PASSWORD)
        ran = secassist("scan", inbox, "--fast", "--json", "--fail-on", "medium")
        assert (ran.code, secassist.asked) == (1, 0)
        assert {("app.py", "B605", 5), ("app.py", "password", 6)} <= rules(ran.out)
        assert VALUE not in ran.out + ran.err
        assert all(analysis.lineage.model == "rules" for analysis in analyses(ran.out))

    def test_what_nobody_calibrated_is_no_probability(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.py").write_text(CALL + PASSWORD + "key = 'AKIAIOSFODNN7EXAMPLE'\n")
        ran = secassist("scan", inbox, "--fast")
        rows = [line.split() for line in ran.out.splitlines() if "app.py:" in line]
        assert len(rows) >= 3
        assert all("-" in row and not any(word.startswith("0.") for word in row) for row in rows)
        assert "nobody calibrated" in ran.out
        for analysis in analyses(secassist("scan", inbox, "--fast", "--json").out):
            assert all("not calibrated" in f.rationale or f.confidence == 0.99 for f in analysis.findings)

    def test_a_placeholder_does_not_fail(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.py").write_text("password = 'changeme'\n")
        assert secassist("scan", inbox, "--fast", "--fail-on", "info", "--only", "sensitive").code == 0

    def test_it_excludes_advice(self, secassist: Commands, inbox: Path) -> None:
        assert secassist("scan", inbox, "--fast", "--advise").code == 2


class TestUnchanged:
    def test_nothing_is_read_or_detected_twice(
        self, secassist: Commands, inbox: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(4):
            (inbox / f"f{number}.py").write_text(f"n = {number}\n" + CALL + PASSWORD)
        one = secassist("scan", inbox, "--json")
        asked = secassist.asked
        looked = list[str]()
        old = detecting._answers
        monkeypatch.setattr(detecting, "_answers", lambda s, d: looked.append(s.origin) or old(s, d))
        two = secassist("scan", inbox, "--json")
        assert (two.out, two.code, secassist.asked, looked) == (one.out, one.code, asked, [])
        assert "of which unchanged: 4" in two.err
        (inbox / "f2.py").write_text("n = 2\n")
        three = secassist("scan", inbox, "--json")
        assert [Path(origin).name for origin in looked] == ["f2.py"]
        assert rules(three.out) == {each for each in rules(one.out) if each[0] != "f2.py"}

    def test_what_was_scanned_unsealed_is_sealed_once_that_is_asked_for(
        self, secassist: Commands, inbox: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (inbox / "conf.py").write_text(PASSWORD)
        first = secassist("scan", inbox, "--fast", "--json")
        named = [f"{a.id}:{at}" for a in analyses(first.out) for at, found in enumerate(a.findings) if found.secret]
        assert named
        assert secassist("vault", "init").code == 0
        assert not any("sealed for key" in secassist("vault", "show", *name.split(":")).out for name in named)
        monkeypatch.setenv("SECASSIST_VAULT", "sealed")
        again = secassist("scan", inbox, "--fast", "--json")
        assert (again.out, again.code) == (first.out, first.code)
        assert "of which unchanged: 0" in again.err
        assert all("sealed for key" in secassist("vault", "show", *name.split(":")).out for name in named)
        assert "of which unchanged: 1" in secassist("scan", inbox, "--fast", "--json").err

    def test_an_unread_file_is_named_again(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "doc.pdf").write_bytes(b"%PDF-1.7 x")
        first, second = (secassist("scan", inbox, "--fast") for _ in range(2))
        assert first.code == second.code == 3
        assert "PDF is not read" in first.err and "PDF is not read" in second.err

    def test_a_purged_store_is_filled_again(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.py").write_text(CALL)
        one = secassist("scan", inbox, "--fast", "--json")
        for name in ("secassist.db", "secassist.db-wal", "secassist.db-shm"):
            (secassist.home / name).unlink(missing_ok=True)
        assert rules(secassist("scan", inbox, "--fast", "--json").out) == rules(one.out)

    def test_an_interrupted_scan_goes_on(
        self, secassist: Commands, inbox: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(6):
            (inbox / f"f{number}.py").write_text(f"n = {number}\n" + CALL)
        monkeypatch.setattr(scan, "_BATCH", 2)
        count = iter(range(100))

        def interrupted(request: object) -> object:
            if next(count) == 3:
                raise KeyboardInterrupt
            return decided(request)

        secassist.script = interrupted
        assert secassist("scan", inbox, "--json").code == 130
        secassist.script = decided
        ran = secassist("scan", inbox, "--json")
        assert "of which unchanged: 2" in ran.err
        assert {name for name, _, _ in rules(ran.out)} == {f"f{n}.py" for n in range(6)}

    def test_workers_find_the_same(self, secassist: Commands, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for number in range(5):
            (inbox / f"f{number}.py").write_text(f"n = {number}\n" + CALL + PASSWORD)
        one = secassist("scan", inbox, "--fast", "--json", "--jobs", 1)
        (secassist.home / "scan-index.db").unlink()
        monkeypatch.setattr(detecting, "_WORTH_A_POOL", 2)
        two = secassist("scan", inbox, "--fast", "--json", "--jobs", 2)
        assert rules(two.out) == rules(one.out) and len(rules(one.out)) >= 10


class TestWhichFiles:
    def test_staged_is_what_the_index_holds_at_its_lines(self, secassist: Commands, repo: Path) -> None:
        (repo / "app.py").write_text(CALL)
        commit(repo)
        (repo / "app.py").write_text(CALL + "\n" + PASSWORD)
        git(repo, "add", "app.py")
        (repo / "app.py").write_text("nothing\n")
        (repo / "unstaged.py").write_text(CALL)
        ran = secassist("scan", repo, "--staged", "--fast", "--json", "--fail-on", "medium")
        assert ran.code == 1
        found = rules(ran.out)
        assert ("app.py", "password", 7) in found
        assert {(name, line) for name, _, line in found} == {("app.py", 7)}, "old lines are not asked about"

    def test_a_renamed_file_has_only_its_new_lines(self, secassist: Commands, repo: Path) -> None:
        (repo / "old.py").write_text(CALL + "".join(f"n{n} = {n}\n" for n in range(40)))
        commit(repo)
        (repo / "old.py").rename(repo / "new.py")
        with (repo / "new.py").open("a") as out:
            out.write(PASSWORD)
        commit(repo)
        ran = secassist("scan", repo, "--diff", "HEAD~1..HEAD", "--fast", "--json")
        assert {(name, line) for name, _, line in rules(ran.out)} == {("new.py", 46)}

    def test_what_is_stored_has_the_lines_of_the_file(self, secassist: Commands, repo: Path) -> None:
        old = "".join(f"def f{n}(a):\n    b = a + {n}\n    return b\n\n\n" for n in range(40))
        (repo / "app.py").write_text(old)
        commit(repo)
        (repo / "app.py").write_text(old + PASSWORD + "\n\n" + CALL)
        commit(repo)
        ran = secassist("scan", repo, "--diff", "HEAD~1..HEAD", "--json")
        here = {("app.py", "password", 201), ("app.py", "B605", 208)}
        assert here <= rules(ran.out)
        assert here <= rules(secassist("export", "--format", "json").out)
        for analysis in analyses(ran.out):
            told = secassist("show", analysis.id).out
            assert all(f"app.py:{finding.place.start_line}" in told for finding in analysis.findings)

    def test_a_list_of_files(self, secassist: Commands, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("a.py", "b.py", "c\nd.py"):
            (inbox / name).write_text(CALL)
        names = f"{inbox}/a.py\0{inbox}/c\nd.py\0{inbox}/gone.py\0".encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(names)))
        ran = secassist("scan", "--files-from", "-", "--fast", "--json", "--only", "review")
        assert {name for name, _, _ in rules(ran.out)} == {"a.py", "c\\x0ad.py"}
        assert (ran.code, "gone.py" in ran.err) == (3, True)

    def test_a_history_finds_what_was_removed_and_names_its_commit(self, secassist: Commands, repo: Path) -> None:
        (repo / "conf.py").write_text("a = 1\n\n" + PASSWORD)
        when = commit(repo)
        (repo / "conf.py").write_text("a = 1\n")
        commit(repo)
        for words in (("--history",), ("--history", "HEAD~2..HEAD")):
            ran = secassist("scan", repo, *words, "--fast", "--json", "--fail-on", "medium")
            assert ran.code == 1
            (found,) = analyses(ran.out)
            assert found.origin.startswith(f"{when} 20") and rules(ran.out) == {("conf.py", "password", 3)}
        assert "unchanged: 2" in ran.err
        assert VALUE not in ran.out + ran.err

    def test_archives_and_documents(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "a.zip").write_bytes(
            zipped({"src/app.py": CALL.encode(), "in.zip": zipped({"p.txt": PASSWORD.encode()})})
        )
        (inbox / "d.docx").write_bytes(document("Login", PASSWORD.strip()))
        ran = secassist("scan", inbox, "--fast", "--json")
        places = {finding.place.path.rpartition("/")[2] for a in analyses(ran.out) for finding in a.findings}
        assert {"app.py", "a.zip!in.zip!p.txt", "document.xml"} <= places

    def test_generated_vendored_and_ignored_files_say_why(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "lib").mkdir()
        (inbox / "node_modules").mkdir()
        for name in ("yarn.lock", "x.min.js", "made_pb2.py", "node_modules/i.js", "lib/a.py", "docs.py", "logo.png"):
            (inbox / name).write_text("x = 1\n")
        (inbox / "logo.png").write_bytes(bytes(range(256)) * 9)
        (inbox / "head.go").write_text("// Code generated by tool. DO NOT EDIT.\npackage x\n")
        (inbox / ".secassistignore").write_text("lib/\n")
        ran = secassist("scan", inbox, "--fast", "--exclude", "docs.*")
        assert ran.code == 0, ran.err
        for name in ("yarn.lock", "x.min.js", "made_pb2.py", "i.js", "lib", "docs.py", "logo.png", "head.go"):
            assert f"{name}: " in ran.err
        assert "scanned: 7" in ran.err
        assert "yarn.lock" not in secassist("scan", inbox, "--fast", "--generated").err

    def test_what_was_left_out_is_read_once_it_is_asked_for(
        self, secassist: Commands, inbox: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(index, "_YOUNG_NS", 0)
        (inbox / "made_pb2.py").write_text(CALL)
        assert "made_pb2.py: " in secassist("scan", inbox, "--fast").err
        assert rules(secassist("scan", inbox, "--fast", "--json", "--generated").out)
        assert "made_pb2.py: " in secassist("scan", inbox, "--fast").err

    def test_a_purge_forgets_what_was_scanned(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "a.py").write_text(CALL)
        secassist("scan", inbox, "--fast")
        assert (secassist.home / index.NAME).exists()
        assert secassist("purge", "--older-than", "1d", "--dry-run").code == 0
        assert (secassist.home / index.NAME).exists()
        assert secassist("purge", "--older-than", "1d").code == 0
        assert not list(secassist.home.glob(f"{index.NAME}*"))
        assert rules(secassist("scan", inbox, "--fast", "--json").out)

    @pytest.mark.parametrize(
        "words",
        [
            ("--staged", "--diff", "a..b"),
            ("--update-baseline",),
            ("--exclude", "*a*a*a*a*a*b"),
            ("--jobs", "0"),
            ("--files-from", "-"),
        ],
    )
    def test_wrong_use(self, secassist: Commands, inbox: Path, words: tuple[str, ...]) -> None:
        assert secassist("scan", inbox, *words).code == 2


class TestSilence:
    def test_a_reason_silences_and_is_counted(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.py").write_text(
            CALL.replace("host)\n", "host)  # secassist: ignore[CWE-78] host is a constant\n")
        )
        ran = secassist("scan", inbox, "--fast", "--only", "review", "--fail-on", "info", "--json")
        assert (ran.code, ran.out) == (0, "")
        assert "suppressed by comments: 1" in ran.err

    def test_a_comment_that_covers_nothing_is_counted_and_named_with_all(
        self, secassist: Commands, inbox: Path
    ) -> None:
        (inbox / "app.py").write_text(
            CALL.replace("host)\n", "host)  # secassist: ignore[CWE-79] host is a constant\n")
        )
        assert "suppressions that cover nothing: 1" in secassist("scan", "--fast", str(inbox)).err
        named = secassist("scan", "--fast", "--all", str(inbox)).err
        assert "suppression names nothing that was found there" in named and "app.py:" in named
        assert "cover nothing" not in secassist("scan", "--fast", "--only", "review", str(inbox)).err, "half was seen"

    def test_without_one_it_does_not_and_is_named(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.py").write_text("# secassist: ignore[password]\n" + PASSWORD)
        for _ in range(2):
            ran = secassist("scan", inbox, "--fast", "--only", "sensitive", "--fail-on", "low", "--json")
            assert ran.code == 1
            assert "app.py:1: suppression gives no reason" in ran.err

    def test_only_what_is_new_fails(self, secassist: Commands, repo: Path) -> None:
        base = repo / ".secassist-baseline.json"
        (repo / "app.py").write_text(CALL + PASSWORD)
        words = ("scan", repo, "--fast", "--json", "--fail-on", "low", "--baseline", base)
        assert secassist(*words).code == 2
        assert secassist(*words, "--update-baseline").code == 1
        assert VALUE not in base.read_text() and "app.py" not in base.read_text()
        assert (secassist(*words).code, secassist(*words).out) == (0, "")
        assert ".secassist-baseline.json: the baseline itself" in secassist(*words, "--left-out").err
        (repo / "app.py").write_text("\n\n# moved\n" + CALL + "\n" + PASSWORD)
        assert secassist(*words).code == 0
        (repo / "app.py").rename(repo / "renamed.py")
        assert secassist(*words).code == 0
        with (repo / "renamed.py").open("a") as out:
            out.write(PASSWORD.replace("Canary3", "Canary4"))
        ran = secassist(*words)
        assert (ran.code, rules(ran.out)) == (1, {each for each in rules(ran.out) if each[2] == 11})


class TestSarif:
    def test_silenced_known_and_gone_findings_are_told(self, secassist: Commands, inbox: Path) -> None:
        base = inbox / ".secassist-baseline.json"
        (inbox / "a.py").write_text(CALL)
        (inbox / "b.py").write_text(CALL)
        words = ("scan", inbox, "--fast", "--only", "review", "--format", "sarif", "--baseline", base)
        assert secassist(*words, "--update-baseline").code == 0
        (inbox / "a.py").write_text("x = 1\n" + CALL)
        (inbox / "b.py").write_text("x = 1\n")
        (inbox / "c.py").write_text(CALL.replace("ping(host", "trace(host"))
        (inbox / "d.py").write_text(CALL.replace("host)\n", "host)  # secassist: ignore[CWE-78] host is a constant\n"))
        ran = secassist(*words, "--fail-on", "info")
        assert ran.code == 1
        results = json.loads(ran.out)["runs"][0]["results"]
        found = {
            (
                each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].rpartition("/")[2],
                each["baselineState"],
                tuple(word["justification"] for word in each["suppressions"]),
            )
            for each in results
            if each["ruleId"] == "weakness/B605"
        }
        assert found == {
            ("a.py", "unchanged", ()),
            ("b.py", "absent", ()),
            ("c.py", "new", ()),
            ("d.py", "new", ("host is a constant",)),
        }
        (inbox / "c.py").unlink()
        assert secassist(*words, "--fail-on", "info").code == 0, "what is known, gone or silenced does not fail"


class TestReport:
    def test_it_tells_what_changed_since_the_last_scan(self, secassist: Commands, inbox: Path, tmp_path: Path) -> None:
        (inbox / "a.py").write_text(CALL + PASSWORD)
        (inbox / "b.py").write_text(CALL)
        for name in ("one.html", "two.md"):
            assert secassist("scan", inbox, "--fast", "--quiet", "--report", tmp_path / name).code == 0
            (inbox / "b.py").write_text("x = 1\n")
        page, text = (tmp_path / "one.html").read_text(), (tmp_path / "two.md").read_text()
        assert page.startswith("<!DOCTYPE html>") and "nothing to compare with yet" in page
        assert "new 0, fixed " in text and "b.py" in text.partition("## fixed")[2]
        assert VALUE not in page + text
        assert secassist("scan", inbox, "--staged", "--report", tmp_path / "x.md").code == 2


class TestGitLab:
    def test_each_kind_in_its_report(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.py").write_text(CALL + PASSWORD)
        sast = json.loads(secassist("scan", inbox, "--fast", "--format", "gitlab").out)
        leaks = json.loads(secassist("scan", inbox, "--fast", "--format", "gitlab_secrets").out)
        assert sast["scan"]["type"] == "sast" and leaks["scan"]["type"] == "secret_detection"
        assert "CWE-78" in json.dumps(sast) and "password" not in {
            i["value"] for v in sast["vulnerabilities"] for i in v["identifiers"]
        }
        assert [v["location"]["start_line"] for v in leaks["vulnerabilities"]] == [6]
        assert VALUE not in json.dumps(sast) + json.dumps(leaks)


class TestHostile:
    def test_a_tree_of_traps_ends_in_a_list(self, secassist: Commands, inbox: Path, tmp_path: Path) -> None:
        outside = tmp_path / "outside.py"
        outside.write_text(CALL)
        (inbox / "loop").symlink_to(inbox)
        (inbox / "self").symlink_to(inbox / "self")
        (inbox / "out.py").symlink_to(outside)
        os.mkfifo(inbox / "pipe.py")
        listening = socket.socket(socket.AF_UNIX)
        here = os.open(inbox, os.O_RDONLY)
        listening.bind(f"/proc/self/fd/{here}/sock")
        with (inbox / "sparse.py").open("wb") as out:
            out.truncate(1 << 30)
        (inbox / "bytes.py").write_bytes(b"x = '\xff\xfe\x80'\n" + CALL.encode())
        for name in ("new\nline.py", "\x1b[31mred.py", "=cmd.py"):
            (inbox / name).write_text(CALL)
        (inbox / os.fsdecode(b"\xff\xfe.py")).write_text(CALL)
        (inbox / "deep.json").write_text("[" * 200_000)
        (inbox / "bomb.zip").write_bytes(zipped({"b.txt": b"0" * 40_000_000}))
        (inbox / ".git").write_text("gitdir: /\n")
        began = time.monotonic()
        ran = secassist("scan", inbox, "--fast", "--json", "--only", "review")
        listening.close()
        os.close(here)
        assert time.monotonic() - began < 60
        assert ran.code == 3
        for name in ("loop", "self", "out.py", "pipe.py", "sock", "sparse.py", "bomb.zip", ".git"):
            assert f"/{name}" in ran.err, name
        assert "\x1b" not in ran.err + ran.out
        assert {name for name, _, _ in rules(ran.out)} == {
            "bytes.py",
            "new\\x0aline.py",
            "\\x1b[31mred.py",
            "=cmd.py",
            "\\xff\\xfe.py",
        }

    @pytest.mark.slow
    @pytest.mark.timeout(1500)
    def test_200_000_tiny_files_and_what_they_hold(self, secassist: Commands, inbox: Path) -> None:
        for folder in range(200):
            (inbox / str(folder)).mkdir()
            for number in range(1000):
                (inbox / str(folder) / f"{number}.txt").touch()
        words = [sys.executable, "-m", "secassist", "scan", str(inbox), "--fast", "--quiet", "--jobs", "2"]
        child = subprocess.Popen(words, env={**os.environ, "SECASSIST_HOME": str(secassist.home)})
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        assert child.returncode == 0
        assert used.ru_maxrss < 1 << 20

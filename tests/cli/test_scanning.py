"""scan: what it prints, what it leaves out, how it ends."""

import json
from pathlib import Path

import pytest

from schemas import Analysis
from secassist.scanning import detecting, scan
from tests.analyzers.scripts import decided
from tests.cli.conftest import Commands
from tests.cli.samples import CALL, PASSWORD, VALUE, analyses, rules
from tests.repositories import commit, git

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"


class TestScan:
    def test_code_secrets_and_personal_data(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.py").write_text(CALL + PASSWORD)
        secassist.script = lambda r: decided(
            r, **({"decision": "vulnerable", "cwe": "CWE-78", "lines": [5]} if r.analyzer == "review" else {})
        )
        ran = secassist("scan", inbox, "--json", "--fail-on", "low")
        assert ran.code == 1
        found = {analysis.analyzer: analysis for analysis in analyses(ran.out)}
        assert {"CWE-78"} <= {finding.cwe for finding in found["review"].findings}
        assert {"CWE-798"} <= {finding.cwe for finding in found["sensitive"].findings}
        assert VALUE not in ran.out + ran.err

    def test_only_one_of_them(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.py").write_text(CALL)
        for only in ("review", "sensitive"):
            ran = secassist("scan", inbox, "--json", "--only", only, "--all")
            assert {analysis.analyzer for analysis in analyses(ran.out)} == {only}

    def test_of_one_file_the_last_thorough_look_is_listed(self, secassist: Commands, inbox: Path) -> None:
        def listed(*words: str) -> list[Analysis]:
            return analyses(secassist("list", "--analyzer", "sensitive", "--json", *words).out)

        (inbox / "app.py").write_text(PASSWORD)
        for words in ((), ("--fast",), ()):
            secassist("scan", inbox, *words, "-q")
            assert [each.lineage.model for each in listed()] == ["scripted"]
        assert len(listed("--all")) == 2
        (inbox / "app.py").write_text("password = read()\n")
        secassist("scan", inbox, "--fast", "-q")
        assert [each.findings for each in listed()] == [()]
        (inbox / "app.py").write_text(PASSWORD)
        secassist("scan", inbox, "-q")
        assert [len(each.findings) for each in listed()] == [1]
        assert len(listed("--all")) == 3

    def test_sarif_names_files(self, secassist: Commands) -> None:
        ran = secassist("scan", EXAMPLES / "webapp", "--format", "sarif")
        results = json.loads(ran.out)["runs"][0]["results"]
        assert results
        assert all("locations" in result for result in results)

    def test_what_a_git_range_adds(self, secassist: Commands, inbox: Path) -> None:
        git(inbox, "init", "-q", "-b", "main")
        for text in ("x = 1\n", "x = 1\n" + CALL):
            (inbox / "app.py").write_text(text)
            commit(inbox)
        ran = secassist("scan", inbox, "--diff", "HEAD~1..HEAD", "--json", "--only", "review")
        assert ran.code == 0, ran.err
        assert any(f.place.start_line == 6 for analysis in analyses(ran.out) for f in analysis.findings)

    def test_binary_data_is_skipped_and_named(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.py").write_text("x = 1\n")
        (inbox / "blob.dat").write_bytes(bytes(range(256)) * 64)
        ran = secassist("scan", inbox, "--json")
        assert ran.code == 0
        assert any(line.startswith("skipped:") and "blob.dat" in line for line in ran.err.splitlines())


class TestFast:
    def test_no_model_is_asked_and_findings_fail(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.py").write_text(CALL + PASSWORD)
        ran = secassist("scan", inbox, "--fast", "--json", "--fail-on", "medium")
        assert (ran.code, secassist.asked) == (1, 0)
        assert {("app.py", "B605", 5), ("app.py", "password", 6)} <= rules(ran.out)
        assert ("app.py", "B105", 6) not in rules(ran.out), "told once, as the secret"
        alone = secassist("scan", inbox, "--fast", "--json", "--only", "review")
        assert ("app.py", "B105", 6) in rules(alone.out)
        assert VALUE not in ran.out + ran.err
        assert all(analysis.lineage.model == "rules" for analysis in analyses(ran.out))

    def test_what_nobody_calibrated_is_no_probability(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.py").write_text(CALL + PASSWORD + "key = 'AKIAIOSFODNN7EXAMPLE'\n")
        ran = secassist("scan", inbox, "--fast")
        rows = [line.split() for line in ran.out.splitlines() if "app.py:" in line]
        assert len(rows) >= 2
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

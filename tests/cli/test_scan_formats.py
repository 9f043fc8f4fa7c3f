"""scan: SARIF, remediation reports, GitLab's reports, and what comments silence in them."""

import json
from pathlib import Path

from tests.cli.conftest import Commands
from tests.cli.samples import CALL, PASSWORD, VALUE, rules

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"


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

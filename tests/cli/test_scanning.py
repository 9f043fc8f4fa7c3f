"""scan: what it prints, what it leaves out, how it ends."""

import json
import subprocess
from pathlib import Path

from schemas import Analysis
from tests.analyzers.scripts import decided
from tests.cli.conftest import Commands

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

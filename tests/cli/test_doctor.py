"""What a new installation is looked at with: doctor, version, models, demo."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from secassist import registry
from tests.analyzers.scripts import decided
from tests.cli.conftest import Commands
from tests.cli.samples import EXAMPLES


class TestHealth:
    def test_doctor_asks_one_question_each(self, secassist: Commands) -> None:
        ran = secassist("doctor")
        assert ran.code == 0, ran.out
        assert secassist.asked >= 4
        assert "BAD" not in ran.out

    def test_doctor_explains_sentences_that_ran_too_long(self, secassist: Commands) -> None:
        secassist.script = lambda r: replace(decided(r), finish="length")
        (line,) = (each for each in secassist("doctor").out.splitlines() if each.startswith("triage"))
        assert (" ok " in line, "the verdict does not rest on them" in line, "cut" in line) == (True, True, False)

    def test_doctor_says_what_is_bad(self, secassist: Commands) -> None:
        secassist.script = lambda _: "nonsense"
        ran = secassist("doctor")
        assert (ran.code, "BAD" in ran.out) == (3, True)

    def test_version(self, secassist: Commands) -> None:
        assert secassist("--version").out.startswith("secassist ")

    @pytest.mark.skipif(not registry.BUNDLED.exists(), reason="no bundled model yet")
    def test_models(self, secassist: Commands) -> None:
        rows = [json.loads(line) for line in secassist("models", "list", "--json").out.splitlines()]
        assert len(rows) >= 2
        assert all(len(row["digest"]) == 64 for row in rows)
        heads, *lines = secassist("models", "list").out.splitlines()
        assert heads.split() == ["NAME", "STATE", "DIGEST", "SIZE", "FITNESS", "NOTE"]
        assert [line.split()[0] for line in lines] == [row["name"] for row in rows]

    def test_models_that_are_not_there(
        self, secassist: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("SECASSIST_MODEL", str(tmp_path / "nowhere"))
        ran = secassist("models", "list")
        assert (ran.code, "nowhere" in ran.err) == (2, True)

    def test_demo(self, secassist: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        ran = secassist("demo", "--out", tmp_path / "report.html")
        assert ran.code == 0, ran.err
        assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!")
        assert "database" in ran.err
        monkeypatch.chdir(EXAMPLES.parent)
        assert not [
            line for line in secassist("demo", "--out", tmp_path / "again.html").out.splitlines() if "  /" in line
        ]

    def test_demo_without_examples(self, secassist: Commands, tmp_path: Path) -> None:
        assert secassist("demo", "--examples", tmp_path / "nowhere").code == 2

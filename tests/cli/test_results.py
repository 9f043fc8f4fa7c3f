"""list, show, export, report, correct, and the commands about prompts, schemas, models and health."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import schemas
from schemas import Analysis, Disposition
from secassist import plugins, registry, templates
from secassist.cli.results import moment
from secassist.errors import UsageError
from tests.cli.conftest import Commands
from tests.cli.test_analysis import EXAMPLES, alerts, analyses, calm


@pytest.fixture
def stored(secassist: Commands, inbox: Path) -> list[Analysis]:
    """One alert that a floor makes bad, and one harmless one."""
    return analyses(secassist("triage", alerts(inbox), calm(inbox), "--json").out)


class TestStored:
    def test_list_and_its_filters(self, secassist: Commands, stored: list[Analysis]) -> None:
        newest = sorted(stored, key=lambda analysis: (analysis.created_at, analysis.id), reverse=True)
        assert [a.id for a in analyses(secassist("list", "--json").out)] == [a.id for a in newest]
        bad = stored[0].verdict
        assert bad is not None
        listed = analyses(secassist("list", "--json", "--disposition", bad.disposition).out)
        assert [a.id for a in listed] == [stored[0].id]
        assert analyses(secassist("list", "--json", "--analyzer", "review").out) == []
        assert len(analyses(secassist("list", "--json", "--limit", 1).out)) == 1
        assert len(analyses(secassist("list", "--json", "--since", "1h").out)) == 2
        assert secassist("list").out.count("\n") >= 2

    def test_show(self, secassist: Commands, stored: list[Analysis]) -> None:
        ran = secassist("show", stored[0].id[:8], "--json")
        assert analyses(ran.out) == [stored[0]]
        text = secassist("show", stored[0].id[:8]).out
        assert "vssadmin.exe delete shadows /all /quiet" in text.replace("\\", "")

    @pytest.mark.parametrize("format_", plugins.names("formats"))
    def test_export(self, secassist: Commands, stored: list[Analysis], tmp_path: Path, format_: str) -> None:
        out = tmp_path / "new" / "file"
        ran = secassist("export", "--format", format_, "--out", out)
        assert (ran.code, ran.out) == (0, "")
        assert out.read_text(encoding="utf-8")
        assert str(out) in ran.err

    def test_report(self, secassist: Commands, stored: list[Analysis], tmp_path: Path) -> None:
        out = tmp_path / "report.html"
        ran = secassist("report", "--since", "1d", "--out", out, "--title", "Week <45>")
        assert ran.code == 0, ran.err
        page = out.read_text(encoding="utf-8")
        assert "Week &lt;45&gt;" in page
        assert stored[0].id[:8] in page

    def test_an_empty_report(self, secassist: Commands) -> None:
        assert secassist("report", "--format", "markdown").code == 0

    def test_correct(self, secassist: Commands, stored: list[Analysis]) -> None:
        words = ("--disposition", "benign_expected", "--author", "ana", "--comment", "our own backup job")
        ran = secassist("correct", stored[0].id[:8], *words)
        assert (ran.code, "benign_expected" in ran.err) == (0, True)
        assert analyses(secassist("show", stored[0].id, "--json").out) == [stored[0]], "an analysis is never edited"


class TestMoment:
    def test_ages(self) -> None:
        for text, age in (("7d", timedelta(days=7)), ("24h", timedelta(hours=24)), ("5m", timedelta(minutes=5))):
            assert abs(datetime.now(UTC) - age - moment(text)) < timedelta(seconds=5)

    def test_times(self) -> None:
        assert moment("2026-03-01") == datetime(2026, 3, 1, tzinfo=UTC)
        assert moment("2026-03-01T12:00+08:00") == datetime(2026, 3, 1, 4, tzinfo=UTC)

    @pytest.mark.parametrize("text", ["", "d", "-1d", "7w", "soon", "99999999999999d", "2026-13-01"])
    def test_what_is_no_time(self, text: str) -> None:
        with pytest.raises(UsageError):
            moment(text)


class TestPrompts:
    def test_list(self, secassist: Commands) -> None:
        out = secassist("prompts", "list").out
        assert all(f"{name}@1" in out for name in templates.analyzers())

    def test_show(self, secassist: Commands) -> None:
        assert secassist("prompts", "show", "triage@1").out == templates.load("triage", 1).source

    def test_diff(self, secassist: Commands) -> None:
        out = secassist("prompts", "diff", "triage@1", "review@1").out
        assert out.startswith("--- triage@1")
        assert secassist("prompts", "diff", "triage@1", "triage@1").out == ""

    def test_render(self, secassist: Commands, inbox: Path) -> None:
        ran = secassist("prompts", "render", "triage", alerts(inbox))
        assert "vssadmin.exe delete shadows /all /quiet" in ran.out
        assert secassist.asked == 0

    def test_render_masks_secrets(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.log").write_text("2026-11-01 10:00:00 start password=Qx7Invented9Canary3Vault5Zw\n" * 3)
        ran = secassist("prompts", "render", "triage", inbox / "app.log")
        assert ran.code == 0, ran.err
        assert "Qx7Invented9Canary3Vault5Zw" not in ran.out

    @pytest.mark.parametrize("name", ["nosuch", "triage@99", "nosuch@1"])
    def test_unknown(self, secassist: Commands, name: str) -> None:
        ran = secassist("prompts", "show", name)
        assert ran.code in (2, 4)
        assert name.split("@", maxsplit=1)[0] in ran.err


class TestSchemas:
    def test_all_are_valid_and_written(self, secassist: Commands, tmp_path: Path) -> None:
        ran = secassist("schemas", "export")
        found = json.loads(ran.out)
        assert {"Analysis", "Verdict", "Finding", "Report", "TriageAnswer"} <= set(found)
        for schema in found.values():
            Draft202012Validator.check_schema(schema)
        secassist("schemas", "export", tmp_path / "out")
        assert {path.name for path in (tmp_path / "out").iterdir()} == {f"{name}.schema.json" for name in found}

    def test_every_noun_is_exported(self, secassist: Commands) -> None:
        nouns = {name for name in schemas.__all__ if isinstance(getattr(schemas, name), type)}
        models = {name for name in nouns if issubclass(getattr(schemas, name), schemas.Noun)}
        assert models <= set(json.loads(secassist("schemas", "export").out))


class TestHealth:
    def test_doctor_asks_one_question_each(self, secassist: Commands) -> None:
        ran = secassist("doctor")
        assert ran.code == 0, ran.out
        assert secassist.asked >= 4
        assert "BAD" not in ran.out

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

    def test_models_that_are_not_there(
        self, secassist: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("SECASSIST_MODEL", str(tmp_path / "nowhere"))
        ran = secassist("models", "list")
        assert (ran.code, "nowhere" in ran.err) == (2, True)

    def test_demo(self, secassist: Commands, tmp_path: Path) -> None:
        ran = secassist("demo", "--out", tmp_path / "report.html")
        assert ran.code == 0, ran.err
        assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!")
        assert "database" in ran.err

    def test_demo_without_examples(self, secassist: Commands, tmp_path: Path) -> None:
        assert secassist("demo", "--examples", tmp_path / "nowhere").code == 2


def test_a_reader_that_goes_away_changes_nothing() -> None:
    command = [sys.executable, "-m", "secassist", "schemas", "export"]
    with subprocess.Popen(command, cwd=EXAMPLES.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        error = process.stderr.read()
        assert (process.wait(60), error) == (0, b"")


def test_dispositions_are_options(secassist: Commands) -> None:
    text = secassist("list", "--help").out
    assert all(disposition.value in text.replace("\n", "").replace(" ", "") for disposition in Disposition)

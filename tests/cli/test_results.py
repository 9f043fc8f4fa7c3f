"""list, show, export, report and correct: the commands about stored results."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemas import Analysis, Disposition, Severity
from secassist import plugins
from secassist.cli._run import FORMATS
from secassist.cli.results import moment
from secassist.errors import UsageError
from secassist.formats.base import Look
from secassist.styling import styled
from tests.cli.conftest import Commands
from tests.cli.samples import alerts, analyses, calm


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

    def test_a_correction_decides_what_is_listed_and_exported(
        self, secassist: Commands, stored: list[Analysis]
    ) -> None:
        was = stored[0].verdict
        assert was is not None
        for word in ("suspicious", "benign_expected"):
            assert secassist("correct", stored[0].id, "--disposition", word, "--author", "ana").code == 0
        for command in (("list", "--json"), ("export",)):
            listed = {
                word: [each.id for each in analyses(secassist(*command, "--disposition", word).out)]
                for word in (str(was.disposition), "suspicious", "benign_expected")
            }
            assert stored[0].id in listed["benign_expected"]
            assert stored[0].id not in listed["suspicious"] + listed[str(was.disposition)]

    @pytest.mark.parametrize(
        ("name", "begins"), [("a.csv", "analysis,when"), ("a.md", "# "), ("a.jsonl", "{"), ("a", "{")]
    )
    @pytest.mark.usefixtures("stored")
    def test_the_end_of_a_name_says_the_format(
        self, secassist: Commands, tmp_path: Path, name: str, begins: str
    ) -> None:
        out = tmp_path / name
        assert secassist("export", "--out", out).code == 0
        assert out.read_text().startswith(begins)
        assert secassist("export", "--out", out, "--format", "html").code == 0
        assert out.read_text().startswith("<!DOCTYPE html>")

    def test_export_and_list_take_a_period_and_a_severity(self, secassist: Commands, stored: list[Analysis]) -> None:
        for command in (("list", "--json"), ("export",)):
            assert analyses(secassist(*command, "--until", "1h").out) == []
            assert len(analyses(secassist(*command, "--since", "2h").out)) == 2
            graver = analyses(secassist(*command, "--severity", "high").out)
            assert [each.id for each in graver] == [stored[0].id]

    @pytest.mark.parametrize("command", ["list", "export", "report"])
    @pytest.mark.parametrize("period", [("--since", "2999-01-01"), ("--since", "1h", "--until", "2h")])
    def test_a_period_that_ends_before_it_begins_is_refused(
        self, secassist: Commands, command: str, period: tuple[str, ...]
    ) -> None:
        ran = secassist(command, *period)
        assert ran.code == 2
        assert f"{period[1]} is not before" in ran.err

    @pytest.mark.parametrize("command", ["report", "advise"])
    def test_a_language_that_is_none_of_ours_is_told_as_an_option(self, secassist: Commands, command: str) -> None:
        ran = secassist(command, *(["123456"] if command == "advise" else []), "--language", "fr")
        assert (ran.code, ran.err.strip()) == (2, "secassist: --language fr: answers are written in en or zh")

    def test_show(self, secassist: Commands, stored: list[Analysis]) -> None:
        ran = secassist("show", stored[0].id[:8], "--json")
        assert analyses(ran.out) == [stored[0]]
        text = secassist("show", stored[0].id[:8]).out
        assert "vssadmin.exe delete shadows /all /quiet" in text.replace("\\", "")

    def test_list_shows_only_what_is_grave_enough(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.py").write_text(MIXED)
        found = analyses(secassist("scan", inbox, "--fast", "--json", "--only", "review").out)
        severities = [finding.severity for analysis in found for finding in analysis.findings]
        assert {Severity.LOW, Severity.HIGH} <= set(severities)
        lines = secassist("list", "--severity", "high").out.splitlines()
        shown = [line.split()[0] for line in lines if "app.py" in line]
        assert shown == [each for each in severities if each.rank >= Severity.HIGH.rank]
        assert analyses(secassist("list", "--severity", "high", "--json").out) == found, "whole, for other programs"

    def test_list_says_that_there_are_more(self, secassist: Commands, stored: list[Analysis]) -> None:
        assert "--limit" in secassist("list", "--limit", 1).err
        assert "--limit" not in secassist("list", "--limit", 2).err

    def test_a_finding_is_shown_by_the_name_that_tables_give_it(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.py").write_text(MIXED)
        (found,) = analyses(secassist("scan", inbox, "--fast", "--json", "--only", "review").out)
        number, high = next((n, f) for n, f in enumerate(found.findings) if f.severity is Severity.HIGH)
        name = f"{found.id[:12]}:{number}"
        assert name in secassist("list", "--severity", "high").out
        alone = secassist("show", name).out
        assert name in alone
        assert f"app.py:{high.place.start_line}" in alone
        assert alone.count("app.py:") == 1
        assert analyses(secassist("show", name, "--json").out)[0].findings == (high,)
        for wrong, told in ((f"{found.id[:12]}:99", "has no finding 99"), (f"{found.id[:12]}:x", "write ID:NUMBER")):
            ran = secassist("show", wrong)
            assert (ran.code, told in ran.err) == (2, True), ran.err

    def test_numbers_are_those_of_the_store_where_a_comment_silences_some(
        self, secassist: Commands, inbox: Path
    ) -> None:
        call = "    os.system('ping ' + host)"
        (inbox / "app.py").write_text(
            f"import os\n\n\ndef ping(host):\n{call}  # secassist: ignore[B605] checked by hand\n{call}\n"
        )
        table = secassist("scan", inbox, "--fast", "--only", "review").out
        (line,) = [line for line in table.splitlines() if "B605" in line]
        told = secassist("show", line.split()[-1]).out
        assert "app.py:6" in told
        assert "app.py:5" not in told

    @pytest.mark.parametrize("format_", plugins.names("formats"))
    def test_export(self, secassist: Commands, stored: list[Analysis], tmp_path: Path, format_: str) -> None:
        out = tmp_path / "new" / "file"
        ran = secassist("export", "--format", format_, "--out", out)
        assert (ran.code, ran.out) == (0, "")
        assert out.read_text(encoding="utf-8")
        assert f"made the folder {out.parent}" in ran.err
        assert f"wrote {out}" in ran.err
        assert ("these 2 analyses are verdicts" in ran.err) is (format_ in ("gitlab", "gitlab_secrets"))

    @pytest.mark.parametrize("words", [("export", "--format", "sarf"), ("scan", ".", "--format", "Sarif")])
    def test_an_unknown_format_names_the_nearest_and_all(self, secassist: Commands, words: tuple[str, ...]) -> None:
        ran = secassist(*words)
        assert ran.code == 2
        assert f"no output format is named {words[-1]!r}; did you mean sarif?" in ran.err
        assert all(name in ran.err for name in plugins.names("formats"))

    def test_the_help_lists_every_format(self, secassist: Commands) -> None:
        assert FORMATS.replace(" or ", ", ") == ", ".join(plugins.names("formats"))

    def test_a_place_where_nothing_can_be_written(self, secassist: Commands, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        for words in (("export", "--out"), ("db", "backup", "--out")):
            ran = secassist(*words, tmp_path / "file" / "below")
            assert (ran.code, "internal" in ran.err) == (2, False), ran.err

    def test_report(self, secassist: Commands, stored: list[Analysis], tmp_path: Path) -> None:
        out = tmp_path / "report.html"
        ran = secassist("report", "--since", "1d", "--out", out, "--title", "Week <45>")
        assert ran.code == 0, ran.err
        page = out.read_text(encoding="utf-8")
        assert "Week &lt;45&gt;" in page
        assert stored[0].id[:8] in page

    @pytest.mark.parametrize(
        ("words", "begins"),
        [((), "Security report"), (("--format", "html"), "<!DOCTYPE html>"), (("--format", "markdown"), "# Security")],
    )
    def test_a_terminal_is_not_shown_a_page(
        self, secassist: Commands, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], begins: str
    ) -> None:
        assert secassist("report").out.startswith("<!DOCTYPE html>"), "a pipe gets the page"
        monkeypatch.setattr("sys.stdout.isatty", lambda: True)
        ran = secassist("report", *words)
        assert ran.out.startswith(begins)
        assert ("--out" in ran.err) == (not words)

    def test_an_empty_report(self, secassist: Commands) -> None:
        assert secassist("report", "--format", "markdown").code == 0

    def test_correct(self, secassist: Commands, stored: list[Analysis]) -> None:
        words = ("--disposition", "benign_expected", "--author", "ana", "--note", "our own backup job")
        ran = secassist("correct", stored[0].id[:8], *words)
        assert (ran.code, "benign_expected" in ran.err) == (0, True)
        assert analyses(secassist("show", stored[0].id, "--json").out) == [stored[0]], "an analysis is never edited"

    def test_a_correction_is_shown_to_people(self, secassist: Commands, stored: list[Analysis], tmp_path: Path) -> None:
        said = "corrected to benign, expected by ana: "
        machines = (("list", "--json", "--analyzer", "triage"), ("export", "-f", "csv", "--analyzer", "triage"))
        for command in (("list",), ("show", stored[0].id), ("report", "-f", "markdown"), ("export", "-f", "plain")):
            assert said not in secassist(*command).out
        for disposition in ("false_positive", "benign_expected"):
            assert secassist("correct", stored[0].id, "--disposition", disposition, "--author", "ana").code == 0
        for command in (("list",), ("show", stored[0].id), ("report", "-f", "markdown"), ("export", "-f", "plain")):
            assert secassist(*command).out.count(said) == 1, command
        page = tmp_path / "report.html"
        assert secassist("report", "--out", page).code == 0
        assert said in page.read_text()
        assert [secassist(*words).out.count(said) for words in machines] == [1, 1]

    def test_a_severity_is_corrected_alone(self, secassist: Commands, stored: list[Analysis]) -> None:
        id_, was = stored[0].id, stored[0].verdict
        assert was is not None
        ran = secassist("correct", id_, "--severity", "low", "--author", "ana", "--comment", "a test host")
        assert (ran.code, ran.err.splitlines()[-1]) == (0, f"recorded: {id_[:12]} is low")
        for command in (("list",), ("show", id_), ("report", "-f", "markdown"), ("export", "-f", "plain")):
            assert secassist(*command).out.lower().count("corrected to low by ana: ") == 1, command
        assert "corrected: low by ana: a test host" in secassist("show", id_).err
        kept = analyses(secassist("list", "--json", "--disposition", was.disposition).out)
        assert [each.verdict and (each.id, each.verdict.severity, each.verdict.score) for each in kept] == [
            (id_, Severity.LOW, was.score)
        ]
        assert analyses(secassist("show", id_, "--json").out) == [stored[0]], "what was stored stays"
        both = secassist("correct", id_, "--disposition", was.disposition, "--author", "bo", "--comment", "seen it")
        assert f"is {was.disposition}, low" in both.err, "the severity goes on to hold"
        secassist("correct", id_, "--disposition", "false_positive", "--author", "bo")
        assert "corrected to false positive by bo: " in secassist("list").out.lower()

    def test_a_corrected_severity_counts(self, secassist: Commands, stored: list[Analysis], inbox: Path) -> None:
        def figures() -> dict[str, int]:
            facts: dict[str, int] = json.loads(secassist("report", "-f", "json").out)["facts"]["counts"]
            return facts

        id_, grave = stored[0].id, ("--severity", "high")
        assert secassist("triage", alerts(inbox), "--fail-on", "high", "-q").code == 1
        assert (figures()["verdicts.severity.low"], id_[:12] in secassist("list", *grave).out) == (1, True)
        secassist("correct", id_, "--severity", "low", "--author", "ana")
        assert (figures()["verdicts.severity.low"], id_[:12] in secassist("list", *grave).out) == (2, False)
        assert analyses(secassist("export", *grave).out) == []
        assert secassist("triage", alerts(inbox), "--fail-on", "high", "-q").code == 0
        secassist("correct", id_, "--disposition", "false_positive", "--author", "ana")
        assert "0 need" in secassist("list").out

    def test_a_correction_that_changes_nothing_says_so(self, secassist: Commands, stored: list[Analysis]) -> None:
        id_, was = stored[0].id, stored[0].verdict
        assert was is not None
        ran = secassist("correct", id_, "--severity", was.severity, "--author", "ana")
        assert "as it was said; nothing changes" in ran.err, "agreement is kept, for it is an analyst's word"
        for said in ("recorded", "nothing changes"):
            assert said in secassist("correct", id_, "--disposition", "false_positive", "--author", "ana").err
        assert secassist("show", id_).err.count("corrected: ") == 2

    @pytest.mark.parametrize(
        ("named", "words", "why"),
        [
            ("", (), "nothing is corrected"),
            (":0", ("--severity", "low"), "has no finding 0; it has none"),
            (":0", ("--disposition", "false_positive"), "a disposition is of the whole analysis"),
            (":x", ("--severity", "low"), "write ID:NUMBER"),
        ],
    )
    def test_a_correction_of_nothing_is_refused(
        self, secassist: Commands, stored: list[Analysis], named: str, words: tuple[str, ...], why: str
    ) -> None:
        ran = secassist("correct", stored[0].id + named, *words, "--author", "ana")
        assert (ran.code, why in ran.err) == (2, True)

    def test_a_severity_of_one_finding_is_corrected(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "app.py").write_text(MIXED)
        found = analyses(secassist("scan", inbox, "--fast", "--json", "--only", "review").out)
        one = next(each for each in found if each.findings)
        last = len(one.findings) - 1
        ran = secassist("correct", f"{one.id}:{last}", "--severity", "info", "--author", "ana")
        assert (ran.code, f"recorded: {one.id[:12]}:{last} is info" in ran.err) == (0, True)
        assert secassist("show", f"{one.id}:{last}").out.lower().count("corrected to info by ana: ") == 1
        assert f"corrected: finding {last} info by ana" in secassist("show", one.id).err
        again = secassist("correct", f"{one.id}:{last}", "--severity", "info", "--author", "bo")
        assert "nothing changes" in again.err
        scanned = analyses(secassist("scan", inbox, "--fast", "--json", "--only", "review").out)
        assert [each.findings[last].severity for each in scanned if each.id == one.id] == [Severity.INFO]


MIXED = (
    "import os\nimport subprocess\n\n\n"
    "def ping(host):\n    subprocess.run('ping ' + host, shell=True)\n    os.system('ls ' + host)\n"
)
"""Weak in ways that are grave and in ways that are not."""


class TestBackup:
    def test_a_missing_folder_is_made_and_said(
        self, secassist: Commands, stored: list[Analysis], tmp_path: Path
    ) -> None:
        out = tmp_path / "bakcups" / "copy.db"
        ran = secassist("db", "backup", "--out", out)
        assert ran.code == 0, ran.err
        assert f"made the folder {out.parent}" in ran.err
        assert out.parent.stat().st_mode & 0o077 == 0
        assert "made the folder" not in secassist("db", "backup", "--out", out.with_name("second.db")).err
        assert secassist("db", "backup", "--out", out.parent).code == 2
        assert secassist("db", "backup", "--out", out).code == 2, "it exists"


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


def test_formats_for_people_know_techniques_by_name() -> None:
    for name in ("html", "markdown", "plain", "table"):
        assert styled(plugins.load("formats", name), Look()).look.technique("T1490") == "T1490 Inhibit System Recovery"
    assert styled(plugins.load("formats", "csv"), Look()) is plugins.load("formats", "csv")


def test_dispositions_are_options(secassist: Commands) -> None:
    text = secassist("list", "--help").out
    assert all(disposition.value in text.replace("\n", "").replace(" ", "") for disposition in Disposition)

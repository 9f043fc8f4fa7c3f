"""`secassist investigate` as an analyst uses it: questions, answers, progress, proposals, and clear errors."""

import json
from pathlib import Path

import pytest

from schemas import Analysis
from tests.cli.conftest import Commands
from tests.cli.samples import EXAMPLES, alerts, analyses, calm

NOTE = "the owner said no; password=" + "Tr0ub4dor" + "Horse9"


@pytest.fixture
def bad(secassist: Commands, inbox: Path) -> Analysis:
    """The one that a floor makes bad; a harmless one is stored beside it."""
    made = analyses(secassist("triage", alerts(inbox), calm(inbox), "--json").out)
    return next(each for each in made if each.verdict and each.verdict.floor)


class TestInvestigate:
    def test_the_sheet(self, secassist: Commands, bad: Analysis) -> None:
        ran = secassist("investigate", bad.id[:12])
        assert ran.code == 0
        for heading in ("What is known", "What is linked", "What to find out next", "How far it is"):
            assert heading in ran.out
        assert bad.verdict is not None and bad.verdict.evidence[0].quote[:40] in ran.out
        assert "--answer 1 yes|no|unknown" in ran.out
        assert secassist("investigate", bad.id[:12]).out == ran.out

    @pytest.mark.parametrize("format_", ["table", "plain", "markdown", "html", "json"])
    def test_its_forms(self, secassist: Commands, bad: Analysis, format_: str) -> None:
        ran = secassist("investigate", bad.id[:12], "--format", format_)
        assert ran.code == 0 and bad.id[:12] in ran.out
        begins = {"markdown": "\n# ", "html": "<!DOCTYPE html>", "json": "{"}.get(format_, bad.title)
        assert ran.out.startswith(begins)

    def test_json(self, secassist: Commands, bad: Analysis) -> None:
        made = json.loads(secassist("investigate", bad.id[:12], "--json").out)
        assert made["analyses"][0]["id"] == bad.id
        assert made["analyses"][0]["verdict"]["disposition"] == "suspicious"
        assert made["questions"] and made["progress"]["answered"] == 0
        assert {"number", "id", "ask", "why", "yes", "no", "queries", "told", "answer"} <= made["questions"][0].keys()

    def test_chinese(self, secassist: Commands, bad: Analysis) -> None:
        out = secassist("investigate", bad.id[:12], "--language", "zh").out
        assert "已知情况" in out and "下一步需要查明" in out

    def test_all_shows_more_under_the_same_numbers(self, secassist: Commands, inbox: Path) -> None:
        id_ = analyses(secassist("triage", EXAMPLES / "alerts" / "endpoint.jsonl", "--json").out)[0].id
        few = json.loads(secassist("investigate", id_, "--json").out)["questions"]
        every = json.loads(secassist("investigate", id_, "--json", "--all").out)["questions"]
        assert len(few) == 10 < len(every)
        numbers = {each["id"]: each["number"] for each in every}
        assert all(numbers[each["id"]] == each["number"] for each in few)


class TestAnswers:
    def test_an_answer_is_kept_redacted_and_shown_last(self, secassist: Commands, bad: Analysis) -> None:
        first = json.loads(secassist("investigate", bad.id[:12], "--json").out)["questions"][0]
        ran = secassist("investigate", bad.id[:12], "--answer", 1, "yes", "--note", NOTE, "--author", "ana", "--json")
        assert ran.code == 0 and f"recorded: {first['id']} is yes" in ran.err
        made = json.loads(ran.out)
        assert made["questions"][-1]["id"] == first["id"] and made["questions"][-1]["number"] == 1
        assert made["questions"][-1]["answer"]["author"] == "ana"
        assert made["progress"]["answered"] == 1
        assert "Tr0ub4dor" not in ran.out + ran.err
        assert "Tr0ub4dor" not in (secassist.home / "secassist.db").read_bytes().decode("latin-1")
        assert "1 of" in secassist("investigate", bad.id[:12]).out

    def test_the_last_answer_counts_and_a_name_will_do(self, secassist: Commands, bad: Analysis) -> None:
        secassist("investigate", bad.id[:12], "--answer", "change-approved", "yes")
        made = json.loads(secassist("investigate", bad.id[:12], "--answer", "change-approved", "no", "--json").out)
        answers = [each["answer"]["answer"] for each in made["questions"] if each["answer"]]
        assert answers == ["no"] and made["progress"]["for_attack"] == 1

    def test_the_verdict_stands_whatever_is_answered(self, secassist: Commands, bad: Analysis) -> None:
        made = json.loads(secassist("investigate", bad.id[:12], "--json").out)
        for each in made["questions"]:
            word = "no" if each["attack"] == "yes" else "yes"
            secassist("investigate", bad.id[:12], "--answer", each["id"], word)
        ran = secassist("investigate", bad.id[:12])
        assert "speak against an attack" in ran.out and "A detector proved" in ran.out
        assert f"secassist correct {bad.id[:12]} --disposition" in ran.out
        shown = analyses(secassist("show", bad.id[:12], "--json").out)[0]
        assert shown.verdict == bad.verdict
        assert "corrected" not in secassist("show", bad.id[:12]).err
        assert "corrected" not in secassist("list").out

    def test_a_correction_and_answers_do_not_mix(self, secassist: Commands, bad: Analysis) -> None:
        secassist("investigate", bad.id[:12], "--answer", "change-approved", "yes")
        secassist("correct", bad.id[:12], "--disposition", "false_positive", "--author", "ana")
        assert secassist("show", bad.id[:12]).err.count("corrected") == 1
        made = json.loads(secassist("investigate", bad.id[:12], "--json").out)
        assert made["progress"]["answered"] == 1


class TestErrors:
    def test_an_unknown_id(self, secassist: Commands, bad: Analysis) -> None:
        ran = secassist("investigate", "ffffffffffff")
        assert ran.code == 2 and "no analysis begins with" in ran.err

    def test_code_cannot_be_investigated(self, secassist: Commands, inbox: Path) -> None:
        (inbox / "a.py").write_text("import os\n\n\ndef ping(host):\n    os.system('ping ' + host)\n", "utf-8")
        made = [a for a in analyses(secassist("scan", inbox, "--json").out) if a.analyzer == "review"]
        ran = secassist("investigate", made[0].id)
        assert ran.code == 2 and "triaged alerts, log windows and e-mail can be investigated" in ran.err

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("--answer", "99", "yes"), "no question '99'"),
            (("--answer", "1", "perhaps"), "yes, no or unknown"),
            (("--note", "x"), "--note goes with --answer"),
            (("--format", "sarif"), "table, plain, markdown, html, json"),
            (("--language", "fr"), "en or zh"),
        ],
    )
    def test_wrong_use(self, secassist: Commands, bad: Analysis, words: tuple[str, ...], told: str) -> None:
        ran = secassist("investigate", bad.id[:12], *words)
        assert ran.code == 2 and told in ran.err

"""CSV, tables, Markdown and plain text."""

import csv
import io
import re
from dataclasses import replace
from typing import Any

import pytest
from markdown_it import MarkdownIt

from schemas import Disposition, Evidence, Finding, Judgement, Severity, Verdict
from secassist.formats import _text
from secassist.formats._text import chance
from secassist.formats.base import Look
from secassist.formats.csv import COLUMNS
from secassist.formats.csv import PLUGIN as CSV
from secassist.formats.html import PLUGIN as HTML
from secassist.formats.markdown import PLUGIN as MARKDOWN
from secassist.formats.plain import PLUGIN as PLAIN
from secassist.formats.table import PLUGIN as TABLE
from tests.formats.samples import brute_force, hostile, report, review, secret, several


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_techniques_are_called_by_name_where_one_is_known() -> None:
    named = Look(names={"T1110.003": "Brute Force: Password Spraying"})
    for made in (replace(PLAIN, look=named), replace(MARKDOWN, look=named), replace(HTML, look=named)):
        for text in (made.analyses([brute_force()]), made.report(report())):
            assert "T1110.003 Brute Force: Password Spraying" in text.replace("\\", "")
            assert "T1078" in text


@pytest.mark.parametrize(("score", "shown"), [(0.9991, "&gt; 99%"), (0.99, "99%"), (0.004, "&lt; 1%"), (0.5, "50%")])
def test_a_page_is_never_wholly_sure(score: float, shown: str) -> None:
    assert f"probability of harm {shown}<" in HTML.analyses([brute_force(score=score)])


def test_csv_has_a_row_per_verdict_finding_and_failure() -> None:
    found = rows(CSV.analyses(several()))
    kinds = [row["row"] for row in found]
    assert kinds == ["verdict", "verdict", "weakness", "secret", "secret", "verdict", "none", "personal_data", "none"]
    assert found[0]["score"] == "0.970"
    assert found[3]["mask"] == "INVE...cdef"
    assert found[6]["state"] == "quarantined"
    assert len(rows(CSV.report(report()))) == 7


def test_a_line_that_two_name_is_quoted_once_in_csv() -> None:
    given = brute_force()
    assert given.verdict
    twice = given.verdict.model_copy(update={"evidence": given.verdict.evidence * 2})
    (once,), (row,) = (rows(CSV.analyses([each])) for each in (given, given.model_copy(update={"verdict": twice})))
    assert row["evidence"] == once["evidence"] != ""


def test_no_csv_cell_is_a_formula() -> None:
    for row in csv.reader(io.StringIO(CSV.analyses(hostile()), newline="")):
        assert len(row) == len(COLUMNS)
        assert not [cell for cell in row if cell.lstrip()[:1] in "=+-@|%" and cell]


def test_table_lines_are_single_and_bounded() -> None:
    lines = replace(TABLE, look=Look(columns=128)).analyses(hostile()).splitlines()
    assert len(lines) == 1 + 4 + 3 + 1
    assert max(_text.width(line) for line in lines) <= 128


def test_a_table_says_where_nothing_was_found() -> None:
    _, advice, *_, clean = several()
    assert "nothing found" in TABLE.analyses([clean])
    assert "complete" in TABLE.analyses([advice])


def test_without_a_terminal_nothing_is_cut_and_no_column_explained() -> None:
    given, place = review(), f"{'deep/' * 40}config.py"
    first = given.findings[0]
    moved = first.model_copy(update={"place": first.place.model_copy(update={"path": place}), "message": "m" * 200})
    given = given.model_copy(update={"findings": (moved,)})
    for columns, whole in ((0, True), (120, False)):
        text = replace(TABLE, look=Look(columns=columns)).analyses([given])
        assert (place in text, "m" * 200 in text) == (whole, whole)
        assert ("P: probability" in text) is not whole
    assert len(TABLE.analyses(hostile()).splitlines()) == 1 + 4 + 2 + 1


@pytest.mark.parametrize("columns", [50, 60, 80, 99, 100, 128, 200])
def test_a_table_fits_the_terminal(columns: int) -> None:
    text = replace(TABLE, look=Look(columns=columns)).analyses([*several(), *hostile()])
    assert max(_text.width(line) for line in text.splitlines()) <= columns
    assert f"{review().id[:12]}:1" in text
    assert "shop/config.py:12" in text


def test_findings_are_numbered_as_they_are_stored() -> None:
    given = review()
    assert len(given.findings) == 3
    for plugin in (TABLE, MARKDOWN, PLAIN, HTML):
        whole = plugin.analyses([given])
        assert [f"{given.id[:12]}:{n}" in whole for n in range(4)] == [True, True, True, False], plugin.name
        part = given.model_copy(update={"findings": given.findings[1:2]})
        shown = replace(plugin, look=Look(numbers={given.id: (1,)})).analyses([part])
        assert [f"{given.id[:12]}:{n}" in shown for n in range(3)] == [False, True, False], plugin.name


def test_a_table_of_what_is_unsettled_counts_what_was_disproved() -> None:
    given = review()
    first, *rest = given.findings
    assert rest and first.judgement is not Judgement.REFUTED
    mixed = given.model_copy(update={"findings": (disproved(first), *rest)})
    gone = mixed.model_copy(update={"id": "9" * 64, "findings": (disproved(first),), "verdict": None})
    found = replace(TABLE, look=Look(unsettled=True)).analyses([mixed, gone])
    assert "999999999999" not in found
    assert f"{given.id[:12]}:0" not in found and f"{given.id[:12]}:1" in found, "numbers stay those that are stored"
    assert "3 findings that were disproved or judged harmless are not listed" in found
    assert "not listed" not in replace(TABLE, look=Look()).analyses([mixed, gone])


def test_a_table_of_what_is_unsettled_leaves_out_no_more_than_it_says() -> None:
    given = review()
    only = given.model_copy(update={"findings": (disproved(given.findings[0]),), "verdict": None})
    shown = replace(TABLE, look=Look(unsettled=True)).analyses([only])
    assert "1 finding that was disproved or judged harmless is not listed" in shown
    unsure = Verdict(disposition=Disposition.NOT_EVALUABLE, severity=Severity.INFO, confidence=0.5)
    shown = replace(TABLE, look=Look(unsettled=True)).analyses([only.model_copy(update={"verdict": unsure})])
    assert "cannot tell" in shown, "a file of which the model could not tell is no settled one"
    placeholder = given.findings[0].model_copy(update={"judgement": Judgement.PLACEHOLDER})
    shown = replace(TABLE, look=Look(unsettled=True)).analyses([only.model_copy(update={"findings": (placeholder,)})])
    assert "1 finding that was disproved or judged harmless" in shown


def disproved(finding: Finding) -> Finding:
    return finding.model_copy(update={"judgement": Judgement.REFUTED})


def test_a_table_holds_back_what_is_milder_than_asked() -> None:
    text = replace(TABLE, look=Look(least=Severity.HIGH)).analyses(several())
    assert {line.split()[0] for line in text.splitlines() if " real " in line or " true positive " in line} <= {
        "high",
        "critical",
    }
    assert "hr/list.txt" not in text
    assert "suspicious" not in text
    assert "quarantined" in text, "what failed may be anything"


def test_the_probability_of_a_file_is_not_told_of_each_finding() -> None:
    given = review()
    weakness = given.findings[0]
    verdict = Verdict(
        disposition=Disposition.TRUE_POSITIVE, severity=Severity.HIGH, confidence=0.88, score=weakness.confidence
    )
    same = given.model_copy(update={"verdict": verdict, "findings": (weakness,)})
    assert TABLE.analyses([same]).count("0.88") == 1
    assert "P of a weakness is that of the function or file" in TABLE.analyses([same])
    other = same.model_copy(update={"findings": (weakness.model_copy(update={"confidence": 0.61}),)})
    for plugin in (TABLE, PLAIN, MARKDOWN):
        assert "0.61" in plugin.analyses([other]), plugin.name
    assert "probability of the function or file it stands in 0.61" in PLAIN.analyses([other])
    assert "P of a weakness" not in TABLE.analyses([brute_force()])


@pytest.mark.parametrize(
    "belief",
    [
        {"rationale": "a rule saw it; no model was asked"},
        {"rationale": "refuted: a constant", "judgement": Judgement.REFUTED},
    ],
)
def test_a_belief_that_nobody_calibrated_is_no_probability(belief: dict[str, Any]) -> None:
    stated = secret(confidence=0.6, **belief)
    given = review().model_copy(update={"findings": (stated,)})
    for plugin in (TABLE, PLAIN, MARKDOWN, HTML):
        text = plugin.analyses([given])
        assert "0.60" not in text, plugin.name
        assert "60%" not in text, plugin.name
        assert "not calibrated" in text or "nobody calibrated" in text, plugin.name


def test_a_line_is_quoted_once_by_all_who_quote_it() -> None:
    quotes = tuple(Evidence(line=7, field="cmd", quote="whoami /all", by=by) for by in ("model", "sigma", "sigma"))
    given = brute_force(evidence=(*quotes, Evidence(line=8, quote="whoami /all")))
    for plugin in (PLAIN, MARKDOWN, HTML):
        assert plugin.analyses([given]).count("whoami /all") == 2, plugin.name


def test_plain_text_has_no_markup() -> None:
    given = review()
    text = PLAIN.analyses([given, brute_force()])
    assert "\\" not in text
    assert "**" not in text
    assert "```" not in text
    assert f"{given.id[:12]}:0 · high · B608" in text
    assert "shop/orders.py:41" in text
    assert "adapter triage d4d4d4d4d4d4" in text
    assert "Fix" not in PLAIN.analyses([])


@pytest.mark.parametrize("columns", [60, 100])
def test_plain_text_fits_the_terminal(columns: int) -> None:
    text = replace(PLAIN, look=Look(columns=columns)).analyses([*several(), *hostile()])
    assert max(_text.width(line) for line in text.splitlines()) <= columns


def test_table_speaks_the_language_of_the_run() -> None:
    chinese = [each.model_copy(update={"language": "zh"}) for each in several()]
    assert "真实攻击" in TABLE.analyses(chinese)
    assert "7 analyses, 4 need a look, 1 incomplete" in TABLE.analyses(several())
    assert "1 analysis, 1 needs a look, 0 incomplete" in TABLE.analyses([brute_force()])
    assert TABLE.analyses([]) == "Nothing to show.\n"


def test_advice_alone_names_what_it_is_about_by_its_short_id() -> None:
    (given,) = [each for each in several() if each.remediation]
    about = given.remediation.about if given.remediation else ""
    alone = given.model_copy(update={"origin": about})
    assert f"  {about[:12]} · " in PLAIN.analyses([alone])
    assert about not in PLAIN.analyses([alone]) + TABLE.analyses([alone])


@pytest.mark.parametrize("format_", [PLAIN, TABLE, MARKDOWN])
def test_the_period_of_a_report_is_told_to_the_minute(format_: Any) -> None:
    facts = report().facts.model_copy(
        update={"since": "2026-11-15T18:40:45.104681Z", "until": "2026-11-22T18:40:45.104668Z"}
    )
    text = format_.report(report().model_copy(update={"facts": facts})).replace("\\", "")
    assert re.search(r"2026-11-15 18:40 UTC [-–] 2026-11-22 18:40 UTC", text)


def test_markdown_of_hostile_text_has_no_html_and_no_links() -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(MARKDOWN.analyses(hostile()))
    kinds = {each.type for token in tokens for each in [token, *(token.children or [])]}
    assert not kinds & {"html_inline", "html_block", "link_open", "image"}
    headings = [token for token in tokens if token.type == "heading_open"]
    assert len(headings) == 8


def test_markdown_report_has_its_parts() -> None:
    text = MARKDOWN.report(report())
    for wanted in (
        "# Week 45",
        "Six alerts were true positives",
        "| true positive | 6 |",
        "| T1110.003 | 5 |",
        "no counted fact: 1",
    ):
        assert wanted in text


@pytest.mark.parametrize(
    ("number", "shown"),
    [(1.0, ">.99"), (0.995, ">.99"), (0.994, "0.99"), (0.5, "0.50"), (0.005, "0.01"), (0.004, "<.01")],
)
def test_no_probability_is_said_to_be_sure(number: float, shown: str) -> None:
    assert chance(number) == shown

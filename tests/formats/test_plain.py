"""CSV, tables and Markdown."""

import csv
import io

from markdown_it import MarkdownIt

from secassist.formats import _text
from secassist.formats.csv import COLUMNS
from secassist.formats.csv import PLUGIN as CSV
from secassist.formats.markdown import PLUGIN as MARKDOWN
from secassist.formats.table import PLUGIN as TABLE
from tests.formats.samples import hostile, report, several


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_has_a_row_per_verdict_finding_and_failure() -> None:
    found = rows(CSV.analyses(several()))
    kinds = [row["row"] for row in found]
    assert kinds == ["verdict", "verdict", "weakness", "secret", "secret", "verdict", "none", "personal_data", "none"]
    assert found[0]["score"] == "0.970"
    assert found[3]["mask"] == "INVE...cdef"
    assert found[6]["state"] == "quarantined"
    assert len(rows(CSV.report(report()))) == 7


def test_no_csv_cell_is_a_formula() -> None:
    for row in csv.reader(io.StringIO(CSV.analyses(hostile()), newline="")):
        assert len(row) == len(COLUMNS)
        assert not [cell for cell in row if cell.lstrip()[:1] in "=+-@|%" and cell]


def test_table_lines_are_single_and_bounded() -> None:
    lines = TABLE.analyses(hostile()).splitlines()
    assert len(lines) == 1 + 4 + 2
    assert max(_text.width(line) for line in lines) <= 128


def test_table_speaks_the_language_of_the_run() -> None:
    chinese = [each.model_copy(update={"language": "zh"}) for each in several()]
    assert "真实攻击" in TABLE.analyses(chinese)
    assert "7 inputs analysed, 4 need a look, 1 incomplete" in TABLE.analyses(several())


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

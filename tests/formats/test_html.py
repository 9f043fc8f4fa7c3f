"""The page: well formed, nothing active, nothing fetched, and all that a case has to say."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from schemas import Disposition
from secassist.formats.html import MOST_CASES, PLUGIN
from tests.formats.samples import HOSTILE, analysis, brute_force, hostile, report, several

VOID = {"meta", "link", "img", "br", "hr", "input", "base"}
ALLOWED = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "main",
    "header",
    "footer",
    "section",
    "article",
    "figure",
    "figcaption",
    "h1",
    "h2",
    "h3",
    "h4",
    "p",
    "div",
    "span",
    "dl",
    "dt",
    "dd",
    "ul",
    "ol",
    "li",
    "q",
    "pre",
    "code",
    "strong",
    "details",
    "summary",
    "table",
    "tr",
    "td",
    "svg",
    "text",
    "rect",
    "line",
}


class Page(HTMLParser):
    """Collects tags, attributes and text, and checks that every tag is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []
        self.style = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.text.append(data)


PAGES = {
    "several": PLUGIN.analyses(several()),
    "hostile": PLUGIN.analyses(hostile()),
    "report": PLUGIN.report(report()),
    "chinese": PLUGIN.report(report("zh")),
    "hostile report": PLUGIN.report(report(title=HOSTILE)),
    "empty": PLUGIN.analyses([]),
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_well_formed_and_passive(name: str) -> None:
    page = Page(PAGES[name])
    assert page.open == []
    assert set(page.tags) <= ALLOWED
    names = {attribute for _, attribute, _ in page.attributes}
    assert not [each for each in names if each.startswith("on")]
    assert not names & {"style", "src", "href", "srcset", "action", "xlink:href"}


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_allows_this_style_and_nothing_else(name: str) -> None:
    page = Page(PAGES[name])
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    policy = next(
        value for tag, attribute, value in page.attributes if tag == "meta" and value.startswith("default-src")
    )
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "url(" not in page.style
    assert "@import" not in page.style


def test_style_covers_dark_narrow_and_print() -> None:
    style = Page(PAGES["report"]).style
    for wanted in ("prefers-color-scheme: dark", "@media print", "max-width"):
        assert wanted in style


def test_every_class_has_a_style_and_every_style_a_use() -> None:
    pages = [Page(text) for text in PAGES.values()]
    used = {word for page in pages for _, name, value in page.attributes if name == "class" for word in value.split()}
    styled = set(re.findall(r"\.([a-z][a-z-]*)(?=[ .,:{])", pages[0].style))
    assert used - styled == set()
    assert styled - used <= {"s-info", "s-rest", "s-low", "s-medium"}


def test_a_case_says_it_all() -> None:
    text = " ".join(" ".join(Page(PAGES["several"]).text).split())
    for wanted in (
        "L9 process.command_line: powershell -nop -w hidden -EncodedCommand SQBFAFgA",
        "T1110.003",
        "sigma: encoded command on a server",
        "the model had said less",
        "Over four hundred failed logins",
        "the logon type of the successful session",
        "CWE-89 SQL injection",
        "shop/orders.py:41",
        "WHERE id = ?",
        "bandit: passed",
        "INVE...cdef",
        "placeholder",
        "the answer did not fit the schema",
        "says nothing about harmlessness",
        "Not shown to the model: 300-812",
        "Nothing found.",
        "template digest",
    ):
        assert wanted in text
    steps = [text.index(step) for step in ("End all sessions", "Remove the scheduled task", "Require a second factor")]
    assert steps == sorted(steps)


def test_chinese_labels() -> None:
    text = " ".join(Page(PAGES["chinese"]).text)
    assert "真实攻击" in text
    assert "true positive" not in text
    assert 'lang="zh-CN"' in PAGES["chinese"]


def test_charts_show_the_counts() -> None:
    page = PAGES["report"]
    assert "<title>critical: 2</title>" in page
    assert "<title>high: 4</title>" in page
    assert 'aria-label="Verdicts by disposition"' in page
    assert 'aria-label="Cases over time"' in page
    assert "<svg" not in PAGES["empty"]


def test_worst_comes_first() -> None:
    text = PAGES["several"]
    places = [text.index(each) for each in ("alerts.jsonl:1 ", "shop/orders.py", "alerts.jsonl:6 ", "alerts.jsonl:3 ")]
    assert places == sorted(places)


def test_a_page_stays_readable_and_says_what_it_leaves_out() -> None:
    many = [brute_force(number, disposition=Disposition.SUSPICIOUS) for number in range(1, MOST_CASES + 8)]
    page = PLUGIN.analyses(many)
    assert page.count("<article") == MOST_CASES
    assert "7 further cases are not shown" in page


@pytest.mark.parametrize("hours", [1, 30, 400, 9000, 900_000])
def test_timelines_of_any_span_fit(hours: int) -> None:
    from datetime import UTC, datetime, timedelta

    from secassist.formats._svg import MOST_COLUMNS, timeline

    start = datetime(1990, 3, 4, 5, 6, tzinfo=UTC)
    drawn = timeline("t", [(start + timedelta(hours=hours * part / 60), part % 3 == 0) for part in range(61)])
    assert drawn.count("<rect") <= 2 * MOST_COLUMNS
    assert sum(int(number) for number in re.findall(r": (\d+)</title>", drawn)) == 61


def test_odd_times_do_no_harm() -> None:
    odd = [
        analysis(each, created_at=when)
        for each, when in enumerate(("", "no time", "2026-01-01", "2026-01-01T00:00:00+08:00"), 1)
    ]
    assert PLUGIN.analyses(odd).count("<article") == 4

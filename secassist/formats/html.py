"""One HTML page that needs nothing else: no script, no network, one style sheet allowed by its digest."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas import Analysis, Report
from secassist.formats import _charts
from secassist.formats._cards import card
from secassist.formats._labels import label
from secassist.formats._style import CSS
from secassist.formats._text import html, minute
from secassist.formats._view import View, of_analyses, of_case, tally, worst_first
from secassist.formats.base import Look

MOST_CASES = 500
"""Cases on one page; a browser takes more only slowly. What is not shown is counted at the end."""


@dataclass(frozen=True)
class Html:
    """The page for people: figures and charts first, then every case with its evidence."""

    name = "html"
    summary = "A self-contained page for reading and printing, without script."
    suffix = ".html"
    look: Look = field(default_factory=Look)

    def analyses(self, analyses: Sequence[Analysis]) -> str:
        """Worst first."""
        language = analyses[0].language if analyses else "en"
        views = worst_first(of_analyses(analyses, self.look))
        title = label(language, "analyses")
        times = sorted(view.when for view in views if view.when)
        period = f"{times[0]} – {times[-1]}" if times else ""
        return page(title, period, language, [_overview(tally(views), views, language), _cases(views, language)])

    def report(self, report: Report) -> str:
        """Title, period, prose, figures, charts, cases in the order given."""
        language = report.language
        views = [of_case(case, language, self.look) for case in report.cases]
        period = f"{minute(report.facts.since)} – {minute(report.facts.until)}"
        parts = [
            _prose(report),
            _overview(report.facts.counts, views, language),
            _tops(report, self.look),
            _cases(views, language),
        ]
        return page(report.title, period, language, parts)


def page(title: str, period: str, language: str, parts: list[str]) -> str:
    """A page around parts that are escaped already."""
    allowed = base64.b64encode(hashlib.sha256(CSS.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"
    tag = "zh-CN" if language.lower().startswith("zh") else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{tag}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{html(title, 200)}</title>\n<style>{CSS}</style>\n</head>\n<body>\n<main>\n"
        f'<header><h1>{html(title, 200)}</h1><p class="period">{html(period)}</p></header>\n'
        f"{''.join(parts)}\n<footer>{label(language, 'footer')}</footer>\n</main>\n</body>\n</html>\n"
    )


def _prose(report: Report) -> str:
    sentences = "".join(f"<p>{html(sentence)}</p>" for sentence in report.prose)
    dropped = f'<p class="note">{label(report.language, "dropped")}: {report.dropped}</p>' if report.dropped else ""
    return (
        f"<section><h2>{label(report.language, 'summary')}</h2>{sentences}{dropped}</section>"
        if sentences or dropped
        else ""
    )


def _overview(counts: dict[str, int], views: list[View], language: str) -> str:
    failed = sum(number for name, number in counts.items() if name.startswith("analyses.state.")) - counts.get(
        "analyses.state.ok", 0
    )
    figures = [
        ("true_positive", counts.get("verdicts.true_positive", 0), "hot"),
        ("suspicious", counts.get("verdicts.suspicious", 0), "warm"),
        ("findings", counts.get("findings.total", 0), "warm"),
        ("subjects", counts.get("subjects.total", 0), ""),
        ("incomplete", failed, ""),
        ("rejected", counts.get("inputs.rejected", 0), ""),
    ]
    shown = [entry for entry in figures if entry[1] or entry[0] not in ("incomplete", "rejected")]
    boxes = "".join(
        f'<div class="{look if number else ""}"><dt>{label(language, name)}</dt><dd>{number}</dd></div>'
        for name, number, look in shown
    )
    charts = _charts.charts(counts, views, language)
    return f'<section aria-label="{label(language, "figures")}"><dl class="figures">{boxes}</dl>{charts}</section>'


def _tops(report: Report, look: Look) -> str:
    techniques = tuple((look.technique(id_), number) for id_, number in report.facts.top_techniques)
    ranked = [("top_techniques", techniques), ("top_rules", report.facts.top_rules)]
    drawn = "".join(_top(label(report.language, name), rows) for name, rows in ranked if rows)
    return f'<section class="charts">{drawn}</section>' if drawn else ""


def _top(title: str, rows: tuple[tuple[str, int], ...]) -> str:
    cells = "".join(f"<tr><td>{html(name, 120)}</td><td>{number}</td></tr>" for name, number in rows)
    return f"<figure><figcaption>{title}</figcaption><table>{cells}</table></figure>"


def _cases(views: list[View], language: str) -> str:
    if not views:
        return f"<p>{label(language, 'nothing')}</p>"
    cards = "".join(card(view, language) for view in views[:MOST_CASES])
    left = len(views) - MOST_CASES
    more = f'<p class="note">{left} {label(language, "more")}</p>' if left > 0 else ""
    return f"<section><h2>{label(language, 'cases')}</h2>{cards}{more}</section>"


PLUGIN = Html()

"""The remediation report of a repository as a page of its own, with its trend drawn."""

from collections.abc import Sequence

from schemas import Finding, Judgement, Severity
from secassist.formats import _repository
from secassist.formats._labels import label
from secassist.formats._repository import MOST_FILES, MOST_PLACES, Group, Repository, Scanned
from secassist.formats._said import said
from secassist.formats._svg import Bar, Segment, bars
from secassist.formats._text import html
from secassist.formats.html import page

_MOST_SCANS = 12
"""Rows of the trend; older scans are left out."""


def page_of(about: Repository, language: str = "en") -> str:
    """Self-contained, without script, readable in print."""
    ranked = _repository.groups(about.findings, language)
    title = f"{label(language, 'remediation_report')}: {about.title}"
    parts = [
        _figures(about, ranked, language),
        _trend(about.scans, language),
        _first(ranked, language),
        _files(about, language),
        *(_group(number, group, language) for number, group in enumerate(ranked, start=1)),
        _gone(about, language),
        _left_out(about, language),
    ]
    when = f"{about.scans[-1].at[:16].replace('T', ' ')} UTC" if about.scans else ""
    return page(title, when, language, parts)


def _figures(about: Repository, ranked: Sequence[Group], language: str) -> str:
    worst = sum(finding.severity.rank >= Severity.HIGH.rank for finding in about.findings)
    compared = len(about.scans) > 1
    boxes = [
        ("findings", str(len(about.findings)), "warm"),
        ("worst_ones", str(worst), "hot"),
        *([("new", str(len(about.new)), "warm"), ("fixed", str(len(about.fixed)), "")] if compared else []),
        *([("remaining", str(about.remaining), "")] if compared else []),
        ("effort", _repository.effort(sum(group.minutes for group in ranked)), ""),
        ("files", str(about.files), ""),
    ]
    shown = "".join(
        f'<div class="{look if value != "0" else ""}"><dt>{label(language, name)}</dt><dd>{value}</dd></div>'
        for name, value, look in boxes
    )
    clean = "" if about.findings else f"<p>{label(language, 'clean')}</p>"
    return f'<section><dl class="figures">{shown}</dl>{clean}</section>'


def _trend(scans: Sequence[Scanned], language: str) -> str:
    if len(scans) < 2:
        return f'<p class="note">{label(language, "first_scan")}</p>'
    rows = [
        Bar(
            f"{each.at[5:16].replace('T', ' ')}",
            tuple(Segment(f"s-{s}", label(language, s), each.counts.get(s.value, 0)) for s in reversed(Severity)),
        )
        for each in scans[-_MOST_SCANS:]
    ]
    title = label(language, "trend")
    drawn = bars(title, rows)
    return f'<section><div class="charts"><figure><figcaption>{title}</figcaption>{drawn}</figure></div></section>'


def _first(ranked: Sequence[Group], language: str) -> str:
    if not ranked:
        return ""
    names = ("what", "severity", "score_cvss", "places", "effort", "remedy")
    head = "".join(f"<th>{label(language, name)}</th>" for name in names)
    rows = "".join(
        f'<tr><td>{number}</td><td><a href="#g{number}">{html(group.name, 80)}</a></td>'
        f"<td>{label(language, group.severity)}</td><td>{group.score:.1f}</td><td>{len(group.findings)}</td>"
        f"<td>{_repository.effort(group.minutes)}</td><td>{html(group.advice.remedy)}</td></tr>"
        for number, group in enumerate(ranked, start=1)
    )
    return f"<section><h2>{label(language, 'do_first')}</h2><table><tr><th>#</th>{head}</tr>{rows}</table></section>"


def _files(about: Repository, language: str) -> str:
    found = _repository.by_file(about.findings)
    rows = [
        Bar(path[-40:], tuple(Segment(f"s-{s}", label(language, s), tally[s]) for s in reversed(Severity)))
        for path, tally in found[:MOST_FILES]
    ]
    if not rows:
        return ""
    title = label(language, "where")
    more = f'<p class="note">+{len(found) - MOST_FILES}</p>' if len(found) > MOST_FILES else ""
    return f'<section><h2>{title}</h2><div class="charts"><figure>{bars(title, rows)}</figure></div>{more}</section>'


def _group(number: int, group: Group, language: str) -> str:
    rows = "".join(_row(finding, language) for finding in group.findings[:MOST_PLACES])
    left = len(group.findings) - MOST_PLACES
    more = f'<p class="note">+{left}</p>' if left > 0 else ""
    head = f'<h3 id="g{number}">{number}. {html(group.name, 120)}</h3><p>{html(group.advice.risk)}</p>'
    return f'<section class="finding">{head}<ul class="plain">{rows}</ul>{more}</section>'


def _row(finding: Finding, language: str) -> str:
    sure = "" if finding.judgement is Judgement.REAL else f" ({label(language, finding.judgement)})"
    fixed = f" · {label(language, 'fix_ready')}" if finding.fix and finding.fix.accepted else ""
    place = f"{html(finding.place.path, 300)}:{finding.place.start_line}"
    dot = f'<span class="dot {finding.severity.value}"></span> {label(language, finding.severity)}'
    told = f"{html(finding.rule, 80)}: {html(said(finding, language), 200)}"
    return f"<li>{dot} <code>{place}</code> {told}{sure}{fixed}</li>"


def _gone(about: Repository, language: str) -> str:
    if not about.fixed:
        return ""
    rows = "".join(
        f"<li><code>{html(each.path, 300)}:{each.line}</code> {html(each.rule, 80)} {html(each.cwe, 20)}</li>"
        for each in about.fixed[:MOST_PLACES]
    )
    left = len(about.fixed) - MOST_PLACES
    more = f'<p class="note">+{left}</p>' if left > 0 else ""
    return f'<section><h2>{label(language, "fixed")}</h2><ul class="plain">{rows}</ul>{more}</section>'


def _left_out(about: Repository, language: str) -> str:
    rows = "".join(f"<li>{count}: {html(reason, 200)}</li>" for reason, count in sorted(about.left_out.items()))
    return (
        f'<section><h2>{label(language, "not_read")}</h2><ul class="plain note">{rows}</ul></section>' if rows else ""
    )

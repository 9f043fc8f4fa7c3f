"""Which charts a page shows, drawn from the counts of a report."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum

from schemas import Disposition, FindingKind, Severity
from secassist.formats._labels import label
from secassist.formats._svg import Bar, Segment, bars, timeline
from secassist.formats._view import View

WORST_FIRST = tuple(reversed(Severity))


def charts(counts: dict[str, int], views: list[View], language: str) -> str:
    """Verdicts, findings, time; a chart with nothing to show is left out."""
    drawn = [
        _stacked(counts, "verdicts", Disposition, "by_disposition", language),
        _stacked(counts, "findings", FindingKind, "by_kind", language),
        _timeline(views, language),
    ]
    return f'<div class="charts">{"".join(drawn)}</div>' if any(drawn) else ""


def _stacked(counts: dict[str, int], what: str, words: Iterable[StrEnum], title: str, language: str) -> str:
    rows = [Bar(label(language, word), _segments(counts, f"{what}.{word}", language)) for word in words]
    if not any(row.total for row in rows):
        return ""
    return _figure(label(language, title), bars(label(language, title), rows), _legend(rows))


def _segments(counts: dict[str, int], name: str, language: str) -> tuple[Segment, ...]:
    """By severity, the worst first; what was counted without a severity comes last."""
    found = [
        Segment(f"s-{severity}", label(language, severity), counts.get(f"{name}.{severity}", 0))
        for severity in WORST_FIRST
    ]
    rest = counts.get(name, 0) - sum(segment.number for segment in found)
    return (*found, Segment("s-rest", label(language, "number"), max(rest, 0)))


def _legend(rows: list[Bar]) -> str:
    used = {segment.look: segment.name for row in rows for segment in row.segments if segment.number}
    order = [f"s-{severity}" for severity in WORST_FIRST]
    items = "".join(
        f'<li><span class="dot {look.removeprefix("s-")}"></span> {used[look]}</li>' for look in order if look in used
    )
    return f'<ul class="legend">{items}</ul>'


def _timeline(views: list[View], language: str) -> str:
    moments = [(at, view.urgency >= 2) for view in views if (at := _moment(view.created_at))]
    title = label(language, "by_time")
    distinct = len({at for at, _ in moments})
    return _figure(title, timeline(title, moments), "", "wide") if distinct > 1 else ""


def _moment(text: str) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _figure(title: str, drawing: str, legend: str, look: str = "") -> str:
    return f'<figure class="{look}"><figcaption>{title}</figcaption>{drawing}{legend}</figure>'

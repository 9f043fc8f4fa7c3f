"""Small charts as inline SVG: stacked bars and a timeline; numbers stand beside them, so colour alone says nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from secassist.formats._text import html

WIDTH = 360
"""Units of the drawing; the page scales it to the column."""
LABEL, ROW, BAR, TOTAL = 122, 24, 13, 40
FLOOR = 80
"""Height of the timeline's columns."""
MOST_COLUMNS = 48


@dataclass(frozen=True)
class Segment:
    """A part of a bar: `look` is a CSS class, `name` is read out and shown on hover."""

    look: str
    name: str
    number: int


@dataclass(frozen=True)
class Bar:
    """One row: its label and its parts from left to right."""

    name: str
    segments: tuple[Segment, ...]

    @property
    def total(self) -> int:
        """Sum of the parts."""
        return sum(segment.number for segment in self.segments)


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Horizontal stacked bars on one common scale, the total at the end of each."""
    longest = max((row.total for row in rows), default=0) or 1
    height = ROW * len(rows)
    drawn = "".join(_bar(row, index * ROW, longest) for index, row in enumerate(rows))
    return _svg(title, height, drawn)


def _bar(row: Bar, top: int, longest: int) -> str:
    room = WIDTH - LABEL - TOTAL
    middle = top + ROW / 2
    parts = [f'<text x="0" y="{middle:g}" dominant-baseline="central">{html(row.name, 40)}</text>']
    parts.append(f'<rect class="track" x="{LABEL}" y="{middle - BAR / 2:g}" width="{room}" height="{BAR}" rx="3"/>')
    left = float(LABEL)
    for segment in row.segments:
        if segment.number:
            size = room * segment.number / longest
            parts.append(_rect(segment, left, middle - BAR / 2, max(size - 1, 1.5), BAR))
            left += size
    look = "nr" if row.total else "nr zero"
    parts.append(f'<text class="{look}" x="{WIDTH}" y="{middle:g}" dominant-baseline="central">{row.total}</text>')
    return "".join(parts)


def _rect(segment: Segment, x: float, y: float, width: float, height: float) -> str:
    box = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2"'
    return f'<rect class="{segment.look}" {box}><title>{html(segment.name)}: {segment.number}</title></rect>'


def timeline(title: str, moments: Sequence[tuple[datetime, bool]]) -> str:
    """Columns per hour, day or more; the lower, coloured part counts what is bad. Needs at least one moment.

    The drawing stretches with the page, so its dates stand below it as text.
    """
    first, last = min(at for at, _ in moments), max(at for at, _ in moments)
    step = _step(last - first)
    start = first - (first - datetime(1970, 1, 5, tzinfo=first.tzinfo)) % step
    columns = (last - start) // step + 1
    bad, other = [0] * columns, [0] * columns
    for at, is_bad in moments:
        (bad if is_bad else other)[(at - start) // step] += 1
    drawn = _svg(title, FLOOR + 1, _columns(bad, other, start, step), ' preserveAspectRatio="none"')
    shape = "%m-%d %H:%M" if step < timedelta(days=1) else "%Y-%m-%d"
    ends = [start] if columns == 1 else [start, start + (columns - 1) * step]
    return f'{drawn}<div class="ticks">{"".join(f"<span>{at:{shape}}</span>" for at in ends)}</div>'


def _step(span: timedelta) -> timedelta:
    """The smallest of these that gives no more than MOST_COLUMNS columns."""
    steps = [timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(weeks=1)]
    fitting = (step for step in steps if span / step < MOST_COLUMNS - 1)
    return next(fitting, timedelta(weeks=span / timedelta(weeks=1) // (MOST_COLUMNS - 1) + 1))


def _columns(bad: list[int], other: list[int], start: datetime, step: timedelta) -> str:
    highest = max(low + high for low, high in zip(bad, other, strict=True))
    room = WIDTH / len(bad)
    width = min(room * 0.8, 16)
    parts = [f'<line class="axis" x1="0" y1="{FLOOR}.5" x2="{WIDTH}" y2="{FLOOR}.5"/>']
    for index, (low, high) in enumerate(zip(bad, other, strict=True)):
        name = f"{start + index * step:%Y-%m-%d %H:%M}"
        x, y = index * room + (room - width) / 2, float(FLOOR)
        for look, number in (("s-bad", low), ("s-rest", high)):
            if number:
                size = (FLOOR - 4) * number / highest
                y -= size
                parts.append(_rect(Segment(look, name, number), x, y, width, max(size - 1, 1)))
    return "".join(parts)


def _svg(title: str, height: int, drawn: str, more: str = "") -> str:
    name = html(title)
    box = f'viewBox="0 0 {WIDTH} {height}"{more}'
    return f'<svg {box} role="img" aria-label="{name}"><title>{name}</title>{drawn}</svg>'

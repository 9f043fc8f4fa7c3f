"""Drawing: line and bar charts as SVG text, the same bytes for the same figures."""

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 760, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 44, 52
COLOURS = ("#0b5fa5", "#c4501b", "#2e7d32", "#7b3fa0", "#8a6d00", "#555555")
BAR = 24

Points = Sequence[tuple[float, float]]


def lines(title: str, across: str, up: str, series: Mapping[str, Points], *, logarithmic: bool = False) -> str:
    """A line chart with a legend at the right; with `logarithmic`, both axes are."""
    points = [point for several in series.values() for point in several]
    if not points:
        raise ValueError(f"{title}: there is nothing to draw")
    scale = math.log10 if logarithmic else float
    least_up = min(y for _, y in points) if logarithmic else 0.0
    xs, ys = [scale(x) for x, _ in points], [scale(y) for _, y in points] + ([] if logarithmic else [least_up])
    place = _Place(min(xs), max(xs), min(ys), max(ys))
    body = [_text(WIDTH / 2, 22, title, "middle", 15), *_axes(across, up)]
    body += [_tick_x(place.x(scale(x)), _number(x)) for x in _some(sorted({x for x, _ in points}))]
    for value in _steps(min(y for _, y in points) if logarithmic else 0.0, max(y for _, y in points), logarithmic):
        body.append(_tick_y(place.y(scale(value)), _number(value)))
    for index, (name, several) in enumerate(series.items()):
        colour = COLOURS[index % len(COLOURS)]
        path = " ".join(f"{place.x(scale(x)):.1f},{place.y(scale(y)):.1f}" for x, y in several)
        body.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        body += [
            f'<circle cx="{place.x(scale(x)):.1f}" cy="{place.y(scale(y)):.1f}" r="3" fill="{colour}"/>'
            for x, y in several
        ]
        body.append(_text(WIDTH - RIGHT + 14, TOP + 14 + 20 * index, name, "start", 12, colour))
    return _document(body, HEIGHT)


def bars(title: str, unit: str, values: Mapping[str, float]) -> str:
    """Horizontal bars, longest first, each with its value."""
    if not values:
        raise ValueError(f"{title}: there is nothing to draw")
    ordered = sorted(values.items(), key=lambda row: -row[1])
    most = max(value for _, value in ordered) or 1.0
    body = [_text(WIDTH / 2, 22, title, "middle", 15)]
    for index, (name, value) in enumerate(ordered):
        y = TOP + BAR * index
        long = (WIDTH - 360) * value / most
        body.append(_text(252, y + 14, name, "end", 12))
        body.append(f'<rect x="260" y="{y}" width="{long:.1f}" height="{BAR - 6}" fill="{COLOURS[0]}"/>')
        body.append(_text(266 + long, y + 14, f"{_number(value)} {unit}", "start", 12))
    return _document(body, TOP + BAR * len(ordered) + 16)


class _Place:
    """Value to pixel."""

    def __init__(self, left: float, right: float, low: float, high: float) -> None:
        self._left, self._low = left, low
        self._wide, self._high = (right - left) or 1.0, (high - low) or 1.0

    def x(self, value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (value - self._left) / self._wide

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - self._low) / self._high


def _axes(across: str, up: str) -> list[str]:
    low, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    return [
        f'<path d="M{LEFT} {TOP}V{low}H{right}" fill="none" stroke="#333"/>',
        _text((LEFT + right) / 2, HEIGHT - 12, across, "middle", 12),
        f'<g transform="translate(16 {(TOP + low) / 2}) rotate(-90)">{_text(0, 0, up, "middle", 12)}</g>',
    ]


def _tick_x(x: float, label: str) -> str:
    low = HEIGHT - BOTTOM
    return f'<path d="M{x:.1f} {low}v5" stroke="#333"/>' + _text(x, low + 18, label, "middle", 11)


def _tick_y(y: float, label: str) -> str:
    grid = f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
    return grid + _text(LEFT - 8, y + 4, label, "end", 11)


def _steps(low: float, high: float, logarithmic: bool) -> list[float]:
    if logarithmic:
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        return [v for p in powers for v in (10.0**p, 3 * 10.0**p) if low <= v <= high]
    size = 10.0 ** math.floor(math.log10(high or 1.0))
    step = next(size * part for part in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0) if high / (size * part) <= 6)
    return [step * n for n in range(int(high / step) + 1)]


def _some(values: list[float], most: int = 9) -> list[float]:
    return values if len(values) <= most else values[:: -(-len(values) // most)]


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def _text(x: float, y: float, text: str, anchor: str, size: int, colour: str = "#222") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{escape(text)}</text>'
    )


def _document(body: list[str], height: float) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" font-family="sans-serif">'
    back = f'<rect width="{WIDTH}" height="{height:.0f}" fill="#fff"/>'
    return "\n".join([head, back, *body, "</svg>"]) + "\n"

"""What does a growth curve look like? One small picture, SVG, on light and on dark pages, without a library."""

from __future__ import annotations

import math
from html import escape

from bench.figures import Curve

WIDTH, HEIGHT = 400, 230
LEFT, RIGHT, TOP, BOTTOM = 58, 18, 52, 42
_STYLE = """
text { font: 12px system-ui, sans-serif; fill: #3d3d3d }
.title { font-weight: 600; font-size: 13px; fill: #1b1b1b }
.grid { stroke: #d8d8d8 } .line { stroke: #8a4b08; fill: none; stroke-width: 2.5 } .dot { fill: #8a4b08 }
@media (prefers-color-scheme: dark) {
  text { fill: #c9c9c9 } .title { fill: #f2f2f2 } .grid { stroke: #4a4a4a }
  .line { stroke: #f0a95c } .dot { fill: #f0a95c }
}
"""


def svg(curve: Curve) -> str:
    """The points with their values beside them; x goes by ratio (twice as much is as far everywhere), y from zero."""
    top = _round_up(max(y for _, y in curve.points))
    logs = [math.log(x) for x, _ in curve.points]
    first, span = min(logs), (max(logs) - min(logs)) or 1.0

    def place(x: float, y: float) -> tuple[float, float]:
        across = (math.log(x) - first) / span * (WIDTH - LEFT - RIGHT - 24) + LEFT + 12
        return round(across, 1), round(HEIGHT - BOTTOM - y / top * (HEIGHT - TOP - BOTTOM), 1)

    spots = [place(x, y) for x, y in curve.points]
    parts = [_title(curve), *_rungs(top)]
    parts.append(f'<polyline class="line" points="{" ".join(f"{a},{b}" for a, b in spots)}"/>')
    for (x, y), (a, b) in zip(curve.points, spots, strict=True):
        parts.append(f'<circle class="dot" cx="{a}" cy="{b}" r="3.5"/>')
        parts.append(f'<text x="{a}" y="{b - 9}" text-anchor="middle">{short(y)}</text>')
        parts.append(f'<text x="{a}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{short(x)}</text>')
    parts.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 8}" text-anchor="end">{escape(curve.x)}</text>')
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img">\n<style>{_STYLE}</style>\n{body}\n</svg>\n'
    )


def told(curve: Curve) -> str:
    """The same in words, for whoever does not see it."""
    points = ", ".join(f"{short(y)} at {short(x)}" for x, y in curve.points)
    return f"{curve.title}: {curve.y} by {curve.x}: {points}"


def short(value: float) -> str:
    """`1.2M`, `100k`, `29.2`."""
    for size, word in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size * 10 or (value >= size and value % (size / 10) == 0):
            return f"{value / size:.3g}{word}"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _title(curve: Curve) -> str:
    return (
        f"<title>{escape(told(curve))}</title>\n"
        f'<text class="title" x="12" y="18">{escape(curve.title)}</text>\n'
        f'<text x="12" y="33">{escape(curve.y)}</text>'
    )


def _rungs(top: float) -> list[str]:
    found = []
    for share in (0.0, 0.5, 1.0):
        y = round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)
        found.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>')
        found.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{short(top * share)}</text>')
    return found


def _round_up(value: float) -> float:
    """The next of 1, 2, 2.5, 5 and 10 times a power of ten, with room for the highest point's words."""
    wanted = value * 1.2 or 1.0
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= wanted)

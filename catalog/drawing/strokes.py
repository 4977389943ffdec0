"""What is every drawing made of? Ellipses, paths, lines and boxes in the main colour, a shade over it, or a dark.

Coordinates are those of a canvas of 400 by 300.
"""

from __future__ import annotations

DARK = "#23282c"


def ellipse(cx: float, cy: float, rx: float, ry: float, fill: str = "currentColor", turn: float = 0) -> str:
    turned = f' transform="rotate({turn} {cx} {cy})"' if turn else ""
    return f'<ellipse cx="{cx}" cy="{cy}" rx="{rx}" ry="{ry}" {filled(fill)}{turned}/>'


def filled(name: str) -> str:
    """`shade.3` and `light.2` are black and white laid over what is below, by that opacity."""
    kind, _, strength = name.partition(".")
    if kind == "shade":
        return f'fill="#000" fill-opacity=".{strength}"'
    if kind == "light":
        return f'fill="#fff" fill-opacity=".{strength}"'
    return f'fill="{name}"'


def path(d: str, fill: str = "currentColor") -> str:
    return f'<path d="{d}" {filled(fill)}/>'


def line(d: str, width: float, stroke: str = "currentColor") -> str:
    paint = filled(stroke).replace("fill-opacity", "stroke-opacity").replace("fill=", "stroke=")
    return f'<path d="{d}" fill="none" {paint} stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round"/>'


def box(x: float, y: float, width: float, height: float, radius: float, fill: str = "currentColor") -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" {filled(fill)}/>'


def ground(cx: float = 200, rx: float = 112, cy: float = 271) -> str:
    return ellipse(cx, cy, rx, 8, "shade.13")

"""How are headphones and headsets with a band drawn? In three quarters, the left cup towards us."""

from __future__ import annotations

from catalog.drawing.strokes import DARK, box, ellipse, ground, line, path


def _band(width: float, pad: float) -> str:
    """The headband from the far cup over the head to the near one, padded below."""
    d = "M140 132C128 72 164 38 214 38C264 38 296 74 284 132"
    inner = "M160 84C172 62 190 54 214 54C238 54 258 64 268 86"
    lit = "M150 78C162 54 184 42 214 42"
    return line(inner, pad, DARK) + line(d, width) + line(d, width * 0.35, "shade.14") + line(lit, 3, "light.4")


def _far_cup(rx: float, ry: float, cy: float = 186) -> str:
    """Seen from inside: cushion and mesh."""
    return (
        ellipse(290, cy, rx, ry)
        + ellipse(290, cy, rx, ry, "shade.25")
        + ellipse(276, cy + 2, rx * 0.92, ry * 0.96, DARK)
        + ellipse(270, cy + 2, rx * 0.52, ry * 0.66, "light.1")
        + ellipse(268, cy + 2, rx * 0.4, ry * 0.55, "shade.5")
    )


def _near_cup(rx: float, ry: float, cy: float = 194) -> str:
    """Seen from outside: the shell with its plate, the cushion showing behind it."""
    top = cy - ry * 0.7
    lit = f"M{134 - rx * 0.55} {cy - ry * 0.25}C{134 - rx * 0.4} {cy - ry * 0.6} 122 {top} 136 {top}"
    return (
        ellipse(166, cy + 1, rx * 0.94, ry * 0.98, DARK)
        + ellipse(170, cy + 1, rx * 0.86, ry * 0.9, "light.07")
        + ellipse(140, cy, rx, ry)
        + ellipse(140, cy, rx, ry, "shade.12")
        + ellipse(136, cy - 1, rx * 0.84, ry * 0.86)
        + ellipse(134, cy - 2, rx * 0.7, ry * 0.72, "light.13")
        + line(
            lit,
            3.5,
            "light.45",
        )
    )


def _fork(rx: float, cy: float = 194) -> str:
    """What holds the near cup."""
    left, right = 140 - rx * 0.86, 140 + rx * 0.86
    d = f"M{left} {cy - 12}C{left} {cy - 62} {right} {cy - 62} {right} {cy - 12}"
    return line("M140 120V148", 13) + line("M140 120V148", 5, "shade.2") + line(d, 8, DARK) + line(d, 3, "light.15")


def _boom(end_x: float = 214, end_y: float = 252, size: float = 9, start_y: float = 226) -> str:
    d = f"M138 {start_y}C146 {end_y + 8} 172 {end_y + 12} {end_x - 8} {end_y + 2}"
    return (
        ellipse(138, start_y - 4, 11, 11, DARK)
        + line(d, 5, DARK)
        + ellipse(end_x, end_y, size * 1.5, size, DARK, -18)
        + ellipse(end_x - 2, end_y - 3, size * 0.8, size * 0.35, "light.25", -18)
    )


def over_ear() -> str:
    return ground() + _far_cup(30, 60) + _band(17, 15) + _fork(54) + _near_cup(54, 70)


def open_back() -> str:
    holes = "".join(
        ellipse(134 + column * 13 + (row % 2) * 6.5, 192 + row * 12, 3.6, 3.6, "shade.42")
        for row in range(-4, 5)
        for column in range(-3, 4)
        if ((column * 13 + (row % 2) * 6.5) / 40) ** 2 + (row * 12 / 54) ** 2 < 1
    )
    ring = '<ellipse cx="134" cy="192" rx="43" ry="56" fill="none" stroke="#000" stroke-opacity=".3" stroke-width="3"/>'
    return ground() + _far_cup(30, 62) + _band(14, 11) + _fork(56) + _near_cup(56, 72) + ring + holes


def on_ear() -> str:
    return (
        ground(204, 96, 252)
        + _far_cup(22, 42, 172)
        + _band(12, 8)
        + line("M140 118V160", 9)
        + _near_cup(42, 50, 182)
        + ellipse(134, 180, 9, 11, "light.3")
    )


def gaming() -> str:
    glow = (
        '<ellipse cx="135" cy="192" rx="32" ry="45" fill="none" stroke="#f3b63f" stroke-width="4" stroke-opacity=".9"/>'
    )
    plate = path("M112 168L134 156 158 168V214L134 228 112 214z", "shade.3") + path(
        "M134 174L120 196H132L128 214 150 188H137L142 174z", "#f3b63f"
    )
    return (
        ground()
        + _far_cup(33, 62)
        + _band(22, 20)
        + _fork(58)
        + _near_cup(58, 72)
        + glow
        + plate
        + _boom(226, 254, 10, 234)
    )


def business() -> str:
    return (
        ground(204, 98, 256)
        + _far_cup(22, 40, 172)
        + _band(9, 10)
        + line("M140 118V160", 8, DARK)
        + _near_cup(40, 46, 184)
        + ellipse(134, 182, 10, 10, "light.35")
        + _boom(226, 236, 8, 206)
    )


def call_centre() -> str:
    rest = line("M284 128V150", 8) + line("M288 146L276 190", 14, DARK) + line("M286 148L277 182", 4, "light.2")
    cable = line("M128 226C120 262 92 268 70 258C52 250 40 262 36 274", 4, DARK) + box(28, 262, 16, 24, 4, DARK)
    return (
        ground(204, 92, 258)
        + rest
        + _band(9, 9)
        + cable
        + line("M140 118V160", 8, DARK)
        + _near_cup(40, 46, 184)
        + ellipse(134, 182, 10, 10, "light.35")
        + _boom(232, 238, 9, 206)
    )


def aviation() -> str:
    pad = line("M160 52C190 28 240 28 268 54", 26, DARK) + line("M168 46C194 28 234 28 258 46", 4, "light.25")
    dome = (
        ellipse(132, 190, 36, 50, "shade.18")
        + ellipse(129, 186, 28, 41, "light.14")
        + box(120, 172, 24, 34, 7, "shade.25")
    )
    cable = line("M110 254C96 276 62 262 50 272C38 282 30 276 26 282", 5, DARK)
    muff = ellipse(236, 246, 18, 13, DARK, -20) + ellipse(232, 241, 9, 4, "light.2", -20)
    arm = line("M140 240C156 268 190 272 226 250", 4, "#9aa3a8")
    return ground() + _far_cup(34, 62) + _band(12, 6) + pad + _fork(58) + _near_cup(60, 70) + dome + cable + arm + muff


def pair() -> str:
    """Headphones and a headset side by side: for what is about both kinds."""
    headset = business().replace("currentColor", "#f3b63f")
    return (
        f'<g transform="translate(-24 60) scale(.7)">{over_ear()}</g>'
        f'<g transform="translate(138 46) scale(.76)">{headset}</g>'
    )

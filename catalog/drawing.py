"""What does a product look like, drawn by ourselves? An SVG silhouette from its type, form and colour.

Pictures of merchants and makers are not copied, so every product is drawn: its shape follows from its specs, its
colour from its record. Only presentation attributes are used, because the site's policy refuses inline styles; the
main colour is `currentColor`, so that one shape can be placed many times on a page in many colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 400, 300
_HEX = 16


class Shape(StrEnum):
    OVER_EAR = "over-ear"
    OPEN_BACK = "open-back"
    ON_EAR = "on-ear"
    IN_EAR = "in-ear"
    WIRED_BUDS = "wired-buds"
    EARBUD = "earbud"
    GAMING = "gaming"
    BUSINESS = "business"
    CALL_CENTRE = "call-centre"
    AVIATION = "aviation"
    EARPIECE = "earpiece"
    PAIR = "pair"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What a drawing depends on. The words are those of `ProductType` and of the specs; None is not known."""

    type: str | None
    form_factor: str | None = None
    enclosure: str | None = None
    ears: str | None = None
    wireless: bool | None = None


_BY_TYPE = {
    "gaming": Shape.GAMING,
    "aviation": Shape.AVIATION,
    "over-ear": Shape.OVER_EAR,
    "on-ear": Shape.ON_EAR,
    "call-centre": Shape.CALL_CENTRE,
    "business": Shape.BUSINESS,
}


def shape_of(looks: Looks) -> Shape:
    """The nearest of our shapes. Where little is known it is the most ordinary one: over-ear headphones."""
    in_the_ear = looks.form_factor in {"in-ear", "earbud"} or looks.type == "in-ear"
    if looks.type == "bluetooth" and not in_the_ear:
        return Shape.EARPIECE if looks.ears == "one" else Shape.BUSINESS
    if looks.type in {"gaming", "aviation"} and not in_the_ear:
        return _BY_TYPE[looks.type]
    if in_the_ear:
        if looks.type in {"bluetooth", "business", "call-centre"} and looks.ears == "one":
            return Shape.EARPIECE
        if looks.wireless is False:
            return Shape.WIRED_BUDS
        return Shape.EARBUD if looks.form_factor == "earbud" else Shape.IN_EAR
    if looks.type in {"call-centre", "business"}:
        return Shape.CALL_CENTRE if looks.ears == "one" else Shape.BUSINESS
    if looks.form_factor == "on-ear":
        return Shape.ON_EAR
    if looks.enclosure in {"open", "semi-open"}:
        return Shape.OPEN_BACK
    return _BY_TYPE.get(looks.type or "", Shape.OVER_EAR)


# --- strokes: every part is the main colour, a shade over it, or the dark of cushions and mesh -------------------------

_DARK = "#23282c"


def _ellipse(cx: float, cy: float, rx: float, ry: float, fill: str = "currentColor", turn: float = 0) -> str:
    turned = f' transform="rotate({turn} {cx} {cy})"' if turn else ""
    return f'<ellipse cx="{cx}" cy="{cy}" rx="{rx}" ry="{ry}" {_fill(fill)}{turned}/>'


def _fill(name: str) -> str:
    """`shade.3` and `light.2` are black and white laid over what is below, by that opacity."""
    kind, _, strength = name.partition(".")
    if kind == "shade":
        return f'fill="#000" fill-opacity=".{strength}"'
    if kind == "light":
        return f'fill="#fff" fill-opacity=".{strength}"'
    return f'fill="{name}"'


def _path(d: str, fill: str = "currentColor") -> str:
    return f'<path d="{d}" {_fill(fill)}/>'


def _line(d: str, width: float, stroke: str = "currentColor") -> str:
    paint = _fill(stroke).replace("fill-opacity", "stroke-opacity").replace("fill=", "stroke=")
    return f'<path d="{d}" fill="none" {paint} stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round"/>'


def _box(x: float, y: float, width: float, height: float, radius: float, fill: str = "currentColor") -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" {_fill(fill)}/>'


def _ground(cx: float = 200, rx: float = 112, cy: float = 271) -> str:
    return _ellipse(cx, cy, rx, 8, "shade.13")


def _band(width: float, pad: float) -> str:
    """The headband from the far cup over the head to the near one, padded below."""
    d = "M140 132C128 72 164 38 214 38C264 38 296 74 284 132"
    inner = "M160 84C172 62 190 54 214 54C238 54 258 64 268 86"
    lit = "M150 78C162 54 184 42 214 42"
    return _line(inner, pad, _DARK) + _line(d, width) + _line(d, width * 0.35, "shade.14") + _line(lit, 3, "light.4")


def _far_cup(rx: float, ry: float, cy: float = 186) -> str:
    """Seen from inside: cushion and mesh."""
    return (
        _ellipse(290, cy, rx, ry)
        + _ellipse(290, cy, rx, ry, "shade.25")
        + _ellipse(276, cy + 2, rx * 0.92, ry * 0.96, _DARK)
        + _ellipse(270, cy + 2, rx * 0.52, ry * 0.66, "light.1")
        + _ellipse(268, cy + 2, rx * 0.4, ry * 0.55, "shade.5")
    )


def _near_cup(rx: float, ry: float, cy: float = 194) -> str:
    """Seen from outside: the shell with its plate, the cushion showing behind it."""
    return (
        _ellipse(166, cy + 1, rx * 0.94, ry * 0.98, _DARK)
        + _ellipse(170, cy + 1, rx * 0.86, ry * 0.9, "light.07")
        + _ellipse(140, cy, rx, ry)
        + _ellipse(140, cy, rx, ry, "shade.12")
        + _ellipse(136, cy - 1, rx * 0.84, ry * 0.86)
        + _ellipse(134, cy - 2, rx * 0.7, ry * 0.72, "light.13")
        + _line(
            f"M{134 - rx * 0.55} {cy - ry * 0.25}C{134 - rx * 0.4} {cy - ry * 0.6} 122 {cy - ry * 0.7} 136 {cy - ry * 0.7}",
            3.5,
            "light.45",
        )
    )


def _fork(rx: float, cy: float = 194) -> str:
    """What holds the near cup."""
    left, right = 140 - rx * 0.86, 140 + rx * 0.86
    d = f"M{left} {cy - 12}C{left} {cy - 62} {right} {cy - 62} {right} {cy - 12}"
    return (
        _line("M140 120V148", 13) + _line("M140 120V148", 5, "shade.2") + _line(d, 8, _DARK) + _line(d, 3, "light.15")
    )


def _boom(end_x: float = 214, end_y: float = 252, size: float = 9, start_y: float = 226) -> str:
    d = f"M138 {start_y}C146 {end_y + 8} 172 {end_y + 12} {end_x - 8} {end_y + 2}"
    return (
        _ellipse(138, start_y - 4, 11, 11, _DARK)
        + _line(d, 5, _DARK)
        + _ellipse(end_x, end_y, size * 1.5, size, _DARK, -18)
        + _ellipse(end_x - 2, end_y - 3, size * 0.8, size * 0.35, "light.25", -18)
    )


# --- shapes ------------------------------------------------------------------------------------------------------------


def _over_ear() -> str:
    return _ground() + _far_cup(30, 60) + _band(17, 15) + _fork(54) + _near_cup(54, 70)


def _open_back() -> str:
    holes = "".join(
        _ellipse(134 + column * 13 + (row % 2) * 6.5, 192 + row * 12, 3.6, 3.6, "shade.42")
        for row in range(-4, 5)
        for column in range(-3, 4)
        if ((column * 13 + (row % 2) * 6.5) / 40) ** 2 + (row * 12 / 54) ** 2 < 1
    )
    ring = '<ellipse cx="134" cy="192" rx="43" ry="56" fill="none" stroke="#000" stroke-opacity=".3" stroke-width="3"/>'
    return _ground() + _far_cup(30, 62) + _band(14, 11) + _fork(56) + _near_cup(56, 72) + ring + holes


def _on_ear() -> str:
    return (
        _ground(204, 96, 252)
        + _far_cup(22, 42, 172)
        + _band(12, 8)
        + _line("M140 118V160", 9)
        + _near_cup(42, 50, 182)
        + _ellipse(134, 180, 9, 11, "light.3")
    )


def _gaming() -> str:
    glow = (
        '<ellipse cx="135" cy="192" rx="32" ry="45" fill="none" stroke="#f3b63f" stroke-width="4" stroke-opacity=".9"/>'
    )
    plate = _path("M112 168L134 156 158 168V214L134 228 112 214z", "shade.3") + _path(
        "M134 174L120 196H132L128 214 150 188H137L142 174z", "#f3b63f"
    )
    return (
        _ground()
        + _far_cup(33, 62)
        + _band(22, 20)
        + _fork(58)
        + _near_cup(58, 72)
        + glow
        + plate
        + _boom(226, 254, 10, 234)
    )


def _business() -> str:
    return (
        _ground(204, 98, 256)
        + _far_cup(22, 40, 172)
        + _band(9, 10)
        + _line("M140 118V160", 8, _DARK)
        + _near_cup(40, 46, 184)
        + _ellipse(134, 182, 10, 10, "light.35")
        + _boom(226, 236, 8, 206)
    )


def _call_centre() -> str:
    rest = _line("M284 128V150", 8) + _line("M288 146L276 190", 14, _DARK) + _line("M286 148L277 182", 4, "light.2")
    cable = _line("M128 226C120 262 92 268 70 258C52 250 40 262 36 274", 4, _DARK) + _box(28, 262, 16, 24, 4, _DARK)
    return (
        _ground(204, 92, 258)
        + rest
        + _band(9, 9)
        + cable
        + _line("M140 118V160", 8, _DARK)
        + _near_cup(40, 46, 184)
        + _ellipse(134, 182, 10, 10, "light.35")
        + _boom(232, 238, 9, 206)
    )


def _aviation() -> str:
    pad = _line("M160 52C190 28 240 28 268 54", 26, _DARK) + _line("M168 46C194 28 234 28 258 46", 4, "light.25")
    dome = (
        _ellipse(132, 190, 36, 50, "shade.18")
        + _ellipse(129, 186, 28, 41, "light.14")
        + _box(120, 172, 24, 34, 7, "shade.25")
    )
    cable = _line("M110 254C96 276 62 262 50 272C38 282 30 276 26 282", 5, _DARK)
    muff = _ellipse(236, 246, 18, 13, _DARK, -20) + _ellipse(232, 241, 9, 4, "light.2", -20)
    arm = _line("M140 240C156 268 190 272 226 250", 4, "#9aa3a8")
    return _ground() + _far_cup(34, 62) + _band(12, 6) + pad + _fork(58) + _near_cup(60, 70) + dome + cable + arm + muff


def _bud(cx: float, cy: float, mirror: bool, stem: bool) -> str:
    side = -1 if mirror else 1
    nozzle = _ellipse(cx + side * 32, cy - 8, 15, 19, "#cfd4d8", side * 24) + _ellipse(
        cx + side * 38, cy - 10, 7, 13, "shade.28", side * 24
    )
    body = _ellipse(cx, cy, 36, 33, "currentColor", side * 12)
    leg = _line(f"M{cx - side * 12} {cy + 8}L{cx - side * 20} {cy + 74}", 22) if stem else ""
    tip = _line(f"M{cx - side * 20} {cy + 76}L{cx - side * 20.300} {cy + 79}", 15, "#cfd4d8") if stem else ""
    lit = _line(
        f"M{cx - side * 24} {cy - 8}C{cx - side * 20} {cy - 24} {cx - side * 6} {cy - 27} {cx + side * 4} {cy - 25}",
        4,
        "light.45",
    )
    plate = (
        "" if stem else _ellipse(cx - side * 6, cy, 20, 20, "light.16") + _ellipse(cx - side * 6, cy, 5, 5, "shade.3")
    )
    return nozzle + leg + tip + body + _ellipse(cx + side * 6, cy + 6, 27, 22, "shade.1") + plate + lit


def _case() -> str:
    return (
        _box(134, 196, 132, 74, 34)
        + _box(134, 196, 132, 74, 34, "shade.1")
        + _path("M134 230a34 34 0 0 1 34-34h64a34 34 0 0 1 34 34z", "light.16")
        + _line("M136 230H264", 2, "shade.3")
        + _ellipse(200, 246, 4, 4, "light.8")
    )


def _in_ear() -> str:
    return _ground(200, 90) + _bud(122, 112, False, False) + _bud(278, 112, True, False) + _case()


def _earbud() -> str:
    return _ground(200, 90) + _bud(118, 96, False, True) + _bud(282, 96, True, True) + _case()


def _wired_buds() -> str:
    cable = _line("M112 130C110 200 188 190 198 236", 4, _DARK) + _line("M288 130C290 200 208 190 200 236", 4, _DARK)
    tail = _line("M199 236C200 262 240 258 262 266", 4, _DARK) + _box(192, 222, 14, 24, 6, _DARK)
    plug = _box(258, 258, 30, 14, 6, _DARK) + _box(287, 262, 18, 6, 3, "#b9c0c5")
    return _ground(206, 100) + cable + tail + plug + _bud(122, 104, False, False) + _bud(278, 104, True, False)


def _earpiece() -> str:
    hook = "M196 150C150 142 140 64 200 54C252 46 272 98 246 132"
    return (
        _ground(196, 84)
        + _line(hook, 11, _DARK)
        + _line("M168 96C172 74 186 64 204 62", 3, "light.3")
        + _line("M214 150L150 248", 40)
        + _line("M208 150L148 242", 8, "light.2")
        + _ellipse(226, 146, 40, 38)
        + _ellipse(226, 146, 30, 28, "shade.18")
        + _ellipse(248, 138, 22, 26, _DARK, 20)
        + _ellipse(253, 136, 12, 16, "light.16", 20)
        + _ellipse(150, 247, 5, 5, "shade.45")
        + _ellipse(160, 231, 3, 3, "light.7")
    )


def _pair() -> str:
    """Headphones and a headset side by side: for what is about both kinds."""
    headset = _business().replace("currentColor", "#f3b63f")
    return (
        f'<g transform="translate(-24 60) scale(.7)">{_over_ear()}</g>'
        f'<g transform="translate(138 46) scale(.76)">{headset}</g>'
    )


_SHAPES = {
    Shape.OVER_EAR: _over_ear,
    Shape.OPEN_BACK: _open_back,
    Shape.ON_EAR: _on_ear,
    Shape.IN_EAR: _in_ear,
    Shape.WIRED_BUDS: _wired_buds,
    Shape.EARBUD: _earbud,
    Shape.GAMING: _gaming,
    Shape.BUSINESS: _business,
    Shape.CALL_CENTRE: _call_centre,
    Shape.AVIATION: _aviation,
    Shape.EARPIECE: _earpiece,
    Shape.PAIR: _pair,
}


def parts(shape: Shape) -> str:
    """The shape's SVG elements on a canvas of 400 by 300, for a `<symbol>` or a picture of its own."""
    return _SHAPES[shape]()


def backdrop(colour: str) -> str:
    """A quiet ground on which this colour is seen: pale for dark products, a mid grey-blue for pale ones."""
    red, green, blue = (int(colour[at : at + 2], _HEX) for at in (1, 3, 5))
    brightness = 0.299 * red + 0.587 * green + 0.114 * blue
    base, share = ((243, 239, 230), 0.14) if brightness < 170 else ((118, 132, 142), 0.18)
    mixed = (round(part * share + ground * (1 - share)) for part, ground in zip((red, green, blue), base, strict=True))
    return "#" + "".join(f"{value:02x}" for value in mixed)


def picture(shape: Shape, colour: str, title: str) -> str:
    """The whole drawing as an SVG document; `colour` is #rrggbb."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        f' color="{colour}" role="img"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{backdrop(colour)}"/>{parts(shape)}</svg>'
    )


def sprite() -> str:
    """All shapes as symbols of one SVG document, each named after its shape: pages place them by `<use>`."""
    symbols = "".join(
        f'<symbol id="{shape.value}" viewBox="0 0 {WIDTH} {HEIGHT}">{parts(shape)}</symbol>' for shape in Shape
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>'

"""How is what sits in, at or beside the ear drawn?"""

from __future__ import annotations

from catalog.drawing.strokes import DARK, box, ellipse, ground, line, path


def _bud(cx: float, cy: float, mirror: bool, stem: bool) -> str:
    side = -1 if mirror else 1
    nozzle = ellipse(cx + side * 32, cy - 8, 15, 19, "#cfd4d8", side * 24) + ellipse(
        cx + side * 38, cy - 10, 7, 13, "shade.28", side * 24
    )
    body = ellipse(cx, cy, 36, 33, "currentColor", side * 12)
    leg = line(f"M{cx - side * 12} {cy + 8}L{cx - side * 20} {cy + 74}", 22) if stem else ""
    tip = line(f"M{cx - side * 20} {cy + 76}L{cx - side * 20.300} {cy + 79}", 15, "#cfd4d8") if stem else ""
    lit = line(
        f"M{cx - side * 24} {cy - 8}C{cx - side * 20} {cy - 24} {cx - side * 6} {cy - 27} {cx + side * 4} {cy - 25}",
        4,
        "light.45",
    )
    plate = "" if stem else ellipse(cx - side * 6, cy, 20, 20, "light.16") + ellipse(cx - side * 6, cy, 5, 5, "shade.3")
    return nozzle + leg + tip + body + ellipse(cx + side * 6, cy + 6, 27, 22, "shade.1") + plate + lit


def _case() -> str:
    return (
        box(134, 196, 132, 74, 34)
        + box(134, 196, 132, 74, 34, "shade.1")
        + path("M134 230a34 34 0 0 1 34-34h64a34 34 0 0 1 34 34z", "light.16")
        + line("M136 230H264", 2, "shade.3")
        + ellipse(200, 246, 4, 4, "light.8")
    )


def in_ear() -> str:
    return ground(200, 90) + _bud(122, 112, False, False) + _bud(278, 112, True, False) + _case()


def earbud() -> str:
    return ground(200, 90) + _bud(118, 96, False, True) + _bud(282, 96, True, True) + _case()


def wired_buds() -> str:
    cable = line("M112 130C110 200 188 190 198 236", 4, DARK) + line("M288 130C290 200 208 190 200 236", 4, DARK)
    tail = line("M199 236C200 262 240 258 262 266", 4, DARK) + box(192, 222, 14, 24, 6, DARK)
    plug = box(258, 258, 30, 14, 6, DARK) + box(287, 262, 18, 6, 3, "#b9c0c5")
    return ground(206, 100) + cable + tail + plug + _bud(122, 104, False, False) + _bud(278, 104, True, False)


def earpiece() -> str:
    hook = "M196 150C150 142 140 64 200 54C252 46 272 98 246 132"
    return (
        ground(196, 84)
        + line(hook, 11, DARK)
        + line("M168 96C172 74 186 64 204 62", 3, "light.3")
        + line("M214 150L150 248", 40)
        + line("M208 150L148 242", 8, "light.2")
        + ellipse(226, 146, 40, 38)
        + ellipse(226, 146, 30, 28, "shade.18")
        + ellipse(248, 138, 22, 26, DARK, 20)
        + ellipse(253, 136, 12, 16, "light.16", 20)
        + ellipse(150, 247, 5, 5, "shade.45")
        + ellipse(160, 231, 3, 3, "light.7")
    )


def open_ear() -> str:
    """Bone conduction: pads before the ears, hooks over them, a band behind the neck."""
    band = "M126 132C122 84 78 72 64 112C50 158 96 232 200 240C304 232 350 158 336 112C322 72 278 84 274 132"
    lit = "M74 108C62 150 106 220 196 231"
    return (
        ground(200, 104)
        + line(band, 13)
        + line(band, 5, "shade.16")
        + line(lit, 3, "light.35")
        + line("M78 150C84 172 96 190 112 204", 24)
        + line("M322 150C316 172 304 190 288 204", 24)
        + ellipse(92, 180, 4, 4, "shade.4")
        + _pad(128, 146, 14)
        + _pad(272, 146, -14)
    )


def _pad(cx: float, cy: float, turn: float) -> str:
    side = 1 if turn > 0 else -1
    return (
        ellipse(cx + side * 7, cy + 2, 21, 28, DARK, turn)
        + ellipse(cx, cy, 21, 29, "currentColor", turn)
        + ellipse(cx - side * 3, cy - 3, 13, 19, "light.16", turn)
        + ellipse(cx - side * 3, cy - 3, 4, 4, "shade.3")
    )

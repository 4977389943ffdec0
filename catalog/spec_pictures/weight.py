"""How heavy is that? On a scale up to half a kilogram, beside things everybody has lifted."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from catalog.spec_pictures.paper import EDGE, FAINT, FULL, WIDTH, Known, SpecPicture, Stroke, box, plain

_HEIGHT, _TRACK, _THICK = 46, 37, 7
_MOST = 500
_SHEET, _EGG = Decimal(5), Decimal(60)
_NUMBERS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def _egg(x: float) -> str:
    return f"M{plain(x)} 14c5 0 9 8 9 13.5a9 6.5 0 0 1-18 0c0-5.5 4-13.5 9-13.5z"


def _phone(x: float) -> str:
    return f"M{plain(x - 7)} 4h14v30h-14zm2 3v22h10v-22zm3.5 24h3v1.5h-3z"


def _can(x: float) -> str:
    return f"M{plain(x - 8)} 6l2-3h12l2 3v26l-2 2h-12l-2-2zm3 6v14h10v-14z"


def _bag(x: float) -> str:
    return f"M{plain(x - 11)} 8l2-6h18l2 6v26h-22zm5 7v10h12v-10z"


# Grams, and how each is drawn above its place. An egg of size M; a phone; a can of a third of a litre; ground coffee.
_THINGS = ((60, _egg), (200, _phone), (350, _can), (500, _bag))
SCALE = "On the scale: an egg 60 g, a phone 200 g, a full can 350 g, a bag of coffee 500 g."


def weight(sheet: Mapping[str, Known]) -> SpecPicture | None:
    known = sheet.get("weight_g")
    if known is None or known.number is None or known.number <= 0:
        return None
    grams = known.number
    reached = _place(min(grams, Decimal(_MOST)))
    beside = [Stroke(draw(_centre(at)), FULL if grams >= at else FAINT) for at, draw in _THINGS]
    track = Stroke(box(EDGE, _TRACK, WIDTH - 2 * EDGE, _THICK), FAINT)
    filled = Stroke(box(EDGE, _TRACK, max(reached - EDGE, 2), _THICK))
    return SpecPicture(height=_HEIGHT, strokes=(*beside, track, filled), words=_words(grams), scale=SCALE)


def _place(grams: Decimal) -> float:
    return EDGE + float(grams) / _MOST * (WIDTH - 2 * EDGE)


def _centre(grams: int) -> float:
    """Where a thing stands: at its weight, as far as the picture's edge lets it."""
    return min(_place(Decimal(grams)), WIDTH - EDGE - 11)


def _words(grams: Decimal) -> str:
    if grams < _EGG / 2:
        sheets = max(1, round(grams / _SHEET))
        return f"About as heavy as {_count(sheets, 'sheet')} of paper"
    return f"About as heavy as {_count(max(1, round(grams / _EGG)), 'egg')}"


def _count(number: int, thing: str) -> str:
    if number == 1:
        return f"{'an' if thing[0] in 'aeiou' else 'a'} {thing}"
    return f"{_NUMBERS[number] if number < len(_NUMBERS) else number} {thing}s"

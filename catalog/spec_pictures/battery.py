"""How many days does a charge last somebody who listens two hours a day? A box for each, in weeks of five."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from catalog.spec_pictures.paper import EDGE, FAINT, Known, SpecPicture, Stroke, box

HOURS_A_DAY = 2
_HEIGHT = 38
_BOX, _TALL, _GAP, _WEEK_GAP = 9, 14, 2, 5
_WEEK, _WEEKS_A_ROW, _ROWS = 5, 4, 2
_DRAWN = _WEEK * _WEEKS_A_ROW * _ROWS


def battery(sheet: Mapping[str, Known]) -> SpecPicture | None:
    known = sheet.get("battery_hours")
    if known is None or known.number is None or known.number <= 0:
        return None
    days = known.number / HOURS_A_DAY
    empty = "".join(_day(place, 1) for place in range(_DRAWN))
    whole = min(int(days), _DRAWN)
    full = "".join(_day(place, 1) for place in range(whole))
    if whole < _DRAWN and (rest := days - whole):
        full += _day(whole, float(rest))
    return SpecPicture(
        height=_HEIGHT,
        strokes=(Stroke(empty, FAINT), Stroke(full)),
        words=_words(days),
        scale="A box is a day of two hours; five stand together as a working week.",
    )


def _day(place: int, share: float) -> str:
    row, in_row = divmod(place, _WEEK * _WEEKS_A_ROW)
    x = EDGE + in_row * (_BOX + _GAP) + in_row // _WEEK * _WEEK_GAP
    return box(x, EDGE + row * (_TALL + _GAP), _BOX * share, _TALL)


def _words(days: Decimal) -> str:
    if days < 1:
        return "Less than a day of two hours"
    if days > _DRAWN:
        return f"About {round(days)} days of two hours, more than the boxes show"
    count = round(days)
    return f"About {count} day{'' if count == 1 else 's'} of two hours"

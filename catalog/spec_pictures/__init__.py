"""Which figures of a spec sheet are hard to read in words, and what picture says each?

Pure. Every picture has the same measure for all products, so that two beside each other can be compared by eye. It is
drawn in `currentColor` alone (light, dark and print need nothing of their own) with attributes only, because the site's
policy refuses inline styles; `words` say the same to who does not see it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from catalog.spec_pictures.battery import battery
from catalog.spec_pictures.paper import WIDTH, Known, SpecPicture, Stroke
from catalog.spec_pictures.sound import balance, hearing, isolation
from catalog.spec_pictures.weight import weight

__all__ = ["PICTURES", "WIDTH", "Known", "SpecPicture", "Stroke", "picture_of"]

Drawer = Callable[[Mapping[str, Known]], SpecPicture | None]

# By the spec on whose line it stands.
PICTURES: Mapping[str, Drawer] = {
    "weight_g": weight,
    "battery_hours": battery,
    "isolation_db": isolation,
    "sound_balance": balance,
    "frequency_high_hz": hearing,
}


def picture_of(key: str, sheet: Mapping[str, Known]) -> SpecPicture | None:
    """None where the spec needs no picture, or where too little is known to draw it."""
    draw = PICTURES.get(key)
    return draw(sheet) if draw else None

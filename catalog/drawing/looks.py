"""Which of our shapes stands for a product?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Shape(StrEnum):
    OVER_EAR = "over-ear"
    OPEN_BACK = "open-back"
    ON_EAR = "on-ear"
    IN_EAR = "in-ear"
    WIRED_BUDS = "wired-buds"
    EARBUD = "earbud"
    OPEN_EAR = "open-ear"
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
    if looks.form_factor == "open-ear":
        return Shape.OPEN_EAR
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

"""What does the index keep of one product, and when does something of it cease to hold?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from catalog.facets.rows import OfferRow
from catalog.facets.vocabulary import Names, names_of
from catalog.money.currencies import decimals

PRICE, USE_CASE = "price:", "use_case:"
# Decimal places that a column has; the others have none. Money has those of its currency.
_PLACES = {"weight_g": 1, "driver_mm": 1, "battery_hours": 1, "score": 1}

Place = tuple[str, str, str, str, str, int]


def price_key(currency: str, reach: str) -> str:
    """Under which prices are kept in this currency, of shops of this reach (`Shown.reaches`)."""
    return f"{PRICE}{currency}:{reach}"


def places_of(key: str) -> int:
    """The decimal places of the numbers kept under this key."""
    if key.startswith(PRICE):
        return decimals(key.split(":")[1])
    return 1 if key.startswith(USE_CASE) else _PLACES.get(key, 0)


@dataclass(frozen=True, slots=True)
class Held:
    """A product as the index has it: what it is called, what is said of it whatever the time, and at the moment."""

    place: Place
    variant: str
    codes: tuple[str, ...]
    offers: tuple[OfferRow, ...]
    lasting: tuple[tuple[str, str], ...]
    values: tuple[tuple[str, str], ...]
    lasting_numbers: tuple[tuple[str, int], ...]
    numbers: tuple[tuple[str, int], ...]

    @property
    def id(self) -> int:
        return self.place[-1]

    @property
    def names(self) -> Names:
        return names_of(self.place[3], self.place[4], self.variant, self.codes)

    def is_called_as(self, other: Held) -> bool:
        return (self.place, self.variant, self.codes) == (other.place, other.variant, other.codes)


def whole(number: Decimal, key: str) -> int:
    """The number as it is kept under this key."""
    return int(number.scaleb(places_of(key)))


def next_turn(held: Held, now: datetime) -> tuple[datetime, int] | None:
    """The next moment at which an offer of it begins or ceases to hold."""
    ahead = [moment for offer in held.offers for moment in (offer.seen_at, offer.until) if moment and moment > now]
    return (min(ahead), held.id) if ahead else None

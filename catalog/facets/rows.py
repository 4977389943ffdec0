"""What does the catalogue's index know of one product, and what of its offers holds at a moment?

Pure. Times are aware, amounts are totals in the offer's currency; those in others are worked out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import compress

from catalog.money.conversion import Conversion
from catalog.reading import Availability

_BEST_FIRST = tuple(item.value for item in Availability if item is not Availability.UNKNOWN)


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer that readers are shown. `total`: amount and shipping; None where it is not known or never to be shown.

    Price and stock hold from `seen_at` until `until`; where they may never be shown, both are None. `delivers_to`: the
    countries its shop names, none where it says nothing.
    """

    merchant: str
    is_new: bool
    availability: str
    total: Decimal | None
    currency: str
    seen_at: datetime | None
    until: datetime | None
    may_convert: bool = True
    delivers_to: frozenset[str] = frozenset()

    def reaches(self, country: str) -> bool:
        return not country or not self.delivers_to or country in self.delivers_to

    def holds(self, now: datetime) -> bool:
        return self.seen_at is not None and self.until is not None and self.seen_at <= now < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow:
    """`values`: what is known of facets with values, `numbers`: of those with ranges; what is unknown is in neither.

    `brand` is the facet's value, `brand_name` what people call it. `use_cases`: the overall for each.
    """

    id: int
    brand: str
    brand_name: str
    model: str
    variant: str = ""
    codes: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    use_cases: Mapping[str, Decimal] = field(default_factory=dict)
    offers: tuple[OfferRow, ...] = ()

    @property
    def place(self) -> tuple[str, str, str, str, str, int]:
        """Where it stands among all products by name; never that of another one."""
        return (
            self.brand_name.casefold(),
            self.model.casefold(),
            self.variant.casefold(),
            self.brand_name,
            self.model,
            self.id,
        )


def stock_of(offers: Iterable[OfferRow], now: datetime) -> str:
    """The best that any offer of a new item says at this moment; empty when none says anything."""
    said = {offer.availability for offer in offers if offer.is_new and offer.holds(now)}
    return next((value for value in _BEST_FIRST if value in said), "")


@dataclass(frozen=True, slots=True)
class Shown:
    """In which currencies prices are asked for beside the shops' own, and by which rates they are converted.

    `same_reach`: for each country that not all shops deliver to, the one that stands for it (`catalog.shopper`).
    """

    currencies: tuple[str, ...] = ()
    conversion: Conversion = field(default_factory=Conversion)
    same_reach: Mapping[str, str] = field(default_factory=dict)

    @property
    def reaches(self) -> tuple[str, ...]:
        """The countries that stand for others, after the empty word that stands for anywhere."""
        return ("", *dict.fromkeys(self.same_reach.values()))


SHOPS_OWN = Shown()


def prices_of(offers: Iterable[OfferRow], now: datetime, shown: Shown = SHOPS_OWN) -> dict[str, Decimal]:
    """By currency the lowest total at this moment of a new item that can be ordered.

    In a currency that no shop asks it is the lowest of what shops ask, converted, as offers are ordered too.
    """
    lowest: dict[str, Decimal] = {}
    foreign: dict[str, Decimal] = {}
    for offer in offers:
        if offer.total is None or not offer.is_new or not offer.holds(now):
            continue
        if Availability(offer.availability).can_be_ordered:
            lowest[offer.currency] = min(offer.total, lowest.get(offer.currency, offer.total))
            if offer.may_convert:
                foreign[offer.currency] = min(offer.total, foreign.get(offer.currency, offer.total))
    for wanted in shown.currencies if foreign else ():
        if wanted not in lowest:
            found = (shown.conversion.convert(total, code, wanted, now=now) for code, total in foreign.items())
            amounts = [one.amount for one in found if one is not None]
            if amounts:
                lowest[wanted] = min(amounts)
    return lowest


def prices_by_reach(
    offers: Sequence[OfferRow], now: datetime, shown: Shown
) -> Iterator[tuple[str, Mapping[str, Decimal]]]:
    """The same for each reach (`Shown.reaches`) of what its shops ask; worked out once for those that agree on it."""
    known: dict[tuple[bool, ...], Mapping[str, Decimal]] = {}
    for country in shown.reaches:
        there = tuple([offer.reaches(country) for offer in offers])
        if there not in known:
            known[there] = prices_of(compress(offers, there), now, shown)
        yield country, known[there]


def value_of(written: str) -> str:
    """What a sheet says in words, as a facet's value: `IPX4` → `ipx4`, `MS Teams` → `ms-teams`."""
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", written.casefold()) if not unicodedata.combining(sign)
    )
    return re.sub(r"\W+", "-", plain).strip("-")

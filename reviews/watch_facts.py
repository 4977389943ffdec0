"""What is known of the products that a watch speaks about, and what is the least that each costs?

Pure. Offers are as the site's pages may show them now (`catalog.shown_offer.show`, decision 0014): a price that is
older than its licence, held or kept back by its shop is no fact here either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from catalog.deal import Deal
from catalog.money import money_text
from catalog.money.exchange import Rates
from catalog.reading import Availability, Condition
from catalog.shown_offer import ShownOffer, Trouble, WithoutPrice

_NOT_SOLD = (Availability.OUT_OF_STOCK, Availability.DISCONTINUED)
# Kept back for good, or not for sale: waiting for such a price would leave every claim undecided for ever.
_NO_PRICE_TO_COME = (WithoutPrice.TERMS, WithoutPrice.NOT_SOLD)


@dataclass(frozen=True, slots=True)
class SpecValue:
    """A spec as the sheet prints it, and its bare number in the spec's own unit; both None where it is not known."""

    value: str | None
    number: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Who says what of a spec, and when it was looked at (a day, UTC)."""

    spec: str
    source: str
    checked_on: date
    is_measured: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling:
    """Another product of the same maker. `model` is without the maker's name."""

    name: str
    model: str
    release_year: int | None
    is_discontinued: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One product. Scores are out of 10: `scores` by use case of the method, `review_score` as readers see it."""

    product_id: int
    name: str
    model: str = ""
    is_discontinued: bool = False
    specs: Mapping[str, SpecValue] = field(default_factory=dict)
    offers: tuple[ShownOffer, ...] = ()
    review_score: Decimal | None = None
    scores: Mapping[str, Decimal] = field(default_factory=dict)
    proofs: tuple[Proof, ...] = ()
    siblings: tuple[Sibling, ...] = ()
    deals: tuple[Deal, ...] = ()

    @property
    def release_year(self) -> int | None:
        known = self.specs.get("release_year")
        return int(known.number) if known is not None and known.number is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The product that is spoken about, those it is compared with, and the time (aware)."""

    product: Watched
    others: tuple[Watched, ...] = ()
    now: datetime
    rates: Rates = field(default_factory=lambda: Rates(()))

    @property
    def everyone(self) -> tuple[Watched, ...]:
        return (self.product, *self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lowest:
    """The least a product costs new, without shipping, in the currency asked for; None where no price is known.

    `unread`: shops that may sell it for less, but whose price could not be read: the least is not certain then.
    """

    amount: Decimal | None
    text: str = ""
    merchant: str = ""
    expires_at: datetime | None = None
    is_converted: bool = False
    unread: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return f"{self.text} at {self.merchant}"

    @property
    def doubt(self) -> str:
        """Who might ask less, in words."""
        return f"The price at {_and(self.unread)} could not be read."


def lowest(product: Watched, currency: str, facts: Facts) -> Lowest:
    """What is sold out, used, or behind a link that leads nowhere does not count."""
    found: list[tuple[Decimal, Lowest]] = []
    unread: list[str] = []
    ends: list[datetime] = []
    for offer in product.offers:
        if offer.condition is not Condition.NEW or offer.availability in _NOT_SOLD or _leads_nowhere(offer):
            continue
        price = offer.price
        if price is None:
            if offer.without_price not in _NO_PRICE_TO_COME:
                unread.append(offer.merchant)
            continue
        ends.append(price.expires_at)
        amount = facts.rates.convert(price.amount, price.currency, currency, facts.now.date())
        if amount is None:
            unread.append(f"{offer.merchant} (no rate from {price.currency} to {currency})")
            continue
        is_converted = price.currency != currency
        text = f"{price.text} (about {money_text(amount, currency)} at the day’s rate)" if is_converted else price.text
        found.append((amount, Lowest(amount=amount, text=text, merchant=offer.merchant, is_converted=is_converted)))
    best = min(found, key=lambda one: one[0])[1] if found else Lowest(amount=None)
    return Lowest(
        amount=best.amount,
        text=best.text,
        merchant=best.merchant,
        is_converted=any(one.is_converted for _, one in found),
        expires_at=min(ends, default=None),
        unread=tuple(dict.fromkeys(unread)),
    )


def _leads_nowhere(offer: ShownOffer) -> bool:
    return offer.trouble is not None and offer.trouble.trouble is not Trouble.UNSAID


def _and(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

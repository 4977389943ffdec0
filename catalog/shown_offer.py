"""What may a reader be shown of an offer? The offer as pages, API, feeds and JSON-LD see it.

`show()` is the only way from stored facts to something public: it asks the merchant's terms and the clock, and what
may not be shown is simply not in the result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from catalog.freshness import is_showable, showable_until
from catalog.money import in_units, money_text
from catalog.money.conversion import ConvertedPrice
from catalog.reading import Availability, Condition
from catalog.shopper import NOBODY, Shopper
from catalog.terms import Terms, Use, allows


class WithoutPrice(StrEnum):
    """Why no price stands beside an offer. `TERMS`: the merchant's programme keeps it from this place."""

    TERMS = "terms"
    NOT_READ = "not_read"
    TOO_OLD = "too_old"
    NOT_SOLD = "not_sold"
    NO_PAGE = "no_page"


class Trouble(StrEnum):
    """What waits behind a link instead of the offer. `UNSAID`: it is sold out, which only the shop may say."""

    GONE = "broken"
    SOLD_OUT = "sold_out"
    ELSEWHERE = "elsewhere"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTrouble:
    """The link of an offer strands readers, as two looks found. `led_to`: the merchant it leads to meanwhile."""

    trouble: Trouble
    checked_at: datetime
    led_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectLink:
    """A link straight to the merchant, already tagged.

    `address_at` gives it for one place on our pages: a programme may want another tag there, never the place itself.
    `referrer_policy` is empty where the page's own will do.
    """

    address: str
    address_at: Callable[[str], str] = field(compare=False, repr=False)
    referrer_policy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFacts:
    """An offer as it is stored, with its merchant's name and terms. Knows nothing about commissions."""

    offer_id: int
    product_id: int
    merchant: str
    merchant_slug: str
    country: str
    terms: Terms
    condition: Condition
    amount: Decimal | None
    currency: str
    shipping_amount: Decimal | None
    availability: Availability
    seen_at: datetime | None
    state: str
    link_code: str
    # None where the terms want the way over `/go/`.
    direct: DirectLink | None = None
    # None where the link leads to the offer, as far as is known.
    trouble: LinkTrouble | None = None
    # Countries (ISO 3166); empty: the shop says nothing of it.
    delivers_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPrice:
    """The shop's own price. Amounts have the decimals of its currency. From `expires_at` on it may not be shown.

    `converted`: what it is worth in the reader's currency; stands beside the price, never in its place, and is no part
    of what is said to machines or compared as a price.
    """

    amount: Decimal
    currency: str
    seen_at: datetime
    expires_at: datetime
    shipping_amount: Decimal | None
    converted: ConvertedPrice | None = None

    @property
    def total(self) -> Decimal:
        """Amount plus shipping where it is known."""
        return self.amount + (self.shipping_amount or Decimal(0))

    @property
    def text(self) -> str:
        """The amount as a reader sees it, without shipping."""
        return money_text(self.amount, self.currency)

    @property
    def total_text(self) -> str:
        """What is to be paid in all, `$84.98`; empty where shipping is not known or costs nothing."""
        return money_text(self.total, self.currency) if self.shipping_amount else ""

    @property
    def shipping_text(self) -> str:
        """`plus $4.99 shipping`, `free shipping`; empty when it is not known."""
        if self.shipping_amount is None:
            return ""
        if not self.shipping_amount:
            return "free shipping"
        return f"plus {money_text(self.shipping_amount, self.currency)} shipping"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOffer:
    """`price` is None when no price may be shown: the page then says "see price at …", and why in `without_price`."""

    offer_id: int
    product_id: int
    merchant: str
    merchant_slug: str
    country: str
    condition: Condition
    price: ShownPrice | None
    without_price: WithoutPrice | None = None
    availability: Availability
    link_code: str
    href: str
    link_label: str
    disclaimer: str
    # Where the programme wants a plain link to the merchant: its clicks are told to us by the browser.
    direct: DirectLink | None = None
    # Then it has no price and is nobody's best offer: lists leave it out, its product's page says what is wrong.
    trouble: LinkTrouble | None = None
    # The reader's country in words (`Germany`), where the shop names countries it delivers to and that is none of them.
    not_to: str = ""
    # May alerts and their letters speak of it, as far as its merchant's terms go?
    can_alert: bool = False
    # Whether that is one of them; None where the shop names none, or no country of the reader's is known.
    delivers: bool | None = None

    @property
    def is_direct(self) -> bool:
        return self.direct is not None


def show(facts: OfferFacts, *, now: datetime, use: Use, shopper: Shopper = NOBODY) -> ShownOffer | None:
    """The offer as it may appear in `use`; None when its condition may not appear at all.

    For a `shopper` whose country or currency is another than the shop's it says so; nothing is kept back.
    """
    if facts.condition is not Condition.NEW and not facts.terms.used_allowed:
        return None
    fresh = is_showable(facts.terms, facts.seen_at, now) and allows(facts.terms, use)
    price = None
    trouble = facts.trouble and _sayable(facts.trouble, facts.terms, now=now, use=use)
    if fresh and not trouble and facts.amount is not None and facts.seen_at is not None:
        shipping = facts.shipping_amount
        price = ShownPrice(
            amount=in_units(facts.amount, facts.currency),
            currency=facts.currency,
            seen_at=facts.seen_at,
            expires_at=showable_until(facts.terms, facts.seen_at),
            shipping_amount=None if shipping is None else in_units(shipping, facts.currency),
            converted=(
                shopper.converted(facts.amount, facts.currency, shipping, now=now)
                if facts.terms.conversion_allowed
                else None
            ),
        )
    return ShownOffer(
        offer_id=facts.offer_id,
        product_id=facts.product_id,
        merchant=facts.merchant,
        merchant_slug=facts.merchant_slug,
        country=facts.country,
        condition=facts.condition,
        price=price,
        without_price=None if price else _why_without(facts, now=now, use=use),
        availability=_stock(facts, trouble) if fresh else Availability.UNKNOWN,
        link_code=facts.link_code,
        href=facts.direct.address if facts.direct else f"/go/{facts.link_code}/",
        link_label=facts.terms.link_label,
        disclaimer=facts.terms.disclaimer,
        direct=facts.direct,
        trouble=trouble,
        can_alert=allows(facts.terms, Use.ALERT) and allows(facts.terms, Use.MAIL),
        not_to=shopper.country_words if shopper.is_out_of_reach(facts.delivers_to) else "",
        delivers=not shopper.is_out_of_reach(facts.delivers_to) if shopper.country and facts.delivers_to else None,
    )


def _sayable(found: LinkTrouble, terms: Terms, *, now: datetime, use: Use) -> LinkTrouble:
    """That our link is dead is ours to say; that a shop has none left is under the terms for prices and stock."""
    if found.trouble is not Trouble.SOLD_OUT or (allows(terms, use) and is_showable(terms, found.checked_at, now)):
        return found
    return replace(found, trouble=Trouble.UNSAID)


def _stock(facts: OfferFacts, trouble: LinkTrouble | None) -> Availability:
    if trouble is None:
        return facts.availability
    return Availability.OUT_OF_STOCK if trouble.trouble is Trouble.SOLD_OUT else Availability.UNKNOWN


def _why_without(facts: OfferFacts, *, now: datetime, use: Use) -> WithoutPrice:
    if not allows(facts.terms, use):
        return WithoutPrice.TERMS
    if facts.trouble is not None:
        return WithoutPrice.NO_PAGE
    if facts.seen_at is None:
        return WithoutPrice.NOT_READ
    if not is_showable(facts.terms, facts.seen_at, now):
        return WithoutPrice.TOO_OLD
    return WithoutPrice.NOT_SOLD if facts.availability is not Availability.UNKNOWN else WithoutPrice.NOT_READ

"""Which price does one offer of a product's structured data name?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from catalog.money.currencies import currency_code, decimals, in_minor_units
from catalog.prices.text import PriceText, PriceTextError, read_price
from catalog.sources.page_markup.nodes import Node, listed, text_of, types, value_of

_LIST_PRICES = frozenset(
    {"listprice", "strikethroughprice", "srp", "msrp", "invoiceprice", "minimumadvertisedprice", "regularprice"}
)
# Where shops write prices without the sales tax that the till adds, and everybody knows.
TAX_COMES_LATER = frozenset({"USD", "CAD"})
# Parts of what is paid, or another way to pay: never the price of the thing.
_PARTS = frozenset({"installment", "subscription", "downpayment", "activationfee", "cleaningfee", "distancefee"})
_FOR_SOME = re.compile(
    r"\b(?:member|club|card ?holder|loyalty|employee|student|prime|vip)s?\W{0,3}(?:s\W)?\s?(?:price|pricing|only|offer|"
    r"rate|exclusive|deal)\b|\bmembers?$|^members?\b|\bmembership\b|\b(?:for|only) members\b|"
    r"\bwith (?:\S+ ){0,3}card\b|"
    r"\btarjeta\b|\bsocios?\b|\bmitgliede?r?s?preis\b|\bkundenkarte\b|"
    r"\b(?:prix|carte) (?:de )?(?:adhérents?|fidélité)\b"
    r"|\b(?:carta|prezzo) (?:fedeltà|soci)\b|\bledenprijs\b|\bmedlems?pris\b"
    r"|\btrade-?in\b",
    re.IGNORECASE,
)
# Offers beside that of the product, by their names.
_EXTRA = re.compile(
    r"^(?:\S+ ){0,2}(?:extended )?(?:warranty|protection plan|insurance|garantieverlängerung|extension de garantie)\b"
    r"|^(?:deposit|down ?payment|anzahlung|acompte)\b",
    re.IGNORECASE,
)
# What is left when a shop's program computed in binary fractions: 59.489999999999995.
_BLUR = Decimal("0.000001")
_DOT_AND_THREE = re.compile(r"\D*\d{1,3}\.\d{3}\D*")


class NoPriceError(Exception):
    """The offer names no price that anybody can pay as it stands; the text says why.

    `is_absent`: there is simply nothing there, which contradicts nobody. `is_aside`: it is there for some, or from a
    quantity on, which takes nothing from the other offers beside it.
    """

    def __init__(self, reason: str, *, is_absent: bool = False, is_aside: bool = False) -> None:
        super().__init__(reason)
        self.is_absent = is_absent
        self.is_aside = is_aside


@dataclass(frozen=True, slots=True)
class Price:
    amount: Decimal
    currency: str
    raw: str


def price_of(offer: Node, *, otherwise: str | None, now: datetime) -> Price:
    """The price of a plain Offer. `otherwise`: the currency where none is written. Raises `NoPriceError`.

    Google's rule: `price` of the offer goes before its `priceSpecification`. Amount and currency always come from the
    same block.
    """
    _refuse_special(offer)
    _refuse_outside_its_time(offer, now)
    every = [spec for spec in listed(value_of(offer, "priceSpecification")) if isinstance(spec, Mapping)]
    specs = [spec for spec in every if _is_for_everybody(spec, now)]
    own = value_of(offer, "price")
    if own is not None:
        price = _price(own, _currency(offer) or _currency_of_same(own, specs), otherwise)
        if any(_is_per_unit(spec) and str(value_of(spec, "price")) == str(own) for spec in [offer, *specs]):
            raise NoPriceError("Its price is per unit.")
        _refuse_one_of_others(price, every, specs, otherwise)
    elif specs:
        price = _price_of_specs(specs, otherwise)
    elif value_of(offer, "lowPrice", "minPrice") is not None:
        raise NoPriceError("It names only the lowest of several prices.")
    else:
        raise NoPriceError("It names no price.", is_absent=True)
    untaxed = any(_leaves_tax_out(spec) for spec in [offer, *_with_tax_if_any(specs)])
    if untaxed and price.currency not in TAX_COMES_LATER:
        raise NoPriceError(f"Its price ({price.raw}) leaves the tax out.")
    return price


def price_of_aggregate(offer: Node, *, otherwise: str | None) -> Price:
    """The price of an AggregateOffer that has only one: low and high are the same. Raises `NoPriceError`."""
    low, high = value_of(offer, "lowPrice"), value_of(offer, "highPrice")
    if low is None:
        raise NoPriceError("It names no price.", is_absent=True)
    lowest = _price(low, _currency(offer), otherwise)
    alone = text_of(value_of(offer, "offerCount")) == "1"
    if high is None and not alone:
        raise NoPriceError(f"It names only the lowest of several prices ({lowest.raw}).")
    if high is not None and _price(high, _currency(offer), otherwise).amount != lowest.amount:
        raise NoPriceError(f"Its prices run from {text_of(low) or low} to {text_of(high) or high}.")
    return lowest


def text_of_flag(value: Any) -> str:
    return str(value).strip().lower().rsplit("/", 1)[-1]


def _refuse_special(offer: Node) -> None:
    function = text_of(value_of(offer, "businessFunction")).lower()
    if function and "sell" not in function:
        raise NoPriceError("It is an offer to rent or to buy from us, not to sell.")
    if "demand" in types(offer):
        raise NoPriceError("It is a request and not an offer.")
    if value_of(offer, "validForMemberTier") is not None:
        raise NoPriceError("Its price is for members.", is_aside=True)
    told = " ".join(text_of(value_of(offer, name)) for name in ("name", "description", "category", "priceType"))
    if (found := _FOR_SOME.search(told[:500])) is not None and value_of(offer, "itemOffered") is None:
        raise NoPriceError(f"Its price is not for everybody ({found[0]}).", is_aside=True)
    if _EXTRA.search(text_of(value_of(offer, "name"))[:80]):
        raise NoPriceError("It is an offer of something beside the product.", is_aside=True)
    if text_of_flag(text_of(value_of(offer, "priceType"))) in _LIST_PRICES:
        raise NoPriceError("It is a list price.", is_aside=True)
    for name in ("eligibleQuantity", "eligibleTransactionVolume"):
        least = value_of(offer, name)
        if isinstance(least, Mapping) and text_of(value_of(least, "minValue", "value", "price")) not in {"", "0", "1"}:
            raise NoPriceError("Its price holds from a quantity on.", is_aside=True)


def _refuse_outside_its_time(offer: Node, now: datetime) -> None:
    """`validThrough` bounds the offer; `priceValidUntil` is a date that search engines want, and often past."""
    starts, ends = day_of(value_of(offer, "validFrom")), day_of(value_of(offer, "validThrough"))
    if ends and ends < now.date():
        raise NoPriceError(f"Its offer ended on {ends:%Y-%m-%d}.")
    if starts and starts > now.date():
        raise NoPriceError(f"Its offer begins on {starts:%Y-%m-%d}.")


def _refuse_one_of_others(price: Price, every: list[Node], specs: list[Node], otherwise: str | None) -> None:
    """Does the offer's own price repeat a list price or a member's, while another one stands there for everybody?"""
    aside = [spec for spec in every if spec not in specs]
    ours, others = (
        {
            _price(value_of(spec, "price"), _currency(spec) or price.currency, otherwise).amount
            for spec in part
            if value_of(spec, "price") is not None and not _is_per_unit(spec)
        }
        for part in (specs, aside)
    )
    if price.amount in others and ours and price.amount not in ours:
        raise NoPriceError(f"Its price ({price.raw}) is a list price or one for some, and another stands beside it.")


def _leaves_tax_out(spec: Node) -> bool:
    return text_of_flag(value_of(spec, "valueAddedTaxIncluded")) == "false"


def _with_tax_if_any(specs: list[Node]) -> list[Node]:
    """Of prices with and without the tax, those with it: shops that sell to firms as well name both."""
    taxed = [spec for spec in specs if text_of_flag(value_of(spec, "valueAddedTaxIncluded")) == "true"]
    return [spec for spec in specs if not _leaves_tax_out(spec)] if taxed else specs


def _is_for_everybody(spec: Node, now: datetime) -> bool:
    if value_of(spec, "validForMemberTier", "membershipPointsEarned") is not None:
        return False
    kind = text_of_flag(text_of(value_of(spec, "priceType")))
    if (
        kind in _LIST_PRICES
        or text_of_flag(text_of(value_of(spec, "priceComponentType"))) in _PARTS
        or _FOR_SOME.search(text_of(value_of(spec, "name", "description"))[:300])
        or "shipping" in " ".join(types(spec))
        or types(spec) & {"deliverychargespecification", "paymentchargespecification"}
    ):
        return False
    least = value_of(spec, "eligibleQuantity")
    if isinstance(least, Mapping) and text_of(value_of(least, "minValue", "value")) not in {"", "0", "1"}:
        return False
    starts, ends = day_of(value_of(spec, "validFrom")), day_of(value_of(spec, "validThrough"))
    return not ((starts and starts > now.date()) or (ends and ends < now.date()))


def _price_of_specs(specs: list[Node], otherwise: str | None) -> Price:
    specs = _with_tax_if_any(specs)
    whole = [spec for spec in specs if not _is_per_unit(spec)]
    if specs and not whole:
        raise NoPriceError("Its price is per unit.")
    sales = [spec for spec in whole if text_of_flag(text_of(value_of(spec, "priceType"))) == "saleprice"]
    prices = []
    for spec in sales or whole:
        if value_of(spec, "price") is not None:
            prices.append(_price(value_of(spec, "price"), _currency(spec), otherwise))
        elif value_of(spec, "minPrice") is not None:
            raise NoPriceError("It names only the lowest of several prices.")
    if not prices:
        raise NoPriceError("It names no price.", is_absent=True)
    if len({(price.amount, price.currency) for price in prices}) > 1:
        raise NoPriceError(f"It names several prices ({', '.join(price.raw for price in prices)}).")
    return prices[0]


def _is_per_unit(spec: Node) -> bool:
    """By the kilo, or by the month: `billingIncrement` and its like stand for a price that is paid again and again."""
    if value_of(spec, "billingIncrement", "billingDuration", "billingStart") is not None:
        return True
    unit = value_of(spec, "referenceQuantity", "unitCode", "unitText")
    return unit is not None and not _is_one_piece(unit)


def _is_one_piece(unit: Any) -> bool:
    if isinstance(unit, Mapping):
        code = text_of(value_of(unit, "unitCode", "unitText")).upper()
        return text_of(value_of(unit, "value")) in {"", "1"} and code in {"", "C62", "EA", "PCE", "H87", "PIECE"}
    return text_of(unit).upper() in {"", "1", "C62", "EA", "PCE", "H87", "PIECE"}


def _currency(node: Node) -> str | None:
    text = text_of(value_of(node, "priceCurrency", "currency"))
    if not text:
        return None
    try:
        return currency_code(text)
    except ValueError as error:
        raise NoPriceError(f"Its currency cannot be used: {error}.") from error


def _currency_of_same(own: Any, specs: list[Node]) -> str | None:
    """The currency inside the specification that repeats the offer's own amount (WooCommerce writes it only there)."""
    return next((_currency(spec) for spec in specs if str(value_of(spec, "price")) == str(own)), None)


def _price(value: Any, currency: str | None, otherwise: str | None) -> Price:
    found = [_one_price(one, currency, otherwise) for one in listed(value)]
    if len({(price.amount, price.currency) for price in found}) != 1:
        raise NoPriceError(f"It names several prices ({', '.join(price.raw for price in found)[:80]}).")
    return found[0]


def _one_price(value: Any, currency: str | None, otherwise: str | None) -> Price:
    if isinstance(value, Mapping):
        value = value_of(value, "@value", "value")
    raw = str(value).strip() if isinstance(value, str | int | Decimal) and not isinstance(value, bool) else ""
    if not raw:
        raise NoPriceError("It names no price.")
    read = _read(raw, currency)
    raw = " ".join(raw.split())
    named = read.currency or otherwise
    if named is None:
        raise NoPriceError(f"Its price ({raw[:40]}) names no currency.")
    if _DOT_AND_THREE.fullmatch(raw) and decimals(named) == 2:
        # Structured data writes a decimal dot, people write thousands: nobody can tell which this is.
        raise NoPriceError(f"Its price ({raw[:40]}) can be read as thousands or as thousandths.")
    try:
        amount = in_minor_units(read.amount, named)
    except ValueError as error:
        raise NoPriceError(f"Its price cannot be right: {error}.") from error
    if abs(amount - read.amount) > _BLUR:
        # 167.2269 is what a price without its tax looks like, and no amount that anybody pays.
        raise NoPriceError(f"Its price ({raw[:40]}) has more decimals than {named} has.")
    if amount <= 0:
        raise NoPriceError(f"Its price is {raw[:20]}, which is a placeholder.")
    return Price(amount, named, f"{raw[:60]} {named}")


def _read(raw: str, currency: str | None) -> PriceText:
    try:
        return read_price(raw, currency=currency)
    except PriceTextError as error:
        raise NoPriceError(f"Its price ({' '.join(raw.split())[:40]}) {error}.") from error


def day_of(value: Any) -> date | None:
    """The day of a date or time (in UTC, where it names a zone); None for what is none."""
    text = text_of(value)
    try:
        moment = datetime.fromisoformat(text.replace(" ", "T")) if text else None
        if moment is None:
            return None
        return moment.astimezone(UTC).date() if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):  # overflow: shops write the years 1 and 9999 for "always"
        return None

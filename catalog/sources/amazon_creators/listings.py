"""Which of an item's listings is a price that anybody can pay, new before used?

A listing for Prime members, subscribers or another shop of Amazon's is not such a price, nor is one whose deal has not
begun or is over, one that may not be advertised, or one whose words we do not know: those are passed over with the
reason. Unit prices, list prices and savings are never looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from catalog.json_answers import JsonAnswerError, amount_of, plain_text
from catalog.money.currencies import currency_code
from catalog.prices.text import PriceTextError, read_price
from catalog.reading import Availability, Condition

_AVAILABILITY: Mapping[str, Availability] = {
    "IN_STOCK": Availability.IN_STOCK,
    "IN_STOCK_SCARCE": Availability.IN_STOCK,
    "PREORDER": Availability.PRE_ORDER,
    # Both can be ordered now and are sent later.
    "AVAILABLE_DATE": Availability.BACK_ORDER,
    "LEADTIME": Availability.BACK_ORDER,
    "OUT_OF_STOCK": Availability.OUT_OF_STOCK,
    "UNAVAILABLE": Availability.OUT_OF_STOCK,
}
_CONDITION: Mapping[str, Condition] = {
    "new": Condition.NEW,
    "used": Condition.USED,
    "refurbished": Condition.REFURBISHED,
}
# What a sub-condition makes of the condition it stands beside, where it says more.
_SECOND_HAND = frozenset({"likenew", "good", "verygood", "acceptable", "openbox"})
_NOT_FOR_EVERYONE: Mapping[str, str] = {
    "SUBSCRIBE_AND_SAVE": "is for those who subscribe to deliveries",
    "HAUL": "is one of Amazon Haul, which has shipping and terms of its own",
    "PRIME_EXCLUSIVE": "is for Prime members only",
    "PRIME_EARLY_ACCESS": "is for Prime members at first",
}


class UnfairError(Exception):
    """This listing is no price that anybody can pay; the text follows "The price …"."""


class SoldOutError(Exception):
    """This listing names no price because there is nothing to sell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fair:
    amount: Decimal
    currency: str
    availability: Availability
    is_winner: bool
    raw: str


@dataclass(slots=True)
class Sorted:
    """The listings by condition; under None those whose condition could not be understood."""

    fair: dict[Condition, list[Fair]] = field(default_factory=dict)
    unfair: dict[Condition | None, list[str]] = field(default_factory=dict)


def sorted_listings(listings: Sequence[object], now: datetime) -> Sorted:
    found = Sorted()
    for listing in listings:
        condition: Condition | None = None
        try:
            if not isinstance(listing, dict):
                raise UnfairError("could not be understood")
            condition = _condition(listing.get("condition"))
            fair = _fair(listing, now)
            found.fair.setdefault(condition, []).append(fair)
        except UnfairError as error:
            found.unfair.setdefault(condition, []).append(str(error))
        except SoldOutError:
            continue
    return found


def chosen(fair: Sequence[Fair]) -> Fair:
    """The one Amazon features, else the lowest; what is sold out only when all is. Raises `UnfairError`."""
    there = [one for one in fair if one.availability is not Availability.OUT_OF_STOCK] or fair
    pool = [one for one in there if one.is_winner] or there
    if len({one.currency for one in pool}) > 1:
        raise UnfairError("is named in several currencies")
    if pool[0].is_winner and len({one.amount for one in pool}) > 1:
        raise UnfairError("is two different ones that both claim to be featured")
    return min(pool, key=lambda one: one.amount)


def _condition(said: object) -> Condition:
    if said is None:
        # Amazon states it for everything second-hand; feeds, too, leave out only what is new.
        return Condition.NEW
    value = said.get("value") if isinstance(said, dict) else None
    condition = _CONDITION.get(value.casefold()) if isinstance(value, str) else None
    if condition is None:
        raise UnfairError(f"is of an item in a condition that is not understood ({_shown(value)})")
    finer = said.get("subCondition") if isinstance(said, dict) else None
    finer = finer.casefold() if isinstance(finer, str) else ""
    if finer == "refurbished":
        return Condition.REFURBISHED
    if condition is Condition.NEW and finer in _SECOND_HAND:
        return Condition.USED
    return condition


def _fair(listing: Mapping[str, Any], now: datetime) -> Fair:
    availability = _availability(listing.get("availability"))
    money = _money(listing.get("price"))
    if money is None:
        if availability is Availability.OUT_OF_STOCK:
            raise SoldOutError
        raise UnfairError("is not named")
    _refuse_kind(listing, now)
    currency = money.get("currency")
    try:
        code = currency_code(currency) if isinstance(currency, str) else ""
    except ValueError as error:
        raise UnfairError(f"is in no currency: {error}") from None
    if not code:
        raise UnfairError("has no currency beside it")
    try:
        amount = amount_of(money.get("amount"), code)
    except JsonAnswerError as error:
        raise UnfairError(str(error)) from None
    display = plain_text(money.get("displayAmount"), longest=60)
    _refuse_contradiction(amount, code, display)
    return Fair(
        amount=amount,
        currency=code,
        availability=availability,
        is_winner=listing.get("isBuyBoxWinner") is True,
        raw=f"{amount} {code}" + (f" ({display})" if display else ""),
    )


def _availability(said: object) -> Availability:
    """By its type alone: the message beside it is written in the shop's language."""
    kind = said.get("type") if isinstance(said, dict) else None
    if isinstance(said, dict) and _is_several(said.get("minOrderQuantity")):
        raise UnfairError("is for those who buy several at once")
    return _AVAILABILITY.get(kind.upper(), Availability.UNKNOWN) if isinstance(kind, str) else Availability.UNKNOWN


def _is_several(quantity: object) -> bool:
    return isinstance(quantity, int | Decimal) and not isinstance(quantity, bool) and quantity > 1


def _money(price: object) -> Mapping[str, Any] | None:
    if price is None:
        return None
    money = price.get("money") if isinstance(price, dict) else price
    if money is None:
        return None
    if not isinstance(money, dict):
        raise UnfairError("could not be understood")
    return money


def _refuse_kind(listing: Mapping[str, Any], now: datetime) -> None:
    forbidden = listing.get("violatesMAP")
    if forbidden is not None and forbidden is not False:
        raise UnfairError("may not be advertised (it lies below what the maker allows to be shown)")
    kind, deal = listing.get("type"), listing.get("dealDetails")
    if kind not in (None, ""):
        name = kind.upper() if isinstance(kind, str) else ""
        if name in _NOT_FOR_EVERYONE:
            raise UnfairError(_NOT_FOR_EVERYONE[name])
        if name != "LIGHTNING_DEAL":
            raise UnfairError(f"is of a kind that is not known ({_shown(kind)})")
        if not deal:
            raise UnfairError("is a lightning deal that does not say for whom")
    if deal:
        _refuse_deal(deal, now)


def _refuse_deal(deal: object, now: datetime) -> None:
    if not isinstance(deal, dict):
        raise UnfairError("is a deal that could not be understood")
    whom = deal.get("accessType")
    if whom is not None:
        name = whom.upper() if isinstance(whom, str) else ""
        if name in _NOT_FOR_EVERYONE:
            raise UnfairError(_NOT_FOR_EVERYONE[name])
        if name != "ALL":
            raise UnfairError(f"is a deal for whom is not known ({_shown(whom)})")
    start, end = _moment(deal.get("startTime")), _moment(deal.get("endTime"))
    if start is not None and now < start:
        raise UnfairError(f"is a deal that begins at {start:%Y-%m-%d %H:%M} UTC")
    if end is not None and now >= end:
        raise UnfairError(f"is a deal that ended at {end:%Y-%m-%d %H:%M} UTC")


def _moment(said: object) -> datetime | None:
    """UTC; the seconds may be missing. None: no limit is set."""
    if said in (None, ""):
        return None
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        moment = None
    if moment is None:
        raise UnfairError("is a deal whose time could not be understood")
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _refuse_contradiction(amount: Decimal, currency: str, display: str) -> None:
    """The price as Amazon would print it must be the same one; a print that we cannot read says nothing."""
    if "/" in display:
        raise UnfairError(f"is one per unit ({display})")
    for known in (currency, None):
        try:
            printed = read_price(display, currency=known)
        except PriceTextError:
            continue  # unread, or in the words of another currency, which the second look finds out
        if printed.amount != amount or printed.currency not in {currency, None}:
            raise UnfairError(f"is {amount} {currency} in one place and {display} in another")
        return


def _shown(value: object) -> str:
    return plain_text(value, longest=30) or "not a text"

"""When is a reader told of a price or that something can be had again? Pure decisions.

So that a price that wavers is not told each time: what was told at or below an amount is armed again only once the
price has risen above it by 2 % or one unit, whichever is more, or after a rest of days; a drop counts from where the
price last stood by the same measure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from catalog.reading import Availability, Condition
from catalog.shown_offer import OfferFacts, show
from catalog.terms import Use, allows

_PART, _UNIT = Decimal("0.02"), Decimal(1)
# Something that comes and goes is told once in this time.
STOCK_REST = timedelta(days=1)


class AlertKind(StrEnum):
    BELOW = "below"
    DROP = "drop"
    STOCK = "stock"

    @property
    def label(self) -> str:
        return {"below": "It costs at most …", "drop": "Its price drops", "stock": "It can be ordered again"}[
            self.value
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An offer that alerts may speak of. `amount` (without shipping) is None where it cannot be ordered.

    `is_stocked` is None where nobody knows; `reach`: countries it is delivered to, none where the shop says nothing.
    """

    product_id: int
    currency: str
    amount: Decimal | None
    is_stocked: bool | None
    reach: tuple[str, ...]


def seen_offer(facts: OfferFacts, *, now: datetime) -> Seen | None:
    """None for an offer of a shop whose terms keep its prices from alerts or from mail, for a used one, for a price
    that may not be shown any more, and for a link that strands readers."""
    if facts.condition is not Condition.NEW or not (allows(facts.terms, Use.ALERT) and allows(facts.terms, Use.MAIL)):
        return None
    shown = show(facts, now=now, use=Use.ALERT)
    if shown is None or shown.trouble or (shown.price is None and shown.availability is Availability.UNKNOWN):
        return None
    known = shown.availability is not Availability.UNKNOWN
    can_be_ordered = shown.availability.can_be_ordered
    return Seen(
        product_id=facts.product_id,
        currency=shown.price.currency if shown.price else facts.currency,
        amount=shown.price.amount if shown.price and (can_be_ordered or not known) else None,
        is_stocked=can_be_ordered if known else None,
        reach=facts.delivers_to,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a reader asked for and how it stands. `amount`: of `BELOW`; `base`: the price that was told, or from which
    a drop counts. `told_at` is aware."""

    kind: AlertKind
    amount: Decimal | None = None
    base: Decimal | None = None
    is_armed: bool = True
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How it stands from now on. `was`: for a drop that is told, the price before."""

    wish: Wish
    is_told: bool = False
    was: Decimal | None = None


def margin(amount: Decimal) -> Decimal:
    """How far a price must move before it counts as having moved."""
    return max(amount * _PART, _UNIT)


def decide(
    wish: Wish, *, lowest: Decimal | None, is_stocked: bool | None, now: datetime, rest: timedelta
) -> Change | None:
    """None where nothing changes. `lowest`: the least anybody asks who delivers there, in the wish's currency."""
    if wish.kind is AlertKind.STOCK:
        return _stock(wish, is_stocked, now=now)
    if lowest is None:
        return None
    return _below(wish, lowest, now=now, rest=rest) if wish.kind is AlertKind.BELOW else _drop(wish, lowest, now=now)


def _below(wish: Wish, lowest: Decimal, *, now: datetime, rest: timedelta) -> Change | None:
    assert wish.amount is not None
    rested = wish.told_at is not None and now - wish.told_at >= rest
    is_armed = wish.is_armed or lowest > wish.amount + margin(wish.amount) or rested
    if is_armed and lowest <= wish.amount:
        return Change(wish=replace(wish, is_armed=False, base=lowest, told_at=now), is_told=True)
    return Change(wish=replace(wish, is_armed=True)) if is_armed and not wish.is_armed else None


def _drop(wish: Wish, lowest: Decimal, *, now: datetime) -> Change | None:
    if wish.base is None or lowest >= wish.base + margin(wish.base):
        return Change(wish=replace(wish, base=lowest))
    if lowest <= wish.base - margin(wish.base):
        return Change(wish=replace(wish, base=lowest, told_at=now), is_told=True, was=wish.base)
    return None


def _stock(wish: Wish, is_stocked: bool | None, *, now: datetime) -> Change | None:
    if is_stocked is None or is_stocked is not wish.is_armed:
        return None
    if not is_stocked:
        return Change(wish=replace(wish, is_armed=True))
    if wish.told_at is not None and now - wish.told_at < STOCK_REST:
        return None
    return Change(wish=replace(wish, is_armed=False, told_at=now), is_told=True)


def is_still_true(wish: Wish, *, was: Decimal | None, lowest: Decimal | None, is_stocked: bool | None) -> bool:
    """Asked when the letter is made: may what was found out still be said?"""
    if wish.kind is AlertKind.STOCK:
        return is_stocked is True
    limit = wish.amount if wish.kind is AlertKind.BELOW else was
    if lowest is None or limit is None:
        return False
    return lowest <= limit if wish.kind is AlertKind.BELOW else lowest < limit

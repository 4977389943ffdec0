"""Is a reading believed at once, held until a second look agrees, or not believed at all?

Pure. The limits are those learnt from prices that went wrong in the open (feeds in cents, a lost separator, a
placeholder of 1.00): a change of more than 40 % is rare and cheap to look at again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from catalog.money.currencies import decimals
from catalog.reading import Condition, Reading


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    HELD = "held"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastKnown:
    """The last accepted reading of the same offer."""

    amount: Decimal
    currency: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Judgement:
    """`reason` is for the editor; empty when accepted."""

    verdict: Verdict
    reason: str = ""


LARGEST_CHANGE = Decimal("0.40")
# A slip of the decimal point or of the unit moves a price by exactly a power of ten; taxes blur it a little.
_SLIPS = (Decimal(10), Decimal(100), Decimal(1000))
_BLUR = Decimal("0.03")
SECOND_LOOK_AFTER = timedelta(minutes=10)
AGREES_WITHIN = Decimal("0.01")
# A merchant's clock is not ours, but a reading from tomorrow is a mistake.
CLOCKS_APART = timedelta(minutes=5)


def written(amount: Decimal, currency: str) -> str:
    """The amount with its currency's decimals and ISO code, as reasons quote it: "1299 JPY", "89.90 EUR"."""
    return f"{amount:.{decimals(currency)}f} {currency}" if amount.is_finite() else f"{amount} {currency}"


def judge(
    reading: Reading,
    last: LastKnown | None,
    merchant_currency: str,
    *,
    now: datetime,
    condition: Condition = Condition.NEW,
) -> Judgement:
    """`condition`: what the offer is stored as. `merchant_currency`: the ISO code of the merchant's record."""
    if not reading.amount.is_finite() or reading.amount <= 0:
        return Judgement(Verdict.REJECTED, f"{written(reading.amount, reading.currency)} is no price.")
    if reading.condition is not condition:
        return Judgement(
            Verdict.REJECTED, f"It is offered {reading.condition.value}, but the offer is for a {condition.value} one."
        )
    if reading.seen_at > now + CLOCKS_APART:
        return Judgement(Verdict.REJECTED, "It says it was read in the future.")
    if last is not None and reading.seen_at < last.seen_at:
        return Judgement(Verdict.REJECTED, "It is older than the price already known.")
    if reading.currency != merchant_currency:
        return Judgement(Verdict.HELD, f"It is in {reading.currency}; this merchant sells in {merchant_currency}.")
    if last is None or last.currency != reading.currency:
        return Judgement(Verdict.ACCEPTED)
    return _judge_change(reading.amount, last)


def confirms(held: Reading, reading: Reading) -> bool:
    """Is this the second look that a held reading waits for: later by 10 minutes or more, and the same within 1 %?"""
    return (
        reading.seen_at - held.seen_at >= SECOND_LOOK_AFTER
        and reading.currency == held.currency
        and reading.condition is held.condition
        and held.amount > 0
        and abs(reading.amount - held.amount) <= held.amount * AGREES_WITHIN
    )


def _judge_change(amount: Decimal, last: LastKnown) -> Judgement:
    ratio = amount / last.amount
    if ratio == 1:
        return Judgement(Verdict.ACCEPTED)
    for factor in _SLIPS:
        if abs(ratio / factor - 1) <= _BLUR or abs(ratio * factor - 1) <= _BLUR:
            slip = f"It moved by a factor of {factor}, as when a decimal sign is lost ({_moved(amount, last)})."
            return Judgement(Verdict.HELD, slip)
    if abs(ratio - 1) > LARGEST_CHANGE:
        return Judgement(Verdict.HELD, f"It moved by {abs(ratio - 1):.0%} ({_moved(amount, last)}).")
    return Judgement(Verdict.ACCEPTED)


def _moved(amount: Decimal, last: LastKnown) -> str:
    return f"{written(last.amount, last.currency)} before, {written(amount, last.currency)} now"

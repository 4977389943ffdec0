"""Is today's price a reduction, against what we ourselves saw this merchant ask?

Pure. A merchant's own struck-through price is never asked. The measure is that of Directive 98/6 Art. 6a: the lowest
price of the 30 days *before the reduction began* (successive cuts are one reduction), and the percentage is worked out
from it (CJEU C-330/23). Where too few of those days were really watched, nothing is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from catalog.prices.history import PriceHistory, Step
from catalog.prices.statistics import percentile

PRIOR_WINDOW = timedelta(days=30)
# Of the 30 days, so many must have been watched before anything is said of them.
DAYS_NEEDED = 20
# A lower price that has stood for longer is the usual price and no reduction any more.
REDUCTION_LASTS = timedelta(days=30)
# Below this a difference is not worth a word.
LEAST_PERCENT = 2
# "The lowest since we watch" wants a while of watching.
WATCHED_FOR_LOWEST = timedelta(days=60)
USUAL_WINDOW = timedelta(days=90)


class Verdict(StrEnum):
    LOWEST = "lowest"
    REDUCED = "reduced"
    RAISED_FIRST = "raised_first"
    USUAL = "usual"
    HIGHER = "higher"
    TOO_LITTLE = "too_little"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """`prior`: the lowest price of the 30 days before `began_at`. `percent`: whole, rounded down, of `prior`, or above
    the usual price where the verdict is HIGHER. `days_observed` of `PRIOR_WINDOW` were watched.
    """

    verdict: Verdict
    merchant: str
    currency: str
    amount: Decimal
    prior: Decimal | None = None
    before_cut: Decimal | None = None
    usual: Decimal | None = None
    began_at: datetime | None = None
    days_observed: int = 0
    percent: int = 0


def deal(history: PriceHistory, *, now: datetime) -> Deal | None:
    """The verdict on the price last seen; None when nothing was seen. `now` is aware."""
    steps = history.steps
    if not steps or steps[-1].starts_at > now:
        return None
    began = _reduction_began(steps, now - REDUCTION_LASTS)
    if began is None:
        return _against_usual(history, steps, now)
    return _against_prior(history, steps, began)


def _reduction_began(steps: tuple[Step, ...], since: datetime) -> int | None:
    """The place of the first price of the reduction that the last price belongs to; None when it is none.

    A cut from before `since` belongs to no reduction any more: what came of it was the usual price when the next cut
    was made, and is the measure of it.
    """
    place = len(steps) - 1
    while place and steps[place].amount < steps[place - 1].amount and steps[place].starts_at >= since:
        place -= 1
    # `place` is the price before the first cut now.
    return None if place == len(steps) - 1 else place + 1


def _against_prior(history: PriceHistory, steps: tuple[Step, ...], began: int) -> Deal:
    began_at, amount = steps[began].starts_at, steps[-1].amount
    window = [step for step in steps[:began] if step.ends_at > began_at - PRIOR_WINDOW]
    days = history.days_observed(began_at - PRIOR_WINDOW, began_at)
    prior = min(step.amount for step in window) if window else steps[began - 1].amount
    percent = _percent(prior - amount, prior)
    verdict = Verdict.USUAL
    if days < DAYS_NEEDED:
        verdict, percent = Verdict.TOO_LITTLE, 0
    elif amount >= prior:
        verdict, percent = Verdict.RAISED_FIRST, 0
    elif percent >= LEAST_PERCENT:
        verdict = Verdict.LOWEST if _is_lowest(steps[:began], began_at, amount) else Verdict.REDUCED
    return Deal(
        verdict=verdict,
        merchant=history.merchant,
        currency=history.currency,
        amount=amount,
        prior=prior,
        before_cut=steps[began - 1].amount,
        began_at=began_at,
        days_observed=min(days, PRIOR_WINDOW.days),
        percent=max(percent, 0),
    )


def _is_lowest(before: tuple[Step, ...], began_at: datetime, amount: Decimal) -> bool:
    watched_long = began_at - before[0].starts_at >= WATCHED_FOR_LOWEST
    return watched_long and all(step.amount > amount for step in before)


def _against_usual(history: PriceHistory, steps: tuple[Step, ...], now: datetime) -> Deal:
    amount = steps[-1].amount
    days = history.days_observed(now - PRIOR_WINDOW, now + timedelta(days=1))
    usual = percentile([step for step in steps if step.ends_at > now - USUAL_WINDOW] or steps[-1:], 50)
    percent = _percent(amount - usual, usual)
    verdict = Verdict.HIGHER if percent >= LEAST_PERCENT else Verdict.USUAL
    if days < DAYS_NEEDED:
        verdict, percent = Verdict.TOO_LITTLE, 0
    return Deal(
        verdict=verdict,
        merchant=history.merchant,
        currency=history.currency,
        amount=amount,
        usual=usual,
        days_observed=min(days, PRIOR_WINDOW.days),
        percent=max(percent, 0),
    )


def _percent(part: Decimal, whole: Decimal) -> int:
    """Rounded down: a claim is never larger than the truth."""
    return int((part * 100 / whole).to_integral_value(rounding=ROUND_DOWN)) if whole else 0

"""Is it reduced by as much as the text says, against what we ourselves saw?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from catalog.deal import REDUCTION_LASTS, Verdict
from reviews.conditions.base import Condition, Facts, Number, Outcome, Reads, broken, holds, money_text, unknown

# A reduction ends by itself when it has stood long enough to be the usual price.
_LOOK_AGAIN = timedelta(hours=12)


class PriceDropAtLeast(Condition):
    key = "price_drop_at_least"
    label = "Reduced by at least"
    help = "Against the lowest price of the 30 days before the reduction. Only shops that allow a price history count."
    fields = (Number(name="percent", label="Per cent", minimum=Decimal(1), maximum=Decimal(95), places=0),)
    reads = frozenset({Reads.OFFERS, Reads.DEALS})
    example = {"percent": "20"}

    def says(self, asked: Mapping[str, Any]) -> str:
        return f"is reduced by {asked['percent']} % or more"

    def judge(self, asked: Mapping[str, Any], facts: Facts) -> Outcome:
        again = facts.now + _LOOK_AGAIN
        shown = {
            (offer.merchant, offer.price.amount)
            for offer in facts.product.offers
            if offer.price is not None and offer.availability.can_be_ordered
        }
        # What the pages show now and what the history ends with are the same, or nothing is said.
        deals = [one for one in facts.product.deals if (one.merchant, one.amount) in shown]
        cut = [one for one in deals if one.verdict in (Verdict.LOWEST, Verdict.REDUCED) and one.prior is not None]
        best = max(cut, key=lambda one: one.percent, default=None)
        if best is not None and best.prior is not None and best.percent >= int(asked["percent"]):
            was, is_now = (money_text(amount, best.currency) for amount in (best.prior, best.amount))
            return holds(f"{best.percent} % less at {best.merchant}: {is_now}, before that {was}.", again)
        if not deals:
            return unknown("No shop that allows a price history shows a price for it now.", again)
        if all(one.verdict is Verdict.TOO_LITTLE for one in deals):
            return unknown("It was not watched long enough to say.", again)
        if best is not None:
            return broken(f"The most is {best.percent} % less, at {best.merchant}.", again)
        return broken(f"No shop has reduced it within {REDUCTION_LASTS.days} days.", again)

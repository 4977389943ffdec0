"""Is the best buy none, or half of one? What a shopper may keep or add instead: answers beside the products.

Rules decide (OWN-31 to OWN-33 of `rules/house.yaml`, marked as ours): they say who may do without a headset. What it
would come to is then asked of the engine and the catalogue as ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from recommender.answers import Budget, Needs
from recommender.counterfactuals import winner_of
from recommender.decision import Decision
from recommender.engine import Course, course_near
from recommender.facts import CandidateFacts
from recommender.questions import MICROPHONE
from recommender.ranking import Catalogue

# What a usable USB microphone with a stand costs, in our judgement (editorial, 2025). In other currencies we say none.
MICROPHONE_PRICE: MappingProxyType[str, Decimal] = MappingProxyType(
    {"USD": Decimal(50), "EUR": Decimal(50), "GBP": Decimal(40)}
)
KEEP_MICROPHONE, ADD_MICROPHONE, KEEP_HEADPHONES = "OWN-31", "OWN-32", "OWN-33"
KEYS: Mapping[str, str] = MappingProxyType(
    {
        KEEP_MICROPHONE: "keep_microphone",
        ADD_MICROPHONE: "add_microphone",
        KEEP_HEADPHONES: "keep_headphones",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """`key` is keep_microphone, add_microphone or keep_headphones; `because` and `rule_id` are the rule's.

    `product` is the best pair of headphones for the one who does so, where a pair is to be bought; `budget` is what is
    left for it, `microphone` what the microphone takes. `is_within` says that this product is known to cost no more;
    None without a budget or a known price. `is_cheaper` compares the whole with the product advised otherwise.
    """

    key: str
    rule_id: str
    because: str
    product: CandidateFacts | None = None
    microphone: Budget | None = None
    budget: Budget | None = None
    is_within: bool | None = None
    is_cheaper: bool | None = None


def options_of(
    course: Course, decision: Decision, catalogue: Catalogue, *, winner: CandidateFacts | None
) -> tuple[Option, ...]:
    """The answers that rules of ours hold open for this decision with its rules. `winner` is the product advised
    otherwise."""
    fired = {rule.rule_id: rule.because for rule in decision.fired}
    found = []
    for rule_id, key in KEYS.items():
        if rule_id in fired:
            plain = Option(key=key, rule_id=rule_id, because=fired[rule_id])
            found.append(plain if rule_id == KEEP_HEADPHONES else _priced(plain, course, catalogue, winner))
    return tuple(found)


def _priced(option: Option, course: Course, catalogue: Catalogue, winner: CandidateFacts | None) -> Option:
    """With the headphones that go with the microphone, and whether both together stay within the budget."""
    needs = course.needs
    currency = needs.budget.currency if needs.budget else "USD"
    cost = Decimal(0) if option.rule_id == KEEP_MICROPHONE else MICROPHONE_PRICE.get(currency)
    left = _left(needs, cost)
    other = replace(needs, **{"mic_need": None, **MICROPHONE["own"], "budget": left})
    product = winner_of(course_near(course, other).decision, other, catalogue)
    price = product.price_in(currency) if product is not None else None
    instead = winner.price_in(currency) if winner is not None else None
    whole = None if price is None or cost is None else price + cost
    return replace(
        option,
        product=product,
        microphone=Budget(maximum=cost, currency=currency) if cost else None,
        budget=left,
        is_within=None if whole is None or needs.budget is None else whole <= needs.budget.maximum,
        is_cheaper=None if whole is None or instead is None else whole < instead,
    )


def _left(needs: Needs, cost: Decimal | None) -> Budget | None:
    if needs.budget is None or cost is None:
        return needs.budget
    return replace(needs.budget, maximum=max(Decimal(0), needs.budget.maximum - cost))

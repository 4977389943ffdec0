"""What must a condition be able to do, that an article's words hang on? The contract every file in this folder keeps.

A condition is pure: it declares the fields an editor fills in, and judges facts that are handed in, with the time. What
could not be read is `UNKNOWN`, never `BROKEN`: nobody is told that a claim is wrong because a shop was silent.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from catalog.money import money_text
from catalog.spec_sheet import SPECS
from reviews import block_fields
from reviews.block_fields import Choice, Field, Number, Problem, Text, UseCaseKey
from reviews.watch_facts import Facts, Lowest, Watched, lowest

__all__ = [
    "AMOUNT",
    "CURRENCY",
    "NUMERIC_SPECS",
    "USE_CASE",
    "Choice",
    "Condition",
    "Facts",
    "Field",
    "Lowest",
    "Number",
    "Outcome",
    "Reads",
    "State",
    "Text",
    "Watched",
    "broken",
    "holds",
    "lowest",
    "money_text",
    "score_of",
    "spec_label",
    "unknown",
    "until",
]

# A price that was converted is worth another look when the next day's rates are in.
RATES_LAST = timedelta(hours=12)

AMOUNT = Number(name="amount", label="Amount", minimum=Decimal("0.01"), maximum=Decimal(1_000_000), places=2)
_CURRENCIES = ("USD", "EUR", "GBP", "CHF", "JPY", "CAD", "AUD", "SEK", "NOK", "DKK", "PLN", "CZK", "CNY", "INR")
CURRENCY = Choice(
    name="currency",
    label="Currency",
    help="Prices in another one are converted at the day’s rate.",
    options=tuple((code, code) for code in _CURRENCIES),
)
USE_CASE = UseCaseKey(
    name="use_case",
    label="Use case",
    required=False,
    max_length=40,
    help="By whose weights of the scoring method. Empty: the score of our published review.",
)
NUMERIC_SPECS = tuple(
    (spec.key, f"{spec.label} ({spec.unit})" if spec.unit else spec.label)
    for spec in SPECS
    if spec.unit or spec.key == "release_year"
)
_LABELS = {spec.key: spec.label for spec in SPECS}


class State(StrEnum):
    """As `Watch.State` stores them."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNKNOWN = "unknown"


class Reads(StrEnum):
    """What a condition looks at beyond the product itself, so that only that is fetched."""

    SPECS = "specs"
    OFFERS = "offers"
    DEALS = "deals"
    SCORES = "scores"
    PROOFS = "proofs"
    SIBLINGS = "siblings"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`reason` is one or two sentences. `recheck_at` (aware): when time alone may change it; None: never."""

    state: State
    reason: str
    recheck_at: datetime | None = None


class Condition(ABC):
    key: ClassVar[str]
    label: ClassVar[str]
    help: ClassVar[str] = ""
    fields: ClassVar[tuple[Field, ...]] = ()
    # How many products it is compared with, beside the one that is spoken about.
    others: ClassVar[tuple[int, int]] = (0, 0)
    reads: ClassVar[frozenset[Reads]] = frozenset()
    # What is asked for in words that editors see in the gallery and that the contract test uses.
    example: ClassVar[Mapping[str, Any]] = {}

    def fit(self, asked: object) -> tuple[dict[str, Any], list[Problem]]:
        """What is asked for as it is stored, and everything that is wrong with it."""
        return block_fields.fit(self.fields, asked)

    def count_problem(self, products: int) -> str:
        """What is wrong with so many products, the one spoken about among them; empty: nothing."""
        least, most = self.others[0] + 1, self.others[1] + 1
        if least <= products <= most:
            return ""
        wanted = f"exactly {least}" if least == most else f"{least} to {most}"
        return f"{products} named; it takes {wanted}, the one spoken about first."

    @abstractmethod
    def says(self, asked: Mapping[str, Any]) -> str:
        """What has to stay true, to be read behind the product's name: "costs less than $50.00"."""

    @abstractmethod
    def judge(self, asked: Mapping[str, Any], facts: Facts) -> Outcome:
        """Is it true? `asked` fits `fields`, and there are as many products as needed."""


def holds(reason: str, recheck_at: datetime | None = None) -> Outcome:
    return Outcome(State.HOLDS, reason, recheck_at)


def broken(reason: str, recheck_at: datetime | None = None) -> Outcome:
    return Outcome(State.BROKEN, reason, recheck_at)


def unknown(reason: str, recheck_at: datetime | None = None) -> Outcome:
    return Outcome(State.UNKNOWN, reason, recheck_at)


def until(prices: Iterable[Lowest], now: datetime) -> datetime | None:
    """When these prices have to be looked at again though nothing changed: a licence ends, or there are new rates."""
    given = list(prices)
    moments = [one.expires_at for one in given if one.expires_at is not None]
    if any(one.is_converted or "no rate" in "".join(one.unread) for one in given):
        moments.append(now + RATES_LAST)
    return min(moments, default=None)


def spec_label(key: str) -> str:
    return _LABELS.get(key, key)


def score_of(product: Watched, use_case: str) -> Decimal | None:
    return product.scores.get(use_case) if use_case else product.review_score

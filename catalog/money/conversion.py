"""What is an amount worth in another currency today, by which published rate, and until when may that be said?

Pure. Rates are units per euro. A rate older than `OLDEST` converts nothing: no number is better than a stale one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from catalog.money import in_units, money_text

BASE = "EUR"
OLDEST = timedelta(days=7)
ECB = "ECB"


@dataclass(frozen=True, slots=True)
class Rate:
    """`source` is `ECB`, or in a few words who else said it."""

    per_euro: Decimal
    day: date
    source: str = ECB

    @property
    def ends_at(self) -> datetime:
        """From then on (UTC) it is too old."""
        return datetime.combine(self.day + OLDEST + timedelta(days=1), time(), UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedPrice:
    """What a shop's own price is worth elsewhere. Never what anybody asks: a bank's rate, duty and tax are not in it.

    `amount` is without shipping, `total` with it where it is known; `until` is aware: from then on the rate is too old.
    """

    amount: Decimal
    total: Decimal
    currency: str
    rate_day: date
    source: str
    until: datetime

    @property
    def text(self) -> str:
        return f"≈ {money_text(self.amount, self.currency)}"

    @property
    def words(self) -> str:
        """`converted at the ECB’s rate of 25 Nov 2026`: stands beside `text` wherever that stands."""
        whose = "the ECB’s rate" if self.source == ECB else f"the rate ({self.source})"
        return f"converted at {whose} of {self.rate_day.day} {self.rate_day:%b %Y}"


@dataclass(frozen=True, slots=True)
class Conversion:
    """The youngest rate of each currency; the euro needs none."""

    rates: Mapping[str, Rate] = field(default_factory=dict)

    def knows(self, currency: str) -> bool:
        return bool(self.rates) and (currency == BASE or currency in self.rates)

    def convert(
        self, amount: Decimal, currency: str, to: str, *, now: datetime, shipping: Decimal | None = None
    ) -> ConvertedPrice | None:
        """The amount in `to` (ISO 4217), in its decimals; None in the same currency or without rates young enough."""
        used = self._used(currency, to, now)
        if not used:
            return None
        factor = self._per_euro(to) / self._per_euro(currency)
        oldest = min(used, key=lambda rate: rate.day)
        other = next((rate.source for rate in used if rate.source != ECB), ECB)
        return ConvertedPrice(
            amount=in_units(amount * factor, to),
            total=in_units((amount + (shipping or 0)) * factor, to),
            currency=to,
            rate_day=oldest.day,
            source=other,
            until=oldest.ends_at,
        )

    def _used(self, currency: str, to: str, now: datetime) -> tuple[Rate, ...]:
        """The rates it takes; none where one is missing or too old."""
        if currency == to or not (self.knows(currency) and self.knows(to)):
            return ()
        used = tuple(self.rates[code] for code in (currency, to) if code != BASE)
        return used if all(rate.day <= now.date() + timedelta(days=1) and now < rate.ends_at for rate in used) else ()

    def _per_euro(self, currency: str) -> Decimal:
        return Decimal(1) if currency == BASE else self.rates[currency].per_euro

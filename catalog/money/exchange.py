"""What is an amount worth in another currency on a day? A pure module over published daily rates.

Rates are units per euro, as the European Central Bank publishes them. It publishes none on weekends and holidays: the
last rate on or before the day counts, up to ten days back; older than that is no rate.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

BASE = "EUR"
OLDEST = timedelta(days=10)


class Rates:
    """The rates of some days. `rows`: day, ISO currency, units per euro; in any order."""

    def __init__(self, rows: Iterable[tuple[date, str, Decimal]]) -> None:
        by_currency: dict[str, dict[date, Decimal]] = defaultdict(dict)
        for day, currency, per_euro in rows:
            by_currency[currency][day] = per_euro
        self._days = {currency: sorted(days) for currency, days in by_currency.items()}
        self._per_euro = by_currency

    def per_euro(self, currency: str, day: date) -> tuple[Decimal, date] | None:
        """Units of the currency per euro, and the day it was published for; None when there is no rate young enough."""
        if currency == BASE:
            return Decimal(1), day
        days = self._days.get(currency, [])
        place = bisect_right(days, day)
        if not place or day - days[place - 1] > OLDEST:
            return None
        return self._per_euro[currency][days[place - 1]], days[place - 1]

    def convert(self, amount: Decimal, currency: str, to: str, day: date) -> Decimal | None:
        """The amount in `to`, unrounded; None when either currency has no rate for that day. Never a guess."""
        if currency == to:
            return amount
        given, wanted = self.per_euro(currency, day), self.per_euro(to, day)
        if given is None or wanted is None:
            return None
        return amount * wanted[0] / given[0]

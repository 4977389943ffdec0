"""Which published rates do we have for the days of these amounts?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from catalog.models import ExchangeRate
from catalog.money.exchange import OLDEST, Rates


def rates_of(*, first: date, last: date, currencies: Iterable[str] | None = None) -> Rates:
    """The rates that amounts of those days may need, in one query. `currencies` None: all there are."""
    rows = ExchangeRate.objects.filter(day__gte=first - OLDEST, day__lte=last)
    if currencies is not None:
        rows = rows.filter(currency__in=set(currencies))
    return Rates(rows.order_by().values_list("day", "currency", "per_euro"))

"""What can pages be made for at the moment: which countries do shops name, which currencies are there, at which rates?

Each process reads it once and again every half minute, in a thread, so that no reader waits and no page asks for it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from catalog.models import ExchangeRate, Merchant
from catalog.money.conversion import BASE, OLDEST, Conversion, Rate
from catalog.shopper import DEFAULT_CURRENCY, Market, Shopper, same_reach

log = logging.getLogger(__name__)

LOOK_AGAIN_SECONDS = 30.0
# Prices are shown in these beside the shops' own, where there are rates.
SHOWN_CURRENCIES = ("USD", "EUR", "GBP")
# A page is made of each country that shops name: so many at most.
MOST_COUNTRIES = 60
# Where, in a request's environ, the market stands that it is answered by: one for the whole way.
MARKET = "earmark.market"


def read_market(now: datetime) -> Market:
    """As the database has it. Two queries."""
    newest: dict[str, Rate] = {}
    rows = ExchangeRate.objects.filter(day__gte=now.date() - OLDEST).order_by("day")
    for day, currency, per_euro, source in rows.values_list("day", "currency", "per_euro", "source"):
        newest[currency] = Rate(per_euro, day, source)
    shops = list(Merchant.objects.filter(is_active=True).order_by("id").values_list("currency", "delivers_to"))
    conversion = Conversion(newest)
    own = {currency for currency, _ in shops}
    shown = {code for code in SHOWN_CURRENCIES if conversion.knows(code)}
    countries = sorted({code for _, named in shops for code in named})[:MOST_COUNTRIES]
    return Market(
        countries=frozenset(countries),
        currencies=tuple(sorted({DEFAULT_CURRENCY, *own, *shown})),
        conversion=Conversion({code: rate for code, rate in newest.items() if code != BASE}),
        same_reach=same_reach(countries, (named for _, named in shops)),
    )


class MarketMemory:
    """This process' market. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._market: Market | None = None
        self._until = 0.0
        self._is_reading = False

    def market(self) -> Market:
        """As it was at most a little more than half a minute ago. The first who asks waits for it."""
        found = self._market
        if found is not None and time.monotonic() < self._until:
            return found
        with self._lock:
            if self._market is None:
                self._keep(_read_or_none() or Market())
            elif time.monotonic() >= self._until and not self._is_reading:
                self._is_reading = True
                threading.Thread(target=self._look_again, name="market", daemon=True).start()
            assert self._market is not None
            return self._market

    def keep(self, market: Market) -> None:
        """Take this one for the next half minute."""
        with self._lock:
            self._keep(market)

    def forget(self) -> None:
        """The next who asks reads it."""
        with self._lock:
            self._market = None

    def _keep(self, market: Market) -> None:
        if self._market is None or not self._market.says_the_same(market):
            self._market = market
        self._until = time.monotonic() + LOOK_AGAIN_SECONDS

    def _look_again(self) -> None:
        """(In a thread.) A database that is away leaves everything as it was."""
        try:
            found = _read_or_none()
        finally:
            connection.close()  # this thread's own
        with self._lock:
            self._is_reading = False
            if self._market is not None:
                self._keep(found or self._market)


def _read_or_none() -> Market | None:
    try:
        return read_market(timezone.now())
    except (DatabaseError, RuntimeError) as error:
        log.warning("Countries and rates were not read (%s); what was known stays.", error)
        return None


_memory = MarketMemory()
market, keep_market, forget_market = _memory.market, _memory.keep, _memory.forget


def market_of(environ: Mapping[str, Any]) -> Market:
    """The market this request is answered by."""
    found = environ.get(MARKET)
    return found if isinstance(found, Market) else market()


def country_key() -> str:
    """Where that header stands in an environ; empty where none is trusted."""
    return f"HTTP_{settings.COUNTRY_HEADER.upper().replace('-', '_')}" if settings.COUNTRY_HEADER else ""


def country_said(environ: Mapping[str, Any]) -> str:
    """What the network in front of us says of the reader's country, if the settings trust a header; in capitals."""
    key = country_key()
    said = environ.get(key, "") if key else ""
    return said if len(said) == 2 and said.isascii() and said.isupper() else ""


def shopper_seen(environ: Mapping[str, Any]) -> Shopper:
    return market_of(environ).seen_from(country_said(environ))

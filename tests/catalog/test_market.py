"""The market is what shops name and the bank published: read once for many pages, kept while the database is away."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from catalog import market as markets
from catalog.market import MarketMemory, country_said, read_market
from catalog.models import ExchangeRate
from catalog.shopper import Market
from tests.factories import make_merchant

pytestmark = pytest.mark.django_db


def rate(currency: str, per_euro: str, *, days: int = 0) -> None:
    day = timezone.now().date() - timedelta(days=days)
    ExchangeRate.objects.create(currency=currency, per_euro=Decimal(per_euro), day=day)


def test_countries_are_those_that_active_shops_name_and_currencies_those_with_rates() -> None:
    make_merchant("One", delivers_to=["US", "CA"])
    make_merchant("Two", delivers_to=["DE"], currency="SEK")
    make_merchant("Gone", delivers_to=["FR"], currency="CHF", is_active=False)
    rate("USD", "1.2")
    found = read_market(timezone.now())
    assert found.countries == {"CA", "DE", "US"}
    assert found.same_reach == {"CA": "CA", "US": "CA", "DE": "DE", "other": "other"}
    assert found.currencies == ("EUR", "SEK", "USD"), "no pounds without a rate; a shop's own always"


def test_of_each_currency_the_youngest_rate_counts_and_old_ones_do_not() -> None:
    rate("USD", "1.1", days=2)
    rate("USD", "1.2", days=1)
    rate("GBP", "0.8", days=8)
    found = read_market(timezone.now())
    assert found.conversion.rates["USD"].per_euro == Decimal("1.2")
    assert "GBP" not in found.conversion.rates


def test_it_is_read_once_and_the_same_market_stays_one_object(
    django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    rate("USD", "1.2")
    memory = MarketMemory()
    with django_assert_num_queries(2):
        first = memory.market()
        assert memory.market() is first
    memory.keep(read_market(timezone.now()))
    assert memory.market() is first, "what hangs on it is not made anew"
    rate("GBP", "0.8")
    memory.keep(read_market(timezone.now()))
    assert memory.market() is not first


def test_who_asks_later_does_not_wait_for_the_next_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = MarketMemory()
    first = memory.market()
    reading, go_on = threading.Event(), threading.Event()

    def slow() -> Market:
        reading.set()
        assert go_on.wait(10)
        return Market(countries=frozenset({"DE"}))

    monkeypatch.setattr(markets, "_read_or_none", slow)
    monkeypatch.setattr(memory, "_until", 0.0)
    assert memory.market() is first
    assert reading.wait(10)
    assert memory.market() is first
    go_on.set()
    deadline = threading.Event()
    for _ in range(500):
        if memory.market() is not first:
            break
        deadline.wait(0.01)
    assert memory.market().countries == {"DE"}


def test_a_database_that_is_away_leaves_a_market_of_nobody(caplog: pytest.LogCaptureFixture) -> None:
    with connection.execute_wrapper(lambda *_: (_ for _ in ()).throw(RuntimeError("the database is away"))):
        assert MarketMemory().market().countries == frozenset()
    assert "were not read (the database is away)" in caplog.text


def test_only_the_header_that_the_settings_trust_speaks_of_a_country(settings: Settings) -> None:
    environ = {"HTTP_CF_IPCOUNTRY": "DE", "HTTP_X_COUNTRY": "FR"}
    settings.COUNTRY_HEADER = ""
    assert country_said(environ) == ""
    settings.COUNTRY_HEADER = "CF-IPCountry"
    assert country_said(environ) == "DE"
    assert country_said({"HTTP_CF_IPCOUNTRY": "de, FR"}) == ""

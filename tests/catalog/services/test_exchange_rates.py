"""Amounts are converted at the bank's last rate on or before their day, and never by a guess."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from catalog.models import ExchangeRate
from catalog.money.published_rates import RatesError
from catalog.services.exchange_rates import (
    convert,
    fetch_exchange_rates,
    import_csv,
    lagging_currencies,
    store_rates,
)
from tests.catalog.shop import Shop, open_shop
from tests.servers.faults import FAULTS

pytestmark = pytest.mark.django_db

# A Thursday.
NOW = datetime(2026, 11, 26, 18, tzinfo=UTC)
XML = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  <gesmes:subject>Reference rates</gesmes:subject>
  <Cube>{days}</Cube>
</gesmes:Envelope>"""


def cube(day: str, **rates: str) -> str:
    inner = "".join(f'<Cube currency="{code}" rate="{rate}"/>' for code, rate in rates.items())
    return f'<Cube time="{day}">{inner}</Cube>'


def xml(*cubes: str) -> bytes:
    return XML.format(days="".join(cubes)).encode()


DAILY, HISTORY = "/stats/eurofxref/eurofxref-daily.xml", "/stats/eurofxref/eurofxref-hist-90d.xml"


def fetch(shop: Shop, settings: Any, now: datetime = NOW) -> int:
    settings.EXCHANGE_RATES_URL = shop.url("")
    return fetch_exchange_rates(now=now, door=shop.door())


def test_the_last_rate_on_or_before_the_day_counts_and_says_its_day() -> None:
    store_rates(rows=[(date(2026, 11, 20), "USD", Decimal("1.25")), (date(2026, 11, 23), "USD", Decimal(2))], now=NOW)
    found = convert(amount=Decimal("10.00"), currency="USD", day=date(2026, 11, 22), to="EUR")

    assert found is not None
    assert (found.amount, found.rate_day) == (Decimal(8), date(2026, 11, 20))


def test_two_currencies_are_converted_over_the_euro() -> None:
    friday = date(2026, 11, 20)
    store_rates(rows=[(friday, "USD", Decimal("1.20")), (friday, "GBP", Decimal("0.80"))], now=NOW)
    found = convert(amount=Decimal(12), currency="USD", day=date(2026, 11, 20), to="GBP")

    assert found is not None
    assert found.amount == Decimal(8)


@pytest.mark.parametrize("day", ["2026-11-19", "2026-12-01"])
def test_without_a_rate_young_enough_nothing_is_guessed(day: str) -> None:
    store_rates(rows=[(date(2026, 11, 20), "USD", Decimal("1.25"))], now=NOW)

    assert convert(amount=Decimal(1), currency="USD", day=date.fromisoformat(day), to="EUR") is None
    assert convert(amount=Decimal(1), currency="JPY", day=date(2026, 11, 20), to="EUR") is None
    same = convert(amount=Decimal(1), currency="JPY", day=date(2026, 11, 20), to="JPY")
    assert same is not None
    assert same.amount == 1


def test_a_new_site_asks_for_ninety_days_and_then_for_one(settings: Any) -> None:
    with open_shop() as shop:
        shop.serves(HISTORY, lambda v: v.answer(xml(cube("2026-11-25", USD="1.16"), cube("2026-11-24", USD="1.15"))))
        shop.serves(DAILY, lambda v: v.answer(xml(cube("2026-11-26", USD="1.17", JPY="178.2"))))
        assert fetch(shop, settings) == 2
        assert fetch(shop, settings) == 2
        assert fetch(shop, settings) == 0, "the day's rates are there"
        assert [path for path, _ in shop.asked] == [HISTORY, DAILY]

    assert ExchangeRate.objects.get(day=date(2026, 11, 26), currency="JPY").per_euro == Decimal("178.2")


def test_at_weekends_nothing_is_asked_for(settings: Any) -> None:
    store_rates(rows=[(date(2026, 11, 27), "USD", Decimal("1.25"))], now=datetime(2026, 11, 27, tzinfo=UTC))
    with open_shop() as shop:
        assert fetch(shop, settings, datetime(2026, 11, 29, 12, tzinfo=UTC)) == 0
        assert not shop.asked


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bank_that_is_away_or_talks_nonsense_changes_nothing(fault: str, settings: Any) -> None:
    with open_shop() as shop:
        shop.serves(HISTORY, FAULTS[fault])
        assert fetch(shop, settings) == 0
    assert not ExchangeRate.objects.exists()


def test_a_corrected_rate_replaces_the_first() -> None:
    for rate in ("1.25", "1.26"):
        store_rates(rows=[(date(2026, 11, 20), "USD", Decimal(rate))], now=NOW)

    assert ExchangeRate.objects.get().per_euro == Decimal("1.26")


def test_a_csv_file_is_stored_whole_or_not_at_all() -> None:
    assert import_csv(content=b"day,currency,per_euro\n2026-11-20,usd,1.25\n2026-11-20,GBP,0.87\n", now=NOW) == 2
    with pytest.raises(RatesError, match=r"Line 3: `1,25`"):
        import_csv(content=b'day,currency,per_euro\n2026-11-21,USD,1.25\n2026-11-22,USD,"1,25"\n', now=NOW)
    with pytest.raises(RatesError, match="still to come"):
        import_csv(content=b"day,currency,per_euro\n2027-11-21,USD,1.25\n", now=NOW)
    with pytest.raises(RatesError, match="UTF-8"):
        import_csv(content="day,currency,per_euro\n2026-11-21,USD,1.25 ü".encode("cp1252"), now=NOW)

    assert ExchangeRate.objects.count() == 2


def test_a_rate_that_jumps_is_held_and_said_and_the_others_are_stored(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with open_shop() as shop:
        shop.serves(HISTORY, lambda v: v.answer(xml(cube("2026-11-25", USD="1.16", GBP="0.87"))))
        shop.serves(DAILY, lambda v: v.answer(xml(cube("2026-11-26", USD="11.7", GBP="0.88"))))
        fetch(shop, settings)
        assert fetch(shop, settings) == 1

    assert [row.currency for row in ExchangeRate.objects.filter(day=date(2026, 11, 26))] == ["GBP"]
    assert "rate of USD for 2026-11-26 (11.7 per euro) is held" in caplog.text
    assert lagging_currencies(now=NOW) == [("USD", date(2026, 11, 25))]

    import_csv(content=b"day,currency,per_euro\n2026-11-26,USD,11.7\n", now=NOW)
    assert ExchangeRate.objects.get(day=date(2026, 11, 26), currency="USD").source == "imported"
    assert not lagging_currencies(now=NOW)


def test_a_jump_that_is_published_for_more_than_ten_days_is_no_misprint(settings: Any) -> None:
    days = [f"2026-11-{day:02}" for day in (10, 11, 20, 23)]
    with open_shop() as shop:
        shop.serves(
            HISTORY, lambda v: v.answer(xml(*(cube(day, USD="1.16" if day == days[0] else "2.5") for day in days)))
        )
        assert fetch(shop, settings) == 2

    assert [row.day.day for row in ExchangeRate.objects.order_by("day")] == [10, 23]

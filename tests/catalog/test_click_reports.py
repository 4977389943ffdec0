"""Clicks and earnings between two days, from every side."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.click_reports import (
    Counts,
    Dimension,
    Views,
    Window,
    WindowError,
    clicks_by,
    clicks_by_day,
    earned_by,
    views_by_path,
)
from catalog.models import ClickTally, Conversion, ExchangeRate, NetworkAccount, ViewTally

DAY = date(2026, 10, 20)
WEEK = Window(DAY, DAY + timedelta(days=6))


def tally(key: str = "", *, day: date = DAY, dimension: str = "total", clicks: int = 1, net: int = 1) -> None:
    ClickTally.objects.create(day=day, dimension=dimension, key=key, clicks=clicks, net_clicks=net)


def sold(key: str, commission: str = "2.00", **fields: Any) -> Conversion:
    account, _ = NetworkAccount.objects.get_or_create(name="Account", network="awin")
    at = datetime(2026, 10, 21, 12, tzinfo=UTC)
    values: dict[str, Any] = {
        "status": "approved",
        "sale_amount": Decimal(100),
        "commission_amount": Decimal(commission),
        "currency": "EUR",
        "occurred_at": at,
        "changed_at": at,
    }
    return Conversion.objects.create(account=account, network_key=key, **{**values, **fields})


def test_a_window_whose_end_is_before_its_beginning_is_refused_with_what_to_do() -> None:
    with pytest.raises(WindowError, match="Swap them"):
        Window(DAY, DAY - timedelta(days=1))
    with pytest.raises(WindowError, match="ten years"):
        Window(DAY - timedelta(days=4000), DAY)


def test_the_window_before_is_as_long_and_touches() -> None:
    assert WEEK.before == Window(date(2026, 10, 13), date(2026, 10, 19))


def test_a_day_on_which_the_clocks_change_is_whole(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    autumn, spring = date(2026, 10, 25), date(2026, 3, 29)
    for day, hours in ((autumn, 25), (spring, 23)):
        window = Window(day, day)
        assert window.ends_at.astimezone(UTC) - window.starts_at.astimezone(UTC) == timedelta(hours=hours)


@pytest.mark.django_db
def test_clicks_are_summed_over_the_days_of_the_window_and_no_others() -> None:
    for day in (DAY - timedelta(days=1), DAY, DAY + timedelta(days=6), DAY + timedelta(days=7)):
        tally("a1", day=day, dimension="page", clicks=3, net=2)
    tally("a2", dimension="page", clicks=5, net=1)
    tally("one", dimension="link", clicks=50, net=10)
    assert clicks_by(Dimension.PAGE, WEEK) == {"a1": Counts(6, 4), "a2": Counts(5, 1)}


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        ("2026-01-01", "2026-12-31", ("2026-01-01", "2026-12-01")),
        ("2026-01-02", "2026-12-30", ("2026-02-01", "2026-11-01")),
        ("2026-02-01", "2026-02-28", ("2026-02-01", "2026-02-01")),
        ("2026-02-02", "2026-03-30", None),
        ("2026-02-01", "2026-02-27", None),
        ("2026-02-02", "2026-03-01", None),
        ("2027-12-15", "2028-03-10", ("2028-01-01", "2028-02-01")),
    ],
    ids=["a year", "nearly a year", "a month", "between", "all but a day", "a day of the next", "over a leap day"],
)
def test_whole_months_are_those_that_lie_in_the_window(since: str, until: str, months: tuple[str, str] | None) -> None:
    found = Window(date.fromisoformat(since), date.fromisoformat(until)).whole_months
    assert found == (months and tuple(map(date.fromisoformat, months)))


@pytest.mark.django_db
@pytest.mark.parametrize("length", [1, 20, 28, 31, 59, 62, 120, 365, 400])
def test_months_and_days_together_are_the_same_as_days(length: int) -> None:
    for number in range(420):
        tally("DE", day=date(2025, 9, 10) + timedelta(days=number), dimension="country", clicks=number + 1, net=number)
    for since in (date(2025, 9, 20), date(2025, 10, 1), date(2025, 9, 30)):
        window = Window(since, since + timedelta(days=length - 1))
        days = clicks_by_day(Dimension.COUNTRY, window).values()
        assert clicks_by(Dimension.COUNTRY, window) == {
            "DE": Counts(sum(day.clicks for day in days), sum(day.net_clicks for day in days))
        }


@pytest.mark.django_db
def test_months_follow_when_days_are_changed_and_deleted() -> None:
    month = Window(date(2026, 10, 1), date(2026, 10, 31))
    for day in range(1, 5):
        tally("DE", day=date(2026, 10, day), dimension="country", clicks=10, net=5)
    ClickTally.objects.filter(day__lte=date(2026, 10, 2)).update(clicks=20, net_clicks=6)
    assert clicks_by(Dimension.COUNTRY, month) == {"DE": Counts(60, 22)}
    ClickTally.objects.filter(day=date(2026, 10, 1)).delete()
    assert clicks_by(Dimension.COUNTRY, month) == {"DE": Counts(40, 16)}
    ClickTally.objects.all().delete()
    assert clicks_by(Dimension.COUNTRY, month) == {}


@pytest.mark.django_db
def test_what_lies_in_a_page_begins_with_it() -> None:
    for key in ("a1.2", "a1.3", "a11.2", "p1.offers"):
        tally(key, dimension="block")
    assert set(clicks_by(Dimension.BLOCK, WEEK, begins="a1.")) == {"a1.2", "a1.3"}


@pytest.mark.django_db
def test_days_are_told_one_by_one_for_one_key_or_for_all() -> None:
    later = DAY + timedelta(days=2)
    tally("DE", dimension="country", clicks=2)
    tally("AT", dimension="country", clicks=4)
    tally("AT", dimension="country", day=later)
    assert clicks_by_day(Dimension.COUNTRY, WEEK, key="AT") == {DAY: Counts(4, 1), later: Counts(1, 1)}
    assert clicks_by_day(Dimension.COUNTRY, WEEK) == {DAY: Counts(6, 2), later: Counts(1, 1)}


@pytest.mark.django_db
def test_views_are_those_of_the_pages_asked_for() -> None:
    for day in (DAY, DAY + timedelta(days=1), DAY + timedelta(days=30)):
        ViewTally.objects.create(day=day, path="/guides/one/", views=10, net_views=7)
    ViewTally.objects.create(day=DAY, path="/other/", views=1, net_views=1)
    assert views_by_path(WEEK, ["/guides/one/", "/never/"]) == {"/guides/one/": Views(20, 14)}


@pytest.mark.django_db
def test_purchases_are_summed_by_status_and_reversed_ones_earn_nothing() -> None:
    sold("1", "2.00")
    sold("2", "3.00", status="pending")
    sold("3", "9.00", status="declined")
    sold("4", "9.00", status="reversed")
    one = earned_by(Dimension.TOTAL, WEEK, currency="EUR")[""]
    assert (one.conversions, one.declined) == (2, 2)
    assert (one.approved, one.pending, one.commission, one.sales) == (2, 3, 5, 200)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("dimension", "key"),
    [
        (Dimension.PAGE, "a1"),
        (Dimension.BLOCK, "a1.2"),
        (Dimension.PLACE, "a1.2.3"),
        (Dimension.LINK, "one"),
        (Dimension.OFFER, "7"),
        (Dimension.PRODUCT, "8"),
        (Dimension.ROUTE, "9"),
        (Dimension.COUNTRY, "DE"),
        (Dimension.FORM, "phone"),
        (Dimension.TOTAL, ""),
    ],
)
def test_a_purchase_is_filed_under_the_key_its_click_has_in_the_tallies(dimension: str, key: str) -> None:
    sold(
        "1",
        placement="a1.2.3",
        code="one",
        offer_id=7,
        product_id=8,
        route_id=9,
        country="DE",
        form="phone",
    )
    assert list(earned_by(dimension, WEEK, currency="EUR")) == [key]


@pytest.mark.django_db
def test_a_purchase_without_a_click_is_filed_under_nothing() -> None:
    sold("1")
    for dimension in Dimension.values:
        assert list(earned_by(dimension, WEEK, currency="EUR")) == [""]


@pytest.mark.django_db
def test_a_purchase_belongs_to_the_day_of_its_click() -> None:
    sold("1", clicked_at=datetime(2026, 10, 1, tzinfo=UTC))
    assert earned_by(Dimension.TOTAL, WEEK, currency="EUR") == {}
    assert earned_by(Dimension.TOTAL, Window(date(2026, 10, 1), date(2026, 10, 1)), currency="EUR")[""].approved == 2


@pytest.mark.django_db
def test_amounts_are_converted_at_the_rate_of_the_day_of_the_purchase() -> None:
    for day, rate in ((20, "2"), (21, "4"), (22, "5")):
        ExchangeRate.objects.create(day=date(2026, 10, day), currency="USD", per_euro=Decimal(rate))
    sold("1", "2.00", currency="USD")
    sold("2", "1.00")
    assert earned_by(Dimension.TOTAL, WEEK, currency="EUR")[""].approved == Decimal("1.5")


@pytest.mark.django_db
def test_an_amount_without_a_rate_is_counted_and_told_and_never_guessed() -> None:
    sold("1", "2.00", currency="NOK")
    sold("2", "1.00")
    one = earned_by(Dimension.TOTAL, WEEK, currency="EUR")[""]
    assert (one.conversions, one.approved, one.unconverted) == (2, 1, 1)


@pytest.mark.django_db
def test_the_queries_do_not_grow_with_rows_and_currencies() -> None:
    asked = []
    for number, currency in enumerate(("EUR", "USD", "GBP", "SEK")):
        sold(f"{number}", currency=currency, placement=f"a{number}.1.1")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            earned_by(Dimension.PAGE, WEEK, currency="EUR")
        asked.append(len(queries))
    assert asked == [2, 2, 2, 2]

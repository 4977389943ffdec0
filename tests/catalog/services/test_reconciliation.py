"""Clicks and purchases of a window side by side, with the reason wherever the two do not meet."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.click_reports import Window
from catalog.clicks.ids import sub_id
from catalog.models import ClickTally, Conversion, ConversionEvent, NetworkAccount
from catalog.reports.earnings import Statement, Status
from catalog.services.conversions import store_statements
from catalog.services.exchange_rates import store_rates
from catalog.services.reconciliation import Reconciliation, reconciliation
from tests.factories import make_account, make_click, make_merchant, make_offer, make_product

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WINDOW = Window(date(2026, 11, 19), date(2026, 11, 21))
Joining = Conversion.Joining


def said(
    key: str, status: Status = Status.PENDING, commission: str = "5.00", *, hour: int = 0, **more: Any
) -> Statement:
    values: dict[str, Any] = {
        "network_key": key,
        "event_key": f"{status} {hour}",
        "status": status,
        "commission_amount": Decimal(commission),
        "sale_amount": Decimal(100),
        "currency": "EUR",
        "occurred_at": NOON,
        "happened_at": NOON + timedelta(hours=hour),
    }
    return Statement(**{**values, **more})


def store(account: NetworkAccount, *statements: Statement, at: datetime = NOON) -> None:
    store_statements(account=account, statements=statements, origin=ConversionEvent.Origin.POLL, now=at)


def found(account: NetworkAccount, window: Window = WINDOW, currency: str = "EUR") -> Reconciliation:
    return reconciliation(account=account, window=window, currency=currency, now=NOW)


def test_each_purchase_is_joined_or_has_its_reason() -> None:
    account = make_account()
    click = make_click(NOON)
    store(account, said("A", sub_id=sub_id(click.pk)), said("B"), said("C", sub_id="x"), said("D"))
    report = found(account)

    assert (report.purchases, report.joined, report.joined_share) == (4, 1, Decimal(25))
    assert {key: count for key, count in report.joining.items() if count} == {
        Joining.CLICK: 1,
        Joining.NO_SUB_ID: 2,
        Joining.FOREIGN: 1,
    }
    assert [(day.joined, day.not_joined) for day in report.days] == [(0, 0), (1, 3), (0, 0)]


def test_only_the_window_and_the_account_count() -> None:
    account = make_account()
    store(account, said("before", occurred_at=datetime(2026, 11, 18, 23, 59, 59, tzinfo=UTC)))
    store(account, said("first", occurred_at=datetime(2026, 11, 19, tzinfo=UTC)))
    store(account, said("last", occurred_at=datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC)))
    store(account, said("after", occurred_at=datetime(2026, 11, 22, tzinfo=UTC)))
    store(make_account("Another"), said("theirs"))

    assert found(account).purchases == 2


def test_days_are_the_sites_own(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    account = make_account()
    store(account, said("night", occurred_at=datetime(2026, 11, 18, 23, 30, tzinfo=UTC)))

    assert [day.not_joined for day in found(account).days] == [1, 0, 0]


def test_clicks_are_those_of_the_merchants_that_pay_this_account() -> None:
    ours = make_merchant("Ours", network="awin", network_settings={"publisher_id": "1", "advertiser_id": "7"})
    other = make_merchant("Other account's", network="awin", network_settings={"publisher_id": "2"})
    direct = make_merchant("Direct")
    for merchant, clicks in ((ours, 10), (other, 100), (direct, 1000)):
        ClickTally.objects.create(
            day=date(2026, 11, 20), dimension="merchant", key=str(merchant.pk), clicks=clicks, net_clicks=clicks // 2
        )
    report = found(make_account(report_settings={"publisher_id": "1"}))

    assert (report.clicks, report.net_clicks, report.merchants) == (10, 5, 1)


def test_what_nobody_confirmed_is_counted_and_after_days_called_late() -> None:
    account = make_account()
    store(account, said("A", is_provisional=True), said("B", is_provisional=True, occurred_at=NOW))
    report = found(account, Window(date(2026, 11, 19), date(2026, 11, 25)))

    assert (report.provisional, report.provisional_late) == (2, 1)
    store(account, said("A", Status.APPROVED, hour=2))
    assert found(account).provisional == 0


def test_amounts_stand_by_status_and_currency_and_are_converted_at_their_days_rate() -> None:
    store_rates(rows=[(date(2026, 11, 19), "USD", Decimal(2)), (date(2026, 11, 20), "USD", Decimal(4))], now=NOW)
    account = make_account()
    store(
        account,
        said("A", commission="8", currency="USD"),
        said("B", commission="8", currency="USD", occurred_at=NOON - timedelta(days=1)),
        said("C", Status.APPROVED, commission="3"),
        said("D", commission="9", currency="JPY"),
    )
    rows = {(one.status, one.currency): one for one in found(account).amounts}

    assert rows["pending", "USD"].commission == 16
    assert rows["pending", "USD"].converted == Decimal(6)
    assert rows["approved", "EUR"].converted == Decimal(3)
    assert (rows["pending", "JPY"].converted, rows["pending", "JPY"].without_rate) == (None, 1)


def test_what_changed_is_told_with_before_and_after() -> None:
    account = make_account()
    store(account, said("A"), said("B"))
    store(account, said("A", Status.REVERSED, "0", hour=9, reason="returned"), at=NOON + timedelta(hours=9))
    store(account, said("B", hour=1), at=NOON + timedelta(hours=1))
    (change,) = found(account).changes

    assert (change.conversion.network_key, change.reason) == ("A", "returned")
    assert (change.before.status, change.after.status) == (Status.PENDING, Status.REVERSED)
    assert change.received_at == NOON + timedelta(hours=9)


def test_more_purchases_take_no_more_queries(django_assert_num_queries: Any) -> None:
    account = make_account()
    offer = make_offer(make_product(), make_merchant("Awin's", network="awin"))
    click = make_click(NOON, offer_id=offer.pk)

    def fill(*keys: str) -> None:
        for key in keys:
            store(account, said(key, sub_id=sub_id(click.pk)))
            store(account, said(key, Status.APPROVED, hour=3), at=NOON + timedelta(hours=3))

    fill("A", "B")
    with CaptureQueriesContext(connection) as few:
        found(account)
    fill(*(f"N{number}" for number in range(20)))
    with django_assert_num_queries(len(few)):
        found(account)


def test_an_account_without_purchases_has_a_report_too() -> None:
    report = found(make_account())

    assert (report.purchases, report.joined_share, report.amounts, report.changes) == (0, None, (), ())

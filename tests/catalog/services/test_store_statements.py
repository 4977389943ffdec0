"""What a network says is appended once, summed up, and joined to the click it came from."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.clicks.ids import sub_id
from catalog.models import Conversion, ConversionEvent, NetworkAccount
from catalog.reports.earnings import Statement, Status
from catalog.services.conversions import Stored, store_statements
from catalog.services.joining import rejoin_conversions
from tests.factories import make_account, make_click, make_link, make_merchant, make_offer, make_product

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
Joining = Conversion.Joining


def said(status: Status = Status.PENDING, commission: str = "5.00", *, hour: int = 0, **more: Any) -> Statement:
    values: dict[str, Any] = {
        "network_key": "T1",
        "event_key": f"{status} {commission} {hour}",
        "status": status,
        "commission_amount": Decimal(commission),
        "currency": "EUR",
        "occurred_at": NOON,
        "happened_at": NOON + timedelta(hours=hour),
    }
    return Statement(**{**values, **more})


def store(account: NetworkAccount, *statements: Statement) -> Stored:
    return store_statements(account=account, statements=statements, origin=ConversionEvent.Origin.POLL, now=NOW)


@pytest.mark.django_db
def test_each_statement_is_an_event_and_the_purchase_their_sum() -> None:
    account = make_account()
    first = store(account, said())
    second = store(account, said(), said(Status.APPROVED, "4.50", hour=6))

    conversion = Conversion.objects.get()
    assert (conversion.status, conversion.commission_amount) == ("approved", Decimal("4.5"))
    assert [event.status for event in conversion.events.all()] == ["pending", "approved"]
    assert (first.new, first.purchases_new, second.new, second.known, second.purchases_changed) == (1, 1, 1, 1, 1)


@pytest.mark.django_db
def test_the_same_key_at_two_accounts_names_two_purchases() -> None:
    store(make_account("One"), said())
    store(make_account("Two"), said())

    assert Conversion.objects.count() == 2


@pytest.mark.django_db
def test_an_event_can_be_neither_changed_nor_deleted() -> None:
    store(make_account(), said())
    event = ConversionEvent.objects.get()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ConversionEvent.objects.update(status="approved")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        event.delete()


@pytest.mark.django_db
def test_what_the_ledger_cannot_hold_is_refused_with_its_reason_and_takes_nothing_with_it() -> None:
    stored = store(make_account(), said(currency="XXX"), said(network_key="T2"))

    assert [conversion.network_key for conversion in Conversion.objects.all()] == ["T2"]
    assert stored.refused == ["T1 has no currency of ISO 4217 that is in use (`XXX`)."]


@pytest.mark.django_db
def test_all_is_stored_or_nothing() -> None:
    account = make_account()

    def fail(done: int) -> None:
        raise RuntimeError(f"the worker was lost after {done}")

    with pytest.raises(RuntimeError):
        store_statements(
            account=account, statements=[said()], origin=ConversionEvent.Origin.IMPORT, now=NOW, progress=fail
        )
    assert not Conversion.objects.exists()


STORY = [
    said(Status.APPROVED, "9.00", hour=1, is_provisional=True, event_key="push"),
    said(Status.PENDING, "5.00", hour=0),
    said(Status.APPROVED, "4.50", hour=6),
    said(Status.APPROVED, "-1.00", hour=7, is_correction=True, event_key="C1"),
    said(Status.REVERSED, "0.00", hour=30),
    said(Status.APPROVED, "4.00", hour=31),
]


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(order=st.permutations(STORY), cuts=st.lists(st.integers(0, len(STORY)), max_size=3), again=st.booleans())
def test_in_any_order_and_any_parts_the_ledger_ends_up_the_same(
    order: list[Statement], cuts: list[int], again: bool
) -> None:
    with transaction.atomic():
        account = make_account()
        edges = [0, *sorted(cuts), len(order)]
        for start, end in itertools.pairwise(edges):
            store(account, *order[start:end])
        if again:
            store(account, *reversed(order))
        conversion = Conversion.objects.get()
        assert (conversion.status, conversion.commission_amount) == ("approved", Decimal("3.0000"))
        assert conversion.events.count() == len(STORY)
        assert conversion.changed_at == NOON + timedelta(hours=31)
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_store_each_statement_once() -> None:
    account = make_account()
    errors: list[Exception] = []
    start = threading.Barrier(4)

    def work(number: int) -> None:
        try:
            start.wait()
            order = STORY[number:] + STORY[:number]
            for one in order:
                store(account, *(replace(one, network_key=key) for key in ("T1", "T2", "T3")))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert not errors
    assert {(row.status, row.commission_amount) for row in Conversion.objects.all()} == {
        ("approved", Decimal("3.0000"))
    }
    assert Conversion.objects.count() == 3
    assert ConversionEvent.objects.count() == 3 * len(STORY)


@pytest.mark.django_db
def test_a_purchase_takes_over_what_is_known_of_its_click() -> None:
    merchant = make_merchant("Shop", network="awin", network_settings={"publisher_id": "1", "advertiser_id": "789"})
    offer = make_offer(make_product(), merchant)
    make_link(offer, "one")
    click = make_click(NOON, placement="a12.3.1", offer_id=offer.pk, route_id=4, country="DE", form="phone")
    stored = store(make_account(), said(sub_id=sub_id(click.pk).upper(), merchant_reference="789"))

    conversion = Conversion.objects.get()
    assert (conversion.joining, conversion.click_id, conversion.clicked_at) == (Joining.CLICK, click.pk, NOON)
    assert (conversion.code, conversion.placement, conversion.country, conversion.form) == (
        *("one", "a12.3.1"),
        *("DE", "phone"),
    )
    assert (conversion.offer_id, conversion.product_id, conversion.route_id) == (offer.pk, offer.product_id, 4)
    assert (conversion.merchant, stored.joined) == (merchant, 1)


@pytest.mark.django_db
def test_a_click_that_was_stored_without_its_offer_lends_its_links() -> None:
    offer = make_offer()
    make_link(offer, "old")
    click = make_click(NOON, "old")
    store(make_account(), said(sub_id=sub_id(click.pk)))

    assert Conversion.objects.get().product_id == offer.product_id
    assert Conversion.objects.get().merchant == offer.merchant


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given_sub_id", "joining"), [("", Joining.NO_SUB_ID), ("summer-campaign", Joining.FOREIGN)], ids=str
)
def test_a_purchase_without_a_click_says_why(given_sub_id: str, joining: Joining) -> None:
    store(make_account(), said(sub_id=given_sub_id))

    assert Conversion.objects.get().joining == joining


@pytest.mark.django_db
def test_a_click_older_than_clicks_are_kept_is_told_from_an_unknown_one() -> None:
    def id_of(at: datetime) -> str:
        return sub_id(UUID(int=(round(at.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62) | 5))

    account = make_account()
    store(account, said(sub_id=id_of(NOON)))
    store(account, said(network_key="T2", sub_id=id_of(datetime(2024, 1, 1, tzinfo=UTC))))

    assert dict(Conversion.objects.values_list("network_key", "joining")) == {
        "T1": Joining.UNKNOWN,
        "T2": Joining.TOO_OLD,
    }


@pytest.mark.django_db
def test_a_click_that_arrives_after_its_purchase_is_joined_later() -> None:
    offer = make_offer()
    click = make_click(NOON, offer_id=offer.pk)
    name = sub_id(click.pk)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_click")
    store(make_account(), said(sub_id=name))
    before = Conversion.objects.get().joining
    make_click(NOON, offer_id=offer.pk)

    assert rejoin_conversions(now=NOW) == 1
    assert (before, Conversion.objects.get().joining) == (Joining.UNKNOWN, Joining.CLICK)
    assert Conversion.objects.get().product_id == offer.product_id
    assert rejoin_conversions(now=NOW) == 0


@pytest.mark.django_db
def test_a_joined_purchase_stays_joined_when_its_click_is_dropped() -> None:
    click = make_click(NOON, placement="a1")
    account = make_account()
    store(account, said(sub_id=sub_id(click.pk)))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_click")
    store(account, said(Status.APPROVED, hour=9, sub_id=sub_id(click.pk)))

    assert (Conversion.objects.get().joining, Conversion.objects.get().placement) == (Joining.CLICK, "a1")


@pytest.mark.django_db
def test_a_sub_id_that_comes_with_a_later_statement_joins_too() -> None:
    click = make_click(NOON)
    account = make_account()
    store(account, said())
    store(account, said(Status.APPROVED, hour=9, sub_id=sub_id(click.pk)))

    assert Conversion.objects.get().joining == Joining.CLICK


@pytest.mark.django_db
def test_a_tracking_id_leads_to_the_places_that_carry_it() -> None:
    shop = make_merchant(
        "Amazon",
        network="amazon",
        network_settings={"tag_us": "earmark-20", "tracking_ids": "a=earmark-guides-20, q=earmark-quiz-20"},
    )
    account = make_account("Associates", network="amazon")
    store(account, said(tracking_id="earmark-quiz-20"), said(network_key="T2", tracking_id="earmark-20"))

    rows = {row.network_key: row for row in Conversion.objects.all()}
    assert (rows["T1"].joining, rows["T1"].placement, rows["T1"].merchant) == (Joining.PLACE, "q", shop)
    assert (rows["T2"].joining, rows["T2"].placement, rows["T2"].merchant) == (Joining.NO_SUB_ID, "", shop)


@pytest.mark.django_db
def test_a_number_that_two_merchants_share_names_neither_until_the_click_tells() -> None:
    shops = [make_merchant(name, network="awin", network_settings={"advertiser_id": "7"}) for name in ("DE", "AT")]
    offer = make_offer(make_product(), shops[1])
    account = make_account()
    store(account, said(merchant_reference="7"))
    click = make_click(NOON, offer_id=offer.pk)
    store(account, said(network_key="T2", merchant_reference="7", sub_id=sub_id(click.pk)))

    assert Conversion.objects.get(network_key="T1").merchant is None
    assert Conversion.objects.get(network_key="T2").merchant == shops[1]

"""Prices that fell, for feed readers: only real reductions, only of shops that let their prices be passed on."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Merchant, Offer, Price
from catalog.services.page_changes import carry_page_changes
from tests.catalog.watched import watched
from tests.factories import make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
FELL = ((40, "100.00"), (5, "79.00"))


def make_watched(model: str, merchant: Merchant, *runs: tuple[int, str], **fields: Any) -> Offer:
    """An offer whose price was read day by day: each run is (days, amount), the last one ends a minute ago."""
    at = timezone.now() - timedelta(minutes=1)
    history = watched(*runs, now=at)
    offer = make_seen_offer(
        make_product(model), merchant, amount=runs[-1][1], seen_at=at, days_seen=history.days_seen, **fields
    )
    for seen_at, amount in history.points:
        Price.objects.create(
            offer=offer, amount=amount, currency=merchant.currency, availability="in_stock", seen_at=seen_at, source="x"
        )
    return offer


@pytest.fixture
def shop() -> Merchant:
    return make_merchant(
        "Shop",
        history_allowed=True,
        feeds_allowed=True,
        max_price_age=timedelta(hours=24),
        disclaimer="Prices & stock may change.",
    )


def entries(address: str = "/feed/prices/") -> list[ElementTree.Element]:
    return ElementTree.fromstring(Client().get(address).content).findall(f"{ATOM}entry")


def titles() -> list[str]:
    return [entry.findtext(f"{ATOM}title", "") for entry in entries()]


def test_a_reduction_is_told_with_its_measure_its_time_and_the_shops_own_words(shop: Merchant) -> None:
    make_watched("One", shop, *FELL)
    (entry,) = entries()
    assert entry.findtext(f"{ATOM}title") == "Acme One: $79.00 at Shop"
    text = entry.findtext(f"{ATOM}summary", "")
    assert "21 % under $100.00, the lowest price of the 30 days before" in text
    assert "Seen " in text
    assert "<p>Prices &amp; stock may change.</p>" in text
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == "http://127.0.0.1:8000/products/acme-one/"
    assert "/go/" not in ElementTree.tostring(entry, "unicode")


def test_one_reduction_stays_one_entry_however_often_it_is_read(shop: Merchant) -> None:
    offer = make_watched("One", shop, *FELL)
    first = entries()[0].findtext(f"{ATOM}id")
    offer.seen_at = timezone.now()
    offer.save()
    carry_page_changes()
    assert [entry.findtext(f"{ATOM}id") for entry in entries()] == [first]


def test_the_newest_fall_comes_first(shop: Merchant) -> None:
    make_watched("Late", shop, (42, "100.00"), (3, "79.00"))
    make_watched("Early", shop, (30, "100.00"), (15, "79.00"))
    make_watched("Today", shop, (44, "100.00"), (1, "79.00"))
    assert titles() == [f"Acme {name}: $79.00 at Shop" for name in ("Today", "Late", "Early")]


@pytest.mark.parametrize(
    "runs",
    [
        pytest.param(((40, "79.00"), (3, "100.00"), (2, "79.00")), id="raised first"),
        pytest.param(((40, "79.00"), (5, "100.00")), id="risen"),
        pytest.param(((8, "100.00"), (5, "79.00")), id="hardly watched"),
        pytest.param(((45, "79.00"),), id="always so"),
        pytest.param(((10, "100.00"), (45, "79.00")), id="long so"),
        pytest.param(((40, "100.00"), (5, "99.00")), id="one per cent"),
    ],
)
def test_what_is_no_reduction_is_not_told(shop: Merchant, runs: tuple[tuple[int, str], ...]) -> None:
    make_watched("One", shop, *runs)
    assert titles() == []


@pytest.mark.parametrize(
    "offer",
    [
        pytest.param({"condition": "used"}, id="used"),
        pytest.param({"availability": "out_of_stock"}, id="sold out"),
        pytest.param({"withdrawn_at": timezone.now()}, id="withdrawn"),
    ],
)
def test_what_cannot_be_bought_new_is_not_told(shop: Merchant, offer: dict[str, Any]) -> None:
    make_watched("One", shop, *FELL, **offer)
    assert titles() == []


@pytest.mark.parametrize("term", ["feeds_allowed", "history_allowed", "prices_allowed", "is_active"])
def test_a_shop_that_takes_its_leave_back_is_gone_from_the_kept_feed_at_once(shop: Merchant, term: str) -> None:
    make_watched("One", shop, *FELL)
    assert len(titles()) == 1
    setattr(shop, term, False)
    shop.save()
    carry_page_changes()
    assert titles() == []


def test_a_price_that_may_not_be_shown_any_more_is_not_told(shop: Merchant) -> None:
    offer = make_watched("One", shop, *FELL)
    Offer.objects.filter(pk=offer.pk).update(seen_at=timezone.now() - timedelta(hours=30))
    assert titles() == []


def test_a_price_that_was_taken_back_is_not_told(shop: Merchant) -> None:
    offer = make_watched("One", shop, *FELL)
    last = offer.prices.earliest("-seen_at")
    Price.objects.create(
        offer=offer,
        amount=last.amount,
        currency=last.currency,
        availability="in_stock",
        seen_at=last.seen_at,
        source="undo",
        verdict="rejected",
    )
    Offer.objects.filter(pk=offer.pk).update(amount=Decimal("100.00"))
    assert titles() == []


def test_rss_says_the_same(shop: Merchant) -> None:
    make_watched("One", shop, *FELL)
    answer = Client().get("/feed/prices/rss/")
    assert answer["Content-Type"] == "application/rss+xml; charset=utf-8"
    item = ElementTree.fromstring(answer.content).find("channel/item")
    assert item is not None
    assert item.findtext("title") == "Acme One: $79.00 at Shop"
    assert item.findtext("link") == "http://127.0.0.1:8000/products/acme-one/"
    guid = item.find("guid")
    assert guid is not None
    assert guid.get("isPermaLink") == "false"


def test_without_a_fall_the_feed_is_empty_and_says_what_it_measures() -> None:
    root = ElementTree.fromstring(Client().get("/feed/prices/").content)
    assert root.findall(f"{ATOM}entry") == []
    assert "by what we watched ourselves" in root.findtext(f"{ATOM}subtitle", "")
    assert "/disclosure/" in root.findtext(f"{ATOM}subtitle", "")


def test_its_queries_do_not_grow_with_what_fell(shop: Merchant) -> None:
    def count() -> int:
        carry_page_changes()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            Client().get("/feed/prices/?", HTTP_CACHE_CONTROL="no-cache")
        return len(queries)

    make_watched("One", shop, *FELL)
    few = count()
    for number in range(12):
        make_watched(f"Other {number}", shop, *FELL)
    assert count() == few
    assert len(titles()) == 13


def test_every_page_leads_to_it() -> None:
    page = Client().get("/products/").content.decode()
    assert 'href="/feed/prices/"' in page

"""Which days does an offer remember that its price was looked at?"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from catalog.reading import Availability
from catalog.selectors import price_history
from catalog.services.price_decisions import set_price_by_hand
from tests.catalog.services.feed_shop import NOON, FeedShop

DAY = timedelta(days=1)


def watch(shop: FeedShop, *days: int) -> None:
    for day in days:
        shop.refresh(NOON + day * DAY)


def observed(shop: FeedShop, until: int) -> list[int]:
    (history,) = price_history(shop.merchant.offers.get().product_id, since=NOON - DAY)
    return sorted((day - NOON.date()).days for day in history.observed_days(NOON - DAY, NOON + until * DAY))


def sells(shop: FeedShop, *, etag: str = "") -> FeedShop:
    shop.merchant.history_allowed = True
    shop.merchant.save()
    shop.offer("A1")
    shop.sell(("A1", "99.00 USD"))
    shop.etag = etag
    return shop


def test_every_day_on_which_the_price_was_read_counts_also_when_it_stayed_the_same(shop: FeedShop) -> None:
    watch(sells(shop), 0, 1, 4)
    assert observed(shop, 9) == [0, 1, 4]


def test_an_unchanged_feed_is_a_look_too(shop: FeedShop) -> None:
    watch(sells(shop, etag='"1"'), 0, 1, 2, 5)
    assert shop.answered_in_full < shop.asked
    assert observed(shop, 9) == [0, 1, 2, 5]


def test_a_day_on_which_nothing_could_be_read_does_not_count(shop: FeedShop) -> None:
    watch(sells(shop), 0)
    shop.status = 500
    watch(shop, 1)
    shop.status = 200
    watch(shop, 2)
    assert observed(shop, 9) == [0, 2]


def test_what_an_editor_saw_counts(shop: FeedShop) -> None:
    watch(sells(shop), 0)
    set_price_by_hand(
        offer=shop.merchant.offers.get(),
        amount=Decimal("95.00"),
        currency="USD",
        availability=Availability.IN_STOCK,
        seen_at=NOON + 3 * DAY,
        by="ada",
    )
    assert observed(shop, 9) == [0, 3]

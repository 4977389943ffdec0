"""A visitor of the demo sees at once what the site does when a shop's page is gone."""

from __future__ import annotations

from datetime import timedelta
from html import escape

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Destination, Failover
from demo import mishaps, stock
from demo.merchants.server import ShopServer
from demo.merchants.shops import SHOPS, Shop

LOST = [shop for shop in SHOPS if shop.lost_page]


@pytest.mark.parametrize("shop", LOST, ids=lambda shop: shop.slug)
def test_the_lost_page_is_one_that_the_shop_sells_and_another_sells_too(shop: Shop) -> None:
    assert shop.sells(shop.lost_page)
    assert any(other.sells(shop.lost_page) for other in SHOPS if other is not shop)


@pytest.mark.django_db
def test_readers_are_led_to_another_shop_and_told(client: Client) -> None:
    stock.fill_catalogue()
    stock.fill_merchants()
    stock.fill_offers()
    now = timezone.now()
    assert mishaps.fill_mishaps(now=now) == len(LOST) == 1
    row = Destination.objects.select_related("offer__product").get()
    assert (row.state, row.strikes, row.status_code) == ("broken", 2, 404)
    made = Failover.objects.get(ended_at=None)
    assert made.from_offer == row.offer
    html = client.get(row.offer.product.get_absolute_url()).content.decode()
    assert "The shop’s page for it is gone" in html
    assert f"Our links to it lead to {escape(str(made.to_offer.merchant))}" in html
    # A second run leaves what was seen since alone.
    Destination.objects.update(state="fine", checked_at=now + timedelta(hours=1))
    assert mishaps.fill_mishaps(now=now + timedelta(hours=2)) == 0
    assert Destination.objects.get().state == "fine"


def test_the_shops_feed_still_lists_it_and_its_page_is_missing() -> None:
    from demo import content
    from demo.merchants.shops import articles
    from demo.merchants.shops import stock as shelf_of

    shop = LOST[0]
    server = ShopServer(shop, shelf_of(shop, articles(content.CATALOGUE)), 0)
    try:
        assert shop.lost_page in {article.sku for article, _, _ in server.rows()}
    finally:
        server.server_close()

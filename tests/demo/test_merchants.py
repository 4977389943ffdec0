"""The demo's three shops: their feeds and pages are read by the real sources, and their prices move."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.http import Door, WebDoor
from catalog.reading import Reading
from catalog.settings_fields import problems
from catalog.sources import SOURCES
from catalog.sources.base import FeedState, Wanted
from demo.content import CATALOGUE
from demo.merchants import market, pages
from demo.merchants.server import ShopServer
from demo.merchants.shops import SHOPS, Article, Shop, articles, stock
from tests.catalog.sources.tokens import OwnTokens

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
EVERYTHING = articles(CATALOGUE)


class Clock:
    def __init__(self) -> None:
        self.now = NOW.timestamp()

    def __call__(self) -> float:
        return self.now


@contextmanager
def opened(shop: Shop, clock: Clock) -> Iterator[ShopServer]:
    server = ShopServer(shop, stock(shop, EVERYTHING), 0, clock)
    threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.02}).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def door_to(server: ShopServer) -> Door:
    return WebDoor(user_agent="test", allowed_private=frozenset({server.base_url.removeprefix("http://")}))


def read(server: ShopServer, shop: Shop) -> dict[str, object]:
    wanted = [Wanted(sku=sku, url=server.item_url(sku), currency="USD") for sku in server.stock]
    settings = {"feed_url": server.base_url + shop.feed_path} if shop.feed_path else {}
    answer = SOURCES[shop.source].read(
        wanted, settings, door=door_to(server), now=NOW, state=FeedState(), tokens=OwnTokens()
    )
    return {item.sku: item for item in answer.items}


@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.slug)
def test_everything_a_shop_sells_is_read_by_the_real_source(shop: Shop) -> None:
    clock = Clock()
    with opened(shop, clock) as server:
        found = read(server, shop)
    step = market.step_at(clock.now)
    assert found.keys() == server.stock.keys()
    for sku, reading in found.items():
        asked = market.asked(shop, server.stock[sku], step)
        assert isinstance(reading, Reading), reading
        assert (reading.amount, reading.currency) == (asked.amount, "USD")
        assert reading.availability.value == ("in_stock" if asked.is_in_stock else "out_of_stock")


@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.slug)
def test_the_settings_are_what_the_source_and_the_network_ask_for(shop: Shop) -> None:
    from catalog.networks import NETWORKS

    assert problems(SOURCES[shop.source].settings, shop.source_settings(9000)) == []
    assert problems(NETWORKS["direct"].settings, shop.network_settings()) == []
    assert shop.item_url("a-b", 9000).startswith(f"http://127.0.0.1:{9000 + shop.offset}/")


def test_the_third_shop_speaks_all_three_dialects() -> None:
    shop = SHOPS[2]
    assert {pages.dialect(article) for article in stock(shop, EVERYTHING).values()} == set(pages.DIALECTS)


def test_an_unchanged_feed_says_so() -> None:
    shop, clock = SHOPS[0], Clock()
    with opened(shop, clock) as server:
        door, url = door_to(server), server.base_url + shop.feed_path
        with door.get(url) as first:
            etag = first.headers["etag"]
        with door.get(url, headers={"If-None-Match": etag}) as second:
            assert second.status == 304
        clock.now += 10 * market.STEP_SECONDS
        with door.get(url, headers={"If-None-Match": etag}) as third:
            assert third.status == 200


@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.slug)
def test_within_a_minute_something_moves_but_never_implausibly(shop: Shop) -> None:
    goods = stock(shop, EVERYTHING).values()
    start = market.step_at(NOW.timestamp())
    for step in range(start, start + 30):
        before = [market.asked(shop, article, step) for article in goods]
        after = [market.asked(shop, article, step + 3) for article in goods]
        assert before != after
        for old, new in zip(before, after, strict=True):
            assert Decimal("0.8") < new.amount / old.amount < Decimal("1.25")


@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.slug)
def test_things_sell_out_and_come_back(shop: Shop) -> None:
    start = market.step_at(NOW.timestamp())
    for article in list(stock(shop, EVERYTHING).values())[:5]:
        assert {market.asked(shop, article, step).is_in_stock for step in range(start, start + 3000)} == {True, False}


def test_every_product_has_a_shop_and_most_have_several() -> None:
    sellers = [sum(shop.sells(article.sku) for shop in SHOPS) for article in EVERYTHING]
    assert min(sellers) >= 1
    assert sum(count >= 2 for count in sellers) > len(sellers) / 2


def test_a_visitor_sees_name_price_and_the_tag_that_came_along() -> None:
    shop, clock = SHOPS[1], Clock()
    with opened(shop, clock) as server:
        sku, article = next(iter(server.stock.items()))
        with door_to(server).get(f"{server.item_url(sku)}?via=earmark-demo&place=%3Cb%3E") as reply:
            page = reply.read().decode()
    asked = market.asked(shop, article, market.step_at(clock.now))
    assert f"${asked.amount}" in page
    assert "<code>via</code> = <code>earmark-demo</code>" in page
    assert "<code>place</code> = <code>&lt;b&gt;</code>" in page


def test_what_a_shop_does_not_have_is_a_404_that_helps() -> None:
    with opened(SHOPS[2], Clock()) as server, door_to(server).get(f"{server.base_url}/shelf/nothing") as reply:
        assert reply.status == 404
        assert "See what we have" in reply.read().decode()


def test_only_rows_with_a_demo_price_are_sold(tmp_path: Path) -> None:
    rows = [{"brand": "A", "model": "One", "demo_price_usd": "9.50"}, {"brand": "A", "model": "Two"}]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    assert articles(file) == [Article(sku="a-one", brand="A", name="A One", mpn="", usual_price=Decimal("9.50"))]


def test_a_taken_port_is_said_in_one_line() -> None:
    with opened(SHOPS[0], Clock()) as server:
        port = str(server.server_address[1])
        command = [sys.executable, "-m", "demo.merchants", "--port-base", port]
        result = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert result.returncode == 1
    assert result.stderr == "The shops cannot open: [Errno 98] Address already in use.\n"

"""A merchant of each source with an own protocol goes through a whole round: asked over HTTP, judged, stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

import pytest

from catalog import sources
from catalog.models import Merchant, Offer, Price, RefreshRun
from catalog.services.prices import refresh_merchant
from tests.catalog.services.feed_shop import NOON
from tests.catalog.shop import Shop
from tests.catalog.sources.awin import row, table
from tests.factories import make_merchant, make_offer, make_product
from tests.servers.amazon import SECRET as AMAZON_SECRET
from tests.servers.amazon import item, listing, open_amazon, says
from tests.servers.awin import KEY as AWIN_KEY
from tests.servers.awin import Feed, open_awin
from tests.servers.best_buy import KEY as BEST_BUY_KEY
from tests.servers.best_buy import open_best_buy, product
from tests.servers.ebay import SECRET as EBAY_SECRET
from tests.servers.ebay import item as ebay_item
from tests.servers.ebay import money, open_ebay

pytestmark = pytest.mark.django_db


def merchant_of(source: str, settings: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Merchant:
    """The record names variables of the environment where the source wants a secret; the secret is only there."""
    kept = dict(settings)
    for field in sources.SOURCES[source].settings:
        if field.secret and field.name in kept:
            variable = f"TEST_{source}_{field.name}".upper()
            monkeypatch.setenv(variable, kept[field.name])
            kept[field.name] = variable
    return make_merchant(source, slug=source.replace("_", "-"), source=source, source_settings=kept)


def offer_of(merchant: Merchant, sku: str, **fields: str) -> Offer:
    number = Offer.objects.count()
    return make_offer(make_product(f"Model {number}"), merchant, merchant_sku=sku, next_check_at=NOON, **fields)


def refresh(merchant: Merchant, shop: Shop, *, at_hour: int = 0) -> RefreshRun:
    now = NOON + timedelta(hours=at_hour)
    Offer.objects.filter(merchant=merchant).update(next_check_at=now)
    run = refresh_merchant(merchant_id=merchant.pk, now=now, door=shop.door())
    assert run is not None
    return run


def stored(offer: Offer) -> tuple[Decimal | None, str, str, str]:
    offer.refresh_from_db()
    return offer.amount, offer.currency, offer.availability, offer.state


def messages(merchant: Merchant) -> str:
    merchant.refresh_from_db()
    runs = RefreshRun.objects.values_list("error", flat=True)
    states = Offer.objects.values_list("state_reason", flat=True)
    raws = Price.objects.values_list("raw", "reason")
    return f"{merchant.last_error} {list(runs)} {list(states)} {list(raws)}"


def test_amazons_answers_become_prices_and_ends_of_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_amazon() as amazon:
        merchant = merchant_of("amazon_creators", amazon.settings(), monkeypatch)
        plain, both, none, gone = (offer_of(merchant, f"B0{number:08d}") for number in range(4))
        used_wins = listing(771.20, condition="Used", isBuyBoxWinner=True)
        amazon.items = {
            plain.merchant_sku: item(plain.merchant_sku, listing(99.99)),
            both.merchant_sku: item(both.merchant_sku, used_wins, listing(937.39)),
            none.merchant_sku: {"asin": none.merchant_sku},
        }
        run = refresh(merchant, amazon.shop)
        assert run.outcome == "done", run.error
        assert stored(plain) == (Decimal("99.99"), "USD", "in_stock", "ok")
        assert stored(both) == (Decimal("937.39"), "USD", "in_stock", "ok")
        assert stored(none)[0] is None
        assert stored(gone)[0] is None

        amazon.items[plain.merchant_sku] = item(plain.merchant_sku, listing(9999))
        amazon.items[both.merchant_sku] = item(both.merchant_sku, used_wins)
        refresh(merchant, amazon.shop, at_hour=1)
        assert stored(plain) == (Decimal("99.99"), "USD", "in_stock", "held")
        assert stored(both)[:3] == (None, "", "out_of_stock")
        assert AMAZON_SECRET not in messages(merchant)


def test_amazons_refusal_keeps_the_price_and_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_amazon() as amazon:
        merchant = merchant_of("amazon_creators", amazon.settings(), monkeypatch)
        offer = offer_of(merchant, "B000000001")
        amazon.items = {offer.merchant_sku: item(offer.merchant_sku, listing(99.99))}
        refresh(merchant, amazon.shop)
        amazon.faults = [says(500, b"<html>oops</html>")] * 9
        run = refresh(merchant, amazon.shop, at_hour=1)
        offer.refresh_from_db()
        assert run.outcome == "failed"
        assert (offer.amount, offer.seen_at) == (Decimal("99.99"), NOON)
        assert AMAZON_SECRET not in messages(merchant)


def test_best_buys_answers_become_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_best_buy() as server:
        merchant = merchant_of("best_buy", server.settings(), monkeypatch)
        offer, gone = offer_of(merchant, "6501022"), offer_of(merchant, "6501023")
        server.products = {"6501022": product(6501022, 99.99)}
        run = refresh(merchant, server.shop)
        assert run.outcome == "done", run.error
        assert stored(offer) == (Decimal("99.99"), "USD", "in_stock", "ok")
        assert stored(gone)[0] is None
        server.products = {"6501022": product(6501022, 19.99)}
        refresh(merchant, server.shop, at_hour=1)
        assert stored(offer) == (Decimal("99.99"), "USD", "in_stock", "held")
        assert BEST_BUY_KEY not in messages(merchant)


def test_ebays_answers_become_prices_of_their_own_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    new, used = "v1|110000000001|0", "v1|110000000002|0"
    with open_ebay() as ebay:
        merchant = merchant_of("ebay_browse", ebay.settings(), monkeypatch)
        offer, not_ours, second_hand = (
            offer_of(merchant, new),
            offer_of(merchant, used),
            offer_of(merchant, used, condition="used"),
        )
        worn = ebay_item(used, money("89.50"), condition="Used", conditionId="3000")
        ebay.items = {new: ebay_item(new), used: worn}
        run = refresh(merchant, ebay.shop)
        assert run.outcome == "done", run.error
        assert stored(offer) == (Decimal("199.99"), "USD", "in_stock", "ok")
        assert stored(second_hand) == (Decimal("89.50"), "USD", "in_stock", "ok")
        assert stored(not_ours)[0] is None
        assert EBAY_SECRET not in messages(merchant)


def test_awins_feed_becomes_prices_and_one_odd_row_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    body = table(row(aw_product_id="1", currency="USD", in_stock="1"), row(aw_product_id="2", search_price="soon"))
    with open_awin(Feed("101", body)) as awin:
        settings = {"api_key": AWIN_KEY, "feed_ids": "101", "base_url": awin.url}
        merchant = merchant_of("awin_feed", settings, monkeypatch)
        offer, odd = offer_of(merchant, "1"), offer_of(merchant, "2")
        run = refresh(merchant, awin.shop)
        assert run.outcome == "done", run.error
        assert stored(offer) == (Decimal("99.00"), "USD", "in_stock", "ok")
        assert (stored(odd)[0], stored(odd)[3]) == (None, "unreadable")
        awin.list_fault = awin.download_fault = "broken"
        refresh(merchant, awin.shop, at_hour=1)
        assert stored(offer)[0] == Decimal("99.00")
        assert AWIN_KEY not in messages(merchant)


@pytest.mark.parametrize("source", ["amazon_creators", "best_buy", "ebay_browse", "awin_feed"])
def test_a_secret_that_is_not_set_stops_the_round_and_is_named(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_awin() as nobody:
        needed = {field.name: "TEST_NOT_SET_HERE" for field in sources.SOURCES[source].settings if field.secret}
        monkeypatch.delenv("TEST_NOT_SET_HERE", raising=False)
        merchant = merchant_of(source, {}, monkeypatch)
        merchant.source_settings = needed
        merchant.save()
        offer_of(merchant, "B000000001")
        run = refresh(merchant, nobody.shop)
        assert run.outcome == "failed"
        assert "TEST_NOT_SET_HERE" in run.error
        assert nobody.shop.asked == []

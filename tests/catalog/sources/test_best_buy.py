"""Best Buy's products are read a hundred at a time, and its 403 is understood by its words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from catalog.reading import Availability, Condition, NotSold, Reading, Unreadable
from catalog.sources.base import FeedState, SourceError, Wanted
from catalog.sources.best_buy import BestBuy
from tests.catalog.shop import Page
from tests.catalog.sources.tokens import OwnTokens
from tests.servers.amazon import says
from tests.servers.best_buy import KEY, BestBuyServer, open_best_buy, product

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SKU = "6501022"
Said = Reading | NotSold | Unreadable


@pytest.fixture
def server() -> Iterator[BestBuyServer]:
    with open_best_buy() as server:
        yield server


def read(server: BestBuyServer, *skus: str, **settings: str) -> list[Said]:
    answer = BestBuy().read(
        [Wanted(sku=sku, url=f"https://www.bestbuy.com/{sku}.p", currency="USD") for sku in skus],
        server.settings(**settings),
        door=server.shop.door(timeout_seconds=0.5, deadline_seconds=1.5),
        now=NOW,
        state=FeedState(),
        tokens=OwnTokens(),
    )
    return list(answer.items)


def said(server: BestBuyServer, price: Any = 99.99, **fields: Any) -> Said:
    server.products = {SKU: product(int(SKU), price, **fields)}
    (only,) = read(server, SKU)
    return only


def reading(server: BestBuyServer, price: Any = 99.99, **fields: Any) -> Reading:
    found = said(server, price, **fields)
    assert isinstance(found, Reading), found
    return found


def reason(server: BestBuyServer, price: Any = 99.99, **fields: Any) -> str:
    found = said(server, price, **fields)
    assert isinstance(found, Unreadable), found
    return found.reason


def refused(server: BestBuyServer, **settings: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(server, SKU, **settings)
    assert KEY not in str(caught.value)
    assert len(str(caught.value)) > 15
    return caught.value


def test_a_product_is_read_with_all_that_is_said_of_it(server: BestBuyServer) -> None:
    found = reading(server, 99.99)
    assert (found.sku, found.amount, found.currency, found.seen_at) == (SKU, Decimal("99.99"), "USD", NOW)
    assert (found.availability, found.condition) == (Availability.IN_STOCK, Condition.NEW)
    assert found.shipping_amount == 0
    assert (found.title, found.brand, found.mpn) == ("Acme - Headset One - Black", "Acme", "HS-1")
    assert found.gtin == "4006381333931"


def test_a_hundred_are_asked_for_in_one_request_each_once(server: BestBuyServer) -> None:
    skus = [str(6_500_000 + place) for place in range(250)]
    server.products = {sku: product(int(sku), place + 1, regularPrice=None) for place, sku in enumerate(skus)}
    found = read(server, *skus, *skus[:9])
    assert [(one.sku, int(one.amount)) for one in found if isinstance(one, Reading)] == [
        (sku, place + 1) for place, sku in enumerate(skus)
    ]
    assert len(server.asked) == 3


def test_smaller_pages_than_asked_for_are_followed(server: BestBuyServer) -> None:
    skus = [str(6_500_000 + place) for place in range(60)]
    server.products = {sku: product(int(sku)) for sku in skus}
    server.largest_page = 25
    assert all(isinstance(one, Reading) for one in read(server, *skus))
    assert len(server.asked) == 3


def test_a_sku_that_is_not_named_is_unreadable_and_not_sold_out(server: BestBuyServer) -> None:
    server.products = {SKU: product(int(SKU))}
    there, gone = read(server, SKU, "6509999")
    assert isinstance(there, Reading)
    assert isinstance(gone, Unreadable)
    assert "does not name this SKU" in gone.reason


def test_what_is_no_sku_is_never_sent(server: BestBuyServer) -> None:
    found = read(server, "B000000001", "12", "1)&apiKey=x", "")
    assert all(isinstance(one, Unreadable) for one in found)
    assert server.asked == []


def test_what_is_no_longer_sold_is_said_so_without_a_price(server: BestBuyServer) -> None:
    found = said(server, active=False, salePrice=None)
    assert isinstance(found, NotSold)
    assert found.availability is Availability.DISCONTINUED


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"priceRestriction": "MAP"}, "restriction: MAP"),
        ({"priceRestriction": "ICR"}, "restriction: ICR"),
        ({"priceRestriction": 1}, "restriction"),
        ({"salePrice": None}, "no current price"),
        ({"salePrice": 0}, "not above 0"),
        ({"salePrice": -1}, "not above 0"),
        ({"salePrice": "1,299.00"}, "not a number"),
        ({"salePrice": True}, "not a number"),
        ({"salePrice": {"value": 5}}, "not a number"),
        ({"salePrice": 99.999}, "more decimals"),
        ({"salePrice": 1e12}, "larger than any price"),
        ({"salePrice": 149.99}, "above its regular one"),
        ({"condition": "Mystery"}, "condition that is not understood"),
        ({"condition": 5}, "condition that is not understood"),
        ({"preowned": True}, "second-hand in another"),
        ({"name": "Acme - Geek Squad Certified Refurbished Headset"}, "second-hand in another"),
        ({"name": "Acme - Headset (Open-Box)", "condition": None}, "second-hand in another"),
        ({"active": "perhaps"}, "neither true nor false"),
        ({"onlineAvailability": 2}, "neither true nor false"),
    ],
)
def test_what_is_not_clear_is_refused_with_its_reason(server: BestBuyServer, fields: dict[str, Any], word: str) -> None:
    price = fields.pop("salePrice", 99.99)
    assert word in reason(server, price, **fields)


def test_contracts_and_list_prices_are_not_the_price(server: BestBuyServer) -> None:
    plans = {"contracts": [{"prices": [{"current": 1.0}]}], "priceWithPlan": {"newTwoYearPlan": 0.99}}
    found = reading(server, 79.5, regularPrice=199.99, onSale=True, dollarSavings=50, percentSavings="60.25", **plans)
    assert found.amount == Decimal("79.50")


def test_a_regular_price_that_is_missing_does_no_harm(server: BestBuyServer) -> None:
    assert reading(server, 79.5, regularPrice=None).amount == Decimal("79.50")
    assert reading(server, "79.50", regularPrice="").amount == Decimal("79.50")


@pytest.mark.parametrize(
    ("word", "preowned", "name", "condition"),
    [
        ("New", False, "X", Condition.NEW),
        ("new", None, "X", Condition.NEW),
        (None, None, "X", Condition.NEW),
        ("Refurbished", False, "X - Refurbished", Condition.REFURBISHED),
        ("Pre-Owned", True, "X - Pre-Owned", Condition.USED),
        ("Open-Box", False, "X", Condition.USED),
        (None, True, "X", Condition.USED),
    ],
)
def test_only_what_is_new_is_new(
    server: BestBuyServer, word: str | None, preowned: bool | None, name: str, condition: Condition
) -> None:
    assert reading(server, condition=word, preowned=preowned, name=name).condition is condition


@pytest.mark.parametrize(
    ("online", "word", "availability"),
    [
        (True, "Available", Availability.IN_STOCK),
        (True, None, Availability.IN_STOCK),
        (True, "PreOrder", Availability.PRE_ORDER),
        (True, "BackOrder", Availability.BACK_ORDER),
        (True, "SoldOut", Availability.UNKNOWN),
        (True, "Whatever", Availability.IN_STOCK),
        (False, "Available", Availability.OUT_OF_STOCK),
        (False, "SoldOut", Availability.OUT_OF_STOCK),
        (False, "PreOrder", Availability.UNKNOWN),
        (None, "SoldOut", Availability.OUT_OF_STOCK),
        (None, "Available", Availability.IN_STOCK),
        (None, None, Availability.UNKNOWN),
        ("false", 7, Availability.OUT_OF_STOCK),
    ],
)
def test_stock_is_what_can_be_ordered_online(
    server: BestBuyServer, online: Any, word: Any, availability: Availability
) -> None:
    found = reading(server, onlineAvailability=online, orderable=word, inStoreAvailability=True)
    assert found.availability is availability


@pytest.mark.parametrize(
    ("free", "cost", "amount"),
    [
        (True, 0, "0.00"),
        (True, "", "0.00"),
        (True, None, "0.00"),
        (True, 5.99, None),
        (False, 5.99, "5.99"),
        (None, "5.99", "5.99"),
        (False, 0, None),
        (False, "free", None),
        (None, None, None),
    ],
)
def test_shipping_is_known_only_when_its_two_fields_agree(
    server: BestBuyServer, free: Any, cost: Any, amount: str | None
) -> None:
    found = reading(server, freeShipping=free, shippingCost=cost).shipping_amount
    assert found == (None if amount is None else Decimal(amount))


def test_the_same_sku_twice_is_no_answer_unless_both_agree(server: BestBuyServer) -> None:
    one, other = product(int(SKU), 50), product(int(SKU), 60)
    for rows, kind in (([one, one], Reading), ([one, other], Unreadable)):
        server.faults = [says(200, {"products": rows, "totalPages": 1})]
        (found,) = read(server, SKU)
        assert isinstance(found, kind)


# opened ones


def opened(*amounts: Any, **fields: Any) -> dict[str, Any]:
    offers = [{"condition": "excellent", "prices": {"current": amount, "regular": 199}} for amount in amounts]
    return {"sku": SKU, "offers": offers, "prices": {"current": 199, "regular": 199}, **fields}


def test_opened_ones_are_used_ones_and_read_only_when_the_record_says_so(server: BestBuyServer) -> None:
    server.products = {SKU: product(int(SKU), 199, regularPrice=199), "6500001": product(6500001)}
    server.opened = {SKU: opened(187.99, 175.99, links={"addToCart": "https://api.bestbuy.com/click"})}
    assert [one.condition for one in read(server, SKU) if isinstance(one, Reading)] == [Condition.NEW]
    new, _, used, none = read(server, SKU, "6500001", open_box="read")
    assert isinstance(new, Reading)
    assert isinstance(used, Reading)
    assert (new.amount, new.condition) == (Decimal("199.00"), Condition.NEW)
    assert (used.amount, used.condition, used.availability) == (
        Decimal("175.99"),
        Condition.USED,
        Availability.IN_STOCK,
    )
    assert isinstance(none, NotSold)
    assert (none.sku, none.condition) == ("6500001", Condition.USED)


@pytest.mark.parametrize("offers", ["some", [5], [{"prices": {}}], [{"prices": {"current": "199 USD"}}]])
def test_opened_ones_without_a_clear_price_are_unreadable(server: BestBuyServer, offers: Any) -> None:
    server.products = {SKU: product(int(SKU))}
    server.opened = {SKU: {**opened(), "offers": offers}}
    assert [type(one) for one in read(server, SKU, open_box="read")] == [Reading, Unreadable]


# refusals


@pytest.mark.parametrize(
    ("fault", "permanent", "wait"),
    [
        (says(403, b"<h1>Developer Over Qps</h1>", x_mashery_error_code="ERR_403_DEVELOPER_OVER_QPS"), False, None),
        (says(403, b"", x_mashery_error_code="ERR_403_DEVELOPER_OVER_RATE", retry_after="41"), False, 41),
        (says(403, {"error": {"code": 403, "message": "Over Quota Limit"}}), False, None),
        (says(403, {"errorMessage": "The provided API Key has reached the per second limit allotted"}), False, None),
        (says(403, b"<h1>Developer Inactive</h1>"), True, None),
        (says(403, {"errorCode": "403", "errorMessage": "The provided API key is invalid"}), True, None),
        (says(400, {"errorCode": "400", "errorMessage": "An API key is required"}), True, None),
        (says(403, b"Forbidden"), False, None),
        (says(403, b""), False, None),
        (says(401, b""), True, None),
        (says(400, {"errorCode": "400", "errorMessage": "Couldn't understand it"}), True, None),
        (says(429, b"", retry_after="12"), False, 12),
        (says(500, b"oops"), False, None),
        (says(404, b"gone"), False, None),
        (says(200, {"errorMessage": "Over quota limit"}), False, None),
        (says(200, {"error": {"message": "invalid api key"}}), True, None),
        (says(200, {"products": {}}), False, None),
        (says(200, b"<html>"), False, None),
        (says(200, b'{"products": [{"sku": 65'), False, None),
        (says(200, b"[]"), False, None),
        (lambda visit: visit.answer(b"{", length=900), False, None),
        (lambda visit: time.sleep(0.9), False, None),
    ],
    ids=range(22),
)
def test_a_refusal_is_told_apart_by_its_words(
    server: BestBuyServer, fault: Page, permanent: bool, wait: float | None
) -> None:
    server.faults = [fault]
    found = refused(server)
    assert (found.permanent, found.retry_after) == (permanent, wait)


def test_too_many_requests_are_never_taken_for_a_wrong_key(server: BestBuyServer) -> None:
    server.faults = [says(403, {"errorMessage": "Developer account not active: over rate limit"})]
    found = refused(server)
    assert not found.permanent
    assert "too often" in str(found)


def test_a_key_that_is_not_accepted_is_named_by_its_setting_and_not_repeated(server: BestBuyServer) -> None:
    with pytest.raises(SourceError) as caught:
        read(server, SKU, api_key="another-key-of-ours")
    assert caught.value.permanent
    assert "`api_key`" in str(caught.value)
    assert "another-key" not in str(caught.value)


@pytest.mark.parametrize("key", ["", "short", "two words of a key", "key\nwith a break"])
def test_what_is_no_key_is_never_sent(server: BestBuyServer, key: str) -> None:
    assert refused(server, api_key=key).permanent
    assert server.asked == []

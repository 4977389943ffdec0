"""Of all the amounts in an item's listings, only one that anybody can pay is its price."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from catalog.json_answers import json_object
from catalog.reading import Availability, Condition, NotSold, Reading, Unreadable
from catalog.sources.amazon_creators.answers import answered
from tests.servers.amazon import item, listing

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ASIN = "B000000001"
AMOUNT = "the amount"
Said = Reading | NotSold | Unreadable


def said(*listings: Any, amount: str = "null", **fields: Any) -> list[Said]:
    """What is said of an item with these listings, sent as JSON; `amount` is written where AMOUNT stands."""
    body = json.dumps(item(ASIN, *listings, **fields)).replace(f'"{AMOUNT}"', amount)
    return list(answered([ASIN], [json_object(body.encode())], [], shop="www.amazon.com", now=NOW))


def price(*listings: Any, amount: str = "null") -> str:
    (only,) = said(*listings, amount=amount)
    assert isinstance(only, Reading), only
    return f"{only.amount} {only.currency} {only.condition} {only.availability}"


def reason(*listings: Any, amount: str = "null") -> str:
    (only,) = said(*listings, amount=amount)
    assert isinstance(only, Unreadable), only
    return only.reason


def display(text: str, amount: Any = 59.49, currency: str = "USD") -> dict[str, Any]:
    return listing(price={"money": {"amount": amount, "currency": currency, "displayAmount": text}})


# condition


def test_new_comes_before_a_used_winner() -> None:
    found = said(listing(771.2, condition="Used", isBuyBoxWinner=True), listing(937.39))
    assert [(str(one.amount), one.condition) for one in found if isinstance(one, Reading)] == [
        ("937.39", Condition.NEW),
        ("771.20", Condition.USED),
    ]


def test_a_used_winner_alone_is_no_price_of_a_new_one() -> None:
    found = said(listing(771.2, condition="Used", isBuyBoxWinner=True))
    assert [(type(one), getattr(one, "condition", None)) for one in found] == [
        (NotSold, Condition.NEW),
        (Reading, Condition.USED),
    ]


@pytest.mark.parametrize(
    ("value", "finer", "condition"),
    [
        ("New", None, Condition.NEW),
        ("New", "Unknown", Condition.NEW),
        ("New", "OEM", Condition.NEW),
        ("new", "", Condition.NEW),
        ("New", "OpenBox", Condition.USED),
        ("New", "LikeNew", Condition.USED),
        ("New", "Refurbished", Condition.REFURBISHED),
        ("Used", "Refurbished", Condition.REFURBISHED),
        ("Used", "VeryGood", Condition.USED),
        ("Refurbished", "Unknown", Condition.REFURBISHED),
    ],
)
def test_the_finer_condition_decides_where_it_says_more(value: str, finer: str | None, condition: Condition) -> None:
    found = said(listing(condition=None) | {"condition": {"value": value, "subCondition": finer}})
    assert [one.condition for one in found if isinstance(one, Reading)] == [condition]


@pytest.mark.parametrize("value", ["Unknown", "Collectible", "", None, 7, ["New"], {"value": "New"}])
def test_a_condition_that_is_not_known_is_never_taken_for_new(value: Any) -> None:
    assert "condition that is not understood" in reason(listing(condition=None) | {"condition": {"value": value}})


def test_a_condition_that_is_not_known_does_not_hide_one_that_is() -> None:
    assert price(listing(50, condition="Unknown"), listing(99)) == "99.00 USD new in_stock"


def test_a_listing_without_any_condition_is_new_as_in_amazons_own_examples() -> None:
    assert price(listing(588.9, "BRL", condition=None)) == "588.90 BRL new in_stock"


# which of several


def test_the_featured_one_is_the_price_though_another_is_lower() -> None:
    assert price(listing(80), listing(90, isBuyBoxWinner=True), listing(85)) == "90.00 USD new in_stock"


def test_without_a_featured_one_the_lowest_is() -> None:
    assert price(listing(90), listing(85), listing(95)) == "85.00 USD new in_stock"


def test_what_is_sold_out_is_the_price_only_when_all_is() -> None:
    out = {"availability": {"type": "OUT_OF_STOCK"}}
    assert price(listing(70, isBuyBoxWinner=True, **out), listing(90)) == "90.00 USD new in_stock"
    assert price(listing(70, **out), listing(90, **out)) == "70.00 USD new out_of_stock"


def test_two_featured_ones_with_different_prices_are_not_guessed_between() -> None:
    assert "both claim" in reason(listing(80, isBuyBoxWinner=True), listing(90, isBuyBoxWinner=True))


def test_two_currencies_are_not_guessed_between() -> None:
    assert "several currencies" in reason(listing(80), listing(70, "EUR"))


def test_the_item_twice_in_one_answer_is_no_answer_unless_both_agree() -> None:
    for other, kind in ((99.99, Reading), (89.99, Unreadable)):
        body = json.dumps({"items": [item(ASIN, listing()), item(ASIN, listing(other))]})
        (only,) = answered([ASIN], json_object(body.encode())["items"], [], shop="www.amazon.com", now=NOW)
        assert isinstance(only, kind)


# for whom


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"dealDetails": {"accessType": "PRIME_EXCLUSIVE"}}, "Prime members only"),
        ({"dealDetails": {"accessType": "prime_exclusive"}}, "Prime members only"),
        ({"dealDetails": {"accessType": "PRIME_EARLY_ACCESS"}}, "Prime members at first"),
        ({"dealDetails": {"accessType": "STUDENTS"}}, "for whom is not known (STUDENTS)"),
        ({"dealDetails": {"accessType": 1}}, "for whom is not known"),
        ({"dealDetails": ["ALL"]}, "could not be understood"),
        ({"type": "SUBSCRIBE_AND_SAVE"}, "subscribe"),
        ({"type": "HAUL"}, "Haul"),
        ({"type": "BUNDLE"}, "kind that is not known (BUNDLE)"),
        ({"type": 5}, "kind that is not known"),
        ({"type": "LIGHTNING_DEAL"}, "does not say for whom"),
        ({"violatesMAP": True}, "may not be advertised"),
        ({"violatesMAP": "false"}, "may not be advertised"),
        ({"availability": {"type": "IN_STOCK", "minOrderQuantity": 4}}, "several at once"),
    ],
)
def test_a_price_that_is_not_for_everybody_is_none(fields: dict[str, Any], word: str) -> None:
    assert word in reason(listing(49, **fields))
    assert price(listing(49, isBuyBoxWinner=True, **fields), listing(59)) == "59.00 USD new in_stock"


def test_used_stays_readable_when_the_new_one_is_for_prime_members() -> None:
    found = said(listing(49, dealDetails={"accessType": "PRIME_EXCLUSIVE"}), listing(30, condition="Used"))
    assert [type(one) for one in found] == [Unreadable, Reading]


# deals


@pytest.mark.parametrize(
    ("start", "end", "is_price"),
    [
        (None, None, True),
        ("2026-11-25T05:35Z", "2026-11-25T18:00Z", True),
        ("2026-11-25T12:00:00Z", "2026-11-25T12:00:01Z", True),
        ("2026-11-25T13:00+02:00", None, True),
        (None, "2026-11-25T12:00Z", False),
        ("2026-11-25T12:00:01Z", None, False),
        ("2024-11-05T18:05Z", "2024-11-06T05:35Z", False),
        ("tomorrow", None, False),
        (None, 1764072000, False),
        (None, {"at": "2026-11-26"}, False),
    ],
)
def test_a_deal_is_the_price_while_it_runs(start: Any, end: Any, is_price: bool) -> None:
    deal = {"accessType": "ALL", "badge": "Limited time deal", "startTime": start, "endTime": end, "percentClaimed": 35}
    (only,) = said(listing(49, type="LIGHTNING_DEAL", dealDetails=deal))
    assert isinstance(only, Reading) is is_price


# stock


@pytest.mark.parametrize(
    ("kind", "availability"),
    [
        ("IN_STOCK", Availability.IN_STOCK),
        ("IN_STOCK_SCARCE", Availability.IN_STOCK),
        ("AVAILABLE_DATE", Availability.BACK_ORDER),
        ("LEADTIME", Availability.BACK_ORDER),
        ("PREORDER", Availability.PRE_ORDER),
        ("OUT_OF_STOCK", Availability.OUT_OF_STOCK),
        ("UNAVAILABLE", Availability.OUT_OF_STOCK),
        ("UNKNOWN", Availability.UNKNOWN),
        ("SOMETHING_NEW", Availability.UNKNOWN),
        (True, Availability.UNKNOWN),
        (None, Availability.UNKNOWN),
    ],
)
def test_stock_is_told_by_its_type_and_never_by_its_message(kind: Any, availability: Availability) -> None:
    said_of_it = {"type": kind, "message": "Auf Lager. In stock. Nicht vorrätig."}
    (only,) = said(listing(availability=said_of_it))
    assert isinstance(only, Reading)
    assert only.availability is availability


def test_sold_out_without_a_price_is_not_sold_and_no_failure() -> None:
    (only,) = said(listing(availability={"type": "OUT_OF_STOCK"}) | {"price": None})
    assert isinstance(only, NotSold)


def test_in_stock_without_a_price_is_unreadable_and_not_sold_out() -> None:
    assert "is not named" in reason(listing() | {"price": None})


# amounts


@pytest.mark.parametrize(
    ("amount", "currency", "read"),
    [
        ("937.39", "USD", "937.39"),
        ("588.9", "BRL", "588.90"),
        ("199", "EUR", "199.00"),
        ("59.489999999999995", "USD", "59.49"),
        ("1.9545e+02", "USD", "195.45"),
        ("1980.0", "JPY", "1980"),
        ('"19.99"', "AUD", "19.99"),
    ],
)
def test_amounts_are_read_to_the_cent(amount: str, currency: str, read: str) -> None:
    assert price(listing(AMOUNT, currency), amount=amount).startswith(f"{read} {currency} ")


@pytest.mark.parametrize(
    "amount",
    [
        "0",
        "0.00",
        "-5",
        "0.001",
        "1e300",
        "1e-300",
        "1e999999",
        "5.555",
        "true",
        "null",
        '"1,299"',
        '"1.299,00"',
        "[1]",
        "{}",
    ],
)
def test_an_amount_that_is_none_is_refused(amount: str) -> None:
    assert "no price for everybody" in reason(listing(AMOUNT), amount=amount)


@pytest.mark.parametrize("currency", ["", "XXX", "$", "BGN", None, 5, ["USD"]])
def test_an_amount_without_a_currency_is_no_price(currency: Any) -> None:
    assert "currency" in reason(listing(99, currency))


@pytest.mark.parametrize("shape", [59.49, [], "59.49", {"money": 59.49}, {"money": [59.49]}, {"amount": 59.49}, {}])
def test_a_price_of_another_shape_is_refused(shape: Any) -> None:
    assert reason(listing() | {"price": shape})


def test_unit_and_list_prices_are_not_looked_at() -> None:
    parts = {
        "money": {"amount": 59.49, "currency": "USD"},
        "pricePerUnit": {"amount": 29.75, "currency": "USD", "displayAmount": "$29.75 / Count"},
        "savingBasis": {"money": {"amount": 69.99, "currency": "USD"}, "savingBasisType": "LIST_PRICE"},
        "savings": {"money": {"amount": 10.5, "currency": "USD"}, "percentage": 15},
    }
    assert price(listing() | {"price": parts}) == "59.49 USD new in_stock"
    assert "is not named" in reason(listing() | {"price": {**parts, "money": None}})


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("$59.49", 59.49, "USD"),
        ("$19.99", 19.99, "AUD"),
        ("R$ 1.588,90", 1588.9, "BRL"),
        ("1.299,00 €", 1299, "EUR"),
        ("1 299,00 zł", 1299, "PLN"),
        ("￥1,980", 1980, "JPY"),
        ("₹1,29,999.00", 129999, "INR"),
        ("£17.03", 17.03, "GBP"),
        ("1.299,00 TL", 1299, "TRY"),
        ("S$49.90", 49.9, "SGD"),
        ("49,90 kr", 49.9, "SEK"),
        ("something nobody can read", 59.49, "USD"),
        ("", 59.49, "USD"),
    ],
)
def test_the_price_as_printed_agrees(text: str, amount: float, currency: str) -> None:
    assert price(display(text, amount, currency)).split()[1] == currency


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("$594.90", 59.49, "USD"),
        ("$29.75", 59.49, "USD"),
        ("$59.49 / Count", 59.49, "USD"),
        ("EUR 59.49", 59.49, "USD"),
        ("59,49 €", 5949, "EUR"),
        ("￥1,980", 19.80, "USD"),
    ],
)
def test_a_price_that_contradicts_its_own_print_is_refused(text: str, amount: float, currency: str) -> None:
    assert reason(display(text, amount, currency))


# what else is said of an item


def test_title_brand_code_and_address_come_along() -> None:
    (only,) = said(
        listing(),
        detailPageURL=f"https://www.amazon.com/dp/{ASIN}?tag=earmark-20&linkCode=ogi&th=1&psc=1",
        itemInfo={
            "title": {"displayValue": "  Headset\u0000 One \ud800 "},
            "byLineInfo": {"brand": {"displayValue": "Acme"}},
            "externalIds": {"eans": {"displayValues": ["4006381333931"]}, "upcs": {"displayValues": []}},
        },
    )
    assert isinstance(only, Reading)
    assert (only.title, only.brand, only.gtin, only.asin) == ("Headset One", "Acme", "4006381333931", ASIN)
    assert only.url.endswith("linkCode=ogi&th=1&psc=1")


@pytest.mark.parametrize(
    "address", ["http://www.amazon.com/dp/1", "https://amazon.com.evil.example/", "javascript:1", "https://[", None, 5]
)
def test_an_address_elsewhere_is_left_out(address: Any) -> None:
    (only,) = said(listing(), detailPageURL=address)
    assert isinstance(only, Reading)
    assert only.url == ""


def test_several_codes_are_none() -> None:
    ids = {"eans": {"displayValues": ["4006381333931", "5901234123457"]}}
    (only,) = said(listing(), itemInfo={"externalIds": ids})
    assert isinstance(only, Reading)
    assert only.gtin == ""


@pytest.mark.parametrize("info", [None, [], "x", {"title": [], "byLineInfo": 5, "externalIds": {"eans": [1]}}])
def test_odd_descriptions_do_not_cost_the_price(info: Any) -> None:
    (only,) = said(listing(), itemInfo=info)
    assert isinstance(only, Reading)


def test_an_error_that_names_no_item_is_told_of_those_that_are_missing() -> None:
    errors = [{"code": "Unclear", "message": "Some items could not be read."}]
    (only,) = answered([ASIN], [], errors, shop="www.amazon.com", now=NOW)
    assert isinstance(only, Unreadable)
    assert "Unclear" in only.reason


def test_an_error_that_names_another_item_is_not_told_of_this_one() -> None:
    errors = [{"code": "ItemNotAccessible", "message": "The ItemId B000000002 is not accessible."}]
    here, there = answered([ASIN, "B000000002"], [], errors, shop="www.amazon.com", now=NOW)
    assert isinstance(here, Unreadable)
    assert isinstance(there, Unreadable)
    assert "does not name this item" in here.reason
    assert "does not hand out" in there.reason


def test_an_error_about_an_item_without_offers_is_not_taken_for_sold_out() -> None:
    errors = [{"code": "ItemNotAccessible", "message": f"The ItemId {ASIN} is not accessible."}]
    (only,) = answered([ASIN], [{"asin": ASIN}], errors, shop="www.amazon.com", now=NOW)
    assert isinstance(only, Unreadable)


def test_an_error_about_an_asin_that_contains_ours_is_not_about_ours() -> None:
    errors = [{"code": "ItemNotAccessible", "message": f"The ItemId X{ASIN} and {ASIN}9 are not accessible."}]
    (only,) = answered([ASIN], [{"asin": ASIN}], errors, shop="www.amazon.com", now=NOW)
    assert isinstance(only, NotSold)


@pytest.mark.parametrize("offers", [5, "none", True, {"listings": {}}, {"listings": "x"}, {"listings": 0}])
def test_offers_of_another_shape_are_unreadable_and_not_sold_out(offers: Any) -> None:
    (only,) = answered([ASIN], [{"asin": ASIN, "offersV2": offers}], [], shop="www.amazon.com", now=NOW)
    assert isinstance(only, Unreadable)

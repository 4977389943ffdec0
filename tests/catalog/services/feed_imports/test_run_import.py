"""What does an import write, row by row?"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.models import DoubtfulMatch, FeedImport, Link, Offer, Price, Product
from catalog.models.price import Verdict
from catalog.services import feed_imports
from catalog.services.feed_imports import running
from catalog.services.links import link_for_offer
from tests.catalog.services.feed_imports.feeds import (
    GTIN,
    NOW,
    OTHER_GTIN,
    detected,
    known_product,
    ran,
    row,
    table,
)
from tests.factories import make_merchant, make_offer

pytestmark = pytest.mark.django_db


def test_a_row_whose_gtin_is_ours_becomes_an_offer_with_link_and_price() -> None:
    product = known_product(gtin=GTIN)
    done = ran(make_merchant(), table(row("A1", gtin=GTIN, price="89.50 USD")), now=NOW)
    offer = Offer.objects.get()
    assert (offer.product_id, offer.merchant_sku, offer.url) == (product, "A1", "https://shop.example/p/A1")
    assert (offer.amount, offer.currency, offer.availability) == (Decimal("89.500"), "USD", "in_stock")
    assert (offer.state, offer.seen_at) == ("ok", NOW)
    assert offer.links.get().code == "acme-one-shop"
    price = offer.prices.get()
    assert (price.amount, price.verdict, price.raw) == (Decimal("89.500"), Verdict.ACCEPTED, "89.50 USD")
    assert (done.state, done.position, done.rows_matched, done.offers_made) == ("done", 1, 1, 1)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"gtin": "0012345678905"}, {"gtin": "012345678905"}),
        ({"gtin": "0012345678905"}, {"gtin": "00012345678905"}),
        ({"gtin": GTIN}, {"gtin": "4006381-333931"}),
        ({"asin": "B0ABCDEFGH"}, {"mpn": "", "asin": "b0abcdefgh"}),
        ({"mpn": "WH-1000XM5"}, {"brand": "ACME", "mpn": "wh-1000xm5"}),
        ({"mpn": "WH-1000XM5"}, {"brand": "", "title": "Acme headphones", "mpn": "WH-1000XM5"}),
    ],
    ids=["UPC", "GTIN-14", "hyphen", "ASIN", "brand and number", "brand in the title"],
)
def test_codes_are_found_however_they_are_spelled(ours: dict[str, str], theirs: dict[str, str]) -> None:
    product = known_product(**ours)
    header = ["id", "title", "brand", "gtin", "mpn", "asin", "price", "link"]
    cells = {"id": "A1", "title": "Thing", "price": "9.00 USD", "link": "https://shop.example/a"} | theirs
    ran(make_merchant(), table([cells.get(name, "") for name in header], header=header))
    assert Offer.objects.get().product_id == product


def test_a_part_number_that_two_products_share_is_a_doubt() -> None:
    ids = {known_product("One", mpn="AC-100"), known_product("Two", mpn="AC-100")}
    done = ran(make_merchant(), table(row("A1", brand="Acme", mpn="AC-100")))
    assert not Offer.objects.exists()
    assert {candidate["product"] for candidate in DoubtfulMatch.objects.get().candidates} == ids
    assert (done.rows_doubtful, done.rows_matched) == (1, 0)


def test_codes_that_contradict_each_other_are_a_doubt_with_both_candidates() -> None:
    first, second = known_product("One", gtin=GTIN), known_product("Two", mpn="AC-200")
    ran(make_merchant(), table(row("A1", brand="Acme", gtin=GTIN, mpn="AC-200")))
    doubt = DoubtfulMatch.objects.get()
    assert [candidate["product"] for candidate in doubt.candidates] == [first, second]
    assert "part number is another's" in doubt.candidates[0]["why"]


def test_a_gtin_of_another_makers_product_is_a_doubt() -> None:
    known_product("One", gtin=GTIN)
    known_product("Buds", brand="Bell")
    ran(make_merchant(), table(row("A1", brand="Bell", gtin=GTIN)))
    assert "brand is Bell, not Acme" in DoubtfulMatch.objects.get().candidates[0]["why"]


def test_a_title_that_names_a_model_is_a_doubt_with_what_an_editor_needs() -> None:
    product = known_product("WH-1000XM5")
    ran(make_merchant(), table(row("A1", brand="Acme", title="Acme WH1000XM5 Wireless, black", gtin=OTHER_GTIN)))
    doubt = DoubtfulMatch.objects.get()
    assert doubt.candidates[0]["product"] == product
    assert (doubt.title, doubt.gtin, doubt.amount) == ("Acme WH1000XM5 Wireless, black", OTHER_GTIN, Decimal("99.000"))


def test_what_an_editor_dismissed_stays_dismissed() -> None:
    known_product("WH-1000XM5")
    shop, feed = make_merchant(), table(row("A1", brand="Acme", title="Acme WH-1000XM5"))
    ran(shop, feed)
    DoubtfulMatch.objects.update(decision=DoubtfulMatch.Decision.DISMISSED)
    done = ran(shop, feed)
    assert (done.rows_doubtful, done.rows_unknown) == (0, 1)
    assert DoubtfulMatch.objects.get().decision == "dismissed"


def test_an_item_that_is_none_of_ours_is_counted_and_leaves_no_trace() -> None:
    done = ran(make_merchant(), table(row("A1", gtin=OTHER_GTIN, brand="Unheard")))
    assert (done.rows_unknown, Offer.objects.count(), DoubtfulMatch.objects.count()) == (1, 0, 0)


def test_an_offer_that_an_editor_made_is_known_by_the_merchants_id() -> None:
    shop = make_merchant()
    offer = make_offer(merchant=shop, merchant_sku="A1", url="https://shop.example/old")
    done = ran(shop, table(row("A1")))
    offer.refresh_from_db()
    assert (offer.amount, offer.url) == (Decimal("99.000"), "https://shop.example/p/A1")
    assert offer.links.count() == 1
    assert (done.offers_made, done.offers_changed, done.rows_matched) == (0, 1, 1)


def test_a_withdrawn_offer_stays_withdrawn_and_says_so() -> None:
    shop = make_merchant()
    offer = make_offer(merchant=shop, merchant_sku="A1", withdrawn_at=NOW)
    done = ran(shop, table(row("A1")))
    offer.refresh_from_db()
    assert offer.withdrawn_at == NOW
    assert "withdrawn" in done.problems.get().message


def test_an_offer_of_another_product_is_not_given_this_ones_price() -> None:
    known_product("One", gtin=GTIN)
    shop = make_merchant()
    offer = make_offer(Product.objects.get(pk=known_product("Two")), shop, merchant_sku="A1")
    done = ran(shop, table(row("A1", gtin=GTIN)))
    offer.refresh_from_db()
    assert offer.amount is None
    assert (done.rows_refused, done.problems.get().field) == (1, "sku")


def test_a_leap_of_a_known_price_is_held_by_the_judge() -> None:
    known_product(gtin=GTIN)
    shop = make_merchant()
    ran(shop, table(row("A1", gtin=GTIN, price="100.00 USD")), now=NOW)
    ran(shop, table(row("A1", gtin=GTIN, price="10.00 USD")), now=NOW + timedelta(days=1))
    offer = Offer.objects.get()
    assert (offer.amount, offer.state) == (Decimal("100.000"), "held")


def test_a_first_price_in_a_foreign_currency_is_held_by_the_judge() -> None:
    known_product(gtin=GTIN)
    ran(make_merchant(), table(row("A1", gtin=GTIN, price="99.00 EUR")))
    offer = Offer.objects.get()
    assert (offer.amount, offer.state) == (None, "held")
    assert offer.prices.get().verdict == Verdict.HELD


def test_the_same_price_again_moves_only_its_time() -> None:
    known_product(gtin=GTIN)
    shop, later = make_merchant(), NOW + timedelta(days=1)
    ran(shop, table(row("A1", gtin=GTIN)), now=NOW)
    planned = Offer.objects.get().next_check_at
    ran(shop, table(row("A1", gtin=GTIN)), now=later)
    offer = Offer.objects.get()
    assert (offer.seen_at, offer.next_check_at, offer.prices.count()) == (later, planned, 1)


def test_a_file_older_than_what_we_know_changes_nothing() -> None:
    known_product(gtin=GTIN)
    shop = make_merchant()
    ran(shop, table(row("A1", gtin=GTIN, price="100.00 USD")), now=NOW)
    ran(shop, table(row("A1", gtin=GTIN, price="110.00 USD")), now=NOW - timedelta(days=1))
    assert Offer.objects.get().amount == Decimal("100.000")


def test_the_same_file_twice_leaves_what_once_leaves() -> None:
    known_product(gtin=GTIN)
    shop, feed = make_merchant(), table(row("A1", gtin=GTIN), row("A2", gtin=GTIN, condition="used"))
    first = ran(shop, feed)
    before = list(Offer.objects.order_by("pk").values())
    feed_imports.retry_import(feed_import=first)
    again = feed_imports.run_import(feed_import_id=first.pk, now=NOW)
    assert list(Offer.objects.order_by("pk").values()) == before
    assert again is not None
    assert (again.rows_matched, again.offers_made, again.position) == (2, 0, 2)
    assert (Price.objects.count(), Link.objects.count()) == (2, 2)


def test_new_and_used_of_one_id_are_two_offers() -> None:
    known_product(gtin=GTIN)
    ran(make_merchant(), table(row("A1", gtin=GTIN), row("A1", gtin=GTIN, condition="used", price="50.00 USD")))
    assert set(Offer.objects.values_list("condition", "amount")) == {("new", 99), ("used", 50)}


@pytest.mark.parametrize("stroke", [10, 1], ids=["in one stroke", "in two strokes"])
def test_an_id_listed_twice_at_two_prices_is_never_believed(monkeypatch: pytest.MonkeyPatch, stroke: int) -> None:
    monkeypatch.setattr(running, "STROKE", stroke)
    known_product(gtin=GTIN)
    done = ran(make_merchant(), table(row("A1", gtin=GTIN), row("A1", gtin=GTIN, price="9.90 USD")))
    assert not Offer.objects.filter(state="ok").exists()
    assert "more than once" in done.problems.latest("row_number").message


def test_an_id_listed_twice_at_one_price_is_one_offer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "STROKE", 1)
    known_product(gtin=GTIN)
    done = ran(make_merchant(), table(row("A1", gtin=GTIN), row("A1", gtin=GTIN)))
    assert (Offer.objects.count(), Price.objects.count(), done.rows_refused) == (1, 1, 0)


def test_a_merchant_whose_terms_allow_no_prices_gets_offers_and_links_only() -> None:
    known_product(gtin=GTIN)
    ran(make_merchant(prices_allowed=False), table(row("A1", gtin=GTIN)))
    offer = Offer.objects.get()
    assert (offer.amount, offer.prices.count(), offer.links.count()) == (None, 0, 1)


def test_broken_rows_are_said_with_row_field_and_text_and_the_others_are_taken() -> None:
    known_product(gtin=GTIN)
    done = ran(
        make_merchant(),
        table(
            row("A1", gtin=GTIN),
            row("", gtin=GTIN),
            row("A3", gtin=GTIN, price="from 10"),
            row("A4", gtin=GTIN, price=""),
            row("A5", gtin=GTIN, condition="kaputt"),
            row("A6", gtin=GTIN, link="https://evil.example/p"),
            row("A7", gtin=GTIN, price="0.00 USD"),
            row("A8", gtin=GTIN, price="12.3456 USD"),
        ),
    )
    found = {problem.row_number: (problem.field, problem.raw) for problem in done.problems.all()}
    assert found == {
        3: ("sku", ""),
        4: ("price", "from 10"),
        5: ("price", ""),
        6: ("condition", "kaputt"),
        7: ("url", "https://evil.example/p"),
        8: ("price", "0.00 USD"),
        9: ("price", "12.3456 USD"),
    }
    assert (done.rows_matched, done.rows_refused, done.position) == (1, 7, 8)


def test_a_gtin_that_a_spreadsheet_rounded_is_said_and_the_row_still_taken() -> None:
    known_product(mpn="AC-100")
    done = ran(make_merchant(), table(row("A1", brand="Acme", mpn="AC-100", gtin="4,00638E+12")))
    assert (done.rows_matched, done.rows_refused) == (1, 0)
    assert "rounded this GTIN" in done.problems.get().message


def test_a_link_code_that_is_taken_is_numbered_on() -> None:
    product = Product.objects.get(pk=known_product(gtin=GTIN))
    shop = make_merchant()
    link_for_offer(offer=make_offer(product, shop, merchant_sku="Z"))
    other = make_offer(Product.objects.get(pk=known_product("Two")), make_merchant("Else"))
    Link.objects.create(code="acme-one-shop-2", offer=other)
    ran(shop, table(row("A1", gtin=GTIN), row("A2", gtin=GTIN)))
    codes = Link.objects.filter(offer__merchant_sku__in=["A1", "A2"]).values_list("code", flat=True)
    assert sorted(codes) == ["acme-one-shop-3", "acme-one-shop-4"]


def test_problems_are_kept_up_to_a_limit_and_all_of_them_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MOST_PROBLEMS", 3)
    done = ran(make_merchant(), table(*(row(f"A{number}", price="x") for number in range(10))))
    assert (done.problems.count(), done.rows_refused) == (3, 10)


def test_a_merged_product_gets_its_offers_at_the_one_it_was_merged_into() -> None:
    merged, kept = known_product("One", gtin=GTIN), known_product("Two")
    Product.objects.filter(pk=merged).update(merged_into=kept)
    ran(make_merchant(), table(row("A1", gtin=GTIN)))
    assert Offer.objects.get().product_id == kept


def test_a_template_stands_in_for_the_column_of_pages() -> None:
    known_product(gtin=GTIN)
    header = ["id", "gtin", "price"]
    feed_import = detected(make_merchant(), table(["A 1/x", GTIN, "9 USD"], header=header))
    problems = feed_imports.set_mapping(
        feed_import=feed_import,
        format="csv",
        encoding="utf-8",
        delimiter=",",
        currency="USD",
        mapping={**feed_import.mapping, "url_template": "https://shop.example/find?sku={sku}"},
    )
    assert problems == []
    feed_imports.queue_import(feed_import=feed_import)
    feed_imports.run_import(feed_import_id=feed_import.pk, now=NOW)
    assert Offer.objects.get().url == "https://shop.example/find?sku=A%201%2Fx"


def test_an_import_that_is_not_queued_or_gone_is_left_alone() -> None:
    feed_import = detected(make_merchant(), table(row("A1")))
    assert feed_imports.run_import(feed_import_id=feed_import.pk, now=NOW) is None
    assert feed_imports.run_import(feed_import_id=999_999, now=NOW) is None
    assert FeedImport.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("cell", "sku"),
    [("'-100", "-100"), ("'+1", "+1"), ("'=A1", "=A1"), ("'@x", "@x"), ("'A1", "'A1"), ("''-1", "'-1"), ("'", "'")],
)
def test_the_apostrophe_that_our_own_export_puts_before_a_formula_sign_is_taken_off(cell: str, sku: str) -> None:
    known_product(gtin=GTIN)
    ran(make_merchant(), table(row(cell, gtin=GTIN, link="https://shop.example/p/1")))
    assert Offer.objects.get().merchant_sku == sku


def test_a_brand_and_a_part_number_that_came_back_from_an_export_are_matched() -> None:
    product = known_product(brand="@Home", mpn="-77X")
    ran(make_merchant(), table(row("A1", brand="'@Home", mpn="'-77X")))
    assert Offer.objects.get().product_id == product

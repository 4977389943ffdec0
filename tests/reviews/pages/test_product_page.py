from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Link, Merchant, Offer, Price, Product, SpecEvidence
from catalog.placements import token
from reviews import selectors
from reviews.pages.product import ProductPage, product_page
from tests.factories import make_merchant, make_product, make_review, make_seen_offer
from tests.reviews.scored import give, make_method

pytestmark = pytest.mark.django_db


def page_of(slug: str) -> ProductPage:
    product = selectors.product_by_slug(slug)
    assert product is not None
    return product_page(product, now=timezone.now())


def test_all_offers_stand_with_shop_country_condition_stock_and_time(client: Client) -> None:
    product = make_product()
    make_seen_offer(product, make_merchant("Laden", country="DE"), amount="80", shipping_amount=Decimal("4.99"))
    make_seen_offer(product, make_merchant("Shop"), amount="90", availability="out_of_stock")
    html = client.get(product.get_absolute_url()).content.decode()
    for words in ("Laden", "DE", "New", "In stock", "Out of stock", "$80.00", "plus $4.99 shipping", " UTC, "):
        assert words in html, words
    assert html.index("Laden") < html.index("Shop")
    assert html.index("commission") < html.index('rel="sponsored')


def test_a_shop_that_wants_a_direct_link_gets_one_whose_click_the_browser_tells_us(client: Client) -> None:
    product = make_product()
    make_seen_offer(product, make_merchant("Direct", link_style="direct", disclaimer="Prices may change."))
    html = client.get(product.get_absolute_url()).content.decode()
    assert 'href="https://direct.example/p/acme-one' in html
    assert f'ping="{settings.SITE_URL}/go/acme-one-direct/?p={token(f"p{product.pk}.offers.1")}"' in html
    assert "Prices may change." in html


def test_a_stale_price_is_on_neither_the_page_nor_in_its_structured_data(client: Client) -> None:
    product = make_product()
    make_seen_offer(product, make_merchant(), amount="123.45", seen_at=timezone.now() - timedelta(days=8))
    html = client.get(product.get_absolute_url()).content.decode()
    assert "123.45" not in html
    assert "See price at Shop" in html
    assert "stock not known" in html


def test_the_template_asks_the_database_nothing() -> None:
    product = make_product(kind="headphones", type="over-ear", specs={"anc": True})
    make_product("Two", kind="headphones", type="over-ear")
    make_seen_offer(product, make_merchant())
    make_review(product)
    page = page_of("acme-one")
    with CaptureQueriesContext(connection) as captured:
        render_to_string("reviews/product.html", {"page": page})
    assert len(captured) == 0


def test_more_offers_and_alternatives_ask_no_more_questions() -> None:
    def queries(slug: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(slug)
        return len(captured)

    product = make_product(kind="headphones", type="over-ear")
    make_seen_offer(product, make_merchant("First"))
    few = queries("acme-one")
    for number in range(20):
        make_seen_offer(product, make_merchant(f"Shop {number}"))
        make_product(f"Other {number}", kind="headphones", type="over-ear")
    assert queries("acme-one") <= few + 1


def test_yes_no_and_unknown_are_three_different_things(client: Client) -> None:
    product = make_product(specs={"anc": True, "wireless": False, "weight_g": Decimal("250.0")})
    html = client.get(product.get_absolute_url()).content.decode()
    assert '<span class="fact-yes">Yes</span>' in html
    assert '<span class="fact-no">No</span>' in html
    assert "250\N{NO-BREAK SPACE}g" in html
    assert "Not known to us:" in html


def test_a_source_that_most_specs_share_is_told_once_and_others_beside_their_spec() -> None:
    product = make_product(specs={"anc": True, "wireless": True, "foldable": False})
    day = date(2026, 5, 1)
    for spec, source in (("anc", "Maker"), ("wireless", "Maker"), ("foldable", "Our scales")):
        SpecEvidence.objects.create(product=product, spec=spec, source=source, checked_on=day)
    page = page_of("acme-one")
    assert page.usual_source is not None
    assert page.usual_source.name == "Maker"
    told = {line.fact.key: line.source.name for group in page.groups for line in group.lines if line.source}
    assert told == {"foldable": "Our scales"}


def test_specs_without_any_source_are_not_given_one() -> None:
    product = make_product(specs={"anc": True, "wireless": True, "foldable": False})
    for spec in ("anc", "wireless"):
        SpecEvidence.objects.create(product=product, spec=spec, source="Maker", checked_on=date(2026, 5, 1))
    assert page_of("acme-one").usual_source is None


def test_the_review_its_score_and_the_articles_are_named(client: Client) -> None:
    product = make_product()
    make_review(product, score="8.4")
    html = client.get(product.get_absolute_url()).content.decode()
    assert "8.4" in html
    assert html.count('href="/reviews/acme-one-review/"') == 2


def test_the_chart_holds_only_shops_that_allow_a_history(client: Client) -> None:
    product = make_product()
    now = timezone.now()
    for merchant in (make_merchant("Open", history_allowed=True), make_merchant("Closed")):
        offer = make_seen_offer(product, merchant)
        for days in (20, 10):
            Price.objects.create(
                offer=offer,
                amount=100 + days,
                currency="USD",
                availability="in_stock",
                seen_at=now - timedelta(days=days),
                source="manual",
            )
    page = page_of("acme-one")
    assert page.chart is not None
    assert [series.merchant for series in page.chart.series] == ["Open"]
    assert page.chart.lowest == "$110.00"
    assert "<title" in client.get(product.get_absolute_url()).content.decode()


def test_others_of_its_type_are_offered_those_that_can_be_bought_first() -> None:
    make_product(kind="headset", type="gaming")
    make_product("Bare", kind="headset", type="gaming")
    sold = make_product("Sold", kind="headset", type="gaming")
    make_product("Else", kind="headset", type="business")
    make_seen_offer(sold, make_merchant())
    assert [card.name for card in page_of("acme-one").alternatives.others] == ["Acme Sold", "Acme Bare"]


def test_paid_links_of_alternatives_alone_have_the_disclosure_before_them(client: Client) -> None:
    product = make_product(kind="headset", type="gaming")
    sold = make_product("Sold", kind="headset", type="gaming")
    make_seen_offer(sold, make_merchant())
    html = client.get(product.get_absolute_url()).content.decode()
    assert 0 < html.find("note-disclosure") < html.index('rel="sponsored')
    assert client.get(sold.get_absolute_url()).content.decode().count("note-disclosure") == 1


def test_a_product_of_unknown_kind_has_a_page_too(client: Client) -> None:
    product = make_product()
    html = client.get(product.get_absolute_url()).content.decode()
    assert "Kind not known" in html
    assert client.get("/products/no-such-thing/").status_code == 404


def watch(product: Product, merchant: Merchant, *runs: tuple[int, str]) -> Offer:
    """Prices as (days ago, amount), looked at every day since the first; the last one is the price now."""
    now = timezone.now()
    offer = make_seen_offer(product, merchant, amount=runs[-1][1], seen_at=now - timedelta(minutes=1))
    offer.days_seen = (1 << min(runs[0][0] + 1, 62)) - 1
    offer.save(update_fields=["days_seen"])
    for days, amount in runs:
        Price.objects.create(
            offer=offer,
            amount=Decimal(amount),
            currency="USD",
            availability="in_stock",
            seen_at=now - timedelta(days=days),
            source="manual",
        )
    return offer


def test_the_verdict_on_the_price_stands_with_its_numbers(client: Client) -> None:
    product = make_product()
    watch(product, make_merchant("Open", history_allowed=True), (50, "100"), (4, "79"))
    html = client.get(product.get_absolute_url()).content.decode()
    assert "A real reduction." in html
    assert "$79.00 at Open, 21 % under $100.00, the lowest price of the 30 days before" in html
    assert "observed on 30 of 30 days" in html


def test_a_shop_without_a_history_gets_no_verdict_and_no_statistics(client: Client) -> None:
    product = make_product()
    watch(product, make_merchant("Closed"), (50, "100"), (4, "79"))
    page = page_of("acme-one")
    assert (page.deal, page.chart, page.statistics) == (None, None, ())
    assert "100.00" not in client.get(product.get_absolute_url()).content.decode()


def test_a_price_too_old_to_be_shown_gets_no_verdict() -> None:
    product = make_product()
    offer = watch(product, make_merchant("Open", history_allowed=True), (50, "100"), (14, "79"))
    Offer.objects.filter(pk=offer.pk).update(seen_at=timezone.now() - timedelta(days=8))
    assert page_of("acme-one").deal is None


def test_statistics_weigh_by_time_and_leave_rejected_readings_out(client: Client) -> None:
    product = make_product()
    offer = watch(product, make_merchant("Open", history_allowed=True), (50, "100"), (4, "79"))
    Price.objects.create(
        offer=offer,
        amount=Decimal("1.00"),
        currency="USD",
        availability="in_stock",
        seen_at=timezone.now() - timedelta(days=20),
        source="manual",
        verdict="rejected",
    )
    lines = {line.days: line for line in page_of("acme-one").statistics}
    assert set(lines) == {7, 30, 90}
    assert (lines[7].lowest, lines[7].median, lines[7].highest) == ("$79.00", "$79.00", "$100.00")
    assert (lines[30].median, lines[30].p10) == ("$100.00", "$79.00")
    assert lines[30].observed == "30 of 30"
    assert lines[90].observed.startswith("at least ")
    assert "Every change as a table" in client.get(product.get_absolute_url()).content.decode()


def test_a_price_that_held_into_the_charted_time_begins_with_it() -> None:
    product = make_product()
    watch(product, make_merchant("Open", history_allowed=True), (200, "100"), (4, "79"))
    chart = page_of("acme-one").chart
    assert chart is not None
    assert [change.price for change in chart.changes] == ["$79.00", "$100.00"]
    assert chart.days == 90


def test_shipping_stands_with_what_is_to_be_paid_in_all(client: Client) -> None:
    product = make_product()
    make_seen_offer(product, make_merchant(), amount="80", shipping_amount=Decimal("4.99"))
    assert "plus $4.99 shipping, $84.99 in all" in client.get(product.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("merchant", "offer", "words"),
    [
        ({"prices_allowed": False}, {}, "this shop shows its price only itself"),
        ({}, {"amount": None, "currency": "", "seen_at": None, "availability": "unknown"}, "could not be read yet"),
        ({}, {"seen_at": datetime(2026, 1, 1, tzinfo=UTC)}, "too old to be shown"),
        ({}, {"amount": None, "currency": "", "availability": "discontinued"}, "names no price at the moment"),
    ],
    ids=["terms", "never read", "too old", "not sold"],
)
def test_an_offer_without_a_price_says_why(
    client: Client, merchant: dict[str, Any], offer: dict[str, Any], words: str
) -> None:
    product = make_product()
    made = make_seen_offer(product, make_merchant(**merchant))
    Offer.objects.filter(pk=made.pk).update(**offer)
    html = client.get(product.get_absolute_url()).content.decode()
    assert "See price at Shop" in html
    assert words in html
    assert "Out of stock" not in html
    assert "99.00" not in html


def test_the_low_of_thirty_days_stands_with_the_days_on_which_it_was_observed(client: Client) -> None:
    product = make_product()
    watch(product, make_merchant("Open", history_allowed=True), (50, "100"), (12, "79"), (4, "85"))
    month = page_of("acme-one").month
    assert month is not None
    assert (month.days, month.lowest, month.observed) == (30, "$79.00", "30 of 30")
    html = " ".join(client.get(product.get_absolute_url()).content.decode().split())
    assert "Lowest price of the last 30 days: <strong>$79.00</strong>; observed on 30 of 30 days." in html


def test_a_price_watched_for_one_day_has_no_statistics() -> None:
    product = make_product()
    watch(product, make_merchant("Open", history_allowed=True), (0, "79"))
    page = page_of("acme-one")
    assert (page.statistics, page.month) == ((), None)


def test_the_verdict_is_on_the_offer_that_is_named_first_of_two_at_one_shop() -> None:
    product, shop = make_product(), make_merchant("Open", history_allowed=True)
    dearer = watch(product, shop, (50, "150"), (4, "120"))
    Offer.objects.filter(pk=dearer.pk).update(merchant_sku="acme-one-red")
    Link.objects.filter(offer=dearer).update(code="acme-one-red")
    watch(product, shop, (50, "100"), (4, "79"))
    said = page_of("acme-one").deal
    assert said is not None
    assert said.text.startswith("$79.00 at Open, 21 % under $100.00")


def test_an_alternative_says_its_one_difference_and_what_would_be_given_up(client: Client) -> None:
    shop = make_merchant()
    one = make_product(kind="headset", type="gaming", specs={"wireless": True, "weight_g": Decimal(250)})
    cheap = make_product("Cheap", kind="headset", type="gaming", specs={"wireless": False, "weight_g": Decimal(300)})
    make_seen_offer(one, shop, amount="200.00")
    make_seen_offer(cheap, shop, amount="120.00")
    (found,) = page_of("acme-one").alternatives.chosen
    assert (found.card.name, found.aspect, found.difference) == ("Acme Cheap", "Cheaper", "$80.00 cheaper")
    assert found.gives_up == ("50\N{NO-BREAK SPACE}g heavier", "needs a cable")
    html = client.get("/products/acme-one/").content.decode()
    assert "What would I give up?" in html
    assert "<li>50\N{NO-BREAK SPACE}g heavier</li>" in html
    assert "<li>needs a cable</li>" in html
    assert 'href="/compare/?products=acme-one,acme-cheap"' in html


def test_a_price_that_may_not_be_shown_makes_nothing_cheaper() -> None:
    one, cheap = (make_product(name, kind="headset", type="gaming") for name in ("One", "Cheap"))
    make_seen_offer(one, make_merchant(), amount="200.00")
    make_seen_offer(cheap, make_merchant("Silent", prices_allowed=False), amount="20.00")
    page = page_of("acme-one")
    assert page.alternatives.chosen == ()
    assert [card.name for card in page.alternatives.others] == ["Acme Cheap"]


def test_a_better_score_is_named_with_its_use_case_and_no_product_stands_twice() -> None:
    method = make_method()
    one, better = (make_product(name, kind="headset", type="gaming") for name in ("One", "Better"))
    give(method, one, sound="6.0", comfort="6.0", carrying="6.0")
    give(method, better, sound="8.0", comfort="6.0", carrying="6.0")
    page = page_of("acme-one")
    assert [one.difference for one in page.alternatives.chosen] == ["1.2 higher for At a desk"]
    assert page.alternatives.others == ()


def test_its_maker_is_a_link_to_all_the_maker_s_models(client: Client) -> None:
    html = client.get(make_product().get_absolute_url()).content.decode()
    assert '<a href="/brands/acme/">Acme</a>' in html

from __future__ import annotations

import pytest

from catalog.reading import Availability, Reading
from tests.catalog.sources.pages import ask, meta, offer, page, price, product, reason

MICRODATA = """
<div itemscope itemtype="http://schema.org/Product"><h1 itemprop="name">Studio One</h1>
  <div itemprop="offers" itemscope itemtype="http://schema.org/Offer">
    <meta itemprop="priceCurrency" content="EUR"><span itemprop="price"> {price} </span>
    <link itemprop="availability" href=" https://schema.org/InStock ">
  </div></div>"""


def microdata(amount: str = "199.00") -> str:
    return MICRODATA.replace("{price}", amount)


def test_reads_microdata() -> None:
    said = ask(page(body=microdata("1.199,00 €")))
    assert isinstance(said, Reading)
    assert (str(said.amount), said.currency, said.availability) == ("1199.00", "EUR", Availability.IN_STOCK)


def test_reads_open_graph_tags_when_there_is_nothing_better() -> None:
    tags = meta(product__price__amount="199.00", product__price__currency="EUR", og__availability="instock")
    said = ask(page(head=tags))
    assert isinstance(said, Reading)
    assert (str(said.amount), said.availability, said.title) == ("199.00", Availability.IN_STOCK, "Studio One")


def test_the_sale_tag_goes_before_the_price_tag() -> None:
    tags = meta(
        product__sale_price__amount="997.00",
        product__sale_price__currency="PLN",
        product__price__amount="1148.00",
        product__price__currency="PLN",
    )
    assert price(page(head=tags)) == "997.00 PLN"


def test_sources_that_agree_within_one_percent_are_one_price() -> None:
    tags = meta(product__price__amount="199.90", product__price__currency="EUR")
    assert price(page(product(offer()), body=microdata(), head=tags)) == "199.00 EUR"


@pytest.mark.parametrize(
    ("tags", "why"),
    [
        (
            meta(product__price__amount="120.00", product__price__currency="EUR"),
            "disagree: 199.00 EUR (JSON-LD) and 120",
        ),
        (
            meta(product__price__amount="199.00", product__price__currency="USD"),
            "disagree: 199.00 EUR (JSON-LD) and 199",
        ),
    ],
)
def test_sources_that_disagree_block_the_price(tags: str, why: str) -> None:
    assert why in reason(page(product(offer()), head=tags))
    assert "disagree" in reason(page(product(offer()), body=microdata("149.00")))


def test_a_reduction_that_the_tags_spell_out_settles_a_disagreement() -> None:
    tags = meta(product__price__amount="120.00", product__price__currency="EUR", og__price__standard_amount="199.00")
    assert price(page(product(offer()), head=tags)) == "120.00 EUR"


def test_a_better_source_that_refuses_is_not_replaced_by_a_worse_one() -> None:
    without_tax = meta(product__price__amount="67.84", product__price__currency="EUR")
    assert reason(page(body=microdata("71,91 € 79,90 €"), head=without_tax)).startswith("microdata: ")


def test_a_price_that_the_page_strikes_out_is_not_the_price() -> None:
    for struck in ("<del>199,00 €</del>", "<s>EUR 199</s>", '<span class="price old-price">199,00 €</span>'):
        assert "as a former one" in reason(page(product(offer()), body=f"{struck} <b>149,00 €</b>"))
    assert price(page(product(offer()), body="<del>249,00 €</del> <b>199,00 €</b>")) == "199.00 EUR"


@pytest.mark.parametrize("name", ["price-list", "regular-price", "list", "gold-price", "threshold"])
def test_a_class_name_that_only_looks_like_a_former_price_refuses_nothing(name: str) -> None:
    assert price(page(product(offer()), body=f'<span class="{name}">199,00 €</span>')) == "199.00 EUR"


def test_an_auction_is_refused() -> None:
    assert "auction" in reason(page(product(offer()), body="<p>Current bid: 150 €</p>"))


def test_the_product_named_in_the_headline_is_the_pages_own() -> None:
    other = product(offer("49.00"), name="Cable")
    assert price(page(other, product(offer()), title="Studio One | Shop")) == "199.00 EUR"
    assert price(page(product(offer()), {**other, "name": "Studio"}, title="Studio One | Shop")) == "199.00 EUR"


def test_the_product_with_our_sku_is_the_pages_own() -> None:
    other = product(offer("49.00"), name="Cable", sku="C-1")
    assert price(page(other, product(offer(), sku="S-1"), title="Shop")) == "199.00 EUR"


def test_several_products_of_which_none_is_clearly_the_pages_own_are_refused() -> None:
    text = page(product(offer("49.00"), name="Cable"), product(offer(), name="Other"), title="Shop")
    assert "describes 2 products" in reason(text)


def test_related_and_listed_products_are_not_the_pages_own() -> None:
    related = product(offer(), isRelatedTo=[product(offer("9.00"), name="Cable")])
    assert price(page(related)) == "199.00 EUR"
    listing = {"@type": "ItemList", "itemListElement": [product(offer())]}
    assert reason(page(listing)) == "The page has no structured price."


def test_variants_under_one_name_are_one_product() -> None:
    assert price(page(product(offer(), sku="a"), product(offer(), sku="b"))) == "199.00 EUR"


def test_sources_that_disagree_about_stock_leave_it_unknown() -> None:
    tags = meta(product__price__amount="199", product__price__currency="EUR", product__availability="oos")
    said = ask(page(product(offer(availability="InStock")), head=tags))
    assert isinstance(said, Reading)
    assert said.availability is Availability.UNKNOWN


@pytest.mark.parametrize("text", ["", "   ", "<html></html>", "<p>just words, 199.00 EUR", "\x00\x01"])
def test_a_page_without_structured_data_is_unreadable(text: str) -> None:
    assert reason(text) in {"The page is empty.", "The page has no structured price."}


def test_the_charset_of_the_header_goes_before_the_pages_own() -> None:
    text = page(product(offer(), name="Kopfhörer"), head='<meta charset="iso-8859-1">')
    said = ask(text.encode())
    assert isinstance(said, Reading)
    assert said.title == "Kopfhörer"
    latin = ask(text.replace("iso-8859-1", "windows-1252").encode("windows-1252"), content_type="text/html")
    assert isinstance(latin, Reading)
    assert "Kopfh" in latin.title


def test_html_entities_in_names_are_read() -> None:
    said = ask(page(product(offer(), name="Elo&iacute;sa &amp; Co")))
    assert isinstance(said, Reading)
    assert said.title == "Eloísa & Co"


def test_a_hostile_page_costs_no_time() -> None:
    deep = '{"a":' * 5000
    comments = "/*" * 100_000
    commas = '{"x": [' + ", " * 100_000
    assert "no structured price" in reason(page(deep, comments, commas))

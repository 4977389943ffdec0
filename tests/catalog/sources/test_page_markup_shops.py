"""Pages as shop systems and shops write them: each is read as a person reads it, or refused with the reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from catalog.reading import Availability, Condition, Reading
from tests.catalog.sources.pages import URL, ask, meta, offer, page, price, product, reason

UNIT = {"@type": "UnitPriceSpecification", "priceCurrency": "EUR", "valueAddedTaxIncluded": True}
LIST = {"priceType": "https://schema.org/ListPrice"}


def woocommerce(*specs: dict[str, Any], **fields: Any) -> dict[str, Any]:
    one = {
        "@type": "Offer",
        "priceSpecification": list(specs),
        "priceValidUntil": "2024-12-31",
        "availability": "https://schema.org/InStock",
        "url": URL,
        **fields,
    }
    return {"@context": "https://schema.org/", "@graph": [{"@type": "BreadcrumbList"}, product([one], sku=17)]}


def item(price_part: str, *, name: str = "Studio One", extra: str = "") -> str:
    return (
        f'<div itemscope itemtype="https://schema.org/Product"><h1 itemprop="name">{name}</h1>'
        f'<div itemprop="offers" itemscope itemtype="https://schema.org/Offer">{price_part}</div>{extra}</div>'
    )


SHOPIFY_VARIANTS: dict[str, Any] = {
    "@type": "ProductGroup",
    "name": "Studio One",
    "hasVariant": [
        product(offer("199.00", url=f"{URL}?variant=11"), name="Studio One - Black", sku="S-1"),
        product(offer("229.00", url=f"{URL}?variant=12"), name="Studio One - Gold", sku="S-2"),
    ],
}
PRESTASHOP = page(
    body=item('<link itemprop="availability" href="https://schema.org/InStock"><meta itemprop="priceCurrency" '
              'content="EUR"><span itemprop="price" content="199.9">199,90 €</span>'),
    head=meta(product__pretax_price__amount="167.983193", product__pretax_price__currency="EUR",
              product__price__amount="199.9", product__price__currency="EUR"),
)  # fmt: skip
RDFA = (
    '<div vocab="https://schema.org/" typeof="Product"><h1 property="name">Studio One</h1>'
    '<div property="offers" typeof="Offer"><meta property="priceCurrency" content="EUR">'
    '<span property="price" content="199.00">199,00 €</span><link property="availability" '
    'href="https://schema.org/InStock"></div>'
    '<div property="isRelatedTo" typeof="Product"><div property="offers" typeof="Offer"><b property="price">9</b>'
    '<b property="priceCurrency">EUR</b></div></div></div>'
)
READ = {
    "WooCommerce 9, reduced": (
        page(woocommerce({**UNIT, "price": "199.00"}, {**UNIT, **LIST, "price": "249.00"}),
             body="<del>249,00 €</del> <ins>199,00 €</ins>"),
        "199.00 EUR",
    ),
    "WooCommerce, all variations alike": (
        page(product({"@type": "AggregateOffer", "lowPrice": "199.00", "highPrice": "199.00", "offerCount": 3,
                      "priceCurrency": "EUR"})),
        "199.00 EUR",
    ),
    "Shopify, our variant by its code": (page(SHOPIFY_VARIANTS), "199.00 EUR"),
    "Shopify, with Open Graph in the visitor's writing": (
        page(product(offer("1299.00")), head=meta(og__price__amount="1,299.00", og__price__currency="EUR")),
        "1299.00 EUR",
    ),
    "PrestaShop names the price without tax too": (PRESTASHOP, "199.90 EUR"),
    "Shopware's microdata": (
        page(body=item('<meta itemprop="priceCurrency" content="EUR"><meta itemprop="price" content="199">'
                       '<p>€199.00*</p>')),
        "199.00 EUR",
    ),
    "BigCommerce with and without tax": (
        page(product({"@type": "Offer", "priceSpecification": [
            {"price": 199, "priceCurrency": "EUR", "valueAddedTaxIncluded": True},
            {"price": 167.23, "priceCurrency": "EUR", "valueAddedTaxIncluded": False}]})),
        "199.00 EUR",
    ),
    "a price by the litre beside that of the piece": (
        page(product({"@type": "Offer", "priceSpecification": [
            {**UNIT, "price": "199.00"},
            {**UNIT, "price": "19.90", "referenceQuantity": {"value": 100, "unitCode": "MLT"}}]})),
        "199.00 EUR",
    ),
    "an instalment beside the price": (
        page(product({"@type": "Offer", "priceSpecification": [
            {**UNIT, "price": "199.00"},
            {**UNIT, "price": "16.58", "priceComponentType": "https://schema.org/Installment"}]})),
        "199.00 EUR",
    ),
    "a club's price beside everybody's": (
        page(product([offer("199.00"), offer("179.00", name="Club price")])), "199.00 EUR",
    ),
    "a warranty beside it": (page(product([offer(), offer("29", name="Extended warranty")])), "199.00 EUR"),
    "a recommended price in words, without a reduction": (
        page(product(offer("199.00")), body="<p>RRP €249.00</p><p>€199.00</p>"), "199.00 EUR",
    ),
    "RDFa with a related product inside": (page(body=RDFA), "199.00 EUR"),
    "one price in each of several currencies": (
        page(product([offer("199.00"), offer("179.00", "GBP"), offer("219.00", "USD")])), "199.00 EUR",
    ),
    "blurred by binary fractions": (page(product(offer(198.99999999999997))), "199.00 EUR"),
    "offer in one block, product in another": (
        page({"@type": "Product", "name": "Studio One", "offers": {"@id": "#offer"}},
             {**offer("199.00"), "@id": "#offer", "itemOffered": {"@id": "#p"}}),
        "199.00 EUR",
    ),
    "a sale of the tags that is over": (
        page(head=meta(product__price__amount="199.00", product__price__currency="EUR",
                       product__sale_price__amount="149.00", product__sale_price__currency="EUR",
                       product__sale_price_dates__start="2026-10-01T00:00+0000",
                       product__sale_price_dates__end="2026-10-08T00:00+0000")),
        "199.00 EUR",
    ),
    "a page drawn by script that only advertises its shipping": (
        page(product(offer("199.00")), body="<p>Free shipping from €49.00</p><div id=app></div>"), "199.00 EUR",
    ),
    "a lone product on a page whose title is only the shop's": (page(product(offer()), title="Acme Audio"),
                                                                  "199.00 EUR"),
}  # fmt: skip
CAPTCHA = "<h4>Enter the characters you see below</h4><form action=/errors/validateCaptcha></form>"
ELSE = product(offer("9.90"), name="Cable Tidy")
REFUSED = {
    "WooCommerce without tax": (
        page(woocommerce({**UNIT, "price": "167.23", "valueAddedTaxIncluded": False})), "leaves the tax out",
    ),
    "WooCommerce, variations that differ": (
        page(product({"@type": "AggregateOffer", "lowPrice": "199.00", "highPrice": "249.00", "priceCurrency": "EUR"})),
        "run from",
    ),
    "Shopify's variants without ours": (page({**SHOPIFY_VARIANTS, "hasVariant": SHOPIFY_VARIANTS["hasVariant"] + [
        product(offer("199.00", url=f"{URL}?variant=13"), sku="S-1")], "name": "Studio One"}).replace("S-1", "X"),
        "offers differ"),
    "Magento shows the price of before": (
        page(product(offer("249.00")), body='<span class="old-price"><span class="price">249,00 €</span></span>'
             '<span class="special-price"><span class="price">199,00 €</span></span>'),
        "as a former one",
    ),
    "Magento without tax, to the fourth decimal": (page(product(offer("167.2269"))), "more decimals"),
    "without tax while the page shows it with": (
        page(product(offer("167.23")), body="<b>199,00 €</b> incl. VAT"), "leave out the tax (19 %)",
    ),
    "in cents while the page shows euros": (
        page(product(offer("19900")), body="<b>199,00 €</b>"), "a hundred times",
    ),
    "only members": (page(product(offer("179.00", name="Members only"))), "not for everybody"),
    "only members, and the tags repeat it": (
        page(product(offer("179.00", validForMemberTier={"@id": "#gold"})),
             head=meta(product__price__amount="179.00", product__price__currency="EUR")),
        "for members",
    ),
    "only with the shop's card": (page(product(offer("229990", "CLP", name="Tarjeta Cencosud"))), "not for everybody"),
    "only a list price": (page(product(offer("249.00", **LIST))), "list price"),
    "a subscription by the month": (
        page(product(offer("19.90", priceSpecification={**UNIT, "price": "19.90", "unitCode": "MON"}))), "per unit",
    ),
    "an offer that is over": (page(product(offer(validThrough="2026-11-01"))), "ended on 2026-11-01"),
    "an offer that has not begun": (page(product(offer(validFrom="2026-12-24T00:00:00Z"))), "begins on"),
    "second-hand in its name alone": (
        page(product(offer(), name="Studio One (Renewed)"), title="Studio One (Renewed)"), "not new",
    ),
    "second-hand, though it says new": (
        page(product(offer(itemCondition="NewCondition"), name="Studio One B-Ware")), "not new",
    ),
    "gone, with another product for sale": (
        page(ELSE, body="<h1>Product not found</h1><p>You may like</p>", title="Acme Audio"), "not there",
    ),
    "gone, in German": (page(ELSE, title="Seite nicht gefunden | Acme"), "not there"),
    "gone, by number": (page(ELSE, title="404 - Acme"), "not there"),
    "an accessory is the only thing described": (page(ELSE, body="<h1>Studio One</h1>"), "something else"),
    "a former price in words": (
        page(product(offer("249.00")), body="<p>UVP 249,00 €</p><p>199,00 €</p>"), "as a former one",
    ),
    "for firms, without tax, beside the price for people": (
        page(product(offer("165.83", "GBP")), body="<b>£199.00</b> inc VAT <i>£165.83 ex VAT</i>"), "leave out the tax",
    ),
    "a sale of the tags above the price": (
        page(head=meta(product__price__amount="199", product__price__currency="EUR",
                       product__sale_price__amount="249", product__sale_price__currency="EUR")),
        "a reduction",
    ),
    "the list price, with the sale beside it": (
        page(product(offer("249", priceSpecification=[{**UNIT, **LIST, "price": "249"}, {**UNIT, "price": "199"}]))),
        "another stands beside it",
    ),
    "a member's price, with everybody's beside it": (
        page(product(offer("179", priceSpecification=[
            {**UNIT, "price": "179", "validForMemberTier": {"@id": "#gold"}}, {**UNIT, "price": "199"}]))),
        "another stands beside it",
    ),
    "a deposit": (page(product(offer("50.00", name="Deposit"))), "beside the product"),
    "a captcha": (page(body=CAPTCHA, title="Shop"), "robot"),
    "a wall against robots": (page(title="Just a moment..."), "robot"),
    "a wall of cookies": (page(body="<p>Before you go on: we and our 812 partners …</p>"), "no structured price"),
    "a shell for a script": (page(body='<div id="root"></div><script>window.price = 199</script>'), "no structured"),
    "Amazon's page without markup": (page(body='<span class="a-offscreen">$199.00</span>'), "no structured price"),
    "a list of a category": (
        page({"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": product(offer())}]}), "no struct",
    ),
    "the visitor's country changed the tags": (
        page(product(offer("199.00")), head=meta(og__price__amount="214.00", og__price__currency="USD")), "disagree",
    ),
    "microdata with the old and the new price": (
        page(body=item('<meta itemprop="priceCurrency" content="EUR"><b itemprop="price">249,00 €</b>'
                       '<b itemprop="price">199,00 €</b>')),
        "several prices",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_is_read_as_a_person_reads_it(name: str) -> None:
    text, expected = READ[name]
    assert price(text) == expected


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_with_the_reason(name: str) -> None:
    text, why = REFUSED[name]
    assert why in reason(text)


def test_a_variant_is_found_by_its_address_too() -> None:
    assert price(page(SHOPIFY_VARIANTS), sku="other", url=f"{URL}?variant=12") == "229.00 EUR"
    assert "differ" in reason(page(SHOPIFY_VARIANTS), sku="other")


@pytest.mark.parametrize("word", ["Mercury", "B-Stock Audio", "Prime Time", "Club Sound", "Student Edition"])
def test_words_that_only_sound_like_a_trap_refuse_nothing(word: str) -> None:
    name = f"{word} Studio One".replace("B-Stock", "Stock")
    assert price(page(product(offer(name=name), name=name))) == "199.00 EUR"


def test_a_group_that_sums_up_its_variants_still_lets_ours_be_found() -> None:
    whole = {"@type": "AggregateOffer", "lowPrice": 199, "highPrice": 229, "priceCurrency": "EUR"}
    assert price(page({**SHOPIFY_VARIANTS, "offers": whole}), sku="S-2") == "229.00 EUR"
    assert "run from" in reason(page({**SHOPIFY_VARIANTS, "offers": whole}), sku="other")


def test_tags_that_call_it_used_are_believed_against_markup_that_does_not() -> None:
    tags = meta(product__price__amount="199.00", product__price__currency="EUR", product__condition="used")
    assert "calls it used" in reason(page(product(offer()), head=tags))
    both = ask(page(product(offer(itemCondition="UsedCondition")), head=tags))
    assert isinstance(both, Reading)
    assert both.condition is Condition.USED


def test_used_goods_that_say_so_are_read_as_used() -> None:
    said = ask(page(product(offer(itemCondition="RefurbishedCondition"), name="Studio One refurbished")))
    assert isinstance(said, Reading)
    assert said.condition is Condition.REFURBISHED


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("http://schema.org/SoldOut", Availability.OUT_OF_STOCK),
        ("Discontinued", Availability.DISCONTINUED),
        ("PreOrder", Availability.PRE_ORDER),
        ("InStoreOnly", Availability.UNKNOWN),
        ("NOT SOLD", Availability.UNKNOWN),
        ("", Availability.UNKNOWN),
    ],
)
def test_stock_is_what_the_word_says_and_never_a_guess(word: str, expected: Availability) -> None:
    said = ask(page(product(offer(availability=word))))
    assert isinstance(said, Reading)
    assert said.availability is expected


def test_where_tills_add_the_tax_a_price_that_is_higher_elsewhere_on_the_page_is_no_tax() -> None:
    text = page(product(offer("100.00", "USD")), body="<p>Bundle $120.00</p>")
    assert price(text) == "100.00 USD"


def test_a_block_whose_quotes_are_entities_is_read() -> None:
    block = json.dumps(product(offer())).replace('"', "&quot;")
    assert price(page(block)) == "199.00 EUR"


def test_rdfa_without_end_is_read_or_refused() -> None:
    deep = '<div typeof="Product" property="offers">' * 3000
    assert reason(page(body=f'<div typeof="Product">{deep}'))

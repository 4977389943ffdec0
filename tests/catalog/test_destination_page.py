"""What a page behind a link says: there, sold out, gone, or that it will not talk to robots."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from catalog.destination_page import PageSaid, page_said
from catalog.reading import Availability
from tests.servers.destinations import CAPTCHA, ITEM, MARKED_UP, SOLD_OUT

URL = "https://shop.example/gear/acme-one"


def said(html: str) -> PageSaid:
    return page_said(html.encode(), "text/html; charset=utf-8", url=URL)


def test_an_item_that_can_be_bought_is_neither_gone_nor_sold_out() -> None:
    found = said(ITEM.format(name="Acme One"))
    assert (found.is_gone, found.is_barrier, found.sells_something) == (False, False, True)
    assert found.availability is Availability.UNKNOWN


@pytest.mark.parametrize(
    ("stock", "availability"),
    [
        ("InStock", Availability.IN_STOCK),
        ("OutOfStock", Availability.OUT_OF_STOCK),
        ("SoldOut", Availability.OUT_OF_STOCK),
        ("Discontinued", Availability.DISCONTINUED),
        ("PreOrder", Availability.PRE_ORDER),
        ("InStoreOnly", Availability.UNKNOWN),
    ],
)
def test_markup_says_what_is_in_stock(stock: str, availability: Availability) -> None:
    assert said(MARKED_UP.format(name="Acme One", stock=stock)).availability is availability


def test_an_offer_without_a_price_still_says_that_it_is_sold_out() -> None:
    page = MARKED_UP.format(name="Acme One", stock="OutOfStock").replace(
        '"price": "99.00", "priceCurrency": "USD", ', ""
    )
    assert said(page).availability is Availability.OUT_OF_STOCK


def test_one_variant_that_can_be_had_makes_the_item_one_that_can() -> None:
    page = """<html><head><title>Acme One</title><script type="application/ld+json">{"@type": "ProductGroup",
    "name": "Acme One", "hasVariant": [
      {"@type": "Product", "offers": {"@type": "Offer", "availability": "OutOfStock"}},
      {"@type": "Product", "offers": {"@type": "Offer", "availability": "InStock"}}]}</script></head>
    <body><h1>Acme One</h1></body></html>"""
    assert said(page).availability is Availability.IN_STOCK


def test_microdata_and_open_graph_are_read_too() -> None:
    micro = """<html><body itemscope itemtype="https://schema.org/Product"><h1 itemprop="name">Acme One</h1>
    <div itemprop="offers" itemscope itemtype="https://schema.org/Offer"><meta itemprop="price" content="99">
    <link itemprop="availability" href="https://schema.org/OutOfStock"></div></body></html>"""
    assert said(micro).availability is Availability.OUT_OF_STOCK
    tags = (
        '<html><head><meta property="product:availability" content="oos"></head><body><h1>Acme One</h1></body></html>'
    )
    assert said(tags).availability is Availability.OUT_OF_STOCK


SOLD_OUT_WORDS = {
    "en": "Currently unavailable.",
    "en-us": "Sold out",
    "en-gb": "Sorry, this item is no longer available",
    "de": "Derzeit nicht verfügbar",
    "de-at": "Ausverkauft",
    "fr": "Rupture de stock",
    "fr-ch": "Ce produit est actuellement indisponible",
    "es": "Agotado",
    "es-mx": "Producto sin existencias",
    "it": "Non disponibile",
    "it-ch": "Esaurito",
    "nl": "Tijdelijk niet op voorraad",
    "pt": "Produto esgotado",
    "sv": "Slut i lager",
    "da": "Ikke på lager",
    "pl": "Produkt niedostępny",
    "cs": "Vyprodáno",
    "ja": "現在在庫切れです",
    "zh": "已售罄",
    "ru": "Нет в наличии",
}


@pytest.mark.parametrize("language", sorted(SOLD_OUT_WORDS))
def test_sold_out_is_understood_in_the_shops_language(language: str) -> None:
    found = said(SOLD_OUT.format(language=language, name="Acme One", words=SOLD_OUT_WORDS[language]))
    assert found.availability is Availability.OUT_OF_STOCK
    assert found.words == SOLD_OUT_WORDS[language]


def test_a_button_that_cannot_be_pressed_is_no_button() -> None:
    page = "<html><body><h1>Acme One</h1><button disabled>Add to cart</button><p>Out of stock</p></body></html>"
    assert said(page).availability is Availability.OUT_OF_STOCK
    page = '<html><body><h1>Acme One</h1><input type="submit" value="Sold out" disabled></body></html>'
    assert said(page).availability is Availability.OUT_OF_STOCK


@pytest.mark.parametrize(
    "line",
    [
        "<p>Other colours are sold out</p>",
        "<p>Get it before it is sold out</p>",
        "<p>What happens if it is out of stock?</p>",
        '<a href="/p/2">Acme Two – sold out</a>',
        "<footer>Sold out items are not refunded</footer>",
        "<script>var texts = {gone: 'Sold out'};</script>",
        "<template><p>Sold out</p></template>",
        "<p>Our last batch was sold out within an hour, which is why we made many more of them this time round.</p>",
    ],
)
def test_words_about_something_else_are_no_statement_on_this_item(line: str) -> None:
    assert said(f"<html><body><h1>Acme One</h1>{line}</body></html>").availability is Availability.UNKNOWN


def test_a_button_that_sells_outweighs_words_and_markup_outweighs_both() -> None:
    sells = "<html><body><h1>Acme One</h1><p>Red: sold out</p><button>In den Warenkorb</button></body></html>"
    assert said(sells).availability is Availability.UNKNOWN
    marked = MARKED_UP.format(name="Acme One", stock="InStock").replace("</h1>", "</h1><p>Sold out</p>")
    assert said(marked).availability is Availability.IN_STOCK


@pytest.mark.parametrize(
    "title",
    [
        "Page not found",
        "404 Not Found",
        "404",
        "Oops! We can't find that page",
        "Sorry, this product could not be found",
        "This product has been discontinued",
        "Seite nicht gefunden | Laden",
        "Dieses Produkt existiert nicht",
        "Page introuvable",
        "Cette page n’existe plus",
        "Página no encontrada",
        "Esta página no existe",
        "Pagina non trovata",
        "Pagina niet gevonden",
        "Sidan hittades inte",
        "Siden blev ikke fundet",
        "Página não encontrada",
        "Strona nie została znaleziona",
        "ページが見つかりません",
    ],
)
def test_a_page_that_calls_itself_missing_is_gone_though_it_answers_200(title: str) -> None:
    assert said(f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>").is_gone


@pytest.mark.parametrize("title", ["Acme 404 Headphones", "Lost and Found Headset", "Acme One | The Page Shop"])
def test_a_name_that_sounds_like_it_is_a_name(title: str) -> None:
    assert not said(f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>").is_gone


def test_a_page_that_asks_for_a_human_is_a_barrier() -> None:
    assert said(CAPTCHA).is_barrier
    waiting = "<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
    assert said(waiting).is_barrier


def test_a_newsletter_form_with_a_captcha_is_no_barrier() -> None:
    page = ITEM.format(name="Acme One").replace("</body>", "<p>This site is protected by reCAPTCHA.</p></body>")
    assert not said(page).is_barrier


@pytest.mark.parametrize(
    "page",
    [
        '<html><head><meta http-equiv="refresh" content="0; url=/p/two"></head><body></body></html>',
        '<html><head><META HTTP-EQUIV="Refresh" CONTENT="1;URL=\'/p/two\'"></head><body></body></html>',
        '<html><body><script>window.location.replace("https:\\/\\/shop.example\\/p\\/two")</script></body></html>',
        "<html><body><script>document.location.href = '/p/two';</script></body></html>",
    ],
)
def test_a_page_that_sends_its_visitors_on_says_where(page: str) -> None:
    assert said(page).leads_to == "https://shop.example/p/two"


def test_a_page_with_something_to_read_is_not_left_for_a_script() -> None:
    words = "<p>A fine pair of headphones with a long story to tell.</p>" * 10
    page = f"<html><body>{words}<script>function go() {{ location.href = '/basket'; }}</script></body></html>"
    assert said(page).leads_to == ""
    slow = '<html><head><meta http-equiv="refresh" content="300;url=/p/two"></head><body>x</body></html>'
    assert said(slow).leads_to == ""


def test_nothing_at_all_says_nothing() -> None:
    assert page_said(b"", "text/html", url=URL) == PageSaid()
    assert page_said(b"\x00\xff\xfe", "text/html", url=URL).availability is Availability.UNKNOWN


@pytest.mark.real_data
def test_no_real_product_page_is_called_missing_or_a_barrier(shared: Path) -> None:
    folders = [shared / "fixtures" / name for name in ("merchant-pages-peb", "merchant-pages-metascraper")]
    pages = [path for folder in folders for path in sorted(folder.rglob("*.html.gz"))]
    assert pages
    wrong = []
    for path in pages:
        found = page_said(gzip.decompress(path.read_bytes()), "text/html", url=f"https://shop.example/{path.stem}")
        if found.is_gone or found.is_barrier or found.leads_to:
            wrong.append(f"{path.name}: {found.headline} {found.leads_to}")
    assert wrong == []

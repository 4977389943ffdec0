"""Nothing public says more of a merchant's prices than its terms allow: pages, chart, API, feeds, JSON-LD, mail.

The addresses come from the tables of addresses themselves: a new page has to be named here before this test passes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from pytest_django.fixtures import Settings

from catalog.models import Merchant, Offer, Price, Product
from catalog.services.page_changes import carry_page_changes
from reviews.services.articles import BlockInput
from tests.factories import (
    make_author,
    make_merchant,
    make_product,
    make_published_article,
    make_review,
    make_seen_offer,
)
from tests.reviews.html import Reader
from tests.reviews.scored import make_method

pytestmark = pytest.mark.django_db(transaction=True)

# Amounts that can be nothing else, so that finding the digits is finding the price: the last reading, and an older one.
STRICT, STRICT_OLD, STRICT_SHIPPING = "187.31", "213.57", "11.83"
LENIENT, LENIENT_OLD = "191.47", "219.63"

ADVICE = "/api/v1/recommendations/"  # asked by POST
QUESTION = {
    "needs": {
        "activities": [{"name": "music", "weight": 1}],
        "has_separate_mic": False,
        "will_use_separate_mic": False,
        "budget": {"max": 900, "currency": "USD"},
    }
}
COMPARED = "/compare/?products=acme-one,acme-two"
# Every address of the site by its pattern, with one that can be opened. None: it shows no page to a reader.
ADDRESSES: dict[str, list[str] | None] = {
    "readyz": ["/readyz"],
    "metrics": None,
    "go/<code>/": None,
    "go/<code>": None,
    "choose/": ["/choose/"],
    "choose/all/": ["/choose/all/"],
    "choose/in-words/": ["/choose/in-words/?text=music+and+calls"],
    "choose/result/": ["/choose/result/?do=music"],
    "choose/why/": ["/choose/why/?do=music"],
    "newsletter/": ["/newsletter/"],
    "mail/events/": None,
    "mail/events/<slug:service>/": None,
    "newsletter/link/": ["/newsletter/link/"],
    "newsletter/you/<str:token>/": ["/newsletter/you/no-such-key/"],
    "newsletter/confirm/<str:key>/": ["/newsletter/confirm/no-such-key/"],
    "newsletter/leave-news/<str:token>/": ["/newsletter/leave-news/no-such-key/"],
    "alerts/new/<slug:slug>/": ["/alerts/new/acme-one/"],
    "alerts/mine/<str:key>/": ["/alerts/mine/no-such-key/"],
    "newsletter/leave/<str:key>/": ["/newsletter/leave/no-such-key/"],
    "preview/<str:token>/": ["/preview/no-such-key/"],
    "": ["/"],
    "guides/<slug:slug>/": ["/guides/guide/"],
    "reviews/<slug:slug>/": ["/reviews/acme-one-review/"],
    "best/<slug:slug>/": ["/best/list/"],
    "guides/<slug:slug>.md": ["/guides/guide.md"],
    "reviews/<slug:slug>.md": ["/reviews/acme-one-review.md"],
    "best/<slug:slug>.md": ["/best/list.md"],
    "<section:section>/<slug:slug>/comments/": ["/guides/guide/comments/"],
    "<section:section>/<slug:slug>/comments/feed/": ["/guides/guide/comments/feed/"],
    "<section:section>/<slug:slug>/remarks/": ["/guides/guide/remarks/"],
    "<section:section>/<slug:slug>/remarks/new/": None,
    "comments/write/<int:article>/": None,
    "comments/follow/<int:article>/": None,
    "comments/mine/<str:token>/": ["/comments/mine/no-such-key/"],
    "comments/decide/<str:token>/": ["/comments/decide/no-such-key/"],
    "comments/<int:number>/useful/": None,
    "llms.txt": ["/llms.txt"],
    "<section:section>/": ["/guides/", "/reviews/", "/best/"],
    "products/": ["/products/", "/products/?sort=price", "/products/?q=acme"],
    "products/<slug:slug>/": ["/products/acme-one/", "/products/acme-two/"],
    "rank/<slug:use_case>/": ["/rank/everyday/", "/rank/everyday/?w=sound.1"],
    "compare/": [COMPARED, f"{COMPARED}&format=csv", "/compare/"],
    "<kind:kind>/": ["/headphones/"],
    "<kind:kind>/<slug:type>/": ["/headphones/over-ear/"],
    "brands/": ["/brands/"],
    "brands/<slug:slug>/": ["/brands/acme/"],
    "search/": ["/search/", "/search/?q=acme"],
    "authors/": ["/authors/"],
    "authors/<slug:slug>/": ["/authors/ada-field/"],
    "pictures/shapes.svg": ["/pictures/shapes.svg"],
    "pictures/<slug:slug>.svg": ["/pictures/acme-one.svg"],
    "disclosure/": ["/disclosure/"],
    "corrections/": ["/corrections/"],
    "how-we-work/": ["/how-we-work/"],
    "how-we-rank/": ["/how-we-rank/"],
    "design/": ["/design/"],
    "privacy/": ["/privacy/"],
    "method/": ["/method/"],
    "method/<int:number>/": ["/method/1/"],
    "media/<path:name>": None,
    "feed/": ["/feed/"],
    "feed/rss/": ["/feed/rss/"],
    "feed/prices/": ["/feed/prices/"],
    "feed/prices/rss/": ["/feed/prices/rss/"],
    "sitemap.xml": ["/sitemap.xml"],
    "sitemap-<slug:part>.xml": ["/sitemap-articles.xml", "/sitemap-products-1.xml", "/sitemap-pages.xml"],
    "robots.txt": ["/robots.txt"],
    ".well-known/security.txt": ["/.well-known/security.txt"],
    "favicon.ico": ["/favicon.ico"],
    "api/v1/articles/": ["/api/v1/articles/"],
    "api/v1/articles/<slug:slug>/": ["/api/v1/articles/guide/", "/api/v1/articles/list/"],
    "api/v1/articles/<slug:slug>/comments/": ["/api/v1/articles/guide/comments/"],
    "api/v1/articles/<slug:slug>/remarks/": ["/api/v1/articles/guide/remarks/"],
    "api/v1/products/": ["/api/v1/products/"],
    "api/v1/products/bulk/": None,
    "api/v1/products/<slug:slug>/": ["/api/v1/products/acme-one/"],
    "api/v1/products/<slug:slug>/scores/": ["/api/v1/products/acme-one/scores/"],
    # Takes wishes, says nothing.
    "api/v1/alerts/": None,
    "api/v1/newsletter/": None,
    "api/v1/newsletter/you/": None,
    "api/v1/offers/": ["/api/v1/offers/", "/api/v1/offers/?product=acme-one"],
    "api/v1/recommendations/": [ADVICE],
    # Asks in words; names neither products nor prices.
    "api/v1/recommendations/next-question/": None,
    "api/v1/schema/": ["/api/v1/schema/"],
    "api/v1/docs/": ["/api/v1/docs/"],
    r"api/v1/^(?:[\s\S]*/)?$": None,  # what is not there
}
# For merchants' and editors' own programs, behind a secret: nothing of them is public.
KEYED = tuple(f"api/v1/{name}/" for name in ("links", "reports", "imports", "tables", "refreshes", "jobs"))
BEHIND_A_DOOR = ("admin/", "api/v1/readings/", "postback/", *KEYED)

EVERYTHING = {
    "prices_allowed": True,
    "history_allowed": True,
    "alerts_allowed": True,
    "mail_allowed": True,
    "feeds_allowed": True,
    "api_allowed": True,
    "max_price_age": None,
}


def patterns(found: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for one in found:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            if not route.startswith(BEHIND_A_DOOR):
                yield from patterns(one.url_patterns, route)
        elif not route.startswith(BEHIND_A_DOOR):
            yield route


@pytest.fixture
def strict(settings: Settings) -> Merchant:
    """The site, with one product sold by the merchant in question and by one that allows everything."""
    settings.PAGE_CACHE_SECONDS = 300
    one, two = (make_product(name, kind="headphones", type="over-ear") for name in ("One", "Two"))
    merchant = make_merchant("Strict", max_price_age=timedelta(hours=24))
    _sold(one, merchant, STRICT, STRICT_OLD, shipping_amount=Decimal(STRICT_SHIPPING))
    _sold(one, make_merchant("Lenient", **EVERYTHING), LENIENT, LENIENT_OLD)
    _sold(two, Merchant.objects.get(name="Strict"), STRICT, STRICT_OLD)
    make_method()
    author = make_author("Ada Field")
    make_review(one, author=author)
    blocks = [
        BlockInput("product_card", {"text": "Why.", "badge": "Best"}, products=[one]),
        BlockInput("comparison", {"title": "Both", "specs": ["anc"]}, products=[one, two]),
        BlockInput("prose", {"html": f'<p>It costs <a href="price:{one.slug}">little</a>.</p>'}),
        BlockInput("price_mention", {"sentence": "Today: {price}."}, products=[one]),
    ]
    make_published_article("guide", author=author, blocks=blocks)
    make_published_article("list", kind="best_of", author=author, blocks=blocks)
    carry_page_changes()
    return merchant


def _sold(product: Product, merchant: Merchant, amount: str, older: str, **fields: Any) -> None:
    offer = make_seen_offer(product, merchant, amount=amount, **fields)
    for days, was in ((20, older), (5, amount)):
        Price.objects.create(
            offer=offer,
            amount=Decimal(was),
            currency="USD",
            availability="in_stock",
            seen_at=timezone.now() - timedelta(days=days),
            source="manual",
        )


def ask(address: str) -> HttpResponse:
    """As a reader asks: no session, so that kept pages are given."""
    if address == ADVICE:
        return Client().post(address, QUESTION, content_type="application/json")  # type: ignore[return-value]
    return Client().get(address)  # type: ignore[return-value]


def said_by(digits: str) -> set[str]:
    """The addresses whose answers hold these digits, asked as a reader: kept pages and all."""
    carry_page_changes()
    addresses = [address for examples in ADDRESSES.values() if examples for address in examples]
    return {address for address in addresses if digits in ask(address).content.decode(errors="replace")}


def flip(merchant: Merchant, **terms: object) -> None:
    said_by(STRICT)  # every page is kept from before the change
    for name, value in terms.items():
        setattr(merchant, name, value)
    merchant.save()


PAGES_WITH_PRICES = {
    *("/products/acme-one/", "/products/acme-two/", "/guides/guide/", "/best/list/", "/products/", COMPARED)
}
API = {
    "/api/v1/products/",
    "/api/v1/products/acme-one/",
    "/api/v1/offers/",
    "/api/v1/offers/?product=acme-one",
}
NEVER = ("/feed/", "/feed/rss/", "/newsletter/", "/sitemap-products-1.xml", "/api/v1/articles/guide/")


def test_every_address_of_the_site_is_named_here() -> None:
    assert set(patterns(get_resolver().url_patterns)) == set(ADDRESSES)


def test_advice_for_machines_holds_prices_as_the_api_does(strict: Merchant) -> None:
    named = [
        offer["merchant"] for product in json.loads(ask(ADVICE).content)["products"] for offer in product["offers"]
    ]
    assert "Strict" in named
    assert ADVICE not in said_by(STRICT)
    assert ADVICE in said_by(LENIENT)
    flip(strict, **EVERYTHING)
    assert ADVICE in said_by(STRICT)


def test_every_address_named_here_can_be_opened(strict: Merchant) -> None:
    for examples in ADDRESSES.values():
        for address in examples or ():
            answer = ask(address)
            assert answer.status_code in (200, 301, 302) or "no-such-key" in address, (address, answer.status_code)


def test_a_strict_merchant_is_on_pages_only_and_without_a_history(strict: Merchant) -> None:
    found = said_by(STRICT)
    assert found >= PAGES_WITH_PRICES
    assert not [address for address in found if address.startswith("/api/") or "csv" in address]
    assert said_by(STRICT_OLD) == set()


def test_a_lenient_merchant_is_in_the_api_and_in_the_chart_too(strict: Merchant) -> None:
    assert said_by(LENIENT) >= {"/products/acme-one/", f"{COMPARED}&format=csv"} | API
    assert said_by(LENIENT_OLD) == {"/products/acme-one/"}


def test_nothing_of_anybody_is_in_feeds_articles_for_machines_or_sitemaps(strict: Merchant) -> None:
    flip(strict, **EVERYTHING)
    for digits in (STRICT, STRICT_OLD, LENIENT, LENIENT_OLD):
        assert not said_by(digits) & set(NEVER)


@pytest.mark.parametrize("name", ["prices_allowed", "max_price_age"])
def test_terms_that_end_a_price_end_it_everywhere_while_pages_are_kept(strict: Merchant, name: str) -> None:
    flip(strict, **EVERYTHING)
    assert said_by(STRICT) >= PAGES_WITH_PRICES | API
    Offer.objects.filter(merchant=strict).update(seen_at=timezone.now() - timedelta(hours=2))
    ended: dict[str, object] = {"prices_allowed": False, "max_price_age": timedelta(hours=1)}
    flip(strict, history_allowed=False, **{name: ended[name]})
    assert said_by(STRICT) == set()
    assert said_by(STRICT_SHIPPING) == set()
    page = Client().get("/products/acme-one/").content.decode()
    assert "See price at Strict" in page
    assert LENIENT in page


def test_a_history_that_is_taken_back_leaves_chart_statistics_and_verdict_at_once(strict: Merchant) -> None:
    flip(strict, history_allowed=True)
    assert said_by(STRICT_OLD) == {"/products/acme-one/", "/products/acme-two/"}
    flip(strict, history_allowed=False)
    assert said_by(STRICT_OLD) == set()
    assert "Price history" not in Client().get("/products/acme-two/").content.decode()


@pytest.mark.parametrize("term", ["alerts_allowed", "mail_allowed"])
def test_no_page_offers_alerts_that_a_shop_no_longer_allows(strict: Merchant, term: str) -> None:
    flip(strict, **EVERYTHING)
    carry_page_changes()
    assert "/alerts/new/acme-two/" in Client().get("/products/acme-two/").content.decode()
    flip(strict, **{term: False})
    carry_page_changes()
    assert "/alerts/new/acme-two/" not in Client().get("/products/acme-two/").content.decode()


def test_the_api_says_why_a_price_is_missing_and_follows_the_terms_both_ways(strict: Merchant) -> None:
    def offer() -> dict[str, object]:
        carry_page_changes()
        rows = Client().get("/api/v1/offers/?merchant=strict&product=acme-one").json()["results"]
        found: dict[str, object] = rows[0]
        return found

    assert (offer()["price"], offer()["price_unavailable_because"]) == (None, "terms")
    flip(strict, api_allowed=True)
    price = offer()["price"]
    assert isinstance(price, dict)
    assert price["amount"] == STRICT
    assert price["expires_at"] > price["seen_at"]
    assert offer()["price_unavailable_because"] is None
    Offer.objects.filter(merchant=strict).update(seen_at=timezone.now() - timedelta(days=2))
    assert (offer()["price"], offer()["price_unavailable_because"]) == (None, "too_old")


def test_structured_data_names_only_prices_that_the_page_shows(strict: Merchant) -> None:
    def sellers() -> list[str]:
        carry_page_changes()
        html = Client().get("/products/acme-one/").content.decode()
        blocks = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', html, re.DOTALL)
        return re.findall(r'"seller": ?\{[^}]*"name": ?"(\w+)"', json.dumps([json.loads(block) for block in blocks]))

    assert sorted(sellers()) == ["Lenient", "Strict"]
    flip(strict, prices_allowed=False)
    assert sellers() == ["Lenient"]


@pytest.mark.parametrize("allowed", [False, True])
def test_no_letter_holds_a_price_or_a_merchant(strict: Merchant, allowed: bool) -> None:
    flip(strict, mail_allowed=allowed)
    Client().post("/newsletter/", {"email": "ada@reader.example", "website": ""})
    letters = " ".join(str(letter.message()) for letter in mail.outbox)
    for word in (STRICT, STRICT_OLD, LENIENT, "Strict", "/go/"):
        assert word not in letters


def test_a_used_item_stays_away_where_the_terms_want_new_ones_only(strict: Merchant) -> None:
    Offer.objects.filter(merchant=strict).update(condition="used")
    assert said_by(STRICT) == set()
    flip(strict, used_allowed=True)
    assert "/products/acme-one/" in said_by(STRICT)


def test_a_disclaimer_stands_wherever_a_price_of_that_merchant_does(strict: Merchant) -> None:
    flip(strict, disclaimer="Prices as of the time shown.")
    for address in said_by(STRICT):
        assert "Prices as of the time shown." in Client().get(address).content.decode(), address


def test_a_time_of_reading_stands_wherever_a_price_does(strict: Merchant) -> None:
    seen = Offer.objects.filter(merchant=strict).latest("seen_at").seen_at
    assert seen is not None
    for address in said_by(STRICT):
        times = [one.get("datetime", "") for one in Reader(Client().get(address).content.decode()).all("time")]
        assert any(time.startswith(f"{seen:%Y-%m-%dT%H:%M}") for time in times), address

"""A small site whose pages are all kept: products, offers and articles that show some of each other, and its pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from django.test import Client

from catalog import product_index
from catalog.models import Merchant, Offer, Product
from catalog.page_store import page_store
from catalog.services.page_changes import carry_page_changes
from reviews.models import Article, Author
from reviews.services.articles import BlockInput
from tests.factories import (
    make_author,
    make_comment,
    make_merchant,
    make_product,
    make_published_article,
    make_review,
    make_seen_offer,
)

PAGES = {
    "home": "/",
    "section": "/guides/",
    "guide of one": "/guides/about-one/",
    "plain guide": "/guides/plain/",
    "remarks on plain": "/guides/plain/remarks/",
    "comments on plain": "/guides/plain/comments/",
    "comment feed of plain": "/guides/plain/comments/feed/",
    "review of talk": "/reviews/acme-talk-review/",
    "one": "/products/acme-one/",
    "two": "/products/acme-two/",
    "bud": "/products/acme-bud/",
    "talk": "/products/acme-talk/",
    "picture of one": "/pictures/acme-one.svg",
    "hub over-ear": "/headphones/over-ear/",
    "hub headphones": "/headphones/",
    "hub gaming": "/headsets/gaming/",
    "catalogue": "/products/",
    "catalogue by price": "/products/?sort=price",
    "catalogue by name": "/products/?sort=name",
    "brand": "/brands/acme/",
    "brands": "/brands/",
    "people": "/authors/",
    "comparison": "/compare/?products=acme-one,acme-bud",
    "author Ada": "/authors/ada-field/",
    "author Ben": "/authors/ben-low/",
    "feed": "/feed/",
    "price feed": "/feed/prices/",
    "sitemap of products": "/sitemap-products-1.xml",
    "sitemap of articles": "/sitemap-articles.xml",
    "result": "/choose/result/?do=music",
    "corrections": "/corrections/",
    "disclosure": "/disclosure/",
}
# Where a card or a table speaks of product one's offers: its own page, that of its alternative, the guide, its lists.
SHOW_ONE = {
    *("one", "two", "guide of one", "hub over-ear", "hub headphones", "catalogue", "catalogue by name"),
    *("brand", "comparison"),
}
BY_PRICE = {"catalogue by price", "result", "price feed"}
SAID_OF_PLAIN = {"remarks on plain", "comments on plain", "comment feed of plain"}
LISTS_OF_ARTICLES = {
    *("home", "section", "guide of one", "plain guide", "review of talk", "author Ada", "author Ben", "feed"),
    *("hub over-ear", "hub headphones", "hub gaming", "sitemap of articles", "brand", "people", "corrections"),
}


@dataclass
class World:
    one: Product
    two: Product
    talk: Product
    offer: Offer
    shop: Merchant
    guide: Article
    plain: Article
    review: Article
    ada: Author


def make_world() -> World:
    """One and two are of one type, bud is of another; talk is a headset. Shop sells one and two, Store the rest."""
    one, two = (make_product(name, kind="headphones", type="over-ear") for name in ("One", "Two"))
    bud = make_product("Bud", kind="headphones", type="in-ear")
    talk = make_product("Talk", kind="headset", type="gaming")
    shop = make_merchant("Shop", history_allowed=True, max_price_age=timedelta(hours=24))
    store = make_merchant("Store")
    offer = make_seen_offer(one, shop, amount="99.00")
    make_seen_offer(two, shop, amount="149.00")
    make_seen_offer(one, store, amount="109.00")
    make_seen_offer(bud, store, amount="49.00")
    make_seen_offer(talk, store, amount="79.00")
    ada, ben = make_author("Ada Field"), make_author("Ben Low")
    guide = make_published_article(
        "about-one", author=ada, blocks=[BlockInput("product_card", {"text": "Light and even."}, products=[one])]
    )
    plain = make_published_article("plain", author=ben)
    make_comment(plain)
    review = make_review(talk, author=ada)
    carry_page_changes()
    return World(one, two, talk, offer, shop, guide, plain, review, ada)


def fetch(path: str) -> tuple[bytes, bool]:
    """The body, and whether it was kept from before."""
    answer = Client().get(path)
    return answer.content, "hit" in answer.get("Cache-Status", "")


def warm(*, but: str = "") -> None:
    """Have every page kept, but for the one that may be none any more."""
    read_index()
    for path in PAGES.values():
        fetch(path)
    cold = [name for name, path in PAGES.items() if name != but and not fetch(path)[1]]
    assert not cold, "every page can be kept"


def read_index() -> None:
    """A catalogue made while the index was behind is kept for two seconds only: have it read, and forget that page."""
    fetch("/products/")
    product_index._kept.wait()
    page_store().changed(["products"])


def gone() -> set[str]:
    """The pages that were made anew; those that were not are the same as if they had been."""
    answers = {name: fetch(path) for name, path in PAGES.items()}
    for name, (body, was_kept) in answers.items():
        if was_kept:
            assert without_times(body) == without_times(made_anew(PAGES[name])), f"{name} is out of date"
    return {name for name, (_, was_kept) in answers.items() if not was_kept}


def made_anew(path: str) -> bytes:
    """The page for somebody with a session, who never gets a kept one."""
    client = Client()
    client.cookies["sessionid"] = "anybody"
    answer = client.get(path)
    assert "Cache-Status" not in answer
    return answer.content


def without_times(body: bytes) -> bytes:
    """A kept page may tell an earlier reading than the last, and so an earlier end of its price: never a later one.

    The same holds for what it calls new: that is asked since the page was made.
    """
    return re.sub(rb'<time.*?</time>|"priceValidUntil":"[^"]*"|\?since=[^"]*"', b"", body, flags=re.DOTALL)

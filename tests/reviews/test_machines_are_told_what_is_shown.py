"""Titles, shared previews and structured data of every kind of page: whole, and nothing in them that no reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from reviews.comments.text import comment_html, plain_words
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

pytestmark = pytest.mark.django_db

NAMES = (
    "Harbour",
    "Lantern Deluxe Wireless",
    "Meridian Studio Reference",
    "Quartz Conference Plus",
    "Tidewater Junior",
)
PAGES = [
    "/",
    "/headphones/",
    "/headphones/over-ear/",
    "/reviews/",
    "/products/",
    "/products/acme-harbour/",
    "/compare/?products=acme-harbour,acme-lantern-deluxe-wireless",
    "/guides/guide/",
    "/reviews/acme-harbour-review/",
    "/best/list/",
    "/brands/",
    "/brands/acme/",
    "/search/?q=acme",
    "/authors/",
    "/authors/ada-field/",
    "/disclosure/",
    "/how-we-work/",
    "/privacy/",
    "/no-such-page/",
]
SHARED = (
    *("og:title", "og:description", "og:type", "og:url", "og:site_name", "og:locale", "og:image"),
    *("og:image:width", "og:image:height", "og:image:alt", "twitter:card", "twitter:title", "twitter:description"),
)
# Said to programs in their own words: what a search is asked with, the currency's code where the page has its sign, the
# bottom of a scale, and counts of what the page shows one by one.
THEIR_OWN = {"query-input", "priceCurrency", "worstRating", "position", "numberOfItems", "offerCount", "commentCount"}


@pytest.fixture(autouse=True)
def site() -> None:
    author = make_author("Ada Field", role="Headphones editor")
    checker = make_author("Ben Ohm", role="Checking editor")
    one, *others = [
        make_product(
            name, kind="headphones", type="over-ear", specs={"wireless": True}, summary=f"Plain words of {name}."
        )
        for name in NAMES
    ]
    make_seen_offer(one, make_merchant())
    make_review(one, author=author, reviewer=checker, seo_title="Another title for searchers")
    faq = BlockInput("faq", {"title": "Questions", "items": [{"question": "Why?", "answer": "So."}]})
    make_published_article("guide", author=author, reviewer=checker, blocks=[faq])
    card = BlockInput("product_card", {"text": "Why.", "badge": "Best"}, products=[one])
    other = BlockInput("product_card", {"text": "Why.", "badge": "Next"}, products=[others[0]])
    make_published_article(
        "list", kind="best_of", author=author, seo_title="The list for searchers", blocks=[card, other]
    )


class Seen(HTMLParser):
    """What a reader sees of a page: its words, and those that stand for pictures."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._within = ""
        self._words: list[str] = []
        self.nameless: list[dict[str, str | None]] = []
        self._link: dict[str, str | None] | None = None
        self._at = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag in ("script", "head"):
            self._within = tag
        if alt := found.get("alt"):
            self._words.append(alt)
        if tag == "a":
            self._link, self._at = found, len(self._words)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._within:
            self._within = ""
        if tag == "a" and self._link is not None:
            if not "".join(self._words[self._at :]).strip() and not self._link.get("aria-label"):
                self.nameless.append(self._link)
            self._link = None

    def handle_data(self, data: str) -> None:
        if not self._within:
            self._words.append(data)

    @property
    def text(self) -> str:
        return plain(" ".join(self._words))


def plain(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold()


def said(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text in structured data with the name of its property; addresses and times are not words."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from said(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from said(inner, key)
    elif key[:1] != "@" and key not in THEIR_OWN and not re.match(r"https?:|\d{4}-\d\d-\d\d", str(value)):
        yield key, str(value)


@pytest.mark.parametrize("address", PAGES)
def test_nothing_is_marked_up_that_a_reader_does_not_see(client: Client, address: str) -> None:
    html = client.get(address).content.decode()
    page = Reader(html)
    text = Seen(html).text
    assert [found for found in said(page.nodes() if page.json_ld else []) if plain(found[1]) not in text] == []


@pytest.mark.parametrize("address", PAGES)
def test_every_link_has_words(client: Client, address: str) -> None:
    assert Seen(client.get(address).content.decode()).nameless == []


@pytest.mark.parametrize("address", PAGES)
def test_a_page_that_is_shared_says_all_that_previews_ask_for(client: Client, address: str) -> None:
    page = Reader(client.get(address).content.decode())
    given = {one.get("property") or one.get("name"): one.get("content") for one in page.all("meta")}
    assert [name for name in SHARED if not given.get(name)] == []


def test_the_title_of_five_long_names_is_no_longer_than_searchers_show(client: Client) -> None:
    slugs = ",".join(f"acme-{name.lower().replace(' ', '-')}" for name in NAMES)
    html = client.get(f"/compare/?products={slugs}").content.decode()
    title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    assert title is not None
    assert title[1] == "Acme Harbour vs Acme Lantern Deluxe Wireless and 3 more – Earmark"
    description = next(one["content"] for one in Reader(html).all("meta") if one.get("name") == "description")
    assert len(description) <= 160


def test_a_comment_s_words_are_told_without_their_marks() -> None:
    html = comment_html("> No *case*\n\nThat is **it**: `1 < 2`")
    assert plain_words(html).split("\n") == ["No case", "That is it: 1 < 2"]

"""The rules for Schema.org nodes: what is sound passes, and each rule is seen refusing."""

from __future__ import annotations

from typing import Any

import pytest

from reviews.schema_org import problems, walk

OFFER = {"@type": "Offer", "price": "80.00", "priceCurrency": "USD", "url": "https://a.example/go/one/"}
PRODUCT: dict[str, Any] = {"@type": "Product", "name": "Acme One", "offers": OFFER}
ARTICLE: dict[str, Any] = {
    "@type": "Article",
    "headline": "A guide",
    "author": {"@type": "Person", "name": "Ada Field"},
    "datePublished": "2026-11-01T08:00:00+00:00",
    "image": ["https://a.example/card.png"],
}


def crumbs(*positions: int) -> dict[str, Any]:
    items = [{"@type": "ListItem", "position": n, "name": "Home", "item": "https://a.example/"} for n in positions]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def test_sound_nodes_have_no_problems() -> None:
    assert problems([PRODUCT, ARTICLE, crumbs(1, 2), {"@id": "https://a.example/#organization"}]) == []


def test_a_type_it_does_not_know_is_left_alone() -> None:
    assert problems([{"@type": "Recipe", "name": 3}]) == []


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ({"name": "x"}, "a node: it has no @type."),
        ({**PRODUCT, "name": ""}, "Product: name is missing."),
        ({"@type": "Product", "name": "x"}, "Product: it needs one of review, aggregateRating, offers."),
        ({**PRODUCT, "url": "/products/one/"}, "Product: url “/products/one/” is no full address (https://…)."),
        ({**PRODUCT, "gtin": "4006381333932"}, "Product: gtin “4006381333932” is no GTIN."),
        ({**PRODUCT, "brand": "Acme"}, "Product: brand is no Brand or Organization."),
        ({**PRODUCT, "offers": {**OFFER, "price": "-1"}}, "Product.offers: price “-1” is no amount."),
        ({**PRODUCT, "offers": {**OFFER, "price": "$80"}}, "Product.offers: price “$80” is no amount."),
        (
            {**PRODUCT, "offers": {**OFFER, "priceCurrency": "DOL"}},
            "Product.offers: priceCurrency “DOL” is no currency of ISO 4217.",
        ),
        (
            {**PRODUCT, "offers": {**OFFER, "availability": "in stock"}},
            "Product.offers: availability “in stock” is none of Schema.org's.",
        ),
        (
            {
                **PRODUCT,
                "offers": {"@type": "AggregateOffer", "lowPrice": "9", "highPrice": "8", "priceCurrency": "USD"},
            },
            "Product.offers: lowPrice 9 is more than highPrice 8.",
        ),
        (
            {
                **PRODUCT,
                "offers": {"@type": "AggregateOffer", "lowPrice": "9", "priceCurrency": "USD", "offerCount": 0},
            },
            "Product.offers: offerCount “0” is no number from 1.",
        ),
        (
            {"@type": "Rating", "ratingValue": "11", "bestRating": "10", "worstRating": "0"},
            "Rating: ratingValue 11 is not between 0 and 10.",
        ),
        ({"@type": "Rating", "ratingValue": "8.4"}, "Rating: ratingValue 8.4 is not between 1 and 5."),
        ({"@type": "Review", "name": "x"}, "Review: author is missing."),
        ({**ARTICLE, "datePublished": "1 March 2026"}, "Article: datePublished “1 March 2026” is no date in ISO 8601."),
        (
            {**ARTICLE, "datePublished": "2026-03-01T08:00:00"},
            "Article: datePublished “2026-03-01T08:00:00” does not say its time zone.",
        ),
        (
            {**ARTICLE, "dateModified": "2026-10-31"},
            "Article: dateModified 2026-10-31 is before datePublished 2026-11-01T08:00:00+00:00.",
        ),
        ({**ARTICLE, "image": "card.png"}, "Article: image “card.png” is no full address (https://…)."),
        (
            {**ARTICLE, "author": {"@type": "Person", "name": "x" * 101}},
            "Article.author: name is longer than 100 characters.",
        ),
        (crumbs(1, 3), "BreadcrumbList: the positions of itemListElement do not count from 1."),
        (
            {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "position": 1, "name": "Home"}]},
            "BreadcrumbList: the item at position 1 lacks its name or its address.",
        ),
        (
            {"@type": "ItemList", "numberOfItems": 2, "itemListElement": []},
            "ItemList: numberOfItems is 2, and there are 0.",
        ),
        ({"@type": "FAQPage", "mainEntity": []}, "FAQPage: mainEntity is missing."),
        ({"@type": "Question", "name": "Why?"}, "Question: acceptedAnswer is missing."),
    ],
)
def test_what_is_wrong_is_said_with_the_way_to_it(node: dict[str, Any], said: str) -> None:
    assert said in problems([node])


def test_nodes_in_lists_are_found_with_their_place() -> None:
    review = {"@type": "Review", "author": {"@type": "Person", "name": "Ada"}}
    ways = [where for where, _ in walk([{"@type": "Product", "name": "x", "review": [review, review]}])]
    assert ways == [
        "Product",
        "Product.review[1]",
        "Product.review[1].author",
        "Product.review[2]",
        "Product.review[2].author",
    ]

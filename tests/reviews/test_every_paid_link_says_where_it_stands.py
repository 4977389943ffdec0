"""Every link that earns says which page, part and position it stands in: to us, signed, and to nobody else (L15)."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from catalog.placements import place_of
from reviews.places import place_words
from reviews.services.articles import BlockInput
from tests.factories import make_merchant, make_product, make_published_article, make_review, make_seen_offer
from tests.reviews.html import Reader, paid_links, walk

pytestmark = pytest.mark.django_db

# Ways in that no page links to as they stand: filters, a sorted list, and what the questions lead to.
DOORS = (
    "/",
    "/products/?q=acme",
    "/products/?sort=price",
    "/choose/result/?do=gaming_voice&mic=none",
    "/choose/result/?do=music&do=commute",
    "/go/acme-one-shop/?preview",
)


TAGS = {"tag_us": "earmark-20", "tracking_ids_us": "a=earmark-guides-20, q=earmark-quiz-20"}
TAG_OF = {"a": "earmark-guides-20", "q": "earmark-quiz-20"}  # by the first letter of the place


@pytest.fixture
def site() -> None:
    """Two shops, one of them with direct links over a network that tags them, on every kind of page and block."""
    redirect = make_merchant("Shop")
    direct = make_merchant(
        "Amazon", hosts=["amazon.com"], network="amazon", network_settings=TAGS, link_style="direct", disclaimer="Note."
    )
    products = [make_product(name, kind="headphones", type="over-ear", specs={"anc": True}) for name in ("One", "Two")]
    headset = {"mic_grade": "communication", "connectors": ["usb_a"], "wireless": False, "radios": []}
    products.append(make_product("Three", kind="headset", type="gaming", specs=headset))
    for number, product in enumerate(products):
        make_seen_offer(product, redirect, amount=f"{90 + number}.00")
        make_seen_offer(product, direct, amount="80.00", url=f"https://www.amazon.com/dp/B00000000{number}")
    make_review(products[0])
    make_review(products[1])
    make_published_article("headphones-versus-headsets")  # the guide that the answers of the questions lead to
    blocks = [
        BlockInput("disclosure", {"text": ""}),
        *(BlockInput("product_card", {"text": "Why.", "badge": ""}, products=[product]) for product in products),
        BlockInput("comparison", {"title": "Side by side", "caption": "", "specs": ["anc"]}, products=products),
        BlockInput("verdict", {"title": "Verdict", "html": "<p>Buy it.</p>"}, products=products[:1]),
    ]
    make_published_article("list", kind="best_of", blocks=blocks, about_kind="headphones")


def test_every_paid_link_has_a_place_that_we_can_open_and_words_for_it(client: Client, site: None) -> None:
    found = {(address, link.place) for address, html in walk(client, DOORS) for link in paid_links(html)}
    assert len(found) > 40
    assert [address for address, place in found if not place] == []
    words = place_words(place for _, place in found)
    for address, place in found:
        said = words[place]
        assert said.position, place
        assert not said.is_gone, place
        assert said.path in ("", urlsplit(address).path), place
    # one of each kind of page
    assert {place[0] for _, place in found} == set("abplq")


def test_no_place_is_on_a_page_twice(client: Client, site: None) -> None:
    for address, html in walk(client, DOORS):
        places = [link.place for link in paid_links(html)]
        assert len(places) == len(set(places)), address


def test_every_paid_link_is_named_as_one(client: Client, site: None) -> None:
    for address, html in walk(client, DOORS):
        for link in paid_links(html):
            assert {"sponsored", "nofollow", "noopener"} <= set(link.attributes["rel"].split()), address
            assert link.text.strip(), address
            if not address.endswith("?preview"):
                assert "paid link" in link.text, address


def test_a_merchant_never_learns_more_of_the_place_than_its_programme_asks(client: Client, site: None) -> None:
    straight = [link for _, html in walk(client, DOORS) for link in paid_links(html) if link.attributes.get("ping")]
    assert straight
    for link in straight:
        address = urlsplit(link.attributes["href"])
        assert address.hostname == "www.amazon.com"
        assert parse_qs(address.query) == {"tag": [TAG_OF.get(link.place[0], "earmark-20")]}


def test_a_direct_link_says_what_the_browser_may_tell_the_shop(client: Client, site: None) -> None:
    links = paid_links(client.get("/products/acme-one/").content.decode())
    told = {bool(link.attributes.get("ping")): link.attributes.get("referrerpolicy") for link in links}
    # Amazon has to see the page a click comes from; our own redirect answers with the shop's wish itself
    assert told == {True: "no-referrer-when-downgrade", False: None}


def test_the_same_page_is_given_to_everybody(client: Client, site: None) -> None:
    first = client.get("/products/acme-one/", headers={"user-agent": "one", "accept-language": "de"})
    second = Client().get("/products/acme-one/", headers={"user-agent": "two", "cf-ipcountry": "FR"})
    assert first.content == second.content
    assert "public" in first["Cache-Control"]


def test_what_machines_read_says_where_it_stands_too(client: Client, site: None) -> None:
    for address, tag in (("/products/acme-one/", "earmark-20"), ("/reviews/acme-one-review/", "earmark-guides-20")):
        node = Reader(client.get(address).content.decode()).node("Product")
        ours = [offer["url"] for offer in node["offers"]["offers"] if "/go/" in offer["url"]]
        (sealed,) = parse_qs(urlsplit(ours[0]).query)["p"]
        assert place_words([place_of(sealed)])[place_of(sealed)].block == "For machines"
        straight = [offer["url"] for offer in node["offers"]["offers"] if "/go/" not in offer["url"]]
        assert [parse_qs(urlsplit(one).query)["tag"] for one in straight] == [[tag]]

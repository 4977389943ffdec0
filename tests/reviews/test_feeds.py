from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.factories import (
    make_article,
    make_merchant,
    make_product,
    make_published_article,
    make_review,
    make_seen_offer,
)

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_atom_feed_has_the_newest_articles_with_full_addresses_and_times(client: Client) -> None:
    make_published_article("older", now=datetime(2026, 1, 1, tzinfo=UTC))
    make_published_article("newer", now=datetime(2026, 2, 1, tzinfo=UTC))
    make_article("draft")
    response = client.get("/feed/")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    entries = root.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Newer", "Older"]
    assert entries[0].findtext(f"{ATOM}id") == "http://127.0.0.1:8000/guides/newer/"
    assert entries[0].findtext(f"{ATOM}published") == "2026-02-01T00:00:00+00:00"
    assert entries[0].findtext(f"{ATOM}author/{ATOM}name") == "Ada Field"
    assert root.find(f"{ATOM}link[@rel='self']").get("href") == "http://127.0.0.1:8000/feed/"  # type: ignore[union-attr]


def test_the_rss_feed_is_well_formed(client: Client) -> None:
    make_published_article("one")
    response = client.get("/feed/rss/")
    root = ElementTree.fromstring(response.content)
    assert root.findtext("channel/item/link") == "http://127.0.0.1:8000/guides/one/"


@pytest.mark.parametrize("address", ["/feed/", "/feed/rss/"])
def test_no_price_is_in_a_feed(client: Client, address: str) -> None:
    product = make_product()
    make_seen_offer(product, make_merchant(feeds_allowed=False), amount="123.45")
    make_review(product)
    text = client.get(address).content.decode()
    assert "acme-one-review" in text
    assert "123.45" not in text
    assert "/go/" not in text


def test_an_empty_feed_is_valid(client: Client) -> None:
    assert ElementTree.fromstring(client.get("/feed/").content).tag == f"{ATOM}feed"

"""Rows of links: made, changed, ended; a code never changes and leads only to offers that are there."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Link, Offer
from tests.catalog.services.table_imports.bringing import counts, problems, said, stored, tried
from tests.factories import make_link, make_merchant, make_offer, make_product, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer() -> Offer:
    return make_offer(make_product(), make_merchant("Shop"), merchant_sku="A-1")


def row(**cells: Any) -> dict[str, Any]:
    return {"code": "acme-one-print", "merchant": "Shop", "sku": "A-1"} | cells


def test_a_new_code_leads_to_the_offer(offer: Offer) -> None:
    cells = row(redirect_status="307", is_active="no", expires_at="2030-01-01", expires_after_clicks="10")
    assert counts(stored("links", cells)) == (1, 0, 0, 0)
    link = Link.objects.get(code="acme-one-print")
    assert (link.offer, link.redirect_status, link.is_active, link.expires_after_clicks) == (offer, 307, False, 10)
    assert link.expires_at is not None
    assert link.expires_at.isoformat() == "2030-01-01T00:00:00+00:00"


def test_a_trial_stores_nothing(offer: Offer) -> None:
    assert counts(tried("links", row())) == (1, 0, 0, 0)
    assert not Link.objects.exists()


def test_without_a_code_the_offers_own_link_is_meant(offer: Offer) -> None:
    assert counts(stored("links", row(code=""))) == (1, 0, 0, 0)
    assert Link.objects.get().code == "acme-one-shop"
    assert counts(stored("links", row(code="", is_active="no"))) == (0, 1, 0, 0)
    assert Link.objects.count() == 1


def test_changes_say_from_what_to_what_and_clear_ends_an_end(offer: Offer) -> None:
    make_link(offer, "acme-one-print", expires_after_clicks=5, fallback_path="/guides/")
    done = stored("links", row(expires_after_clicks="(clear)", fallback_path="(clear)", redirect_status="301"))
    assert said(done)[0][2] == [
        {"column": "redirect_status", "was": "302", "becomes": "301"},
        {"column": "expires_after_clicks", "was": "5", "becomes": ""},
        {"column": "fallback_path", "was": "/guides/", "becomes": ""},
    ]
    link = Link.objects.get()
    assert (link.redirect_status, link.expires_after_clicks, link.fallback_path) == (301, None, "")


def test_a_known_code_may_lead_to_another_offer(offer: Offer) -> None:
    make_link(offer, "acme-one-print")
    other = make_offer(offer.product, offer.merchant, merchant_sku="B-2")
    done = stored("links", row(sku="B-2"))
    assert said(done)[0][2] == [{"column": "sku", "was": "A-1", "becomes": "B-2"}]
    assert Link.objects.get().offer == other


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "code": ({"code": "No Spaces"}, "code: “No Spaces” is no address"),
    "double hyphen": ({"code": "a--b"}, "code: Small letters and digits"),
    "no offer": ({"merchant": "", "sku": ""}, "merchant: The code is not here yet"),
    "unknown merchant": ({"merchant": "Nobody"}, "merchant: There is no merchant “Nobody” here."),
    "unknown sku": ({"sku": "Z"}, "sku: Shop has no new offer with the number “Z” here."),
    "redirect": ({"redirect_status": "303"}, "redirect_status: “303” is not one of: 302, 301, 307."),
    "active": ({"is_active": "x"}, "is_active: “x” is neither yes nor no."),
    "time": ({"expires_at": "soon"}, "expires_at: “soon” is no time"),
    "clicks": ({"expires_after_clicks": "0"}, "expires_after_clicks: “0” must be from 1"),
    "foreign fallback": ({"fallback_path": "https://evil.example/"}, "fallback_path: Give the path of a page of ours"),
    "no such page": ({"fallback_path": "/nowhere/at/all/"}, "fallback_path: There is no page"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_is_said_at_its_column_and_stops_no_other_row(offer: Offer, name: str) -> None:
    cells, expected = MISTAKES[name]
    done = stored("links", row(**cells), row(code="good"))
    assert counts(done) == (1, 0, 0, 1), said(done)
    assert problems(done)[0].startswith(expected), problems(done)
    assert [link.code for link in Link.objects.all()] == ["good"]


def test_who_may_change_but_not_add_makes_none(offer: Offer) -> None:
    manager = make_staff("changes", "catalog.change_link")
    assert problems(stored("links", row(), by=manager))[0].startswith("It is not here yet, and your role may not add")

"""What stands on the page before a link: every shop it can lead to, for whom, who pays, and nothing that is counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from catalog.link_pages import LinkPage, preview_page, unknown_page
from catalog.models import Failover, Link, LinkRoute, Offer
from catalog.placements import place_of
from tests.factories import make_link, make_merchant, make_offer, make_product
from tests.reviews.html import paid_links

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def page_of(link: Link, now: datetime = NOW) -> LinkPage:
    return preview_page(link.code, now=now)


def make_route(link: Link, offer: Offer, **fields: Any) -> LinkRoute:
    return LinkRoute.objects.create(link=link, offer=offer, **fields)


@pytest.fixture
def link() -> Link:
    return make_link(make_offer(make_product(), make_merchant("Home", country="US")))


@pytest.fixture
def abroad(link: Link) -> Offer:
    return make_offer(link.offer.product, make_merchant("Laden", country="DE", disclaimer="Preise ohne Gewähr."))


def test_without_routes_it_leads_everybody_to_one_shop(link: Link) -> None:
    page = page_of(link)
    assert page.title == "This link leads to Home"
    assert page.target is not None
    assert (page.target.whom, page.target.host, page.target.country) == ("", "home.example", "the United States")
    assert page.target.via == ""


def test_routes_say_for_whom_in_the_order_they_are_asked(link: Link, abroad: Offer) -> None:
    make_route(link, abroad, position=2, countries=["AT", "DE"])
    make_route(link, abroad, position=1, forms=["phone"], systems=["ios"], languages=["de"])
    page = page_of(link)
    assert page.target is None
    assert [(one.whom, one.merchant) for one in page.targets] == [
        ("On a phone, with iOS, reading German", "Laden"),
        ("From Austria or Germany", "Laden"),
        ("Everybody else", "Home"),
    ]
    assert page.disclaimers == ("Preise ohne Gewähr.",)


def test_shares_are_said_among_routes_for_the_same_visitors(link: Link, abroad: Offer) -> None:
    make_route(link, abroad, weight=3)
    make_route(link, link.offer, weight=1)
    make_route(link, abroad, weight=0)
    assert [one.whom for one in page_of(link).targets] == ["Everybody (3 in 4)", "Everybody (1 in 4)"]


def test_routes_that_can_decide_nothing_any_more_are_not_named(link: Link, abroad: Offer) -> None:
    make_route(link, abroad, countries=["DE"], ends_at=NOW)
    make_route(link, abroad, countries=["FR"], weight=0)
    withdrawn = make_offer(link.offer.product, make_merchant("Gone"), withdrawn_at=NOW)
    make_route(link, withdrawn, countries=["IT"])
    make_route(link, abroad, countries=["ES"], ends_at=NOW + timedelta(days=1))
    assert [one.whom for one in page_of(link).targets] == [
        "From Spain, until 2026-11-26 12:00 UTC",
        "Everybody else",
    ]


def test_while_an_offer_fails_the_shop_of_its_failover_is_named(link: Link, abroad: Offer) -> None:
    Failover.objects.create(link=link, from_offer=link.offer, to_offer=abroad, reason="gone", started_at=NOW)
    make_route(link, link.offer, countries=["FR"])
    assert [(one.whom, one.merchant) for one in page_of(link).targets] == [
        ("From France", "Laden"),
        ("Everybody else", "Laden"),
    ]
    Failover.objects.update(ended_at=NOW)
    assert {one.merchant for one in page_of(link).targets} == {"Home"}


def test_a_language_without_a_name_is_said_by_its_code(link: Link, abroad: Offer) -> None:
    make_route(link, abroad, languages=["xx"], countries=["ZZ"])
    assert page_of(link).targets[0].whom == "From ZZ, reading xx"


def test_a_network_on_the_way_is_named_beside_the_shop() -> None:
    settings = {"publisher_id": "1", "advertiser_id": "2"}
    merchant = make_merchant("Over", network="awin", network_settings=settings)
    page = page_of(make_link(make_offer(merchant=merchant)))
    assert page.target is not None
    assert page.target.host == "over.example"
    assert page.target.via.endswith("awin1.com")


def test_going_on_says_that_it_was_read_here(client: Client, link: Link) -> None:
    (going_on,) = paid_links(client.get("/go/one/?preview").content.decode())
    assert going_on.attributes["href"].startswith("/go/one/?p=")
    assert place_of(going_on.attributes["href"].partition("?p=")[2]) == "lpreview.link.1"
    assert "Go on to Home" in going_on.text
    assert "paid link" in going_on.text


def test_a_programme_of_direct_links_gets_one_here_too(client: Client) -> None:
    tag = {"tag_us": "earmark-20"}
    merchant = make_merchant(
        "Amazon", hosts=["amazon.com"], network="amazon", network_settings=tag, link_style="direct"
    )
    make_link(make_offer(merchant=merchant, url="https://www.amazon.com/dp/B000000001"))
    (going_on,) = paid_links(client.get("/go/one/?preview").content.decode())
    assert going_on.attributes["href"] == "https://www.amazon.com/dp/B000000001?tag=earmark-20"
    assert going_on.attributes["ping"].startswith(f"{settings.SITE_URL}/go/one/?p=lpreview.link.1-")
    assert going_on.attributes["referrerpolicy"] == "no-referrer-when-downgrade"


def test_a_page_with_routes_is_whole(client: Client, link: Link, abroad: Offer) -> None:
    make_route(link, abroad, countries=["DE"])
    html = client.get("/go/one/?preview").content.decode()
    for words in ("From Germany:", "laden.example", "Laden in Germany", "Everybody else:", "home.example"):
        assert words in html, words
    assert "Preise ohne Gewähr." in html
    assert len(paid_links(html)) == 1


@pytest.mark.parametrize("ended", ["expires_at", "expired_at"])
@pytest.mark.parametrize(("fallback", "path"), [("", "/products/acme-one/"), ("/guides/", "/guides/")])
def test_a_link_that_has_ended_says_where_it_leads_now(link: Link, ended: str, fallback: str, path: str) -> None:
    Link.objects.update(fallback_path=fallback, **{ended: timezone.now() - timedelta(minutes=1)})
    page = page_of(link, timezone.now())
    assert (page.title, page.ended_path, page.targets) == ("This link has ended", path, ())


def test_an_unknown_code_is_cut_before_it_is_shown() -> None:
    assert unknown_page("x" * 500).code == "x" * 40

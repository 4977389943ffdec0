"""The simulator says which route decides for a visitor, why the others do not, and the exact address it leads to."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.admin.link_trial import Trial, example_click, trial
from catalog.clicks import ids as click_ids
from catalog.links.routing import Visitor, choose
from catalog.models import Click, Failover, Link, LinkRoute, Offer
from catalog.services.link_checks import as_route
from tests.factories import make_link, make_merchant, make_offer, make_product, make_staff

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 11, 27, 20, 30, tzinfo=UTC)
GERMAN = Visitor("DE", "phone", "ios", "de", FRIDAY)


@pytest.fixture
def link() -> Link:
    shop = make_merchant("Shop", network="direct", network_settings={})
    return make_link(make_offer(make_product(), shop))


@pytest.fixture
def other(link: Link) -> Offer:
    return make_offer(link.offer.product, make_merchant("Other"))


def _route(link: Link, offer: Offer, **asked: Any) -> LinkRoute:
    return LinkRoute.objects.create(link=link, offer=offer, **asked)


def _why(found: Trial) -> list[tuple[bool, str]]:
    return [(step.decides, step.why) for step in found.steps]


def test_without_routes_it_is_the_link_s_own_offer(link: Link) -> None:
    found = trial(link, GERMAN)
    assert found.outcome == "No route fits: the link's own offer."
    assert [(target.percent, target.shop) for target in found.targets] == [("100 %", "Shop")]
    assert (
        found.visitor == "A visitor from Germany, on a phone with iOS, reading German, on Friday 2026-11-27 20:30 UTC"
    )


def test_each_route_says_why(link: Link, other: Offer) -> None:
    _route(link, other, name="French", countries=["FR"], from_time=time(9), until_time=time(12))
    _route(link, other, name="German", position=2, countries=["DE"])
    _route(link, other, name="all", position=3)
    found = trial(link, GERMAN)
    assert found.outcome == "Decided by route 2 (“German”, Other)."
    assert _why(found) == [
        (
            False,
            "the visitor comes from Germany, not from France; it is Friday 20:30 UTC, not 09:00–12:00 UTC",
        ),
        (True, "every condition holds"),
        (False, "it would fit, but position 2 decides before it"),
    ]


def test_shares_are_those_of_the_weights(link: Link, other: Offer) -> None:
    _route(link, other, weight=2)
    _route(link, link.offer, weight=1)
    _route(link, other, weight=0)
    found = trial(link, GERMAN)
    assert [(target.percent, target.shop) for target in found.targets] == [("66.67 %", "Other"), ("33.33 %", "Shop")]
    assert _why(found)[2] == (False, "its weight is 0")


def test_a_route_whose_offer_went_is_passed_over(link: Link, other: Offer) -> None:
    _route(link, other)
    Offer.objects.filter(pk=other.pk).update(withdrawn_at=FRIDAY)
    found = trial(link, GERMAN)
    assert found.targets[0].shop == "Shop"
    assert _why(found)[0][1].startswith("it is passed over: This offer was withdrawn")


def test_an_ended_link_stays_with_us(link: Link) -> None:
    link.expires_at, link.fallback_path = FRIDAY, "/guides/"
    assert trial(link, GERMAN).stays == "The link has ended by then: the visitor is led to our page /guides/."
    assert trial(link, Visitor("", "", "", "", FRIDAY - timedelta(seconds=1))).stays == ""
    link.fallback_path = ""
    assert link.offer.product.get_absolute_url() in trial(link, GERMAN).stays


def test_a_link_that_is_switched_off_says_so(link: Link) -> None:
    link.is_active = False
    assert "switched off" in trial(link, GERMAN).outcome


def test_a_failing_offer_is_replaced_as_it_is_for_readers(link: Link, other: Offer) -> None:
    Failover.objects.create(
        link=link, from_offer=link.offer, to_offer=other, reason="Its page is gone", started_at=timezone.now()
    )
    (target,) = trial(link, GERMAN).targets
    assert (target.shop, target.instead) == ("Other", "Instead of Shop for now: Its page is gone")


def test_the_address_is_tagged_and_carries_a_sub_id_that_is_nobody_s(link: Link) -> None:
    shop = make_merchant(
        "Amazon", network="amazon", hosts=["amazon.com"], network_settings={"tag_us": "earmark-20"}, source="manual"
    )
    offer = make_offer(link.offer.product, shop, url="https://www.amazon.com/dp/B000000001?tag=foreign-21")
    _route(link, offer)
    (target,) = trial(link, GERMAN).targets
    assert parse_qs(urlsplit(target.address).query)["tag"] == ["earmark-20"]
    assert "foreign-21" not in target.address


def test_an_example_s_click_id_is_one_that_reads_back_with_its_time() -> None:
    made = example_click(FRIDAY)
    assert click_ids.click_id(click_ids.sub_id(made)) == made
    assert click_ids.made_at(made) == FRIDAY


def test_an_address_that_cannot_be_made_is_named(link: Link) -> None:
    Offer.objects.update(url="https://elsewhere.example/p")
    found = trial(Link.objects.get(), GERMAN)
    assert "is not an address of Shop" in found.outcome


def test_it_agrees_with_what_readers_get(link: Link, other: Offer) -> None:
    rows = [
        _route(link, other, countries=["DE"], weight=3),
        _route(link, link.offer, forms=["phone"], weight=1),
        _route(link, other, position=2),
    ]
    routes = [as_route(row) for row in rows]
    for country in ("DE", "US", ""):
        visitor = Visitor(country, "phone", "ios", "de", FRIDAY)
        led = {choice.id for draw in range(100) if (choice := choose(routes, visitor, draw / 100))}
        found = trial(link, visitor)
        assert {row.pk for row, step in zip(rows, found.steps, strict=True) if step.decides} == led


def test_queries_do_not_grow_with_routes(link: Link, other: Offer) -> None:
    link = Link.objects.select_related("offer__merchant", "offer__product__brand").get()
    with CaptureQueriesContext(connection) as few:
        trial(link, GERMAN)
    for position in range(1, 12):
        _route(link, other, position=position)
    with CaptureQueriesContext(connection) as many:
        trial(link, GERMAN)
    assert len(many) == len(few) <= 2


def test_the_page_reads_a_visitor_from_its_address_and_counts_nothing(client: Client, link: Link, other: Offer) -> None:
    _route(link, other, name="German phones", countries=["DE"], forms=["phone"], languages=["de"])
    client.force_login(make_staff("ada", "catalog.view_link"))
    asked = {"country": "DE", "device": "phone android", "language": "de-AT, en;q=0.5", "at": "2026-11-27 21:00"}
    answer = client.get(f"/admin/catalog/link/{link.pk}/try/", asked)
    assert answer.context["trial"].outcome == "Decided by route 1 (“German phones”, Other)."
    desk = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/132.0"
    answer = client.get(f"/admin/catalog/link/{link.pk}/try/", {**asked, "user_agent": desk})
    assert "the visitor is on a desktop, not on a phone" in answer.context["trial"].steps[0].why
    assert not Click.objects.exists()


def test_a_visitor_that_is_not_understood_is_asked_again(client: Client, link: Link) -> None:
    client.force_login(make_staff("ada", "catalog.view_link"))
    answer = client.get(f"/admin/catalog/link/{link.pk}/try/", {"country": "XX", "at": "tomorrow", "device": "watch"})
    assert answer.status_code == 200
    assert answer.context["trial"] is None
    assert set(answer.context["trial_form"].errors) == {"country", "at", "device"}
    assert client.get("/admin/catalog/link/999999/try/").status_code == 404
    assert client.post(f"/admin/catalog/link/{link.pk}/try/").status_code == 405

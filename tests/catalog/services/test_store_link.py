"""A link is stored whole or refused with what to do; its code, once given out, never changes and never dies."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.models import Link, LinkRoute, Merchant, Offer, PageChange
from catalog.services.link_checks import path_problem, warnings_about
from catalog.services.links import LinkError, copy_link, link_offers, store_link, store_routes
from tests.factories import make_link, make_merchant, make_offer, make_product

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def offer() -> Offer:
    return make_offer(make_product(), make_merchant("Shop"))


@pytest.fixture
def other(offer: Offer) -> Offer:
    """The same product at another shop."""
    return make_offer(offer.product, make_merchant("Other"))


@pytest.fixture
def link(offer: Offer) -> Link:
    return make_link(offer)


def _route(offer: Offer, **asked: Any) -> LinkRoute:
    return LinkRoute(offer=offer, **asked)


def test_a_new_link_is_stored_and_pages_hear_of_it(offer: Offer) -> None:
    store_link(link=Link(code="summer-sale", offer=offer, fallback_path="/guides/"))
    assert Link.objects.get().code == "summer-sale"


@pytest.mark.parametrize("code", ["Summer", "summer_sale", "-sale", "sale-", "a--b", "süß", "a b", "a/b", ""])
def test_a_new_code_is_of_small_letters_digits_and_single_hyphens(offer: Offer, code: str) -> None:
    with pytest.raises(LinkError, match="Small letters and digits"):
        store_link(link=Link(code=code, offer=offer))
    assert not Link.objects.exists()


def test_a_code_that_is_taken_is_refused(link: Link, other: Offer) -> None:
    with pytest.raises(LinkError, match="already exists"):
        store_link(link=Link(code=link.code, offer=other))


def test_a_code_that_was_given_out_stays(link: Link) -> None:
    link.code = "renamed"
    with pytest.raises(LinkError, match="may stand in print"):
        store_link(link=link)
    assert Link.objects.get().code == "one"


def test_an_older_code_that_would_not_be_given_today_can_still_be_edited(offer: Offer) -> None:
    old = make_link(offer, "Old_Code")
    old.is_active = False
    store_link(link=old)
    assert not Link.objects.get().is_active


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"withdrawn_at": NOW}, "was withdrawn", id="withdrawn"),
        pytest.param({"url": "https://elsewhere.example/p"}, "is not an address of", id="not the merchant's"),
    ],
)
def test_an_offer_nobody_may_be_sent_to_is_refused(offer: Offer, change: dict[str, Any], said: str) -> None:
    Offer.objects.filter(pk=offer.pk).update(**change)
    offer.refresh_from_db()
    with pytest.raises(LinkError, match=said):
        store_link(link=Link(code="two", offer=offer))
    with pytest.raises(LinkError, match=said):
        store_routes(link=make_link(make_offer(make_product("Two"), make_merchant("B"))), routes=[_route(offer)])
    assert not LinkRoute.objects.exists()


def test_the_offer_of_a_merchant_that_is_switched_off_is_refused(link: Link, other: Offer) -> None:
    Merchant.objects.filter(pk=other.merchant_id).update(is_active=False)
    other.merchant.refresh_from_db()
    with pytest.raises(LinkError, match="Other is switched off"):
        store_routes(link=link, routes=[_route(other)])


def test_a_link_whose_offer_went_meanwhile_can_still_be_switched_off(link: Link) -> None:
    Offer.objects.update(withdrawn_at=NOW)
    link = Link.objects.get()
    link.is_active = False
    store_link(link=link)
    assert not Link.objects.get().is_active


def test_zero_clicks_are_no_limit(offer: Offer) -> None:
    with pytest.raises(LinkError, match="Switch it off instead"):
        store_link(link=Link(code="two", offer=offer, expires_after_clicks=0))


def test_another_limit_of_clicks_is_counted_anew_and_the_shipper_s_word_is_kept_otherwise(link: Link) -> None:
    link.expires_after_clicks = 10
    store_link(link=link)
    Link.objects.update(expired_at=NOW)  # the shipper says its clicks are used up, while an editor has the page open
    link.redirect_status = Link.Redirect.TEMPORARY
    store_link(link=link)
    assert Link.objects.get().expired_at == NOW
    link.expires_after_clicks = 20
    store_link(link=link)
    assert Link.objects.get().expired_at is None


@pytest.mark.parametrize("path", ["", "/", "/guides/", "/guides/?sort=new", "/products/?q=a%20b#top"])
def test_a_page_of_ours_is_a_fallback(path: str) -> None:
    assert path_problem(path) == ""


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "guides/",
        "/guides//evil.example",
        "/%2Fevil.example",
        "/%5Cevil.example",
        "/guides/\r\nSet-Cookie: a=b",
        "/gu ides/",
        "/no-such-page-here/",
        "/go/one/",
    ],
)
def test_anything_else_is_none(path: str, offer: Offer) -> None:
    assert path_problem(path)
    with pytest.raises(LinkError, match="fallback_path"):
        store_link(link=Link(code="two", offer=offer, fallback_path=path))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        pytest.param({"countries": ["UK"]}, "Do you mean GB", id="a likely slip"),
        pytest.param({"countries": ["ZZ"]}, "no country", id="no country"),
        pytest.param({"countries": ["de"]}, "no country", id="small letters"),
        pytest.param({"forms": ["watch"]}, "none of: phone, tablet, desktop", id="device"),
        pytest.param({"systems": ["beos"]}, "none of: ios", id="system"),
        pytest.param({"languages": ["at"]}, "no language", id="language"),
        pytest.param({"weekdays": [0]}, "1 .Monday. to 7", id="weekday"),
        pytest.param({"from_time": time(8)}, "both times", id="one time"),
        pytest.param({"time_zone": "Europe/Bonn"}, "no time zone 'Europe/Bonn'", id="zone"),
        pytest.param({"time_zone": "../etc/passwd"}, "no time zone", id="no zone at all"),
        pytest.param({"starts_at": NOW, "ends_at": NOW}, "ends before it starts", id="dates"),
        pytest.param({"weight": 1001}, "weight", id="weight"),
        pytest.param({"position": 0}, "begin with 1", id="position"),
    ],
)
def test_a_route_that_cannot_be_followed_is_refused_with_all_the_others(
    link: Link, other: Offer, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(LinkError, match=said):
        store_routes(link=link, routes=[_route(other, name="fine"), _route(other, **asked)])
    assert not LinkRoute.objects.exists()


def test_routes_are_stored_changed_and_removed_together(link: Link, other: Offer) -> None:
    store_routes(link=link, routes=[_route(other, name="a"), _route(other, name="b", countries=["DE"])])
    first, second = link.routes.order_by("pk")
    second.weight = 3
    store_routes(link=link, routes=[second, _route(other, name="c")], removed=[first])
    assert sorted(link.routes.values_list("name", "weight")) == [("b", 3), ("c", 1)]


def test_another_code_leads_there_too_and_the_old_one_stays(link: Link, other: Offer) -> None:
    store_routes(link=link, routes=[_route(other, countries=["DE"], weight=7)])
    copied = copy_link(link=link, code="better-name")
    assert Link.objects.count() == 2
    assert copied.offer == link.offer
    assert [(route.offer_id, route.countries, route.weight) for route in copied.routes.all()] == [(other.pk, ["DE"], 7)]
    assert link.routes.count() == 1


def test_another_code_that_is_taken_makes_nothing(link: Link) -> None:
    with pytest.raises(LinkError, match="already exists"):
        copy_link(link=link, code=link.code)
    assert Link.objects.count() == 1


def test_offers_without_a_link_get_one_and_the_refused_are_named(offer: Offer, other: Offer, link: Link) -> None:
    Offer.objects.filter(pk=other.pk).update(url="https://elsewhere.example/")
    third = make_offer(make_product("Three"), offer.merchant)
    done = link_offers(offers=Offer.objects.select_related("merchant", "product"))
    assert [one.offer_id for one in done.made] == [third.pk]
    assert len(done.refused) == 1
    assert "is not an address of Other" in done.refused[0]
    assert link_offers(offers=[offer, third]).made == []


def test_an_editor_hears_of_routes_nobody_takes(link: Link, other: Offer) -> None:
    store_routes(link=link, routes=[_route(other, name="all"), _route(other, position=2, countries=["DE"], name="de")])
    (said,) = warnings_about(link, now=NOW)
    assert said == "Route 2 (“de”, Other) is never taken: route 1 (“all”, Other) before it takes all its visitors."


def test_an_editor_hears_of_dates_that_overlap(link: Link, other: Offer) -> None:
    week = {"starts_at": NOW, "ends_at": NOW + timedelta(days=7)}
    flash = {"starts_at": NOW + timedelta(days=6), "ends_at": NOW + timedelta(days=8)}
    store_routes(
        link=link, routes=[_route(other, name="week", **week), _route(other, position=2, name="flash", **flash)]
    )
    (said,) = warnings_about(link, now=NOW)
    assert "overlap" in said
    assert said.endswith("in the time they share, route 1 (“week”, Other) goes first.")


def test_an_editor_hears_that_a_route_leads_to_another_product(link: Link) -> None:
    store_routes(link=link, routes=[_route(make_offer(make_product("Two"), make_merchant("Third")))])
    (said,) = warnings_about(link, now=NOW)
    assert said == "Route 1 (Third) leads to another product: Acme Two. Pages say Acme One."


def test_an_editor_hears_that_a_programme_wants_direct_links(link: Link, offer: Offer, other: Offer) -> None:
    Merchant.objects.update(link_style="direct")
    store_routes(link=link, routes=[_route(Offer.objects.get(pk=other.pk))])
    said = warnings_about(Link.objects.get(), now=NOW)
    assert [sentence.partition("'s programme")[0] for sentence in said] == ["Shop", "Other"]


def test_warnings_cost_no_query_per_route(link: Link, other: Offer, django_assert_max_num_queries: Any) -> None:
    store_routes(link=link, routes=[_route(other, position=number) for number in range(1, 12)])
    link = Link.objects.select_related("offer__merchant", "offer__product__brand").get()
    with django_assert_max_num_queries(2):
        warnings_about(link, now=timezone.now())


def test_pages_that_show_the_offer_are_told(link: Link) -> None:
    PageChange.objects.all().delete()
    link.is_active = False
    store_link(link=link)
    assert PageChange.objects.filter(thing=f"offers:{link.offer.product_id}").exists()

"""Two editors have the same row open. Neither saves over what they have not seen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from catalog.models import AudioSpecs, Link, Merchant, Offer
from tests.factories import make_author, make_link, make_merchant, make_offer, make_product
from tests.xss.forms import main_form, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("ada", password="listen-closely"))
    return client


def opened(desk: Client, row: Any) -> tuple[str, dict[str, Any]]:
    """The address of the row's form, and what it would send as it was opened."""
    address = f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"
    return address, sent(main_form(desk.get(address).content.decode()))


def save(desk: Client, address: str, form: dict[str, Any], **typed: Any) -> str:
    return desk.post(address, {**form, **typed}, follow=True).content.decode()


@pytest.fixture
def link() -> Link:
    return make_link(make_offer(make_product(), make_merchant("Shop")))


def test_what_somebody_left_alone_keeps_what_others_saved_meanwhile(desk: Client, link: Link) -> None:
    address, mine = opened(desk, link)
    save(desk, address, opened(desk, link)[1], expires_after_clicks="500")
    html = save(desk, address, mine, redirect_status="301")
    link.refresh_from_db()
    assert (link.expires_after_clicks, link.redirect_status) == (500, 301)
    assert "Somebody else changed this while you had it open: Expires after clicks." in html


def test_what_both_changed_is_asked_about_once_with_what_stands_there_now(desk: Client, link: Link) -> None:
    address, mine = opened(desk, link)
    save(desk, address, opened(desk, link)[1], expires_after_clicks="500")
    html = save(desk, address, mine, expires_after_clicks="90")
    link.refresh_from_db()
    assert link.expires_after_clicks == 500
    assert "Somebody saved “500” here while you had this page open." in html
    again = sent(main_form(html))
    assert again["expires_after_clicks"] == ["90"]
    save(desk, address, again)
    link.refresh_from_db()
    assert link.expires_after_clicks == 90


def test_after_the_question_what_was_left_alone_is_still_not_taken_back(desk: Client, link: Link) -> None:
    address, mine = opened(desk, link)
    save(desk, address, opened(desk, link)[1], expires_after_clicks="500", fallback_path="/guides/")
    html = save(desk, address, mine, expires_after_clicks="90")
    save(desk, address, sent(main_form(html)))
    link.refresh_from_db()
    assert (link.expires_after_clicks, link.fallback_path) == (90, "/guides/")


def test_two_who_mean_the_same_are_not_asked(desk: Client, link: Link) -> None:
    address, mine = opened(desk, link)
    save(desk, address, opened(desk, link)[1], expires_after_clicks="500")
    assert "was changed successfully" in save(desk, address, mine, expires_after_clicks="500")


def test_terms_of_a_shop_are_not_loosened_by_an_old_page(desk: Client) -> None:
    shop = make_merchant("Shop", history_allowed=True)
    address, mine = opened(desk, shop)
    Merchant.objects.update(history_allowed=False)
    save(desk, address, mine, link_label="ad")
    shop.refresh_from_db()
    assert (shop.history_allowed, shop.link_label) == (False, "ad")


def test_specs_that_a_table_brought_meanwhile_stay(desk: Client) -> None:
    product = make_product(specs={"weight_g": 250})
    address, mine = opened(desk, product)
    AudioSpecs.objects.update(weight_g=244, connectors=["usb_c"])
    html = save(desk, address, mine, **{"specs-0-driver_mm": "40"})
    specs = AudioSpecs.objects.get()
    assert (specs.weight_g, specs.connectors, specs.driver_mm) == (Decimal(244), ["usb_c"], Decimal(40))
    assert "Weight" in html


def test_an_offer_that_was_led_elsewhere_is_not_led_back(desk: Client) -> None:
    offer = make_offer(make_product(), make_merchant("Shop"))
    address, mine = opened(desk, offer)
    Offer.objects.update(url="https://shop.example/new")
    save(desk, address, mine, condition="used")
    offer.refresh_from_db()
    assert (offer.url, offer.condition) == ("https://shop.example/new", "used")


def test_a_makers_and_an_authors_page_are_not_saved_over_either(desk: Client) -> None:
    author = make_author("Ada Field", profile_links=["https://ada.example/"])
    for row, theirs in ((make_product().brand, {"homepage": "https://acme.example/"}), (author, {"role": "Editor"})):
        address, mine = opened(desk, row)
        type(row).objects.update(**theirs)
        assert "Somebody else changed this" in save(desk, address, mine, name="New name")
        row.refresh_from_db()
        assert (row.name, {name: getattr(row, name) for name in theirs}) == ("New name", theirs)
    assert author.profile_links == ["https://ada.example/"]


@pytest.mark.parametrize("marks", ["", "{", "[]", "7", '{"offer": ["x"]}', "[" * 5000])
def test_marks_that_nobody_wrote_break_nothing(desk: Client, link: Link, marks: str) -> None:
    address, mine = opened(desk, link)
    save(desk, address, mine, opened_with=marks, redirect_status="301")
    link.refresh_from_db()
    assert link.redirect_status == 301

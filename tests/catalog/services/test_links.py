"""An offer gets one readable address of ours, and only when it leads to its merchant."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from catalog.models import Link, Offer
from catalog.services.links import LinkError, link_for_offer, shortened
from tests.factories import make_link, make_merchant, make_offer, make_product

pytestmark = pytest.mark.django_db


def test_the_code_says_what_and_where() -> None:
    link = link_for_offer(offer=make_offer(make_product("HD 600"), make_merchant("Sound Shop")))
    assert link.code == "acme-hd-600-sound-shop"
    assert link.redirect_status == 302
    assert link.is_active


def test_asking_again_gives_the_same_link() -> None:
    offer = make_offer()
    assert link_for_offer(offer=offer) == link_for_offer(offer=offer)
    assert Link.objects.count() == 1


def test_a_link_an_editor_switched_off_is_not_made_anew() -> None:
    offer = make_offer()
    off = make_link(offer, is_active=False)
    assert link_for_offer(offer=offer) == off
    on = make_link(offer, "two")
    assert link_for_offer(offer=offer) == on


def test_long_names_are_cut_at_a_hyphen_and_stay_unique() -> None:
    product = make_product("A very long name of a pair of headphones for everyone")
    shop = make_merchant("A merchant with quite a long name")
    first = link_for_offer(offer=make_offer(product, shop))
    second = link_for_offer(offer=make_offer(product, shop, merchant_sku="other"))
    assert first.code == "acme-a-very-long-name-a-merchant-with-quite"[:40].rstrip("-") or len(first.code) <= 40
    assert second.code.endswith("-2")
    assert len(second.code) <= 40
    assert not first.code.startswith("-")
    assert "--" not in first.code + second.code


@pytest.mark.parametrize(
    ("slug", "length", "expected"),
    [
        ("acme-hd-600", 11, "acme-hd-600"),
        ("acme-hd-600", 10, "acme-hd"),
        ("acme-hd-600", 7, "acme-hd"),
        ("abcdef", 3, "abc"),
    ],
)
def test_shortens_at_whole_words(slug: str, length: int, expected: str) -> None:
    assert shortened(slug, length) == expected


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"url": "https://evil.example/p"}, "not an address of Shop"),
        ({"url": "https://shop.example@evil.example/"}, "not an address of Shop"),
        ({"url": "javascript:alert(1)"}, "not an address of Shop"),
    ],
)
def test_an_offer_that_leads_elsewhere_gets_no_link(fields: dict[str, str], word: str) -> None:
    offer = make_offer(**fields)
    with pytest.raises(LinkError, match=word):
        link_for_offer(offer=offer)
    assert not Link.objects.exists()


def test_a_network_without_its_settings_is_named() -> None:
    offer = make_offer(merchant=make_merchant(network="awin"))
    with pytest.raises(LinkError, match=r"Awin.*`publisher_id` is missing"):
        link_for_offer(offer=offer)


@pytest.mark.django_db(transaction=True)
def test_two_importers_of_one_offer_make_one_link() -> None:
    offer = make_offer()
    made: list[str] = []

    def import_it() -> None:
        try:
            made.append(link_for_offer(offer=Offer.objects.get(pk=offer.pk)).code)
        finally:
            connection.close()

    threads = [threading.Thread(target=import_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [made[0]] * 4
    assert Link.objects.count() == 1

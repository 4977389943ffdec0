"""A merchant's form asks for what its network needs, and says beside each input what is wrong with it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Merchant
from catalog.networks import NETWORKS
from tests.catalog.admin.test_edits import errors, form_of, save
from tests.factories import make_merchant, make_offer, make_staff

pytestmark = pytest.mark.django_db

NEW = {
    "name": "Shop",
    "slug": "shop",
    "homepage": "https://shop.example/",
    "hosts": "shop.example",
    "country": "US",
    "currency": "USD",
    "source": "merchant_feed",
    "source_settings": '{"feed_url": "https://shop.example/feed.xml"}',
}


def page_of(merchant: Merchant) -> str:
    return reverse("admin:catalog_merchant_change", args=[merchant.pk])


def add(client: Client, **changes: str) -> Any:
    return save(client, reverse("admin:catalog_merchant_add"), **{**NEW, **changes})


def test_choosing_a_network_and_saving_brings_its_inputs(admin_client: Client) -> None:
    assert "network_setting_" not in admin_client.get(reverse("admin:catalog_merchant_add")).content.decode()
    answer = add(admin_client, network="awin")
    assert "`publisher_id` is missing" in errors(answer)
    assert answer.context["adminform"].form["network_setting_publisher_id"].errors
    assert not Merchant.objects.exists()
    filled = {"network_setting_publisher_id": "123456", "network_setting_advertiser_id": "789"}
    assert add(admin_client, network="awin", **filled).status_code == 302
    assert Merchant.objects.get().network_settings == {"publisher_id": "123456", "advertiser_id": "789"}


@pytest.mark.parametrize("key", NETWORKS)
def test_every_network_can_be_set_up_with_its_inputs_alone(admin_client: Client, key: str) -> None:
    network = NETWORKS[key]
    inputs = {f"network_setting_{name}": value for name, value in network.example_settings.items()}
    assert add(admin_client, network=key, **inputs).status_code == 302
    merchant = Merchant.objects.get()
    assert merchant.network_settings == network.example_settings
    shown = form_of(admin_client, page_of(merchant))
    for name, value in inputs.items():
        assert shown[name] == [value]
    assert save(admin_client, page_of(merchant)).status_code == 302
    merchant.refresh_from_db()
    assert merchant.network_settings == network.example_settings


def test_a_new_merchant_starts_with_its_networks_terms_except_where_the_editor_says_otherwise(
    admin_client: Client,
) -> None:
    inputs = {"network_setting_campaign_id": "5338123456", "link_label": "ad", "mail_allowed": "on"}
    assert add(admin_client, network="ebay", **inputs).status_code == 302
    merchant = Merchant.objects.get()
    terms = NETWORKS["ebay"].terms
    assert (merchant.link_style, merchant.max_price_age) == ("direct", terms.max_price_age)
    assert (merchant.link_label, merchant.mail_allowed, merchant.history_allowed) == ("ad", True, False)
    assert save(admin_client, page_of(merchant), link_style="redirect", max_price_age="").status_code == 302
    merchant.refresh_from_db()
    assert (merchant.link_style, merchant.max_price_age) == ("redirect", None)


@pytest.mark.parametrize(
    ("network", "inputs", "told"),
    [
        ("ebay", {"campaign_id": "<ePNCampaignId>"}, "exactly 10 digits"),
        ("rakuten", {"publisher_id": "x", "merchant_id": "1"}, "11 characters"),
        ("cj", {"website_id": "1"}, "`link_id` is missing"),
        ("impact", {"domain": "go.brand.example", "vanity_path": "x"}, "add it to the merchant's hosts"),
        ("impact", {"domain": "brand.pxf.io"}, "or `vanity_path`"),
        ("amazon", {"tag_us": "earmark"}, "for example `earmark-20`"),
        ("amazon", {"tracking_ids_us": "a=earmark-20"}, "needs `tag_us` beside it"),
        ("direct", {"parameter": "ref"}, "belong together"),
    ],
)
def test_what_cannot_work_is_said_before_it_is_stored(
    admin_client: Client, network: str, inputs: dict[str, str], told: str
) -> None:
    answer = add(admin_client, network=network, **{f"network_setting_{name}": value for name, value in inputs.items()})
    assert told in errors(answer).replace("&#x27;", "'")
    assert not Merchant.objects.exists()


def test_what_two_inputs_are_wrong_together_stands_at_both(admin_client: Client) -> None:
    answer = add(admin_client, network="direct", network_setting_parameter="ref")
    form = answer.context["adminform"].form
    words = ["`parameter` and `value` belong together: set both or neither."]
    assert form.errors["network_setting_parameter"] == form.errors["network_setting_value"] == words
    assert not {"network", "network_settings", "__all__"} & set(form.errors)


def test_another_network_forgets_the_settings_of_the_old_one_and_asks_for_its_own(admin_client: Client) -> None:
    merchant = make_merchant(
        source="merchant_feed",
        source_settings={"feed_url": "https://shop.example/feed.xml"},
        network="awin",
        network_settings={"publisher_id": "1", "advertiser_id": "2"},
    )
    answer = save(admin_client, page_of(merchant), network="ebay")
    assert "`campaign_id` is missing" in errors(answer)
    assert "is not a setting here" not in errors(answer)
    changed = {"network": "ebay", "network_setting_campaign_id": "5338123456"}
    assert save(admin_client, page_of(merchant), **changed).status_code == 302
    merchant.refresh_from_db()
    assert (merchant.network, merchant.network_settings) == ("ebay", {"campaign_id": "5338123456"})


def test_an_emptied_input_takes_the_setting_out_and_others_stay(admin_client: Client) -> None:
    merchant = make_merchant(network_settings={"parameter": "ref", "value": "us", "sub_id_parameter": "sub"})
    assert save(admin_client, page_of(merchant), network_setting_sub_id_parameter="").status_code == 302
    merchant.refresh_from_db()
    assert merchant.network_settings == {"parameter": "ref", "value": "us"}


def test_the_object_can_still_be_written_by_hand(admin_client: Client) -> None:
    merchant = make_merchant()
    written = '{"sub_id_parameter": "s"}'
    assert save(admin_client, page_of(merchant), network_settings=written).status_code == 302
    merchant.refresh_from_db()
    assert merchant.network_settings == {"sub_id_parameter": "s"}


def test_shows_what_a_link_looks_like_or_why_there_is_none(admin_client: Client) -> None:
    merchant = make_merchant(network="amazon", hosts=["amazon.com", "amazon.de"], network_settings={"tag_us": "us-20"})
    offer = make_offer(merchant=merchant, url="https://www.amazon.com/dp/B01")
    assert "https://www.amazon.com/dp/B01?tag=us-20" in admin_client.get(page_of(merchant)).content.decode()
    offer.url = "https://www.amazon.de/dp/B01"
    offer.save()
    assert "set `tag_de` in the merchant" in admin_client.get(page_of(merchant)).content.decode()


def test_a_referrer_policy_of_its_own_goes_before_its_networks(admin_client: Client) -> None:
    merchant = make_merchant(network="amazon", network_settings={"tag_us": "us-20"})
    assert merchant.referrer == "no-referrer-when-downgrade"
    assert save(admin_client, page_of(merchant), referrer_policy="unsafe-url").status_code == 302
    merchant.refresh_from_db()
    assert merchant.referrer == "unsafe-url"


def test_who_may_only_look_sees_the_settings_and_no_inputs(client: Client) -> None:
    merchant = make_merchant(network="ebay", network_settings={"campaign_id": "5338123456"})
    client.force_login(make_staff("reader", "catalog.view_merchant"))
    page = client.get(page_of(merchant))
    assert page.status_code == 200
    assert "5338123456" in page.content.decode()
    assert "network_setting_" not in page.content.decode()

"""A merchant's record is stored only when it can be used, and every problem is told at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from catalog import networks, sources
from catalog.models import Merchant
from catalog.services.merchants import MerchantError, save_merchant, starting_terms

pytestmark = pytest.mark.django_db

GOOD: dict[str, Any] = {
    "name": "Shop",
    "homepage": "https://shop.example/",
    "hosts": ["shop.example"],
    "country": "US",
    "currency": "USD",
    "source": "merchant_feed",
    "source_settings": {"feed_url": "https://shop.example/feed.xml"},
    "network": "direct",
}


def test_saving_twice_makes_one_merchant() -> None:
    first, second = save_merchant(slug="shop", **GOOD), save_merchant(slug="shop", **GOOD)
    assert first.pk == second.pk
    assert Merchant.objects.count() == 1


def test_fields_that_are_not_named_keep_their_values() -> None:
    save_merchant(slug="shop", **GOOD, refresh_every=timedelta(hours=1))
    save_merchant(slug="shop", name="New name")
    merchant = Merchant.objects.get()
    assert (merchant.name, merchant.refresh_every, merchant.hosts) == ("New name", timedelta(hours=1), ["shop.example"])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"source_settings": {}}, "`feed_url` is missing"),
        ({"source_settings": {"feed_url": "ftp://x"}}, "`feed_url` does not look right"),
        ({"source_settings": {"feed_url": "https://x.example/", "x": "1"}}, "`x` is not a setting here"),
        ({"source_settings": ["x"]}, "the settings must be an object"),
        ({"network_settings": {"parameter": 5}}, "`parameter` must be text"),
        ({"source": "carrier pigeon"}, "`source`: Value 'carrier pigeon' is not a valid choice"),
        ({"hosts": ["https://shop.example/"]}, "is not a bare host name"),
        ({"hosts": ["Shop.example"]}, "is not a bare host name"),
        ({"hosts": []}, "`hosts`"),
        ({"hosts": ["com"]}, "is shared by many"),
        ({"hosts": ["co.uk"]}, "is shared by many"),
        ({"hosts": ["*.shop.example"]}, "is not a bare host name"),
        ({"hosts": ["linksynergy.com"]}, "is a network's, not the shop's"),
        ({"network_settings": {"parameter": "ref"}}, "belong together"),
        ({"network": "impact", "network_settings": {"domain": "go.brand.example"}}, "add it to the merchant's hosts"),
        ({"referrer_policy": "tell-all"}, "`referrer_policy`"),
        ({"currency": "usd"}, "merchant_currency_is_iso"),
        ({"refresh_every": timedelta(seconds=1)}, "`refresh_every`"),
        ({"colour": "red"}, "`colour` is not a field of a merchant."),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_stored(change: dict[str, Any], told: str) -> None:
    with pytest.raises(MerchantError) as refused:
        save_merchant(slug="shop", **{**GOOD, **change})
    assert told in str(refused.value)
    assert not Merchant.objects.exists()


def test_a_new_merchant_starts_with_its_programmes_terms() -> None:
    merchant = save_merchant(slug="shop", **{**GOOD, "network": "amazon"})
    terms = networks.NETWORKS["amazon"].terms
    assert (merchant.max_price_age, merchant.link_style) == (terms.max_price_age, terms.link_style.value)
    assert merchant.disclaimer == terms.disclaimer
    assert not merchant.history_allowed


def test_terms_that_are_given_are_kept() -> None:
    merchant = save_merchant(slug="shop", **GOOD, max_price_age=None, history_allowed=True)
    save_merchant(slug="shop", name="New name")
    merchant.refresh_from_db()
    assert (merchant.max_price_age, merchant.history_allowed) == (None, True)


@pytest.mark.parametrize("source", sources.SOURCES)
@pytest.mark.parametrize("network", networks.NETWORKS)
def test_no_pair_starts_with_more_than_both_allow(source: str, network: str) -> None:
    columns = starting_terms(source, network)
    both = (sources.SOURCES[source].terms, networks.NETWORKS[network].terms)
    for name in ("history_allowed", "alerts_allowed", "mail_allowed", "feeds_allowed", "api_allowed", "used_allowed"):
        assert columns[name] == all(getattr(terms, name) for terms in both)
    ages = [terms.max_price_age for terms in both if terms.max_price_age is not None]
    assert columns["max_price_age"] == (min(ages) if ages else None)


def test_another_feed_address_forgets_what_the_old_feed_said() -> None:
    merchant = save_merchant(slug="shop", **GOOD)
    Merchant.objects.update(feed_etag='"v1"')
    save_merchant(slug="shop", name="New name")
    merchant.refresh_from_db()
    assert merchant.feed_etag == '"v1"'
    save_merchant(slug="shop", source_settings={"feed_url": "https://shop.example/other.xml"})
    merchant.refresh_from_db()
    assert merchant.feed_etag == ""

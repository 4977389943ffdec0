"""How do the demo's products, merchants and offers get in?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.text import slugify

from catalog.models import Merchant, Offer, Product
from catalog.services.importing import import_products
from catalog.services.merchants import MerchantError, save_merchant
from catalog.services.offers import OfferError, save_offer
from demo import content
from demo.merchants.shops import FIRST_PORT, SHOPS
from demo.processes import DemoError

SOURCE = "The makers' published specifications, compiled for the demo"

# Real merchants are asked every few hours. These change their prices several times a minute, and a visitor of the demo
# should see that; a feed is one request for all offers, pages are one for each.
REFRESH_EVERY = {"merchant_feed": timedelta(seconds=30), "page_markup": timedelta(minutes=2)}

# Three shops that allow different things, so that the pages show what terms do. The shops are invented.
TERMS: Mapping[str, Mapping[str, Any]] = {
    "northbeat-audio": {
        "max_price_age": None,
        "history_allowed": True,
        "alerts_allowed": True,
        "mail_allowed": True,
        "feeds_allowed": True,
        "api_allowed": True,
        "delivers_to": ["CA", "DE", "FR", "GB", "US"],
        "disclaimer": "Northbeat Audio is a demonstration shop; nothing can be bought there.",
    },
    "soundquay": {
        "max_price_age": timedelta(hours=24),
        "delivers_to": ["CA", "US"],
        "disclaimer": "Soundquay is a demonstration shop. Its prices are shown for at most a day after they were read.",
    },
    "ear-and-oak": {
        "max_price_age": timedelta(days=3),
        "api_allowed": True,
        "disclaimer": "Ear & Oak is a demonstration shop; nothing can be bought there.",
    },
}
# The price-less mode: links to the item, no price, because nobody gave the demo a grant to show one.
AMAZON: Mapping[str, Any] = {
    "name": "Amazon",
    "homepage": "https://www.amazon.com/",
    "hosts": ["amazon.com"],
    "country": "US",
    "currency": "USD",
    "source": "manual",
    "network": "amazon",
    "network_settings": {"tag_us": "earmark-demo-20"},
}


@dataclass(frozen=True, slots=True)
class _WantedOffer:
    merchant: str
    product: str
    sku: str
    url: str


def fill_catalogue() -> int:
    """How many products are new or know more than before."""
    rows = content.catalogue()
    report = import_products(rows, source=SOURCE, checked_on=content.checked_on(rows))
    if report.errors:
        lines = "\n".join(f"  {remark}" for remark in report.errors)
        raise content.ContentError(f"{content.CATALOGUE.name} has rows that cannot be loaded:\n{lines}")
    return report.changed


def fill_merchants() -> int:
    """How many merchants are new or moved. Terms that somebody changed since stay changed."""
    present = {merchant.slug: merchant for merchant in Merchant.objects.all()}
    changed = 0
    for slug, wanted in _wanted_merchants().items():
        known = present.get(slug)
        fields = wanted if known is None else {key: wanted[key] for key in _moved(known, wanted)}
        if not fields:
            continue
        try:
            save_merchant(slug=slug, **fields)
        except MerchantError as error:
            raise DemoError(str(error)) from error
        changed += 1
    return changed


def fill_offers() -> int:
    """How many offers are new or moved. One that is where it should be is not touched, withdrawn or not."""
    merchants = {merchant.slug: merchant for merchant in Merchant.objects.all()}
    products = {product.slug: product for product in Product.objects.select_related("brand")}
    present = {
        (offer.merchant_id, offer.merchant_sku): (offer.product_id, offer.url)
        for offer in Offer.objects.filter(links__isnull=False)
    }
    changed = 0
    for wanted in _wanted_offers():
        merchant, product = merchants[wanted.merchant], products[wanted.product]
        if present.get((merchant.pk, wanted.sku)) == (product.pk, wanted.url):
            continue
        try:
            save_offer(product=product, merchant=merchant, merchant_sku=wanted.sku, url=wanted.url)
        except OfferError as error:
            raise DemoError(str(error)) from error
        changed += 1
    return changed


def _port() -> int:
    """Where the first of the demo's shops listens; the others follow it."""
    given = os.environ.get("EARMARK_SHOPS_PORT", "") or str(FIRST_PORT)
    if not given.isdigit() or not 1 <= int(given) <= 65535 - len(SHOPS):
        raise DemoError(f"EARMARK_SHOPS_PORT is {given!r}; it must be a port number such as {FIRST_PORT}.")
    return int(given)


def _wanted_merchants() -> dict[str, Mapping[str, Any]]:
    base = _port()
    wanted: dict[str, Mapping[str, Any]] = {
        shop.slug: {
            "name": shop.name,
            "homepage": shop.base_url(base) + "/",
            "hosts": [shop.host(base)],
            "country": "US",
            "currency": "USD",
            "source": shop.source,
            "source_settings": shop.source_settings(base),
            "refresh_every": REFRESH_EVERY[shop.source],
            "network": "direct",
            "network_settings": shop.network_settings(),
            **TERMS[shop.slug],
        }
        for shop in SHOPS
    }
    return {**wanted, "amazon": AMAZON}


def _moved(known: Merchant, wanted: Mapping[str, Any]) -> list[str]:
    """What of a merchant's addresses is no longer right: the demo's shops may get other ports on another day."""
    return [
        key for key in ("homepage", "hosts", "source_settings") if key in wanted and getattr(known, key) != wanted[key]
    ]


def _wanted_offers() -> Iterator[_WantedOffer]:
    base = _port()
    for row in content.catalogue():
        slug = slugify(f"{row['brand']} {row['model']}")
        for shop in SHOPS:
            if shop.sells(slug):
                yield _WantedOffer(shop.slug, slug, slug, shop.item_url(slug, base))
        for asin in row.get("asin", ()):
            yield _WantedOffer("amazon", slug, asin, f"https://www.amazon.com/dp/{asin}")

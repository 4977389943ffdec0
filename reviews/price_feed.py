"""Which prices fell lately? Atom and RSS, each entry with what the fall is measured by and what the shop wants said.

Only of shops that let their prices be passed on; a reader of it comes to the product's page, where links are labelled.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import SyndicationFeed
from django.utils.html import format_html_join

from catalog.money import money_text
from catalog.price_drops import PriceDrop, price_drops
from reviews import selectors
from reviews.blocks.base import ProductFacts
from reviews.pages.deal_words import deal_words

ENTRIES = 30


def price_drop_feed(kind: type[SyndicationFeed], *, url: str, now: datetime) -> SyndicationFeed:
    """The newest reductions as a feed of this kind; `url` is the feed's own path."""
    measure = (
        "Prices below the lowest of the 30 days before, by what we watched ourselves. Some shops pay us when you "
        f"buy: {settings.SITE_URL}{reverse('disclosure')}"
    )
    feed = kind(
        title=f"{settings.SITE_NAME}: prices that fell",
        link=f"{settings.SITE_URL}{reverse('products')}",
        description=measure,
        subtitle=measure,  # Atom's word for it
        language="en",
        feed_url=f"{settings.SITE_URL}{url}",
    )
    drops = price_drops(now=now, most=ENTRIES)
    facts = selectors.product_facts([drop.product_id for drop in drops], now=now)
    for drop in drops:
        _add(feed, drop, facts[drop.product_id])
    return feed


def _add(feed: SyndicationFeed, drop: PriceDrop, product: ProductFacts) -> None:
    feed.add_item(
        title=f"{product.name}: {money_text(drop.price.amount, drop.price.currency)} at {drop.offer.merchant}",
        link=f"{settings.SITE_URL}{product.url}",
        # One reduction is told once, however often its price is read or falls further.
        unique_id=f"{settings.SITE_URL}{product.url}#fell-{drop.offer.offer_id}-{drop.began_at:%Y%m%dT%H%M%SZ}",
        unique_id_is_permalink=False,
        description=_words(drop),
        pubdate=drop.began_at,
        updateddate=drop.fell_at,
        categories=(product.kind_label,),
    )


def _words(drop: PriceDrop) -> str:
    """HTML: the verdict with its numbers, when the price was seen, and the shop's own disclaimer."""
    said = deal_words(drop.deal)
    seen = f"Seen {drop.price.seen_at:%-d %b %Y, %H:%M} UTC; it may have changed since."
    lines = [f"{said.headline}. {said.text}", seen, *filter(None, [drop.offer.disclaimer])]
    return format_html_join("", "<p>{}</p>", ((line,) for line in lines))

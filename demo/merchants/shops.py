"""Which shops does the demo have, what does each sell, and where is it reached?"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from zlib import crc32

from django.utils.text import slugify

FIRST_PORT = 8101


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One thing on a shop's shelf; `sku` is the product's slug at our site, so that the seed can join the two."""

    sku: str
    brand: str
    name: str
    mpn: str
    usual_price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    name: str
    slug: str
    motto: str
    # its place in the row of ports
    offset: int
    # the key of the price source that reads it, and the page or feed it publishes
    source: str
    feed_path: str
    item_path: str
    # how many of ten products it sells, and how far its prices are from the usual ones, in percent
    share: int
    level: int
    shipping: Decimal
    parameter: str
    # Still in its feed, while its page is gone: what happens in every shop, and what the site is to find out by itself.
    lost_page: str = ""

    def base_url(self, port_base: int = FIRST_PORT) -> str:
        return f"http://{self.host(port_base)}"

    def host(self, port_base: int = FIRST_PORT) -> str:
        return f"127.0.0.1:{port_base + self.offset}"

    def source_settings(self, port_base: int = FIRST_PORT) -> dict[str, str]:
        """What the merchant's record says to the price source."""
        return {"feed_url": self.base_url(port_base) + self.feed_path} if self.feed_path else {}

    def network_settings(self) -> dict[str, str]:
        """What the merchant's record says to the network `direct`: how this shop recognises our visitors."""
        return {"parameter": self.parameter, "value": "earmark-demo", "sub_id_parameter": "place"}

    def item_url(self, sku: str, port_base: int = FIRST_PORT) -> str:
        return self.base_url(port_base) + self.item_path.format(sku=sku)

    def sells(self, sku: str) -> bool:
        """A fixed part of everything. What no other shop would take, the first one has."""
        if self._takes(sku):
            return True
        return self.offset == 0 and not any(other._takes(sku) for other in SHOPS)

    def _takes(self, sku: str) -> bool:
        return crc32(f"{self.slug}/{sku}".encode()) % 10 < self.share


SHOPS: tuple[Shop, ...] = (
    Shop(
        name="Northbeat Audio",
        slug="northbeat-audio",
        motto="Listening gear from the far end of the pier.",
        offset=0,
        source="merchant_feed",
        feed_path="/feed.xml.gz",
        item_path="/gear/{sku}",
        share=7,
        level=0,
        shipping=Decimal("0.00"),
        parameter="partner",
    ),
    Shop(
        name="Soundquay",
        slug="soundquay",
        motto="Headphones and headsets, unloaded daily.",
        offset=1,
        source="merchant_feed",
        feed_path="/products.tsv",
        item_path="/p/{sku}",
        share=6,
        level=-3,
        shipping=Decimal("4.90"),
        parameter="via",
        lost_page="sennheiser-hd-600",
    ),
    Shop(
        name="Ear & Oak",
        slug="ear-and-oak",
        motto="A small shop with a bench and a good chair.",
        offset=2,
        source="page_markup",
        feed_path="",
        item_path="/shelf/{sku}",
        share=4,
        level=4,
        shipping=Decimal("0.00"),
        parameter="friend",
    ),
)


def articles(catalogue: Path) -> list[Article]:
    """What there is to sell: the catalogue's rows that have a `demo_price_usd`."""
    found = []
    with catalogue.open(encoding="utf-8") as lines:
        for line in filter(str.strip, lines):
            row = json.loads(line)
            if row.get("demo_price_usd"):
                found.append(
                    Article(
                        sku=slugify(f"{row['brand']} {row['model']}"),
                        brand=row["brand"],
                        name=f"{row['brand']} {row['model']}",
                        mpn=next(iter(row.get("mpn") or []), ""),
                        usual_price=Decimal(str(row["demo_price_usd"])),
                    )
                )
    return found


def stock(shop: Shop, everything: Iterable[Article]) -> dict[str, Article]:
    """What the shop sells, by sku."""
    return {article.sku: article for article in everything if shop.sells(article.sku)}

"""How does a shop hand out its whole stock? As XML in the shape of Google Merchant, or as a table."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections.abc import Iterable
from html import escape

from demo.merchants.market import Asked
from demo.merchants.shops import Article, Shop

Row = tuple[Article, Asked, str]  # with the address of the article's page


def xml_gz(shop: Shop, rows: Iterable[Row]) -> bytes:
    """Google-Merchant-style RSS, gzipped; the same rows give the same bytes."""
    items = "".join(_item(shop, *row) for row in rows)
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>'
        f"<title>{escape(shop.name)}</title><description>{escape(shop.motto)}</description>{items}</channel></rss>\n"
    )
    return gzip.compress(document.encode(), mtime=0)


def _item(shop: Shop, article: Article, asked: Asked, url: str) -> str:
    fields = {
        "id": article.sku,
        "title": article.name,
        "link": url,
        "brand": article.brand,
        "mpn": article.mpn,
        "condition": "new",
        "price": f"{asked.amount} USD",
        "availability": "in_stock" if asked.is_in_stock else "out_of_stock",
    }
    inside = "".join(f"<g:{name}>{escape(value)}</g:{name}>" for name, value in fields.items() if value)
    shipping = f"<g:shipping><g:country>US</g:country><g:price>{shop.shipping} USD</g:price></g:shipping>"
    return f"<item>{inside}{shipping}</item>\n"


def tsv(shop: Shop, rows: Iterable[Row]) -> bytes:
    """A table with tabs and a header line."""
    out = io.StringIO()
    table = csv.writer(out, delimiter="\t", lineterminator="\n")
    table.writerow(
        ["id", "title", "link", "brand", "mpn", "condition", "price", "availability", "shipping(country:price)"]
    )
    for article, asked, url in rows:
        stock = "in stock" if asked.is_in_stock else "out of stock"
        price, shipping = f"{asked.amount} USD", f"US:{shop.shipping} USD"
        table.writerow([article.sku, article.name, url, article.brand, article.mpn, "new", price, stock, shipping])
    return out.getvalue().encode()


def etag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'

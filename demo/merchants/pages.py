"""What does a visitor of a shop see, and what do its pages tell machines?

The shelf of Ear & Oak speaks three dialects, as real shops do: JSON-LD, microdata, or OpenGraph tags.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from zlib import crc32

from demo.merchants.feeds import Row
from demo.merchants.market import Asked
from demo.merchants.shops import Article, Shop

DIALECTS = ("json-ld", "microdata", "opengraph")

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>{title}</title>
<link rel="stylesheet" href="/shop.css">{head}</head>
<body><header><a href="/">{shop}</a><span>{motto}</span></header><main>{main}</main>
<footer>An invented shop of the demo. Nothing can be bought here.</footer></body></html>
"""

STYLE = """
:root { color-scheme: light dark; font: 1.05rem/1.6 system-ui, sans-serif; }
body { max-width: 44rem; margin: 0 auto; padding: 1.5rem; }
header { display: flex; gap: 1rem; align-items: baseline; border-bottom: 2px solid; flex-wrap: wrap; }
header a { font-weight: 700; font-size: 1.3rem; text-decoration: none; color: inherit; }
.price { font-size: 2rem; font-weight: 700; }
.partner { border: 1px solid; border-radius: .5rem; padding: .75rem 1rem; }
footer { margin-top: 3rem; font-size: .9rem; opacity: .75; }
""".lstrip()


def dialect(article: Article) -> str:
    """The markup an article's page speaks: most JSON-LD, some microdata, some OpenGraph."""
    return DIALECTS[(0, 0, 1, 0, 2)[crc32(article.sku.encode()) % 5]]


def item_page(shop: Shop, article: Article, asked: Asked, url: str, arrived_with: Sequence[tuple[str, str]]) -> str:
    """The article's page, which is also where an affiliate link leads: it shows what came with the visitor."""
    stock = "In stock" if asked.is_in_stock else "Sold out"
    head, price = "", f'<p class="price">${asked.amount}</p><p>{stock}</p>'
    if shop.source == "page_markup":
        head, price = _marked_up(article, asked, url, price)
    heading = f"<h1>{escape(article.name)}</h1>"
    main = f"{heading}{price}{_partner(arrived_with)}"
    if 'itemprop="price"' in price:
        main = (
            f'<div itemscope itemtype="https://schema.org/Product"><h1 itemprop="name">{escape(article.name)}</h1>'
            f'<meta itemprop="sku" content="{escape(article.sku)}">{price}</div>{_partner(arrived_with)}'
        )
    return _page(shop, f"{article.name} at {shop.name}", main, head)


def _marked_up(article: Article, asked: Asked, url: str, plain: str) -> tuple[str, str]:
    """What goes into the head, and how the price stands on the page."""
    available = "https://schema.org/" + ("InStock" if asked.is_in_stock else "OutOfStock")
    spoken = dialect(article)
    if spoken == "json-ld":
        return _json_ld(article, asked, url, available), plain
    if spoken == "opengraph":
        tags = {
            "og:type": "product",
            "og:title": article.name,
            "og:url": url,
            "product:price:amount": str(asked.amount),
            "product:price:currency": "USD",
            "product:availability": "instock" if asked.is_in_stock else "oos",
            "product:brand": article.brand,
        }
        return "".join(f'<meta property="{name}" content="{escape(value)}">' for name, value in tags.items()), plain
    stock = "In stock" if asked.is_in_stock else "Sold out"
    return "", (
        '<div itemprop="offers" itemscope itemtype="https://schema.org/Offer">'
        f'<p class="price"><span itemprop="priceCurrency" content="USD">$</span>'
        f'<span itemprop="price" content="{asked.amount}">{asked.amount}</span></p>'
        f'<link itemprop="availability" href="{available}"><p>{stock}</p></div>'
    )


def _json_ld(article: Article, asked: Asked, url: str, available: str) -> str:
    data: Mapping[str, object] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": article.name,
        "sku": article.sku,
        "brand": {"@type": "Brand", "name": article.brand},
        "offers": {
            "@type": "Offer",
            "url": url,
            "price": str(asked.amount),
            "priceCurrency": "USD",
            "availability": available,
            "itemCondition": "https://schema.org/NewCondition",
        },
    }
    return f'<script type="application/ld+json">{json.dumps(data).replace("<", chr(92) + "u003c")}</script>'


def _partner(arrived_with: Sequence[tuple[str, str]]) -> str:
    if not arrived_with:
        return '<p class="partner">You came without a partner\'s tag.</p>'
    rows = "".join(
        f"<li><code>{escape(name)}</code> = <code>{escape(value)}</code></li>" for name, value in arrived_with
    )
    return f'<div class="partner"><p>You came with a partner\'s tag:</p><ul>{rows}</ul></div>'


def front_page(shop: Shop, rows: Iterable[Row]) -> str:
    items = "".join(f'<li><a href="{escape(url)}">{escape(a.name)}</a>, ${asked.amount}</li>' for a, asked, url in rows)
    return _page(shop, shop.name, f"<h1>{escape(shop.name)}</h1><ul>{items}</ul>")


def missing_page(shop: Shop) -> str:
    return _page(shop, "Not here", '<h1>Not here</h1><p>We have no such thing. <a href="/">See what we have.</a></p>')


def _page(shop: Shop, title: str, main: str, head: str = "") -> str:
    return _PAGE.format(title=escape(title), head=head, shop=escape(shop.name), motto=escape(shop.motto), main=main)

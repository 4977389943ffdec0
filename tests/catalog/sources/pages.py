"""Product pages for tests, built from the structured data they are about."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from catalog.reading import Reading, Unreadable
from catalog.sources.base import Wanted
from catalog.sources.page_markup.answer import answer_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://shop.example/p/studio-one"


def page(*json_ld: Any, body: str = "", head: str = "", title: str = "Studio One") -> str:
    blocks = "".join(
        f'<script type="application/ld+json">{one if isinstance(one, str) else json.dumps(one)}</script>'
        for one in json_ld
    )
    return f"<!doctype html><html><head><title>{title}</title>{head}{blocks}</head><body>{body}</body></html>"


def product(offers: Any, **fields: Any) -> dict[str, Any]:
    return {"@context": "https://schema.org", "@type": "Product", "name": "Studio One", "offers": offers, **fields}


def offer(price: Any = "199.00", currency: str | None = "EUR", **fields: Any) -> dict[str, Any]:
    named = {} if currency is None else {"priceCurrency": currency}
    return {"@type": "Offer", "price": price, **named, **fields}


def meta(**properties: str) -> str:
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{value}">' for name, value in properties.items()
    )


def ask(
    text: str | bytes,
    *,
    sku: str = "S-1",
    url: str = URL,
    currency: str | None = None,
    content_type: str = "text/html; charset=utf-8",
) -> Reading | Unreadable:
    body = text.encode() if isinstance(text, str) else text
    one = Wanted(sku=sku, url=url, currency="EUR")
    return answer_of(body, content_type, url=url, wanted=one, otherwise=currency, now=NOW)


def price(text: str | bytes, **how: Any) -> str:
    said = ask(text, **how)
    assert isinstance(said, Reading), said.reason
    return f"{said.amount} {said.currency}"


def reason(text: str | bytes, **how: Any) -> str:
    said = ask(text, **how)
    assert isinstance(said, Unreadable), said
    return said.reason

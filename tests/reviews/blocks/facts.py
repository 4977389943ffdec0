"""Products and offers as blocks see them, for tests that need no database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from catalog.reading import Availability, Condition
from catalog.shown_offer import ShownOffer, ShownPrice
from reviews.blocks.base import ProductFacts, SpecFact, Surroundings

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def shown_offer(number: int = 1, **changes: Any) -> ShownOffer:
    fields: dict[str, Any] = {
        "offer_id": number,
        "product_id": 1,
        "merchant": f"Shop {number}",
        "merchant_slug": f"shop-{number}",
        "country": "US",
        "condition": Condition.NEW,
        "price": ShownPrice(amount=Decimal("99.00"), currency="USD", seen_at=NOW, expires_at=NOW, shipping_amount=None),
        "availability": Availability.IN_STOCK,
        "link_code": f"code{number}",
        "href": f"/go/code{number}/",
        "link_label": "paid link",
        "disclaimer": "",
    }
    return ShownOffer(**fields | changes)


def spec(key: str, value: str | None, number: str | None = None, state: str = "value") -> SpecFact:
    return SpecFact(
        key=key,
        label=key.replace("_", " ").capitalize(),
        value=value,
        state="unknown" if value is None else state,
        number=Decimal(number) if number else None,
    )


def product(number: int = 1, **changes: Any) -> ProductFacts:
    fields: dict[str, Any] = {
        "product_id": number,
        "slug": f"model-{number}",
        "name": f"Acme Model {number}",
        "brand": "Acme",
        "kind": "headphones",
        "kind_label": "Headphones",
        "type_labels": ("Over-ear",),
        "url": f"/products/model-{number}/",
        "picture": f"/pictures/model-{number}.svg",
        "summary": "A pair of headphones.",
        "is_discontinued": False,
        "specs": {},
        "offers": (shown_offer(number),),
        "review_url": "",
        "overall_score": None,
    }
    return ProductFacts(**fields | changes)


def here(**changes: Any) -> Surroundings:
    fields: dict[str, Any] = {
        "placement": "a7.2",
        "today": date(2026, 11, 25),
        "disclosure_url": "/disclosure/",
    }
    return Surroundings(**fields | changes)

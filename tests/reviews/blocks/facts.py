"""Products and offers as blocks see them, for tests that need no database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from catalog.reading import Availability, Condition
from catalog.shown_offer import ShownOffer, ShownPrice
from reviews.blocks.base import PictureFacts, PictureSource, ProductFacts, SpecFact, Surroundings

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


def picture(number: int = 1, **changes: Any) -> PictureFacts:
    fields: dict[str, Any] = {
        "picture_id": number,
        "alt": f"A pair of headphones from side {number}",
        "caption": f"Side {number}",
        "credit": "Ada Field",
        "source_url": "",
        "licence": "",
        "width": 1200,
        "height": 800,
        "url": f"/media/pictures/{number}-640.jpg",
        "sources": (PictureSource("image/avif", f"/media/pictures/{number}-640.avif 640w"),),
        "focus": (Decimal("0.5"), Decimal("0.5")),
    }
    return PictureFacts(**fields | changes)


def here(**changes: Any) -> Surroundings:
    """A page that has the products and pictures that examples speak of: 1, 2 and 3."""
    fields: dict[str, Any] = {
        "placement": "a7.2",
        "today": date(2026, 11, 25),
        "disclosure_url": "/disclosure/",
        "choose_url": "/choose/",
        "how_we_work_url": "/how-we-work/",
        "products": {number: product(number) for number in (1, 2, 3)},
        "pictures": {number: picture(number) for number in (1, 2, 3)},
    }
    return Surroundings(**fields | changes)

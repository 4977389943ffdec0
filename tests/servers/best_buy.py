"""A server that speaks Best Buy's Products and Buying Options APIs: key, query by SKUs, pages, refusals with 403."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.catalog.shop import Page, Shop, Visit, open_shop

KEY = "qUh3-the-key-of-best-buy"
Json = dict[str, Any]


def product(sku: int, price: Any = 99.99, **fields: Any) -> Json:
    """A product as the API describes it; a field that is None is left out."""
    made: Json = {
        "sku": sku,
        "name": "Acme - Headset One - Black",
        "manufacturer": "Acme",
        "modelNumber": "HS-1",
        "upc": "4006381333931",
        "active": True,
        "condition": "New",
        "preowned": False,
        "salePrice": price,
        "regularPrice": 129.99,
        "onlineAvailability": True,
        "orderable": "Available",
        "shippingCost": 0,
        "freeShipping": True,
        **fields,
    }
    return {name: value for name, value in made.items() if value is not None}


@dataclass
class BestBuyServer:
    shop: Shop
    products: dict[str, Json] = field(default_factory=dict)
    opened: dict[str, Json] = field(default_factory=dict)
    # What the next requests get instead of an answer, in turn.
    faults: list[Page] = field(default_factory=list)
    largest_page: int = 100
    asked: list[str] = field(default_factory=list)

    def settings(self, **changed: str) -> dict[str, str]:
        return {"api_key": KEY, "api_url": self.shop.url(""), **changed}

    def answer(self, visit: Visit) -> None:
        parts = urlsplit(visit.path)
        path, query = unquote(parts.path), {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked.append(path)
        if self.faults:
            return self.faults.pop(0)(visit)
        if query.get("apiKey") != KEY:
            return _says(visit, 403, {"errorCode": "403", "errorMessage": f"The key {query.get('apiKey')} is invalid"})
        if found := re.fullmatch(r"/v1/products\(sku in\(([0-9,]+)\)(&active=\*)?\)", path):
            return self._products(visit, found[1].split(","), query, everything=bool(found[2]))
        if found := re.fullmatch(r"/beta/products/openBox\(sku in\(([0-9,]+)\)\)", path):
            wanted = found[1].split(",")
            results = [self.opened[sku] for sku in wanted if sku in self.opened]
            return _says(visit, 200, {"metadata": {"resultSet": {"count": len(results)}}, "results": results})
        return _says(visit, 400, {"errorCode": "400", "errorMessage": f"Couldn't understand '{visit.path}'"})

    def _products(self, visit: Visit, skus: list[str], query: dict[str, str], *, everything: bool) -> None:
        size = min(int(query.get("pageSize", "10")), self.largest_page)
        page = int(query.get("page", "1"))
        if len(skus) > 100 or not query.get("show") or query.get("format") != "json":
            return _says(visit, 400, {"errorCode": "400", "errorMessage": "too much was asked for"})
        shown = query["show"].split(",")
        found = [self.products[sku] for sku in reversed(skus) if sku in self.products]
        found = [one for one in found if everything or one.get("active")]
        rows = [
            {name: value for name, value in one.items() if name in shown}
            for one in found[(page - 1) * size : page * size]
        ]
        return _says(
            visit,
            200,
            {
                "from": (page - 1) * size + 1,
                "to": page * size,
                "currentPage": page,
                "total": len(found),
                "totalPages": -(-len(found) // size),
                "partial": False,
                "canonicalUrl": visit.path,
                "products": rows,
            },
        )


def _says(visit: Visit, status: int, body: Json) -> None:
    visit.answer(json.dumps(body).encode(), status=status, content_type="application/json")


@contextmanager
def open_best_buy() -> Iterator[BestBuyServer]:
    with open_shop() as shop:
        server = BestBuyServer(shop)
        # Its paths hold the query itself, so all of them are answered in one place.
        shop.serves("/v1", server.answer)
        shop.serves("/beta", server.answer)
        yield server

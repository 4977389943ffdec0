"""A server that speaks eBay's Browse API: OAuth 2 with Basic, getItem, getItems, and eBay's numbered errors."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.catalog.shop import Page, Shop, Visit, open_shop

CLIENT, SECRET = "Earmark-Reviews-PRD-abc123", "PRD-this-is-the-cert-id"
CAMPAIGN = "5338123456"
SCOPE = "https://api.ebay.com/oauth/api_scope"
Json = dict[str, Any]


def money(value: str, currency: str = "USD", **converted: str) -> Json:
    return {"value": value, "currency": currency, **converted}


def item(item_id: str, price: Any = None, **fields: Any) -> Json:
    """An item as getItem describes it; a field that is None is left out."""
    made: Json = {
        "itemId": item_id,
        "title": "Acme Headset One",
        "price": money("199.99") if price is None else price,
        "condition": "New",
        "conditionId": "1000",
        "brand": "Acme",
        "mpn": "HS-1",
        "gtin": "4006381333931",
        "buyingOptions": ["FIXED_PRICE"],
        "estimatedAvailabilities": [
            {
                "deliveryOptions": ["SHIP_TO_HOME"],
                "estimatedAvailabilityStatus": "IN_STOCK",
                "estimatedAvailableQuantity": 7,
            }
        ],
        "shippingOptions": [
            {
                "shippingCostType": "FIXED",
                "shippingCost": money("4.95"),
                "shipToLocationUsedForEstimate": {"country": "US"},
            }
        ],
        "lotSize": 0,
        "itemWebUrl": "https://www.ebay.com/itm/110000000001",
        **fields,
    }
    return {name: value for name, value in made.items() if value is not None}


def errors(*numbers: int, category: str = "REQUEST") -> Json:
    return {
        "errors": [
            {"errorId": number, "domain": "API_BROWSE", "category": category, "message": f"In words {SECRET}."}
            for number in numbers
        ]
    }


def says(status: int, body: Any, **headers: str) -> Page:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda visit: visit.answer(sent, status=status, **headers)


@dataclass
class Ebay:
    shop: Shop
    site: str = "EBAY_US"
    items: dict[str, Json] = field(default_factory=dict)
    # Item id: the number of the error it is refused with.
    refused: dict[str, int] = field(default_factory=dict)
    grants_bulk: bool = False
    # The fields that an answer in bulk leaves out.
    left_out: frozenset[str] = frozenset()
    faults: list[Page] = field(default_factory=list)
    token_faults: list[Page] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    requests_per_token: int = 1_000_000
    used: dict[str, int] = field(default_factory=dict)
    asked: list[list[str]] = field(default_factory=list)
    contexts: list[str] = field(default_factory=list)

    def settings(self, **changed: str) -> dict[str, str]:
        """What `read` is given: the secret itself, the address of this server."""
        return {
            "marketplace": self.site,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "campaign_id": CAMPAIGN,
            "api_url": self.shop.url(""),
            **changed,
        }

    def token(self, visit: Visit) -> None:
        if self.token_faults:
            return self.token_faults.pop(0)(visit)
        pair = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        form = {name: values[0] for name, values in parse_qs(visit.body.decode()).items()}
        if visit.headers.get("authorization") != f"Basic {pair}":
            return says(401, {"error": "invalid_client", "error_description": f"failed for {SECRET}"})(visit)
        if form.get("grant_type") != "client_credentials":
            return says(400, {"error": "unsupported_grant_type"})(visit)
        scopes = set(form.get("scope", "").split())
        if SCOPE not in scopes or scopes - {SCOPE, *([f"{SCOPE}/buy.item.bulk"] if self.grants_bulk else [])}:
            return says(400, {"error": "invalid_scope"})(visit)
        self.tokens.append(f"v^1.1#i^1#token-{len(self.tokens)}==")
        return says(
            200, {"access_token": self.tokens[-1], "expires_in": 7200, "token_type": "Application Access Token"}
        )(visit)

    def browse(self, visit: Visit) -> None:
        parts = urlsplit(visit.path)
        query = parse_qs(parts.query)
        ids = query["item_ids"][0].split(",") if "item_ids" in query else [unquote(parts.path.rpartition("/")[2])]
        self.asked.append(ids)
        if self.faults:
            return self.faults.pop(0)(visit)
        given = re.fullmatch(r"Bearer (\S+)", visit.headers.get("authorization", ""))
        if given is None or given[1] not in self.tokens:
            return says(401, errors(1001))(visit)
        self.used[given[1]] = self.used.get(given[1], 0) + 1
        if self.used[given[1]] > self.requests_per_token:
            return says(401, errors(1001))(visit)
        if visit.headers.get("x-ebay-c-marketplace-id") != self.site:
            return says(409, errors(11011))(visit)
        self.contexts.append(visit.headers.get("x-ebay-c-enduserctx", ""))
        if "|" in parts.path:
            return says(400, errors(11012))(visit)  # bars must be percent-encoded
        return self._many(visit, ids) if "item_ids" in query else self._one(visit, ids[0])

    def _one(self, visit: Visit, item_id: str) -> None:
        if item_id in self.items:
            return says(200, self.items[item_id])(visit)
        number = self.refused.get(item_id, 11001)
        return says(400 if number != 11001 else 404, errors(number))(visit)

    def _many(self, visit: Visit, ids: list[str]) -> None:
        if not self.grants_bulk:
            return says(403, errors(1100))(visit)
        if len(ids) > 20:
            return says(400, errors(11015))(visit)
        found = [
            {name: value for name, value in self.items[one].items() if name not in self.left_out}
            for one in reversed(ids)
            if one in self.items
        ]
        gone = [one for one in ids if one not in self.items]
        if not found:
            return says(404, errors(11001))(visit)
        body: Json = {"items": found, "total": len(found)}
        if gone:
            body["warnings"] = errors(11001)["errors"]
        return says(200, body)(visit)


@contextmanager
def open_ebay(**how: Any) -> Iterator[Ebay]:
    with open_shop() as shop:
        ebay = Ebay(shop, **how)
        shop.serves("/identity/v1/oauth2/token", ebay.token)
        shop.serves("/buy/browse/v1", ebay.browse)
        yield ebay

"""Rakuten's Events API on loopback: tokens that end, and pages of events by process date."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from tests.catalog.shop import Page, Shop, Visit, open_shop
from tests.servers.faults import Json, query_of, says

CLIENT, SECRET, ACCOUNT = "rakuten-client", "rakuten-secret", "1234567"


def event(number: int, **fields: object) -> Json:
    return {
        "etransaction_id": f"e{number:031d}",
        "advertiser_id": 38815,
        "sid": 1234567,
        "order_id": f"100{number}",
        "offer_id": 272843,
        "sku_number": "HS-1",
        "sale_amount": 100.0,
        "quantity": 1,
        "commissions": 7.5,
        "process_date": "Sun Nov 15 2026 02:18:36 GMT+0000 (UTC)",
        "transaction_date": "Sun Nov 15 2026 02:11:00 GMT+0000 (UTC)",
        "transaction_type": "realtime",
        "product_name": "Headset",
        "u1": "",
        "currency": "USD",
        "is_event": "Y",
        "lock_status": "unlocked",
        **fields,
    }


@dataclass
class Rakuten:
    shop: Shop
    rows: list[Json] = field(default_factory=list)
    faults: list[Page] = field(default_factory=list)
    token_faults: list[Page] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    # How many requests a token is good for.
    requests_per_token: int = 1_000_000
    used: dict[str, int] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def settings(self, **changed: str) -> dict[str, str]:
        return {
            "account_id": ACCOUNT,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "api_url": self.shop.url("/rakuten"),
            **changed,
        }

    def token(self, visit: Visit) -> None:
        if self.token_faults:
            return self.token_faults.pop(0)(visit)
        pair = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if visit.headers.get("authorization") != f"Basic {pair}":
            return says(401, {"error": "invalid_client", "error_description": f"bad {SECRET}"})(visit)
        if parse_qs(visit.body.decode()).get("scope") != [ACCOUNT]:
            return says(400, {"error": "invalid_scope"})(visit)
        self.tokens.append(f"token-number-{len(self.tokens)}")
        return says(200, {"access_token": self.tokens[-1], "expires_in": 14400, "token_type": "bearer"})(visit)

    def answer(self, visit: Visit) -> None:
        query = query_of(visit)
        self.asked.append(query)
        if self.faults:
            return self.faults.pop(0)(visit)
        given = re.fullmatch(r"Bearer (\S+)", visit.headers.get("authorization", ""))
        if given is None or given[1] not in self.tokens:
            return says(401, {"error": "invalid token"})(visit)
        self.used[given[1]] = self.used.get(given[1], 0) + 1
        if self.used[given[1]] > self.requests_per_token:
            return says(401, {"error": "token expired"})(visit)
        limit, page = int(query["limit"]), int(query["page"])
        if limit > 1000:
            return says(400, {"error": "limit"})(visit)
        return says(200, self.rows[(page - 1) * limit : page * limit])(visit)


@contextmanager
def open_rakuten(*rows: Json) -> Iterator[Rakuten]:
    with open_shop() as shop:
        rakuten = Rakuten(shop, list(rows))
        shop.serves("/rakuten/token", rakuten.token)
        shop.serves("/rakuten/events", rakuten.answer)
        yield rakuten

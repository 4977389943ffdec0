"""A merchant with a feed on this machine whose every answer the test decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from catalog.http import WebDoor
from catalog.models import Merchant, Offer, RefreshRun
from catalog.services.prices import refresh_merchant
from tests.factories import make_merchant, make_offer, make_product

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def table(*rows: Sequence[str]) -> bytes:
    """A feed as tab-separated values with the columns id, price, availability and, if given, more by name."""
    head = ["id", "title", "price", "availability", "condition", "gtin"]
    lines = [head]
    for row in rows:
        sku, price, *rest = row
        availability, condition, gtin = [*rest, *["in stock", "new", ""][len(rest) :]]
        lines.append([sku, f"Item {sku}", price, availability, condition, gtin])
    return "\n".join("\t".join(line) for line in lines).encode()


@dataclass
class FeedShop:
    server: HTTPServer
    merchant: Merchant
    door: WebDoor
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: str = ""
    asked: int = 0
    answered_in_full: int = 0

    def answer(self, request: Request) -> Response:
        self.asked += 1
        if self.etag and request.headers.get("If-None-Match") == self.etag:
            return Response(status=304, headers={"ETag": self.etag})
        self.answered_in_full += 1
        headers = {"Content-Type": "text/tab-separated-values; charset=utf-8", **self.headers}
        if self.etag:
            headers["ETag"] = self.etag
        return Response(self.body, status=self.status, headers=headers)

    def sell(self, *rows: Sequence[str]) -> None:
        self.body, self.status = table(*rows), 200

    def offer(self, sku: str, **fields: Any) -> Offer:
        fields.setdefault("next_check_at", NOON)
        return make_offer(
            fields.pop("product", None) or make_product(sku),
            self.merchant,
            merchant_sku=sku,
            url=self.server.url_for(f"/p/{sku}"),
            **fields,
        )

    def refresh(self, at: datetime = NOON) -> RefreshRun:
        """A round at this time; everything is due."""
        Offer.objects.filter(merchant=self.merchant).update(next_check_at=at)
        run = refresh_merchant(merchant_id=self.merchant.pk, now=at, door=self.door)
        assert run is not None
        self.merchant.refresh_from_db()
        return run


def open_shop(server: HTTPServer, **fields: Any) -> FeedShop:
    host = f"{server.host}:{server.port}"
    merchant = make_merchant(
        "Shop",
        hosts=[host],
        source="merchant_feed",
        source_settings={"feed_url": server.url_for("/feed.tsv")},
        refresh_every=6 * HOUR,
        # Tests do not wait for their turn; `test_pace.py` does.
        requests_per_minute=60_000,
        **fields,
    )
    door = WebDoor(user_agent="test", allowed_private=frozenset({host}), timeout_seconds=1, deadline_seconds=3)
    shop = FeedShop(server, merchant, door)
    server.expect_request("/feed.tsv").respond_with_handler(shop.answer)
    return shop

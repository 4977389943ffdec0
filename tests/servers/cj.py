"""CJ's GraphQL commissions on loopback: by posting or locking date, in pages told by payloadComplete."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.catalog.shop import Page, Shop, Visit, open_shop
from tests.servers.faults import Json, says

TOKEN, PUBLISHER = "cj-personal-access-token", "1234567"
_DATES = re.compile(r'since(Posting|Locking)Date: "([^"]+)", before\1Date: "([^"]+)"')


def commission(number: int, action: int, **fields: object) -> Json:
    """A row: decimals are texts."""
    return {
        "commissionId": str(number),
        "originalActionId": str(action),
        "original": True,
        "actionStatus": "new",
        "actionType": "sim_sale",
        "orderId": f"O-{action}",
        "advertiserId": "7777",
        "shopperId": "",
        "eventDate": "2026-11-10T08:00:00Z",
        "postingDate": "2026-11-10T09:00:00Z",
        "lockingDate": None,
        "correctionReason": None,
        "saleAmountPubCurrency": "100.00",
        "pubCommissionAmountPubCurrency": "10.00",
        "saleAmountUsd": "110.00",
        "pubCommissionAmountUsd": "11.00",
        **fields,
    }


def correction(number: int, action: int, **fields: object) -> Json:
    return commission(
        number,
        action,
        **{
            "original": False,
            "postingDate": "2026-11-15T09:00:00Z",
            "correctionReason": "RETURNED_MERCHANDISE",
            "saleAmountPubCurrency": "-100.00",
            "pubCommissionAmountPubCurrency": "-10.00",
            "saleAmountUsd": "-110.00",
            "pubCommissionAmountUsd": "-11.00",
            **fields,
        },
    )


@dataclass
class Cj:
    shop: Shop
    rows: list[Json] = field(default_factory=list)
    page_size: int = 2
    faults: list[Page] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def settings(self, **changed: str) -> dict[str, str]:
        return {"publisher_id": PUBLISHER, "access_token": TOKEN, "api_url": self.shop.url("/cj/query"), **changed}

    def answer(self, visit: Visit) -> None:
        query = json.loads(visit.body)["query"]
        self.asked.append(query)
        if self.faults:
            return self.faults.pop(0)(visit)
        if visit.headers.get("authorization") != f"Bearer {TOKEN}":
            return says(401, b"<html>Unauthorized</html>")(visit)
        dates = _DATES.search(query)
        if f'forPublishers: ["{PUBLISHER}"]' not in query or dates is None:
            return says(200, {"data": None, "errors": [{"message": f"not allowed for {TOKEN}"}]})(visit)
        start, end = datetime.fromisoformat(dates[2]), datetime.fromisoformat(dates[3])
        if end - start > timedelta(days=31):
            return says(200, {"data": None, "errors": [{"message": "range"}]})(visit)
        column = f"{dates[1].lower()}Date"
        since = re.search(r'sinceCommissionId: "(\d+)"', query)
        rows = sorted(
            (row for row in self.rows if row[column] and start <= datetime.fromisoformat(row[column]) < end),
            key=lambda row: int(row["commissionId"]),
        )
        rows = [row for row in rows if since is None or int(row["commissionId"]) > int(since[1])]
        shown = rows[: self.page_size]
        found = {
            "count": len(shown),
            "payloadComplete": len(shown) == len(rows),
            "maxCommissionId": shown[-1]["commissionId"] if shown else None,
            "records": shown,
        }
        return says(200, {"data": {"publisherCommissions": found}})(visit)


@contextmanager
def open_cj(*rows: Json) -> Iterator[Cj]:
    with open_shop() as shop:
        cj = Cj(shop, list(rows))
        shop.serves("/cj/query", cj.answer)
        yield cj

"""Awin's transactions on loopback: by date type, in windows of at most 31 days, for whoever has the token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.catalog.shop import Page, Shop, Visit, open_shop
from tests.servers.faults import Json, query_of, says

TOKEN, PUBLISHER = "awin-token-of-a-user", "123456"
_DATES = {"transaction": "transactionDate", "validation": "validationDate", "amendment": "amendedAt"}


def transaction(number: int, **fields: object) -> Json:
    """A transaction as Awin's API gives it, without those of its fields that nobody reads."""
    made: Json = {
        "id": number,
        "advertiserId": 3661,
        "publisherId": 123456,
        "commissionStatus": "pending",
        "commissionAmount": {"amount": 5.59, "currency": "GBP"},
        "saleAmount": {"amount": 55.96, "currency": "GBP"},
        "clickRefs": {"clickRef": "", "clickRef2": ""},
        "clickDate": "2026-11-19T08:00:00",
        "transactionDate": "2026-11-20T09:10:11",
        "validationDate": None,
        "type": "Commission group transaction",
        "declineReason": None,
        "amended": False,
        "amendReason": None,
        "ipHash": "-8963621375",
        **fields,
    }
    return made


@dataclass
class AwinTransactions:
    shop: Shop
    rows: list[Json] = field(default_factory=list)
    faults: list[Page] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)

    def settings(self, **changed: str) -> dict[str, str]:
        return {"publisher_id": PUBLISHER, "access_token": TOKEN, "api_url": self.shop.url("/awin"), **changed}

    def answer(self, visit: Visit) -> None:
        query = query_of(visit)
        self.asked.append(query)
        if self.faults:
            return self.faults.pop(0)(visit)
        if visit.headers.get("authorization") != f"Bearer {TOKEN}":
            return says(401, {"error": "unauthorized", "description": f"no user has {TOKEN}"})(visit)
        start, end = (datetime.fromisoformat(query[name]) for name in ("startDate", "endDate"))
        if end - start > timedelta(days=31) or query["timezone"] != "UTC":
            return says(400, {"error": "bad_request"})(visit)
        column = _DATES[query["dateType"]]
        found = [row for row in self.rows if row.get(column) and start <= _time(row[column]) <= end]
        return says(200, found)(visit)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


@contextmanager
def open_awin_transactions(*rows: Json) -> Iterator[AwinTransactions]:
    with open_shop() as shop:
        awin = AwinTransactions(shop, list(rows))
        shop.serves(f"/awin/publishers/{PUBLISHER}/transactions", awin.answer)
        yield awin

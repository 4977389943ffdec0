"""Impact's partner API on loopback: Actions and ActionUpdates in pages, by last update, at most 45 days."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.catalog.shop import Page, Shop, Visit, open_shop
from tests.servers.faults import Json, query_of, says

SID, TOKEN = "IRacmeReviews1234567", "impact-auth-token"


def action(number: int, **fields: object) -> Json:
    """An action: every value is a text."""
    return {
        "Id": f"1000.4636.{number}",
        "CampaignId": "10306",
        "CampaignName": "Acme",
        "State": "PENDING",
        "Payout": "0.88",
        "Amount": "21.99",
        "Currency": "USD",
        "EventDate": "2026-11-10T10:42:38-08:00",
        "CreationDate": "2026-11-10T10:51:23-08:00",
        "LockingDate": "2026-12-26T00:00:00-08:00",
        "ClearedDate": "",
        "SharedId": "",
        "SubId1": "",
        "SubId2": "",
        "SubId3": "",
        "DeltaPayout": "0.88",
        "IntendedPayout": "0.88",
        **fields,
    }


def update(number: int, step: int, **fields: object) -> Json:
    return {
        "Id": f"1000.4636.{number}.{step}",
        "ActionId": f"1000.4636.{number}",
        "UpdateDate": "2026-11-18T09:00:00Z",
        "State": "REVERSED",
        "StateDetail": "ITEM_RETURNED",
        "DeltaPayout": "-0.88",
        **fields,
    }


@dataclass
class Impact:
    shop: Shop
    actions: list[Json] = field(default_factory=list)
    updates: list[Json] = field(default_factory=list)
    # What is in a page, whatever is asked for: the contract is in @numpages and not in our wish.
    page_size: int = 2
    shows_updates: bool = True
    faults: list[Page] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def settings(self, **changed: str) -> dict[str, str]:
        return {
            "account_sid": SID,
            "auth_token": TOKEN,
            "currency": "USD",
            "api_url": self.shop.url("/impact"),
            **changed,
        }

    def answer(self, visit: Visit) -> None:
        what = visit.path.split("?")[0].rpartition("/")[2]
        query = query_of(visit)
        self.asked.append((what, query))
        if self.faults:
            return self.faults.pop(0)(visit)
        pair = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if visit.headers.get("authorization") != f"Basic {pair}":
            return says(401, {"Status": "ERROR", "Message": f"Access denied for {TOKEN}"})(visit)
        start, end = (datetime.fromisoformat(query[name]) for name in ("StartDate", "EndDate"))
        if end - start > timedelta(days=45):
            return says(400, {"Status": "ERROR", "Message": "Range too long"})(visit)
        if what == "ActionUpdates" and not self.shows_updates:
            return says(403, {"Status": "ERROR", "Message": "Not for you"})(visit)
        rows = self.actions if what == "Actions" else self.updates
        number = int(query["Page"])
        pages = max(1, -(-len(rows) // self.page_size))
        shown = rows[(number - 1) * self.page_size : number * self.page_size]
        following = f"/Mediapartners/{SID}/{what}?Page={number + 1}" if number < pages else ""
        body = {"@page": str(number), "@numpages": str(pages), "@nextpageuri": following, what: shown}
        return says(200, body, x_ratelimit_limit="1000", x_ratelimit_remaining="990")(visit)


@contextmanager
def open_impact(*actions: Json, updates: list[Json] | None = None) -> Iterator[Impact]:
    with open_shop() as shop:
        impact = Impact(shop, list(actions), updates or [])
        shop.serves(f"/impact/Mediapartners/{SID}", impact.answer)
        yield impact

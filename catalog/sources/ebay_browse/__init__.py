"""Prices from eBay's Browse API: one fixed-price item a request, or twenty where eBay has granted that."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import quote

from catalog.http import Door
from catalog.reading import Availability, NotSold, Reading, SourceError, Unreadable
from catalog.sources.base import Answer, FeedState, Pace, Source, Tokens, Wanted
from catalog.sources.ebay_browse.access import SETTINGS, Access, access_of
from catalog.sources.ebay_browse.asking import GONE, GROUP, NOT_FOUND, WRONG_ID, BrokenError, Said, asked
from catalog.sources.ebay_browse.items import is_whole, item_said
from catalog.terms import Terms

# The most that getItems takes.
BULK = 20
# So many failures of eBay's own in a row are an outage.
PATIENCE = 3
_ITEM_ID = re.compile(r"v1\|([0-9]{9,15})\|([0-9]{1,15})", re.ASCII)
_LISTING = re.compile(r"[0-9]{9,15}", re.ASCII)
Told = Reading | NotSold | Unreadable


class EbayBrowse(Source):
    """Every wanted item is answered: a price, ended, or why it is unreadable.

    An item is named `v1|<listing>|<variation>`, or by the number of a listing without variations.
    """

    key = "ebay_browse"
    label = "eBay (Browse API)"
    batch_size = 100
    # Without a grant for bulk, which few are given, each item is a request: plans must not count on more.
    items_per_request = 1
    parallel = 2
    pace = Pace(per_second=5.0, per_day=5_000, account="client_id")
    settings = SETTINGS
    address_setting = "api_url"
    example = json.dumps(
        {
            "itemId": "v1|110000000001|0",
            "title": "Acme Headset One",
            "price": {"value": "99.00", "currency": "USD"},
            "condition": "New",
            "conditionId": "1000",
            "buyingOptions": ["FIXED_PRICE"],
            "estimatedAvailabilities": [{"estimatedAvailabilityStatus": "IN_STOCK"}],
        }
    )
    example_sku = "v1|110000000001|0"
    example_settings = {
        "marketplace": "EBAY_US",
        "client_id": "Earmark-example-PRD-1",
        "client_secret": "PRD-example-secret",
        "token_url": "{server}/token",
    }
    # eBay's API licence wants listings shown to be no older than six hours; history, mail and other sites stay off.
    terms = Terms(max_price_age=timedelta(hours=6))

    def read(
        self,
        wanted: Sequence[Wanted],
        settings: Mapping[str, str],
        *,
        door: Door,
        now: datetime,
        state: FeedState,
        tokens: Tokens,
    ) -> Answer:
        access = access_of(settings)
        return Answer(items=_items([one.sku for one in wanted], access, door, tokens, now))


def _items(skus: Sequence[str], access: Access, door: Door, tokens: Tokens, now: datetime) -> Iterator[Told]:
    asking: dict[str, str] = {}
    for sku in dict.fromkeys(skus):
        item_id = _item_id(sku)
        if item_id:
            asking[sku] = item_id
        else:
            yield Unreadable(sku=sku, reason="This is no item id of eBay's (v1|110000000001|0, or a listing's number).")
    yield from (_bulk if access.is_bulk else _one_by_one)(asking, access, door, tokens, now)


def _bulk(asking: Mapping[str, str], access: Access, door: Door, tokens: Tokens, now: datetime) -> Iterator[Told]:
    left = iter(asking.items())
    while part := dict(islice(left, BULK)):
        yield from _in_bulk(part, access, door, tokens, now)


def _one_by_one(asking: Mapping[str, str], access: Access, door: Door, tokens: Tokens, now: datetime) -> Iterator[Told]:
    """An item that eBay fails on must not bar those after it; when it fails on several in a row, it is down."""
    failures = 0
    for sku, item_id in asking.items():
        try:
            told = _alone(sku, item_id, access, door, tokens, now)
        except BrokenError as error:
            failures += 1
            if failures == PATIENCE:
                raise
            told = Unreadable(sku=sku, reason=str(error))
        else:
            failures = 0
        yield told


def _item_id(sku: str) -> str:
    """The id by which the API knows the item; empty for what is none."""
    return sku if _ITEM_ID.fullmatch(sku) else f"v1|{sku}|0" if _LISTING.fullmatch(sku) else ""


def _alone(sku: str, item_id: str, access: Access, door: Door, tokens: Tokens, now: datetime) -> Told:
    said = asked(f"item/{quote(item_id, safe='')}", access, door, tokens)
    is_error = "itemId" not in said.answer or bool(said.answer.get("errors"))
    if is_error and (refused := _refused(sku, said, now)) is not None:
        return refused
    return item_said(sku, item_id, said.answer, access, now)


def _in_bulk(part: Mapping[str, str], access: Access, door: Door, tokens: Tokens, now: datetime) -> Iterator[Told]:
    """Each by getItems, if its answer says all it takes; the others one by one, so that none bars the rest."""
    ids = ",".join(quote(item_id, safe="") for item_id in dict.fromkeys(part.values()))
    said = asked(f"item/?item_ids={ids}", access, door, tokens)
    rows = said.answer.get("items")
    found: dict[str, list[Mapping[str, Any]]] = {item_id: [] for item_id in part.values()}
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and isinstance(row.get("itemId"), str) and row["itemId"] in found:
            found[row["itemId"]].append(row)
    left: dict[str, str] = {}
    for sku, item_id in part.items():
        alike = found[item_id]
        if alike and is_whole(alike[0]) and all(row == alike[0] for row in alike):
            yield item_said(sku, item_id, alike[0], access, now)
        else:
            left[sku] = item_id
    yield from _one_by_one(left, access, door, tokens, now)


def _refused(sku: str, said: Said, now: datetime) -> NotSold | Unreadable | None:
    """What the errors say of the one item asked for."""
    if said.has(GONE, NOT_FOUND):
        reason = "The listing is no longer there." if said.has(GONE) else "eBay does not know this item (any more)."
        return NotSold(sku=sku, seen_at=now, availability=Availability.DISCONTINUED, reason=reason)
    if said.has(*GROUP):
        reason = "The listing has variations: name one of them (v1|…|the variation's number)."
        return Unreadable(sku=sku, reason=reason)
    if said.has(*WRONG_ID):
        return Unreadable(sku=sku, reason="eBay does not accept this item id: check it.")
    if said.troubles:
        raise SourceError(f"eBay refused with error {said.troubles[0]}.", permanent=False)
    return None

"""Prices from Best Buy's Products API (USA), a hundred products a request."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from catalog.http import Door
from catalog.reading import Condition, NotSold, Reading, Unreadable
from catalog.settings_fields import SettingField
from catalog.sources.base import Answer, FeedState, Pace, Source, Tokens, Wanted
from catalog.sources.best_buy.asking import Access, access_of, asked, no_list
from catalog.sources.best_buy.open_box import open_box_said
from catalog.sources.best_buy.products import SHOWN, product_said, sku_of
from catalog.terms import Terms

# The largest page, and as many SKUs as one question may name.
ITEMS = 100
_MOST_PAGES = 10
_SKU = re.compile(r"[1-9][0-9]{3,11}", re.ASCII)
Said = Reading | NotSold | Unreadable


class BestBuy(Source):
    """Every wanted SKU is answered: a price, no longer sold, or why it is unreadable.

    With `open_box` the cheapest opened one is read too, by one more request for each hundred.
    """

    key = "best_buy"
    label = "Best Buy (Products API)"
    batch_size = 500
    items_per_request = ITEMS
    parallel = 2
    pace = Pace(per_second=5.0, per_day=50_000, account="api_key")
    settings = (
        SettingField(
            name="api_key",
            help="The environment variable that holds our key, for example BEST_BUY_KEY.",
            secret=True,
        ),
        SettingField(
            name="open_box",
            help="`read` to read the prices of opened items as well, for offers of used ones.",
            pattern="read",
            required=False,
        ),
        SettingField(
            name="api_url",
            help="Another address than https://api.bestbuy.com, for example a proxy's.",
            pattern=r"https://[^\s/]+(/\S*)?|http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?(/\S*)?",
            required=False,
        ),
    )
    address_setting = "api_url"
    example = json.dumps(
        {
            "total": 1,
            "totalPages": 1,
            "products": [
                {
                    "sku": 6501022,
                    "name": "Acme - Headset One",
                    "active": True,
                    "condition": "New",
                    "salePrice": 99.00,
                    "regularPrice": 119.99,
                    "onlineAvailability": True,
                    "orderable": "Available",
                }
            ],
        }
    )
    example_sku = "6501022"
    example_settings = {"api_key": "example-key-of-best-buy"}
    # Its terms of use let prices be shown as they are now; nothing is said of history, mail or other sites.
    terms = Terms()

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
        reads_open_box = bool(settings.get("open_box"))
        return Answer(items=_items([one.sku for one in wanted], access, door, now, reads_open_box=reads_open_box))


def _items(skus: Sequence[str], access: Access, door: Door, now: datetime, *, reads_open_box: bool) -> Iterator[Said]:
    asking: dict[str, None] = {}
    for sku in dict.fromkeys(skus):
        if _SKU.fullmatch(sku):
            asking[sku] = None
        else:
            yield Unreadable(sku=sku, reason="This is no SKU of Best Buy's (a number of at least four digits).")
    left = iter(asking)
    while part := list(islice(left, ITEMS)):
        said = {sku: _said(sku, rows, now) for sku, rows in _products(part, access, door).items()}
        yield from said.values()
        if reads_open_box:
            new = [sku for sku, one in said.items() if not _is_second_hand(one)]
            yield from _opened(new, access, door, now)


def _is_second_hand(said: Said) -> bool:
    return isinstance(said, Reading) and said.condition is Condition.USED


def _said(sku: str, rows: Sequence[Mapping[str, Any]], now: datetime) -> Said:
    if not rows:
        return Unreadable(
            sku=sku, reason="Best Buy's answer does not name this SKU: check it, or withdraw the offer if it is gone."
        )
    answers = [product_said(sku, row, now) for row in rows]
    if any(one != answers[0] for one in answers):
        return Unreadable(sku=sku, reason="Best Buy's answer names this SKU twice, differently.")
    return answers[0]


def _products(skus: Sequence[str], access: Access, door: Door) -> dict[str, list[Mapping[str, Any]]]:
    """The products by SKU, also those no longer sold. Raises `SourceError`."""
    found: dict[str, list[Mapping[str, Any]]] = {sku: [] for sku in skus}
    for page in range(1, _MOST_PAGES + 1):
        answer = asked(
            access,
            f"/v1/products(sku%20in({','.join(skus)})&active=*)",
            door,
            format="json",
            show=",".join(SHOWN),
            pageSize=str(ITEMS),
            page=str(page),
        )
        rows = answer.get("products")
        if not isinstance(rows, list):
            raise no_list(answer, "products")
        for row in rows:
            if (sku := sku_of(row)) in found:
                found[sku].append(row)
        pages = answer.get("totalPages")
        if not rows or all(found.values()) or not isinstance(pages, int) or page >= pages:
            break
    return found


def _opened(skus: Sequence[str], access: Access, door: Door, now: datetime) -> Iterator[Said]:
    if not skus:
        return
    answer = asked(access, f"/beta/products/openBox(sku%20in({','.join(skus)}))", door)
    rows = answer.get("results")
    if not isinstance(rows, list):
        raise no_list(answer, "results")
    for sku in skus:
        about = [row for row in rows if sku_of(row) == sku]
        if len(about) > 1:
            yield Unreadable(sku=sku, reason="Best Buy's answer names this SKU twice among the opened ones.")
        else:
            yield open_box_said(sku, about[0] if about else None, now)

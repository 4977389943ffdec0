"""Prices from Amazon's Creators API, ten items a request, each of Amazon's shops a merchant of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from catalog import product_codes
from catalog.http import Door
from catalog.json_answers import JsonAnswerError, json_object
from catalog.reading import Unreadable
from catalog.sources.amazon_creators.access import SETTINGS, Access, access_of, fetched_token
from catalog.sources.amazon_creators.answers import NOT_FOUND, Said, answered, errors_of, items_of, reason_of
from catalog.sources.amazon_creators.asking import failure, posted, refusal
from catalog.sources.base import Answer, FeedState, Pace, Source, SourceError, Tokens, Wanted
from catalog.terms import LinkStyle, Terms

# As many as one request of getItems takes.
ITEMS = 10
# Only what is shown or compared: the answer grows with each of them.
RESOURCES = (
    "offersV2.listings.price",
    "offersV2.listings.availability",
    "offersV2.listings.condition",
    "offersV2.listings.dealDetails",
    "offersV2.listings.isBuyBoxWinner",
    "offersV2.listings.type",
    "itemInfo.title",
    "itemInfo.byLineInfo",
    "itemInfo.externalIds",
)


class AmazonCreators(Source):
    """Every wanted ASIN is answered: a price for everybody (once per condition), not sold, or why it is unreadable.

    Items that Amazon does not know, ten at once or one, are no outage. A token that ended is renewed once.
    """

    key = "amazon_creators"
    label = "Amazon (Creators API)"
    batch_size = 100
    items_per_request = ITEMS
    parallel = 2
    # What every new account starts with.
    pace = Pace(per_second=1.0, per_day=8640, account="credential_id")
    settings = SETTINGS
    address_setting = "api_url"
    example = json.dumps(
        {
            "itemsResult": {
                "items": [
                    {
                        "asin": "B0EXAMPLE1",
                        "offersV2": {
                            "listings": [
                                {
                                    "availability": {"type": "IN_STOCK"},
                                    "condition": {"value": "New"},
                                    "isBuyBoxWinner": True,
                                    "price": {"money": {"amount": 99.00, "currency": "USD", "displayAmount": "$99.00"}},
                                }
                            ]
                        },
                    }
                ]
            }
        }
    )
    example_sku = "B0EXAMPLE1"
    example_settings = {
        "marketplace": "www.amazon.com",
        "partner_tag": "earmark-20",
        "version": "3.1",
        "credential_id": "amzn1.application-oa2-client.example",
        "credential_secret": "example-secret",
        "token_url": "{server}/token",
    }
    # Programme policies and IP licence: see catalog/networks/amazon.py, whose disclaimer says the same at length.
    terms = Terms(
        max_price_age=timedelta(hours=24),
        conversion_allowed=False,
        link_style=LinkStyle.DIRECT,
        disclaimer="Price and availability are accurate as of the time shown and may change.",
    )

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


def _items(skus: Sequence[str], access: Access, door: Door, tokens: Tokens, now: datetime) -> Iterator[Said]:
    asking: dict[str, None] = {}
    for sku in dict.fromkeys(skus):
        if product_codes.asin(sku) == sku:
            asking[sku] = None
        else:
            yield Unreadable(sku=sku, reason="This is no ASIN (ten capitals and digits, as in amazon's /dp/ address).")
    left = iter(asking)
    while part := list(islice(left, ITEMS)):
        yield from _part(part, access, door, tokens, now)


def _part(asins: Sequence[str], access: Access, door: Door, tokens: Tokens, now: datetime) -> Iterator[Said]:
    """The answers for at most ten ASINs, by one request. Raises `SourceError`."""
    status, answer = _asked(asins, access, door, tokens)
    items, errors = items_of(answer), errors_of(answer)
    refused = refusal(status, answer) if items is None else None
    if refused is not None and refused.is_about_the_ids:
        if len(asins) > 1:
            # One id that Amazon does not take must not keep the others from being read.
            middle = len(asins) // 2
            yield from _part(asins[:middle], access, door, tokens, now)
            yield from _part(asins[middle:], access, door, tokens, now)
        else:
            yield Unreadable(sku=asins[0], reason="Amazon does not accept this ASIN: check it.")
    elif refused is not None and refused.status == 404 and refused.resource.casefold() in {"", "item", "searchresult"}:
        yield from answered(asins, [], errors, shop=access.shop, now=now, otherwise=NOT_FOUND)
    elif refused is not None:
        raise failure(refused, answer, access.shop)
    elif status == 404 and errors:
        yield from answered(asins, [], errors, shop=access.shop, now=now, otherwise=NOT_FOUND)
    elif status != 200:
        why = f"{status}: {reason_of(errors[0])}" if errors else f"{status} without saying why."
        raise SourceError(f"{access.shop}: Amazon's API answered {why}", permanent=False)
    elif items is not None or errors:
        yield from answered(asins, items or [], errors, shop=access.shop, now=now)
    else:
        old = " It is one of the Product Advertising API, which ended in May 2026." if "ItemsResult" in answer else ""
        raise SourceError(f"{access.shop}: Amazon's answer holds no items.{old}", permanent=False)


def _asked(asins: Sequence[str], access: Access, door: Door, tokens: Tokens) -> tuple[int, dict[str, Any]]:
    """Status and answer of getItems; a token that is no longer taken is renewed once. Raises `SourceError`."""
    body = json.dumps(
        {
            "itemIds": list(asins),
            "itemIdType": "ASIN",
            # `New` alone is known to leave out items that can be had new.
            "condition": "Any",
            "marketplace": access.shop,
            "partnerTag": access.partner_tag,
            "resources": RESOURCES,
        }
    ).encode()
    for _ in ("the kept token", "a new one"):
        token = tokens.get(access.token_key, lambda: fetched_token(access, door))
        headers = {
            "authorization": f"Bearer {token}" + (f", Version {access.version}" if access.version[0] == "2" else ""),
            "x-marketplace": access.shop,
            "content-type": "application/json",
            "accept": "application/json",
        }
        said = posted(f"{access.api_url}/catalog/v1/getItems", body, headers, door)
        try:
            answer = json_object(said.body)
        except JsonAnswerError as error:
            if said.status == 200:
                raise SourceError(f"{access.shop}: Amazon's answer {error}.", permanent=False) from None
            answer = {}
        found = refusal(said.status, answer)
        is_stale = found.is_stale_token if found is not None else said.status == 401
        if not is_stale:
            break
        tokens.forget(access.token_key, token)
    return said.status, answer

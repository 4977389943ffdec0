"""Prices from a merchant's own product feed: Google-Merchant-style XML, TSV or CSV, plain, gzip or zip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import datetime

from catalog.feeds import DEFAULT_MAX_MB, MEGABYTE, Download, Row, download, rows, until
from catalog.feeds.items import Item, as_they_come, once_each
from catalog.http import Door
from catalog.reading import Reading, Unreadable
from catalog.settings_fields import SettingField
from catalog.sources.base import Answer, FeedState, Source, SourceError, Tokens, Wanted
from catalog.sources.merchant_feed.items import judged, sku_of
from catalog.terms import Terms


class MerchantFeed(Source):
    """One download answers for every offer of the merchant.

    The feed is kept in a temporary file, so that a slow reader never holds the merchant's connection. A wanted item
    is answered once (once per condition it is sold in), an unlisted one not at all. With nothing wanted, every item
    is handed back as it is read (discovery). A feed that breaks off midway keeps what came before and then raises.
    """

    key = "merchant_feed"
    label = "Product feed (XML, TSV or CSV)"
    batch_size = 100_000
    answers_for_all = True
    address_setting = "feed_url"
    example = "id\ttitle\tprice\tavailability\nA1\tHeadset\t99.00 USD\tin stock\n"
    settings = (
        SettingField(name="feed_url", help="The feed's address, http or https.", pattern=r"https?://\S+"),
        SettingField(
            name="max_mb",
            help="The largest feed that is read, in megabytes, packed or unpacked (500 unless given).",
            pattern=r"[1-9]\d{0,3}",
            required=False,
        ),
        SettingField(
            name="encoding",
            help="The feed's true encoding, where it declares a wrong one, for example windows-1252.",
            pattern=r"[A-Za-z0-9._-]{1,30}",
            required=False,
        ),
        SettingField(
            name="currency",
            help="ISO 4217 code of prices that are written without one, for example USD. Never replaces a written one.",
            pattern=r"[A-Z]{3}",
            required=False,
        ),
        SettingField(
            name="identifier",
            help="The field that holds our merchant SKU, where it is not `id`, for example mpn or gtin.",
            pattern=r"[a-z_]{1,40}",
            required=False,
        ),
    )
    # A merchant that hands us its feed hands it out to be shown, but says nothing about history, mail or the API.
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
        megabytes = int(settings.get("max_mb") or DEFAULT_MAX_MB)
        feed = download(settings["feed_url"], door=door, state=state, now=now, max_bytes=megabytes * MEGABYTE)
        if feed is None:
            return Answer(items=iter(()), state=state, unchanged=True)
        answer = Answer(items=iter(()))
        answer.items = _items(feed, wanted, settings, now, answer)
        return answer


def _items(
    feed: Download, wanted: Sequence[Wanted], settings: Mapping[str, str], now: datetime, answer: Answer
) -> Iterator[Reading | Unreadable]:
    asked = {one.sku for one in wanted}
    with feed.file:
        read = _read(feed, asked, settings, now)
        turn = yield from (once_each(read) if asked else as_they_come(read))
    answer.state = until(turn, feed.state)


def _read(feed: Download, asked: Set[str], settings: Mapping[str, str], now: datetime) -> Iterator[Item]:
    """The asked items (all when none is), judged; the many others of a large feed are only looked at."""
    identifier = settings.get("identifier") or "id"
    seen = 0
    for row in rows(feed, encoding=settings.get("encoding", "")):
        seen += isinstance(row, Row)
        if not asked or sku_of(row, identifier) in asked:
            yield judged(row, now=now, currency=settings.get("currency") or None, identifier=identifier)
    if not seen:
        raise SourceError(
            "The feed holds no items. Check that the address is the product feed's and not a list of feeds.",
            permanent=False,
        )

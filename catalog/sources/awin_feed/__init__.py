"""Prices from an advertiser's product feed at Awin: its list says what is new, one download answers for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from catalog.feeds import DEFAULT_MAX_MB, MEGABYTE, Download, Row, download, has_turned, rows, until
from catalog.feeds.items import Item, as_they_come, once_each
from catalog.http import Door
from catalog.reading import Reading, Unreadable
from catalog.settings_fields import SettingField
from catalog.sources.awin_feed.addresses import AWIN, download_address, told_safely, without_key
from catalog.sources.awin_feed.feed_list import ADVICE, chosen_ids, import_mark, language_of, listed_feeds
from catalog.sources.awin_feed.items import IDENTIFIERS, identifier_of, judged, sku_of
from catalog.sources.base import Answer, FeedState, Pace, Source, SourceError, Tokens, Wanted
from catalog.terms import Terms


class AwinFeed(Source):
    """The list of feeds is asked first; nothing is downloaded when Awin imported none of ours since the last time.

    The key is part of every address, so no text that leaves this folder is let out before the key is out of it.
    """

    key = "awin_feed"
    label = "Awin product feed"
    batch_size = 100_000
    answers_for_all = True
    # 20 requests a minute belong to a user of Awin, whichever advertisers are asked for.
    pace = Pace(per_second=1.0, per_minute=20, account="api_key")
    address_setting = "base_url"
    example = "aw_product_id,product_name,search_price,currency,in_stock\nA1,Headset,99.00,USD,1\n"
    example_settings: ClassVar[Mapping[str, str]] = {"api_key": "an-example-key-of-awin", "feed_ids": "101"}
    settings = (
        SettingField(
            name="api_key",
            help="The name of the environment variable that holds the key of Awin's page Create-a-Feed.",
            secret=True,
        ),
        SettingField(
            name="feed_ids",
            help="The numbers of the merchant's feeds, several parted by commas. Or give `advertiser_id`.",
            pattern=r"\d{1,12}(\s*,\s*\d{1,12}){0,49}",
            required=False,
        ),
        SettingField(
            name="advertiser_id",
            help="The merchant's number at Awin: all its feeds are read. Or give `feed_ids`.",
            pattern=r"\d{1,12}",
            required=False,
        ),
        SettingField(
            name="identifier",
            help="The column that holds our merchant SKU: aw_product_id (unless given) or merchant_product_id.",
            pattern="|".join(IDENTIFIERS),
            required=False,
        ),
        SettingField(
            name="language",
            help="The language of the feed as Awin writes it, for example en or de; that of Awin's list unless given.",
            pattern=r"[a-z]{2,3}(_[a-z]{2,4})?",
            required=False,
        ),
        SettingField(
            name="delimiter",
            help="What the columns are parted by: comma (unless given), semicolon, pipe or tab.",
            pattern="comma|semicolon|pipe|tab",
            required=False,
        ),
        SettingField(
            name="compression",
            help="How the download is packed: gzip (unless given) or zip.",
            pattern="gzip|zip",
            required=False,
        ),
        SettingField(
            name="currency",
            help="ISO 4217 code of prices that are written without one. Never replaces a written one.",
            pattern=r"[A-Z]{3}",
            required=False,
        ),
        SettingField(
            name="max_mb",
            help=f"The largest feed that is read, in megabytes, packed or unpacked ({DEFAULT_MAX_MB} unless given).",
            pattern=r"[1-9]\d{0,3}",
            required=False,
        ),
        SettingField(
            name="base_url",
            help=f"Another address of Awin's feeds than {AWIN}.",
            pattern=r"https?://[^\s?#]+",
            required=False,
        ),
    )
    # Awin's advertisers hand their feeds out to be shown, but say nothing about history, mail or the API.
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
        if not settings.get("api_key"):
            raise SourceError("The key of Awin's page Create-a-Feed is missing.", permanent=True)
        try:
            return _answer(wanted, settings, door, now, state)
        except SourceError as error:
            raise told_safely(error, settings["api_key"]) from None


def _answer(
    wanted: Sequence[Wanted], settings: Mapping[str, str], door: Door, now: datetime, state: FeedState
) -> Answer:
    listed = listed_feeds(settings, door=door)
    ids = chosen_ids(settings, listed)
    # Awin knows no validators; the times of its imports are kept in their place.
    mark = import_mark(ids, listed)
    if mark and mark == state.etag and not has_turned(state, now):
        return Answer(items=iter(()), state=state, unchanged=True)
    feed = download(
        download_address(settings, ids, language_of(settings, listed)),
        door=door,
        state=FeedState(sha256=state.sha256, last_modified=state.last_modified),
        now=now,
        max_bytes=int(settings.get("max_mb") or DEFAULT_MAX_MB) * MEGABYTE,
        advice=ADVICE,
    )
    if feed is None:
        return Answer(items=iter(()), state=replace(state, etag=mark), unchanged=True)
    answer = Answer(items=iter(()))
    answer.items = _items(feed, wanted, settings, now, answer, FeedState(etag=mark, sha256=feed.state.sha256))
    return answer


def _items(
    feed: Download,
    wanted: Sequence[Wanted],
    settings: Mapping[str, str],
    now: datetime,
    answer: Answer,
    read_state: FeedState,
) -> Iterator[Reading | Unreadable]:
    asked = {one.sku for one in wanted}
    with feed.file:
        try:
            read = _read(feed, asked, settings, now)
            turn = yield from (once_each(read) if asked else as_they_come(read))
        except SourceError as error:
            raise told_safely(error, settings["api_key"]) from None
    answer.state = until(turn, read_state)


def _read(feed: Download, asked: Set[str], settings: Mapping[str, str], now: datetime) -> Iterator[Item]:
    """The asked items (all when none is), judged; the many others of a large feed are only looked at."""
    identifier = settings.get("identifier", "")
    seen = 0
    for row in rows(feed, needs=("search_price",)):
        if isinstance(row, Row):
            seen += 1
            identifier = identifier_of(row, identifier)
        if not asked or sku_of(row, identifier) in asked:
            item = judged(row, now=now, currency=settings.get("currency") or None, identifier=identifier)
            yield _without_key(item, settings["api_key"])
    if not seen:
        raise SourceError("The feed holds no items. Check the numbers of its feeds at Awin.", permanent=False)


def _without_key(item: Item, key: str) -> Item:
    if not isinstance(item.said, Unreadable):
        return item
    said = replace(item.said, reason=without_key(item.said.reason, key), raw=without_key(item.said.raw, key))
    return replace(item, said=said)

"""Which feeds of the advertiser are there, and when did Awin last import each of them?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalog.feeds import MEGABYTE, Row, download, facts, rows
from catalog.http import Door
from catalog.sources.awin_feed.addresses import COLUMNS, list_address
from catalog.sources.base import SourceError

# Awin's list names every feed of the network; it is some megabytes long.
_MOST_BYTES = 100 * MEGABYTE
ADVICE = {
    401: "Awin does not know the key: take the one that its page Create-a-Feed shows",
    403: "Awin does not know the key, or has closed it: take the one that its page Create-a-Feed shows",
    404: "Awin does not know the key or the feed: compare both with its page Create-a-Feed",
}
_LANGUAGE = re.compile(r"/language/([A-Za-z_-]{2,8})(?:/|$)")
_NOT_JOINED = frozenset({"not joined", "notjoined", "rejected", "suspended", "closed", "pending"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One feed of the list. `imported` is Awin's own text for the time; two equal texts are one import."""

    feed_id: str
    advertiser_id: str
    status: str
    imported: str
    language: str


def listed_feeds(settings: Mapping[str, str], *, door: Door) -> list[Listed]:
    """The feeds that the settings name by their ids, or all of the advertiser's. Raises `SourceError`.

    Empty where Awin's answer is no list: its list only saves downloads, so that it may fail where ids are given.
    """
    ids = feed_ids(settings)
    advertiser = settings.get("advertiser_id", "")
    found = download(list_address(settings), door=door, max_bytes=_MOST_BYTES, advice=ADVICE)
    assert found is not None  # without a state there is nothing it could be unchanged from
    listed = []
    with found.file:
        try:
            for row in rows(found, needs=("feed_id", "last_imported")):
                one = _listed(row) if isinstance(row, Row) else None
                if one and (one.feed_id in ids or (not ids and one.advertiser_id == advertiser)):
                    listed.append(one)
        except SourceError:
            if not ids:
                raise
            return []
    return listed


def feed_ids(settings: Mapping[str, str]) -> list[str]:
    """The ids that an editor named, in order, each once."""
    return list(dict.fromkeys(re.findall(r"\d+", settings.get("feed_ids", ""))))


def chosen_ids(settings: Mapping[str, str], listed: Iterable[Listed]) -> list[str]:
    """Which feeds to download. Raises `SourceError` where the settings lead to none."""
    if ids := feed_ids(settings):
        return ids
    advertiser = settings.get("advertiser_id", "")
    if not advertiser:
        raise SourceError("Name the `feed_ids` or the `advertiser_id` of this merchant.", permanent=True)
    feeds = list(listed)
    if not feeds:
        raise SourceError(
            f"Awin lists no feed of the advertiser {advertiser}: it has none, or the number is another one's.",
            permanent=False,
        )
    joined = [feed.feed_id for feed in feeds if feed.status not in _NOT_JOINED]
    if not joined:
        raise SourceError(
            f"Awin says of the advertiser {advertiser}: {feeds[0].status}. Its links pay nothing until we are joined.",
            permanent=True,
        )
    return sorted(dict.fromkeys(joined), key=int)


def language_of(settings: Mapping[str, str], listed: Iterable[Listed]) -> str:
    named = (feed.language for feed in listed if feed.language)
    return settings.get("language") or next(named, "en")


def import_mark(ids: Sequence[str], listed: Iterable[Listed]) -> str:
    """A text that changes when Awin imports one of these feeds, or when they are asked for in another way.

    Empty when the list does not say it of each: then nothing can be concluded from two equal answers.
    """
    times = {feed.feed_id: feed.imported for feed in listed}
    if not all(times.get(feed_id) for feed_id in ids):
        return ""
    facts_ = "\n".join([*(f"{feed_id} {times[feed_id]}" for feed_id in ids), *COLUMNS])
    return "awin-" + hashlib.sha256(facts_.encode()).hexdigest()


def _listed(row: Row) -> Listed | None:
    feed_id = facts.first(row.fields, "feed_id")
    if not re.fullmatch(r"\d{1,12}", feed_id, re.ASCII):
        return None
    language = _LANGUAGE.search(facts.first(row.fields, "url"))
    return Listed(
        feed_id=feed_id,
        advertiser_id=facts.first(row.fields, "advertiser_id"),
        status=facts.first(row.fields, "membership_status").casefold(),
        imported=facts.first(row.fields, "last_imported"),
        language=language[1].lower() if language else "",
    )

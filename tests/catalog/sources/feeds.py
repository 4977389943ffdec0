"""Ways for tests to read a feed: from a real server, or from bytes without any server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from catalog.http import Door, Reply
from catalog.reading import Reading, Unreadable
from catalog.sources.base import FeedState, SourceError, Wanted
from catalog.sources.merchant_feed import MerchantFeed
from tests.catalog.sources.tokens import OwnTokens

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAYLOADS = Path(__file__).parents[2] / "payloads"


class Bytes:
    """A door behind which there is always the same body, in small pieces."""

    def __init__(self, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self._body = body
        self._headers = headers or {}

    @contextmanager
    def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None
    ) -> Iterator[Reply]:
        pieces = (self._body[place : place + 777] for place in range(0, len(self._body), 777))
        yield Reply(200, self._headers, url, pieces)


def wanted(*skus: str) -> list[Wanted]:
    return [Wanted(sku=sku, url=f"https://shop.example/{sku}", currency="EUR") for sku in skus]


def read(
    body: bytes | str,
    *skus: str,
    now: datetime = NOW,
    headers: Mapping[str, str] | None = None,
    **settings: str,
) -> list[Reading | Unreadable]:
    raw = body.encode() if isinstance(body, str) else body
    answer = MerchantFeed().read(
        wanted(*skus),
        {"feed_url": "https://shop.example/feed", **settings},
        door=Bytes(raw, headers),
        now=now,
        state=FeedState(),
        tokens=OwnTokens(),
    )
    return list(answer.items)


def walk(door: Door, *skus: str, **settings: str) -> tuple[list[Reading | Unreadable], SourceError]:
    """What was handed out before the feed failed, and how it failed."""
    found: list[Reading | Unreadable] = []
    try:
        answer = MerchantFeed().read(
            wanted(*skus),
            {"feed_url": "https://shop.example/feed", **settings},
            door=door,
            now=NOW,
            state=FeedState(),
            tokens=OwnTokens(),
        )
        for said in answer.items:
            found.append(said)  # noqa: PERF402 - what came before the error is what is asked for
    except SourceError as error:
        return found, error
    raise AssertionError("the feed did not fail")


def item(fields: Mapping[str, str] | Sequence[tuple[str, str]], **more: str) -> str:
    """One RSS feed with one item of these fields."""
    pairs = [*(fields.items() if isinstance(fields, Mapping) else fields), *more.items()]
    inside = "".join(f"<g:{name}>{value}</g:{name}>" for name, value in pairs)
    return f'<rss xmlns:g="http://base.google.com/ns/1.0"><channel><item>{inside}</item></channel></rss>'


def only(found: Sequence[Reading | Unreadable]) -> Reading:
    assert len(found) == 1
    assert isinstance(found[0], Reading), found[0]
    return found[0]


def reason(found: Sequence[Reading | Unreadable]) -> str:
    assert len(found) == 1
    assert isinstance(found[0], Unreadable), found[0]
    return found[0].reason

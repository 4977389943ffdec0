"""Prices from the structured data of merchants' product pages: JSON-LD, microdata, RDFa, Open Graph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import unquote, urlsplit
from urllib.robotparser import RobotFileParser

from catalog.http import Door, DoorError
from catalog.reading import Reading, Unreadable
from catalog.settings_fields import SettingField
from catalog.sources.base import Answer, FeedState, Source, SourceError, Tokens, Wanted
from catalog.sources.page_markup.answer import answer_of
from catalog.terms import Terms

# The first word of our user agent, by which a robots.txt may address us.
ROBOT_NAME = "EarmarkBot"
PAGE_BYTES = 3 * 1024 * 1024
_ROBOTS_BYTES = 512 * 1024
_WORDS = re.compile(r"[^\W_]{2,}")
# Words of addresses that name no item.
_NO_NAMES = frozenset({"html", "htm", "php", "aspx", "jsp", "id", "product", "products", "item", "view", "dp", "www"})


class PageMarkup(Source):
    """One page per wanted offer, and one answer per page: its price, or why it cannot be trusted.

    A page that fails is one `Unreadable`; a host that is down, busy or too slow ends the round with `SourceError`.
    The merchant's robots.txt is kept, unless its record says that the merchant agreed otherwise.
    """

    key = "page_markup"
    label = "Product pages (JSON-LD, microdata, RDFa, Open Graph)"
    batch_size = 20
    example = (
        '<html><body><h1>Headset</h1><script type="application/ld+json">{"@type": "Product", "name": "Headset", '
        '"offers": {"@type": "Offer", "price": "99.00", "priceCurrency": "USD", "availability": "InStock"}}</script>'
    )
    settings = (
        SettingField(
            name="currency",
            help="ISO 4217 code of prices that are written without one, for example USD. Never replaces a written one.",
            pattern=r"[A-Z]{3}",
            required=False,
        ),
        SettingField(
            name="robots",
            help="`ignore` when the merchant has agreed in writing that its pages are read against its robots.txt.",
            pattern=r"keep|ignore",
            required=False,
        ),
    )
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
        return Answer(items=_items(wanted, settings, door, now))


def _items(
    wanted: Sequence[Wanted], settings: Mapping[str, str], door: Door, now: datetime
) -> Iterator[Reading | Unreadable]:
    rules: dict[str, RobotFileParser | None] = {}
    for one in wanted:
        try:
            yield _page(one, settings, door, now, rules)
        except DoorError as error:
            if error.host_is_down:
                raise SourceError(str(error), permanent=False, retry_after=error.retry_after) from error
            yield Unreadable(sku=one.sku, reason=str(error))


def _page(
    one: Wanted, settings: Mapping[str, str], door: Door, now: datetime, rules: dict[str, RobotFileParser | None]
) -> Reading | Unreadable:
    if settings.get("robots") != "ignore" and not _may_read(one.url, door, rules):
        return Unreadable(sku=one.sku, reason="The merchant's robots.txt asks not to read this page.")
    with door.get(one.url, headers={"accept": "text/html,application/xhtml+xml"}, max_bytes=PAGE_BYTES) as reply:
        if reply.status >= 300:
            gone = " The item may be gone." if reply.status in {404, 410} else ""
            return Unreadable(sku=one.sku, reason=f"The page answered {reply.status}.{gone}")
        if _site(reply.url) != _site(one.url):
            return Unreadable(sku=one.sku, reason=f"The page led to another site ({_site(reply.url)}).")
        if is_elsewhere(one.url, reply.url):
            return Unreadable(
                sku=one.sku,
                reason=f"The page led to {urlsplit(reply.url).path[:80]}, perhaps another item: correct the address.",
            )
        body = reply.read()
        content_type = reply.headers.get("content-type", "")
        final = reply.url
    return answer_of(body, content_type, url=final, wanted=one, otherwise=settings.get("currency") or None, now=now)


def is_elsewhere(asked: str, reached: str) -> bool:
    """Did the shop lead from what is gone to its front page, a category or another item?

    A canonical address says the same in other words: some word or number of the old one is still in it.
    """
    before, after = urlsplit(asked), urlsplit(reached)
    if (before.path.rstrip("/"), before.query) == (after.path.rstrip("/"), after.query):
        return False
    if not before.path.strip("/") or before.path.rstrip("/") == after.path.rstrip("/"):
        return False
    old, new = (set(_WORDS.findall(unquote(f"{parts.path}?{parts.query}").casefold())) for parts in (before, after))
    folders = set(_WORDS.findall(unquote(before.path.rstrip("/").rpartition("/")[0]).casefold()))
    return not (old - folders - _NO_NAMES) & new


def _may_read(url: str, door: Door, rules: dict[str, RobotFileParser | None]) -> bool:
    """Asks each host for its robots.txt once per round. A missing or broken one allows everything."""
    parts = urlsplit(url)
    host = f"{parts.scheme}://{parts.netloc}"
    if host not in rules:
        rules[host] = _rules_of(host, door)
    known = rules[host]
    return known is None or known.can_fetch(ROBOT_NAME, url)


def _rules_of(host: str, door: Door) -> RobotFileParser | None:
    try:
        with door.get(f"{host}/robots.txt", max_bytes=_ROBOTS_BYTES) as reply:
            text = reply.read().decode("utf-8", errors="replace") if reply.status == 200 else None
    except DoorError as error:
        if error.host_is_down:
            raise
        return None
    if text is None:
        return None
    parser = RobotFileParser()
    parser.parse(text.splitlines())
    return parser


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")

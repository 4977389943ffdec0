"""May this page be given out as it was made for somebody else, and how long? Asked before anything else is done for it.

Only views that are marked (`catalog/page_tags.py::kept`) are asked about: an answer of theirs follows from the path and
the query parameters they name. A hit needs no session, no database and no template, so that readers are served while
PostgreSQL is away. When Redis is away, pages are made as if there were no cache. Of all who ask for a page that is not
there one makes it and the others wait; most pages never come here, `config/page_front.py` gives them out before Django.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.request import split_domain_port
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import get_conditional_response, set_response_etag
from redis.exceptions import RedisError

from catalog.market import MARKET, country_said, market_of
from catalog.page_store import Found, Turn, page_store
from catalog.page_tags import LAG_SECONDS, Kept, Notes, listening, surrogate_keys
from catalog.services.page_changes import carry_page_changes
from catalog.shopper import COUNTRY, CURRENCY, Market, Shopper
from config.kept_page import FORMAT, HAND, Hand, KeptPage, is_for_everybody, limit_age, shared_age
from recommender.steps import HEADER

log = logging.getLogger(__name__)

SAFE = ("GET", "HEAD")
LONGEST_QUERY = 300
# How campaigns and other sites mark links to us: nothing of ours reads them.
MARKS_OF_OTHERS = ("utm_", "gclid", "fbclid", "msclkid", "mc_")
# After a failure Redis is left alone for so long: each try costs its time limit.
REST_SECONDS = 5.0
# For somebody else who makes the page; whoever has waited so long makes it as well.
WAIT_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """The page that is asked for; `query` is what its view will see of the address's."""

    path: str
    query: str
    key: str


class PageCache:
    """Middleware, in front of sessions: what stands behind it runs only when there is no true page to give."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._rests_until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE:
            return self._edit(request)
        wanted = wanted_page(request)
        if wanted is None:
            return self.get_response(request)
        hand = request.META.get(HAND)
        if not self._is_on():
            return self._make(request, wanted, None, "", Hand())
        turn, began = hand.turn if hand else None, ""
        if turn is None:
            try:
                found = _find(wanted.key)
                turn = found.turn
                if found.page is not None and (turn is None or hand is not None):
                    return self._give(request, found, hand or Hand())
                began = "" if turn else page_store().now()
            except RedisError as error:
                self._rest(error)
        return self._make(request, wanted, turn, began, hand or Hand())

    def _give(self, request: HttpRequest, found: Found, hand: Hand) -> HttpResponse:
        """`found.turn`, if there is one, goes to whoever stands in front."""
        assert found.page is not None
        page = KeptPage.unpack(found.page)
        if found.is_true:
            hand.leave(page, request.path_info, found.tags, found.seconds)
        hand.lagging = found.turn
        response = page.answer()
        limit_age(response, page.until, now=timezone.now())
        response["Cache-Status"] = "earmark; hit" if found.is_true else "earmark; hit; detail=lags"
        unchanged = get_conditional_response(request, etag=response["ETag"], response=response)
        assert isinstance(unchanged, HttpResponse)
        if HEADER in response.headers:
            unchanged.headers[HEADER] = response.headers[HEADER]  # seen again is a step as well
        return unchanged

    def _make(self, request: HttpRequest, wanted: Wanted, turn: Turn | None, began: str, hand: Hand) -> HttpResponse:
        """Without a turn and without the moment it `began` the page is not kept."""
        # What the view does not see cannot get into a page that others are given.
        request.META["QUERY_STRING"] = wanted.query
        request.GET = QueryDict(wanted.query)
        now = timezone.now()
        try:
            with listening(now) as notes:
                response = self.get_response(request)
            if not is_for_everybody(response):
                return response
            set_response_etag(response)
            response["Cache-Control"] = shared_age(response["Cache-Control"])
            if settings.SURROGATE_KEYS:
                response["Surrogate-Key"] = " ".join(surrogate_keys(notes.tags))
            began = turn.began if turn else began
            is_kept = bool(began) and request.method == "GET" and self._keep(wanted, response, notes, began, hand)
        finally:
            if turn is not None:
                self._give_back(wanted.key, turn)
        limit_age(response, notes.until, now=now)
        response["Cache-Status"] = f"earmark; fwd=miss{'; stored' if is_kept else ''}"
        return response

    def _keep(self, wanted: Wanted, response: HttpResponse, notes: Notes, began: str, hand: Hand) -> bool:
        seconds, lag = float(settings.PAGE_CACHE_SECONDS), float(LAG_SECONDS)
        if notes.until is not None:
            left = (notes.until - timezone.now()).total_seconds()
            seconds = min(seconds, left)
            lag = min(lag, left - seconds)
        page = KeptPage(list(response.items()), notes.until, response.content)
        try:
            is_kept = page_store().put(
                wanted.key,
                page.pack(),
                path=wanted.path,
                tags=notes.tags,
                began=began,
                seconds=seconds,
                lag_seconds=lag,
            )
        except RedisError as error:
            self._rest(error)
            return False
        if is_kept:
            hand.leave(page, wanted.path, frozenset(notes.tags), seconds)
        return is_kept

    def _give_back(self, key: str, turn: Turn) -> None:
        try:
            page_store().give_back(key, turn)
        except RedisError as error:
            self._rest(error)

    def _edit(self, request: HttpRequest) -> HttpResponse:
        """Whoever changed something by a form of the admin sees it on the pages at once, whichever form it was."""
        response = self.get_response(request)
        if request.path_info.startswith(f"/{settings.ADMIN_PATH}"):
            try:
                carry_page_changes()
            except (RedisError, DatabaseError) as error:
                log.warning("Kept pages were not told of an edit yet (%s); beat tries again.", error)
        return response

    def _is_on(self) -> bool:
        return settings.PAGE_CACHE_SECONDS > 0 and time.monotonic() >= self._rests_until

    def _rest(self, error: RedisError) -> None:
        log.warning("Pages are made anew for everybody while Redis does not answer (%s).", error)
        self._rests_until = time.monotonic() + REST_SECONDS


def _find(key: str) -> Found:
    """A page, or this reader's turn to make it, or neither where the one whose turn it is takes too long."""
    deadline = time.monotonic() + WAIT_SECONDS
    pause = 0.004
    while True:
        found = page_store().find(key)
        if found.page is not None or found.turn is not None or time.monotonic() > deadline:
            return found
        time.sleep(pause)
        pause = min(pause * 1.5, 0.05)


def wanted_page(request: HttpRequest) -> Wanted | None:
    """None where the answer may depend on more than the address, or where nobody said that it does not."""
    if is_somebodys(request.META) or kept_view(request.path_info) is None:
        return None
    # Raises for a host that is not ours.
    host = request.get_host()
    written = request.META.get("QUERY_STRING", "")
    # The view is asked by the same market as the cache, though another one be read meanwhile.
    variant = variant_of(request.META)
    request.META[MARKET] = variant.market
    return wanted_at(str(request.scheme), host, request.path_info, written, variant)


def is_somebodys(environ: Mapping[str, Any]) -> bool:
    """Staff who are signed in, and who brings credentials, get what Django makes for them."""
    cookies = environ.get("HTTP_COOKIE")
    return "HTTP_AUTHORIZATION" in environ or bool(cookies and f"{settings.SESSION_COOKIE_NAME}=" in cookies)


class Variant(NamedTuple):
    """What else than the address decides about a page: whoever adds something (a language) names it here, in few words,
    each of which makes pages of their own, and to CDNs in `Vary`.

    `country` is one of the market's, however the header was spelt.
    """

    market: Market
    country: str = ""
    currency: str = ""


def variant_of(environ: Mapping[str, Any]) -> Variant:
    return _variant(market_of(environ), country_said(environ))


@lru_cache(maxsize=1024)
def _variant(market: Market, said: str) -> Variant:
    seen = market.seen_from(said)
    return Variant(market, seen.country, seen.currency)


def wanted_at(scheme: str, host: str, path: str, written: str, variant: Variant) -> Wanted | None:
    """The page at this address, for a host that is ours. Its port is the client's to write, and no page says it."""
    kept = kept_view(path)
    query = known_query(written, kept) if kept else None
    if kept is None or query is None:
        return None
    shopper = ""
    if kept.for_shoppers:
        if kept.names_strangers and _says_a_strange_currency(query, variant.market):
            return None  # it is named on the page, or a budget is in it
        query, shopper = _for_shopper(query, variant)
    # A release with other scripts or styles makes other pages.
    release = getattr(staticfiles_storage, "manifest_hash", "")
    named = "\n".join((FORMAT, release, scheme, split_domain_port(host)[0], path, query, shopper))
    return Wanted(path, query, hashlib.sha256(named.encode()).hexdigest())


def _says_a_strange_currency(query: str, market: Market) -> bool:
    return any(name == CURRENCY and value.upper() not in market.currencies for name, value in parse_qsl(query))


def _for_shopper(query: str, variant: Variant) -> tuple[str, str]:
    """The query with country and currency in one spelling, without what nobody knows, and whom the page is made for."""
    pairs = parse_qsl(query)
    said = dict(pairs)
    seen = Shopper(country=variant.country, currency=variant.currency)
    country, currency = said.get(COUNTRY, ""), said.get(CURRENCY, "")
    shopper, chosen = variant.market.chosen(seen, country=country, currency=currency)
    others = [pair for pair in pairs if pair[0] not in (COUNTRY, CURRENCY)]
    return urlencode(sorted([*others, *chosen], key=lambda pair: pair[0])), shopper.key


@lru_cache(maxsize=4096)
def kept_view(path: str) -> Kept | None:
    """What the view behind this path said of itself."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    found = getattr(match.func, "kept", None)
    return found if isinstance(found, Kept) else None


def known_query(written: str, kept: Kept) -> str | None:
    """The parameters that the view reads, by name, without the empty ones. None: this address is answered, not kept."""
    if len(written) > LONGEST_QUERY:
        return None
    try:
        pairs = parse_qsl(written, keep_blank_values=True, max_num_fields=30, errors="strict")
    except ValueError:
        return None
    reads = kept.reads | {COUNTRY, CURRENCY} if kept.for_shoppers else kept.reads
    known = [(name, value) for name, value in pairs if value and name in reads]
    strangers = [name for name, _ in pairs if name not in reads and not name.startswith(MARKS_OF_OTHERS)]
    if strangers and kept.names_strangers:
        return None
    return urlencode(sorted(known, key=lambda pair: pair[0]))

"""May this page be given out as it was made for somebody else, and how long? Asked before anything else is done for it.

Only views that are marked (`catalog/page_tags.py::kept`) are asked about: an answer of theirs follows from the path and
the query parameters they name. A hit needs no session, no database and no template, so that readers are served while
PostgreSQL is away. When Redis is away, pages are made as if there were no cache.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.request import split_domain_port
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import get_conditional_response, get_max_age, set_response_etag
from redis.exceptions import RedisError

from catalog.page_store import page_store
from catalog.page_tags import Kept, Notes, listening
from catalog.services.page_changes import carry_page_changes

log = logging.getLogger(__name__)

SAFE = ("GET", "HEAD")
EDITED_UNDER = "/admin/"
LONGEST_QUERY = 300
# How campaigns and other sites mark links to us: nothing of ours reads them.
MARKS_OF_OTHERS = ("utm_", "gclid", "fbclid", "msclkid", "mc_")
# After a failure Redis is left alone for so long: each try costs its time limit.
REST_SECONDS = 5.0
_FORMAT = "1"  # of what `KeptPage.pack` makes: another release must not be given what it cannot read
_FAST = 1  # zlib's level: a page shrinks to a sixth in a millisecond


@dataclass(frozen=True, slots=True)
class Wanted:
    """The page that is asked for; `query` is what its view will see of the address's."""

    path: str
    query: str
    key: str


@dataclass(frozen=True, slots=True)
class KeptPage:
    """An answer as it left the view's side of the middleware; `until` (aware): something on it ends by itself then."""

    headers: list[tuple[str, str]]
    until: datetime | None
    body: bytes

    def pack(self) -> bytes:
        until = self.until.timestamp() if self.until else None
        return zlib.compress(json.dumps([self.headers, until]).encode() + b"\n" + self.body, _FAST)

    @classmethod
    def unpack(cls, packed: bytes) -> KeptPage:
        head, _, body = zlib.decompress(packed).partition(b"\n")
        headers, until = json.loads(head)
        return cls([(name, value) for name, value in headers], until and datetime.fromtimestamp(until, UTC), body)

    def answer(self) -> HttpResponse:
        return HttpResponse(self.body, headers=dict(self.headers))


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
        began = ""
        if self._is_on():
            try:
                if packed := page_store().get(wanted.key):
                    return self._give(request, KeptPage.unpack(packed))
                began = page_store().now()
            except RedisError as error:
                self._rest(error)
        return self._make(request, wanted, began)

    def _give(self, request: HttpRequest, page: KeptPage) -> HttpResponse:
        response = page.answer()
        limit_age(response, page.until, now=timezone.now())
        response["Cache-Status"] = "earmark; hit"
        unchanged = get_conditional_response(request, etag=response["ETag"], response=response)
        assert isinstance(unchanged, HttpResponse)
        return unchanged

    def _make(self, request: HttpRequest, wanted: Wanted, began: str) -> HttpResponse:
        """`began` is empty where the page is not to be kept."""
        # What the view does not see cannot get into a page that others are given.
        request.META["QUERY_STRING"] = wanted.query
        request.GET = QueryDict(wanted.query)
        now = timezone.now()
        with listening(now) as notes:
            response = self.get_response(request)
        if not is_for_everybody(response):
            return response
        set_response_etag(response)
        is_kept = bool(began) and request.method == "GET" and self._keep(wanted, response, notes, began)
        limit_age(response, notes.until, now=now)
        response["Cache-Status"] = f"earmark; fwd=miss{'; stored' if is_kept else ''}"
        return response

    def _keep(self, wanted: Wanted, response: HttpResponse, notes: Notes, began: str) -> bool:
        seconds = float(settings.PAGE_CACHE_SECONDS)
        if notes.until is not None:
            seconds = min(seconds, (notes.until - timezone.now()).total_seconds())
        page = KeptPage(list(response.items()), notes.until, response.content)
        try:
            return page_store().put(
                wanted.key, page.pack(), path=wanted.path, tags=notes.tags, began=began, seconds=seconds
            )
        except RedisError as error:
            self._rest(error)
            return False

    def _edit(self, request: HttpRequest) -> HttpResponse:
        """Whoever changed something by a form of the admin sees it on the pages at once, whichever form it was."""
        response = self.get_response(request)
        if request.path_info.startswith(EDITED_UNDER):
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


def wanted_page(request: HttpRequest) -> Wanted | None:
    """None where the answer may depend on more than the address, or where nobody said that it does not."""
    kept = kept_view(request.path_info)
    if kept is None or "HTTP_AUTHORIZATION" in request.META or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return None
    query = known_query(request.META.get("QUERY_STRING", ""), kept)
    if query is None:
        return None
    # Raises for a host that is not ours. Its port is the client's to write, and no page says it.
    host, _ = split_domain_port(request.get_host())
    # A release with other scripts or styles makes other pages.
    release = getattr(staticfiles_storage, "manifest_hash", "")
    named = "\n".join((_FORMAT, release, str(request.scheme), host, request.path_info, query))
    return Wanted(request.path_info, query, hashlib.sha256(named.encode()).hexdigest())


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
    known = [(name, value) for name, value in pairs if value and name in kept.reads]
    strangers = [name for name, _ in pairs if name not in kept.reads and not name.startswith(MARKS_OF_OTHERS)]
    if strangers and kept.names_strangers:
        return None
    return urlencode(sorted(known, key=lambda pair: pair[0]))


def is_for_everybody(response: HttpResponse) -> bool:
    """A whole page that its view calls public, that sets no cookie and was made without looking at one."""
    control = response.get("Cache-Control", "")
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "cookie" not in response.get("Vary", "").lower()
        and "public" in control
        and "no-store" not in control
    )


def limit_age(response: HttpResponse, until: datetime | None, *, now: datetime) -> None:
    """Browsers and caches between us must not show a price after its licence, and cannot be told: theirs ends first."""
    if until is not None:
        left = max(0, int((until - now).total_seconds()))
        response["Cache-Control"] = f"public, max-age={min(get_max_age(response) or 0, left)}"

"""What is answered to `/go/<code>/`? The redirect, in front of Django: a look in a dict, a line in a file, done.

No database, no Redis, no middleware: the click is in the spool before the answer leaves. What is not a plain redirect
(an unknown code, `?preview`, an http address on an https site) is left to Django and `catalog.views.go`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from http import HTTPStatus
from pathlib import Path
from random import random
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from django.conf import settings
from uuid_utils import uuid7

from catalog.clicks import ids as click_ids
from catalog.clicks.geo import GeoFile
from catalog.clicks.lines import hint, line, printable, referrer_path, safe_code
from catalog.clicks.spool import Spool
from catalog.clicks.visitors import device, language
from catalog.link_table import LinkTable
from catalog.link_table.entries import ReadyLink, Way
from catalog.links.routing import Visitor, choose
from catalog.placements import place_of
from catalog.salts import Salts

Environ = Mapping[str, Any]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]

PREFIX = "/go/"
_OWN_POLICY = "strict-origin-when-cross-origin"
_NO_CONTENT = ("Content-Length", "0")


class Answer(NamedTuple):
    status: str
    headers: Headers


class Asked(NamedTuple):
    """What a query says: the place on the page, and whether somebody tries the link (`?test`)."""

    place: str = ""
    is_test: bool = False


_PLAIN = Asked()


class Desk:
    """Answers for links that are known, and writes their clicks down."""

    def __init__(self, spool: Spool, salts: Salts) -> None:
        self._spool = spool
        self._salts = salts
        header = settings.COUNTRY_HEADER
        self._country_key = f"HTTP_{header.upper().replace('-', '_')}" if header else ""
        self._geo = GeoFile(Path(settings.GEO_DATABASE)) if settings.GEO_DATABASE else None
        self._knows_countries = bool(self._country_key or self._geo)
        self._is_behind_proxy = bool(settings.BEHIND_PROXY)
        self._proxy_header = settings.SECURE_PROXY_SSL_HEADER
        self._forces_https = settings.SECURE_SSL_REDIRECT
        self._session_cookie = f"{settings.SESSION_COOKIE_NAME}="
        self._bars: dict[tuple[str, bool], Headers] = {}

    def answer(self, link: ReadyLink, environ: Environ) -> Answer | None:
        """The answer for this link, its click written down; None when it is Django's to give.

        GET and POST (the beacon or the ping of a direct link) are counted, HEAD is not.
        """
        query = environ.get("QUERY_STRING")
        asked = _asked(query) if query else _PLAIN
        is_secure = self._is_secure(environ)
        if asked is None or (self._forces_https and not is_secure):
            return None
        method = environ["REQUEST_METHOD"]
        if method == "GET" or method == "POST":
            return self._counted(link, environ, asked, is_secure=is_secure, is_post=method == "POST")
        if method == "HEAD":
            way, _ = self._way(link, environ, self._country(environ))
            return self._redirect(link, way, "", asked.place, is_secure=is_secure)
        allowed = [("Allow", "GET, HEAD, POST"), _NO_CONTENT]
        return Answer(_status(405), [*allowed, *self._bars_for(_OWN_POLICY, is_secure=is_secure)])

    def count_unknown(self, code: str, environ: Environ) -> None:
        """Write down that somebody asked for a code that leads nowhere (L22); it is cut to what can be stored."""
        country = self._country(environ)
        self._write(environ, safe_code(code), _PLAIN, "\t", "r", country, is_known=False)

    def _counted(self, link: ReadyLink, environ: Environ, asked: Asked, *, is_secure: bool, is_post: bool) -> Answer:
        country = self._country(environ) if self._knows_countries else ""
        if link.routes or link.ends_at is not None:
            way, route = self._way(link, environ, country)
        else:
            way, route = link.own, ""
        led = f"{way.offer_id}\t{route}" if way is not None else "\t"
        code = link.entry.code
        click, is_a_readers = self._write(environ, code, asked, led, "d" if is_post else "r", country)
        if is_post:
            return Answer(_status(204), [*self._bars_for(_OWN_POLICY, is_secure=is_secure)])
        takes = is_a_readers and way is not None and way.target.takes_sub_id
        return self._redirect(link, way, click_ids.sub_id(click) if takes else "", asked.place, is_secure=is_secure)

    def _redirect(self, link: ReadyLink, way: Way | None, sub_id: str, place: str, *, is_secure: bool) -> Answer:
        """(A list of its own: a server may add to it.)"""
        if way is None:  # it has ended: a page of ours
            headers = self._bars_for(_OWN_POLICY, is_secure=is_secure)
            return Answer(_status(302), [("Location", link.ended_path), _NO_CONTENT, *headers])
        bars = self._bars.get((way.shop.referrer_policy, is_secure))
        if bars is None:
            bars = self._bars_for(way.shop.referrer_policy, is_secure=is_secure)
        return Answer(link.status, [("Location", way.location(sub_id, place)), _NO_CONTENT, *bars])

    def _way(self, link: ReadyLink, environ: Environ, country: str) -> tuple[Way | None, str]:
        """Where this visitor is led, and the route's id as text; no way when the link has ended."""
        if link.ends_at is not None and time.time() >= link.ends_at:
            return None, ""
        if not link.routes:
            return link.own, ""
        seen_on = device(environ.get("HTTP_USER_AGENT", ""))
        visitor = Visitor(
            country=country,
            form=seen_on.form,
            system=seen_on.system,
            language=language(environ.get("HTTP_ACCEPT_LANGUAGE", "")),
            at=datetime.now(UTC),
        )
        route = choose(link.routes, visitor, random())  # noqa: S311 (a share of visitors, no secret)
        return (link.own, "") if route is None else (link.ways[route.id], str(route.id))

    def _write(
        self, environ: Environ, code: str, asked: Asked, led: str, channel: str, country: str, *, is_known: bool = True
    ) -> tuple[Any, bool]:
        """Put the click into the spool; its id, and whether it may be a reader's."""
        click = uuid7()
        said = hint(environ, self._session_cookie) or ("staff:test" if asked.is_test else "")
        user_agent = printable(environ.get("HTTP_USER_AGENT", ""))
        accepted = environ.get("HTTP_ACCEPT_LANGUAGE")
        visit, day = self._salts.visit(time.time(), self._address(environ), user_agent)
        self._spool.append(
            line(
                str(click),
                "1" if is_known else "0",
                code,
                asked.place,
                said,
                country,
                language(accepted) if accepted else "",
                referrer_path(environ) if "HTTP_REFERER" in environ else "",
                visit,
                led,
                channel,
                day,
                user_agent,
            )
        )
        return click, not said

    def _address(self, environ: Environ) -> str:
        """The visitor's address as the server, or the proxy before it, saw it; hashed or looked up, never kept."""
        if self._is_behind_proxy:
            forwarded = environ.get("HTTP_X_FORWARDED_FOR")
            if forwarded:
                return str(forwarded.rpartition(",")[2].strip())
        return str(environ.get("REMOTE_ADDR", ""))

    def _country(self, environ: Environ) -> str:
        if self._country_key:
            said = environ.get(self._country_key, "")
            if len(said) == 2 and said.isascii() and said.isupper():
                return str(said)
        if self._geo is None:
            return ""
        self._geo.look_again()
        return self._geo.country(self._address(environ))

    def _is_secure(self, environ: Environ) -> bool:
        if self._proxy_header is not None:
            key, value = self._proxy_header
            said = environ.get(key)
            if said is not None:
                return bool(said.split(",", 1)[0].strip() == value)
        return bool(environ.get("wsgi.url_scheme") == "https")

    def _bars_for(self, policy: str, *, is_secure: bool) -> Headers:
        """The headers that stand on every answer; made once. Whoever adds one copies the list."""
        bars = self._bars.get((policy, is_secure))
        if bars is None:
            bars = [("Referrer-Policy", policy), *_security_headers(), *(_hsts_header() if is_secure else ())]
            self._bars[policy, is_secure] = bars
        return bars


def in_front_of(application: Application) -> Application:
    """The WSGI application that answers `/go/…` itself and gives everything else to `application`."""
    table = link_table()
    table.watch()
    answer_in_front = desk().answer

    def front(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.startswith(PREFIX):
            link = table.find(path[4:-1] if path.endswith("/") else path[4:])
            if link is not None:
                answer = answer_in_front(link, environ)
                if answer is not None:
                    start_response(answer.status, answer.headers)
                    return []
        return application(environ, start_response)

    return front


@cache
def link_table() -> LinkTable:
    """This process' table. Nobody keeps it up before `in_front_of` does."""
    return LinkTable(Path(settings.LINK_SNAPSHOT))


def desk() -> Desk:
    """This process' desk; one spool per folder."""
    return _desk(Path(settings.CLICK_SPOOL_DIR))


@cache
def _desk(folder: Path) -> Desk:
    return Desk(Spool(folder), link_table().salts)


@lru_cache(maxsize=20_000)
def _asked(query: str) -> Asked | None:
    """What the query string says; None when it asks for a preview."""
    if query.startswith("p=") and (place := place_of(query[2:])):
        return Asked(place)
    values = parse_qs(query, keep_blank_values=True)
    if "preview" in values:
        return None
    return Asked(place_of(values.get("p", [""])[0]), "test" in values)


@cache
def _status(number: int) -> str:
    return f"{number} {HTTPStatus(number).phrase}"


def _security_headers() -> Headers:
    """The same bars as on pages, and: nobody keeps a redirect, nobody lists it."""
    return [
        ("Cache-Control", "no-store"),
        ("X-Robots-Tag", "noindex, nofollow"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", str(settings.X_FRAME_OPTIONS)),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", str(settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)),
        ("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    ]


def _hsts_header() -> Headers:
    if not settings.SECURE_HSTS_SECONDS:
        return []
    words = [f"max-age={settings.SECURE_HSTS_SECONDS}"]
    if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS:
        words.append("includeSubDomains")
    if settings.SECURE_HSTS_PRELOAD:
        words.append("preload")
    return [("Strict-Transport-Security", "; ".join(words))]

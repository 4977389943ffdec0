"""What is answered to `/go/<code>/`? The redirect, in front of Django: a look in a dict, a line in a file, done.

No database, no Redis, no middleware: the click is in the spool before the answer leaves. What is not a plain redirect
(an unknown code, `?preview`, an http address on an https site) is left to Django and `catalog.views.go`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

from catalog import clicks
from catalog.link_table import LinkEntry, LinkTable
from catalog.networks import NETWORKS
from catalog.spool import Spool
from catalog.targets import PLACEMENT

Environ = Mapping[str, Any]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

PREFIX = "/go/"
# Answers are made once per link and placement and then reused; whoever invents placements cannot fill the memory.
MOST_ANSWERS = 20_000


@dataclass(frozen=True, slots=True)
class Answer:
    entry: LinkEntry
    status: str
    headers: list[tuple[str, str]]


class Desk:
    """Answers for links that are known, and writes their clicks down."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._answers: dict[tuple[str, str, bool], Answer] = {}
        header = settings.COUNTRY_HEADER
        self._country_key = f"HTTP_{header.upper().replace('-', '_')}" if header else ""
        self._proxy_header = settings.SECURE_PROXY_SSL_HEADER
        self._forces_https = settings.SECURE_SSL_REDIRECT
        self._on_every_answer = _security_headers()
        self._hsts = _hsts_header()

    def answer(self, entry: LinkEntry, environ: Environ) -> Answer | None:
        """The answer for this link, its click written down; None when it is Django's to give.

        GET and POST (the beacon of a direct link) are counted, HEAD is not.
        """
        placement = _placement(environ.get("QUERY_STRING", ""))
        is_secure = self._is_secure(environ)
        if placement is None or (self._forces_https and not is_secure):
            return None
        method = environ["REQUEST_METHOD"]
        if method in ("GET", "POST"):
            self.count(entry.code, environ, placement=placement)
        if method in ("GET", "HEAD"):
            key = (entry.code, placement, is_secure)
            made = self._answers.get(key)
            return made if made is not None and made.entry is entry else self._make(entry, key)
        if method == "POST":
            return Answer(entry, _status(204), self._bars(is_secure=is_secure))
        return Answer(entry, _status(405), [("Allow", "GET, HEAD, POST"), *self._bars(is_secure=is_secure)])

    def count(self, code: str, environ: Environ, *, placement: str = "", is_known: bool = True) -> None:
        """Write a click down. An unknown code is cut to what can be stored (L22)."""
        self._spool.append(
            clicks.line(
                environ,
                code=code if is_known else clicks.safe_code(code),
                is_known=is_known,
                placement=placement,
                country_key=self._country_key,
            )
        )

    def _is_secure(self, environ: Environ) -> bool:
        if self._proxy_header is not None:
            key, value = self._proxy_header
            said = environ.get(key)
            if said is not None:
                return bool(said.split(",", 1)[0].strip() == value)
        return bool(environ.get("wsgi.url_scheme") == "https")

    def _make(self, entry: LinkEntry, key: tuple[str, str, bool]) -> Answer:
        _, placement, is_secure = key
        headers = [
            ("Location", entry.destination(placement)),
            ("Referrer-Policy", NETWORKS[entry.network].referrer_policy),
            ("Content-Length", "0"),
            *self._bars(is_secure=is_secure),
        ]
        if len(self._answers) >= MOST_ANSWERS:
            self._answers.clear()
        made = self._answers[key] = Answer(entry, _status(entry.status), headers)
        return made

    def _bars(self, *, is_secure: bool) -> list[tuple[str, str]]:
        return [*self._on_every_answer, *self._hsts] if is_secure else self._on_every_answer


def in_front_of(application: Application) -> Application:
    """The WSGI application that answers `/go/…` itself and gives everything else to `application`."""
    table = LinkTable(settings.LINK_SNAPSHOT)
    table.watch()
    answer_in_front = desk().answer

    def front(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.startswith(PREFIX):
            entry = table.links.get(path[4:-1] if path.endswith("/") else path[4:])
            if entry is not None:
                answer = answer_in_front(entry, environ)
                if answer is not None:
                    start_response(answer.status, answer.headers.copy())
                    return []
        return application(environ, start_response)

    return front


def desk() -> Desk:
    """This process' desk; one spool per folder."""
    return _desk(Path(settings.CLICK_SPOOL_DIR))


@cache
def _desk(folder: Path) -> Desk:
    return Desk(Spool(folder))


def _placement(query: str) -> str | None:
    """The place on the page the query string names (`p`), empty when there is none; None when it asks for a preview."""
    if not query:
        return ""
    if query.startswith("p=") and PLACEMENT.fullmatch(query, 2):
        return query[2:]
    asked = parse_qs(query, keep_blank_values=True)
    if "preview" in asked:
        return None
    placement = asked.get("p", [""])[0]
    return placement if PLACEMENT.fullmatch(placement) else ""


def _status(number: int) -> str:
    return f"{number} {HTTPStatus(number).phrase}"


def _security_headers() -> list[tuple[str, str]]:
    """The same bars as on pages, and: nobody keeps a redirect, nobody lists it."""
    return [
        ("Cache-Control", "no-store"),
        ("X-Robots-Tag", "noindex, nofollow"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", str(settings.X_FRAME_OPTIONS)),
        ("Cross-Origin-Opener-Policy", str(settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)),
        ("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    ]


def _hsts_header() -> list[tuple[str, str]]:
    if not settings.SECURE_HSTS_SECONDS:
        return []
    words = [f"max-age={settings.SECURE_HSTS_SECONDS}"]
    if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS:
        words.append("includeSubDomains")
    if settings.SECURE_HSTS_PRELOAD:
        words.append("preload")
    return [("Strict-Transport-Security", "; ".join(words))]

"""What is answered to a reader who asks for a page that is ready? The page, in front of Django: a look in a dict, done.

No middleware, no database, no Redis: the headers are those the page left Django's stack with. What is not ready, and
everything that is not a plain reader's look at a kept page, is left to Django; what it says is kept here for the next.
Making answers smaller and making lagging pages anew is done by a thread of its own, so that no reader waits for it.
"""

from __future__ import annotations

import io
import logging
import os
import queue
import re
import sys
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from catalog.market import MARKET, country_key
from catalog.page_store import Turn
from config.kept_page import HAND, Hand, KeptPage
from config.page_cache import Variant, is_somebodys, variant_of, wanted_at
from config.page_memory import Headers, PageMemory, ready_page
from config.view_count import NOT_COUNTED, count_view

log = logging.getLogger(__name__)

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# Conditions that Django has the answers to.
_CONDITIONS = ("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")
# What a page that is made without a reader says of its request: where it stands, and of a reader the country alone.
_OF_THE_ADDRESS = (
    *("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "HTTP_HOST"),
    *("wsgi.version", "wsgi.url_scheme"),
)
_MOST_WAITING = 1000
_PACKED = ("br", "gzip")  # the smaller first
_CODING = re.compile(r"\s*([a-z*-]+)\s*(?:;\s*q\s*=\s*([0-9.]+)\s*)?", re.IGNORECASE)


class PageFront:
    """The WSGI application that gives ready pages itself and everything else to `application`."""

    def __init__(self, application: Application, memory: PageMemory) -> None:
        self._application = application
        self._memory = memory
        self._workshop = Workshop()
        self._proxy_header = settings.SECURE_PROXY_SSL_HEADER
        self._key_at = lru_cache(maxsize=8192)(_key_at)
        self._country_keys = (MARKET, key) if (key := country_key()) else (MARKET,)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method == "GET" or method == "HEAD":
            key = self._key(environ)
            if key is not None:
                page = self._memory.find(key)
                if page is None:
                    return self._ask(key, environ, start_response)
                encoding = _encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
                if encoding not in page.answers:
                    encoding = "gzip" if encoding == "br" and "gzip" in page.answers else ""
                known = environ.get("HTTP_IF_NONE_MATCH")
                if known is not None and _is_known(known, page.etag):
                    if page.is_html and method == "GET" and "text/html" in environ.get("HTTP_ACCEPT", ""):
                        count_view(page.path, environ, page.steps)
                    start_response("304 Not Modified", page.dated(page.unchanged[encoding]))
                    return []
                answer = page.answers[encoding]
                start_response("200 OK", page.dated(answer.headers))
                if method == "HEAD":
                    return []
                if page.is_html:
                    count_view(page.path, environ, page.steps)
                return [answer.body]
        return self._application(environ, start_response)

    def _key(self, environ: Environ) -> str | None:
        """The key of the kept page that is asked for; None where Django has to look itself."""
        if is_somebodys(environ) or environ.get("SCRIPT_NAME"):
            return None
        for name in _CONDITIONS:
            if name in environ:
                return None
        scheme = environ["wsgi.url_scheme"]
        if self._proxy_header is not None:
            name, secure = self._proxy_header
            said = environ.get(name)
            if said is not None:
                scheme = "https" if said.split(",", 1)[0].strip() == secure else "http"
        host, query = environ.get("HTTP_HOST", ""), environ.get("QUERY_STRING", "")
        variant = variant_of(environ)
        environ[MARKET] = variant.market
        return self._key_at(scheme, host, environ["PATH_INFO"], query, variant)

    def _ask(self, key: str, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Django's answer; when it is a page that others may be given, that is kept ready."""
        mark = self._memory.mark()
        hand = environ[HAND] = Hand()
        sent: list[tuple[str, Headers]] = []

        def listen(status: str, headers: Headers, *more: Any) -> Any:
            sent.append((status, list(headers)))
            return start_response(status, headers, *more)

        address = {name: environ[name] for name in self._of_the_address if name in environ}
        answer = self._application(environ, listen)
        if hand.lagging is not None:
            self._workshop.give(f"make {key}", self._make_anew, key, address, hand.lagging)
        if mark and environ["REQUEST_METHOD"] == "GET":
            self._take(key, hand, sent, mark)
        return answer

    @property
    def _of_the_address(self) -> tuple[str, ...]:
        return (*_OF_THE_ADDRESS, *([self._proxy_header[0]] if self._proxy_header else []), *self._country_keys)

    def _take(self, key: str, hand: Hand, sent: list[tuple[str, Headers]], mark: int) -> None:
        if hand.page is not None and len(sent) == 1 and sent[0][0].startswith("200") and _is_plain(sent[0][1]):
            self._workshop.give(f"keep {key}", self._keep, key, hand.page, hand, sent[0][1], mark)

    def _keep(self, key: str, page: KeptPage, hand: Hand, sent: Headers, mark: int) -> None:
        self._memory.keep(key, ready_page(page, path=hand.path, tags=hand.tags, sent=sent, seconds=hand.seconds), mark)

    def _make_anew(self, key: str, address: Environ, turn: Turn) -> None:
        """Through the whole stack, as if a reader had asked."""
        mark = self._memory.mark()
        hand = Hand(turn=turn)
        sent: list[tuple[str, Headers]] = []
        environ = {
            **address,
            "REQUEST_METHOD": "GET",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            HAND: hand,
        }
        answer = self._application(environ, lambda status, headers, *more: sent.append((status, list(headers))))
        for _ in answer:
            pass
        if close := getattr(answer, "close", None):
            close()
        if mark:
            self._take(key, hand, sent, mark)

    def settle(self) -> None:
        """Return when everything that waits for the workshop is done."""
        self._workshop.settle()


class Workshop:
    """A thread that does one thing after the other. What is already waiting, or one too many, is not taken."""

    def __init__(self) -> None:
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._waiting: set[str] = set()
        self._jobs: queue.Queue[tuple[str, Callable[..., None], tuple[Any, ...]]] = queue.Queue()
        self._thread: threading.Thread | None = None

    def give(self, name: str, work: Callable[..., None], *words: Any) -> None:
        with self._lock:
            if name in self._waiting or len(self._waiting) >= _MOST_WAITING:
                return
            self._waiting.add(name)
            self._jobs.put((name, work, words))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="pages", daemon=True)
                self._thread.start()

    def settle(self) -> None:
        self._jobs.join()

    def _work(self) -> None:
        while True:
            name, work, words = self._jobs.get()
            try:
                work(*words)
            except Exception:  # whatever it is: the next page must not suffer, and readers are answered by Django
                log.exception("A page could not be made ready.")
            finally:
                with self._lock:
                    self._waiting.discard(name)
                self._jobs.task_done()


def pages_in_front_of(application: Application) -> Application:
    """`application` with pages from this process' memory before it, if the settings want any."""
    if settings.PAGE_MEMORY_MB <= 0 or settings.PAGE_CACHE_SECONDS <= 0:
        return application
    memory = PageMemory(settings.PAGE_MEMORY_MB * 1_000_000)
    memory.watch()
    return PageFront(application, memory)


def _key_at(scheme: str, host: str, path: str, query: str, variant: Variant) -> str | None:
    """None for what Django has to refuse, to redirect or to make for this one reader."""
    domain, _ = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return None
    if not path.isascii() or not query.isascii() or path.startswith(NOT_COUNTED):
        return None
    wanted = wanted_at(scheme, host, path, query, variant)
    return wanted.key if wanted else None


def _is_plain(headers: Headers) -> bool:
    """Nobody else is to be given a cookie or the word by which one answer lets a script run."""
    return not any(
        name.lower() == "set-cookie" or (name.lower() == "content-security-policy" and "'nonce-" in value)
        for name, value in headers
    )


def _is_known(known: str, etag: str) -> bool:
    """What a browser has, compared weakly (RFC 9110, 13.1.2)."""
    return known.strip() == "*" or etag in (word.strip().removeprefix("W/") for word in known.split(","))


@lru_cache(maxsize=2048)
def _encoding(accepted: str) -> str:
    """The smallest encoding the reader takes; empty for none."""
    said: dict[str, float] = {}
    for word in accepted[:400].split(","):
        found = _CODING.fullmatch(word)
        if found is not None:
            said[found[1].lower()] = _quality(found[2])
    any_other = said.get("*", 0.0)
    return next((name for name in _PACKED if said.get(name, any_other) > 0), "")


def _quality(text: str | None) -> float:
    try:
        return 1.0 if text is None else float(text)
    except ValueError:
        return 0.0

"""Shops that links lead to, over real HTTP, as well or as badly as a test asks for: HEAD and GET, hop by hop.

The same pages are served at three ports: the shop, somebody else's host, and a network's, so that a chain can leave it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from catalog.http import WebDoor

Page = Callable[["Ask"], None]

ITEM = """<!doctype html><html><head><title>{name} | Shop</title></head><body><h1>{name}</h1><p>A fine pair.</p>
<p>$99.00</p><form><button>Add to cart</button></form></body></html>"""
MARKED_UP = """<!doctype html><html><head><title>{name}</title><script type="application/ld+json">
{{"@context": "https://schema.org", "@type": "Product", "name": "{name}", "offers": {{"@type": "Offer",
"price": "99.00", "priceCurrency": "USD", "availability": "https://schema.org/{stock}"}}}}
</script></head><body><h1>{name}</h1></body></html>"""
SOLD_OUT = """<!doctype html><html lang="{language}"><head><title>{name}</title></head>
<body><h1>{name}</h1><p class="stock">{words}</p></body></html>"""
MISSING = (
    "<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1><p>Try our search.</p></body></html>"
)
CAPTCHA = """<!doctype html><html><head><title>Are you a human?</title></head><body>
<p>Enter the characters you see below to go on.</p></body></html>"""


class Ask(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._respond()

    def do_HEAD(self) -> None:
        self._respond()

    def _respond(self) -> None:
        sent = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.command, self.path, sent, time.monotonic()))
        page = self.server.pages.get(urlsplit(self.path).path)
        if page is None:
            self.says(404, MISSING.format(title="Nothing here"))
        else:
            page(self)

    @property
    def query(self) -> str:
        return urlsplit(self.path).query

    def says(self, status: int, body: str = "", **headers: str) -> None:
        data = body.encode()
        self.send_response(status)
        sent = {"content_type": "text/html; charset=utf-8", "content_length": str(len(data)), **headers}
        for name, value in sent.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, pages: dict[str, Page], asked: list[tuple[str, str, dict[str, str], float]]) -> None:
        super().__init__(("127.0.0.1", 0), Ask)
        self.pages = pages
        self.asked = asked

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a visitor that hangs up is what these tests are about


class DestinationServer:
    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, str, dict[str, str], float]] = []
        self.servers = [_Server(self.pages, self.asked) for _ in range(3)]
        self.host, self.other_host, self.network_host = (f"127.0.0.1:{one.server_port}" for one in self.servers)

    @property
    def methods(self) -> list[str]:
        """`HEAD /p/one`, in order, without robots.txt."""
        return [f"{method} {urlsplit(path).path}" for method, path, _, _ in self.asked if path != "/robots.txt"]

    def url(self, path: str, *, host: str = "") -> str:
        return f"http://{host or self.host}{path}"

    def serves(self, path: str, page: Page | str) -> str:
        self.pages[path] = page if callable(page) else lambda ask: ask.says(200, page)
        return self.url(path)

    def sells(self, path: str, name: str = "Acme One") -> str:
        return self.serves(path, ITEM.format(name=name))

    def door(self) -> WebDoor:
        hosts = frozenset({self.host, self.other_host, self.network_host})
        return WebDoor(user_agent="EarmarkTest/1.0", allowed_private=hosts, timeout_seconds=1.0, deadline_seconds=3.0)


def answers(status: int, body: str = "", **headers: str) -> Page:
    return lambda ask: ask.says(status, body, **headers)


def redirects(to: str, status: int = 302, *, keeps_query: bool = False) -> Page:
    """To `to`, with what came in the query string or without it."""

    def page(ask: Ask) -> None:
        target = f"{to}{'&' if '?' in to else '?'}{ask.query}" if keeps_query and ask.query else to
        ask.says(status, location=target)

    return page


def refuses_head(page: str, status: int = 405) -> Page:
    return lambda ask: ask.says(status) if ask.command == "HEAD" else ask.says(200, page)


def sets_cookie_first(page: str) -> Page:
    """Redirects to itself until its cookie comes back."""

    def answer(ask: Ask) -> None:
        if "seen=1" in ask.headers.get("cookie", ""):
            ask.says(200, page)
        else:
            ask.says(302, location=ask.path, set_cookie="seen=1; Path=/")

    return answer


def slow(seconds: float, page: str) -> Page:
    def answer(ask: Ask) -> None:
        time.sleep(seconds)
        ask.says(200, page)

    return answer


def hangs_up(ask: Ask) -> None:
    ask.close_connection = True


@contextmanager
def open_destinations() -> Iterator[DestinationServer]:
    shop = DestinationServer()
    threads = [
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        for server in shop.servers
    ]
    for thread in threads:
        thread.start()
    try:
        yield shop
    finally:
        for server, thread in zip(shop.servers, threads, strict=True):
            server.shutdown()
            server.server_close()
            thread.join()

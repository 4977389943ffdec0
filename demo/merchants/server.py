"""How does a shop answer over HTTP? One server per shop, on this machine only."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from demo.merchants import feeds, market, pages
from demo.merchants.shops import Article, Shop


class ShopServer(ThreadingHTTPServer):
    """Listens on 127.0.0.1. `clock` gives seconds since 1970; tests hand in one that they can turn."""

    daemon_threads = True

    def __init__(self, shop: Shop, stock: Mapping[str, Article], port: int, clock: Callable[[], float] = time.time):
        self.shop = shop
        self.stock = stock
        self.clock = clock
        super().__init__(("127.0.0.1", port), _Answer)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A visitor who hangs up in the middle of a sentence is nothing to tell about."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def item_url(self, sku: str) -> str:
        return self.base_url + self.shop.item_path.format(sku=sku)

    def rows(self) -> Iterator[feeds.Row]:
        step = market.step_at(self.clock())
        for article in self.stock.values():
            yield article, market.asked(self.shop, article, step), self.item_url(article.sku)


class _Answer(BaseHTTPRequestHandler):
    server: ShopServer
    server_version = "Shop"
    sys_version = ""
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        shop, path = self.server.shop, urlsplit(self.path).path
        if shop.feed_path and path == shop.feed_path:
            is_xml = path.endswith(".xml.gz")
            body = feeds.xml_gz(shop, self.server.rows()) if is_xml else feeds.tsv(shop, self.server.rows())
            self._send_feed(body, "application/gzip" if is_xml else "text/tab-separated-values; charset=utf-8")
        elif path == "/shop.css":
            self._send(HTTPStatus.OK, pages.STYLE.encode(), "text/css; charset=utf-8")
        elif path == "/":
            self._send_page(HTTPStatus.OK, pages.front_page(shop, self.server.rows()))
        elif (article := self._article(path)) is not None:
            asked = market.asked(shop, article, market.step_at(self.server.clock()))
            arrived_with = parse_qsl(urlsplit(self.path).query)
            url = self.server.item_url(article.sku)
            self._send_page(HTTPStatus.OK, pages.item_page(shop, article, asked, url, arrived_with))
        else:
            self._send_page(HTTPStatus.NOT_FOUND, pages.missing_page(shop))

    do_HEAD = do_GET  # noqa: N815 (the name http.server looks for)

    def _article(self, path: str) -> Article | None:
        before, _, after = self.server.shop.item_path.partition("{sku}")
        if not path.startswith(before) or not path.endswith(after):
            return None
        sku = path.removeprefix(before).removesuffix(after)
        return None if sku == self.server.shop.lost_page else self.server.stock.get(sku)

    def _send_feed(self, body: bytes, content_type: str) -> None:
        etag = feeds.etag(body)
        if self.headers.get("If-None-Match") == etag:
            self._send(HTTPStatus.NOT_MODIFIED, b"", content_type, {"ETag": etag})
        else:
            self._send(HTTPStatus.OK, body, content_type, {"ETag": etag})

    def _send_page(self, status: HTTPStatus, page: str) -> None:
        self._send(status, page.encode(), "text/html; charset=utf-8")

    def _send(
        self, status: HTTPStatus, body: bytes, content_type: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-cache")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Silent: the demo's window belongs to the site."""

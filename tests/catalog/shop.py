"""A merchant's web server on loopback that behaves as badly as a test asks for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from catalog.http import WebDoor

Page = Callable[["Visit"], None]
# What `/token` answers to a POST unless a test serves something else there.
TOKEN = b'{"access_token": "a-token-of-the-shop", "token_type": "bearer", "expires_in": 3600}'


class Visit(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    # What a POST brought along.
    body = b""

    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self._respond()

    def _respond(self) -> None:
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        page = self.server.page_at(self.path.split("?")[0])
        if page is not None:
            page(self)
        elif self.command == "POST" and self.path == "/token":
            self.answer(TOKEN, content_type="application/json")
        else:
            self.answer(b"nothing here", status=404)

    def answer(self, body: bytes, *, status: int = 200, length: int | None = None, **headers: str) -> None:
        self.start(status, **{"content_length": str(len(body) if length is None else length), **headers})
        self.wfile.write(body)
        if length is not None:
            self.close_connection = True

    def start(self, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def page_at(self, path: str) -> Page | None:
        """The page served there or at the nearest folder above: an API's methods lie below its address."""
        while path.strip("/") and path not in self.pages:
            path = path.rpartition("/")[0]
        return self.pages.get(path)

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a visitor that hangs up is what these tests are about


class Shop:
    def __init__(self, server: _Server) -> None:
        self._server = server
        self.host = f"127.0.0.1:{server.server_port}"
        self.asked = server.asked

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def serves(self, path: str, page: Page | bytes | str, **headers: str) -> str:
        """Serve `page` at `path`; returns its address."""
        if isinstance(page, bytes | str):
            body = page.encode() if isinstance(page, str) else page
            self._server.pages[path] = lambda visit: visit.answer(body, **headers)
        else:
            self._server.pages[path] = page
        return self.url(path)

    def door(self, **limits: float) -> WebDoor:
        limits = {"timeout_seconds": 2.0, "deadline_seconds": 5.0, **limits}
        return WebDoor(user_agent="EarmarkTest/1.0", allowed_private=frozenset({self.host}), **limits)


@contextmanager
def open_shop() -> Iterator[Shop]:
    server = _Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Shop(server)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

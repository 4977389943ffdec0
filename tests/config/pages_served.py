"""Asking a WSGI application as a server would, without a server."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

from config.page_front import PageFront
from config.page_memory import PageMemory

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


@dataclass
class Said:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def cache(self) -> str:
        return self.headers.get("Cache-Status", "")

    @property
    def is_from_memory(self) -> bool:
        return self.cache == "earmark; hit; detail=memory"


def ask(
    application: Callable[..., Iterable[bytes]], path: str, *, method: str = "GET", scheme: str = "http", **headers: str
) -> Said:
    """`headers` by their names in the environ, without HTTP_: `ACCEPT_ENCODING="gzip"`."""
    path, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "203.0.113.7",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **{f"HTTP_{name}": value for name, value in {"HOST": "localhost", **headers}.items()},
    }
    heard: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        heard.append((status, headers))

    answer = application(environ, start_response)
    body = b"".join(answer)
    if close := getattr(answer, "close", None):
        close()
    ((status, said),) = heard
    assert len({name.lower() for name, _ in said}) == len(said), "no header twice"
    return Said(int(status.split()[0]), dict(said), body)


class Site(PageFront):
    """The whole application, and what stands behind the front alone."""

    def __init__(self, memory: PageMemory) -> None:
        self.behind = WSGIHandler()
        self.memory = memory
        super().__init__(self.behind, memory)

    def ready(self, path: str, **headers: Any) -> Said:
        """Have the page in memory, and its answer from there."""
        for _ in range(3):
            ask(self, path, **headers)
            self.settle()
        said = ask(self, path, **headers)
        assert said.is_from_memory, said.headers
        return said

    def leave(self) -> None:
        """Its thread lets go of the database."""
        self._workshop.give("leave", connections.close_all)
        self.settle()

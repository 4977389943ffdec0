"""What a web server made of the bytes it was sent: the smallest application that says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """`SEEN <method> <path> <length of the body>` for each request."""
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"SEEN {environ['REQUEST_METHOD']} {environ['PATH_INFO']} {len(body)}".encode()]

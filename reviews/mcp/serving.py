"""How does the server run: on standard input and output for one program, or over HTTP for many?"""

from __future__ import annotations

from typing import Any

import anyio
import uvicorn
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import ASGIApp

from reviews.mcp.guard import Guard
from reviews.mcp.server import made_server

PATH = "/mcp"
# A question with all its needs is some kilobytes.
LARGEST_BODY = 64 * 1024
_MOST_AT_ONCE = 200


def serve_stdio() -> None:
    """Until the program at the other end closes its side."""
    anyio.run(_over_stdio, made_server(threads=1))


async def _over_stdio(server: Server[Any]) -> None:
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def made_app(*, rate: str) -> ASGIApp:
    """Each request stands for itself: no session is kept, so several processes may stand side by side."""
    app = made_server().streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=LARGEST_BODY,
        # The guard knows the hosts; the SDK's own list has no ALLOWED_HOSTS.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return Guard(app, rate=rate)


def serve_http(host: str, port: int, *, rate: str) -> None:
    """Until SIGTERM; what was begun is answered first."""
    uvicorn.run(
        made_app(rate=rate),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MOST_AT_ONCE,
        timeout_graceful_shutdown=10,
    )

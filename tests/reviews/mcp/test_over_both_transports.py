"""The SDK's own client on the real server: as a program's child over its pipes, and over HTTP with its guard."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import pytest
from django.conf import settings
from django.db import connection
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError

from config import embedded
from tests.factories import make_merchant, make_product, make_published_article, make_seen_offer
from tests.ports import closed_port

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [str(ROOT / "manage.py"), "serve_mcp"]


def environment() -> dict[str, str]:
    """A process on this test's own database and Redis."""
    site = urlsplit(os.environ.get("DATABASE_URL") or embedded.database_url())
    return {
        **os.environ,
        "DATABASE_URL": site._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_HOSTS": "assistants.example",
        "DEBUG": "1",
    }


@contextlib.contextmanager
def over_http(log: Path, *more: str) -> Iterator[int]:
    port = closed_port()
    command = [sys.executable, *COMMAND, "--http", f"127.0.0.1:{port}", *more]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environment(), stdout=out, stderr=out)
    try:
        end = time.monotonic() + 120
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        assert process.wait(30) in (0, -15), log.read_text()


def send(port: int, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    usual = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    wire.request("POST", "/mcp", sent, {**usual, **headers})
    answer = wire.getresponse()
    text = answer.read()
    wire.close()
    try:
        return answer.status, json.loads(text)
    except ValueError:
        return answer.status, {"text": text.decode()}


PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


async def conversation(server: Any) -> None:
    """What an assistant does, whatever the way."""
    async with Client(server, read_timeout_seconds=120) as client:
        tools = (await client.list_tools()).tools
        assert {"find_products", "recommend", "compare"} <= {tool.name for tool in tools}
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
        found = await client.call_tool("find_products", {"words": "acme one"})
        assert not found.is_error
        assert found.structured_content["products"][0]["best_offer"]["price"]["amount"] == "99.00"
        refused = await client.call_tool("read_product", {"slug": "acme-onne"})
        assert refused.is_error
        assert "Did you mean `acme-one`?" in refused.content[0].text
        nonsense = await client.call_tool("buy", {})
        assert nonsense.is_error
        assert "There is no tool `buy`" in nonsense.content[0].text
        advice = await client.call_tool("recommend", {"text": "music on the train"})
        assert advice.structured_content["fired"]
        listed = (await client.list_resources()).resources
        assert [one.uri for one in listed] == ["earmark://articles/plain"]
        read = await client.read_resource("earmark://articles/plain")
        assert read.contents[0].mime_type == "text/markdown"
        assert "Words." in read.contents[0].text
        with pytest.raises(MCPError, match="There is no article"):
            await client.read_resource("earmark://articles/gone")


def talk(to: Any) -> None:
    """In a thread of its own: in this one the browser of other tests may have a loop running."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(anyio.run, conversation, to).result()


def some_world() -> None:
    make_seen_offer(make_product(), make_merchant(api_allowed=True))
    make_published_article("plain", title="Plain words")


def test_a_program_talks_to_its_child() -> None:
    some_world()
    child = StdioServerParameters(command=sys.executable, args=COMMAND, env=environment(), cwd=ROOT)
    talk(child)


def test_many_talk_over_http_and_strangers_are_kept_out(tmp_path: Path) -> None:
    some_world()
    with over_http(tmp_path / "log", "--rate", "60/min") as port:
        talk(f"http://127.0.0.1:{port}/mcp")
        assert send(port, PING)[0] == 200
        assert send(port, PING, Host="assistants.example")[0] == 200
        status, told = send(port, PING, Host="rebound.example")
        assert (status, "ALLOWED_HOSTS" in told["detail"]) == (421, True)
        assert send(port, PING, Origin="https://assistants.example")[0] == 200
        for origin in ("https://evil.example", "null", "https://assistants.example.evil.example"):
            assert send(port, PING, Origin=origin)[0] == 403, origin
        assert send(port, b"[" + b" " * 70_000 + b"]")[0] == 413
        assert send(port, b"{nonsense")[0] == 400
        statuses = [send(port, PING)[0] for _ in range(70)]
        assert statuses[-1] == 429
        wire = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        wire.request("GET", "/livez")
        assert wire.getresponse().status == 200, "asked by whoever runs it, as often as they like"
        wire.close()

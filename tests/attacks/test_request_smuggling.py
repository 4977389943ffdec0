"""Two requests in one, or one in two: what the web server makes of heads and bodies that others read differently.

Raw bytes go to the real server. A hidden second request must never be answered under another reader's name: it is
refused with the first. What is seen here is told in docs/security.md.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ports import closed_port
from tests.site_processes import environment, running, until, web_command

pytestmark = pytest.mark.django_db(transaction=True)
HIDDEN = b"GET /hidden-request/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /newsletter/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"

REFUSED: dict[str, bytes] = {
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "a length that is a list": POST + b"Content-Length: 0, %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "a length with a sign": POST + b"Content-Length: +%d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "a length in sixteens": POST + b"Content-Length: 0x10\r\n\r\n" + HIDDEN,
    "a length below nothing": POST + b"Content-Length: -1\r\n\r\n" + HIDDEN,
    "a blank before the colon": POST + b"Content-Length : %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "a coding nobody knows": POST + b"Transfer-Encoding: xchunked\r\n\r\n" + HIDDEN,
    "a chunk's size that is none": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + HIDDEN,
    "a line that goes on": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-One: a\r\n Transfer-Encoding: chunked\r\n\r\n"
    + HIDDEN,
    "a nought in a header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-One: a\x00b\r\n\r\n" + HIDDEN,
    "a target with a blank": b"GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n" + HIDDEN,
    "no such version": b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n" + HIDDEN,
    "a length and a coding": POST
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % len(HIDDEN)
    + HIDDEN
    + b"\r\n0\r\n\r\n",
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[int]:
    port = closed_port()
    with running(web_command(port), tmp_path / "web.log", environment()):
        assert until(
            lambda: b" 200 " in said(port, b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        )
        yield port


def said(port: int, sent: bytes) -> bytes:
    """All that comes back until the server closes the line, or is silent for longer than it ever needs."""
    heard = b""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.settimeout(30 if b"Connection: close" in sent else 5)
        line.sendall(sent)
        while part := line.recv(65536):
            heard += part
    return heard


def answers(heard: bytes) -> list[bytes]:
    """The status of each answer on the line."""
    return [part.split(b" ", 2)[1] for part in heard.split(b"HTTP/1.1 ") if part for part in [b"HTTP/1.1 " + part]]


def test_what_can_be_read_in_two_ways_is_refused_with_all_that_follows(server: int) -> None:
    other = {name: answers(said(server, sent)) for name, sent in REFUSED.items()}
    assert {name: found for name, found in other.items() if found != [b"400"]} == {}


def test_two_honest_requests_on_one_line_are_two_answers_in_order(server: int) -> None:
    one = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
    two = b"GET /hidden-request/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert answers(said(server, one + two)) == [b"200", b"404"]


def test_a_head_without_end_is_refused_and_the_next_reader_is_served(server: int) -> None:
    heard = said(server, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 2_000_000 + b"\r\n\r\n")
    assert answers(heard) in ([b"431"], [])  # or the line is cut while it is still sent
    assert answers(said(server, b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")) == [b"200"]


def test_a_head_that_comes_slowly_keeps_nobody_else_waiting(server: int) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(50):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", server), timeout=5))
            line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        assert answers(said(server, b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")) == [b"200"]

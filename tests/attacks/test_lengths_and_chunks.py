"""Where a length and chunks disagree: what the web server gives to the application, by an application that says it.

Measured with the Granian of `uv.lock`. A proxy in front that reads such bytes otherwise finds nothing behind it:
the line is closed, and what followed is never taken for a request.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ports import closed_port
from tests.site_processes import running, until, web_command

INNER = b"GET /inner HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /outer HTTP/1.1\r\nHost: x\r\n"
GET = b"GET /outer HTTP/1.1\r\nHost: x\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
EMPTY = b"0\r\n\r\n"

TWICE = POST + CHUNKED + b"Transfer-Encoding: cow\r\n\r\n" + EMPTY + INNER
MANY = GET + b"".join(b"X-%d: a\r\n" % number for number in range(500)) + b"\r\n"
# Both a length and chunks: the chunks count, as RFC 9112 (6.3) has it, and the line is closed behind them.
BY_CHUNKS = {
    "a length that reaches over the next": (
        POST + b"Content-Length: %d\r\n" % (len(EMPTY) + len(INNER)) + CHUNKED + b"\r\n" + EMPTY + INNER,
        0,
    ),
    "a length that ends in a chunk": (
        POST + CHUNKED + b"Content-Length: 4\r\n\r\n%x\r\n" % len(INNER) + INNER + b"\r\n" + EMPTY,
        len(INNER),
    ),
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    number = closed_port()
    log: Path = tmp_path_factory.mktemp("server") / "log"
    with running(web_command(number, application="tests.attacks.echo:application"), log, dict(os.environ)):
        assert until(lambda: _listens(number)), log.read_text()
        yield number


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _answers(port: int, sent: bytes) -> tuple[list[int], list[str]]:
    """The statuses and what the application saw, until the server closes the line: an open line is a failure."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            line.sendall(sent)
        with contextlib.suppress(ConnectionResetError):
            while part := line.recv(65536):
                received += part
    statuses = [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3})", received)]
    return statuses, [seen.decode() for seen in re.findall(rb"SEEN \w+ \S+ \d+", received)]


def test_two_kinds_of_transfer_are_refused_and_the_line_closed(port: int) -> None:
    assert _answers(port, TWICE) == ([400], [])


def test_very_many_headers_reach_no_application(port: int) -> None:
    statuses, seen = _answers(port, MANY)
    assert (set(statuses) <= {431}, seen) == (True, [])


@pytest.mark.parametrize("name", BY_CHUNKS)
def test_of_a_length_and_chunks_the_chunks_count_and_nothing_behind_them(name: str, port: int) -> None:
    sent, length = BY_CHUNKS[name]
    assert _answers(port, sent) == ([200], [f"SEEN POST /outer {length}"])


def test_two_requests_that_are_two_are_both_answered(port: int) -> None:
    """Otherwise the tests above would hold of a server that never reads a second one."""
    last = INNER.replace(b"Host: x\r\n", b"Host: x\r\nConnection: close\r\n")
    assert _answers(port, POST + b"Content-Length: 0\r\n\r\n" + last) == (
        [200, 200],
        ["SEEN POST /outer 0", "SEEN GET /inner 0"],
    )

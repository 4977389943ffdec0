"""A load generator for machines without wrk: `python -m bench.sockets ADDRESS SECONDS CONNECTIONS` prints a count."""

from __future__ import annotations

import socket
import sys
import time
from urllib.parse import urlsplit


def count_answers(address: str, seconds: float, connections: int) -> int:
    """Whole answers got in that time. Only for answers without a body."""
    parts = urlsplit(address)
    request = f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\nUser-Agent: bench\r\n\r\n".encode()
    opened = [socket.create_connection((parts.hostname or "", parts.port or 80)) for _ in range(connections)]
    count, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        for one in opened:
            one.sendall(request)
        for one in opened:
            answer = b""
            while b"\r\n\r\n" not in answer:
                got = one.recv(65536)
                if not got:
                    raise ConnectionError("the server closed the connection")
                answer += got
            if not answer.startswith(b"HTTP/1.1 302"):
                raise ValueError(f"an unexpected answer: {answer[:200]!r}")
            count += 1
    for one in opened:
        one.close()
    return count


if __name__ == "__main__":
    print(count_answers(sys.argv[1], float(sys.argv[2]), int(sys.argv[3])))

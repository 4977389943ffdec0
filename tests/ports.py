"""Where can a test's server listen, though others connect by the thousand meanwhile?"""

from __future__ import annotations

import secrets
import socket
from pathlib import Path

LOWEST = 12_000


def closed_port() -> int:
    """A port of this machine that nobody listens at.

    It lies below those that the kernel lends to whoever connects: between this look and the server's start, which
    takes a demo half a minute, another test's readers would be lent it now and then, and the server could not start.
    """
    lent = Path("/proc/sys/net/ipv4/ip_local_port_range")
    end = int(lent.read_text().split()[0]) if lent.exists() else 32_768
    while True:
        port = LOWEST + secrets.randbelow(end - LOWEST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port

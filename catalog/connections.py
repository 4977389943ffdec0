"""To which address, and for how long, may a connection be made? The wires behind the one door of `catalog.http`."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpcore2

from catalog.addresses import refusal

Resolve = Callable[[str, int], Sequence[str]]


class UnknownNameError(Exception):
    """The name has no address."""


class RefusedAddressError(Exception):
    """The name leads to an address that is never read from; the text is its kind, e.g. "loopback"."""


def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Every IP address the system's resolver knows for `host`. Raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class CheckedNetwork(httpcore2.NetworkBackend):
    """Looks a name up once, checks the addresses, connects to a checked one, and never waits past the deadline."""

    def __init__(self, resolve: Resolve, *, exempt: bool, deadline: float) -> None:
        self._resolve = resolve
        self._exempt = exempt
        self._deadline = deadline
        self._real = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        failed: Exception = httpcore2.ConnectError("no address")
        for address in self._checked(host, port)[:3]:
            wait = _remaining(timeout, self._deadline)
            try:
                stream = self._real.connect_tcp(address, port, wait, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
            else:
                return _DeadlineStream(stream, self._deadline)
        raise failed

    def _checked(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError):
            raise UnknownNameError from None
        for address in addresses:
            reason = None if self._exempt else refusal(address)
            if reason:
                raise RefusedAddressError(reason)
        return addresses


class _DeadlineStream(httpcore2.NetworkStream):
    """A connection whose every wait is cut to what is left of the whole request's time."""

    def __init__(self, real: httpcore2.NetworkStream, deadline: float) -> None:
        self._real = real
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._real.read(max_bytes, _remaining(timeout, self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._real.write(buffer, _remaining(timeout, self._deadline))

    def close(self) -> None:
        self._real.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        wait = _remaining(timeout, self._deadline)
        return _DeadlineStream(self._real.start_tls(ssl_context, server_hostname, wait), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._real.get_extra_info(info)


def _remaining(timeout: float | None, deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("deadline")
    return left if timeout is None else min(timeout, left)

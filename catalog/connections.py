"""To which address, and for how long, may a connection be made? The wires behind the one door of `catalog.http`."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
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


# A kept connection that was idle for longer is closed: most servers give up after five seconds.
_IDLE_SECONDS = 4.0
# So many idle connections to one host are kept; a round has no more requests under way.
_KEPT_PER_HOST = 16


class Connection:
    """One connection to one scheme, host and port; `deadline` is that of the request it carries now.

    It is made to an address that was checked when it was opened, and it stays with the name it was opened for: kept
    for seconds, within one round of requests, it cannot lead anywhere that was not checked.
    """

    def __init__(self, origin: httpcore2.Origin, resolve: Resolve, context: ssl.SSLContext, *, exempt: bool) -> None:
        self._network = _CheckedNetwork(resolve, exempt=exempt)
        self.http = httpcore2.HTTPConnection(
            origin, ssl_context=context, keepalive_expiry=_IDLE_SECONDS, network_backend=self._network
        )
        self.is_used = False

    def ask(self, request: httpcore2.Request, deadline: float) -> httpcore2.Response:
        """The answer's head; the body is still to come. Never waits past the deadline, for the body neither."""
        self._network.clock.deadline = deadline
        return self.http.handle_request(request)


class Connections:
    """The idle connections of a door that keeps them. Threads share it; a connection carries one request at a time."""

    def __init__(self) -> None:
        self._idle: dict[tuple[bytes, bytes, int, bool], list[Connection]] = {}
        self._lock = threading.Lock()

    def take(self, origin: httpcore2.Origin, resolve: Resolve, context: ssl.SSLContext, *, exempt: bool) -> Connection:
        """A kept connection that still stands, or a new one, which connects when it is asked."""
        while True:
            with self._lock:
                kept = self._idle.get(_key(origin, exempt=exempt))
                connection = kept.pop() if kept else None
            if connection is None:
                return Connection(origin, resolve, context, exempt=exempt)
            if not connection.http.has_expired():
                return connection
            connection.http.close()

    def give_back(self, connection: Connection, origin: httpcore2.Origin, *, exempt: bool) -> None:
        """Keep it if its answer was read to the end, else close it."""
        if connection.http.is_idle():
            connection.is_used = True
            with self._lock:
                kept = self._idle.setdefault(_key(origin, exempt=exempt), [])
                if len(kept) < _KEPT_PER_HOST:
                    kept.append(connection)
                    return
        connection.http.close()

    def close(self) -> None:
        with self._lock:
            kept = [connection for connections in self._idle.values() for connection in connections]
            self._idle.clear()
        for connection in kept:
            connection.http.close()


def _key(origin: httpcore2.Origin, *, exempt: bool) -> tuple[bytes, bytes, int, bool]:
    return origin.scheme, origin.host, origin.port, exempt


@dataclass(slots=True)
class _Clock:
    """Until when the request that a connection carries may last (`time.monotonic`)."""

    deadline: float = 0.0


class _CheckedNetwork(httpcore2.NetworkBackend):
    """Looks a name up once, checks the addresses, connects to a checked one, and never waits past the deadline."""

    def __init__(self, resolve: Resolve, *, exempt: bool) -> None:
        self._resolve = resolve
        self._exempt = exempt
        self.clock = _Clock()
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
            wait = _remaining(timeout, self.clock.deadline)
            try:
                stream = self._real.connect_tcp(address, port, wait, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
            else:
                return _DeadlineStream(stream, self.clock)
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

    def __init__(self, real: httpcore2.NetworkStream, clock: _Clock) -> None:
        self._real = real
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._real.read(max_bytes, _remaining(timeout, self._clock.deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._real.write(buffer, _remaining(timeout, self._clock.deadline))

    def close(self) -> None:
        self._real.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        wait = _remaining(timeout, self._clock.deadline)
        return _DeadlineStream(self._real.start_tls(ssl_context, server_hostname, wait), self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._real.get_extra_info(info)


def _remaining(timeout: float | None, deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("deadline")
    return left if timeout is None else min(timeout, left)

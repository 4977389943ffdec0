"""How do we talk to other machines? Through this one door, with limits on time, size, redirects and where to.

Private, loopback and link-local addresses are refused *after* the name was resolved, and the connection goes to the
very address that was checked (no second look-up that could answer differently). `allowed_private` names host:port
pairs that are exempt; only the demo and tests pass any.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Self

import httpcore2
import httpx2

from catalog.connections import Connections, RefusedAddressError, Resolve, UnknownNameError, resolve_by_system
from catalog.door import Door, DoorError, Reply
from catalog.reply_bodies import bounded_body

__all__ = ["Door", "DoorError", "Reply", "WebDoor", "seconds_to_wait"]

PAGE_BYTES = 3 * 1024 * 1024
BUSY_BYTES = 64 * 1024
MOST_REDIRECTS = 5
# A merchant may ask us to stay away, but a slip of the pen ("Retry-After: 99999999") must not end the relationship.
LONGEST_RETRY_AFTER = 24 * 3600.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 503})
_PORTS = {"http": 80, "https": 443}
# What ends a header, or does so for some.
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]")


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


class WebDoor:
    """The door used in earnest. A reply is a status below 400, a 304, or an error status other than 429 and 503.

    `timeout_seconds` bounds every single wait (connecting, each read), `deadline_seconds` the whole request with its
    redirects and body. `resolve` is a parameter so that tests can answer like a hostile name server. Used as a context
    manager, it keeps connections for its next requests and closes them at the end; threads may share it.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allowed_private: frozenset[str] = frozenset(),
        timeout_seconds: float = 20.0,
        deadline_seconds: float = 120.0,
        resolve: Resolve = resolve_by_system,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._allowed_private = frozenset(pair.lower() for pair in allowed_private)
        self._timeout_seconds = timeout_seconds
        self._deadline_seconds = deadline_seconds
        self._resolve = resolve
        self._ssl_context = ssl_context
        self._kept: Connections | None = None

    def __enter__(self) -> Self:
        self._kept = Connections()
        return self

    def __exit__(self, *_: object) -> None:
        if self._kept is not None:
            self._kept.close()
        self._kept = None

    def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None
    ) -> AbstractContextManager[Reply]:
        return self._asked("GET", url, None, headers, max_bytes)

    def post(
        self, url: str, body: bytes, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None
    ) -> AbstractContextManager[Reply]:
        return self._asked("POST", url, body, headers, max_bytes)

    def look(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None
    ) -> AbstractContextManager[Reply]:
        """GET or HEAD one address and no other: a redirect is the reply, so that who asks sees every hop."""
        return self._asked(method, url, None, headers, max_bytes, follows=False)

    @contextmanager
    def _asked(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str] | None,
        max_bytes: int | None,
        *,
        follows: bool = True,
    ) -> Iterator[Reply]:
        limit = PAGE_BYTES if max_bytes is None else max_bytes
        deadline = time.monotonic() + self._deadline_seconds
        target = _target(url)
        sent = {"accept": "*/*", **{name.lower(): value for name, value in (headers or {}).items()}}
        for _hop in range(MOST_REDIRECTS + 1):
            with self._opened(method, target, body, sent, deadline) as response:
                found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                is_last = not follows or response.status not in _REDIRECTS or "location" not in found
                if body is not None or is_last:
                    _refuse_busy(response, found, target.host)
                    # To a HEAD comes the length of a body, and no body.
                    empty = method == "HEAD"
                    chunks = iter(()) if empty else bounded_body(response.iter_stream(), found, target.host, limit)
                    yield Reply(
                        response.status, found, str(target), _told_apart_while_read(chunks, target.host, deadline)
                    )
                    return
            following = _target(found["location"], base=target)
            if _origin(following) != _origin(target):
                sent = {name: value for name, value in sent.items() if name not in {"authorization", "cookie"}}
            target = following
        raise DoorError(f"{target.host} redirected more than {MOST_REDIRECTS} times.")

    @contextmanager
    def _opened(
        self, method: str, target: httpx2.URL, body: bytes | None, headers: Mapping[str, str], deadline: float
    ) -> Iterator[httpcore2.Response]:
        port = target.port or _PORTS[target.scheme]
        exempt = f"{target.host}:{port}".lower() in self._allowed_private
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), self._timeout_seconds)
        # gzip only: what is asked for is unpacked here in bounded steps, so that a bomb is stopped while it grows.
        said = {"user-agent": self._user_agent, "accept-encoding": "gzip", **headers}
        sent = [(b"host", target.netloc), *((name.encode(), _on_the_wire(name, one)) for name, one in said.items())]
        if body is not None:
            sent.append((b"content-length", str(len(body)).encode()))
        request = httpcore2.Request(
            method, _wire_url(target), headers=sent, content=body, extensions={"timeout": timeouts}
        )
        kept = self._kept or Connections()
        with _told_apart(target.host, deadline):
            try:
                with self._answered(kept, request, deadline, exempt=exempt) as response:
                    yield response
            finally:
                if kept is not self._kept:
                    kept.close()

    @contextmanager
    def _answered(
        self, kept: Connections, request: httpcore2.Request, deadline: float, *, exempt: bool
    ) -> Iterator[httpcore2.Response]:
        origin = request.url.origin
        context = self._ssl_context or _trusted()
        while True:
            connection = kept.take(origin, self._resolve, context, exempt=exempt)
            try:
                response = connection.ask(request, deadline)
                break
            except (httpcore2.NetworkError, httpcore2.RemoteProtocolError):
                connection.http.close()
                # The host may close a kept connection just as we use it. Whatever we ask, we only ask: once more.
                if not connection.is_used:
                    raise
            except BaseException:
                connection.http.close()
                raise
        try:
            yield response
        finally:
            response.close()
            kept.give_back(connection, origin, exempt=exempt)


@contextmanager
def _told_apart(host: str, deadline: float) -> Iterator[None]:
    """Turn the library's errors into `DoorError`s. Their own texts are dropped: they may quote what was sent."""
    try:
        yield
    except UnknownNameError:
        raise DoorError(f"The name {host} could not be resolved.", host_is_down=True) from None
    except RefusedAddressError as error:
        raise DoorError(f"{host} is at a {error} address, which is never read from.", permanent=True) from None
    except httpcore2.TimeoutException:
        whole = time.monotonic() >= deadline
        raise DoorError(
            f"{host} took too long{' for the whole answer' if whole else ' to go on'}.", host_is_down=True
        ) from None
    except httpcore2.ConnectError as error:
        why = " (its certificate or TLS was not accepted)" if "ssl" in str(error).lower() else ""
        raise DoorError(f"No connection to {host}{why}.", host_is_down=True) from None
    except httpcore2.NetworkError:
        raise DoorError(f"The connection to {host} broke off.", host_is_down=True) from None
    except httpcore2.ProtocolError:
        raise DoorError(f"The answer of {host} was cut short or is not HTTP.") from None


def _target(text: str, base: httpx2.URL | None = None) -> httpx2.URL:
    """The checked address of the next request. Raises `DoorError` for what we never ask for."""
    try:
        url = httpx2.URL(text) if base is None else base.join(text)
        port = url.port
    except (httpx2.InvalidURL, ValueError, UnicodeError):
        raise DoorError("This is not a web address.", permanent=True) from None
    if not url.host or "%" in url.host or (port is not None and not 0 < port < 65536):
        raise DoorError("This is not a web address.", permanent=True)
    if url.scheme not in _PORTS:
        raise DoorError(f"Only http and https addresses are read, not `{url.scheme or 'none'}`.", permanent=True)
    if url.userinfo:
        raise DoorError(f"The address at {url.host} holds a user name or password; leave it out.", permanent=True)
    if base is not None and base.scheme == "https" and url.scheme == "http":
        raise DoorError(f"{base.host} redirected from https down to http.", permanent=True)
    return url.copy_with(fragment=None) if url.fragment else url


def _wire_url(url: httpx2.URL) -> httpcore2.URL:
    return httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


def _on_the_wire(name: str, value: str) -> bytes:
    """As replies are read, so that what a shop said of its feed goes back byte by byte.

    Raises `DoorError`, which does not say the value: it may be a key.
    """
    if _CONTROLS.search(value):
        raise DoorError(f"What would be sent as {name} holds a line break or a sign of control.", permanent=True)
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        raise DoorError(f"What would be sent as {name} holds letters that no header can.", permanent=True) from None


def _origin(url: httpx2.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or _PORTS[url.scheme]


def _refuse_busy(response: httpcore2.Response, headers: Mapping[str, str], host: str) -> None:
    if response.status not in _BUSY:
        return
    try:
        with _told_apart(host, time.monotonic()):
            body = b"".join(bounded_body(response.iter_stream(), headers, host, BUSY_BYTES))
    except DoorError:
        body = b""  # that it is busy is what matters
    raise DoorError(
        f"{host} answered {response.status}: too busy for us.",
        retry_after=seconds_to_wait(headers.get("retry-after", ""), now=datetime.now(UTC)),
        host_is_down=True,
        status=response.status,
        headers=headers,
        body=body,
    )


def seconds_to_wait(retry_after: str, *, now: datetime) -> float | None:
    """What a Retry-After header (seconds, or a date) asks for, at most a day; None when it says nothing usable."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), LONGEST_RETRY_AFTER)


def _told_apart_while_read(chunks: Iterator[bytes], host: str, deadline: float) -> Iterator[bytes]:
    with _told_apart(host, deadline):
        yield from chunks

"""What does everybody know of the door to other machines, who only asks it: what goes in, what comes out, what fails?

A pure module without any network in it; `catalog.http` is the door itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol


class DoorError(Exception):
    """The request was refused or failed. Messages name the host, never the whole URL (feed URLs hold keys).

    `permanent`: asking again cannot help. `retry_after`: seconds the host asked us to stay away (429, 503).
    `host_is_down`: the host as a whole did not answer or is busy, so its other pages need not be tried now.
    `status`, `headers` (lower-case names) and `body` (at most 64 KB) are those of a busy host's answer: some say there
    how long to wait, and why.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        host_is_down: bool = False,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after
        self.host_is_down = host_is_down
        self.status = status
        self.headers: Mapping[str, str] = headers or {}
        self.body = body


@dataclass(slots=True)
class Reply:
    """An answer whose body is read as it comes. `headers` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    url: str
    chunks: Iterator[bytes]

    def read(self) -> bytes:
        """The whole body, as long as the door's size limit allows."""
        return b"".join(self.chunks)


class Door(Protocol):
    def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None
    ) -> AbstractContextManager[Reply]:
        """GET `url`. Raises `DoorError` (also while the body is read, when it grows past `max_bytes`)."""

    def post(
        self, url: str, body: bytes, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None
    ) -> AbstractContextManager[Reply]:
        """POST `body` to `url`; a redirect is the reply, never followed. Raises `DoorError` as `get` does."""

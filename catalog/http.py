"""How do we talk to other machines? Through this one door, with limits on time, size, redirects and where to.

Private, loopback and link-local addresses are refused *after* the name was resolved, and the connection goes to the
very address that was checked (no second look-up that could answer differently). `allowed_private` names host:port
pairs that are exempt; only the demo and tests pass any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol


class DoorError(Exception):
    """The request was refused or failed. `permanent` when asking again cannot help."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


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

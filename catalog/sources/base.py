"""What must a price source be able to do? The contract every file in this folder keeps.

A source is pure: it is handed what to read, the merchant's settings, the door to the network and the time, and it
hands back readings. It imports neither Django nor models, so each is tested on recorded payloads alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from catalog.http import Door
from catalog.reading import Reading, Unreadable
from catalog.settings_fields import SettingField
from catalog.terms import Terms


class SourceError(Exception):
    """The merchant could not be asked, or its answer as a whole cannot be used.

    `permanent`: trying again later is useless until somebody changes a setting. `retry_after`: seconds the merchant
    asked us to stay away, when it did.
    """

    def __init__(self, message: str, *, permanent: bool, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An offer whose price is wanted."""

    sku: str
    url: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What a feed said about its own version when it was last read (P3)."""

    etag: str = ""
    last_modified: str = ""
    sha256: str = ""


@dataclass(slots=True, kw_only=True)
class Answer:
    """What a source hands back.

    `items` may be lazy and may raise `SourceError` while it is walked: whatever came before stays valid.
    `state` is complete once `items` is exhausted. `unchanged` means that the feed is the one read last time, so
    every wanted offer's last reading holds as of now.
    """

    items: Iterator[Reading | Unreadable]
    state: FeedState = field(default_factory=FeedState)
    unchanged: bool = False


class Source(ABC):
    key: ClassVar[str]
    label: ClassVar[str]
    # How many offers of one merchant are asked for in one round; a feed answers for all of them at once.
    batch_size: ClassVar[int]
    settings: ClassVar[tuple[SettingField, ...]] = ()
    # The setting that holds the address to ask; empty for a source that asks each offer's own page.
    address_setting: ClassVar[str] = ""
    # An answer by which the item A1 costs 99.00 USD: what such a merchant sends, and what the contract test reads.
    example: ClassVar[str] = ""
    # What a new merchant with this source starts with; the record may say otherwise.
    terms: ClassVar[Terms] = Terms()

    @abstractmethod
    def read(
        self,
        wanted: Sequence[Wanted],
        settings: Mapping[str, str],
        *,
        door: Door,
        now: datetime,
        state: FeedState,
    ) -> Answer:
        """Ask the merchant for the wanted items. Raises `SourceError`."""

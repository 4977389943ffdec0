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

from catalog.access_tokens import Token, Tokens
from catalog.http import Door
from catalog.reading import FeedState, NotSold, Reading, SourceError, Unreadable
from catalog.settings_fields import SettingField
from catalog.terms import Terms

__all__ = ["Answer", "FeedState", "Pace", "Source", "SourceError", "Token", "Tokens", "Wanted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An offer whose price is wanted."""

    sku: str
    url: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a host may be asked, by all our workers together; None where it sets no such limit.

    `account`: the setting that names whose quota is used up (two merchants on one API key share it); empty: each host
    counts for itself.
    """

    per_second: float | None = 1.0
    per_minute: int | None = None
    per_day: int | None = None
    account: str = ""


@dataclass(slots=True, kw_only=True)
class Answer:
    """What a source hands back.

    `items` may be lazy and may raise `SourceError` while it is walked: whatever came before stays valid.
    `state` is complete once `items` is exhausted. `unchanged` means that the feed is the one read last time, so
    every wanted offer's last reading holds as of now.
    """

    items: Iterator[Reading | NotSold | Unreadable]
    state: FeedState = field(default_factory=FeedState)
    unchanged: bool = False


class Source(ABC):
    key: ClassVar[str]
    label: ClassVar[str]
    # False: nobody is asked; its prices come in by hand or over our own door.
    asks: ClassVar[bool] = True
    # How many offers of one merchant are asked for in one round.
    batch_size: ClassVar[int]
    # How many of them one request answers for: what a quota of requests is worth in offers.
    items_per_request: ClassVar[int] = 1
    # One download answers for every offer of the merchant, so all of them come along once one is due.
    answers_for_all: ClassVar[bool] = False
    # How many requests of one round may be under way at once (each `read` is then given a part of the offers).
    parallel: ClassVar[int] = 1
    pace: ClassVar[Pace] = Pace()
    settings: ClassVar[tuple[SettingField, ...]] = ()
    # The setting that holds the address to ask; empty for a source that asks each offer's own page.
    address_setting: ClassVar[str] = ""
    # An answer by which `example_sku` costs 99.00 USD: what such a merchant sends, and what the contract test reads.
    example: ClassVar[str] = ""
    example_sku: ClassVar[str] = "A1"
    # The other settings it takes to read the example; `{server}` stands for http://host:port of the example's server,
    # which answers a POST to /token with a token of OAuth 2.
    example_settings: ClassVar[Mapping[str, str]] = {}
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
        tokens: Tokens,
    ) -> Answer:
        """Ask the merchant for the wanted items. Raises `SourceError`.

        In `settings` a secret is the secret itself: whoever calls has looked up the variable that the record names.
        """

"""Prices that somebody else reads and sends us, signed (P14): no merchant is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from catalog.http import Door
from catalog.settings_fields import SettingField
from catalog.sources.base import Answer, FeedState, Source, Tokens, Wanted


class Pushed(Source):
    """The door is `POST /api/v1/readings/`; what comes in is judged like every other reading."""

    key = "pushed"
    label = "Sent to us over the API, signed"
    asks = False
    batch_size = 1
    settings = (
        SettingField(
            name="secret",
            help="The name of the environment variable that holds the secret both sides sign with.",
            pattern=r"[A-Z][A-Z0-9_]{2,60}",
            secret=True,
        ),
    )
    example_settings = {"secret": "a secret that both sides know"}

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
        return Answer(items=iter(()))

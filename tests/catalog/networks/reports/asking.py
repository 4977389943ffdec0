"""How a test polls a network's server: an account, a door, tokens of its own and a fixed time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from catalog.networks.reports import REPORTS
from catalog.networks.reports.base import Account, Polled
from tests.catalog.shop import Shop
from tests.catalog.sources.tokens import OwnTokens

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def polled(
    key: str,
    shop: Shop,
    settings: Mapping[str, str],
    *,
    polled_until: datetime | None = None,
    now: datetime = NOW,
    tokens: OwnTokens | None = None,
) -> Polled:
    account = Account(key="7", settings=settings, polled_until=polled_until)
    return REPORTS[key].poll(account, door=shop.door(), tokens=tokens or OwnTokens(), now=now)

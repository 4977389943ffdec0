"""A price that was watched day by day, written as a list of (days, amount)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from catalog.prices.history import PriceHistory, with_day

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def watched(
    *runs: tuple[int, str],
    unseen: Sequence[int] = (),
    now: datetime = NOW,
    currency: str = "USD",
    merchant: str = "Shop",
) -> PriceHistory:
    """Each run is (days, amount), the last one ends today; `unseen`: days before today on which nobody looked."""
    total = sum(days for days, _ in runs)
    amounts = [Decimal(amount) for days, amount in runs for _ in range(days)]
    points: list[tuple[datetime, Decimal]] = []
    bits, last = 0, None
    for place, amount in enumerate(amounts):
        ago = total - 1 - place
        if ago in unseen:
            continue
        at = now - ago * DAY
        bits, last = with_day(bits, last, at), at
        if not points or points[-1][1] != amount:
            points.append((at, amount))
    return PriceHistory(merchant=merchant, currency=currency, points=tuple(points), seen_until=last, days_seen=bits)

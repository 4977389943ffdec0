"""How did the price go? A chart drawn on the server: one stepped line per merchant, and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from catalog.money import money_text
from catalog.price_history import PriceHistory

WIDTH, HEIGHT = 640, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 8, 8, 8
# Lines differ by dash as well as by place in the legend, never by colour alone.
_DASHES = ("", "8 5", "2 5", "12 4 2 4", "5 3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    merchant: str
    dash: str
    path: str
    now: str
    low: str
    high: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChart:
    series: tuple[Series, ...]
    guides: tuple[float, ...]
    low: str
    high: str
    starts_at: datetime
    ends_at: datetime
    lowest: str
    lowest_merchant: str
    lowest_at: datetime
    days: int
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def title(self) -> str:
        return f"Price over the last {self.days} days" if self.days > 1 else "Price today"


def price_chart(histories: Sequence[PriceHistory], *, now: datetime, currency: str) -> PriceChart | None:
    """None when fewer than two readings in this currency may be shown: a single dot says nothing."""
    shown = [history for history in histories if history.currency == currency][: len(_DASHES)]
    if sum(len(history.points) for history in shown) < 2:
        return None
    starts_at = min(history.points[0][0] for history in shown)
    amounts = [amount for history in shown for _, amount in history.points]
    low, high = min(amounts), max(amounts)
    lowest, at, merchant = min((amount, seen, one.merchant) for one in shown for seen, amount in one.points)
    scale = _Scale(starts_at, now, low, high)
    return PriceChart(
        series=tuple(_series(history, dash, scale) for history, dash in zip(shown, _DASHES, strict=False)),
        guides=tuple(scale.y(amount) for amount in dict.fromkeys((high, low))),
        low=money_text(low, currency),
        high=money_text(high, currency),
        starts_at=starts_at,
        ends_at=now,
        lowest=money_text(lowest, currency),
        lowest_merchant=merchant,
        lowest_at=at,
        days=max(1, (now - starts_at).days),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    starts_at: datetime
    ends_at: datetime
    low: Decimal
    high: Decimal

    def x(self, when: datetime) -> float:
        span = (self.ends_at - self.starts_at).total_seconds() or 1.0
        part = (when - self.starts_at).total_seconds() / span
        return round(_LEFT + part * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, amount: Decimal) -> float:
        span = self.high - self.low
        part = float((amount - self.low) / span) if span else 0.5
        return round(HEIGHT - _BOTTOM - part * (HEIGHT - _TOP - _BOTTOM), 1)


def _series(history: PriceHistory, dash: str, scale: _Scale) -> Series:
    """A price holds until the next reading, so the line moves in steps."""
    first_at, first = history.points[0]
    steps = [f"M{scale.x(first_at)} {scale.y(first)}"]
    for seen_at, amount in history.points[1:]:
        steps.append(f"H{scale.x(seen_at)}V{scale.y(amount)}")
    steps.append(f"H{scale.x(scale.ends_at)}")
    amounts = [amount for _, amount in history.points]
    return Series(
        merchant=history.merchant,
        dash=dash,
        path="".join(steps),
        now=money_text(amounts[-1], history.currency),
        low=money_text(min(amounts), history.currency),
        high=money_text(max(amounts), history.currency),
    )

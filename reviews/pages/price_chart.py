"""How did the price go? A chart drawn on the server: one stepped line per merchant, and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from catalog.money import money_text
from catalog.price_history import DAYS_KEPT, PriceHistory
from catalog.price_statistics import WINDOWS, PriceStatistics, statistics

WIDTH, HEIGHT = 640, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 8, 8, 8
# Lines differ by dash as well as by place in the legend, never by colour alone.
_DASHES = ("", "8 5", "2 5", "12 4 2 4", "5 3")
MOST_CHANGES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    merchant: str
    dash: str
    path: str
    now: str
    low: str
    high: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    at: datetime
    merchant: str
    price: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsLine:
    """The lowest of the merchants' prices over the last `days`; `observed` says on how many of them we looked."""

    days: int
    lowest: str
    p10: str
    median: str
    mean: str
    p90: str
    highest: str
    observed: str


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
    changes: tuple[Change, ...]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def title(self) -> str:
        return f"Price over the last {self.days} days" if self.days > 1 else "Price today"

    @property
    def description(self) -> str:
        """The chart in a sentence, for those who do not see it."""
        said = "; ".join(f"{one.merchant}: last {one.now}, between {one.low} and {one.high}" for one in self.series)
        return f"{said}. Every change is in the table below."


def since(histories: Sequence[PriceHistory], start: datetime) -> tuple[PriceHistory, ...]:
    """The histories from `start` on; a price that held into that time begins with it."""
    return tuple(cut for history in histories if (cut := _since(history, start)).points)


def _since(history: PriceHistory, start: datetime) -> PriceHistory:
    earlier = [amount for at, amount in history.points if at <= start]
    later = tuple(point for point in history.points if point[0] > start)
    held_until = later[0][0] if later else history.seen_until
    if earlier and held_until is not None and held_until > start:
        later = ((start, earlier[-1]), *later)
    return replace(history, points=later)


def statistics_lines(histories: Sequence[PriceHistory], *, now: datetime, currency: str) -> tuple[StatisticsLine, ...]:
    """Shortest window first; a window that reaches back before the first reading is the last one that is given."""
    ours = [history for history in histories if history.currency == currency and history.points]
    if not ours:
        return ()
    first = min(history.points[0][0] for history in ours)
    asked = [window for place, window in enumerate(WINDOWS) if not place or now - first > WINDOWS[place - 1]]
    found = (statistics(ours, currency=currency, window=window, now=now) for window in asked)
    return tuple(_statistics_line(one) for one in found if one is not None)


def _statistics_line(one: PriceStatistics) -> StatisticsLine:
    amounts = {
        name: money_text(getattr(one, name), one.currency)
        for name in ("lowest", "p10", "median", "mean", "p90", "highest")
    }
    # Days of looking are kept for two months: of longer windows we know that there were at least so many.
    at_least = "at least " if one.window > timedelta(days=DAYS_KEPT) else ""
    return StatisticsLine(
        days=one.window.days, observed=f"{at_least}{one.days_observed} of {one.window.days}", **amounts
    )


def _changes(histories: Sequence[PriceHistory]) -> tuple[Change, ...]:
    """Newest first."""
    found = [
        Change(at=at, merchant=history.merchant, price=money_text(amount, history.currency))
        for history in histories
        for at, amount in history.points
    ]
    return tuple(sorted(found, key=lambda one: (one.at, one.merchant), reverse=True)[:MOST_CHANGES])


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
        changes=_changes(shown),
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
    """A price holds until the next reading, and the last one until the last look: the line moves in steps."""
    first_at, first = history.points[0]
    steps = [f"M{scale.x(first_at)} {scale.y(first)}"]
    for seen_at, amount in history.points[1:]:
        steps.append(f"H{scale.x(seen_at)}V{scale.y(amount)}")
    if history.seen_until is not None:
        steps.append(f"H{scale.x(min(max(history.seen_until, history.points[-1][0]), scale.ends_at))}")
    amounts = [amount for _, amount in history.points]
    return Series(
        merchant=history.merchant,
        dash=dash,
        path="".join(steps),
        now=money_text(amounts[-1], history.currency),
        low=money_text(min(amounts), history.currency),
        high=money_text(max(amounts), history.currency),
    )

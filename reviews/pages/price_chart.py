"""How did the price go? A chart drawn on the server: one stepped line per merchant, the lowest of them, and a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from catalog.money import money_text
from catalog.prices.history import DAYS_KEPT, PriceHistory, Step, lowest_over
from catalog.prices.statistics import WINDOWS, PriceStatistics, statistics

WIDTH, HEIGHT = 640, 240
# Above the upper guide stands its amount, in letters that a small screen draws larger.
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 8, 32, 8
# Lines differ by dash as well as by place in the legend, never by colour alone.
_DASHES = ("", "8 5", "2 5", "12 4 2 4", "5 3")
MOST_CHANGES = 60
# What was watched on one day only has no spread worth a table.
LEAST_DAYS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    merchant: str
    dash: str
    path: str
    now: str
    low: str
    high: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """A level line with its amount."""

    y: float
    text: str


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
    """`least` is the lowest of several merchants' prices; None when there is only one. Gaps were not watched."""

    series: tuple[Series, ...]
    least: Series | None
    guides: tuple[Guide, ...]
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
        gaps = " Where a line breaks off, nobody looked or it was not sold." if self.has_gaps else ""
        return f"{said}.{gaps} Every change is in the table below."

    @property
    def has_gaps(self) -> bool:
        return any(one.path.count("M") > 1 for one in self.series)

    @property
    def middle_at(self) -> datetime:
        return self.starts_at + (self.ends_at - self.starts_at) / 2


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
    return tuple(_statistics_line(one) for one in found if one is not None and one.days_observed >= LEAST_DAYS)


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
        least=_least(shown, scale) if len(shown) > 1 else None,
        guides=tuple(
            Guide(y=scale.y(amount), text=money_text(amount, currency))
            for amount in dict.fromkeys((high, (high + low) / 2, low))
        ),
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
        part = (min(when, self.ends_at) - self.starts_at).total_seconds() / span
        return round(_LEFT + part * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, amount: Decimal) -> float:
        span = self.high - self.low
        part = float((amount - self.low) / span) if span else 0.5
        return round(HEIGHT - _BOTTOM - part * (HEIGHT - _TOP - _BOTTOM), 1)


def _path(steps: Sequence[Step], scale: _Scale) -> str:
    """A price holds until the next reading, so the line moves in steps; it breaks off where nothing is known."""
    parts: list[str] = []
    drawn_until: datetime | None = None
    for step in steps:
        is_on = step.starts_at == drawn_until
        parts.append(f"V{scale.y(step.amount)}" if is_on else f"M{scale.x(step.starts_at)} {scale.y(step.amount)}")
        parts.append(f"H{scale.x(step.ends_at)}")
        drawn_until = step.ends_at
    return "".join(parts)


def _least(histories: Sequence[PriceHistory], scale: _Scale) -> Series | None:
    steps = lowest_over(histories)
    if not steps:
        return None
    amounts = [step.amount for step in steps]
    currency = histories[0].currency
    return Series(
        merchant="Lowest of these",
        dash="",
        path=_path(steps, scale),
        now=money_text(amounts[-1], currency),
        low=money_text(min(amounts), currency),
        high=money_text(max(amounts), currency),
    )


def _series(history: PriceHistory, dash: str, scale: _Scale) -> Series:
    amounts = [amount for _, amount in history.points]
    return Series(
        merchant=history.merchant,
        dash=dash,
        path=_path(history.watched, scale),
        now=money_text(amounts[-1], history.currency),
        low=money_text(min(amounts), history.currency),
        high=money_text(max(amounts), history.currency),
    )

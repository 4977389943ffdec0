"""How did clicks go from day to day? Bars drawn on the server, with the same numbers as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from catalog.click_reports import Counts, Window

WIDTH, HEIGHT = 720, 180
_GAP = 0.2
# More bars than these cannot be told apart: longer windows are drawn by week, then by month.
_MOST_DAYS, _MOST_WEEKS = 92, 104


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """`since` and `until` are its first and last day; heights are in the picture's units, from its foot."""

    since: date
    until: date
    clicks: int
    net_clicks: int
    x: float
    width: float
    height: float
    net_height: float

    @property
    def y(self) -> float:
        return round(HEIGHT - self.height, 1)

    @property
    def net_y(self) -> float:
        return round(HEIGHT - self.net_height, 1)

    @property
    def when(self) -> str:
        return f"{self.since:%-d %b %Y}" + (f" – {self.until:%-d %b %Y}" if self.until > self.since else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    bars: tuple[Bar, ...]
    highest: int
    unit: str
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def description(self) -> str:
        """The chart in a sentence, for those who do not see it."""
        net = sum(bar.net_clicks for bar in self.bars)
        best = max(self.bars, key=lambda bar: bar.net_clicks)
        return (
            f"{net:,} net clicks by {self.unit}; most on {best.when}, {best.net_clicks:,}. All are in the table below."
        )


def chart(by_day: Mapping[date, Counts], window: Window) -> Chart:
    """One bar for each day, week (from Monday) or month of the window, also for those without a click."""
    unit = "day" if window.days <= _MOST_DAYS else "week" if window.days <= _MOST_WEEKS * 7 else "month"
    sums: dict[date, list[int]] = {}
    ends: dict[date, date] = {}
    for number in range(window.days):
        day = window.since + timedelta(days=number)
        start = max(_start(day, unit), window.since)
        both = sums.setdefault(start, [0, 0])
        ends[start] = day
        if day in by_day:
            both[0] += by_day[day].clicks
            both[1] += by_day[day].net_clicks
    highest = max((clicks for clicks, _ in sums.values()), default=0)
    return Chart(bars=_bars(sums, ends, highest), highest=highest, unit=unit)


def _start(day: date, unit: str) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day


def _bars(sums: Mapping[date, list[int]], ends: Mapping[date, date], highest: int) -> tuple[Bar, ...]:
    step = WIDTH / max(1, len(sums))
    return tuple(
        Bar(
            since=start,
            until=ends[start],
            clicks=clicks,
            net_clicks=net,
            x=round(place * step + step * _GAP / 2, 2),
            width=round(step * (1 - _GAP), 2),
            height=round(clicks / highest * HEIGHT, 1) if highest else 0.0,
            net_height=round(net / highest * HEIGHT, 1) if highest else 0.0,
        )
        for place, (start, (clicks, net)) in enumerate(sums.items())
    )

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from catalog.click_reports import Counts, Window
from reviews.reports.chart import HEIGHT, WIDTH, chart

DAY = date(2026, 10, 21)  # a Wednesday


def test_every_day_has_a_bar_also_the_one_without_a_click() -> None:
    drawn = chart({DAY: Counts(10, 4), DAY + timedelta(days=2): Counts(5, 5)}, Window(DAY, DAY + timedelta(days=2)))
    assert [(bar.net_clicks, bar.clicks) for bar in drawn.bars] == [(4, 10), (0, 0), (5, 5)]
    assert [bar.height for bar in drawn.bars] == [HEIGHT, 0, HEIGHT / 2]
    assert drawn.bars[0].net_height == pytest.approx(HEIGHT * 0.4)


def test_bars_stay_in_the_picture_and_beside_each_other() -> None:
    drawn = chart({}, Window(DAY, DAY + timedelta(days=29)))
    edges = [(bar.x, bar.x + bar.width) for bar in drawn.bars]
    assert edges[0][0] >= 0
    assert edges[-1][1] <= WIDTH
    assert all(end < start for (_, end), (start, _) in pairwise(edges))


@pytest.mark.parametrize(
    ("days", "unit", "bars"), [(92, "day", 92), (93, "week", 14), (728, "week", 105), (730, "month", 25)]
)
def test_long_windows_are_drawn_by_week_and_by_month(days: int, unit: str, bars: int) -> None:
    drawn = chart({}, Window(DAY, DAY + timedelta(days=days - 1)))
    assert (drawn.unit, len(drawn.bars)) == (unit, bars)


def test_no_click_is_lost_when_days_are_put_together() -> None:
    clicks = {DAY + timedelta(days=number): Counts(2, 1) for number in range(200)}
    drawn = chart(clicks, Window(DAY, DAY + timedelta(days=199)))
    assert sum(bar.clicks for bar in drawn.bars) == 400
    assert drawn.bars[0].until == date(2026, 10, 25)  # the first week is cut where the window begins


def test_the_picture_is_told_in_a_sentence() -> None:
    drawn = chart({DAY: Counts(10, 4)}, Window(DAY, DAY))
    assert drawn.description == "4 net clicks by day; most on 21 Oct 2026, 4. All are in the table below."

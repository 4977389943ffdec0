from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from catalog.prices.history import PriceHistory
from reviews.pages.price_chart import HEIGHT, WIDTH, price_chart
from tests.catalog.watched import watched

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


def history(*points: tuple[int, str], merchant: str = "Shop", currency: str = "USD") -> PriceHistory:
    """Points as (days ago, amount)."""
    return PriceHistory(
        merchant=merchant,
        currency=currency,
        seen_until=NOW,
        points=tuple((NOW - timedelta(days=days), Decimal(amount)) for days, amount in points),
    )


def test_a_single_reading_draws_nothing() -> None:
    assert price_chart([history((1, "100"))], now=NOW, currency="USD") is None


def test_other_currencies_are_not_in_it() -> None:
    assert price_chart([history((9, "100"), (1, "90"), currency="EUR")], now=NOW, currency="USD") is None


def test_a_price_holds_until_the_next_reading() -> None:
    chart = price_chart([history((10, "100"), (5, "80"))], now=NOW, currency="USD")
    assert chart is not None
    assert chart.series[0].path == "M8.0 32.0H320.0V232.0H632.0"


def test_the_lowest_over_all_shops_is_named_with_its_day() -> None:
    chart = price_chart(
        [history((20, "100"), (2, "90")), history((10, "85"), (1, "95"), merchant="Other")], now=NOW, currency="USD"
    )
    assert chart is not None
    assert (chart.lowest, chart.lowest_merchant, chart.days) == ("$85.00", "Other", 20)
    assert chart.lowest_at == NOW - timedelta(days=10)
    assert {series.dash for series in chart.series} == {"", "8 5"}


def test_a_price_that_never_moved_is_a_line_in_the_middle() -> None:
    chart = price_chart([history((10, "100"), (5, "100"))], now=NOW, currency="USD")
    assert chart is not None
    assert len(chart.guides) == 1
    assert 0 < chart.guides[0].y < HEIGHT < WIDTH
    assert [guide.text for guide in chart.guides] == ["$100.00"]
    assert chart.least is None


def test_the_amounts_stand_at_level_lines() -> None:
    chart = price_chart([history((10, "100"), (5, "80"))], now=NOW, currency="USD")
    assert chart is not None
    assert [(guide.text, guide.y) for guide in chart.guides] == [
        ("$100.00", 32.0),
        ("$90.00", 132.0),
        ("$80.00", 232.0),
    ]


def test_the_lowest_of_several_shops_is_a_line_of_its_own() -> None:
    chart = price_chart(
        [history((20, "100"), (10, "80")), history((20, "90"), merchant="Other")], now=NOW, currency="USD"
    )
    assert chart is not None
    assert chart.least is not None
    assert (chart.least.high, chart.least.low, chart.least.now) == ("$90.00", "$80.00", "$80.00")
    assert chart.least.path == "M8.0 132.0H320.0V232.0H632.0"


def test_a_line_breaks_off_where_nobody_looked() -> None:
    chart = price_chart([watched((20, "100"), (10, "80"), unseen=range(12, 26), now=NOW)], now=NOW, currency="USD")
    assert chart is not None
    assert chart.has_gaps
    assert chart.series[0].path.count("M") == 2
    assert "Where a line breaks off, nobody looked" in chart.description


def test_what_is_not_sold_now_ends_with_its_last_reading() -> None:
    gone = replace(history((20, "100"), (10, "80")), seen_until=None)
    chart = price_chart([gone, history((20, "90"), merchant="Other")], now=NOW, currency="USD")
    assert chart is not None
    assert chart.series[0].path == "M8.0 32.0H320.0V232.0H320.0"

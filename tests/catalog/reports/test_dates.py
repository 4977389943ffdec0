"""The day that a report writes in the habit of some country."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.reports.dates import DAY_FIRST, MONTH_FIRST, day_order, noon_of
from catalog.reports.values import ValueProblem

DAYS = st.dates(date(1995, 1, 1), date(2099, 12, 31))


@given(day=DAYS)
def test_every_day_survives_the_writings_of_each_country(day: date) -> None:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    assert noon_of(f"{day:%Y-%m-%d}", MONTH_FIRST) == noon
    assert noon_of(f"{day:%d.%m.%Y}", DAY_FIRST) == noon
    assert noon_of(f"{day:%m/%d/%Y}", MONTH_FIRST) == noon
    assert noon_of(f"{day:%B %d, %Y}", DAY_FIRST) == noon
    assert noon_of(f"{day:%d-%b-%Y}", MONTH_FIRST) == noon
    assert noon_of(f"{day:%a %b %d %Y}", MONTH_FIRST) == noon
    assert noon_of(day, MONTH_FIRST) == noon


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("15 janvier 2026", 1),
        ("15 de enero de 2026", 1),
        ("15 février 2026", 2),
        ("15. März 2026", 3),
        ("15 abril 2026", 4),
        ("15 avril 2026", 4),
        ("15. Mai 2026", 5),
        ("15 maggio 2026", 5),
        ("15 juin 2026", 6),
        ("15 giugno 2026", 6),
        ("15 juillet 2026", 7),
        ("15 de julio de 2026", 7),
        ("15 août 2026", 8),
        ("15 de agosto de 2026", 8),
        ("15 settembre 2026", 9),
        ("15. Oktober 2026", 10),
        ("15 de outubro de 2026", 10),
        ("15 novembre 2026", 11),
        ("15. Dezember 2026", 12),
        ("15 décembre 2026", 12),
        ("15 dic 2026", 12),
        ("Sept. 15th, 2026", 9),
    ],
)
def test_months_in_words(text: str, month: int) -> None:
    assert noon_of(text, DAY_FIRST) == datetime(2026, month, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "",
        None,
        "soon",
        "13/13/2026",
        "31.02.2026",
        "2026-02-30",
        "15 Foo 2026",
        "May June 5 2026",
        "May 2026",
        "1.1.1990",
        5,
    ],
)
def test_what_is_no_day(value: object) -> None:
    with pytest.raises(ValueProblem):
        noon_of(value, DAY_FIRST)


def test_the_order_is_what_the_dates_show() -> None:
    assert day_order(["03/04/2026", "25/04/2026"], otherwise=MONTH_FIRST) == DAY_FIRST
    assert day_order(["03/04/2026", "04/25/2026"], otherwise=DAY_FIRST) == MONTH_FIRST
    assert day_order(["03/04/2026", "2026-04-25", None, ""], otherwise=MONTH_FIRST) == MONTH_FIRST
    with pytest.raises(ValueProblem):
        day_order(["25/04/2026", "04/25/2026"], otherwise=MONTH_FIRST)

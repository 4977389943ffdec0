"""The log of rows: months to come have their table, months past their time lose it, lines that came early stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from reviews.models import RowChange
from reviews.services.row_change_months import drop_old_months, make_months, tidy_months

pytestmark = pytest.mark.django_db


def tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'reviews_rowchange'::regclass"
        )
        return {name.removeprefix("reviews_rowchange_") for (name,) in cursor.fetchall()}


def ours() -> QuerySet[RowChange]:
    return RowChange.objects.filter(name="try")


def line(at: datetime) -> None:
    RowChange.objects.create(
        happened_at=at, door="command", name="try", table_name="catalog_brand", row_id="1", row_name="Acme", act=2
    )


def test_the_migration_made_this_month_and_the_next_three() -> None:
    now = timezone.now()
    assert make_months(now=now) == []
    assert {"default", f"{now:%Y_%m}"} <= tables()
    assert len(tables()) == 5


def test_a_month_is_made_once_and_takes_its_lines() -> None:
    now = datetime(2031, 11, 30, 23, 59, tzinfo=UTC)
    assert make_months(now=now) == [
        f"reviews_rowchange_{month}" for month in ("2031_11", "2031_12", "2032_01", "2032_02")
    ]
    assert make_months(now=now) == []
    line(datetime(2031, 12, 31, 23, 59, 59, tzinfo=UTC))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reviews_rowchange_2031_12")
        assert cursor.fetchone() == (1,)


def test_lines_that_came_before_their_months_table_stay_where_they_are() -> None:
    now = datetime(2031, 11, 1, tzinfo=UTC)
    line(now + timedelta(days=40))
    assert make_months(now=now) == [f"reviews_rowchange_{month}" for month in ("2031_11", "2032_01", "2032_02")]
    assert ours().count() == 1
    assert drop_old_months(now=datetime(2033, 12, 31, tzinfo=UTC))
    assert ours().count() == 1, "not yet two years old"
    drop_old_months(now=datetime(2034, 1, 1, tzinfo=UTC))
    assert ours().count() == 0


def test_two_whole_years_are_kept() -> None:
    make_months(now=datetime(2031, 1, 1, tzinfo=UTC))
    for month in (1, 2, 3):
        line(datetime(2031, month, 15, tzinfo=UTC))
    assert "reviews_rowchange_2031_01" in drop_old_months(now=datetime(2033, 2, 28, tzinfo=UTC))
    assert sorted(ours().values_list("happened_at__month", flat=True)) == [2, 3]


def test_nothing_is_dropped_by_a_clock_that_jumped(caplog: pytest.LogCaptureFixture) -> None:
    before = tables()
    tidy_months(now=timezone.now() + timedelta(days=3650))
    assert before <= tables()
    assert "clocks" in caplog.text

"""Months to come have their partition, months past their retention lose it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from catalog.models import Click
from catalog.services.click_partitions import (
    drop_old_click_partitions,
    maintain_click_partitions,
    make_click_partitions,
)

pytestmark = pytest.mark.django_db


def partitions() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'catalog_click'::regclass ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def click(at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalog_click (id, clicked_at, code, agent) VALUES (%s, %s, 'one', 'person')",
            [uuid.uuid4(), at],
        )


def test_this_month_and_the_next_two_are_made_once() -> None:
    now = datetime(2031, 11, 30, 23, 59, tzinfo=UTC)
    made = ["catalog_click_2031_11", "catalog_click_2031_12", "catalog_click_2032_01"]
    assert make_click_partitions(now=now) == made
    assert make_click_partitions(now=now) == []
    click(datetime(2031, 12, 31, 23, 59, 59, tzinfo=UTC))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalog_click_2031_12")
        assert cursor.fetchone() == (1,)


def test_clicks_that_came_before_their_months_table_move_into_it() -> None:
    click(datetime(2031, 12, 1, tzinfo=UTC))
    click(datetime(2031, 10, 31, 23, 59, tzinfo=UTC))  # a late segment of the month before
    click(datetime(2099, 1, 1, tzinfo=UTC))  # a clock that jumped
    made = make_click_partitions(now=datetime(2031, 11, 1, tzinfo=UTC))
    assert made == [f"catalog_click_{month}" for month in ("2031_10", "2031_11", "2031_12", "2032_01")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM catalog_click ORDER BY clicked_at")
        assert [name for (name,) in cursor.fetchall()] == [
            "catalog_click_2031_10",
            "catalog_click_2031_12",
            "catalog_click_default",
        ]
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE tablename = 'catalog_click_2031_10'")
        assert cursor.fetchone() == (2,)


def test_whole_months_past_retention_go_and_younger_ones_stay(settings: Any) -> None:
    settings.CLICK_RETENTION_MONTHS = 13
    make_click_partitions(now=datetime(2030, 9, 15, tzinfo=UTC))
    for month in (9, 10, 11):
        click(datetime(2030, month, 20, tzinfo=UTC))
    click(datetime(2029, 1, 1, tzinfo=UTC))  # in the default partition
    assert drop_old_click_partitions(now=datetime(2031, 11, 30, tzinfo=UTC)) == ["catalog_click_2030_09"]
    assert sorted(Click.objects.values_list("clicked_at__month", flat=True)) == [10, 11]


def test_both_happen_in_one_round() -> None:
    make_click_partitions(now=datetime(2020, 5, 1, tzinfo=UTC))
    now = timezone.now()
    maintain_click_partitions(now=now)
    assert not [name for name in partitions() if "2020" in name]
    assert f"catalog_click_{now:%Y_%m}" in partitions()


def test_a_clock_that_jumped_drops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    now = timezone.now()
    click(now)
    maintain_click_partitions(now=now + timedelta(days=70 * 365))
    assert Click.objects.count() == 1
    assert "No clicks were dropped: the clocks of this host and of PostgreSQL are" in caplog.text

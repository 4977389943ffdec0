"""Salts of visits live for a day, and nobody changes one meanwhile (L10)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from catalog.models import DailySalt
from catalog.salts import Salts
from catalog.services.salts import keep_salts

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
AGENT = "Firefox"


def test_todays_and_tomorrows_are_there_and_stay() -> None:
    keep_salts(now=NOON)
    first = dict(DailySalt.objects.values_list("day", "salt"))
    assert sorted(first) == [date(2026, 11, 26), date(2026, 11, 27)]
    assert keep_salts(now=NOON + timedelta(hours=1)) == 0
    assert dict(DailySalt.objects.values_list("day", "salt")) == first


def test_a_day_that_is_over_is_forgotten() -> None:
    keep_salts(now=NOON)
    assert keep_salts(now=NOON + timedelta(days=1)) == 1
    assert min(DailySalt.objects.values_list("day", flat=True)) == date(2026, 11, 27)


def test_all_processes_hash_a_visit_alike_and_another_day_otherwise() -> None:
    keep_salts(now=NOON)
    one, other = Salts(), Salts()
    one.read(NOON)
    other.read(NOON)
    seconds = NOON.timestamp()
    visit = one.visit(seconds, "198.51.100.7", AGENT)
    assert visit == other.visit(seconds, "198.51.100.7", AGENT)
    assert visit[1] == "20261126"
    assert len(visit[0]) == 16
    assert one.visit(seconds + 86_400, "198.51.100.7", AGENT)[0] != visit[0]
    assert one.visit(seconds, "198.51.100.8", AGENT)[0] != visit[0]


def test_without_a_database_a_process_has_a_salt_of_its_own() -> None:
    one, other = Salts(), Salts()
    seconds = NOON.timestamp()
    assert one.visit(seconds, "198.51.100.7", AGENT) == one.visit(seconds + 60, "198.51.100.7", AGENT)
    assert one.visit(seconds, "198.51.100.7", AGENT) != other.visit(seconds, "198.51.100.7", AGENT)

"""Days are those of the site, also where they have 23 or 25 hours, and can be counted anew to the same numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from catalog.clicks.spool import Spool
from catalog.models import Click, ClickTally
from catalog.services.clicks import ship_clicks
from catalog.services.tallies import first_whole_day, rebuild_click_tallies
from tests.catalog.click_lines_written import NOON, line
from tests.factories import make_offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Spool]:
    spool = Spool(tmp_path / "spool")
    yield spool
    spool.close()


def ship(writer: Spool, *lines: bytes) -> None:
    for written in lines:
        writer.append(written)
    ship_clicks(now=NOON, folder=writer.folder)


def totals() -> dict[date, int]:
    return dict(ClickTally.objects.filter(dimension="total").values_list("day", "clicks"))


def every_tally() -> set[tuple[Any, ...]]:
    return set(ClickTally.objects.values_list("day", "dimension", "key", "clicks", "net_clicks"))


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)])
def test_a_day_has_the_hours_it_has_in_the_sites_time_zone(writer: Spool, settings: Any, day: date, hours: int) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=3)
    ship(writer, *(line(start + timedelta(minutes=15 * quarter + 7)) for quarter in range(30 * 4)))
    assert totals()[day] == hours * 4
    before = every_tally()
    list(rebuild_click_tallies(first=day - timedelta(days=1), last=day + timedelta(days=1)))
    assert every_tally() == before


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_midnight_may_be_at_a_quarter_of_an_hour(writer: Spool, settings: Any, zone: str) -> None:
    settings.TIME_ZONE = zone
    ship(writer, *(line(NOON + timedelta(minutes=5 * n)) for n in range(300)))
    before = every_tally()
    assert sum(totals().values()) == 300
    list(rebuild_click_tallies(first=date(2026, 11, 25), last=date(2026, 11, 29)))
    assert every_tally() == before


def test_what_was_wrong_missing_or_too_much_is_put_right_and_said(writer: Spool) -> None:
    offer = make_offer()
    ship(
        writer,
        line(offer_id=offer.pk, place="a1.2.3", visit="00000000000000aa"),
        line(offer_id=offer.pk, visit="00000000000000aa"),
        line(hint="bot:x"),
        line(code="gone", known=False),
    )
    right = every_tally()
    ClickTally.objects.filter(dimension="link").update(clicks=9)
    ClickTally.objects.filter(dimension="page").delete()
    ClickTally.objects.create(day=NOON.date(), dimension="country", key="XX", clicks=1)
    other = ClickTally.objects.create(day=NOON.date() + timedelta(days=1), dimension="total", clicks=5)
    (rebuilt,) = rebuild_click_tallies(first=NOON.date(), last=NOON.date())
    assert (rebuilt.clicks, rebuilt.net_clicks, rebuilt.differed) == (3, 1, 3)
    other.delete()  # of another day: not touched
    assert every_tally() == right
    (again,) = rebuild_click_tallies(first=NOON.date(), last=NOON.date())
    assert again.differed == 0


def test_clicks_stored_after_a_rebuild_are_added_to_it(writer: Spool) -> None:
    ship(writer, line())
    list(rebuild_click_tallies(first=NOON.date(), last=NOON.date()))
    ship(writer, line())
    assert totals() == {NOON.date(): 2}


def test_only_days_whose_clicks_are_all_kept_can_be_counted_anew(settings: Any) -> None:
    settings.CLICK_RETENTION_MONTHS = 13
    assert first_whole_day(now=datetime(2026, 11, 26, tzinfo=UTC)) == date(2025, 10, 2)
    assert first_whole_day(now=datetime(2027, 1, 1, tzinfo=UTC)) == date(2025, 12, 2)


def test_a_rebuild_of_nothing_is_nothing() -> None:
    assert [day.clicks for day in rebuild_click_tallies(first=date(2026, 1, 1), last=date(2026, 1, 3))] == [0, 0, 0]
    assert not Click.objects.exists()

"""Every click of the spool gets into the database once, whoever died in between."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, ProgrammingError, connection

from catalog.clicks import rows as clicks
from catalog.clicks import spool_reading
from catalog.clicks.spool import Spool
from catalog.models import Click, ClickTally, CountedVisit, Link, UnknownCode
from catalog.services import click_storing, tallies
from catalog.services import clicks as service
from catalog.services.clicks import Shipment, ship_clicks
from tests.catalog.click_lines_written import NOON, click_id, old_line
from tests.catalog.click_lines_written import line as written
from tests.factories import make_link, make_offer

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
ADA, BEA = "00000000000000ad", "80000000000000be"


def line(code: str = "one", at: datetime = NOON, **fields: Any) -> bytes:
    return written(at, code=code, **{"place": "a2.1", **fields})


def net(dimension: str = "total") -> dict[str, tuple[int, int]]:
    """Clicks and net clicks by the key of this dimension."""
    rows = ClickTally.objects.filter(dimension=dimension).values_list("key", "clicks", "net_clicks")
    return {key: (raw, net_clicks) for key, raw, net_clicks in rows}


@pytest.fixture
def writer(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def ship(writer: Spool) -> Shipment:
    return ship_clicks(now=NOON, folder=writer.folder)


def test_clicks_of_a_process_that_still_writes_are_shipped_too(writer: Spool) -> None:
    writer.append(line())
    assert ship(writer) == Shipment(stored=1, rejected=0)
    writer.append(line("two"))
    writer.append(line("two", user_agent="curl/8"))
    assert ship(writer) == Shipment(stored=2, rejected=0)
    assert list(Click.objects.order_by("clicked_at", "id").values_list("code", "agent", "placement")) == [
        ("one", "person", "a2.1"),
        ("two", "person", "a2.1"),
        ("two", "bot", "a2.1"),
    ]
    writer.close()


def test_a_finished_segment_is_removed_when_all_of_it_is_stored(writer: Spool) -> None:
    writer.append(line())
    writer.close()
    ship(writer)
    assert [path.name for path in writer.folder.iterdir()] == ["shipper.lock"]
    assert ship(writer) == Shipment(stored=0, rejected=0)


def test_a_worker_that_died_before_its_checkpoint_counts_nothing_twice(writer: Spool, tmp_path: Path) -> None:
    writer.append(line())
    writer.close()
    shutil.copytree(writer.folder, tmp_path / "before")
    ship(writer)
    assert ship_clicks(now=NOON, folder=tmp_path / "before") == Shipment(stored=0, rejected=0)
    assert Click.objects.count() == 1


def test_a_bad_line_is_put_aside_with_its_reason_and_holds_nobody_up(writer: Spool) -> None:
    writer.append(line("one"))
    writer.append(b"nonsense\n")
    writer.append(line("two"))
    writer.append(b"torn")
    writer.close()
    assert ship(writer) == Shipment(stored=2, rejected=2)
    (rejected,) = writer.folder.glob("*.rejected")
    assert rejected.read_bytes().splitlines() == [
        b"1 fields instead of 15 (or 9 before version 2)\tnonsense",
        b"1 fields instead of 15 (or 9 before version 2)\ttorn",
    ]


def test_segments_that_are_stored_together_keep_their_bad_lines_apart(writer: Spool, tmp_path: Path) -> None:
    spools = [writer, Spool(writer.folder), Spool(writer.folder)]
    for number, spool in enumerate(spools):
        spool.append(line(f"code-{number}"))
        spool.append(b"nonsense %d\n" % number)
    segments = spool_reading.segments(writer.folder)
    spools[1].close()
    assert ship(writer) == Shipment(stored=3, rejected=3)
    kept = {path.stem: path.read_bytes()[-11:] for path in writer.folder.glob("*.rejected")}
    assert kept == {segment.stem: b"nonsense %d\n" % number for number, segment in enumerate(segments)}
    assert spool_reading.segments(writer.folder) == [segments[0], segments[2]]
    assert ship(writer) == Shipment(stored=0, rejected=0)
    spools[0].close()
    spools[2].close()


def test_a_long_backlog_is_stored_in_several_transactions(writer: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_reading, "PIECE_BYTES", 700)
    monkeypatch.setattr(service, "FIRST_BATCH", 5)
    monkeypatch.setattr(service, "LARGEST_BATCH", 20)
    sizes, store_clicks = [], click_storing.store_clicks

    def seen(rows: Sequence[clicks.ClickRow]) -> int:
        sizes.append(len(rows))
        return store_clicks(rows)

    monkeypatch.setattr(click_storing, "store_clicks", seen)
    for _ in range(100):
        writer.append(line())
    assert ship(writer) == Shipment(stored=100, rejected=0)
    assert len(sizes) > 4
    assert sizes[0] < sizes[1] < sizes[2] <= 20 + 700 // len(line())
    writer.close()


def test_a_click_the_database_refuses_is_found_and_put_aside(writer: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(7):
        writer.append(line(f"code-{number}"))
    writer.close()
    read = clicks.read

    def with_one_too_long(lines: Sequence[bytes]) -> tuple[list[clicks.ClickRow], list[tuple[bytes, str]]]:
        rows, bad = read(lines)
        return [row._replace(code="x" * 41) if row.code == "code-3" else row for row in rows], bad

    monkeypatch.setattr(service, "read", with_one_too_long)
    assert ship(writer) == Shipment(stored=6, rejected=1)
    (rejected,) = writer.folder.glob("*.rejected")
    assert b"too long" in rejected.read_bytes()
    assert rejected.read_bytes().count(b"\tcode-3\t") == 1
    assert net() == {"": (6, 6)}


def test_a_database_that_is_away_takes_nothing_from_the_spool(writer: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    writer.append(line())
    writer.close()

    def away(*_: object) -> None:
        raise OperationalError("the server is away")

    with monkeypatch.context() as patch:
        patch.setattr(service, "_store", away)
        with pytest.raises(OperationalError):
            ship(writer)
    assert ship(writer) == Shipment(stored=1, rejected=0)


def test_a_second_shipper_leaves_the_first_alone(writer: Spool) -> None:
    writer.append(line())
    with spool_reading.only_shipper(writer.folder) as ours:
        assert ours
        assert ship(writer) == Shipment(stored=0, rejected=0)
    assert ship(writer) == Shipment(stored=1, rejected=0)
    writer.close()


def test_many_pieces_are_shipped_in_one_go(writer: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_reading, "PIECE_BYTES", 700)
    for _ in range(50):
        writer.append(line())
    assert ship(writer) == Shipment(stored=50, rejected=0)
    assert Click.objects.count() == 50
    writer.close()


def test_no_column_of_the_click_table_can_hold_a_visitor() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'catalog_click'")
        columns = {name for (name,) in cursor.fetchall()}
    assert columns == set(clicks.COLUMNS)
    assert not columns & {"ip", "address", "user_agent", "session", "cookie", "visitor", "visit"}


def test_the_folder_is_the_settings_one_when_none_is_named(writer: Spool, settings: Any) -> None:
    settings.CLICK_SPOOL_DIR = writer.folder
    writer.append(line())
    assert ship_clicks(now=NOON).stored == 1
    writer.close()


def test_every_field_of_a_line_reaches_its_column(writer: Spool) -> None:
    key = click_id(NOON)
    writer.append(
        written(
            key=key, code="one", place="a2.1.3", country="AT", language="fr", referrer_path="/a/\\N", offer_id=5,
            route_id=6, channel="d", visit=ADA,
        )
    )  # fmt: skip
    assert ship(writer).stored == 1
    (stored,) = Click.objects.values()
    assert stored == {
        "id": key,
        "clicked_at": NOON,
        "code": "one",
        "is_known": True,
        "placement": "a2.1.3",
        "agent": "person",
        "agent_reason": "",
        "is_repeat": False,
        "country": "AT",
        "language": "fr",
        "form": "desktop",
        "system": "linux",
        "is_direct": True,
        "offer_id": 5,
        "route_id": 6,
        "referrer_path": "/a/\\N",
    }
    writer.close()


@pytest.mark.parametrize("year", [1990, 2099])
def test_a_clock_that_jumped_costs_no_click(writer: Spool, year: int) -> None:
    at = datetime(year, 6, 1, 12, tzinfo=NOON.tzinfo)
    writer.append(line(at=at, visit=ADA))
    writer.append(line())
    writer.close()
    assert ship(writer) == Shipment(stored=2, rejected=0)
    assert set(Click.objects.values_list("clicked_at", flat=True)) == {at, NOON}
    assert ClickTally.objects.get(dimension="total", day=at.date()).net_clicks == 1


def test_a_spool_of_before_version_2_is_stored_and_led_where_its_link_leads(writer: Spool) -> None:
    link = make_link(make_offer(), "one")
    writer.append(old_line(NOON, code="one"))
    writer.append(line(offer_id=999_999_999))
    writer.append(old_line(NOON, code="gone"))
    assert ship(writer) == Shipment(stored=3, rejected=0)
    assert set(Click.objects.values_list("code", "offer_id")) == {
        ("gone", None),
        ("one", link.offer_id),
        ("one", 999_999_999),
    }
    writer.close()


def test_clicks_are_counted_from_every_side_and_net_of_machines_staff_and_repeats(writer: Spool) -> None:
    offer = make_offer()
    common: dict[str, Any] = {"offer_id": offer.pk, "route_id": 4, "place": "a12.3.1"}
    for fields in (
        {"visit": ADA},
        {"visit": ADA, "at": NOON + MINUTE},
        {"visit": BEA},
        {"hint": "staff:signed in"},
        {"hint": "prefetch:prefetch"},
        {"user_agent": "GPTBot/1.0"},
        {},
    ):
        writer.append(line(**{**common, **fields}))
    ship(writer)
    assert Click.objects.filter(is_repeat=True).count() == 1
    assert net() == {"": (7, 3)}
    assert net("link") == {"one": (7, 3)}
    assert net("route") == {"4": (7, 3)}
    assert net("offer") == {str(offer.pk): (7, 3)}
    assert net("merchant") == {str(offer.merchant_id): (7, 3)}
    assert net("product") == {str(offer.product_id): (7, 3)}
    assert net("page") == {"a12": (7, 3)}
    assert net("block") == {"a12.3": (7, 3)}
    assert net("place") == {"a12.3.1": (7, 3)}
    assert net("country") == {"DE": (7, 3)}
    assert net("form") == {"desktop": (6, 3), "": (1, 0)}
    assert Click.objects.filter(agent="person", is_repeat=False).count() == 3
    writer.close()


def test_a_place_of_one_level_has_no_block_and_no_place_has_nothing(writer: Spool) -> None:
    writer.append(line(place="qr"))
    writer.append(line(place=""))
    ship(writer)
    assert (net("page"), net("block"), net("place")) == ({"qr": (1, 1)}, {}, {"qr": (1, 1)})
    assert ("route" in net(), net("offer")) == (False, {})
    writer.close()


def test_a_batch_that_was_stored_in_part_counts_only_what_is_new(writer: Spool, tmp_path: Path) -> None:
    for minute in range(3):
        writer.append(line(at=NOON + minute * MINUTE, visit=ADA))
    assert ship(writer).stored == 3
    checkpoint = next(writer.folder.glob("*.offset"))
    checkpoint.unlink()
    for minute in (3, 70):
        writer.append(line(at=NOON + minute * MINUTE, visit=ADA))
    writer.append(line("nowhere", known=False))
    assert ship(writer).stored == 3
    assert net() == {"": (5, 2)}
    assert Click.objects.filter(is_repeat=False, is_known=True).count() == 2
    assert UnknownCode.objects.get().clicks == 1
    writer.close()


def test_a_line_that_stands_twice_in_the_spool_is_one_click(writer: Spool) -> None:
    twice = line(visit=ADA)
    writer.append(twice)
    writer.append(twice)
    assert ship(writer).stored == 1
    writer.append(twice)
    assert ship(writer).stored == 0
    assert net() == {"": (1, 1)}
    assert CountedVisit.objects.count() == 1
    writer.close()


def test_repeats_are_found_across_rounds_and_web_hosts_also_when_one_comes_late(writer: Spool, tmp_path: Path) -> None:
    other = Spool(tmp_path / "other host")
    writer.append(line(at=NOON, visit=ADA))
    ship(writer)
    writer.append(line(at=NOON + 30 * MINUTE, visit=ADA))
    writer.append(line("two", at=NOON + 30 * MINUTE, visit=ADA))
    ship(writer)
    other.append(line(at=NOON - 20 * MINUTE, visit=ADA))
    other.append(line(at=NOON - 80 * MINUTE, visit=ADA))
    ship_clicks(now=NOON + 3 * 60 * MINUTE, folder=other.folder)
    assert sorted(Click.objects.filter(is_repeat=True).values_list("clicked_at", flat=True)) == [
        NOON - 20 * MINUTE,
        NOON + 30 * MINUTE,
    ]
    assert net("link") == {"one": (4, 2), "two": (1, 1)}
    writer.close()
    other.close()


def test_visits_are_forgotten_after_a_day(writer: Spool) -> None:
    writer.append(line(visit=ADA))
    writer.append(line(at=datetime(2099, 1, 1, tzinfo=NOON.tzinfo), visit=BEA))
    ship(writer)
    assert CountedVisit.objects.count() == 1  # the clock that jumped is nobody's memory
    ship_clicks(now=NOON + timedelta(hours=25), folder=writer.folder)
    assert not CountedVisit.objects.exists()
    writer.close()


def test_a_link_expires_when_its_net_clicks_are_used_up(writer: Spool) -> None:
    offer = make_offer()
    make_link(offer, "one", expires_after_clicks=2)
    make_link(offer, "two", expires_after_clicks=2)
    make_link(offer, "three")
    for code, hint in (("one", ""), ("one", "bot:x"), ("two", ""), ("two", ""), ("three", "")):
        writer.append(line(code, hint=hint))
    ship(writer)
    assert dict(Link.objects.values_list("code", "expired_at")) == {"one": None, "two": NOON, "three": None}
    writer.append(line("one"))
    writer.append(line("two"))
    ship_clicks(now=NOON + MINUTE, folder=writer.folder)
    assert dict(Link.objects.values_list("code", "expired_at")) == {"one": NOON + MINUTE, "two": NOON, "three": None}
    writer.close()


def test_codes_that_lead_nowhere_are_listed_and_stay_out_of_the_tallies(writer: Spool) -> None:
    for at, path in ((0, ""), (2, "/guides/old/"), (1, "/guides/older/")):
        writer.append(line("gone", at=NOON + at * MINUTE, known=False, referrer_path=path))
    ship(writer)
    writer.append(line("gone", at=NOON + 9 * MINUTE, known=False, user_agent="curl/8"))
    ship(writer)
    (lost,) = UnknownCode.objects.values()
    assert lost == {
        "code": "gone",
        "clicks": 4,
        "people_clicks": 3,
        "first_at": NOON,
        "last_at": NOON + 9 * MINUTE,
        "referrer_path": "/guides/old/",
    }
    assert not ClickTally.objects.exists()
    assert Click.objects.filter(is_known=False).count() == 4
    writer.close()


def test_a_scanner_cannot_fill_the_list_nor_push_out_what_a_page_of_ours_links_to(
    writer: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(click_storing, "MOST_UNKNOWN_CODES", 5)
    monkeypatch.setattr(click_storing, "MOST_UNKNOWN_CODES_AT_ONCE", 7)
    writer.append(line("mended", known=False, referrer_path="/guides/"))
    for number in range(40):
        writer.append(line(f"scan-{number}", known=False))
    ship(writer)
    assert UnknownCode.objects.count() == 5
    assert UnknownCode.objects.filter(code="mended").exists()
    assert Click.objects.count() == 41
    writer.close()


def test_nothing_of_a_batch_stays_when_its_counting_fails(writer: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    writer.append(line(visit=ADA))
    writer.append(line("gone", known=False))
    with monkeypatch.context() as patch:
        patch.setattr(tallies, "_ADD_SUMS", "SELECT no_such_function()")
        with pytest.raises(ProgrammingError):
            ship(writer)
    assert not Click.objects.exists()
    assert not CountedVisit.objects.exists()
    assert ship(writer).stored == 2
    assert net() == {"": (1, 1)}
    writer.close()

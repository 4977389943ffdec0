"""Every click of the spool gets into the database once, whoever died in between."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from catalog import clicks, spool
from catalog.models import Click
from catalog.services import clicks as service
from catalog.services.clicks import Shipment, ship_clicks
from catalog.spool import Spool

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def now() -> datetime:
    return datetime.now(UTC)


def line(code: str = "one", **environ: Any) -> bytes:
    environ = {"REQUEST_METHOD": "GET", "HTTP_USER_AGENT": FIREFOX, **environ}
    return clicks.line(environ, code=code, is_known=True, placement="guide.2.1", country_key="")


@pytest.fixture
def writer(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def ship(writer: Spool) -> Shipment:
    return ship_clicks(now=now(), folder=writer.folder)


def test_clicks_of_a_process_that_still_writes_are_shipped_too(writer: Spool) -> None:
    writer.append(line())
    assert ship(writer) == Shipment(stored=1, rejected=0)
    writer.append(line("two"))
    writer.append(line("two", HTTP_USER_AGENT="curl/8"))
    assert ship(writer) == Shipment(stored=2, rejected=0)
    assert list(Click.objects.order_by("clicked_at", "id").values_list("code", "agent", "placement")) == [
        ("one", "person", "guide.2.1"),
        ("two", "person", "guide.2.1"),
        ("two", "bot", "guide.2.1"),
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
    assert ship_clicks(now=now(), folder=tmp_path / "before") == Shipment(stored=0, rejected=0)
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
        b"1 fields instead of 9\tnonsense",
        b"1 fields instead of 9\ttorn",
    ]


def test_a_click_the_database_refuses_is_found_and_put_aside(writer: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(7):
        writer.append(line(f"code-{number}"))
    writer.close()
    parse = service.parse

    def with_one_too_long(raw: bytes, *, now: datetime) -> clicks.ClickRow:
        row = parse(raw, now=now)
        return row._replace(code="x" * 41) if row.code == "code-3" else row

    monkeypatch.setattr(service, "parse", with_one_too_long)
    assert ship(writer) == Shipment(stored=6, rejected=1)
    (rejected,) = writer.folder.glob("*.rejected")
    assert b"too long" in rejected.read_bytes()


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
    with spool.only_shipper(writer.folder) as ours:
        assert ours
        assert ship(writer) == Shipment(stored=0, rejected=0)
    assert ship(writer) == Shipment(stored=1, rejected=0)
    writer.close()


def test_many_pieces_are_shipped_in_one_go(writer: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "PIECE_BYTES", 700)
    for _ in range(50):
        writer.append(line())
    assert ship(writer) == Shipment(stored=50, rejected=0)
    assert Click.objects.count() == 50
    writer.close()


def test_no_column_of_the_click_table_can_hold_a_visitor() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'catalog_click'")
        columns = {name for (name,) in cursor.fetchall()}
    assert columns == set(clicks.ClickRow._fields)
    assert not columns & {"ip", "address", "user_agent", "session", "cookie", "visitor"}


def test_the_folder_is_the_settings_one_when_none_is_named(writer: Spool, settings: Any) -> None:
    settings.CLICK_SPOOL_DIR = writer.folder
    writer.append(line())
    assert ship_clicks(now=now()).stored == 1
    writer.close()

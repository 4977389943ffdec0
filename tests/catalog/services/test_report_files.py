"""An uploaded report is read for trial, then stored in one piece, once."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker

from catalog import tasks
from catalog.models import Conversion, ConversionEvent, NetworkAccount, ReportFile
from catalog.schedule import CLAIM_LIVES
from catalog.services import report_files as service
from catalog.services.report_files import (
    UploadError,
    forget_old_files,
    lost_files,
    read_file,
    store_file,
    store_later,
    take_file,
)
from config.celery import app
from tests.factories import make_account, make_merchant

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HEADER = (
    "Category,Name,ASIN,Seller,Tracking ID,Date Shipped,Price($),Items Shipped,Returns,Revenue($),Ad Fees($),"
    "Device Type Group,Direct Sale"
)
SOLD = "Electronics,Headset,B0TEST0001,Amazon.com,earmark-guides-20,2026-09-15,129.00,1,0,129.00,5.16,Desktop,Yes"
ANOTHER = "Electronics,Headset,B0TEST0002,Amazon.com,earmark-20,2026-09-16,89.00,2,0,178.00,7.12,Phone,No"
BAD = "Electronics,Headset,B0TEST0003,Amazon.com,earmark-20,someday,89.00,1,0,89.00,3.56,Phone,No"
State = ReportFile.State


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = ReportFile._meta.get_field("file").storage
    monkeypatch.setattr(storage, "_location", str(tmp_path))
    for name in ("base_location", "location"):
        storage.__dict__.pop(name, None)
        monkeypatch.setitem(storage.__dict__, name, str(tmp_path))


def associates() -> NetworkAccount:
    return make_account("Associates", network="amazon", report_settings={"marketplace": "us"})


def uploaded(account: NetworkAccount, *lines: str, name: str = "Fee-Earnings.csv") -> ReportFile:
    body = "\r\n".join((HEADER, *lines)).encode()
    return take_file(account=account, name=name, content=io.BytesIO(body), size=len(body), by="editor", now=NOW)


@pytest.mark.django_db
def test_the_trial_says_what_would_change_and_stores_nothing() -> None:
    file = uploaded(associates(), SOLD, ANOTHER, BAD)
    read_file(report_file_id=file.pk, now=NOW)
    file.refresh_from_db()

    assert (file.state, file.created_by) == (State.READ, "editor")
    assert (file.report["statements_new"], file.report["purchases_new"], file.report["trouble_count"]) == (2, 2, 1)
    assert "someday" in file.report["troubles"][0]["reason"]
    assert file.report["sums"] == [{"currency": "USD", "status": "approved", "commission": "12.2800"}]
    assert not Conversion.objects.exists()


@pytest.mark.django_db
def test_what_was_read_is_stored_in_one_piece_and_joined_by_its_tracking_id() -> None:
    make_merchant("Amazon", network="amazon", network_settings={"tracking_ids": "a=earmark-guides-20"})
    file = uploaded(associates(), SOLD, ANOTHER, BAD)
    read_file(report_file_id=file.pk, now=NOW)
    store_later(report_file=file)
    store_file(report_file_id=file.pk, now=NOW)
    file.refresh_from_db()

    assert (file.state, file.report["done"]["stored"]) == (State.DONE, 2)
    joined = Conversion.objects.get(tracking_id="earmark-guides-20")
    assert (joined.joining, joined.placement, joined.commission_amount) == ("place", "a", Decimal("5.16"))
    assert {event.origin for event in ConversionEvent.objects.all()} == {"import"}


@pytest.mark.django_db
def test_the_same_file_again_has_nothing_new_and_a_longer_one_only_what_is() -> None:
    account = associates()
    for lines, new in (((SOLD,), 1), ((SOLD,), 0), ((SOLD, ANOTHER), 1)):
        file = uploaded(account, *lines)
        read_file(report_file_id=file.pk, now=NOW)
        file.refresh_from_db()
        assert file.report["statements_new"] == new
        store_later(report_file=file)
        store_file(report_file_id=file.pk, now=NOW)

    assert (Conversion.objects.count(), ConversionEvent.objects.count()) == (2, 2)


@pytest.mark.django_db
def test_a_failure_in_the_middle_stores_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    file = uploaded(associates(), SOLD, ANOTHER)
    read_file(report_file_id=file.pk, now=NOW)
    store_later(report_file=file)

    def lost(pk: int, done: int) -> None:
        raise MemoryError

    monkeypatch.setattr(service, "_tell", lost)
    with pytest.raises(MemoryError):
        store_file(report_file_id=file.pk, now=NOW)
    file.refresh_from_db()

    assert file.state == State.FAILED
    assert "nothing of it was stored" in file.error
    assert not Conversion.objects.exists()


@pytest.mark.django_db
def test_a_file_can_be_stored_once_and_only_after_it_was_read() -> None:
    file = uploaded(associates(), SOLD)
    with pytest.raises(UploadError, match="after it was read"):
        store_later(report_file=file)
    read_file(report_file_id=file.pk, now=NOW)
    store_later(report_file=file)
    with pytest.raises(UploadError):
        store_later(report_file=file)


@pytest.mark.django_db
def test_a_file_that_is_no_report_says_why() -> None:
    body = b"<!doctype html><title>Sign in</title>"
    file = take_file(account=associates(), name="r.csv", content=io.BytesIO(body), size=len(body), by="editor", now=NOW)
    read_file(report_file_id=file.pk, now=NOW)
    file.refresh_from_db()

    assert file.state == State.FAILED
    assert file.error


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("network", "name", "size", "said"),
    [
        ("amazon", "report.pdf", 10, r"none of \.csv"),
        ("amazon", "report.csv", 0, "empty or larger than 50 MB"),
        ("amazon", "report.csv", 51 * 1024 * 1024, "empty or larger than 50 MB"),
        ("awin", "report.csv", 10, "no report files"),
    ],
    ids=["pdf", "empty", "large", "network"],
)
def test_an_upload_that_cannot_be_used_is_refused_at_once(network: str, name: str, size: int, said: str) -> None:
    account = make_account(network=network)
    with pytest.raises(UploadError, match=said):
        take_file(account=account, name=name, content=io.BytesIO(b"x"), size=size, by="", now=NOW)
    assert not ReportFile.objects.exists()


@pytest.mark.django_db
def test_a_name_is_shown_and_never_a_path() -> None:
    file = uploaded(associates(), SOLD, name="../../etc/Fee.csv")

    assert file.file_name == "Fee.csv"
    assert "etc" not in str(file.file.name)


@pytest.mark.django_db
def test_files_that_no_worker_has_are_taken_up_again() -> None:
    account = associates()
    waiting, queued, lost = (uploaded(account, SOLD) for _ in range(3))
    uploaded(account, SOLD)
    ReportFile.objects.filter(pk__in=[waiting.pk, queued.pk]).update(created_at=NOW - timedelta(minutes=2))
    ReportFile.objects.filter(pk=queued.pk).update(state=State.QUEUED)
    ReportFile.objects.filter(pk=lost.pk).update(
        state=State.STORING, claimed_at=NOW - CLAIM_LIVES - timedelta(seconds=1)
    )

    assert lost_files(now=NOW) == [(waiting.pk, False), (queued.pk, True), (lost.pk, True)]


@pytest.mark.django_db(transaction=True)
def test_files_go_after_a_month_and_their_reports_stay() -> None:
    file = uploaded(associates(), SOLD)
    storage, name = file.file.storage, str(file.file.name)
    read_file(report_file_id=file.pk, now=NOW)

    assert forget_old_files(now=NOW + timedelta(days=29)) == 0
    assert forget_old_files(now=NOW + timedelta(days=31)) == 1
    assert not storage.exists(name)
    file.refresh_from_db()
    assert file.report["statements"] == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("default")
def test_a_real_worker_reads_and_stores_a_file() -> None:
    file = uploaded(associates(), SOLD)
    app.control.purge()
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=30):
        for task, state in ((tasks.read_report_file, State.READ), (tasks.store_report_file, State.DONE)):
            task.delay(file.pk)
            deadline = time.monotonic() + 20
            while file.state != state and time.monotonic() < deadline:
                time.sleep(0.05)
                file.refresh_from_db()
            assert file.state == state
            if state == State.READ:
                store_later(report_file=file)

    assert Conversion.objects.count() == 1

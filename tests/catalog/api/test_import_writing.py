"""A key that may bring files in does so as an editor does: sent, tried, started, stopped, and told what was wrong."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from catalog.models import FeedImport, Offer
from catalog.services.feed_imports import errands, run_import
from catalog.services.feed_imports.unattended import prepare_import
from config.celery import app
from partners.models import ApiKey
from reviews.models import AuditLine
from tests.catalog.services.feed_imports.feeds import GTIN, NO_DOOR, known_product, row, table
from tests.factories import make_merchant
from tests.partners.keys import make_key, shown
from tests.site_processes import until

pytestmark = pytest.mark.django_db

DOOR = "/api/v1/imports/"
State = FeedImport.State


@pytest.fixture(autouse=True)
def _files_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = FileSystemStorage(location=tmp_path / "imports", base_url=None)
    monkeypatch.setattr(FeedImport._meta.get_field("file"), "storage", storage)


@pytest.fixture
def secret() -> str:
    return make_key("imports:read", "imports:write")[1]


@pytest.fixture
def shop() -> Any:
    known_product("WH-1000XM5", gtin=GTIN)
    return make_merchant(hosts=["shop.example"])


def good() -> bytes:
    return table(row("A1", gtin=GTIN), row("A2", brand="Unheard"), row("A3", gtin=GTIN, price="from 10"))


def send(
    client: Client, secret: str, content: bytes, asked: str = "merchant=shop", kind: str = "text/csv", **headers: str
) -> Any:
    return client.generic("POST", f"{DOOR}?{asked}", content, content_type=kind, headers={**shown(secret), **headers})


def act(client: Client, secret: str, told: dict[str, Any], what: str, asked: str = "") -> Any:
    return client.post(f"{DOOR}{told['id']}/{what}/?{asked}", headers=shown(secret))


def look(client: Client, secret: str, told: dict[str, Any]) -> Any:
    return client.get(f"{DOOR}{told['id']}/", headers=shown(secret)).json()


def prepared(told: dict[str, Any], start: bool = False, **said: Any) -> None:
    """What the worker does with it."""
    prepare_import(feed_import_id=told["id"], told=said, start=start, door=NO_DOOR, now=timezone.now())


def test_a_file_is_taken_tried_started_and_stored(client: Client, secret: str, shop: Any) -> None:
    answer = send(client, secret, good(), "merchant=shop&file_name=Monday.csv")
    told = answer.json()
    assert (answer.status_code, answer["Location"]) == (202, f"http://testserver{DOOR}{told['id']}/")
    assert (told["state"], told["file"], told["is_being_looked_at"], told["trial"]) == (
        "draft", "Monday.csv", True, None)  # fmt: skip

    prepared(told)
    tried = look(client, secret, told)
    assert (tried["state"], tried["is_being_looked_at"], tried["error"]) == ("draft", False, "")
    assert (tried["columns"]["sku"], tried["format"], tried["delimiter"]) == ("id", "csv", ",")
    trial = tried["trial"]
    assert (trial["rows"], trial["matched"], trial["unknown"], trial["refused"]) == (3, 1, 1, 1)
    assert (trial["problems"][0]["row"], trial["problems"][0]["field"], trial["problems"][0]["value"]) == (
        4, "Price", "from 10")  # fmt: skip
    assert not Offer.objects.exists()

    assert act(client, secret, told, "start").json()["state"] == "queued"
    run_import(feed_import_id=told["id"], now=timezone.now())
    done = look(client, secret, told)
    assert (done["state"], done["rows_done"], done["rows_refused"], done["offers_made"], done["percent"]) == (
        "done", 3, 1, 1, 100)  # fmt: skip
    assert Offer.objects.get().merchant_sku == "A1"


@pytest.mark.parametrize("way", ["form", "packed", "lines", "excel type"])
def test_it_comes_in_a_form_or_as_the_body_packed_or_plain(way: str, client: Client, secret: str, shop: Any) -> None:
    lines = b'{"id": "A1", "gtin": "4006381333931", "price": "99.00 USD", "link": "https://shop.example/p/A1"}\n'
    if way == "form":
        upload = SimpleUploadedFile("theirs.csv", good())
        answer = client.post(f"{DOOR}?merchant=shop", {"file": upload}, headers=shown(secret))
        assert answer.json()["file"] == "theirs.csv"
    else:
        content, kind = {
            "packed": (gzip.compress(good()), "application/gzip"),
            "lines": (lines, "application/x-ndjson"),
            "excel type": (good(), "text/csv; charset=utf-8"),
        }[way]
        answer = send(client, secret, content, kind=kind)
    assert answer.status_code == 202, answer.content
    prepared(answer.json())
    assert look(client, secret, answer.json())["trial"]["matched"] == 1


def test_a_feeds_address_is_taken_and_told_to_nobody(client: Client, secret: str, shop: Any) -> None:
    address = "https://feeds.example/list.csv?token=s3cret"
    answer = client.post(
        f"{DOOR}?merchant=shop", {"url": address}, content_type="application/json", headers=shown(secret)
    )
    assert answer.status_code == 202
    assert FeedImport.objects.get().url == address
    assert "s3cret" not in answer.text


def test_what_stays_unclear_is_said_and_settled_by_trying_again(client: Client, secret: str, shop: Any) -> None:
    content = b"what,how much\nA1,99.00 USD\n"
    told = send(client, secret, content, "merchant=shop&start=yes").json()
    prepared(told, start=True)
    unclear = look(client, secret, told)
    assert (unclear["state"], unclear["trial"], unclear["file_columns"]) == ("draft", None, ["what", "how much"])
    assert "Merchant SKU: choose the column." in unclear["error"]
    assert act(client, secret, told, "start").status_code == 409

    asked = "column_sku=what&column_price=how+much&url_template=https://shop.example/p/{sku}"
    assert act(client, secret, told, "try", asked).status_code == 202
    prepared(told, columns={"sku": "what", "price": "how much", "url_template": "https://shop.example/p/{sku}"})
    clear = look(client, secret, told)
    assert (clear["error"], clear["trial"]["rows"], clear["url_template"]) == ("", 1, "https://shop.example/p/{sku}")
    assert clear["columns"] == {"sku": "what", "price": "how much"}


def test_nothing_begins_by_itself_where_no_row_can_be_taken(client: Client, secret: str, shop: Any) -> None:
    told = send(client, secret, table(row("A1", gtin=GTIN, price="ask us")), "merchant=shop&start=yes").json()
    prepared(told, start=True)
    assert look(client, secret, told)["state"] == "draft"
    assert "None of the 1 rows" in look(client, secret, told)["error"]


def test_it_is_cancelled_once_and_not_after_its_end(client: Client, secret: str, shop: Any) -> None:
    told = send(client, secret, good()).json()
    assert "looks at the file" in act(client, secret, told, "cancel").text, "the worker would overwrite it"
    prepared(told, start=True)
    for _ in range(2):
        answer = act(client, secret, told, "cancel")
        assert (answer.status_code, answer.json()["state"]) == (202, "cancelled")
    assert run_import(feed_import_id=told["id"], now=timezone.now()) is None

    assert act(client, secret, told, "start").json()["state"] == "queued", "it goes on"
    run_import(feed_import_id=told["id"], now=timezone.now())
    refused = act(client, secret, told, "cancel")
    assert refused.status_code == 409
    assert refused.json()["errors"][0]["problem"].startswith("This import is done: there is nothing to cancel.")
    assert Offer.objects.count() == 1


def test_a_running_one_stops_after_the_rows_in_hand(client: Client, secret: str, shop: Any) -> None:
    told = send(client, secret, good()).json()
    errands.note_looked_at(told["id"])
    FeedImport.objects.update(state=State.RUNNING, claimed_at=timezone.now())
    answer = act(client, secret, told, "cancel").json()
    assert (answer["state"], answer["is_stopping"]) == ("running", True)
    assert act(client, secret, told, "start").status_code == 409


def test_a_draft_is_cancelled(client: Client, secret: str, shop: Any) -> None:
    told = send(client, secret, good()).json()
    prepared(told)
    assert act(client, secret, told, "cancel").json()["state"] == "cancelled"


def test_sent_again_under_its_key_it_is_one_import(client: Client, secret: str, shop: Any) -> None:
    named = {"Idempotency-Key": "monday"}
    first, again = (send(client, secret, good(), **named) for _ in range(2))
    assert (again["Idempotency-Replayed"], again.content) == ("true", first.content)
    assert again["Location"] == first["Location"]
    other = send(client, secret, good() + b"\n", **named)
    assert other.status_code == 422
    assert send(client, secret, good(), "merchant=shop&start=yes", **named).status_code == 422
    assert FeedImport.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "asked", "kind", "status", "field"),
    [
        (b"", "merchant=shop", "text/csv", 400, "file"),
        (b"x", "merchant=nobody", "text/csv", 409, "merchant"),
        (b"x", "", "text/csv", 400, "merchant"),
        (b"x", "merchant=shop&colour=red", "text/csv", 400, "colour"),
        (b"x", "merchant=shop&start=perhaps", "text/csv", 400, "start"),
        (b"x", "merchant=shop", "image/png", 415, ""),
        (b'{"url": "ftp://shop.example/"}', "merchant=shop", "application/json", 400, "url"),
        (b'{"address": "https://shop.example/"}', "merchant=shop", "application/json", 400, "url"),
        (b"[1]", "merchant=shop", "application/json", 400, "non_field_errors"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(
    content: bytes, asked: str, kind: str, status: int, field: str, client: Client, secret: str, shop: Any
) -> None:
    answer = send(client, secret, content, asked, kind)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert field in [one["field"] for one in answer.json().get("errors", [{"field": ""}])]
    assert not FeedImport.objects.exists()


@pytest.mark.parametrize("is_form", [True, False])
def test_what_is_larger_than_a_file_may_be_is_refused(
    is_form: bool, client: Client, secret: str, shop: Any, settings: Any
) -> None:
    settings.IMPORT_MAX_MB = 0
    if is_form:
        upload = SimpleUploadedFile("theirs.csv", good())
        answer = client.post(f"{DOOR}?merchant=shop", {"file": upload}, headers=shown(secret))
    else:
        answer = send(client, secret, good())
    assert answer.status_code == 413
    assert "larger than" in answer.json()["detail"]
    assert not FeedImport.objects.exists()


def test_a_field_of_the_form_that_nobody_knows_is_refused(client: Client, secret: str, shop: Any) -> None:
    sent = {"file": SimpleUploadedFile("theirs.csv", good()), "merchant": "other"}
    answer = client.post(f"{DOOR}?merchant=shop", sent, headers=shown(secret))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "merchant")


def test_a_bomb_is_found_before_it_is_unpacked(client: Client, secret: str, shop: Any, settings: Any) -> None:
    settings.IMPORT_MAX_MB = 1
    told = send(client, secret, gzip.compress(b"0" * 3_000_000), kind="application/gzip").json()
    prepared(told)
    said = look(client, secret, told)
    assert (said["state"], said["trial"]) == ("draft", None)
    assert "unpacks to more than 1 MB" in said["error"]


def test_it_is_known_whose_key_brought_it_in(client: Client, secret: str, shop: Any) -> None:
    send(client, secret, good())
    key = ApiKey.objects.get()
    assert FeedImport.objects.get().created_by == f"API key Partner ({key.prefix}…)"
    line = AuditLine.objects.get(table_name="catalog_feedimport")
    assert (line.door, line.actor) == ("api", key.prefix)


def test_one_that_is_not_there_is_told_in_plain_words(client: Client, secret: str) -> None:
    answer = act(client, secret, {"id": 999999}, "start")
    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no such thing here.")


def test_who_sends_a_merchant_that_there_is_not_is_told_those_that_there_are(
    client: Client, secret: str, shop: Any
) -> None:
    answer = send(client, secret, good(), "merchant=shoop")
    assert answer.json()["errors"][0]["problem"] == "There is no merchant with this slug. Known are: shop."


def test_reading_alone_brings_nothing_in(client: Client, shop: Any) -> None:
    _, reading = make_key("imports:read", name="Reads")
    assert send(client, reading, good()).status_code == 403
    assert not FeedImport.objects.exists()


def test_problems_are_a_file_too_whose_cells_are_no_formulas(client: Client, secret: str, shop: Any) -> None:
    told = send(client, secret, table(row("A1", gtin=GTIN, price="=1+1"), row("A2", gtin=GTIN))).json()
    prepared(told, start=True)
    run_import(feed_import_id=told["id"], now=timezone.now())
    answer: Any = client.get(f"{DOOR}{told['id']}/problems/", {"format": "csv"}, headers=shown(secret))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "row,field,what_is_wrong,what_stood_there"
    assert lines[1].startswith("2,price,")
    assert lines[1].endswith(",'=1+1")
    assert answer["Content-Disposition"] == f'attachment; filename="import-{told["id"]}-problems.csv"'


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("default")
def test_a_real_worker_takes_it_from_the_sending_to_the_end(client: Client, secret: str, shop: Any) -> None:
    app.control.purge()
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=30):
        told = send(client, secret, good(), "merchant=shop&start=yes").json()
        assert until(lambda: look(client, secret, told)["state"] == "done"), look(client, secret, told)
    assert Offer.objects.count() == 1
    by_workers = set(AuditLine.objects.filter(door="task").values_list("actor", flat=True))
    key = ApiKey.objects.get()
    assert f"catalog.tasks.prepare_import for API key {key.prefix}" in by_workers
    assert f"catalog.tasks.run_feed_import for API key {key.prefix}" in by_workers, "handed on from task to task"

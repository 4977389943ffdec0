"""A partner's machine brings tables of products, offers and links in as an editor does, if its key has their scope."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Product, TableImport
from catalog.services.table_imports import run_table
from config.celery import app
from partners.models import ApiKey
from reviews.models import AuditLine
from tests.catalog.services.table_imports.bringing import table
from tests.factories import make_product, make_staff
from tests.partners.keys import make_key, shown
from tests.site_processes import until

pytestmark = pytest.mark.django_db
DOOR = "/api/v1/tables/"
State = TableImport.State
NEW = {"slug": "acme-two", "brand": "Acme", "model": "Two", "kind": "headset"}
WRONG = {"slug": "acme-three", "brand": "Acme", "model": "=Three", "kind": "spoon"}


@pytest.fixture(autouse=True)
def _files_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = FileSystemStorage(location=tmp_path / "imports", base_url=None)
    monkeypatch.setattr(TableImport._meta.get_field("file"), "storage", storage)


@pytest.fixture
def secret() -> str:
    return make_key("imports:read", "imports:write", "products:write")[1]


def send(client: Client, secret: str, content: bytes, asked: str = "kind=products", **headers: str) -> Any:
    return client.generic(
        "POST", f"{DOOR}?{asked}", content, content_type="text/csv", headers={**shown(secret), **headers}
    )


def act(client: Client, secret: str, told: dict[str, Any], what: str) -> Any:
    return client.post(f"{DOOR}{told['id']}/{what}/", headers=shown(secret))


def look(client: Client, secret: str, told: dict[str, Any], more: str = "") -> Any:
    return client.get(f"{DOOR}{told['id']}/{more}", headers=shown(secret))


def run(told: dict[str, Any]) -> None:
    run_table(table_import_id=told["id"], now=timezone.now())


def test_a_table_is_tried_and_stored_on_another_word(client: Client, secret: str) -> None:
    answer = send(client, secret, table(NEW, WRONG), "kind=products&file_name=Ours.csv")
    told = answer.json()
    assert (answer.status_code, answer["Location"]) == (202, f"http://testserver{DOOR}{told['id']}/")
    assert (told["state"], told["file"], told["rows_total"]) == ("trying", "Ours.csv", 2)
    assert act(client, secret, told, "store").status_code == 409, "it was not tried yet"

    run(told)
    tried = look(client, secret, told).json()
    assert (tried["state"], tried["rows_new"], tried["rows_wrong"]) == ("tried", 1, 1)
    assert not Product.objects.exists()

    assert act(client, secret, told, "store").json()["state"] == "storing"
    run(told)
    assert look(client, secret, told).json()["state"] == "done"
    assert Product.objects.get().slug == "acme-two"
    assert act(client, secret, told, "store").status_code == 409, "it is stored once"
    assert act(client, secret, told, "stop").status_code == 409


def test_rows_say_what_became_of_them_also_as_a_file_without_formulas(client: Client, secret: str) -> None:
    told = send(client, secret, table(NEW, WRONG)).json()
    run(told)
    (wrong,) = look(client, secret, told, "rows/?outcome=wrong").json()["results"]
    assert (wrong["row"], wrong["outcome"], wrong["said"][0]["column"]) == (3, "wrong", "kind")
    assert "headphones" in wrong["said"][0]["problem"]
    answer = look(client, secret, told, "rows/?format=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "row,outcome,what,column,was,becomes,what_is_wrong"
    assert any(line.startswith("3,Wrong,") for line in lines)
    assert all(not cell.startswith("=") for line in lines for cell in line.split(","))


def test_one_that_is_being_stored_stops_and_goes_on(client: Client, secret: str) -> None:
    told = send(client, secret, table(NEW)).json()
    run(told)
    act(client, secret, told, "store")
    for _ in range(2):
        assert act(client, secret, told, "stop").json()["is_stopping"] is True
    TableImport.objects.update(state=State.STOPPED, stop_asked=False)
    assert act(client, secret, told, "stop").json()["state"] == "stopped"
    assert act(client, secret, told, "store").json()["state"] == "storing"
    run(told)
    assert Product.objects.count() == 1


@pytest.mark.parametrize(("kind", "scope"), [("products", "products:write"), ("links", "links:write")])
def test_what_a_table_writes_asks_for_the_scope_of_its_own_door(kind: str, scope: str, client: Client) -> None:
    _, secret = make_key("imports:read", "imports:write", name="Files only")
    refused = send(client, secret, table(NEW), f"kind={kind}")
    assert refused.status_code == 403
    assert f"“{scope}”" in refused.json()["detail"]
    found = TableImport.objects.create(kind=kind, file_name="x.csv", state=State.TRIED)
    for what in ("store", "stop"):
        assert act(client, secret, {"id": found.pk}, what).status_code == 403
    found.refresh_from_db()
    assert found.state == State.TRIED


def test_offers_need_no_other_scope(client: Client) -> None:
    _, secret = make_key("imports:write", name="Files only")
    make_product("One")
    content = b"merchant,sku,product,url\nshop,a1,acme-one,https://shop.example/a1\n"
    assert send(client, secret, content, "kind=offers").status_code == 202


def test_what_is_no_table_of_ours_is_refused_with_what_would_do(client: Client, secret: str) -> None:
    answer = send(client, secret, b"weight,colour\n1,red\n")
    assert answer.status_code == 409
    assert {one["field"] for one in answer.json()["errors"]} == {"file"}
    assert send(client, secret, b"").status_code == 400
    assert send(client, secret, table(NEW), "kind=spoons").status_code == 400
    assert not TableImport.objects.exists()


def test_sent_again_under_its_key_it_is_one_table(client: Client, secret: str) -> None:
    first, again = (send(client, secret, table(NEW), **{"Idempotency-Key": "monday"}) for _ in range(2))
    assert again["Idempotency-Replayed"] == "true"
    assert first.content == again.content
    assert TableImport.objects.count() == 1


def test_tables_come_newest_first_and_by_kind_and_state(client: Client, secret: str) -> None:
    made = [TableImport.objects.create(kind=kind, file_name="x") for kind in ("products", "offers", "products")]
    listed = client.get(DOOR, headers=shown(secret)).json()["results"]
    assert [one["id"] for one in listed] == [one.pk for one in reversed(made)]
    asked = {"kind": "products", "state": "trying"}
    assert len(client.get(DOOR, asked, headers=shown(secret)).json()["results"]) == 2
    assert client.get(DOOR, {"kind": "spoons"}, headers=shown(secret)).status_code == 400


def test_the_desk_sees_whose_key_it_was(client: Client, secret: str) -> None:
    upload = SimpleUploadedFile("theirs.csv", table(NEW))
    told = client.post(f"{DOOR}?kind=products", {"file": upload}, headers=shown(secret)).json()
    key = ApiKey.objects.get()
    client.force_login(make_staff("ines", "catalog.change_product", "catalog.view_tableimport"))
    page = client.get(reverse("admin:catalog_tableimport_change", args=[told["id"]]))
    assert f"API key Partner ({key.prefix}…)" in page.content.decode()
    listed = client.get(reverse("admin:catalog_tableimport_changelist"))
    assert f"API key Partner ({key.prefix}…)" in listed.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("default")
def test_a_real_worker_tries_and_stores_it(client: Client, secret: str) -> None:
    app.control.purge()
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=30):
        told = send(client, secret, table(NEW)).json()
        assert until(lambda: look(client, secret, told).json()["state"] == "tried")
        act(client, secret, told, "store")
        assert until(lambda: look(client, secret, told).json()["state"] == "done")
    line = AuditLine.objects.filter(table_name="catalog_product").first()
    assert line is not None
    assert line.who == f"catalog.tasks.run_table_import for API key {ApiKey.objects.get().prefix}"

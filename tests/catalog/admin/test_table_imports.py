"""Editors export a list, change it in a spreadsheet and bring it back; who may not, cannot."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import AudioSpecs, Product, ProductCode, SpecEvidence, TableImport
from config.embedded import PROJECT
from tests.catalog.services.table_imports.bringing import counts, said, stored, table
from tests.factories import make_link, make_merchant, make_product, make_seen_offer, make_staff

pytestmark = pytest.mark.django_db
LISTS = {"products": "product", "offers": "offer", "links": "link"}


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


def exported(client: Client, kind: str, query: str = "") -> bytes:
    answer: Any = client.get(f"/admin/catalog/{LISTS[kind]}/export/{query}")
    assert answer.status_code == 200
    return b"".join(answer)


def upload(client: Client, kind: str, content: bytes, name: str = "file.csv") -> Any:
    return client.post(
        f"/admin/catalog/tableimport/of-{kind}/", {"file": SimpleUploadedFile(name, content)}, follow=True
    )


def fill(count: int) -> None:
    shop = make_merchant("Shop")
    for number in range(count):
        product = make_product(f"M{number}", summary=f"=cmd|{number}", variant="wire|less" if number % 2 else "")
        AudioSpecs.objects.filter(product=product).update(
            weight_g="250.5", anc=False, radios=[], platforms=["pc", "tv"], certifications=["A | B"]
        )
        SpecEvidence.objects.create(product=product, spec="anc", source="Acme, Inc.", checked_on="2026-05-01")
        SpecEvidence.objects.create(
            product=product, spec="anc", source="a|b", source_url="https://a.example/", checked_on="2026-06-01"
        )
        ProductCode.objects.create(product=product, scheme="mpn", value="AC/1")
        make_link(make_seen_offer(product, shop, amount=f"{10 + number}.50"), f"code-{number}", expires_after_clicks=3)


@pytest.mark.parametrize("kind", LISTS)
def test_what_was_exported_and_is_brought_in_again_changes_nothing(admin_client: Client, kind: str) -> None:
    fill(3)
    done = stored(kind, content=exported(admin_client, kind))
    assert done.rows_total >= 3
    assert (counts(done), said(done)) == ((0, 0, done.rows_total, 0), [])


def test_the_demos_catalogue_comes_back_as_it_was_also_on_an_empty_site(admin_client: Client) -> None:
    call_command("import_catalogue", str(PROJECT / "demo" / "catalogue.jsonl"), stdout=io.StringIO())
    before = exported(admin_client, "products")
    assert counts(stored("products", content=before)) == (0, 0, Product.objects.count(), 0)
    assert exported(admin_client, "products") == before
    Product.objects.all().delete()
    assert counts(stored("products", content=before)) == (len(before.splitlines()) - 1, 0, 0, 0)
    again = exported(admin_client, "products")
    assert [without_times(line) for line in again.splitlines()] == [without_times(line) for line in before.splitlines()]


def without_times(line: bytes) -> bytes:
    return re.sub(rb"20\d\d-\d\d-\d\dT[0-9:+]+", b"", line)


@pytest.mark.parametrize("kind", LISTS)
def test_an_export_asks_no_more_for_many_rows_than_for_few(admin_client: Client, kind: str) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            exported(admin_client, kind)
        return len(asked)

    fill(2)
    few = questions()
    shop = make_merchant("Other")
    for number in range(20):
        make_link(make_seen_offer(make_product(f"N{number}"), shop), f"other-{number}")
    assert questions() == few


@pytest.mark.parametrize("kind", LISTS)
def test_the_list_leads_to_its_import_with_a_template_that_is_read(admin_client: Client, kind: str) -> None:
    page = admin_client.get(f"/admin/catalog/{LISTS[kind]}/").content.decode()
    assert f"/admin/catalog/tableimport/of-{kind}/" in page
    page = admin_client.get(f"/admin/catalog/tableimport/of-{kind}/").content.decode()
    assert f"/admin/catalog/tableimport/{kind}-template.csv" in page
    answer: Any = admin_client.get(f"/admin/catalog/tableimport/{kind}-template.csv")
    assert "wrong: <strong" in upload(admin_client, kind, b"".join(answer)).content.decode()


def test_an_editor_sees_first_what_would_change_and_stores_it_then(admin_client: Client) -> None:
    product = make_product(summary="Old.")
    content = table({"slug": product.slug, "summary": "New.", "anc": ""}, {"slug": "x y", "summary": "", "anc": "no"})
    tried = upload(admin_client, "products", content)
    page = tried.content.decode()
    assert "Tried: waits for your word" in page
    assert "is no address" in page  # wrong rows are shown first
    changed = admin_client.get(tried.redirect_chain[-1][0] + "?which=changed").content.decode()
    assert "<td>Old.</td><td>New.</td>" in changed
    product.refresh_from_db()
    assert product.summary == "Old."
    found = TableImport.objects.get()
    done = admin_client.post(f"/admin/catalog/tableimport/{found.pk}/act/", {"act": "store"}, follow=True)
    assert "Done" in done.content.decode()
    product.refresh_from_db()
    assert product.summary == "New."
    rejected: Any = admin_client.get(f"/admin/catalog/tableimport/{found.pk}/rejected.csv")
    assert b"slug: \xe2\x80\x9cx y\xe2\x80\x9d is no address" in b"".join(rejected)
    changes: Any = admin_client.get(f"/admin/catalog/tableimport/{found.pk}/changes.csv")
    assert "summary,Old.,New." in b"".join(changes).decode()
    now = admin_client.get(f"/admin/catalog/tableimport/{found.pk}/now/").json()
    assert now["counters"] == {"new": 0, "changed": 1, "same": 0, "wrong": 1}
    again = admin_client.post(f"/admin/catalog/tableimport/{found.pk}/act/", {"act": "store"}, follow=True)
    assert "It can be stored once" in again.content.decode()


def test_a_file_that_is_none_is_refused_on_the_page(admin_client: Client) -> None:
    answer = upload(admin_client, "products", b"brand,model,sumary,modle\nA,B,C,D\n")
    assert answer.status_code == 400
    assert "Do you mean “summary”?" in answer.content.decode()
    assert not TableImport.objects.exists()


def test_many_rows_go_to_a_worker_and_the_page_asks_how_far_it_is(
    admin_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    rows = [{"brand": "Acme", "model": f"M{number}"} for number in range(101)]
    with django_capture_on_commit_callbacks() as queued:
        page = upload(admin_client, "products", table(*rows)).content.decode()
    assert len(queued) == 1
    assert "data-moving" in page
    assert '<meta http-equiv="refresh"' in page


def test_every_kind_asks_for_the_right_to_change_its_rows(client: Client) -> None:
    client.force_login(make_staff("links", "catalog.change_link", "catalog.view_link", "catalog.view_product"))
    assert client.get("/admin/catalog/tableimport/of-links/").status_code == 200
    assert client.get("/admin/catalog/tableimport/of-products/").status_code == 403
    assert client.get("/admin/catalog/tableimport/products-template.csv").status_code == 403
    assert client.get("/admin/catalog/tableimport/of-nothing/").status_code == 404
    assert "of-products" not in client.get("/admin/catalog/product/").content.decode()
    other = stored("products", {"brand": "Acme", "model": "One"})
    for page in ("change/", "now/", "rejected.csv", "changes.csv"):
        assert client.get(f"/admin/catalog/tableimport/{other.pk}/{page}").status_code == 403
    assert client.post(f"/admin/catalog/tableimport/{other.pk}/act/", {"act": "stop"}).status_code == 403
    assert other.file_name not in client.get("/admin/catalog/tableimport/").content.decode()


def test_the_page_of_an_import_asks_no_more_for_many_rows(admin_client: Client) -> None:
    def questions(count: int) -> int:
        rows = [{"brand": "Acme", "model": f"M{number}"} for number in range(count)]
        found = stored("products", *rows)
        with CaptureQueriesContext(connection) as asked:
            admin_client.get(f"/admin/catalog/tableimport/{found.pk}/change/?which=new")
        Product.objects.all().delete()
        return len(asked)

    assert questions(60) == questions(2)


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    assert client.get("/admin/login/").status_code == 200
    assert client.get("/admin/catalog/tableimport/of-products/").status_code == 302

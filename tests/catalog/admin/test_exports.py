"""A filtered list is taken home whole, no cell of it is a formula, and offers can come back through the import."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.csv_cells import cell
from catalog.models import FeedImport, Merchant, Offer, ProductCode
from catalog.services.feed_imports import dry_run
from tests.factories import make_merchant, make_product, make_seen_offer, make_staff

LISTS = ["product", "offer", "merchant", "price", "feedimport", "doubtfulmatch"]


def export(client: Client, name: str, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/admin/catalog/{name}/export/{query}")
    assert answer.status_code == 200, answer
    text = b"".join(answer).decode()  # type: ignore[arg-type]
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def fill(shop: Merchant, start: int, count: int) -> None:
    for number in range(start, start + count):
        make_seen_offer(make_product(f"M{number}"), shop, amount=f"{10 + number}.50")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(1)"])
def test_a_text_that_a_spreadsheet_would_calculate_gets_an_apostrophe(text: str) -> None:
    assert cell(text) == f"'{text}"


def test_numbers_stay_numbers() -> None:
    from decimal import Decimal

    assert (cell(Decimal("-1.50")), cell(-3), cell(None), cell(True), cell("plain")) == (
        "-1.50",
        "-3",
        "",
        "yes",
        "plain",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_every_list_offers_its_export(admin_client: Client, name: str) -> None:
    fill(make_merchant(), 0, 1)
    page = admin_client.get(f"/admin/catalog/{name}/", follow=True).content.decode()
    assert f"/admin/catalog/{name}/export/" in page
    export(admin_client, name)


@pytest.mark.django_db
def test_all_rows_of_the_filter_are_in_it_not_only_the_page(admin_client: Client) -> None:
    shop, other = make_merchant("Shop"), make_merchant("Other")
    fill(shop, 0, 60)
    fill(other, 60, 1)
    rows = export(admin_client, "offer", f"?merchant__id__exact={shop.pk}")
    assert len(rows) == 60
    assert {row["merchant"] for row in rows} == {"Shop"}
    assert rows[0]["price"] == "10.500"


@pytest.mark.django_db
def test_many_rows_cost_no_more_questions_than_few(admin_client: Client) -> None:
    shop = make_merchant()

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            export(admin_client, "offer")
        return len(asked)

    fill(shop, 0, 2)
    few = questions()
    fill(shop, 2, 30)
    assert questions() == few


@pytest.mark.django_db
def test_a_product_named_as_a_formula_is_text(admin_client: Client) -> None:
    make_product("One", summary="=cmd|' /C calc'!A0")
    assert export(admin_client, "product")[0]["summary"] == "'=cmd|' /C calc'!A0"


@pytest.mark.django_db
def test_who_may_not_see_the_list_does_not_get_it(client: Client) -> None:
    client.force_login(make_staff("visitor", "catalog.view_product"))
    assert client.get("/admin/catalog/offer/export/").status_code == 403
    assert client.get("/admin/catalog/product/export/").status_code == 200


@pytest.mark.django_db
def test_a_filter_that_means_nothing_leads_back_to_the_list(admin_client: Client) -> None:
    answer = admin_client.get("/admin/catalog/offer/export/?state__nonsense=x", follow=True)
    assert "not understood" in answer.content.decode()


@pytest.mark.django_db
def test_exported_offers_can_be_imported_again(admin_client: Client, settings: object, tmp_path: object) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    shop = make_merchant()
    offer = make_seen_offer(make_product(), shop)
    ProductCode.objects.create(product=offer.product, scheme="gtin", value="4006381333931")
    content = b"".join(admin_client.get("/admin/catalog/offer/export/"))  # type: ignore[arg-type]
    file = SimpleUploadedFile("offers.csv", content)
    admin_client.post("/admin/catalog/feedimport/add/", {"merchant": shop.pk, "file": file, "url": ""})
    feed_import = FeedImport.objects.get()
    assert feed_import.mapping["sku"] == "sku"
    assert feed_import.mapping["price"] == "price"
    found = dry_run(feed_import=feed_import, now=timezone.now())
    assert (found.matched, found.offers_known, found.refused, found.problems) == (1, 1, 0, [])
    assert Offer.objects.count() == 1

"""An editor brings a merchant's file in: detected, corrected, tried, imported, stopped, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import FeedImport, Merchant, Offer, ProductCode
from catalog.services.feed_imports import run_import
from tests.factories import make_merchant, make_product, make_staff

pytestmark = pytest.mark.django_db
GTIN = "4006381333931"
FEED = (
    "sku;name;brand;ean;price;link;stock\n"
    f"A1;Acme One;Acme;{GTIN};99,90;https://shop.example/p/a1;in stock\n"
    "B2;Other thing;Nobody;;12,00;https://shop.example/p/b2;in stock\n"
    "C3;Broken;Acme;;soon;https://shop.example/p/c3;in stock\n"
)


@pytest.fixture(autouse=True)
def _private_folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def shop() -> Merchant:
    ProductCode.objects.create(product=make_product(), scheme="gtin", value=GTIN)
    return make_merchant("Shop")


def upload(client: Client, shop: Merchant, text: str = FEED, name: str = "feed.csv", **more: Any) -> Any:
    file = SimpleUploadedFile(name, text.encode())
    return client.post(reverse("admin:catalog_feedimport_add"), {"merchant": shop.pk, "file": file, "url": "", **more})


def address(page: str, feed_import: FeedImport) -> str:
    return reverse(f"admin:catalog_feedimport_{page}", args=[feed_import.pk])


def typed(feed_import: FeedImport, **changes: str) -> dict[str, str]:
    """The form of the second step as the page hands it out."""
    values = {name: getattr(feed_import, name) for name in ("format", "encoding", "delimiter", "currency")}
    mapping = {f"map-{key}": name for key, name in feed_import.mapping.items()}
    return {**values, **mapping, **changes}


def started(client: Client, shop: Merchant) -> FeedImport:
    upload(client, shop)
    return FeedImport.objects.get()


def tried(client: Client, shop: Merchant) -> FeedImport:
    feed_import = started(client, shop)
    client.post(address("columns", feed_import), typed(feed_import, **{"try": "1"}))
    feed_import.refresh_from_db()
    return feed_import


def test_an_upload_leads_to_its_columns_with_what_is_understood_of_them(admin_client: Client, shop: Merchant) -> None:
    answer = upload(admin_client, shop)
    feed_import = FeedImport.objects.get()
    assert answer.headers["Location"] == address("columns", feed_import)
    assert (feed_import.created_by, feed_import.delimiter) == ("admin", ";")
    page = admin_client.get(address("columns", feed_import)).content.decode()
    assert '<option value="ean" selected>' in page
    assert "99,90" in page
    assert "99.90" in page
    assert "The price" in page


def test_without_a_file_and_an_address_nothing_is_made_and_the_page_says_what_to_do(
    admin_client: Client, shop: Merchant
) -> None:
    answer = admin_client.post(reverse("admin:catalog_feedimport_add"), {"merchant": shop.pk, "url": ""})
    assert answer.status_code == 400
    assert "one of the two" in answer.content.decode()
    assert f'<option value="{shop.pk}" selected>' in answer.content.decode()
    assert not FeedImport.objects.exists()


def test_what_was_typed_stays_when_something_is_missing(admin_client: Client, shop: Merchant) -> None:
    feed_import = started(admin_client, shop)
    changes = {"map-sku": "", "map-title": "brand", "map-brand": "", "currency": "GBP", "try": "1"}
    answer = admin_client.post(address("columns", feed_import), typed(feed_import, **changes))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Merchant SKU: choose the column." in page
    feed_import.refresh_from_db()
    assert (feed_import.mapping["title"], feed_import.currency) == ("brand", "GBP")
    assert "sku" not in feed_import.mapping


def test_a_corrected_delimiter_reads_the_sample_anew(admin_client: Client, shop: Merchant) -> None:
    feed_import = started(admin_client, shop)
    admin_client.post(address("columns", feed_import), typed(feed_import, delimiter="|"))
    feed_import.refresh_from_db()
    assert len(feed_import.sample["columns"]) == 1
    admin_client.post(address("columns", feed_import), {"detect": "1"})
    feed_import.refresh_from_db()
    assert (feed_import.delimiter, len(feed_import.sample["columns"])) == (";", 7)


def test_the_trial_run_tells_what_would_happen_and_stores_nothing(admin_client: Client, shop: Merchant) -> None:
    feed_import = tried(admin_client, shop)
    page = admin_client.get(address("trial", feed_import)).content.decode()
    assert "All 3 rows were tried" in page
    assert "1 offers would be new" in page
    assert "soon" in page
    assert not Offer.objects.exists()
    table = b"".join(admin_client.get(address("problems", feed_import) + "?trial=1")).decode()  # type: ignore[arg-type]
    assert table.startswith("\ufeffrow,field,what_is_wrong,what_stood_there")
    assert "4,Price," in table


def test_the_import_is_started_and_its_page_tells_how_it_went(
    admin_client: Client, shop: Merchant, django_capture_on_commit_callbacks: Any
) -> None:
    feed_import = tried(admin_client, shop)
    answer = admin_client.post(address("act", feed_import), {"act": "start"})
    assert answer.headers["Location"] == address("progress", feed_import)
    feed_import.refresh_from_db()
    assert feed_import.state == FeedImport.State.QUEUED
    page = admin_client.get(address("progress", feed_import)).content.decode()
    assert "Cancel the import" in page
    assert '<meta http-equiv="refresh"' in page
    run_import(feed_import_id=feed_import.pk, now=timezone.now())
    now = admin_client.get(address("now", feed_import)).json()
    assert (now["percent"], now["is_moving"], now["counters"]["offers_made"]) == (100, False, 1)
    page = admin_client.get(address("progress", feed_import)).content.decode()
    assert "Begin anew" in page
    assert "Cancel the import" not in page
    assert Offer.objects.get().merchant_sku == "A1"


def test_an_import_is_cancelled_and_resumed(admin_client: Client, shop: Merchant) -> None:
    feed_import = tried(admin_client, shop)
    admin_client.post(address("act", feed_import), {"act": "start"})
    admin_client.post(address("act", feed_import), {"act": "cancel"})
    feed_import.refresh_from_db()
    assert feed_import.state == FeedImport.State.CANCELLED
    assert "Resume" in admin_client.get(address("progress", feed_import)).content.decode()
    admin_client.post(address("act", feed_import), {"act": "resume"})
    feed_import.refresh_from_db()
    assert feed_import.state == FeedImport.State.QUEUED


def test_going_back_for_another_file_keeps_the_mapping(admin_client: Client, shop: Merchant) -> None:
    feed_import = started(admin_client, shop)
    admin_client.post(address("columns", feed_import), typed(feed_import, **{"map-title": "", "show": "1"}))
    page = admin_client.get(address("file", feed_import)).content.decode()
    assert "feed.csv" in page
    other = SimpleUploadedFile("second.csv", FEED.replace("99,90", "89,90").encode())
    admin_client.post(address("file", feed_import), {"merchant": shop.pk, "url": "", "file": other})
    fresh = FeedImport.objects.get()
    assert fresh.file_name == "second.csv"
    assert "title" not in fresh.mapping
    assert fresh.mapping["gtin"] == "ean"


def test_going_back_for_another_merchant_keeps_the_file(admin_client: Client, shop: Merchant) -> None:
    feed_import = started(admin_client, shop)
    other = make_merchant("Other")
    admin_client.post(address("file", feed_import), {"merchant": other.pk, "url": ""})
    feed_import.refresh_from_db()
    assert (feed_import.merchant, feed_import.file_name) == (other, "feed.csv")


def test_a_file_that_is_none_is_told_in_a_sentence(admin_client: Client, shop: Merchant) -> None:
    upload(admin_client, shop, text="\x00\x01\x02", name="feed.csv")
    feed_import = FeedImport.objects.get()
    page = admin_client.get(address("columns", feed_import)).content.decode()
    assert feed_import.error
    assert "errornote" in page
    assert "Look at it again" in page


def test_an_address_is_looked_at_by_a_worker_while_the_page_waits(admin_client: Client, shop: Merchant) -> None:
    asked = {"merchant": shop.pk, "url": "https://shop.example/feed.csv"}
    admin_client.post(reverse("admin:catalog_feedimport_add"), asked)
    feed_import = FeedImport.objects.get()
    assert "being looked at" in admin_client.get(address("columns", feed_import)).content.decode()


@pytest.mark.parametrize("page", ["file", "columns", "trial", "progress", "now", "problems"])
def test_who_may_not_import_sees_none_of_it(client: Client, admin_client: Client, shop: Merchant, page: str) -> None:
    feed_import = tried(admin_client, shop)
    client.force_login(make_staff("visitor", "catalog.view_product"))
    assert client.get(address(page, feed_import)).status_code == 403
    assert client.post(address("act", feed_import), {"act": "start"}).status_code == 403
    assert client.get(reverse("admin:catalog_feedimport_add")).status_code == 403


def test_an_import_that_runs_is_not_set_up_any_more(admin_client: Client, shop: Merchant) -> None:
    feed_import = tried(admin_client, shop)
    admin_client.post(address("act", feed_import), {"act": "start"})
    assert admin_client.get(address("columns", feed_import)).headers["Location"] == address("progress", feed_import)
    assert admin_client.get(reverse("admin:catalog_feedimport_change", args=[feed_import.pk])).status_code == 302
    assert admin_client.get(reverse("admin:catalog_feedimport_changelist")).status_code == 200

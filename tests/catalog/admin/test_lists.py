"""Every list and form of the catalogue opens, with as many questions to the database for many rows as for few."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.models import Click, Price, RefreshRun
from tests.factories import make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db
LISTS = ["product", "brand", "merchant", "offer", "price", "refreshrun", "click", "feedimport", "productmerge"]
READ_ONLY = ["price", "refreshrun", "click"]


def fill(start: int, count: int) -> None:
    now = timezone.now()
    for number in range(start, start + count):
        merchant = make_merchant(f"Shop {number}", source="merchant_feed")
        offer = make_seen_offer(make_product(f"M{number}", brand=f"Brand {number}"), merchant)
        Price.objects.create(
            offer=offer, amount=9, currency="USD", availability="in_stock", seen_at=now, source="manual"
        )
        RefreshRun.objects.create(merchant=merchant, source="manual", started_at=now, outcome="done")
        Click.objects.create(
            id=uuid.uuid4(), clicked_at=now - timedelta(seconds=number), code=f"code-{number}", agent="person"
        )


def questions(client: Client, name: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse(f"admin:catalog_{name}_changelist")).status_code == 200
    return len(asked)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_the_same_number_of_questions_for_many_rows(admin_client: Client, name: str) -> None:
    fill(0, 2)
    few = questions(admin_client, name)
    fill(2, 18)
    assert questions(admin_client, name) <= few + 1  # one more: pages beyond the first are counted once


@pytest.mark.parametrize("name", LISTS)
def test_a_list_can_be_searched(admin_client: Client, name: str) -> None:
    fill(0, 1)
    response = admin_client.get(reverse(f"admin:catalog_{name}_changelist"), {"q": "m0"})
    assert response.status_code in {200, 302}


@pytest.mark.parametrize("name", READ_ONLY)
def test_records_cannot_be_added(admin_client: Client, name: str) -> None:
    assert admin_client.get(reverse(f"admin:catalog_{name}_add")).status_code == 403


@pytest.mark.parametrize("name", ["product", "brand", "merchant", "offer"])
def test_forms_open_empty_and_filled(admin_client: Client, name: str) -> None:
    fill(0, 1)
    assert admin_client.get(reverse(f"admin:catalog_{name}_add")).status_code == 200
    model = {"product": "Product", "brand": "Brand", "merchant": "Merchant", "offer": "Offer"}[name]
    from catalog import models

    pk = getattr(models, model).objects.get().pk
    assert admin_client.get(reverse(f"admin:catalog_{name}_change", args=[pk])).status_code == 200


def test_clicks_are_listed_newest_first_and_filtered(admin_client: Client) -> None:
    fill(0, 3)
    url = reverse("admin:catalog_click_changelist")
    page = admin_client.get(url).content.decode()
    assert page.index("code-0") < page.index("code-1") < page.index("code-2")
    assert "code-1" not in admin_client.get(url, {"agent__exact": "bot"}).content.decode()
    found = admin_client.get(url, {"q": "code-2"}).content.decode()
    assert "code-2" in found
    assert "code-1" not in found


def test_the_job_page_says_how_each_merchant_is_doing(admin_client: Client) -> None:
    fill(0, 1)
    merchant = make_merchant("Bad luck", source="merchant_feed", consecutive_failures=3, last_error="It hung.")
    merchant.paused_until = timezone.now() + timedelta(hours=1)
    merchant.save()
    page = admin_client.get(reverse("admin:catalog_refreshrun_changelist")).content.decode()
    table = page[page.index("<caption>Merchants") :].partition("</table>")[0]
    assert table.index("Bad luck") < table.index("Shop 0")  # what fails stands first
    assert "It hung." in table
    assert f"paused until {merchant.paused_until:%Y-%m-%d}" in table
    assert "Done" in table


def test_an_editor_without_rights_sees_nothing(client: Client) -> None:
    assert client.get(reverse("admin:catalog_click_changelist")).status_code == 302

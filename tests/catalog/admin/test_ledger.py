"""The claim ledger: what rests on whose word, and what has to be looked at again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.models import SpecEvidence
from catalog.services.evidence import in_months
from tests.factories import make_product

pytestmark = pytest.mark.django_db
LIST = "admin:catalog_specevidence_changelist"


def claims(count: int, **fields: Any) -> list[SpecEvidence]:
    product = make_product(f"P{SpecEvidence.objects.count()}", specs={"weight_g": 250})
    values: dict[str, Any] = {"spec": "weight_g", "checked_on": date(2026, 1, 1), **fields}
    return [SpecEvidence.objects.create(product=product, source=f"Source {n}", **values) for n in range(count)]


def test_asks_as_much_for_two_hundred_rows_as_for_twenty(admin_client: Client) -> None:
    asked = []
    for count in (20, 180):
        claims(count, value="260 g", tester="Ada")
        admin_client.get(reverse(LIST))
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(reverse(LIST)).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_what_is_late_stands_first_and_says_so(admin_client: Client) -> None:
    today = timezone.localdate()
    claims(1)
    claims(1, due_on=today - timedelta(days=3))
    html = admin_client.get(reverse(LIST)).content.decode()
    assert "3 days late" in html
    only_late = admin_client.get(reverse(LIST), {"due": "overdue"})
    assert only_late.context["cl"].result_count == 1


def test_a_source_that_contradicts_the_sheet_is_marked(admin_client: Client) -> None:
    claims(1, value="300 g")
    assert "The sheet says otherwise: 250 g" in admin_client.get(reverse(LIST)).content.decode()


def test_checked_today_moves_the_day_and_the_due_date(admin_client: Client) -> None:
    rows = claims(2)
    data = {"action": "checked_today", "_selected_action": [row.pk for row in rows]}
    answer = admin_client.post(reverse(LIST), data, follow=True)
    assert "2 claims were checked today" in answer.content.decode()
    today = timezone.localdate()
    assert set(SpecEvidence.objects.values_list("checked_on", "due_on")) == {(today, in_months(today, 6))}


def test_six_months_after_the_31st_of_august_is_the_last_of_february() -> None:
    assert in_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert in_months(date(2027, 8, 31), 6) == date(2028, 2, 29)


def test_a_measurement_needs_its_tester_and_no_day_to_come(admin_client: Client) -> None:
    product = make_product(specs={"weight_g": 250})
    data = {
        "product": product.pk,
        "spec": "weight_g",
        "source": "Our lab",
        "is_measured": "on",
        "checked_on": (timezone.localdate() + timedelta(days=1)).isoformat(),
    }
    html = admin_client.post(reverse("admin:catalog_specevidence_add"), data).content.decode()
    assert "Who measured it?" in html
    assert "This day has not come yet." in html
    data |= {"tester": "Ada", "checked_on": timezone.localdate().isoformat()}
    assert admin_client.post(reverse("admin:catalog_specevidence_add"), data).status_code == 302
    assert SpecEvidence.objects.get().tester == "Ada"


def test_the_ledger_goes_home_as_csv(admin_client: Client) -> None:
    claims(1, value="300 g", tester="Ada")
    answer = admin_client.get(reverse("admin:catalog_specevidence_export"))
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "300 g" in text
    assert "250 g" in text

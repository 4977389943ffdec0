"""A key that may read reports gets the rows and sums of the desk's page, and the same file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import ViewTally
from reviews.reports.sides import SIDES
from tests.factories import make_link, make_merchant, make_offer, make_product, make_published_article, make_staff
from tests.partners.keys import make_key, shown
from tests.reviews.reports.test_reports_page import PAGE, rows, sold, tally

pytestmark = pytest.mark.django_db

REPORT = "/api/v1/reports/clicks/"


@pytest.fixture
def key() -> dict[str, str]:
    return shown(make_key("reports:read")[1])


def report(client: Client, key: dict[str, str], /, **asked: Any) -> Any:
    answer = client.get(REPORT, asked, headers=key)
    assert answer.status_code == 200, answer.content
    assert answer["Cache-Control"] == "private, no-cache"
    return answer.json()


def problem(client: Client, key: dict[str, str], /, **asked: Any) -> str:
    answer = client.get(REPORT, asked, headers=key)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    (found,) = answer.json()["errors"]
    return f"{found['field']}: {found['problem']}"


def test_pages_are_told_with_their_views_and_what_they_earned(client: Client, key: dict[str, str]) -> None:
    article = make_published_article("first-choices", title="First choices")
    tally("page", f"a{article.pk}")
    tally("total", "")
    day = timezone.localdate() - timedelta(days=1)
    ViewTally.objects.create(day=day, path="/guides/first-choices/", views=90, net_views=40)
    sold(placement=f"a{article.pk}.1.1")
    told = report(client, key)
    (row,) = told["rows"]
    assert (row["key"], row["name"], row["path"]) == (
        f"a{article.pk}",
        "Guide: First choices",
        "/guides/first-choices/",
    )
    assert (row["clicks"], row["net_clicks"], row["net_views"]) == (10, 4, 40)
    assert row["earned"] == {
        "conversions": 1, "declined": 0, "approved": "8.0000", "pending": "0.0000", "unconverted": 0,
    }  # fmt: skip
    assert (told["by"], told["currency"], told["count"]) == ("page", "EUR", 1)
    assert told["total"]["net_clicks"] == 4
    assert told["total"]["earned"]["approved"] == "8.0000"


def test_a_row_can_be_looked_into_and_taken_alone(client: Client, key: dict[str, str]) -> None:
    tally("block", "a1.1", net=3)
    tally("block", "a1.2", net=2)
    tally("block", "a12.1", net=9)
    assert [row["key"] for row in report(client, key, by="block", **{"in": "a1."})["rows"]] == ["a1.1", "a1.2"]
    (row,) = report(client, key, by="block", key="a1.2")["rows"]
    assert row["net_clicks"] == 2


def test_what_is_cut_is_counted(client: Client, key: dict[str, str]) -> None:
    for number in range(5):
        tally("link", f"code-{number}", net=number + 1)
        tally("total", "", days_ago=number + 1, net=number + 1)
    told = report(client, key, by="link", limit=2)
    assert [row["key"] for row in told["rows"]] == ["code-4", "code-3"]
    assert (told["count"], told["total"]["net_clicks"]) == (5, 15)


@pytest.mark.parametrize("asked_for", [{"format": "csv"}, {}], ids=["parameter", "header"])
@pytest.mark.parametrize("by", ["link", "merchant"])
def test_the_file_is_the_desks(by: str, asked_for: dict[str, str], client: Client, key: dict[str, str]) -> None:
    offer = make_offer(make_product("Two"), make_merchant("=SUM(A1)"))
    make_link(offer, "two-fine")
    tally("link", "two-fine")
    tally("merchant", str(offer.merchant_id))
    desk = Client()
    desk.force_login(make_staff("ada", "catalog.view_clicktally"))
    own = rows(desk.get(PAGE, {"by": by, "format": "csv"}))
    headers = key if asked_for else {**key, "Accept": "text/csv"}
    answer = client.get(REPORT, {"by": by, **asked_for}, headers=headers)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert list(csv.DictReader(io.StringIO(text))) == own
    assert len(own) == 1
    assert not any(value.startswith("=") for value in own[0].values())


def test_every_side_is_answered_and_one_there_is_not_is_named(client: Client, key: dict[str, str]) -> None:
    for side in SIDES:
        assert report(client, key, by=side)["rows"] == []
    assert problem(client, key, by="moon").startswith("by: “moon” is none of article, page, block")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"limit": "0"}, "limit: A whole number from 1 to 1000."),
        ({"limit": "1001"}, "limit: A whole number from 1 to 1000."),
        ({"limit": "-1"}, "limit: A whole number"),
        ({"since": "2026-13-01"}, "since: “2026-13-01” is no day."),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "since: The last day"),
        ({"key": "a" * 61}, "key: No key is longer"),
        ({"sides": "page"}, "sides: Unknown parameter"),
    ],
)
def test_what_does_not_fit_is_said(asked: dict[str, str], said: str, client: Client, key: dict[str, str]) -> None:
    assert problem(client, key, **asked).startswith(said)
    assert problem(client, key, **asked, format="csv").startswith(said)


def test_questions_do_not_grow_with_rows(client: Client, key: dict[str, str]) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            report(client, key, by="link")
        return len(queries)

    def add(number: int) -> None:
        make_link(make_offer(make_product(f"P{number}"), make_merchant(f"Shop {number}")), f"code-{number}")
        tally("link", f"code-{number}")

    add(0)
    add(1)
    report(client, key, by="link")  # the day's first use of the key is written down
    few = asked()
    for number in range(2, 20):
        add(number)
    assert asked() == few

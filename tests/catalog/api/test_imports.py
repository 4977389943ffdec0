"""A key that may read imports sees what came in, what was not taken and how refreshing went, and no feed's address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.api.imports import without_addresses
from catalog.models import FeedImport, ImportProblem, RefreshRun
from tests.factories import make_merchant
from tests.partners.keys import make_key, shown

pytestmark = pytest.mark.django_db

IMPORTS, REFRESHES = "/api/v1/imports/", "/api/v1/refreshes/"
SECRET = "https://robin:hunter2@feeds.example/datafeed/apikey/s3cret/list.csv?token=s3cret"


@pytest.fixture
def key() -> dict[str, str]:
    return shown(make_key("imports:read")[1])


def get(client: Client, key: dict[str, str], path: str, **asked: Any) -> Any:
    answer = client.get(path, asked, headers=key)
    assert answer.status_code == 200, answer.content
    assert b"s3cret" not in answer.content
    return answer.json()


def make_import(state: str = "done", **fields: Any) -> FeedImport:
    return FeedImport.objects.create(merchant=fields.pop("merchant", None) or make_merchant(), state=state, **fields)


def test_an_import_says_how_far_it_is(client: Client, key: dict[str, str]) -> None:
    row = make_import(
        "failed", url=SECRET, position=10, rows_total=20, offers_made=3, error=f"GET {SECRET}: 404", created_by="robin"
    )
    (told,) = get(client, key, IMPORTS)["results"]
    assert (told["id"], told["merchant"], told["state"]) == (row.pk, "shop", "failed")
    assert (told["rows_done"], told["rows_total"], told["offers_made"]) == (10, 20, 3)
    assert told["error"] == "GET feeds.example: 404"
    assert "robin" not in str(told)
    assert told.items() <= get(client, key, f"{IMPORTS}{row.pk}/").items()


def test_imports_come_newest_first_and_by_merchant_and_state(client: Client, key: dict[str, str]) -> None:
    shop, other = make_merchant("Shop"), make_merchant("Other")
    first, second, third = (
        make_import(merchant=shop),
        make_import("running", merchant=shop),
        make_import(merchant=other),
    )
    assert [row["id"] for row in get(client, key, IMPORTS)["results"]] == [third.pk, second.pk, first.pk]
    assert [row["id"] for row in get(client, key, IMPORTS, merchant="shop", state="done")["results"]] == [first.pk]
    assert client.get(IMPORTS, {"state": "lost"}, headers=key).status_code == 400


def test_rows_that_were_not_taken_are_told_in_their_order(client: Client, key: dict[str, str]) -> None:
    row, other = make_import(), make_import(merchant=make_merchant("Other"))
    for number in (7, 3):
        ImportProblem.objects.create(
            feed_import=row, row_number=number, field="price", message="No amount.", raw="free"
        )
    ImportProblem.objects.create(feed_import=other, row_number=1, message="Not this one.")
    told = get(client, key, f"{IMPORTS}{row.pk}/problems/")["results"]
    assert told[0] == {"row": 3, "field": "price", "problem": "No amount.", "value": "free"}
    assert [one["row"] for one in told] == [3, 7]
    first = get(client, key, f"{IMPORTS}{row.pk}/problems/", page_size=1)
    assert [one["row"] for one in get(client, key, first["next"])["results"]] == [7]
    assert client.get(f"{IMPORTS}999999/problems/", headers=key).status_code == 404


def test_rounds_of_refreshing_are_told(client: Client, key: dict[str, str]) -> None:
    shop, now = make_merchant(), timezone.now()
    RefreshRun.objects.create(merchant=shop, source="awin_feed", started_at=now - timedelta(hours=1), outcome="done")
    RefreshRun.objects.create(
        merchant=shop, source="awin_feed", started_at=now, outcome="failed", error=f"{SECRET} took too long."
    )
    told = get(client, key, REFRESHES)["results"]
    assert [one["outcome"] for one in told] == ["failed", "done"]
    assert told[0]["error"] == "feeds.example took too long."
    assert [one["outcome"] for one in get(client, key, REFRESHES, outcome="done")["results"]] == ["done"]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (f"({SECRET}): 403", "(feeds.example): 403"),
        ("https://a.example/x,key=s3cret;y).", "a.example)."),
        ("http://a.example:8080/x and https://b.example", "a.example and b.example"),
        ("The feed ends in the middle of a row.", "The feed ends in the middle of a row."),
    ],
)
def test_of_an_address_only_the_host_is_said(said: str, left: str) -> None:
    assert without_addresses(said) == left


@pytest.mark.parametrize("path", [IMPORTS, REFRESHES])
def test_questions_do_not_grow_with_rows(path: str, client: Client, key: dict[str, str]) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            get(client, key, path)
        return len(queries)

    def add(number: int) -> None:
        shop = make_merchant(f"Shop {number}")
        make_import(merchant=shop)
        RefreshRun.objects.create(merchant=shop, source="manual", started_at=timezone.now())

    add(0)
    add(1)
    get(client, key, path)  # the day's first use of the key is written down
    few = asked()
    for number in range(2, 20):
        add(number)
    assert asked() == few

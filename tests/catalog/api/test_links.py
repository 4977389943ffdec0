"""A key that may read links sees where each leads, how it is doing and how often it was followed; never more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.link_states import STATES
from catalog.models import ClickTally, Failover, Link, LinkRoute, Offer
from tests.factories import make_link, make_merchant, make_offer, make_product
from tests.partners.keys import make_key, shown

pytestmark = pytest.mark.django_db

LINKS = "/api/v1/links/"


@pytest.fixture
def key() -> dict[str, str]:
    return shown(make_key("links:read")[1])


def get(client: Client, key: dict[str, str], path: str = LINKS, **asked: Any) -> Any:
    answer = client.get(path, asked, headers=key)
    assert answer.status_code == 200, answer.content
    return answer.json()


def count(code: str, days_ago: int, clicks: int, net: int) -> None:
    day = timezone.localdate() - timedelta(days=days_ago)
    ClickTally.objects.create(day=day, dimension="link", key=code, clicks=clicks, net_clicks=net)


def test_a_link_says_where_it_leads_and_how_often_it_was_followed(client: Client, key: dict[str, str]) -> None:
    offer = make_offer(make_product("One"), make_merchant("Corner shop"))
    make_link(offer, "one")
    count("one", 0, 5, 3)
    count("one", 29, 2, 1)
    count("one", 30, 100, 100)
    (row,) = get(client, key)["results"]
    assert (row["code"], row["product"], row["merchant"]) == ("one", "acme-one", "corner-shop")
    assert row["url"].endswith("/go/one/")
    assert row["destination"] == offer.url
    assert (row["clicks"], row["net_clicks"]) == (7, 4)
    assert (row["state"], row["state_text"], row["has_routes"]) == ("active", "active", False)
    assert get(client, key, f"{LINKS}one/") == row


def test_each_state_is_told_and_asked_for(client: Client, key: dict[str, str]) -> None:
    shop, other = make_merchant("Shop"), make_merchant("Other")
    links = {kind: make_link(make_offer(make_product(kind), shop), kind) for kind in STATES}
    now = timezone.now()
    Link.objects.filter(code="off").update(is_active=False)
    Link.objects.filter(code="ended").update(expires_at=now - timedelta(hours=1))
    Offer.objects.filter(pk=links["nowhere"].offer_id).update(withdrawn_at=now)
    spare = make_offer(links["failing"].offer.product, other)
    Failover.objects.create(
        link=links["failing"], from_offer=links["failing"].offer, to_offer=spare, reason="Gone", started_at=now
    )
    told = {row["code"]: row["state"] for row in get(client, key)["results"]}
    assert told == {kind: kind for kind in STATES}
    for kind in STATES:
        assert [row["code"] for row in get(client, key, state=kind)["results"]] == [kind]


def test_links_are_found_by_product_and_merchant_and_a_misspelt_filter_is_refused(
    client: Client, key: dict[str, str]
) -> None:
    shop = make_merchant("Shop")
    make_link(make_offer(make_product("One"), shop), "one")
    make_link(make_offer(make_product("Two"), make_merchant("Other")), "two")
    assert [row["code"] for row in get(client, key, product="acme-two")["results"]] == ["two"]
    assert [row["code"] for row in get(client, key, merchant="shop")["results"]] == ["one"]
    refused = client.get(LINKS, {"shop": "shop"}, headers=key)
    assert refused.status_code == 400
    assert "known are: cursor, format, merchant" in refused.json()["errors"][0]["problem"]


def test_routes_are_told_of(client: Client, key: dict[str, str]) -> None:
    link = make_link(make_offer(), "one")
    LinkRoute.objects.create(link=link, offer=link.offer, countries=["DE"])
    assert get(client, key, f"{LINKS}one/")["has_routes"] is True


def test_clicks_come_by_day(client: Client, key: dict[str, str]) -> None:
    make_link(make_offer(), "one")
    count("one", 2, 5, 3)
    count("one", 0, 2, 2)
    count("two", 0, 9, 9)
    count("one", 40, 1, 1)
    today = timezone.localdate()
    said = get(client, key, f"{LINKS}one/clicks/")
    assert said["since"] == f"{today - timedelta(days=29)}"
    assert said["days"] == [
        {"day": f"{today - timedelta(days=2)}", "clicks": 5, "net_clicks": 3},
        {"day": f"{today}", "clicks": 2, "net_clicks": 2},
    ]
    far = get(client, key, f"{LINKS}one/clicks/", since=today - timedelta(days=60), until=today - timedelta(days=30))
    assert [day["clicks"] for day in far["days"]] == [1]


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ({"since": "yesterday"}, "since", "“yesterday” is no day. Write it as 2026-11-27."),
        ({"until": "2026-02-30"}, "until", "is no day"),
        ({"since": "2026-03-01", "until": "2026-02-01"}, "since", "is before the first"),
        ({"since": "1999-01-01", "until": "2026-01-01"}, "since", "ten years at most"),
        ({"until": "0001-01-02"}, "until", "Choose a later one."),
        ({"from": "2026-01-01"}, "from", "Unknown parameter"),
    ],
)
def test_days_that_are_none_are_refused(
    asked: dict[str, str], field: str, said: str, client: Client, key: dict[str, str]
) -> None:
    make_link(make_offer(), "one")
    answer = client.get(f"{LINKS}one/clicks/", asked, headers=key)
    assert answer.status_code == 400
    (problem,) = answer.json()["errors"]
    assert problem["field"] == field
    assert said in problem["problem"]


def test_a_code_there_is_not_is_not_found(client: Client, key: dict[str, str]) -> None:
    for path in ("nothing/", "nothing/clicks/"):
        assert client.get(LINKS + path, headers=key).status_code == 404


def test_questions_do_not_grow_with_links(client: Client, key: dict[str, str]) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            get(client, key)
        return len(queries)

    shop = make_merchant("Shop")
    for number in range(2):
        make_link(make_offer(make_product(f"A{number}", brand=f"A{number}"), shop), f"a{number}")
    get(client, key)  # the day's first use of the key is written down
    few = asked()
    for number in range(18):
        make_link(make_offer(make_product(f"B{number}", brand=f"B{number}"), shop), f"b{number}")
    assert asked() == few

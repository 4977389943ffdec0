"""Machines see products and offers with the same terms as readers, and errors that say what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Offer
from tests.factories import make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db


def products(client: Client, **parameters: str) -> list[dict[str, object]]:
    response = client.get("/api/v1/products/", parameters)
    assert response.status_code == 200, response.content
    rows: list[dict[str, object]] = response.json()["results"]
    return rows


def test_a_product_comes_with_specs_types_and_offers(client: Client) -> None:
    product = make_product("One", kind="headphones", type="over-ear", specs={"wireless": True, "anc": None})
    make_seen_offer(product, make_merchant("Shop", api_allowed=True), amount="129.90")
    body = client.get("/api/v1/products/acme-one/").json()
    assert body["name"] == "Acme One"
    assert body["types"] == ["over-ear", "wireless"]
    assert body["specs"]["wireless"] is True
    assert body["specs"]["anc"] is None
    (offer,) = body["offers"]
    assert offer["price"]["amount"] == "129.90"
    assert offer["price"]["currency"] == "USD"
    assert "/go/acme-one-shop/" in offer["url"]


def test_a_merchant_that_forbids_the_api_shows_no_price_there(client: Client) -> None:
    make_seen_offer(make_product(), make_merchant("Strict", api_allowed=False))
    (offer,) = client.get("/api/v1/products/acme-one/").json()["offers"]
    assert offer["price"] is None
    assert offer["availability"] == "unknown"


def test_a_price_that_outlived_its_licence_is_gone(client: Client) -> None:
    make_seen_offer(
        make_product(),
        make_merchant(api_allowed=True, max_price_age=timedelta(hours=24)),
        seen_at=timezone.now() - timedelta(hours=25),
    )
    (offer,) = client.get("/api/v1/offers/").json()["results"]
    assert offer["price"] is None
    assert offer["product"] == "acme-one"


@pytest.mark.parametrize(
    ("fields", "because"),
    [
        ({"seen_at": None, "availability": "unknown"}, "not_read"),
        ({"availability": "unknown"}, "not_read"),
        ({"availability": "out_of_stock"}, "not_sold"),
    ],
    ids=["never read", "could not be read", "sold out"],
)
def test_a_price_that_could_not_be_read_is_not_called_sold_out(
    client: Client, fields: dict[str, object], because: str
) -> None:
    offer = make_seen_offer(make_product(), make_merchant(api_allowed=True))
    Offer.objects.filter(pk=offer.pk).update(**{"amount": None, "currency": "", **fields})
    (row,) = client.get("/api/v1/offers/").json()["results"]
    assert (row["price"], row["price_unavailable_because"]) == (None, because)


def test_filters_narrow_by_kind_type_brand_and_spec(client: Client) -> None:
    make_product("Wired", kind="headphones", type="over-ear", specs={"wireless": False})
    make_product("Free", kind="headphones", type="over-ear", specs={"wireless": True})
    make_product("Raid", brand="Bolt", kind="headset", type="gaming")
    assert [row["model"] for row in products(client, kind="headset")] == ["Raid"]
    assert [row["model"] for row in products(client, type="wireless")] == ["Free"]
    assert [row["model"] for row in products(client, brand="bolt")] == ["Raid"]
    assert [row["model"] for row in products(client, wireless="false")] == ["Wired"]
    assert [row["model"] for row in products(client, wireless="no")] == ["Wired"]
    assert [row["model"] for row in products(client, q="bolt raid")] == ["Raid"]


@pytest.mark.parametrize(
    ("parameters", "field", "problem"),
    [
        ({"kind": "loudspeaker"}, "kind", "“loudspeaker” is none of headphones, headset."),
        ({"colour": "red"}, "colour", "Unknown parameter; known are: "),
    ],
)
def test_a_filter_that_does_not_fit_is_refused_with_a_sentence(
    client: Client, parameters: dict[str, str], field: str, problem: str
) -> None:
    response = client.get("/api/v1/products/", parameters)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    (error,) = response.json()["errors"]
    assert error["field"] == field
    assert problem in error["problem"]


def test_an_unknown_product_is_a_problem_document(client: Client) -> None:
    response = client.get("/api/v1/products/nothing/")
    assert response.status_code == 404
    assert response.json()["title"] == "Not Found"


@pytest.mark.parametrize("cursor", ["zzz", "ü", "bz14"], ids=["no base64", "no ASCII", "o=x"])
def test_a_cursor_that_is_none_of_ours_says_what_to_do(client: Client, cursor: str) -> None:
    response = client.get("/api/v1/products/", {"cursor": cursor})
    assert response.status_code == 404
    assert "follow `next` as it was answered, or begin without one" in response.json()["detail"]


def test_pages_are_stable_when_rows_come_in_between(client: Client) -> None:
    for number in range(6):
        make_product(f"M{number * 2}")
    first = client.get("/api/v1/products/", {"page_size": 3}).json()
    make_product("M1")  # sorts into the first page, after it was read
    second = client.get(first["next"]).json()
    seen = [row["model"] for row in first["results"] + second["results"]]
    assert len(seen) == len(set(seen)) == 6


def count_queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get("/api/v1/products/", {"page_size": 50})
        client.get("/api/v1/offers/", {"page_size": 50})
    return len(queries)


def test_queries_do_not_grow_with_rows(client: Client) -> None:
    merchant = make_merchant()
    for number in range(2):
        make_seen_offer(make_product(f"A{number}"), merchant)
    few = count_queries(client)
    for number in range(18):
        make_seen_offer(make_product(f"B{number}"), merchant)
    assert count_queries(client) == few


def test_the_schema_is_openapi_3_1_and_lists_the_doors(client: Client) -> None:
    response = client.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    schema = response.json()
    assert schema["openapi"].startswith("3.1")
    assert {"/api/v1/products/", "/api/v1/offers/", "/api/v1/articles/"} <= set(schema["paths"])


def test_the_docs_page_loads_nothing_from_elsewhere(client: Client) -> None:
    page = client.get("/api/v1/docs/").content.decode()
    assert "swagger-ui" in page
    assert "//cdn" not in page
    assert 'src="http' not in page


def test_a_direct_link_is_tagged_like_any_other(client: Client) -> None:
    merchant = make_merchant(
        "Amazon",
        hosts=["www.amazon.com"],
        network="amazon",
        network_settings={"tag_us": "ours-20"},
        link_style="direct",
    )
    make_seen_offer(make_product(), merchant, url="https://www.amazon.com/dp/B000000001?tag=theirs-20")
    (offer,) = client.get("/api/v1/products/acme-one/").json()["offers"]
    assert offer["url"] == "https://www.amazon.com/dp/B000000001?tag=ours-20"


def test_a_direct_link_that_cannot_be_tagged_is_not_shown(client: Client) -> None:
    merchant = make_merchant(
        "Amazon", hosts=["www.amazon.com"], network="amazon", network_settings={}, link_style="direct"
    )
    make_seen_offer(make_product(), merchant, url="https://www.amazon.com/dp/B000000001")
    assert client.get("/api/v1/products/acme-one/").json()["offers"] == []


def test_the_docs_page_keeps_to_the_sites_policy(client: Client) -> None:
    page = client.get("/api/v1/docs/").content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page


def test_the_rate_is_counted_by_connection_not_by_what_a_client_says(client: Client) -> None:
    from rest_framework.test import APIRequestFactory
    from rest_framework.throttling import AnonRateThrottle

    asked = [
        APIRequestFactory().get("/", headers={"X-Forwarded-For": said}, REMOTE_ADDR="192.0.2.1")
        for said in ("198.51.100.1", "198.51.100.2")
    ]
    assert {AnonRateThrottle().get_ident(request) for request in asked} == {"192.0.2.1"}

"""Whoever narrows products over the API gets what the catalogue's page shows for the same address."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.api.product_filters import FILTERS
from catalog.facets.choices import FACETS
from catalog.models import Product
from catalog.product_index import find_products
from catalog.shopper import Shopper
from reviews.pages.catalogue.address import read
from tests.factories import make_merchant, make_product, make_seen_offer
from tests.reviews.scored import give, make_method

pytestmark = pytest.mark.django_db

PRODUCTS = "/api/v1/products/"


@pytest.fixture(autouse=True)
def _shelf() -> None:
    wired = make_product("Wired", kind="headphones", type="over-ear", specs={"wireless": False, "weight_g": 300})
    free = make_product("Free", kind="headphones", type="over-ear", specs={"wireless": True, "weight_g": 250})
    raid = make_product("Raid", brand="Bolt", kind="headset", type="gaming", specs={"weight_g": 280})
    make_seen_offer(free, make_merchant("Corner shop", api_allowed=False), amount="129.00")
    method = make_method()
    give(method, raid, sound="9.0", comfort="9.0", carrying="9.0")
    give(method, wired, sound="5.0", comfort="5.0", carrying="5.0")


def over_the_api(client: Client, query: str) -> set[str]:
    answer = client.get(f"{PRODUCTS}?{query}")
    assert answer.status_code == 200, answer.content
    return {row["slug"] for row in answer.json()["results"]}


def in_the_catalogue(query: str) -> set[str]:
    address = read(QueryDict(query))
    assert address.problems == ()
    found = find_products(address.question.asked(Shopper()), start=0, size=100, now=timezone.now())
    return set(Product.objects.filter(pk__in=found.ids).values_list("slug", flat=True))


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("kind=headphones", 2),
        ("type=wireless", 1),
        ("type=wireless,gaming", 2),
        ("brand=bolt&brand=acme", 3),
        ("brand=nobody", 0),
        ("wireless=yes", 1),
        ("wireless=no", 1),
        ("weight_g=250-280", 2),
        ("weight_g=-280", 2),
        ("weight_g=281-", 1),
        ("merchant=corner-shop", 1),
        ("score=7-", 1),
        ("use_case=desk", 1),
        ("q=bolt", 1),
        ("q=wierd", 1),
        ("q=zzxxqqvv", 0),
        ("kind=headphones&wireless=yes&q=free", 1),
    ],
)
def test_the_same_products_are_found(query: str, count: int, client: Client) -> None:
    found = over_the_api(client, query)
    assert found == in_the_catalogue(query)
    assert len(found) == count


def test_every_facet_but_price_and_stock_is_a_parameter_of_the_schema(client: Client) -> None:
    schema = client.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    told = {one["name"]: one["schema"] for one in schema["paths"][PRODUCTS]["get"]["parameters"]}
    wanted = {facet.key: facet for facet in FACETS if facet.key not in ("price", "stock")}
    assert set(wanted) == set(FILTERS)
    assert set(wanted) | {"q", "country", "currency", "cursor", "page_size"} == set(told)
    for key, facet in wanted.items():
        if facet.values:
            assert told[key]["items"]["enum"] == [value for value, _ in facet.values]


@pytest.mark.parametrize("query", ["price=100-130", "stock=in_stock"])
def test_what_terms_keep_back_is_not_asked_out_of_us(query: str, client: Client) -> None:
    """The shop of the shelf keeps its prices from the API: a range of prices would find them by halving."""
    answer = client.get(f"{PRODUCTS}?{query}")
    assert answer.status_code == 400
    assert "Unknown parameter" in answer.json()["errors"][0]["problem"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("kind=loudspeaker", "kind: “loudspeaker” is none of headphones, headset."),
        ("wireless=perhaps", "wireless: “perhaps” is none of yes, no."),
        ("weight_g=light", "weight_g: “light” is no range. Write weight_g=100-250, weight_g=100- (from)"),
        ("q=" + "a" * 81, "q: 80 letters at most."),
        ("brand=" + ",".join(f"b{n}" for n in range(41)), "brand: 40 values at most."),
    ],
)
def test_what_is_none_is_said(query: str, said: str, client: Client) -> None:
    answer = client.get(f"{PRODUCTS}?{query}")
    assert answer.status_code == 400
    (problem,) = answer.json()["errors"]
    assert f"{problem['field']}: {problem['problem']}".startswith(said)


def test_a_range_the_wrong_way_round_and_flags_as_scripts_write_them_are_understood(client: Client) -> None:
    assert over_the_api(client, "weight_g=280-250") == over_the_api(client, "weight_g=250-280")
    assert over_the_api(client, "wireless=true") == over_the_api(client, "wireless=1") == {"acme-free"}
    assert over_the_api(client, "wireless=false") == {"acme-wired"}


def test_found_products_come_page_by_page(client: Client) -> None:
    first = client.get(f"{PRODUCTS}?kind=headphones&page_size=1").json()
    second = client.get(first["next"]).json()
    assert [row["slug"] for row in (*first["results"], *second["results"])] == ["acme-free", "acme-wired"]
    assert second["next"] is None


def test_a_filter_costs_no_more_questions_with_more_products(client: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            over_the_api(client, "kind=headphones")
        return len(queries)

    over_the_api(client, "kind=headphones")  # the index is read
    few = asked()
    for number in range(12):
        make_product(f"More {number}", kind="headphones", type="over-ear")
    over_the_api(client, "kind=headphones")
    assert asked() == few

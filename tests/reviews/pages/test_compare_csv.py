from __future__ import annotations

import csv
from decimal import Decimal

import pytest
from django.test import Client

from catalog.models import SpecEvidence
from tests.factories import make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db


def rows(client: Client, query: str = "products=acme-one,acme-two") -> list[list[str]]:
    answer = client.get(f"/compare/?{query}&format=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    assert answer["X-Robots-Tag"] == "noindex"
    return list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))


def test_each_product_has_its_values_and_how_each_is_known(client: Client) -> None:
    one = make_product(kind="headphones", specs={"weight_g": Decimal(250)})
    make_product("Two", kind="headphones")
    SpecEvidence.objects.create(
        product=one, spec="weight_g", source="Scales", checked_on="2026-05-01", is_measured=True
    )
    found = rows(client)
    assert found[0] == ["Group", "Measure", "Acme One", "Acme One: known from", "Acme Two", "Acme Two: known from"]
    assert ["Fit and build", "Weight", "250 g", "measured: Scales, 2026-05-01", "Unknown", ""] in found


def test_no_cell_becomes_a_formula(client: Client) -> None:
    make_product("=cmd|' /C calc'!A1", slug="acme-one", brand="+Brand")
    make_product("Two")
    for row in rows(client):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_a_price_is_in_it_only_where_the_shop_lets_it_be_passed_on(client: Client) -> None:
    one, two = make_product(), make_product("Two")
    make_seen_offer(one, make_merchant("Strict"), amount="88.01")
    make_seen_offer(one, make_merchant("Open", feeds_allowed=True, disclaimer="As of then."), amount="99.02")
    make_seen_offer(two, make_merchant("Closed"), amount="77.03")
    found = {row[1]: (row[2], row[4]) for row in rows(client) if row[0] == "Price"}
    assert found["Amount"] == ("99.02", "no shop lets its price be passed on")
    assert found["Shop"] == ("Open", "")
    assert found["Seen at"][0]
    assert found["Note of the shop"] == ("As of then.", "")


def test_without_products_there_is_the_page_and_no_empty_file(client: Client) -> None:
    answer = client.get("/compare/?format=csv")
    assert answer["Content-Type"].startswith("text/html")

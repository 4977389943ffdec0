"""An answer goes on in the catalogue, with the same demands as filters, and in a comparison of the best."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.http import QueryDict
from django.test import Client

from catalog.facets.choices import BY_KEY
from recommender import vocabulary
from recommender.engine import decide
from recommender.pages.exports import FILTERS, catalogue_link, compare_link
from recommender.rules import load
from recommender.told import Told, needs_of
from reviews.pages.catalogue import address
from tests.factories import make_merchant, make_product, make_seen_offer


def link(told: Told) -> str:
    found = catalogue_link(decide(needs_of(told), load()), told)
    assert found
    return found.href


@pytest.mark.parametrize("feature", FILTERS)
def test_every_filter_is_one_of_the_catalogue_s(feature: str) -> None:
    assert feature in vocabulary.FEATURES
    key, values = FILTERS[feature]
    known = {value for value, _ in BY_KEY[key].values}
    assert set(values.split(",")) <= known


@pytest.mark.parametrize("name", [name for name in vocabulary.ACTIVITIES if name != "unknown"])
def test_the_catalogue_understands_every_address_we_make(name: str) -> None:
    told = Told(do=(name,), mic="none", quiet="both", connection="wireless", hours="8", budget=Decimal("99.50"))
    decision = decide(needs_of(told), load())
    found = catalogue_link(decision, told)
    if decision.kind == "either":
        assert found is None
        return
    assert found
    read = address.read(QueryDict(found.href.partition("?")[2]))
    assert read.problems == ()
    assert dict(read.question.choices)["kind"] == (decision.kind,)
    assert read.question.ranges["price"].high == Decimal("99.5")


def test_what_was_given_up_is_no_filter() -> None:
    told = Told(do=("gaming_voice",), mic="none", connection="wireless")
    assert "wireless=yes" in link(told)
    assert "wireless=yes" not in link(Told(do=told.do, mic="none", connection="wireless", without=("wireless",)))
    assert "type=" not in link(Told(do=told.do, mic="none", without=("type",)))


def test_the_budget_goes_along_in_its_currency() -> None:
    assert link(Told(do=("music",), budget=Decimal(80), currency="EUR")).endswith("price=-80&currency=EUR")


def test_demands_without_a_filter_are_named() -> None:
    told = Told(do=("driving",), mic="none")
    found = catalogue_link(decide(needs_of(told), load()), told)
    assert found
    assert "hands-free talking" in found.left_out


def test_one_product_is_no_comparison() -> None:
    assert compare_link(["one"]) is None
    found = compare_link(["b", "a", "b", "c", "d", "e"])
    assert found
    assert (found.href, found.count) == ("/compare/?products=b,a,c,d", 4)


@pytest.mark.django_db
def test_both_links_stand_on_the_result_and_work(client: Client) -> None:
    merchant = make_merchant()
    for number in range(2):
        specs = {"mic_grade": "communication", "connectors": ["usb_a"], "wireless": False, "radios": []}
        product = make_product(f"G{number}", kind="headset", type="gaming", specs=specs)
        make_seen_offer(product, merchant, amount="80.00")
    html = client.get("/choose/result/?do=gaming_voice&mic=none&budget=100USD").content.decode()
    assert "Compare the best 2" in html
    start = html.index('href="/products/?kind=headset') + 6
    filtered = client.get(html[start : html.index('"', start)].replace("&amp;", "&"), follow=True)
    assert filtered.status_code == 200
    assert "G0" in filtered.content.decode()
    assert "G1" in filtered.content.decode()

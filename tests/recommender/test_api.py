"""`POST /api/v1/recommendations/`: the vocabulary in, the whole advice out, faults named with what would do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Merchant, Product
from recommender import vocabulary
from tests.factories import make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/recommendations/"
GAMER: dict[str, Any] = {
    "activities": [{"name": "gaming_voice", "weight": 1}],
    "has_separate_mic": False,
    "will_use_separate_mic": False,
    "budget": {"max": 100, "currency": "USD"},
}


def _post(client: Client, body: object) -> HttpResponse:
    sent = body if isinstance(body, str) else json.dumps(body)
    return client.post(ADDRESS, sent, content_type="application/json")  # type: ignore[return-value]


def _answer(client: Client, **body: Any) -> dict[str, Any]:
    response = _post(client, body)
    assert response.status_code == 200, response.content
    found: dict[str, Any] = json.loads(response.content)
    return found


def _faults(client: Client, body: object) -> dict[str, dict[str, Any]]:
    response = _post(client, body)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    problem = json.loads(response.content)
    assert {"type", "title", "status", "detail", "errors"} <= set(problem)
    return {error["field"]: error for error in problem["errors"]}


def _gaming(number: int, merchant: Merchant, *, amount: str = "80.00") -> Product:
    specs = {"mic_grade": "communication", "connectors": ["usb_a"], "wireless": False, "radios": []}
    product = make_product(f"G{number}", brand=f"Brand{number}", kind="headset", type="gaming", specs=specs)
    make_seen_offer(product, merchant, amount=amount)
    return product


def test_needs_lead_to_a_kind_with_types_rules_and_products(client: Client) -> None:
    product = _gaming(1, make_merchant(api_allowed=True))
    answer = _answer(client, needs=GAMER)
    assert (answer["kind"], answer["types"][0], answer["outcome"]) == ("headset", "gaming", "match")
    assert "UHS-1" in answer["fired"]
    assert 1 <= len(answer["reasons"]) <= 4
    (found,) = answer["products"]
    assert (found["slug"], found["is_confirmed"]) == (product.slug, True)
    assert found["offers"][0]["price"]["amount"] == "80.00"
    assert 0 <= found["utility"]["low"] <= found["utility"]["high"] <= 1


def test_every_word_of_the_answer_is_of_the_vocabulary(client: Client) -> None:
    answer = _answer(client, needs=GAMER)
    assert set(answer["types"]) <= set(vocabulary.TYPES)
    assert set(answer["must_have"]) | set(answer["nice_to_have"]) <= set(vocabulary.FEATURES)
    assert set(answer["excluded"]) <= set(vocabulary.EXCLUDABLE)
    assert set(answer["advisories"]) <= set(vocabulary.ADVISORIES)


def test_prices_that_may_not_be_redistributed_are_neither_shown_nor_used(client: Client) -> None:
    _gaming(1, make_merchant(api_allowed=False))
    (found,) = _answer(client, needs=GAMER)["products"]
    assert found["offers"][0]["price"] is None
    assert not found["is_confirmed"]
    assert "budget" in found["not_confirmed"]


def test_offers_in_the_currency_of_the_budget_come_first(client: Client) -> None:
    product = _gaming(1, make_merchant("Shop", api_allowed=True))
    make_seen_offer(product, make_merchant("Laden", country="DE", currency="EUR", api_allowed=True), amount="90.00")
    for currency in ("EUR", "USD"):
        (found,) = _answer(client, needs={**GAMER, "budget": {"max": 100, "currency": currency}})["products"]
        assert found["offers"][0]["price"]["currency"] == currency


def test_text_alone_is_read(client: Client) -> None:
    answer = _answer(client, text="I play online games and talk with my team. 80 dollars.")
    assert answer["kind"] == "headset"
    assert answer["needs"]["budget"] == {"max": 80.0, "currency": "USD"}


def test_text_fills_only_what_the_needs_leave_open(client: Client) -> None:
    answer = _answer(client, needs=GAMER, text="Music on the train. 20 dollars. Wireless, please.")
    assert answer["kind"] == "headset"
    assert answer["needs"]["budget"]["max"] == 100
    assert [item["name"] for item in answer["needs"]["activities"]] == ["gaming_voice"]
    assert answer["needs"]["connection"] == "wireless"


def test_an_unknown_activity_is_named_and_asked_about(client: Client) -> None:
    answer = _answer(client, needs={"activities": [{"name": "basket_weaving"}]})
    assert answer["outcome"] == "clarify"
    assert answer["unknown_activities"] == ["basket_weaving"]


def test_what_came_back_as_needs_gives_the_same_answer_again(client: Client) -> None:
    _gaming(1, make_merchant(api_allowed=True))
    first = _answer(client, needs=GAMER)
    second = _answer(client, needs=first["needs"])
    for answer in (first, second):
        answer.pop("as_of")
    assert first == second


def test_a_flip_applied_to_the_needs_gives_the_promised_kind(client: Client) -> None:
    answer = _answer(client, needs=GAMER)
    assert answer["flips"]
    for flip in answer["flips"]:
        assert _answer(client, needs={**answer["needs"], **flip["changes"]})["kind"] == flip["kind"]


def test_a_relaxation_applied_opens_what_it_promises(client: Client) -> None:
    product = _gaming(1, make_merchant(api_allowed=True))
    answer = _answer(client, needs={**GAMER, "budget": {"max": 18, "currency": "USD"}})
    assert (answer["outcome"], answer["products"]) == ("relaxed", [])
    (offered,) = answer["relaxations"]
    assert (offered["opens"], offered["best"]) == (1, product.slug)
    after = _answer(client, needs={**GAMER, "budget": offered["budget"]}, give_up=offered["give_up"])
    assert [item["slug"] for item in after["products"]] == [product.slug]


@pytest.mark.parametrize(
    ("needs", "field", "allowed"),
    [
        ({"connection": "fibre"}, "needs.connection", ["wired", "wireless", "either"]),
        ({"environment": ["moon"]}, "needs.environment[0]", list(vocabulary.ENVIRONMENTS)),
        ({"wear_hours_per_day": "four"}, "needs.wear_hours_per_day", []),
        ({"budget": {"max": -1, "currency": "USD"}}, "needs.budget.max", []),
        ({"budget": {"max": 5, "currency": "dollars"}}, "needs.budget.currency", []),
        ({"user": {"glasses": "yes"}}, "needs.user.glasses", ["true", "false", "null"]),
        ("music", "needs", []),
        ([], "needs", []),
    ],
)
def test_a_need_that_cannot_be_read_is_named_with_what_would_do(
    client: Client, needs: object, field: str, allowed: list[str]
) -> None:
    error = _faults(client, {"needs": needs})[field]
    assert error["problem"]
    assert error["allowed"] == allowed


def test_every_fault_is_named_at_once(client: Client) -> None:
    faults = _faults(client, {"needs": {"connection": "fibre", "isolation": "some", "colour": "red"}})
    assert set(faults) == {"needs.connection", "needs.isolation", "needs.colour"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "needs"),
        ({"needs": GAMER, "wishes": 1}, "wishes"),
        ({"text": "x" * 2001}, "text"),
        ({"text": ["a"]}, "text"),
        ({"needs": GAMER, "give_up": ["sparkles"]}, "give_up"),
    ],
)
def test_a_body_that_does_not_fit_is_a_problem_document(client: Client, body: object, field: str) -> None:
    assert field in _faults(client, body)


@pytest.mark.parametrize("body", ["{", "[]", "null", '"needs"'])
def test_what_is_no_object_is_refused(client: Client, body: str) -> None:
    response = _post(client, body)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_only_post_is_answered(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 405


def test_the_schema_describes_the_door(client: Client) -> None:
    schema = json.loads(client.get("/api/v1/schema/?format=json").content)
    door = schema["paths"][ADDRESS]["post"]
    assert {"200", "400"} <= set(door["responses"])
    needs = schema["components"]["schemas"]["RecommendationInRequest"]["properties"]
    assert {"needs", "text", "give_up", "why_not"} == set(needs)
    answer = schema["components"]["schemas"]["RecommendationOut"]["properties"]
    assert {"kind", "types", "facets", "must_have", "excluded", "fired", "overridden", "advisories", "outcome"} <= set(
        answer
    )


def test_the_queries_do_not_grow_with_the_products(client: Client) -> None:
    merchant = make_merchant(api_allowed=True)
    counts = []
    for numbers in (range(2), range(2, 20)):
        for number in numbers:
            _gaming(number, merchant)
        with CaptureQueriesContext(connection) as queries:
            _answer(client, needs=GAMER)
        counts.append(len(queries))
    # what changed, products, scores (two) and offers with their links (two); offers of what is shown (two)
    assert counts[0] == counts[1] <= 8


def test_what_merchants_pay_does_not_move_the_ranking(client: Client) -> None:
    merchants = [make_merchant("Rich", api_allowed=True), make_merchant("Poor", api_allowed=True)]
    for number in range(8):
        _gaming(number, merchants[number % 2], amount=f"{60 + number}.00")
    before = [item["slug"] for item in _answer(client, needs=GAMER)["products"]]
    Merchant.objects.filter(name="Rich").update(
        network="amazon", network_settings={"tag": "rich-20"}, link_label="ad", disclaimer="More."
    )
    assert [item["slug"] for item in _answer(client, needs=GAMER)["products"]] == before

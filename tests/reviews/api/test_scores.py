"""Scores are open to all: in all by use, on each criterion with its evidence, and by which version of the method."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories import make_product
from tests.reviews.scored import give, make_method

pytestmark = pytest.mark.django_db


def scores(client: Client, slug: str = "acme-one") -> Any:
    answer = client.get(f"/api/v1/products/{slug}/scores/")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_without_a_method_there_are_none(client: Client) -> None:
    make_product("One")
    assert scores(client) == {"product": "acme-one", "method": None, "use_cases": [], "criteria": []}


def test_what_was_scored_is_told_by_use_and_by_criterion(client: Client) -> None:
    product, method = make_product("One"), make_method()
    assert scores(client)["use_cases"] == []
    give(method, product, sound="8.0", comfort="6.0")
    told = scores(client)
    assert told["method"]["version"] == method.number
    everyday, desk = told["use_cases"]
    assert (desk["key"], desk["overall"], desk["missing"]) == ("desk", "7.2", [])
    assert everyday["missing"] == ["carrying"]
    assert [(one["key"], one["score"]) for one in told["criteria"]] == [("sound", "8.0"), ("comfort", "6.0")]
    assert told["criteria"][0]["evidence"] == "Heard sound."


def test_what_waits_to_be_confirmed_is_not_told(client: Client) -> None:
    product, method = make_product("One"), make_method()
    give(method, product, sound="8.0")
    product.scores.update(is_confirmed=False)
    assert scores(client)["criteria"] == []


def test_a_product_there_is_not_is_not_found_and_a_parameter_there_is_not_is_refused(client: Client) -> None:
    assert client.get("/api/v1/products/nothing/scores/").status_code == 404
    make_product("One")
    assert client.get("/api/v1/products/acme-one/scores/", {"use": "desk"}).status_code == 400

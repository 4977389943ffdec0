"""The next question for programs: the one the pages would ask, with what each answer adds."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
DOOR = "/api/v1/recommendations/next-question/"


def asked(client: Client, **data: Any) -> dict[str, Any]:
    response = client.post(DOOR, data, content_type="application/json")
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()
    return found


def test_whoever_said_nothing_is_asked_what_it_is_for(client: Client) -> None:
    found = asked(client, needs={})
    assert (found["question"]["key"], found["is_sure"], found["kind"]) == ("do", False, "either")
    assert {"value": "music", "needs": {"activities": [{"name": "music", "weight": 1.0}]}}.items() <= next(
        answer for answer in found["question"]["answers"] if answer["value"] == "music"
    ).items()


def test_an_answer_taken_into_the_needs_leads_on_and_never_to_the_same_question(client: Client) -> None:
    needs: dict[str, Any] = {"activities": [{"name": "gaming_voice", "weight": 1}]}
    seen: list[str] = []
    for _ in range(6):
        found = asked(client, needs=needs)
        if found["question"] is None:
            break
        assert found["question"]["key"] not in seen
        seen.append(found["question"]["key"])
        answers = found["question"]["answers"]
        needs |= answers[0]["needs"] if answers else {"budget": {"max": 100, "currency": "USD"}}
    assert "mic" in seen or found["is_sure"]


def test_a_skipped_question_is_not_asked(client: Client) -> None:
    first = asked(client, needs={"activities": ["gaming_voice"]})["question"]["key"]
    after = asked(client, needs={"activities": ["gaming_voice"]}, skipped=[first])["question"]
    assert after is None or after["key"] != first


def test_words_count_as_needs(client: Client) -> None:
    found = asked(client, text="I only listen to music at home.")
    assert found["kind"] == "headphones"
    assert [item["name"] for item in found["needs"]["activities"]] == ["music"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "needs"),
        ({"needs": {"mic_need": "maybe"}}, "needs.mic_need"),
        ({"needs": {}, "skipped": ["shoes"]}, "skipped"),
        ({"needs": {}, "give_up": ["anc"]}, "give_up"),
    ],
)
def test_what_cannot_be_read_is_named(client: Client, data: dict[str, Any], field: str) -> None:
    response = client.post(DOOR, data, content_type="application/json")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert field in str(response.json()["errors"])


def test_it_is_in_the_schema(client: Client) -> None:
    schema = client.get("/api/v1/schema/?format=json").json()
    assert "post" in schema["paths"][DOOR]

"""What cannot be read as JSON is refused in words, however it is broken: never a failure of ours."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
DOOR = "/api/v1/recommendations/"


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"needs":' * 5_000 + b"1" + b"}" * 5_000], ids=["lists", "objects"])
def test_a_body_that_is_nested_without_end_is_refused_and_says_why(body: bytes, client: Client) -> None:
    answer = client.post(DOOR, body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["detail"] == "The message is nested too deeply: it cannot be read."


def test_a_body_that_is_no_json_is_refused_as_before(client: Client) -> None:
    answer = client.post(DOOR, b"{", content_type="application/json")
    assert answer.status_code == 400
    assert "JSON parse error" in answer.json()["detail"]


def test_the_page_of_the_api_is_only_looked_at(client: Client) -> None:
    """To its template an OPTIONS would be a failure."""
    assert client.options("/api/v1/docs/").status_code == 405
    assert client.get("/api/v1/docs/").status_code == 200

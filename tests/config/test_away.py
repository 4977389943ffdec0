"""While PostgreSQL or Redis is away, what needs them says that it is for now; machines read a problem document."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import ProgrammingError, connections
from django.http import HttpResponse
from django.test import Client, RequestFactory
from redis import exceptions as redis

from config.away import server_error


@pytest.fixture
def database_is_away(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    connection = connections["default"]
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "/nowhere")
        yield
        connection.close()


def asked(address: str) -> HttpResponse:
    return Client(raise_request_exception=False).get(address)


@pytest.mark.usefixtures("database_is_away")
@pytest.mark.parametrize("address", ["/", "/products/some/", "/guides/some/"])
def test_a_page_is_away_for_now(address: str) -> None:
    answer = asked(address)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "no-store" in answer["Cache-Control"]
    assert "For a moment there is nothing to read" in answer.content.decode()


@pytest.mark.usefixtures("database_is_away")
def test_a_machine_is_told_by_a_problem_document() -> None:
    answer = asked("/api/v1/articles/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert answer["Content-Type"].startswith("application/problem+json")
    assert "try again in half a minute" in answer.json()["detail"]


def handled(error: Exception) -> HttpResponse:
    """As Django calls it: while the exception is being handled."""
    try:
        raise error
    except type(error):
        return server_error(RequestFactory().get("/"))


@pytest.mark.parametrize("error", [redis.ConnectionError("gone"), redis.TimeoutError("late")])
def test_redis_may_be_away_too(error: Exception) -> None:
    assert handled(error).status_code == 503


@pytest.mark.parametrize("error", [ProgrammingError("no such column"), ValueError("ours")])
def test_what_is_wrong_with_us_is_no_matter_of_waiting(error: Exception) -> None:
    answer = handled(error)
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
    assert "Retry-After" not in answer

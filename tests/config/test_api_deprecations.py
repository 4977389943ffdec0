"""A door that will be taken away says so in every answer and in the schema, long before."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path

from config.api_deprecations import SHORTEST_NOTICE, Retiring, mark_retiring, with_notices

GOES = Retiring(since=date(2027, 1, 1), until=date(2027, 7, 1), successor="/api/v2/things/")
DOOR = "/api/v1/things/{slug}/"


def answer(status: int = 200) -> HttpResponse:
    def view(request: object, slug: str) -> HttpResponse:
        return HttpResponse(slug, status=status)

    (address,) = with_notices([path("things/<slug:slug>/", view, name="things")], {DOOR: GOES})
    answered: HttpResponse = address.callback(RequestFactory().get("/"), slug="one")
    return answered


@pytest.mark.parametrize("status", [200, 404])
def test_every_answer_says_since_when_until_when_and_what_instead(status: int) -> None:
    response = answer(status)
    assert response.content == b"one"
    assert response["Deprecation"] == "@1798761600"
    assert response["Sunset"] == "Thu, 01 Jul 2027 00:00:00 GMT"
    assert '/api/v1/docs/>; rel="deprecation"' in response["Link"]
    assert '/api/v2/things/>; rel="successor-version"' in response["Link"]


def test_other_doors_say_nothing() -> None:
    (address,) = with_notices([path("others/", lambda request: HttpResponse(), name="others")], {})
    assert "Deprecation" not in address.callback(RequestFactory().get("/"))


def test_the_schema_marks_it() -> None:
    schema = {"paths": {DOOR: {"get": {"description": "Things."}}, "/api/v1/others/": {"get": {}}}}
    marked = mark_retiring(schema, {DOOR: GOES})["paths"]
    assert marked[DOOR]["get"]["deprecated"] is True
    assert marked[DOOR]["get"]["description"] == "Things.\n\nGone from 2027-07-01 on; use `/api/v2/things/`."
    assert "deprecated" not in marked["/api/v1/others/"]["get"]


def test_a_notice_about_no_door_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="things"):
        with_notices([], {DOOR: GOES})


def test_nobody_is_given_less_time_than_was_promised() -> None:
    with pytest.raises(ValueError, match=str(SHORTEST_NOTICE.days)):
        Retiring(since=date(2027, 1, 1), until=date(2027, 2, 1), successor="/api/v2/things/")

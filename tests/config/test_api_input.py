"""Every door of the API that takes something: a field it does not know is refused by name, and its example is taken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from rest_framework import serializers

from config.api_examples import ASKED, LEADS_ON, SENT
from readers.exact_input import ExactInput
from readers.links import preference_token
from tests.catalog.api.test_readings import headers as signed
from tests.config.small_site import SECRET, a_small_site, address, schema
from tests.readers.followers import confirmed_reader

pytestmark = pytest.mark.django_db
UNHEARD_OF = "unheard_of"
READINGS, YOU = "/api/v1/readings/", "/api/v1/newsletter/you/"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What a request needs so that its body is looked at, whichever door it is for."""
    monkeypatch.setenv("SHOP_PUSH_SECRET", SECRET)
    reader = confirmed_reader()
    return {
        "Authorization": f"Bearer {a_small_site()}",
        "If-Match": "*",
        "Preference-Token": preference_token(reader.pk, reader.link_version),
    }


def taking() -> list[tuple[str, str]]:
    """(path, method) of every door that takes JSON, from the schema, so that none can be forgotten."""
    paths = schema()["paths"]
    return [
        (path, method)
        for path, methods in paths.items()
        for method, one in methods.items()
        if "application/json" in one.get("requestBody", {}).get("content", {})
    ]


def send(client: Client, path: str, method: str, body: Any, opened: dict[str, str]) -> Any:
    written = json.dumps(body).encode()
    more = signed(written, secret=SECRET) if path == READINGS else {}
    where = f"{address(path)}?{urlencode(ASKED.get((path, method), {}))}"
    return client.generic(method.upper(), where, written, content_type="application/json", headers={**opened, **more})


def test_a_field_that_no_door_knows_is_refused_by_name_with_those_that_are_known(
    client: Client, opened: dict[str, str]
) -> None:
    for path, method in taking():
        answer = send(client, path, method, {**SENT[path, method], UNHEARD_OF: 1}, opened)
        assert answer.status_code == 400, (method, path, answer.content)
        problems = {error["field"]: error["problem"] for error in answer.json()["errors"]}
        assert "known are: " in problems[UNHEARD_OF], (method, path)


def test_every_door_that_takes_something_has_an_example_and_takes_it(client: Client, opened: dict[str, str]) -> None:
    assert set(taking()) == set(SENT)
    for path, method in taking():
        answer = send(client, path, method, SENT[path, method], opened)
        assert answer.status_code in (200, 201, 202), (method, path, answer.content)


def test_ways_on_lead_to_operations_that_there_are() -> None:
    found = schema()["paths"]
    known = {one["operationId"] for methods in found.values() for one in methods.values()}
    for (path, method), (status, ways) in LEADS_ON.items():
        assert set(found[path][method]["responses"][status]["links"]) == set(ways)
        assert {operation for operation, _ in ways.values()} <= known


def test_every_error_that_is_told_is_a_problem_document() -> None:
    for methods in schema()["paths"].values():
        for one in methods.values():
            told = {status: answer for status, answer in one["responses"].items() if int(status) >= 400}
            assert {"406", "429", "503"} <= set(told)
            assert all(list(answer["content"]) == ["application/problem+json"] for answer in told.values())


def test_what_is_not_here_is_said_as_the_api_says_it(client: Client) -> None:
    for path in ("/api/v1/nowhere/", "/api/v1/products/no%20slug/", "/api/v1/", "/api/v1/a%0Ab/"):
        answer = client.post(path)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def inputs(kind: type[ExactInput] = ExactInput) -> Iterator[type[ExactInput]]:
    for one in kind.__subclasses__():
        yield one
        yield from inputs(one)


def test_what_is_inside_what_is_sent_is_as_exact() -> None:
    assert list(inputs())
    for kind in inputs():
        for name, field in kind().fields.items():
            inner = getattr(field, "child", field)
            if isinstance(inner, serializers.Serializer) and not field.read_only:
                assert isinstance(inner, ExactInput), f"{kind.__name__}.{name}"


class Sent(ExactInput):
    text = serializers.CharField(required=False)
    number = serializers.IntegerField(required=False)
    share = serializers.FloatField(required=False)
    is_on = serializers.BooleanField(required=False)
    day = serializers.DateField(required=False)
    at = serializers.DateTimeField(required=False)
    several = serializers.MultipleChoiceField(choices=["a", "b"], required=False)
    status = serializers.ChoiceField([301, 302], required=False)
    told = serializers.CharField(read_only=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("text", 1),
            ("text", True),
            ("number", "1"),
            ("number", True),
            ("number", 1.5),
            ("share", "1"),
            ("share", True),
        ),
        *(("is_on", "yes"), ("is_on", 1), ("day", 20261127), ("at", 1), ("several", {}), ("several", "a")),
        *(("status", "302"), ("told", "x"), ("half\ud800", 1)),
    ],
)
def test_one_kind_of_json_is_not_read_out_of_another(name: str, value: Any) -> None:
    sent = Sent(data={name: value})
    assert not sent.is_valid()
    (shown,) = sent.errors
    assert shown == name.replace("\ud800", "?")
    json.dumps(sent.errors, ensure_ascii=False).encode()


def test_what_fits_is_taken() -> None:
    given = {"text": "a", "number": 1, "share": 1, "is_on": False, "day": "2026-11-27", "several": ["a"], "status": 302}
    sent = Sent(data={**given, "at": "2026-11-27T04:30:00Z"})
    assert sent.is_valid(), sent.errors

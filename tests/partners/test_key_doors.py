"""A door asks for a key and a scope by itself, says what was wrong in words and headers, and counts who tries keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.throttling import BaseThrottle

from partners.key_doors import ANYBODY, ScopedView, key_behind
from partners.services.api_keys import revoke_key
from tests.partners.keys import make_key, shown

pytestmark = pytest.mark.django_db


class Counting(BaseThrottle):
    counted = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        Counting.counted += 1
        return Counting.counted <= 2


class Door(ScopedView):
    scopes: ClassVar[Mapping[str, str]] = {"GET": "links:read", "POST": "links:write", "PUT": ANYBODY}
    throttle_classes = (Counting,)

    def get(self, request: Request) -> Response:
        key = key_behind(request)
        return Response({"key": key.name if key else None})

    post = put = get


@pytest.fixture(autouse=True)
def _from_nothing() -> None:
    Counting.counted = 0


def ask(method: str = "get", headers: Mapping[str, str] | None = None) -> HttpResponse:
    request = getattr(APIRequestFactory(), method)("/", headers=headers or {})
    answer: HttpResponse = Door.as_view()(request)
    return answer.render() if isinstance(answer, Response) else answer


def said(answer: HttpResponse) -> str:
    problem = json.loads(answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["status"] == answer.status_code
    return str(problem["detail"])


def test_with_its_scope_a_key_opens_the_door() -> None:
    _, secret = make_key("links:read", name="Acme's shop")
    answer = ask(headers=shown(secret))
    assert (answer.status_code, json.loads(answer.content)) == (200, {"key": "Acme's shop"})
    assert answer["Cache-Control"] == "private, no-cache"
    assert "Authorization" in answer["Vary"]


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_without_a_key_nothing_is_opened(method: str) -> None:
    answer = ask(method)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_who_sends_none_is_told_how() -> None:
    assert said(ask()) == "This asks for a key with the scope “links:read”, sent as “Authorization: Bearer <the key>”."
    assert ask(headers={"Authorization": "Basic YTpi"}).status_code == 401


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_a_key_without_the_scope_is_told_which(method: str) -> None:
    _, secret = make_key("jobs:read")
    answer = ask(method, shown(secret))
    scope = "links:write" if method == "post" else "links:read"
    assert answer.status_code == 403
    assert answer["WWW-Authenticate"] == f'Bearer error="insufficient_scope", scope="{scope}"'
    if method != "head":
        assert f"lacks the scope “{scope}”" in said(answer)


def test_a_revoked_and_an_ended_key_are_told_so() -> None:
    key, secret = make_key("links:read")
    revoke_key(key=key, now=timezone.now())
    answer = ask(headers=shown(secret))
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert "was revoked" in said(answer)
    _, ended = make_key("links:read", name="Another", expires_at=timezone.now() - timedelta(seconds=1))
    assert "ended on" in said(ask(headers=shown(ended)))


def test_no_answer_repeats_what_was_sent() -> None:
    _, secret = make_key("links:read")
    wrong = secret[:-4] + "0000"
    answer = ask(headers=shown(wrong))
    assert answer.status_code == 401
    assert wrong[8:] not in str(answer.headers) + answer.content.decode()


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer earmark_" + "a" * 8 + "." + "b" * 32}, {"Authorization": "Bearer x"}]
)
def test_who_tries_keys_is_counted_and_stopped(headers: Mapping[str, str]) -> None:
    assert [ask(headers=headers).status_code for _ in range(3)] == [401, 401, 429]


def test_who_tries_doors_is_counted_and_stopped() -> None:
    _, secret = make_key("jobs:read")
    assert [ask(headers=shown(secret)).status_code for _ in range(3)] == [403, 403, 429]


def test_what_anybody_may_do_asks_for_no_key_and_knows_who_sends_one() -> None:
    _, secret = make_key("jobs:read", name="Known")
    assert json.loads(ask("put").content) == {"key": None}
    assert json.loads(ask("put", shown(secret)).content) == {"key": "Known"}
    assert "Cache-Control" not in ask("put").headers


def test_what_a_door_does_not_do_it_refuses_whoever_asks() -> None:
    assert ask("delete").status_code == 405


def test_a_class_that_forgets_a_method_is_not_made() -> None:
    with pytest.raises(TypeError, match="DELETE"):
        type("Forgets", (Door,), {"delete": Door.get})
    with pytest.raises(TypeError, match="does not know"):
        type("MadeUp", (Door,), {"scopes": {**Door.scopes, "GET": "links:everything"}})

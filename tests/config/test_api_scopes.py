"""Every door of the API × every scope, from the table of addresses: who adds a door adds it to these tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern

from config.api import urlpatterns
from config.problems import not_here
from partners.key_doors import ANYBODY, ScopedView
from partners.scopes import SCOPES
from tests.partners.keys import make_key, shown

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# Doors without a key that change something, and what stands in its place.
OPEN_TO_READERS = {
    "api-comments": "held by rules until somebody has read it",
    "api-remarks": "the same",
    "api-alerts": "confirmed over a mailed link",
    "api-newsletter": "confirmed over a mailed link",
    "api-newsletter-you": "the token of the reader's letters",
    "api-readings": "signed by the merchant",
    "api-recommendations": "stores nothing",
    "api-next-question": "stores nothing",
}


def door_of(pattern: URLPattern) -> type:
    view: Any = pattern.callback
    found: type = getattr(view, "cls", None) or view.view_class
    return found


def answered(pattern: URLPattern) -> list[str]:
    door: Any = door_of(pattern)
    made: Any = pattern.callback
    names = made.view_initkwargs.get("http_method_names") or door.http_method_names
    return [name for name in METHODS if name.lower() in names and (name == "HEAD" or hasattr(door, name.lower()))]


def address(pattern: URLPattern) -> str:
    route = re.sub(r"<int:\w+>", "1", str(pattern.pattern))
    return "/api/v1/" + re.sub(r"<\w+:\w+>", "something", route)


def doors() -> Iterator[URLPattern]:
    for pattern in urlpatterns:
        if pattern.callback is not not_here:
            yield pattern


def scoped() -> list[tuple[str, str, str]]:
    """Address, method and the scope it asks for."""
    found = []
    for pattern in doors():
        door = door_of(pattern)
        if issubclass(door, ScopedView):
            asked = ((method, door.scope_of(method)) for method in answered(pattern))
            found += [(address(pattern), method, scope) for method, scope in asked if scope != ANYBODY]
    return found


SCOPED = scoped()


def ask(client: Client, method: str, path: str, secret: str = "") -> Any:
    headers = shown(secret) if secret else {}
    return client.generic(method, path, b"{}", content_type="application/json", headers=headers)


def test_there_are_scoped_doors_for_reading_and_writing() -> None:
    assert len(SCOPED) >= 16
    assert {method for _, method, _ in SCOPED} >= {"GET", "HEAD", "PUT", "PATCH", "POST"}


def test_every_scope_opens_something() -> None:
    assert {scope for _, _, scope in SCOPED} == set(SCOPES)


@pytest.mark.parametrize(("path", "method", "scope"), SCOPED)
def test_without_a_key_it_stays_shut(path: str, method: str, scope: str, client: Client) -> None:
    answer = ask(client, method, path)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("path", "method", "scope"), SCOPED)
def test_its_own_scope_opens_it_and_all_others_together_do_not(
    path: str, method: str, scope: str, client: Client
) -> None:
    _, others = make_key(*(one for one in SCOPES if one != scope), name="All others")
    refused = ask(client, method, path, others)
    assert refused.status_code == 403
    assert f'scope="{scope}"' in refused["WWW-Authenticate"]
    if method != "HEAD":
        assert f"“{scope}”" in refused.json()["detail"]
    _, own = make_key(scope, name="This one")
    assert ask(client, method, path, own).status_code not in (401, 403, 500)


def test_what_changes_something_asks_for_a_key_or_says_what_it_asks_for_instead() -> None:
    for pattern in doors():
        door, name = door_of(pattern), str(pattern.name)
        changes = [method for method in answered(pattern) if method not in ("GET", "HEAD")]
        if not changes or name in OPEN_TO_READERS:
            continue
        assert issubclass(door, ScopedView), name
        assert all(door.scope_of(method) != ANYBODY for method in changes), name


def test_the_schema_says_in_words_and_for_machines_which_scope_each_asks_for(client: Client) -> None:
    schema = client.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    told = {
        (re.sub(r"(imports|tables)/something", r"\1/1", re.sub(r"{\w+}", "something", path)), method.upper(), scope)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        for one in operation.get("security", ())
        for scope in one.get("key", ())
        if f"the scope `{scope}`: " in operation["description"]
    }
    assert told == {door for door in SCOPED if door[1] != "HEAD"}
    assert schema["components"]["securitySchemes"]["key"]["scheme"] == "bearer"


def test_no_reason_stands_there_for_a_door_that_is_gone() -> None:
    names = {str(pattern.name): pattern for pattern in doors()}
    for name in OPEN_TO_READERS:
        assert set(answered(names[name])) - {"GET", "HEAD"}, name


def test_a_revoked_key_and_a_made_up_one_open_nothing_that_is_open_to_all_either(client: Client) -> None:
    """Whoever sends a key means to be known by it: a worn one is told so at once."""
    assert ask(client, "GET", "/api/v1/products/", "earmark_aaaaaaaa." + "b" * 32).status_code == 401
    assert ask(client, "GET", "/api/v1/products/").status_code == 200

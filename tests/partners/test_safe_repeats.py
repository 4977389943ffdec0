"""A request that is sent again is worked on once: answered as before, byte for byte, within a day."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.models import Brand
from config.urls import urlpatterns as site
from partners.key_doors import ScopedView
from partners.models import KeptAnswer
from partners.safe_repeats import safe_to_repeat
from partners.services.api_keys import issue_key
from partners.services.kept_answers import KEPT, Answer, Asked, UnderWayError, answer_once, forget_answers

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)


class Brands(ScopedView):
    """Makes a brand each time it is asked."""

    scopes = {"POST": "products:write"}

    @safe_to_repeat
    def post(self, request: Request, **_: Any) -> Response:
        sent: Any = request.data
        made = Brand.objects.create(name=sent["name"], slug=f"b{Brand.objects.count()}")
        if sent["name"] == "Bad":
            raise ValidationError({"name": ["No."]})
        if sent["name"] == "Worse":
            return Response({"detail": "No."}, status=409)
        return Response({"id": made.pk, "name": made.name}, status=201, headers={"Location": f"/brands/{made.pk}/"})


urlpatterns = [path("brands/", Brands.as_view()), path("others/", Brands.as_view()), *site]


@pytest.fixture(autouse=True)
def _own_addresses() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def secret() -> str:
    return key_for("Shop")


def key_for(name: str) -> str:
    ends = timezone.now() + timedelta(days=30)
    return issue_key(name=name, contact="", scopes=["products:write"], expires_at=ends)[1]


def send(client: Client, secret: str, name: str = "Acme", *, key: str | None = "k1", door: str = "/brands/") -> Any:
    named = {} if key is None else {"Idempotency-Key": key}
    return client.post(
        door,
        json.dumps({"name": name}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}", **named},
    )


def test_the_second_answer_is_the_first_byte_for_byte(client: Client, secret: str) -> None:
    first = send(client, secret)
    again = send(client, secret)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first["Location"] == again["Location"]
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert Brand.objects.count() == 1


def test_without_a_key_each_is_worked_on(client: Client, secret: str) -> None:
    send(client, secret, "One", key=None)
    send(client, secret, "Two", key=None)
    assert Brand.objects.count() == 2
    assert not KeptAnswer.objects.exists()


def test_another_body_under_the_same_key_is_refused(client: Client, secret: str) -> None:
    send(client, secret)
    other = send(client, secret, "Other")
    assert other.status_code == 422
    assert other["Content-Type"] == "application/problem+json"
    assert Brand.objects.count() == 1


def test_clients_and_doors_have_their_own_keys(client: Client, secret: str) -> None:
    send(client, secret, "One")
    assert send(client, key_for("Rival"), "Two").json()["name"] == "Two"
    assert send(client, secret, "Three", door="/others/").json()["name"] == "Three"


@pytest.mark.parametrize(("name", "status"), [("Bad", 400), ("Worse", 409)])
@pytest.mark.parametrize("key", ["k1", None])
def test_what_is_refused_changes_nothing_and_may_be_mended(
    client: Client, secret: str, name: str, status: int, key: str | None
) -> None:
    assert send(client, secret, name, key=key).status_code == status
    assert not Brand.objects.exists()
    assert send(client, secret, "Good", key=key).status_code == 201


@pytest.mark.parametrize("key", ["", "two words", "k" * 256, "ü", '"open'])
def test_what_is_no_key_is_refused_by_name(client: Client, secret: str, key: str) -> None:
    refused = send(client, secret, key=key)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"] == "Idempotency-Key"


def test_in_quotes_it_is_the_same_key(client: Client, secret: str) -> None:
    send(client, secret, key='"k1"')
    assert send(client, secret, key="k1")["Idempotency-Replayed"] == "true"


def asked(**given: Any) -> Asked:
    return Asked(**{"client": "a", "door": "POST /x/", "key": "k", "body": b"{}"} | given)


def brand(name: str) -> Callable[[], Answer]:
    def work() -> Answer:
        Brand.objects.create(name=name, slug=name)
        return Answer(status=201, body=name.encode())

    return work


def test_after_a_day_it_is_a_new_request() -> None:
    answer_once(asked(), brand("one"), now=NOW)
    assert answer_once(asked(body=b"[]"), brand("two"), now=NOW + KEPT).body == b"two"


def test_what_is_older_than_a_day_is_forgotten() -> None:
    answer_once(asked(), brand("one"), now=NOW)
    answer_once(asked(key="l"), brand("two"), now=NOW + timedelta(hours=1))
    assert forget_answers(now=NOW + KEPT) == 1
    assert KeptAnswer.objects.get().made_at == NOW + timedelta(hours=1)


def test_nothing_of_the_key_or_the_body_is_readable_afterwards() -> None:
    answer_once(asked(key="a-secret-order-number", body=b"somebody"), brand("one"), now=NOW)
    kept = KeptAnswer.objects.get()
    assert "order" not in kept.request
    assert "somebody" not in kept.sent


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_worked_on_the_second_is_told_so() -> None:
    entered, may_end = threading.Event(), threading.Event()

    def slow() -> Answer:
        entered.set()
        assert may_end.wait(30)
        return brand("one")()

    def first() -> None:
        try:
            answer_once(asked(), slow, now=NOW)
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    try:
        assert entered.wait(30)
        with pytest.raises(UnderWayError):
            answer_once(asked(), brand("two"), now=NOW)
    finally:
        may_end.set()
        thread.join(30)
    assert answer_once(asked(), brand("two"), now=NOW).is_repeated
    assert list(Brand.objects.values_list("name", flat=True)) == ["one"]


@pytest.mark.django_db(transaction=True)
def test_what_was_half_done_when_it_was_killed_is_undone_and_blocks_nobody() -> None:
    class KilledError(Exception):
        pass

    def dies() -> Answer:
        brand("half")()
        raise KilledError

    with pytest.raises(KilledError):
        answer_once(asked(), dies, now=NOW)
    assert answer_once(asked(), brand("whole"), now=NOW).body == b"whole"
    assert list(Brand.objects.values_list("name", flat=True)) == ["whole"]

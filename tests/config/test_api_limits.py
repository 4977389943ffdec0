"""The API says what is left before it refuses, counts each client once for all processes, and keeps no address.

Whoever shows a key is counted by it, and has a bound of its own.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from redis import Redis
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from config import api_limits
from config.api_limits import PerClient, client_of
from tests.partners.keys import make_key, shown

pytestmark = pytest.mark.django_db
DOOR = "/api/v1/offers/"


@pytest.fixture(autouse=True)
def _three_in_an_hour(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(PerClient, "THROTTLE_RATES", {"anon": "3/hour", "key": "5/hour"})
    redis = Redis.from_url(settings.REDIS_URL)
    yield
    if kept := list(redis.scan_iter("*api-limit*")):
        redis.delete(*kept)
    redis.close()


def ask(client: Client, address: str, door: str = DOOR) -> tuple[int, str, str]:
    response = client.get(door, REMOTE_ADDR=address)
    return response.status_code, response["RateLimit-Limit"], response["RateLimit-Remaining"]


def test_every_answer_says_what_is_left_and_a_refusal_when_to_come_back(client: Client) -> None:
    assert [ask(client, "192.0.2.1") for _ in range(3)] == [(200, "3", "2"), (200, "3", "1"), (200, "3", "0")]
    refused = client.get(DOOR, REMOTE_ADDR="192.0.2.1")
    assert refused.status_code == 429
    assert refused["Content-Type"] == "application/problem+json"
    assert refused["RateLimit-Remaining"] == "0"
    assert 1 <= int(refused["Retry-After"]) == int(refused["RateLimit-Reset"]) <= 3600
    assert ask(client, "192.0.2.2") == (200, "3", "2")


def test_what_is_not_there_says_it_too(client: Client) -> None:
    assert ask(client, "192.0.2.3", "/api/v1/products/nowhere/") == (404, "3", "2")


def test_an_ipv6_customer_is_counted_once_and_an_ipv4_neighbour_apart(client: Client) -> None:
    assert client_of("2001:db8:0:ff01::1") == client_of("2001:db8:0:ff02::9")
    assert client_of("2001:db8:0:ff01::1") != client_of("2001:db8:1:ff01::1")
    assert client_of("192.0.2.1") != client_of("192.0.2.2")


def test_twenty_at_once_are_let_through_three_times() -> None:
    passed: Counter[bool] = Counter()

    def one() -> None:
        request = Request(APIRequestFactory().get(DOOR, REMOTE_ADDR="192.0.2.4"))
        view = APIView()
        view.headers = {}
        passed[PerClient().allow_request(request, view)] += 1

    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert passed == {True: 3, False: 17}


def test_a_key_is_counted_by_itself_from_wherever_it_asks(client: Client) -> None:
    (_, one), (_, other) = make_key("jobs:read"), make_key("jobs:read", name="Another")
    for left in ("4", "3", "2", "1", "0"):
        answer = client.get(DOOR, headers=shown(one), REMOTE_ADDR=f"192.0.2.{left}")
        assert (answer.status_code, answer["RateLimit-Limit"], answer["RateLimit-Remaining"]) == (200, "5", left)
    assert client.get(DOOR, headers=shown(one), REMOTE_ADDR="192.0.2.9").status_code == 429
    assert client.get(DOOR, headers=shown(other), REMOTE_ADDR="192.0.2.9")["RateLimit-Remaining"] == "4"
    assert ask(client, "192.0.2.9") == (200, "3", "2")


def test_who_tries_keys_uses_up_what_the_address_may(client: Client) -> None:
    _, secret = make_key("jobs:read")
    wrong = shown(secret[:-4] + "0000")
    tries = [client.get(DOOR, headers=wrong, REMOTE_ADDR="192.0.2.6") for _ in range(4)]
    assert [one.status_code for one in tries] == [401, 401, 401, 429]
    assert client.get(DOOR, REMOTE_ADDR="192.0.2.6").status_code == 429
    assert client.get(DOOR, headers=shown(secret), REMOTE_ADDR="192.0.2.6").status_code == 200


def test_no_address_is_kept(client: Client) -> None:
    ask(client, "192.0.2.5")
    redis = Redis.from_url(settings.REDIS_URL)
    names = [name.decode() for name in redis.scan_iter("*api-limit*")]
    redis.close()
    assert any(client_of("192.0.2.5") in name for name in names)
    assert not any("192.0.2" in name for name in names)


def test_while_redis_is_away_readers_are_answered(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    api_limits._windows.cache_clear()
    try:
        response = client.get(DOOR)
        assert response.status_code == 200
        assert not response.has_header("RateLimit-Limit")
    finally:
        api_limits._windows.cache_clear()

"""Views are counted in memory, wait in Redis, and are stored once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from redis import Redis

from catalog import page_views
from catalog.models import ViewTally
from catalog.page_views import WAITING, ViewCounter
from catalog.services.view_tallies import store_views

DAY = "2026-10-25"


@pytest.fixture
def redis() -> Iterator[Redis]:
    client = Redis.from_url(settings.REDIS_URL)
    # What tests before this one looked at, which a thread would hand over in the middle of it.
    page_views.view_counter().flush()
    client.delete(WAITING, "views:taken")
    yield client
    client.delete(WAITING, "views:taken")


@pytest.fixture
def counter(redis: Redis) -> ViewCounter:
    return ViewCounter(redis)


def stored() -> list[tuple[date, str, int, int]]:
    return list(ViewTally.objects.order_by("day", "path").values_list("day", "path", "views", "net_views"))


@pytest.mark.django_db
def test_views_of_people_and_of_machines_are_both_views(counter: ViewCounter) -> None:
    for is_net in (True, True, False):
        counter.count(DAY, "/guides/one/", is_net=is_net)
    counter.count(DAY, "/", is_net=False)
    counter.flush()
    assert store_views() == 4
    assert stored() == [(date(2026, 10, 25), "/", 1, 0), (date(2026, 10, 25), "/guides/one/", 3, 2)]


@pytest.mark.django_db
def test_what_was_stored_is_not_stored_again_and_later_views_are_added(counter: ViewCounter) -> None:
    counter.count(DAY, "/", is_net=True)
    counter.flush()
    assert [store_views(), store_views()] == [1, 0]
    counter.count(DAY, "/", is_net=True)
    counter.flush()
    store_views()
    assert stored() == [(date(2026, 10, 25), "/", 2, 2)]


@pytest.mark.django_db
def test_what_a_killed_worker_had_taken_is_stored_by_the_next_one(counter: ViewCounter, redis: Redis) -> None:
    counter.count(DAY, "/", is_net=True)
    counter.flush()
    redis.rename(WAITING, "views:taken")
    counter.count(DAY, "/", is_net=True)
    counter.flush()
    assert store_views() == 1
    assert store_views() == 1
    assert stored() == [(date(2026, 10, 25), "/", 2, 2)]


@pytest.mark.django_db
def test_what_is_no_count_is_left_out_and_the_rest_is_stored(counter: ViewCounter, redis: Redis) -> None:
    redis.hset(WAITING, mapping={"nonsense": 3, "2026-13-45 1 /": 4, f"{DAY} 1 /": 5})
    assert store_views() == 5
    assert stored() == [(date(2026, 10, 25), "/", 5, 5)]


@pytest.mark.django_db
def test_views_wait_in_memory_while_redis_is_away_and_the_log_says_so_once(
    redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    counter = ViewCounter(Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.2))
    counter.count(DAY, "/", is_net=True)
    counter.flush()
    counter.flush()
    assert caplog.text.count("wait in memory") == 1
    counter._redis = redis
    counter.flush()
    assert store_views() == 1


def test_an_invented_flood_of_paths_does_not_fill_the_memory(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_views, "MOST_COUNTED", 3)
    counter = ViewCounter(redis)
    for number in range(10):
        counter.count(DAY, f"/{number}/", is_net=True)
    counter.count(DAY, "/0/", is_net=True)
    counter.flush()
    waiting: Any = redis.hgetall(WAITING)
    assert {name: int(times) for name, times in waiting.items()} == {
        b"2026-10-25 1 /0/": 2,
        b"2026-10-25 1 /1/": 1,
        b"2026-10-25 1 /2/": 1,
    }

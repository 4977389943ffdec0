"""A kept page is given out only while nothing it shows has changed since its making began."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from redis import Redis

from catalog.page_store import PageStore, page_store


@pytest.fixture
def store() -> Iterator[PageStore]:
    page_store.cache_clear()
    yield page_store()
    page_store.cache_clear()


def put(store: PageStore, *tags: str, began: str, key: str = "k", seconds: float = 60) -> bool:
    return store.put(key, b"page", path="/", tags=tags, began=began, seconds=seconds)


def test_gives_back_what_was_put(store: PageStore) -> None:
    assert put(store, "a", "b", began=store.now())
    assert store.get("k") == b"page"
    assert store.get("other") is None


def test_a_page_goes_when_one_of_its_tags_changes_and_no_other(store: PageStore) -> None:
    began = store.now()
    put(store, "a", "b", began=began, key="ab")
    put(store, "c", began=began, key="c")
    put(store, began=began, key="static")
    store.changed(["b", "d"])
    assert store.get("ab") is None
    assert store.get("c") == store.get("static") == b"page"


def test_a_tag_is_not_the_beginning_of_another(store: PageStore) -> None:
    put(store, "offers:12", began=store.now())
    store.changed(["offers:1", "offers:123"])
    assert store.get("k") == b"page"


def test_what_was_begun_before_a_change_is_not_put_after_it(store: PageStore) -> None:
    began = store.now()
    store.changed(["a"])
    assert not put(store, "a", began=began)
    assert put(store, "a", began=store.now()) or put(store, "a", began=store.now())


def test_a_change_in_the_very_moment_of_the_beginning_counts(store: PageStore) -> None:
    """Redis' clock counts in millionths; when the machine's stood or went back, ours goes on."""
    redis = Redis.from_url(settings.REDIS_URL)
    redis.set("page:clock", "9000000000000000")
    began = store.now()
    assert began == "9000000000000000"
    store.changed(["a"])
    assert not put(store, "a", began=began)
    changed = redis.get("page:tag:a")
    assert isinstance(changed, bytes)
    assert not put(store, "a", began=changed.decode()), "at the same moment is not after"
    assert put(store, "a", began=str(int(changed) + 1))
    redis.delete("page:clock")


def test_a_page_ends_with_its_time(store: PageStore) -> None:
    assert not put(store, began=store.now(), seconds=0)
    assert not put(store, began=store.now(), seconds=-5)
    assert put(store, began=store.now(), seconds=10_000)
    left = Redis.from_url(settings.REDIS_URL).ttl("page:kept:k")
    assert 3590 < left <= 3600


def test_many_changes_at_once(store: PageStore) -> None:
    put(store, "offers:2499", began=store.now())
    store.changed([f"offers:{number}" for number in range(2500)])
    assert store.get("k") is None
    store.changed([])

"""A kept page is given out only while nothing it shows has changed since its making began."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from redis import Redis

from catalog import page_store as stores
from catalog.page_store import PageStore, page_store
from catalog.page_tags import LAG_SECONDS


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
    redis.delete("page:clock", "page:born")


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


# --- one makes it, the others have the page as it was ------------------------------------------------------------


def other(store: PageStore) -> PageStore:
    """The store of another process."""
    return PageStore(store._redis)


def put_lagging(store: PageStore, *tags: str, seconds: float = 60) -> None:
    assert store.put("k", b"page", path="/", tags=tags, began=store.now(), seconds=seconds, lag_seconds=LAG_SECONDS)


def test_of_all_who_ask_for_a_page_that_is_not_there_one_has_its_turn(store: PageStore) -> None:
    first, second = store.find("k"), other(store).find("k")
    assert first.turn is not None
    assert (first.page, second.page, second.turn) == (None, None, None)
    assert store.find("another").turn is not None
    put(store, began=first.turn.began)
    store.give_back("k", first.turn)
    third = store.find("k")
    assert (third.page, third.is_true, third.turn) == (b"page", True, None)


def test_a_turn_is_given_back_by_its_owner_only_and_ends_by_itself(
    store: PageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = store.find("k").turn
    assert turn is not None
    store.give_back("k", stores.Turn(turn.began, "somebody else's"))
    assert store.find("k").turn is None
    assert 0 < Redis.from_url(settings.REDIS_URL).ttl("page:turn:k") <= stores.BUILD_SECONDS
    store.give_back("k", turn)
    assert store.find("k").turn is not None


def test_after_a_change_that_only_moves_an_order_the_page_is_given_while_one_makes_the_next(store: PageStore) -> None:
    put_lagging(store, "prices", "offers:1")
    other(store).changed(["prices"])
    first, second = store.find("k"), store.find("k")
    assert (first.page, first.is_true, second.page, second.is_true) == (b"page", False, b"page", False)
    assert first.turn is not None
    assert second.turn is None
    assert put(store, "prices", "offers:1", began=first.turn.began)
    assert store.find("k").is_true


@pytest.mark.parametrize("tag", ["offers:1", "article:3", "articles", "product:1", "method", "edited"])
def test_any_other_change_ends_it_at_once(store: PageStore, tag: str) -> None:
    put_lagging(store, "prices", tag)
    other(store).changed(["prices", tag])
    assert store.find("k").page is None


def test_a_page_lags_for_its_seconds_and_not_longer_however_often_the_order_changes(
    store: PageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_lagging(store, "prices")
    elsewhere = other(store)
    elsewhere.changed(["prices"])
    began = time.monotonic()
    while time.monotonic() - began < 1.2:
        elsewhere.changed(["prices"])
        time.sleep(0.1)
    assert store.find("k", lag_seconds=10).page == b"page"
    # `changed` keeps what is needed for the seconds of the table; a page may be asked for with fewer.
    assert store.find("k", lag_seconds=1).page is None


def test_the_moments_of_changes_do_not_pile_up(store: PageStore) -> None:
    redis = Redis.from_url(settings.REDIS_URL)
    old = int(store.now()) - 60_000_000
    redis.zadd("page:moments:prices", {str(old + number): old + number for number in range(50)})
    store.changed(["prices"])
    assert redis.zcard("page:moments:prices") == 2
    assert 0 < redis.ttl("page:moments:prices") <= 4200


def test_a_page_that_only_got_old_is_given_while_one_makes_the_next(store: PageStore) -> None:
    put_lagging(store, "offers:1", seconds=0.05)
    time.sleep(0.06)
    found = store.find("k")
    assert (found.page, found.is_true) == (b"page", False)
    assert found.turn is not None
    assert store.get("k") is None


def test_nothing_lags_where_the_change_was_made(store: PageStore) -> None:
    put_lagging(store, "prices")
    store.changed(["prices"])
    assert store.find("k").page is None


def test_a_redis_that_comes_back_with_nothing_believes_no_page_that_was_begun_before(store: PageStore) -> None:
    """What changed while such a page was being made is forgotten with everything else."""
    began = store.now()
    store.changed(["a"])
    Redis.from_url(settings.REDIS_URL).flushdb()
    assert not put(store, "a", began=began)
    assert put(store, "a", began=store.now())


def test_a_redis_that_came_back_with_an_older_copy_is_believed_from_then_on(store: PageStore) -> None:
    began = store.now()
    put(store, "a", began=began)
    store.hear().close()
    put(store, "a", began=store.now())
    store.hear().close()
    assert store.get("k") == b"page", "the same run of the same server"
    Redis.from_url(settings.REDIS_URL).set("page:run", "the one before")
    store.hear().close()
    assert store.get("k") is None
    assert put(store, "a", began=store.now())

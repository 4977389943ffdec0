"""What the triggers wrote down reaches the page cache, once the change is committed and even when Redis was away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings
from redis.exceptions import RedisError

from catalog import tasks
from catalog.models import Offer, PageChange
from catalog.page_store import page_store
from catalog.services import page_changes
from catalog.services.page_changes import announce, carry_page_changes, tags_of
from tests.factories import make_merchant, make_offer, make_product, make_seen_offer

pytestmark = pytest.mark.django_db(transaction=True)


def keep(key: str, *tags: str) -> None:
    assert page_store().put(key, b"page", path="/", tags=tags, began=page_store().now(), seconds=60)


def is_kept(key: str) -> bool:
    return page_store().get(key) is not None


def things() -> set[str]:
    return set(PageChange.objects.values_list("thing", flat=True))


def test_a_change_is_written_down_with_its_transaction_or_not_at_all() -> None:
    offer = make_seen_offer(make_product(), make_merchant())
    carry_page_changes()
    with transaction.atomic():
        Offer.objects.update(amount=5)
        transaction.set_rollback(True)
    assert things() == set()
    Offer.objects.update(amount=5)
    assert things() == {f"offers:{offer.product_id}"}


def test_nothing_goes_before_the_change_is_committed() -> None:
    offer = make_seen_offer(make_product(), make_merchant())
    carry_page_changes()
    keep("page", f"offers:{offer.product_id}")
    with transaction.atomic():
        announce("offer:1")
        Offer.objects.update(amount=5)
        assert is_kept("page")
    assert not is_kept("page")
    assert things() == set()


def test_it_is_carried_once_for_a_transaction_with_many_announcements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with transaction.atomic():
        for number in range(100):
            announce(f"offer:{number}")
        assert len(connection.run_on_commit) == 1


def test_a_change_of_a_price_changes_the_lists_by_price_too() -> None:
    assert tags_of({"offers:7", "type:gaming"}) == {"offers:7", "prices", "type:gaming"}
    assert tags_of({"article:7", "product:1"}) == {"article:7", "articles", "product:1", "edited"}


def test_a_round_that_finds_every_price_unchanged_writes_nothing_down() -> None:
    shop = make_merchant()
    for number in range(3):
        make_seen_offer(make_product(f"P{number}"), shop)
    make_offer(make_product("Never read"), shop)
    carry_page_changes()
    now = timezone.now()
    Offer.objects.update(claimed_at=now)
    Offer.objects.filter(seen_at__isnull=False).update(seen_at=now, checked_at=now, state="ok", claimed_at=None)
    Offer.objects.update(claimed_at=None, state="unreadable", state_reason="503", click_weight=3)
    assert things() == set()


def test_a_hundred_offers_of_one_product_are_one_line() -> None:
    shop, product = make_merchant(), make_product(kind="headset", type="gaming")
    carry_page_changes()
    Offer.objects.bulk_create(
        Offer(product=product, merchant=shop, merchant_sku=str(number), url=f"https://shop.example/{number}")
        for number in range(100)
    )
    assert sorted(PageChange.objects.values_list("thing", flat=True)) == [
        "kind:headset",
        f"offers:{product.pk}",
        "sold",
        "type:gaming",
    ]
    carry_page_changes()
    Offer.objects.bulk_create(
        [Offer(product=product, merchant=shop, merchant_sku="more", url="https://shop.example/m")]
    )
    assert things() == {f"offers:{product.pk}"}, "it was sold before"


@pytest.fixture
def redis_away(settings: Settings) -> Iterator[None]:
    there = settings.REDIS_URL
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    page_store.cache_clear()
    yield
    settings.REDIS_URL = there
    page_store.cache_clear()


def test_a_purge_waits_for_redis_to_come_back(settings: Settings, redis_away: None) -> None:
    offer = make_seen_offer(make_product(), make_merchant())
    with transaction.atomic():
        announce(f"offer:{offer.pk}")
        Offer.objects.update(amount=5)
    assert f"offers:{offer.product_id}" in things()
    with pytest.raises(RedisError):
        tasks.carry_page_changes()
    assert f"offers:{offer.product_id}" in things()


def test_beat_carries_what_could_not_be_carried_before() -> None:
    offer = make_seen_offer(make_product(), make_merchant())
    keep("page", f"offers:{offer.product_id}")
    Offer.objects.update(amount=5)  # nobody announced it
    assert is_kept("page")
    tasks.carry_page_changes()
    assert not is_kept("page")
    assert things() == set()


def test_many_changes_are_carried_in_strokes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_changes, "STROKE", 10)
    PageChange.objects.all().delete()
    PageChange.objects.bulk_create(PageChange(thing=f"offers:{number}") for number in range(25))
    keep("page", "offers:24")
    assert carry_page_changes() == 25
    assert not is_kept("page")


def test_a_price_that_outlived_its_licence_comes_back_as_a_change() -> None:
    shop = make_merchant(max_price_age=timedelta(hours=1))
    now = timezone.now()
    old = make_seen_offer(make_product(), shop, seen_at=now - timedelta(hours=1))
    make_seen_offer(make_product("Fresh"), shop, seen_at=now - timedelta(minutes=59))
    carry_page_changes()
    Offer.objects.update(seen_at=now)
    assert things() == {f"offers:{old.product_id}"}


# What no public page says of a row: the work of keeping it fresh, notes for editors, keys.
UNSEEN = {
    "catalog_offer": {
        *("id", "merchant_sku", "state", "state_reason", "checked_at", "next_check_at", "claimed_at", "times_missing"),
        *("rate_shape", "rate_days", "click_weight", "created_at"),
        "days_seen",  # moves with `seen_at`: a kept page may be minutes behind, as with the time of reading
    },
    "catalog_merchant": {
        *("id", "homepage", "source", "source_settings", "refresh_every", "requests_per_minute", "requests_per_day"),
        *("least_worth", "planned_at", "paused_until", "consecutive_failures", "last_error", "claimed_at"),
        *("owner_told_at", "feed_etag", "feed_last_modified", "feed_sha256"),
    },
    "reviews_article": {
        *(
            "id",
            "title",
            "standfirst",
            "obtained",
            "about_kind",
            "about_type",
            "seo_title",
            "seo_description",
            "use_case",
            "slug",
            "picture_id",
        ),  # a draft's
        # the desk's: what readers see changes with `status`, `live_revision` and `public_slug`
        *("stage", "version", "updated_at", "planned_for", "publish_at", "expires_at", "scheduled_version_id"),
        *("review_asked_of_id", "preview_series"),
        "created_at",
    },
}


@pytest.mark.parametrize("table", UNSEEN)
def test_every_column_is_either_watched_or_known_to_be_on_no_page(table: str) -> None:
    """A new column has to be given its place: in the table's triggers, or above."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(pg_get_triggerdef(oid), ' ') FROM pg_trigger "
            "WHERE tgrelid = %s::regclass AND tgname ~ '_page_' AND NOT tgisinternal",
            [table],
        )
        ((definitions,),) = cursor.fetchall()
    columns = {column.name for column in connection.introspection.get_table_description(connection.cursor(), table)}
    watched = {column for column in columns if f"new.{column}" in definitions}
    assert columns - watched <= UNSEEN[table]
    assert not watched & UNSEEN[table]

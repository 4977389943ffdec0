"""The index in memory says what is true now, whichever door a change came by, and reads again no more than that."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog import product_index
from catalog.facets.asked import Asked, Found, Range
from catalog.market import keep_market, read_market
from catalog.models import AudioSpecs, Brand, Destination, Link, Merchant, Offer, Product, ProductCode
from catalog.money.conversion import Conversion, Rate
from catalog.page_tags import listening
from catalog.product_index import AT_ONCE, BEHIND, ProductIndex, StillReadingError, find_products
from catalog.services.product_changes import forget_product_changes
from catalog.shopper import Market
from tests.factories import make_destination, make_merchant, make_offer, make_product, make_seen_offer

CHEAP = Asked(ranges={"price": Range(high=Decimal(100))})


def models(index: ProductIndex, asked: Asked | None = None) -> list[str]:
    found = index.find(asked or Asked(sort="name"), start=0, size=1000, now=timezone.now())
    names = dict(Product.objects.values_list("pk", "model"))
    return [names[pk] for pk in found.ids]


def found(**asked: object) -> Found:
    return find_products(Asked(**asked), start=0, size=10, now=timezone.now())  # type: ignore[arg-type]


@pytest.mark.django_db
def test_whoever_has_written_sees_his_own_rows_and_nobody_else_does() -> None:
    kept = product_index._kept
    before = kept._index
    product = make_product("Seen by me")
    assert found().ids == (product.pk,)
    assert kept._index is before


@pytest.mark.django_db
def test_merged_records_are_no_products() -> None:
    kept = make_product("Kept")
    make_product("Merged", merged_into=kept)
    assert found().ids == (kept.pk,)


@pytest.mark.django_db
def test_a_price_counts_only_where_it_may_be_shown_of_a_new_item_that_can_be_ordered() -> None:
    now, shop = timezone.now(), make_merchant(max_price_age=timedelta(hours=1))
    fine = make_product("Fine")
    make_seen_offer(fine, shop, amount="80.00", shipping_amount=Decimal("5.00"))
    make_seen_offer(make_product("Old"), shop, amount="80.00", seen_at=now - timedelta(hours=2))
    make_seen_offer(make_product("Used"), make_merchant("Used", used_allowed=True), condition="used")
    make_seen_offer(make_product("Sold out"), shop, availability="out_of_stock")
    make_seen_offer(make_product("Euro"), make_merchant("Laden", currency="EUR"))
    make_seen_offer(make_product("Kept back"), make_merchant("Shy", prices_allowed=False))
    broken = make_seen_offer(make_product("Broken"), shop)
    make_destination(broken)
    make_seen_offer(make_product("No link"), shop).links.all().delete()
    answer = find_products(CHEAP, start=0, size=10, now=now)
    assert answer.ids == (fine.pk,)
    assert answer.spans["price"] == (Decimal("85.00"), Decimal("85.00"))
    assert answer.counts["stock"] == {"in_stock": 1, "out_of_stock": 0}
    assert answer.labels["merchant"]["shop"] == "Shop"


@pytest.mark.django_db
def test_what_is_sold_comes_first_and_the_cheapest_where_that_is_asked_for() -> None:
    shop = make_merchant()
    bare, dear, cheap = (make_product(name) for name in ("A bare one", "B dear", "C cheap"))
    make_seen_offer(dear, shop, amount="80.00", shipping_amount=Decimal("9.00"))
    make_seen_offer(cheap, shop, amount="85.00")
    assert found().ids == (dear.pk, cheap.pk, bare.pk)
    assert found(sort="price").ids == (cheap.pk, dear.pk, bare.pk)
    assert found(sort="name").ids == (bare.pk, dear.pk, cheap.pk)


@pytest.mark.django_db
def test_what_sheets_say_in_words_is_a_choice_with_its_own_label() -> None:
    product = make_product(specs={"water_rating": "IPX4", "certifications": ["Microsoft Teams", "Zoom"], "anc": False})
    answer = found(choices={"certifications": frozenset({"microsoft-teams"})})
    assert answer.ids == (product.pk,)
    assert answer.labels["certifications"]["microsoft-teams"] == "Microsoft Teams"
    assert answer.counts["water_rating"] == {"ipx4": 1}
    assert answer.counts["anc"] == {"no": 1}


@pytest.mark.django_db
def test_the_page_that_asks_goes_with_every_list_the_answer_hangs_on() -> None:
    with listening(timezone.now()) as notes:
        found()
    assert notes.tags == {"products", "edited", "sold", "prices", "scores", "articles", "rates"}


@pytest.fixture
def index(transactional_db: None) -> Iterator[ProductIndex]:
    made = ProductIndex()
    yield made
    made.wait()


def test_every_door_is_heard_before_the_next_answer(index: ProductIndex) -> None:
    assert models(index) == []
    first = make_product("One")
    assert models(index) == ["One"]
    second = make_product("Two", brand="Beyer")
    assert models(index) == ["One", "Two"]

    AudioSpecs.objects.filter(product=second).update(weight_g=200)
    light = Asked(ranges={"weight_g": Range(high=Decimal(250))})
    assert models(index, light) == ["Two"]
    Product.objects.filter(pk=first.pk).update(model="Changed")
    assert models(index, Asked(words="changed")) == ["Changed"]
    Brand.objects.filter(name="Beyer").update(name="Aaa")
    assert models(index) == ["Two", "Changed"]
    ProductCode.objects.create(product=first, scheme="gtin", value="4006381333931")
    assert models(index, Asked(words="4006381333931")) == ["Changed"]

    shop = make_merchant()
    offer = make_seen_offer(first, shop, amount="90.00")
    assert models(index, CHEAP) == ["Changed"]
    Offer.objects.filter(pk=offer.pk).update(amount=Decimal("100.01"))
    assert models(index, CHEAP) == []
    Offer.objects.filter(pk=offer.pk).update(amount=Decimal("100.00"))
    assert models(index, CHEAP) == ["Changed"]
    make_destination(offer)
    assert models(index, CHEAP) == []
    Destination.objects.filter(offer=offer).update(decision=Destination.Decision.ACCEPTED)
    assert models(index, CHEAP) == ["Changed"]
    Merchant.objects.filter(pk=shop.pk).update(prices_allowed=False)
    assert models(index, CHEAP) == []
    Merchant.objects.filter(pk=shop.pk).update(prices_allowed=True)
    assert models(index, Asked(choices={"merchant": frozenset({"shop"})})) == ["Changed"]
    Link.objects.update(is_active=False)
    assert models(index, Asked(choices={"merchant": frozenset({"shop"})})) == []

    Product.objects.filter(pk=second.pk).update(merged_into=first)
    assert models(index) == ["Changed"]
    Product.objects.filter(pk=second.pk).update(merged_into=None)
    assert models(index) == ["Two", "Changed"]
    second.delete()
    assert models(index) == ["Changed"]
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE catalog_product CASCADE")
    index.find(Asked(), start=0, size=1, now=timezone.now())
    index.wait()
    assert models(index) == []


def test_what_was_taken_back_was_never_there(index: ProductIndex) -> None:
    make_product("One")
    assert models(index) == ["One"]
    with transaction.atomic():
        make_product("Never")
        assert models(index) == ["Never", "One"]
        transaction.set_rollback(True)
    assert models(index) == ["One"]


def test_who_commits_late_is_heard_all_the_same(index: ProductIndex) -> None:
    slow, quick = make_product("Slow"), make_product("Quick")
    models(index)
    changed, go_on = threading.Event(), threading.Event()

    def change() -> None:
        with transaction.atomic():
            AudioSpecs.objects.filter(product=slow).update(anc=True)
            changed.set()
            go_on.wait(20)
        connection.close()

    other = threading.Thread(target=change)
    other.start()
    assert changed.wait(20)
    AudioSpecs.objects.filter(product=quick).update(anc=True)
    quiet = Asked(choices={"anc": frozenset({"yes"})}, sort="name")
    assert models(index, quiet) == ["Quick"]
    go_on.set()
    other.join()
    assert models(index, quiet) == ["Quick", "Slow"]


def test_while_nothing_changes_one_query_is_asked_and_a_fixed_number_when_something_did(index: ProductIndex) -> None:
    products = [make_product(f"Model {number}") for number in range(20)]
    models(index)

    def queries(*changed: Product) -> int:
        AudioSpecs.objects.filter(product__in=changed).update(weight_g=len(changed))
        with CaptureQueriesContext(connection) as asked:
            index.find(Asked(), start=0, size=5, now=timezone.now())
        return len(asked)

    assert queries() == 1
    assert queries(*products[:2]) == queries(*products) < 10
    assert queries() == 1


def test_many_changes_are_read_by_a_thread_while_the_index_goes_on(index: ProductIndex) -> None:
    now, made = timezone.now(), Brand.objects.create(name="Many", slug="many")
    models(index)
    many = [Product(brand=made, model=f"{number}", slug=f"many-{number}") for number in range(AT_ONCE + 1)]
    Product.objects.bulk_create(many)
    with listening(now) as notes:
        old = index.find(Asked(), start=0, size=5, now=now)
    assert old.count == 0
    assert notes.until == now + BEHIND
    index.wait()
    assert index.find(Asked(), start=0, size=5, now=now).count == AT_ONCE + 1


def test_a_price_ends_with_its_licence_and_not_when_it_was_read_again_meanwhile(index: ProductIndex) -> None:
    now, shop = timezone.now(), make_merchant(max_price_age=timedelta(hours=1))
    offers = [make_seen_offer(make_product(name), shop, amount="90.00", seen_at=now) for name in ("One", "Two")]
    with listening(now) as notes:
        assert index.find(CHEAP, start=0, size=5, now=now).count == 2
    assert notes.until == now + timedelta(hours=1)
    # Seen again at the same price: no page goes for that, and nothing is told.
    Offer.objects.filter(pk=offers[0].pk).update(seen_at=now + timedelta(minutes=30))
    later = now + timedelta(minutes=61)
    assert index.find(CHEAP, start=0, size=5, now=later).ids == (offers[0].product_id,)
    assert index.find(CHEAP, start=0, size=5, now=now + timedelta(minutes=91)).ids == ()


def test_changes_are_forgotten_after_a_day_and_who_was_away_so_long_reads_everything(index: ProductIndex) -> None:
    now = timezone.now()
    make_product("One")
    models(index)
    make_offer(make_product("Two"))
    assert forget_product_changes(now=now) == 0
    assert forget_product_changes(now=now + timedelta(days=2)) > 0
    index.find(Asked(), start=0, size=1, now=now + timedelta(days=2))
    index.wait()
    assert models(index) == ["One", "Two"]


@pytest.mark.django_db(transaction=True)
def test_other_rates_have_every_price_read_again_and_nobody_waits_for_it() -> None:
    make_seen_offer(make_product("Dollars"), make_merchant(), amount="100.00")
    index, euros = ProductIndex(), Asked(currency="EUR", ranges={"price": Range(high=Decimal(80))})
    assert models(index, euros) == [], "no rate is known"
    today = timezone.now().date()
    conversion = Conversion({"USD": Rate(Decimal("1.25"), today)})
    keep_market(Market(currencies=("EUR", "USD"), conversion=conversion))
    models(index, euros)
    index.wait()
    assert models(index, euros) == ["Dollars"]
    keep_market(Market(currencies=("EUR", "USD"), conversion=Conversion({"USD": Rate(Decimal("1.2"), today)})))
    models(index, euros)
    index.wait()
    assert models(index, euros) == [], "83.33 euros by today's"


@pytest.mark.django_db(transaction=True)
def test_where_a_shop_delivers_is_heard_before_the_next_answer() -> None:
    shop = make_merchant("One", delivers_to=["US"])
    make_merchant("Two", delivers_to=["DE", "US"])
    make_seen_offer(make_product("Here"), shop, amount="90.00")
    keep_market(read_market(timezone.now()))
    index, there = ProductIndex(), Asked(country="DE", ranges=CHEAP.ranges)
    assert (models(index, CHEAP), models(index, there)) == (["Here"], [])
    Merchant.objects.filter(pk=shop.pk).update(delivers_to=["AT", "DE"])
    assert models(index, there) == ["Here"]
    Merchant.objects.filter(pk=shop.pk).update(delivers_to=["AT"])
    assert models(index, there) == []


def test_nobody_waits_until_very_many_products_are_read(index: ProductIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product_index, "READ_AT_ONCE", 1)
    make_product("One"), make_product("Two")
    with listening(timezone.now()) as notes, pytest.raises(StillReadingError):
        models(index)
    assert notes.until is not None  # whatever is shown meanwhile does not stay
    index.wait()
    assert models(index) == ["One", "Two"]
    make_product("Three")
    assert models(index) == ["One", "Three", "Two"]


def test_a_reading_that_fails_is_begun_again_by_the_next_question(
    index: ProductIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(product_index, "READ_AT_ONCE", 0)
    make_product("One")
    with monkeypatch.context() as broken:
        broken.setattr(product_index, "product_rows", None)
        with pytest.raises(StillReadingError):
            models(index)
        index.wait()
    with pytest.raises(StillReadingError):
        models(index)
    index.wait()
    assert models(index) == ["One"]


def test_readers_are_told_that_the_list_is_being_read_and_when_to_come_again(
    client: Client, index: ProductIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(product_index, "READ_AT_ONCE", 0)
    monkeypatch.setattr(product_index, "_kept", index)
    make_product("One")
    answer = client.get("/products/")
    assert answer.status_code == 503
    assert "is being read" in answer.content.decode()
    assert (answer["Retry-After"], "no-store" in answer["Cache-Control"]) == ("30", True)
    # Whose page is not there is told no more than that.
    assert client.get("/products/one/nothing/").status_code == 404
    index.wait()
    assert client.get("/products/").status_code == 200

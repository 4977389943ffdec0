"""After each kind of change exactly the pages go that show what changed; what stays is what would be made anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from catalog.models import Link, Merchant, Offer, Price, Product
from catalog.reading import Availability
from catalog.services import offers as offer_work
from catalog.services import price_decisions, retention
from catalog.services.merchants import save_merchant
from catalog.services.page_changes import carry_page_changes
from catalog.services.products import store_product, vouch
from recommender.models import RuleSetVersion
from recommender.services.versions import add_version, keep_shipped, put_in_force
from reviews.desk.publishing import publish_article, retire_article
from reviews.models import Article, Author, Comment, MethodVersion
from reviews.services.articles import BlockInput, edit_article, save_article
from reviews.services.authors import save_author
from reviews.services.comments import CommentInput, write_comment
from reviews.services.methods import activate_version
from tests.factories import (
    make_merchant,
    make_product,
    make_published_article,
    make_remark,
    make_review,
    make_seen_offer,
    make_staff,
)
from tests.reviews.kept_world import (
    BY_PRICE,
    LISTS_OF_ARTICLES,
    PAGES,
    SAID_OF_PLAIN,
    SHOW_ONE,
    World,
    fetch,
    gone,
    make_world,
    warm,
)
from tests.reviews.scored import give, make_draft, make_method

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(settings: Settings) -> World:
    settings.PAGE_CACHE_SECONDS = 300
    return make_world()


def stored_price(world: World, amount: str = "89.00") -> None:
    price_decisions.set_price_by_hand(
        offer=world.offer,
        amount=Decimal(amount),
        currency="USD",
        availability=Availability.IN_STOCK,
        seen_at=timezone.now(),
        by="ada",
    )


def unchanged_price(world: World) -> None:
    stored_price(world, "99.00")


def rows_of(offer: Offer, **columns: object) -> None:
    """As a worker writes them: many at once, past every service."""
    Offer.objects.filter(pk=offer.pk).update(**columns)


def out_of_stock(world: World) -> None:
    rows_of(world.offer, availability="out_of_stock")


def held(world: World) -> None:
    rows_of(world.offer, state="held", state_reason="Six times too high.", checked_at=timezone.now(), claimed_at=None)
    Price.objects.create(
        offer=world.offer, amount=600, currency="USD", availability="in_stock", seen_at=timezone.now(), source="manual",
        verdict="held",
    )  # fmt: skip


def a_round_without_news(world: World) -> None:
    rows_of(world.offer, claimed_at=timezone.now())
    rows_of(
        world.offer, seen_at=timezone.now(), checked_at=timezone.now(), next_check_at=timezone.now(), claimed_at=None
    )


def expired_and_deleted(world: World) -> None:
    Merchant.objects.filter(pk=world.shop.pk).update(history_allowed=False)
    Offer.objects.filter(merchant=world.shop).update(seen_at=timezone.now() - timedelta(days=2))
    retention.delete_expired_readings(now=timezone.now())


def terms_flipped(world: World) -> None:
    save_merchant(slug="shop", prices_allowed=False)


def disclaimer_in_sql(world: World) -> None:
    Merchant.objects.filter(pk=world.shop.pk).update(disclaimer="Prices may differ at the till.")


def shop_may_learn_less(world: World) -> None:
    Merchant.objects.filter(pk=world.shop.pk).update(referrer_policy="no-referrer")


def health_noted(world: World) -> None:
    Merchant.objects.filter(pk=world.shop.pk).update(consecutive_failures=3, last_error="503", claimed_at=None)


def merchant_off(world: World) -> None:
    save_merchant(slug="shop", is_active=False)


def withdrawn(world: World) -> None:
    offer_work.withdraw_offers(offers=[world.offer], now=timezone.now())


def link_off(world: World) -> None:
    Link.objects.filter(offer=world.offer).update(is_active=False)


def second_offer(world: World) -> None:
    make_seen_offer(world.one, make_merchant("Third"), amount="95.00")


def history_grows(world: World) -> None:
    Price.objects.create(
        offer=world.offer, amount=Decimal("120.00"), currency="USD", availability="in_stock", source="manual",
        seen_at=timezone.now() - timedelta(days=3),
    )  # fmt: skip


def summary_written(world: World) -> None:
    world.one.summary = "For long evenings."
    store_product(product=world.one, changed=["summary"], on=timezone.now().date())


def spec_vouched(world: World) -> None:
    world.one.specs.weight_g = 250
    world.one.specs.save()
    vouch(product=world.one, columns=["weight_g"], on=timezone.now().date())


def renamed(world: World) -> None:
    world.one.model = "One Plus"
    store_product(product=world.one, changed=["model"], on=timezone.now().date())


def published(world: World) -> None:
    make_published_article("brand-new", author=world.ada)


def republished(world: World) -> None:
    save_article(
        slug="plain", kind="guide", title="Plainer", standfirst="In short.", author=Author.objects.get(name="Ben Low"),
        blocks=[BlockInput("prose", {"html": "<p>Other words.</p>"})],
    )  # fmt: skip
    publish_article(article=Article.objects.get(slug="plain"))


def retired(world: World) -> None:
    retire_article(article=world.guide)


def drafted(world: World) -> None:
    world.guide.title = "A title that nobody has seen"
    edit_article(article=world.guide, blocks=[])
    make_product("Unrelated draft brand", brand="Acme")  # a product without a kind is in the list of all products only


def author_renamed(world: World) -> None:
    ada = world.ada
    save_author(slug=ada.slug, name="Ada Meadow", role=ada.role, bio=ada.bio)


def scored_anew(world: World) -> None:
    draft = Article.objects.get(pk=world.review.pk)
    blocks = [BlockInput(b.kind, b.data, list(b.products.all())) for b in draft.blocks.order_by("position")]
    rows = [{"criterion": "Sound", "score": "3.0", "weight": "60", "note": ""}]
    blocks[1] = BlockInput("scores", {"rows": rows}, products=[world.talk])
    edit_article(article=draft, blocks=blocks)
    publish_article(article=draft)


def remark_shown(world: World) -> None:
    make_remark(world.plain, "Words", "Which ones?")


def remark_held(world: World) -> None:
    make_remark(world.plain, "Words", "Which ones?", state="held")


def comment_hidden_in_sql(world: World) -> None:
    """As a moderator's many at once, past every service."""
    Comment.objects.filter(article=world.plain).update(state="deleted")


def comment_written(world: World) -> None:
    """It waits to be read by us: nobody sees it yet."""
    given = CommentInput(name="Kim", address="", text="Mine creak as well.", network="10.0.0.1")
    assert write_comment(given, article=world.plain, now=timezone.now()).state == "held"


SHOWS_TALK = {"talk", "review of talk", "hub gaming", "catalogue", "catalogue by price", "catalogue by name", "brand"}
LISTS_OF_PRODUCTS = {
    *("catalogue", "catalogue by price", "catalogue by name", "result", "sitemap of products", "brand", "brands")
}
# A review may give any product another score, by which the catalogue counts and the adviser ranks.
BY_SCORE = {"catalogue", "catalogue by price", "catalogue by name", "result"}
WITH_THE_SHOP = SHOW_ONE | BY_PRICE


def rules_put_in_force(world: World) -> None:
    version = keep_shipped(now=timezone.now())
    put_in_force(version=add_version_like(version), by=make_staff("rita"), now=timezone.now())


def add_version_like(version: RuleSetVersion) -> RuleSetVersion:
    return add_version(texts=version.texts, fingerprint=version.fingerprint, now=timezone.now(), note="As before.")


CHANGES: dict[Callable[[World], None], set[str]] = {
    stored_price: SHOW_ONE | BY_PRICE,
    unchanged_price: set(),
    out_of_stock: SHOW_ONE | BY_PRICE,
    held: set(),
    a_round_without_news: set(),
    expired_and_deleted: WITH_THE_SHOP,
    terms_flipped: WITH_THE_SHOP,
    disclaimer_in_sql: WITH_THE_SHOP,
    shop_may_learn_less: WITH_THE_SHOP,
    health_noted: set(),
    merchant_off: WITH_THE_SHOP,
    withdrawn: SHOW_ONE | BY_PRICE,
    link_off: SHOW_ONE | BY_PRICE,
    second_offer: SHOW_ONE | BY_PRICE,
    history_grows: SHOW_ONE | BY_PRICE,
    summary_written: SHOW_ONE | {"picture of one", "catalogue by price", "result", "sitemap of products"},
    spec_vouched: SHOW_ONE | {"picture of one", "catalogue by price", "result", "sitemap of products"},
    renamed: SHOW_ONE | LISTS_OF_PRODUCTS | {"picture of one"},
    published: LISTS_OF_ARTICLES | BY_SCORE,
    republished: LISTS_OF_ARTICLES | BY_SCORE | SAID_OF_PLAIN,
    retired: LISTS_OF_ARTICLES | SHOW_ONE | {"catalogue by price", "result"},
    drafted: LISTS_OF_PRODUCTS,
    author_renamed: {"author Ada", "guide of one", "review of talk"}
    | {"home", "section", "feed", "hub headphones", "plain guide", "one", "talk", "brand", "people"},
    scored_anew: LISTS_OF_ARTICLES | SHOWS_TALK | {"result"},
    remark_shown: SAID_OF_PLAIN | {"plain guide"},
    remark_held: set(),
    comment_hidden_in_sql: SAID_OF_PLAIN | {"plain guide"},
    comment_written: set(),
    rules_put_in_force: {"result"},
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_exactly_the_pages_that_show_it_go(world: World, change: Callable[[World], None]) -> None:
    warm()
    change(world)
    carry_page_changes()
    assert gone() == CHANGES[change]


def score_by_the_method(world: World) -> None:
    give(MethodVersion.objects.get(state="active"), world.one, sound="4.0")


def score_in_a_draft(world: World) -> None:
    give(MethodVersion.objects.get(state="draft"), world.one, sound="4.0")


def method_activated(world: World) -> None:
    activate_version(version=MethodVersion.objects.get(state="draft"), now=timezone.now())


# Each of the site's products has a page that tells of the method, scored or not; the adviser counts and shows scores.
PRODUCTS = {"one", "two", "bud", "talk"}


@pytest.mark.parametrize(
    ("change", "pages"),
    [
        (score_by_the_method, SHOW_ONE | {"catalogue by price", "result"}),
        (score_in_a_draft, set()),
        (method_activated, SHOW_ONE | PRODUCTS | {"catalogue by price", "result"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_score_lets_exactly_the_pages_go_that_show_it(
    world: World, change: Callable[[World], None], pages: set[str]
) -> None:
    give(make_method(), world.one, sound="8.0", comfort="7.0")
    make_draft()
    give(MethodVersion.objects.get(state="draft"), world.one, sound="8.0", comfort="7.0")
    carry_page_changes()
    warm()
    change(world)
    carry_page_changes()
    assert gone() == pages


def test_an_offer_put_back_is_shown_at_once(world: World) -> None:
    offer_work.withdraw_offers(offers=[world.offer], now=timezone.now())
    warm()
    offer_work.restore_offers(offers=[world.offer], now=timezone.now())
    assert gone() == SHOW_ONE | BY_PRICE


def test_the_first_offer_of_a_product_moves_it_up_where_products_of_its_type_are_listed(world: World) -> None:
    three = make_product("Three", kind="headphones", type="over-ear")
    carry_page_changes()
    warm()
    make_seen_offer(three, world.shop, amount="19.00")
    carry_page_changes()
    assert gone() == (SHOW_ONE | BY_PRICE) - {"guide of one"}


def test_a_merge_of_two_products_reaches_the_pages_of_both(world: World) -> None:
    warm()
    Offer.objects.filter(product=world.two).update(product=world.one)
    Product.objects.filter(pk=world.two.pk).update(merged_into=world.one)
    carry_page_changes()
    assert {"one", "two", "guide of one"} <= gone()


def test_a_review_of_a_merged_record_reaches_the_page_of_the_one_that_is_kept(world: World) -> None:
    Product.objects.filter(pk=world.two.pk).update(merged_into=world.one)
    carry_page_changes()
    warm(but="two")
    make_review(world.two)
    assert "one" in gone()


def test_what_a_draft_is_about_is_not_told_by_other_articles(world: World) -> None:
    make_published_article("older", author=world.ada, about_kind="headset")
    warm()
    world.guide.about_kind = "headset"
    edit_article(article=world.guide, blocks=[])
    assert gone() == set()


def test_a_price_whose_licence_was_over_comes_back_with_the_same_amount(world: World) -> None:
    now = timezone.now()
    rows_of(world.offer, seen_at=now - timedelta(hours=25))
    carry_page_changes()
    warm()
    assert b"99.00" not in fetch(PAGES["one"])[0]
    rows_of(world.offer, seen_at=now)
    carry_page_changes()
    assert gone() == SHOW_ONE | BY_PRICE
    assert b"99.00" in fetch(PAGES["one"])[0]


def test_a_price_leaves_the_kept_page_when_its_licence_ends(world: World) -> None:
    """Nothing changes, only time passes: nobody is told, the page ends by itself."""
    allowed = timedelta(hours=24)
    fetch(PAGES["bud"])
    rows_of(world.offer, seen_at=timezone.now() - allowed + timedelta(seconds=6))
    carry_page_changes()
    assert b"99.00" in fetch(PAGES["one"])[0]
    assert fetch(PAGES["one"])[1]
    time.sleep(6.1)
    body, was_kept = fetch(PAGES["one"])
    assert not was_kept
    assert b"99.00" not in body
    assert fetch(PAGES["bud"])[1]


def test_services_need_nobody_to_carry_their_changes(world: World) -> None:
    warm()
    stored_price(world)
    assert gone() == SHOW_ONE | BY_PRICE


def test_no_reader_is_given_an_older_price_than_the_one_just_stored(world: World) -> None:
    """While three readers ask without a pause, so that pages are always being made when the price changes."""
    stop = threading.Event()

    def reader() -> None:
        try:
            while not stop.is_set():
                fetch(PAGES["one"])
        finally:
            connection.close()

    readers = [threading.Thread(target=reader) for _ in range(3)]
    for one in readers:
        one.start()
    try:
        for amount in range(200, 230):
            stored_price(world, f"{amount}.00")
            for _ in range(3):
                assert f"{amount}.00".encode() in fetch(PAGES["one"])[0]
    finally:
        stop.set()
        for one in readers:
            one.join()


def test_what_an_editor_saves_in_the_admin_is_on_the_pages_at_once(world: World) -> None:
    """Also by a form that no service stands behind."""
    warm()
    editor = Client()
    make_staff("editor", "reviews.change_author", "reviews.view_author")
    editor.login(username="editor", password="listen-closely")
    form = {"name": "Ada Meadow", "slug": "ada-field", "role": "Audio editor", "bio": "Writes.", "profile_links": ""}
    answer = editor.post(f"/admin/reviews/author/{world.ada.pk}/change/", {**form, "tests": "", "credentials": ""})
    assert answer.status_code == 302
    body, was_kept = fetch(PAGES["author Ada"])
    assert not was_kept
    assert b"Ada Meadow" in body

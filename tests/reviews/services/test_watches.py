"""Claims are looked at after each change, by one worker each, and people hear of what became of them."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Offer, Product
from reviews.models import Watch, WatchChange, WatchEvent
from reviews.services.watch_letters import send_watch_letters
from reviews.services.watches import (
    WatchError,
    WatchInput,
    evaluate_changed,
    evaluate_due,
    look_again,
    save_watch,
    take_changes,
    try_watch,
)
from tests.factories import (
    make_article,
    make_author,
    make_merchant,
    make_product,
    make_seen_offer,
    make_staff,
    make_watch,
)

pytestmark = pytest.mark.django_db


def sold(amount: str = "49.90", *, model: str = "One", **terms: Any) -> Offer:
    return make_seen_offer(make_product(model), make_merchant(f"Shop {model}", **terms), amount=amount)


def reprice(offer: Offer, amount: str) -> None:
    Offer.objects.filter(pk=offer.pk).update(amount=Decimal(amount), seen_at=timezone.now())


def settle() -> int:
    """Rounds until nothing is due; how many watches were looked at."""
    looked = 0
    while count := evaluate_changed(now=timezone.now()):
        looked += count
    return looked


def test_what_is_saved_is_looked_at_at_once() -> None:
    offer = sold()
    watch = make_watch(make_article(), offer.product, passage="Under 50 dollars.")
    assert (watch.state, watch.reason) == (Watch.State.HOLDS, "It costs $49.90 at Shop One.")
    assert watch.since is not None
    assert watch.check_again_at is not None


def test_a_price_that_moves_breaks_the_claim_and_the_event_is_kept() -> None:
    offer = sold()
    watch = make_watch(make_article(), offer.product)
    reprice(offer, "55")
    assert settle() == 1
    watch.refresh_from_db()
    assert watch.state == Watch.State.BROKEN
    reprice(offer, "45")
    settle()
    watch.refresh_from_db()
    assert watch.state == Watch.State.HOLDS
    assert [event.state for event in watch.events.all()] == ["holds", "broken", "holds"]


def test_a_look_that_finds_the_same_price_wakes_nobody() -> None:
    offer = sold()
    make_watch(make_article(), offer.product)
    Offer.objects.filter(pk=offer.pk).update(seen_at=timezone.now(), checked_at=timezone.now())
    assert not WatchChange.objects.exists()
    assert settle() == 0


def test_a_price_that_outlives_its_licence_makes_it_unknown_and_a_new_look_true_again() -> None:
    offer = sold(max_price_age=timedelta(hours=24))
    watch = make_watch(make_article(), offer.product)
    later = timezone.now() + timedelta(hours=25)
    assert evaluate_changed(now=later) == 1
    watch.refresh_from_db()
    assert watch.state == Watch.State.UNKNOWN
    Offer.objects.filter(pk=offer.pk).update(seen_at=later)
    assert evaluate_changed(now=later) == 1
    watch.refresh_from_db()
    assert watch.state == Watch.State.HOLDS


def test_a_price_read_by_a_clock_a_little_ahead_of_ours_counts() -> None:
    offer = sold()
    watch = make_watch(make_article(), offer.product)
    Offer.objects.filter(pk=offer.pk).update(amount=Decimal(45), seen_at=timezone.now() + timedelta(seconds=30))
    settle()
    watch.refresh_from_db()
    assert watch.reason == "It costs $45.00 at Shop One."


def test_a_held_price_is_not_believed() -> None:
    offer = sold()
    watch = make_watch(make_article(), offer.product)
    Offer.objects.filter(pk=offer.pk).update(state=Offer.State.HELD)
    offer.prices.create(
        amount=Decimal(500), currency="USD", availability="in_stock", seen_at=timezone.now(), source="t", verdict="held"
    )
    settle()
    watch.refresh_from_db()
    assert watch.state == Watch.State.HOLDS


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"condition": "nonsense"}, "There is no condition “nonsense”"),
        ({"parameters": {"amount": "cheap", "currency": "USD"}}, "Amount: 'cheap' is not a number"),
        ({"products": []}, "Products: 0 named; it takes exactly 1"),
        ({"condition": "cheapest_among", "parameters": {"currency": "USD"}}, "1 named; it takes 2 to 21"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_saved(given: dict[str, Any], problem: str) -> None:
    values: dict[str, Any] = {
        "condition": "price_below",
        "parameters": {"amount": "50", "currency": "USD"},
        "products": [make_product()],
    }
    wanted = WatchInput(**{**values, **given})
    with pytest.raises(WatchError, match=problem):
        save_watch(wanted, article=make_article(), now=timezone.now())
    with pytest.raises(WatchError, match=problem):
        try_watch(wanted, now=timezone.now())
    assert not Watch.objects.exists()


def test_trying_says_what_saving_would_and_stores_nothing() -> None:
    offer = sold("60")
    wanted = WatchInput("price_below", {"amount": "50", "currency": "USD"}, [offer.product])
    assert try_watch(wanted, now=timezone.now()).state == "broken"
    assert not Watch.objects.exists()


def test_a_watch_whose_product_went_says_so() -> None:
    offer = sold()
    watch = make_watch(make_article(), offer.product)
    product = offer.product
    offer.delete()
    product.delete()
    settle()
    watch.refresh_from_db()
    assert (watch.state, watch.reason) == (Watch.State.UNKNOWN, "A product it speaks about is gone.")


def test_a_merged_record_is_watched_as_the_one_that_was_kept() -> None:
    offer = sold()
    old = make_product("Old", merged_into=offer.product)
    watch = make_watch(make_article(), old)
    assert watch.state == Watch.State.HOLDS
    reprice(offer, "70")
    settle()
    watch.refresh_from_db()
    assert watch.state == Watch.State.BROKEN


def _grown(count: int) -> list[Product]:
    article = Watch.objects.first().article if Watch.objects.exists() else make_article()  # type: ignore[union-attr]
    offers = [sold(model=f"{count} {n}") for n in range(count)]
    for offer in offers:
        for condition in ("price_below", "checked_within", "newest_of_its_line", "score_at_least", "still_made"):
            make_watch(article, offer.product, condition=condition)
        make_watch(article, offer.product, offers[0].product, condition="cheapest_among") if offer != offers[
            0
        ] else None
        make_watch(article, offer.product, condition="price_drop_at_least")
    return [offer.product for offer in offers]


def test_a_round_asks_as_much_for_twenty_products_as_for_two() -> None:
    asked = []
    for count in (2, 20):
        _grown(count)
        look_again(rows=Watch.objects.all(), now=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            assert evaluate_due(now=timezone.now()) > count
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 26


# --- letters -----------------------------------------------------------------------------------------------------


def article_of(username: str = "writer", **fields: Any) -> Any:
    user = make_staff(username)
    user.email = f"{username}@earmark.example"
    user.save()
    return make_article(author=make_author(f"{username} A.", user=user), **fields)


def test_the_author_hears_once_that_it_broke_and_once_that_it_holds_again() -> None:
    offer = sold(mail_allowed=True)
    make_watch(article_of(), offer.product, passage="Under 50 dollars.")
    for amount in ("55", "56", "45"):
        reprice(offer, amount)
        settle()
        send_watch_letters(now=timezone.now())
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        (["writer@earmark.example"], "Claims in your articles: 1 no longer true"),
        (["writer@earmark.example"], "Claims in your articles: 1 true again"),
    ]
    assert "“Under 50 dollars.”" in mail.outbox[0].body
    assert "Acme One costs less than $50.00. The least we know of is $55.00 at Shop One." in mail.outbox[0].body
    assert not WatchEvent.objects.filter(is_to_be_told=True).exists()


def test_a_shop_that_keeps_its_prices_from_mail_is_not_quoted() -> None:
    offer = sold(mail_allowed=False)
    make_watch(article_of(), offer.product)
    reprice(offer, "55")
    settle()
    send_watch_letters(now=timezone.now())
    assert "$55" not in mail.outbox[0].body
    assert "What was found is on its page." in mail.outbox[0].body


def test_not_knowing_for_a_while_sends_nothing_and_forgets_nothing() -> None:
    offer = sold(max_price_age=timedelta(hours=24))
    make_watch(article_of(), offer.product)
    reprice(offer, "55")
    settle()
    send_watch_letters(now=timezone.now())
    later = timezone.now() + timedelta(hours=25)
    evaluate_changed(now=later)
    Offer.objects.filter(pk=offer.pk).update(seen_at=later)
    evaluate_changed(now=later)
    send_watch_letters(now=later)
    assert len(mail.outbox) == 1


def test_nobody_is_written_to_about_a_retired_article_nor_about_what_was_broken_when_saved() -> None:
    offer = sold("60")
    article = article_of()
    make_watch(article, offer.product)
    assert send_watch_letters(now=timezone.now()) == 0
    article.status = "retired"
    article.save()
    reprice(offer, "40")
    settle()
    assert send_watch_letters(now=timezone.now()) == 0
    assert not WatchEvent.objects.filter(is_to_be_told=True).exists()


def test_a_mail_server_that_is_away_is_tried_again(settings: Any) -> None:
    offer = sold()
    make_watch(article_of(), offer.product)
    reprice(offer, "55")
    settle()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert send_watch_letters(now=timezone.now()) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_watch_letters(now=timezone.now()) == 1


# --- two workers -------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_look_at_each_watch_once() -> None:
    offers = [sold(model=f"M{n}") for n in range(6)]
    article = make_article()
    for offer in offers:
        make_watch(article, offer.product)
    for offer in offers:
        reprice(offer, "55")
    looked: list[int] = []
    first_holds, second_done = threading.Event(), threading.Event()

    def first() -> None:
        with transaction.atomic():
            take_changes(now=timezone.now())
            first_holds.set()
            second_done.wait(20)
            looked.append(evaluate_due(now=timezone.now()))
        connection.close()

    def second() -> None:
        first_holds.wait(20)
        looked.append(evaluate_changed(now=timezone.now()))
        second_done.set()
        connection.close()

    workers = [threading.Thread(target=work) for work in (first, second)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sorted(looked) == [0, 6]
    assert WatchEvent.objects.filter(state="broken").count() == 6

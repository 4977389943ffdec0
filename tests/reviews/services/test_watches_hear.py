"""Whatever door a change comes through, the watches of its product hear of it in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_httpserver import HTTPServer

from catalog.models import AudioSpecs, Destination, Failover, Link, Offer, Product, SpecEvidence
from reviews.models import WatchChange
from reviews.services.watches import take_changes
from tests.catalog.services.feed_shop import NOON, open_shop
from tests.factories import make_article, make_merchant, make_product, make_review, make_seen_offer, make_watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer() -> Offer:
    """Of a product that is watched; nothing has changed yet."""
    offer = make_seen_offer(make_product(kind="headphones"), make_merchant())
    make_watch(make_article(), offer.product)
    make_watch(make_article("line"), offer.product, condition="newest_of_its_line")
    make_watch(make_article("score"), offer.product, condition="score_at_least")
    return offer


@contextmanager
def heard(product: Product, *, expected: bool = True) -> Iterator[None]:
    take_changes(now=timezone.now())
    assert not WatchChange.objects.exists()
    yield
    assert WatchChange.objects.filter(product=product).exists() is expected


def _failover(offer: Offer) -> None:
    other = make_seen_offer(make_product("Other"), make_merchant("Second"))
    Failover.objects.create(
        link=offer.links.get(), from_offer=offer, to_offer=other, reason="gone", started_at=timezone.now()
    )


def _newer(offer: Offer) -> None:
    Product.objects.create(brand=offer.product.brand, model="One Mk II", slug="mk-2")


def _released(offer: Offer) -> None:
    AudioSpecs.objects.create(product=Product.objects.create(brand=offer.product.brand, model="X", slug="x"))
    take_changes(now=timezone.now())
    AudioSpecs.objects.filter(product__slug="x").update(release_year=2026)


_CHANGES: dict[str, Callable[[Offer], Any]] = {
    "price": lambda offer: Offer.objects.filter(pk=offer.pk).update(amount=Decimal(1)),
    "availability": lambda offer: Offer.objects.filter(pk=offer.pk).update(availability="out_of_stock"),
    "another shop": lambda offer: make_seen_offer(offer.product, make_merchant("Second")),
    "withdrawn": lambda offer: Offer.objects.filter(pk=offer.pk).update(withdrawn_at=timezone.now()),
    "offer deleted": lambda offer: offer.delete(),
    "link switched off": lambda offer: Link.objects.filter(offer=offer).update(is_active=False),
    "page gone": lambda offer: Destination.objects.create(offer=offer, state="broken", checked_at=timezone.now()),
    "failover": _failover,
    "shop closed": lambda offer: type(offer.merchant).objects.filter(pk=offer.merchant_id).update(is_active=False),
    "terms": lambda offer: type(offer.merchant).objects.update(max_price_age=timedelta(hours=1)),
    "spec": lambda offer: AudioSpecs.objects.filter(product=offer.product).update(weight_g=300),
    "discontinued": lambda offer: Product.objects.filter(pk=offer.product_id).update(status="discontinued"),
    "evidence": lambda offer: SpecEvidence.objects.create(
        product=offer.product, spec="weight_g", source="us", checked_on=date(2026, 1, 1)
    ),
    "a newer model": _newer,
    "a newer model's year": _released,
    "review": lambda offer: make_review(offer.product),
}


@pytest.mark.parametrize("change", _CHANGES.values(), ids=_CHANGES)
def test_a_change_of(change: Callable[[Offer], Any], offer: Offer) -> None:
    with heard(offer.product):
        change(offer)


@pytest.mark.parametrize(
    "change",
    [
        lambda offer: Offer.objects.filter(pk=offer.pk).update(next_check_at=timezone.now(), click_weight=3),
        lambda offer: Link.objects.filter(offer=offer).update(fallback_path="/guides/"),
        lambda offer: Product.objects.filter(pk=offer.product_id).update(summary="Good."),
        lambda offer: make_seen_offer(make_product("Unwatched", brand="Other"), make_merchant("Second")),
    ],
    ids=["when it is next looked at", "fallback", "summary", "another product"],
)
def test_nothing_is_written_about(change: Callable[[Offer], Any], offer: Offer) -> None:
    with heard(offer.product, expected=False):
        change(offer)
    assert not WatchChange.objects.exists()


def test_a_change_of_scores_and_of_the_method(offer: Offer) -> None:
    from reviews.models import Criterion, MethodVersion, Score

    method = MethodVersion.objects.create(number=1, summary="How we score.")
    sound = Criterion.objects.create(version=method, key="sound", label="Sound", how="By ear.")
    with heard(offer.product):
        Score.objects.create(
            product=offer.product, criterion=sound, value=8, evidence="Even.", scored_on=date(2026, 1, 1)
        )
    with heard(offer.product):
        MethodVersion.objects.filter(pk=method.pk).update(state="active", activated_at=timezone.now())


def test_an_editor_who_corrects_the_product_in_the_admin(offer: Offer, admin_client: Client) -> None:
    address = reverse("admin:catalog_product_change", args=[offer.product_id])
    page = admin_client.get(address)
    form = page.context["adminform"].form
    data = {f.html_name: f.value() or "" for f in form}
    for formset in page.context["inline_admin_formsets"]:
        data |= {f"{formset.formset.prefix}-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    with heard(offer.product):
        answer = admin_client.post(address, {**data, "status": "discontinued"})
        assert answer.status_code == 302, answer.content.decode()[:3000]


def test_a_refresh_from_a_feed(httpserver: HTTPServer, settings: Any) -> None:
    shop = open_shop(httpserver)
    settings.PRIVATE_HOSTS_ALLOWED = shop.merchant.hosts
    offer = shop.offer("a")
    make_watch(make_article(), offer.product)
    shop.sell(("a", "42 USD"))
    with heard(offer.product):
        shop.refresh(NOON)
    with heard(offer.product, expected=False):
        Offer.objects.update(next_check_at=NOON)
        shop.refresh(NOON + timedelta(minutes=10))


def test_what_is_rolled_back_was_never_heard(offer: Offer) -> None:
    from django.db import transaction

    with heard(offer.product, expected=False), transaction.atomic():
        Offer.objects.filter(pk=offer.pk).update(amount=Decimal(1))
        transaction.set_rollback(True)

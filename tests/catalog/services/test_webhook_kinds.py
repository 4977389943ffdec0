"""Products, prices and imports that change are written down for webhooks, whatever the door; and what is told then."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction

from catalog.models import AudioSpecs, FeedImport, Offer, Product, TableImport
from catalog.services import webhook_kinds
from catalog.services.feed_imports import running as feed_running
from catalog.services.table_imports import running as table_running
from partners.models import Webhook, WebhookEvent
from tests.factories import make_merchant, make_product, make_seen_offer, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _somebody_asks() -> None:
    kinds = [kind.name for kind in webhook_kinds.KINDS]
    Webhook.objects.create(name="Partner", address="https://partner.example/", kinds=kinds)


def written(kind: str) -> list[str]:
    return list(WebhookEvent.objects.filter(kind=kind).order_by("pk").values_list("subject", flat=True))


def test_a_product_is_told_of_whatever_door_it_changed_by() -> None:
    product = make_product()
    WebhookEvent.objects.all().delete()
    Product.objects.filter(pk=product.pk).update(summary="New words.")
    AudioSpecs.objects.filter(product=product).update(weight_g=250)
    assert set(written("product.changed")) == {str(product.pk)}
    told = webhook_kinds.products_changed([str(product.pk), "999999", "nonsense"])
    assert told == {
        str(product.pk): {
            "product": "acme-one",
            "merged_into": None,
            "url": "http://127.0.0.1:8000/api/v1/products/acme-one/",
            "page": "http://127.0.0.1:8000/products/acme-one/",
        }
    }


def test_what_is_rolled_back_was_never_told() -> None:
    product = make_product()
    WebhookEvent.objects.all().delete()
    with transaction.atomic():
        Product.objects.filter(pk=product.pk).update(summary="New words.")
        assert WebhookEvent.objects.exists()
        transaction.set_rollback(True)
    assert not WebhookEvent.objects.exists()


def test_nothing_is_written_down_when_nobody_asks() -> None:
    Webhook.objects.update(kinds=["article.published"])
    offer = make_seen_offer(make_product(), make_merchant(api_allowed=True))
    Offer.objects.filter(pk=offer.pk).update(amount=Decimal(80))
    assert not WebhookEvent.objects.exists()


@pytest.mark.parametrize("allowed", [True, False])
def test_a_price_is_told_of_only_where_an_api_may_tell_it_and_never_with_its_amount(allowed: bool) -> None:
    offer = make_seen_offer(make_product(), make_merchant(api_allowed=allowed), amount="187.31")
    Offer.objects.filter(pk=offer.pk).update(amount=Decimal("171.83"))
    assert written("price.changed") == ([str(offer.pk)] if allowed else [])
    told = webhook_kinds.prices_changed([str(offer.pk)])
    assert bool(told) == allowed
    assert "171" not in str(told)
    if allowed:
        assert told[str(offer.pk)]["url"].endswith("/api/v1/offers/?product=acme-one&merchant=shop")


def test_the_same_price_read_again_is_no_news() -> None:
    offer = make_seen_offer(make_product(), make_merchant(api_allowed=True))
    Offer.objects.filter(pk=offer.pk).update(seen_at=offer.seen_at)
    assert written("price.changed") == []


def test_imports_are_told_of_at_their_end() -> None:
    feed = FeedImport.objects.create(merchant=make_merchant(), state="running")
    feed_running._end(feed, FeedImport.State.DONE)
    table = TableImport.objects.create(kind="products", state="storing", started_by=make_staff())
    table_running._end(table, TableImport.State.TRIED)
    assert written("import.finished") == [f"feed:{feed.pk}"], "a trial stores nothing"
    table_running._end(table, TableImport.State.DONE)
    assert written("import.finished") == [f"feed:{feed.pk}", f"table:{table.pk}"]
    told = webhook_kinds.imports_finished(written("import.finished"))
    assert told[f"feed:{feed.pk}"]["state"] == "done"
    assert told[f"table:{table.pk}"]["rows"]["new"] == 0

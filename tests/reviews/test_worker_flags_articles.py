"""The whole way: a shop's new price over HTTP, a real Redis, a real worker, and an article that is flagged."""

from __future__ import annotations

import time
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker
from django.core import mail
from django.utils import timezone
from pytest_httpserver import HTTPServer

from catalog.models import Offer
from catalog.tasks import refresh_due_offers
from config.celery import app
from reviews.models import Watch
from reviews.tasks import evaluate_watches
from tests.catalog.services.feed_shop import open_shop
from tests.factories import make_article, make_author, make_link, make_staff, make_watch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]


def wait_for(watch: Watch, state: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        evaluate_watches.delay()  # as beat does every ten seconds
        watch.refresh_from_db()
        if watch.state == state:
            return
        time.sleep(0.2)
    pytest.fail(f"The claim is {watch.state}, not {state}: {watch.reason}")


def test_an_article_is_flagged_when_a_shop_raises_its_price(httpserver: HTTPServer, settings: Any) -> None:
    shop = open_shop(httpserver)
    settings.PRIVATE_HOSTS_ALLOWED = shop.merchant.hosts
    offer = shop.offer("a", next_check_at=timezone.now())
    make_link(offer)
    writer = make_staff("writer")
    writer.email = "writer@earmark.example"
    writer.save()
    watch = make_watch(make_article(author=make_author(user=writer)), offer.product, passage="Under 50 dollars.")
    assert watch.state == Watch.State.UNKNOWN
    shop.sell(("a", "42 USD"))
    app.control.purge()
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=30):
        refresh_due_offers.delay()
        wait_for(watch, Watch.State.HOLDS)
        shop.sell(("a", "52 USD"))
        Offer.objects.update(next_check_at=timezone.now())
        refresh_due_offers.delay()
        wait_for(watch, Watch.State.BROKEN)
    assert watch.reason.startswith("The least we know of is $52.00")
    evaluate_watches()
    assert [letter.to for letter in mail.outbox] == [["writer@earmark.example"]]

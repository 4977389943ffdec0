"""The whole way: beat's task, a real Redis, a real worker, a real shop over HTTP, a price in the database."""

from __future__ import annotations

import time
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker
from django.utils import timezone
from pytest_httpserver import HTTPServer

from catalog import tasks
from catalog.models import Offer, RefreshRun
from config.celery import app
from tests.catalog.services.feed_shop import open_shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]


def wait_for_price(offer: Offer, amount: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        offer.refresh_from_db()
        if offer.amount == amount:
            return
        time.sleep(0.05)
    pytest.fail(
        f"No price after 20 seconds: {offer.state} {offer.state_reason!r}, runs {list(RefreshRun.objects.all())}"
    )


def test_a_due_offer_gets_its_price_from_a_worker(httpserver: HTTPServer, settings: Any) -> None:
    shop = open_shop(httpserver)
    settings.PRIVATE_HOSTS_ALLOWED = shop.merchant.hosts
    offer = shop.offer("a", next_check_at=timezone.now())
    shop.sell(("a", "42 USD"))
    app.control.purge()
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=30):
        tasks.refresh_due_offers.delay()
        wait_for_price(offer, 42)
        shop.sell(("a", "45 USD"))
        Offer.objects.update(next_check_at=timezone.now())
        tasks.refresh_due_offers.delay()
        wait_for_price(offer, 45)
    assert shop.asked == 2

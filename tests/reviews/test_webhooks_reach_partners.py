"""The whole way: an article is published and a price changes, a real Redis, a real worker, and a partner's server."""

from __future__ import annotations

import json
import time
from decimal import Decimal

import pytest
from celery.contrib.testing.worker import start_worker
from django.test import Client
from pytest_django.fixtures import Settings
from standardwebhooks import Webhook as Verifier

from catalog.models import Offer
from catalog.tasks import send_webhooks
from config.celery import app
from partners.models import Webhook, WebhookDelivery
from partners.services.webhook_signing import secret_of
from tests.factories import make_merchant, make_product, make_published_article, make_seen_offer
from tests.partners.receivers import Receiver, open_receiver, say, slowly

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("default")]


def wait_for(receiver: Receiver, count: int) -> None:
    end = time.monotonic() + 60
    while len(receiver.messages) < count:
        assert time.monotonic() < end, WebhookDelivery.objects.values_list("kind", "state", "attempts__said")
        send_webhooks.delay()  # as beat does every five seconds
        time.sleep(0.3)


def test_partners_hear_and_a_slow_one_holds_up_nobody(settings: Settings, client: Client) -> None:
    with open_receiver() as swift, open_receiver() as slow, open_receiver() as broken:
        settings.PRIVATE_HOSTS_ALLOWED = [swift.host, slow.host, broken.host]
        slow.answer, broken.answer = slowly(1.0), lambda handler: say(handler, 500)
        kinds = ["article.published", "price.changed"]
        for name, receiver in (("Broken", broken), ("Slow", slow), ("Swift", swift)):
            Webhook.objects.create(name=name, address=receiver.address, kinds=kinds)
        make_published_article("plain")
        offer = make_seen_offer(make_product(), make_merchant(api_allowed=True))
        Offer.objects.filter(pk=offer.pk).update(amount=Decimal("171.83"))
        app.control.purge()
        with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=30):
            wait_for(swift, 2)
            wait_for(slow, 2)
            wait_for(broken, 1)
        secret = secret_of(Webhook.objects.get(name="Swift"))
        told = [Verifier(secret).verify(message.body, message.headers) for message in swift.messages]
        assert sorted(one["type"] for one in told) == kinds
        price = next(one for one in told if one["type"] == "price.changed")
        assert b"171.83" not in b"".join(message.body for message in swift.messages)
        path = price["data"]["url"].removeprefix("http://127.0.0.1:8000")
        assert "171.83" in json.dumps(client.get(path).json()), "who is told asks, and the API answers by the terms"
        states = set(
            WebhookDelivery.objects.filter(webhook__name__in=["Swift", "Slow"]).values_list("state", flat=True)
        )
        assert states == {"delivered"}
        assert set(WebhookDelivery.objects.filter(webhook__name="Broken").values_list("state", flat=True)) == {
            "waiting"
        }

"""Workers are killed with -9 while they tell partners: each message arrives, at least once, and under one id."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from catalog import tasks
from config import embedded
from config.celery import app
from partners.models import Webhook, WebhookDelivery
from partners.services.webhook_events import tell
from tests.factories import make_product
from tests.partners.receivers import Receiver, open_receiver, slowly

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default"),
]

MESSAGES = int(os.environ.get("CHAOS_WEBHOOKS", "60"))
KILL_AFTER = (MESSAGES // 4, MESSAGES // 2)
COMMAND = [sys.executable, "-m", "celery", "--quiet", "-A", "config", "worker", "-P", "solo", "-l", "WARNING"]


def start_worker(receiver: Receiver, log: Path) -> subprocess.Popen[bytes]:
    site = urlsplit(os.environ.get("DATABASE_URL") or embedded.database_url())
    environment = {
        **os.environ,
        "DATABASE_URL": site._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "PRIVATE_HOSTS_ALLOWED": receiver.host,
        "DEBUG": "1",
    }
    more = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    with log.open("ab") as out:
        return subprocess.Popen([*COMMAND, *more], env=environment, stdout=out, stderr=out)


def until(check: Callable[[], bool], what: str, log: Path) -> None:
    end = time.monotonic() + 120
    while not check():
        assert time.monotonic() < end, f"{what}\n{log.read_text()[-3000:]}"
        tasks.send_webhooks.delay()  # as beat does every five seconds
        time.sleep(0.1)


def claims_are_lost() -> None:
    """As if the minutes were over after which what a dead worker had is anybody's."""
    Webhook.objects.update(busy_until=None)
    WebhookDelivery.objects.filter(state="waiting").update(next_at=timezone.now())


def test_nothing_is_lost_and_what_comes_twice_has_one_id(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    app.control.purge()
    products = [make_product(f"Model {number}") for number in range(MESSAGES)]
    with open_receiver() as receiver:
        receiver.answer = slowly(0.05)
        Webhook.objects.create(name="Partner", address=receiver.address, kinds=["product.changed"])
        for product in products:
            tell("product.changed", product.pk)
        for most in KILL_AFTER:
            worker = start_worker(receiver, log)
            until(lambda most=most: len(receiver.messages) >= most, f"{most} messages", log)  # type: ignore[misc]
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            assert len(set(receiver.ids)) < MESSAGES, "killed in the middle"
            claims_are_lost()
        worker = start_worker(receiver, log)
        try:
            until(lambda: not WebhookDelivery.objects.filter(state="waiting").exists(), "the end", log)
        finally:
            worker.terminate()
            worker.wait(20)
    assert WebhookDelivery.objects.count() == MESSAGES
    assert set(receiver.ids) == set(WebhookDelivery.objects.values_list("message_id", flat=True))
    twice = len(receiver.ids) - MESSAGES
    assert 0 <= twice <= len(KILL_AFTER), "one at most for each worker that died"

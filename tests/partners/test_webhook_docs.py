"""The receiver that `docs/webhooks.md` prints takes what is sent, once, and refuses what is forged or too old."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from catalog.services.webhook_door import sending_through, webhook_door
from partners.models import Webhook, WebhookAttempt, WebhookDelivery
from partners.services.webhook_delivery import deliver
from partners.services.webhook_endpoints import send_again, send_ping
from partners.services.webhook_signing import secret_of, signed_headers

pytestmark = pytest.mark.django_db

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "webhooks.md").read_text()


class Printed:
    """The snippet, running."""

    def __init__(self, snippet: dict[str, Any], server: ThreadingHTTPServer) -> None:
        self.handled: list[tuple[str, dict[str, Any]]] = []
        snippet["handle"] = lambda kind, data: self.handled.append((kind, data))
        self.port: int = server.server_address[1]

    def post(self, body: str, headers: dict[str, str]) -> int:
        wire = HTTPConnection("127.0.0.1", self.port, timeout=10)
        wire.request("POST", "/hooks", body.encode(), headers)
        status = wire.getresponse().status
        wire.close()
        return status


@pytest.fixture
def webhook() -> Webhook:
    return Webhook.objects.create(name="Partner", address="https://partner.example/", kinds=[])


@pytest.fixture
def printed(webhook: Webhook, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Printed]:
    code = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert code is not None
    monkeypatch.setenv("EARMARK_WEBHOOK_SECRET", secret_of(webhook))
    snippet: dict[str, Any] = {}
    exec(compile(code[1], "docs/webhooks.md", "exec"), snippet)
    server = ThreadingHTTPServer(("127.0.0.1", 0), snippet["Hooks"])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    running = Printed(snippet, server)
    settings.PRIVATE_HOSTS_ALLOWED = [f"127.0.0.1:{running.port}"]
    Webhook.objects.update(address=f"http://127.0.0.1:{running.port}/hooks")
    yield running
    server.shutdown()
    server.server_close()
    thread.join()


def test_it_takes_a_message_and_the_same_one_only_once(webhook: Webhook, printed: Printed) -> None:
    delivery = send_ping(webhook=webhook, now=timezone.now())
    send = sending_through(webhook_door())
    assert deliver(webhook_id=webhook.pk, send=send) == 1
    send_again(deliveries=[delivery], now=timezone.now())
    assert deliver(webhook_id=webhook.pk, send=send) == 1
    assert list(WebhookAttempt.objects.values_list("status", flat=True)) == [204, 200]
    assert [kind for kind, _ in printed.handled] == ["ping"]


def test_it_refuses_what_was_changed_forged_or_signed_too_long_ago(webhook: Webhook, printed: Printed) -> None:
    now = datetime.now(UTC)
    body = '{"type":"price.changed","data":{}}'
    signed = signed_headers(webhook, message_id="msg_1", body=body, now=now)
    assert printed.post(body.replace("price", "phony"), signed) == 401
    assert printed.post(body, {**signed, "webhook-id": "msg_2"}) == 401, "another id for the same message"
    assert printed.post(body, {**signed, "webhook-timestamp": str(int(now.timestamp()) + 1)}) == 401
    old = signed_headers(webhook, message_id="msg_3", body=body, now=now - timedelta(minutes=6))
    assert printed.post(body, old) == 401, "a replay"
    other = Webhook(name="Other", salt="00")
    assert printed.post(body, signed_headers(other, message_id="msg_4", body=body, now=now)) == 401
    assert printed.post(body, {}) == 401
    assert printed.handled == []
    assert printed.post(body, signed) == 204
    assert printed.post(body, signed) == 200, "again within five minutes"
    assert len(printed.handled) == 1
    assert not WebhookDelivery.objects.exists()

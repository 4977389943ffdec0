"""Messages leave by the real door to real servers: taken, refused, slow, led elsewhere, cut off; and what follows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django.fixtures import Settings
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from catalog.http import WebDoor
from catalog.services.webhook_door import sending_through, webhook_door
from partners import events
from partners.models import Webhook, WebhookAttempt, WebhookDelivery, WebhookEvent
from partners.services import webhook_delivery, webhook_signing
from partners.services.webhook_delivery import PAUSE_AFTER, WAITS, Answer, deliver, webhooks_due
from partners.services.webhook_endpoints import (
    address_problem,
    forget_deliveries,
    pause_webhook,
    resume_webhook,
    send_again,
    send_ping,
)
from partners.services.webhook_events import spread_events, tell
from tests.factories import make_staff
from tests.partners.receivers import Receiver, hang_up, open_receiver, say, slowly

pytestmark = pytest.mark.django_db

State = WebhookDelivery.State


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    with open_receiver() as opened:
        settings.PRIVATE_HOSTS_ALLOWED = [opened.host]
        yield opened


@pytest.fixture(autouse=True)
def _a_kind_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """`test.happened` says its key; nothing of one that begins with `gone`."""
    monkeypatch.setitem(
        events._kinds,
        "test.happened",
        events.Kind(
            "test.happened",
            "Something happened",
            lambda keys: {key: {"key": key} for key in keys if not key.startswith("gone")},
        ),
    )


def make_webhook(address: str, *, kinds: tuple[str, ...] = ("test.happened",), **fields: Any) -> Webhook:
    fields.setdefault("name", f"Partner {Webhook.objects.count() + 1}")
    return Webhook.objects.create(address=address, kinds=list(kinds), **fields)


def run(webhook: Webhook) -> int:
    return deliver(webhook_id=webhook.pk, send=sending_through(webhook_door()))


def due_again(webhook: Webhook) -> None:
    """As if the waiting were over."""
    Webhook.objects.update(busy_until=None)
    WebhookDelivery.objects.filter(state=State.WAITING).update(next_at=timezone.now())


def test_what_happened_arrives_signed_and_verifies_by_the_standard_library(receiver: Receiver) -> None:
    webhook = make_webhook(receiver.address)
    tell("test.happened", "one")
    assert spread_events(now=timezone.now()) == 1
    assert webhooks_due(now=timezone.now()) == [webhook.pk]
    assert run(webhook) == 1
    message = receiver.messages[0]
    told = Verifier(webhook_signing.secret_of(webhook)).verify(message.body, message.headers)
    assert (told["type"], told["data"]) == ("test.happened", {"key": "one"})
    assert message.headers["content-type"] == "application/json"
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.tries, delivery.message_id) == (State.DELIVERED, 1, receiver.ids[0])
    assert delivery.attempts.get().status == 200
    assert webhooks_due(now=timezone.now()) == []
    with pytest.raises(WebhookVerificationError):
        Verifier(webhook_signing.secret_of(webhook)).verify(message.body + b" ", message.headers)
    other = make_webhook(receiver.address)
    with pytest.raises(WebhookVerificationError):
        Verifier(webhook_signing.secret_of(other)).verify(message.body, message.headers)


def test_nothing_is_written_down_that_nobody_asked_for(receiver: Receiver) -> None:
    make_webhook(receiver.address, kinds=("another.kind",))
    tell("test.happened", "one")
    assert not WebhookEvent.objects.exists()


def test_what_happened_often_is_told_once_and_what_is_gone_not_at_all(receiver: Receiver) -> None:
    make_webhook(receiver.address)
    make_webhook(receiver.address)
    for key in ("one", "one", "two", "gone-1", "one"):
        tell("test.happened", key)
    spread_events(now=timezone.now())
    told = [json.loads(row.body)["data"]["key"] for row in WebhookDelivery.objects.all()]
    assert sorted(told) == ["one", "one", "two", "two"], "each to both"
    assert not WebhookEvent.objects.exists()


def test_a_kind_that_cannot_be_described_waits_and_holds_up_no_other(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(keys: Any) -> Any:
        raise RuntimeError("no")

    monkeypatch.setitem(events._kinds, "bad.kind", events.Kind("bad.kind", "Bad", fail))
    make_webhook(receiver.address, kinds=("bad.kind", "test.happened"))
    tell("bad.kind", "1")
    tell("test.happened", "one")
    spread_events(now=timezone.now())
    assert WebhookDelivery.objects.get().kind == "test.happened"
    assert WebhookEvent.objects.get().kind == "bad.kind"
    assert "they wait" in caplog.text


@pytest.mark.parametrize("status", [300, 302, 400, 401, 404, 429, 500, 503])
def test_a_refusal_is_tried_again_later_under_the_same_id(receiver: Receiver, status: int) -> None:
    receiver.answer = lambda handler: say(handler, status, b"not now", Location=receiver.address)
    webhook = make_webhook(receiver.address)
    send_ping(webhook=webhook, now=timezone.now())
    assert run(webhook) == 0
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts.get().status) == (State.WAITING, status)
    assert delivery.attempts.get().said == "not now"
    wait = delivery.next_at - timezone.now()
    assert WAITS[0] * 0.5 < wait < WAITS[0] * 1.3
    webhook.refresh_from_db()
    assert webhook.failures == 1
    assert webhook.busy_until is not None
    assert webhooks_due(now=timezone.now()) == [], "it rests"
    assert run(webhook) == 0
    receiver.answer = lambda handler: say(handler, 204)
    due_again(webhook)
    assert run(webhook) == 1
    assert len(set(receiver.ids)) == 1
    assert len(receiver.messages) == 2, "no redirect was followed"
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.busy_until) == (0, None)


def test_who_asks_for_time_gets_it(receiver: Receiver) -> None:
    receiver.answer = lambda handler: say(handler, 429, Retry_After="7200")
    webhook = make_webhook(receiver.address)
    send_ping(webhook=webhook, now=timezone.now())
    run(webhook)
    assert WebhookDelivery.objects.get().next_at > timezone.now() + timedelta(seconds=7000)


def test_who_hangs_up_or_is_too_slow_did_not_take_it(receiver: Receiver) -> None:
    webhook = make_webhook(receiver.address)
    send_ping(webhook=webhook, now=timezone.now())
    receiver.answer = hang_up
    run(webhook)
    due_again(webhook)
    receiver.answer = slowly(3)
    impatient = WebDoor(user_agent="test", allowed_private=frozenset([receiver.host]), timeout_seconds=0.5)
    deliver(webhook_id=webhook.pk, send=sending_through(impatient))
    attempts = list(WebhookAttempt.objects.all())
    assert [one.status for one in attempts] == [None, None]
    assert "took too long" in attempts[1].said
    assert WebhookDelivery.objects.get().state == State.WAITING


def test_a_machine_that_is_away_is_asked_once_a_run_however_much_waits(receiver: Receiver) -> None:
    receiver.answer = lambda handler: say(handler, 500)
    webhook = make_webhook(receiver.address)
    for _ in range(5):
        send_ping(webhook=webhook, now=timezone.now())
    run(webhook)
    assert len(receiver.messages) == 1
    receiver.answer = lambda handler: say(handler, 200)
    due_again(webhook)
    assert run(webhook) == 5


def test_after_three_days_it_is_given_up_and_can_be_sent_again_by_hand(receiver: Receiver) -> None:
    receiver.answer = lambda handler: say(handler, 500)
    webhook = make_webhook(receiver.address)
    send_ping(webhook=webhook, now=timezone.now())
    for _ in range(len(WAITS) + 1):
        due_again(webhook)
        run(webhook)
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.tries) == (State.DEAD, len(WAITS) + 1)
    assert timedelta(days=2, hours=20) < sum(WAITS, timedelta()) < timedelta(days=3, hours=6)
    receiver.answer = lambda handler: say(handler, 200)
    assert send_again(deliveries=[delivery], now=timezone.now()) == 1
    due_again(webhook)
    assert run(webhook) == 1
    assert len(set(receiver.ids)) == 1, "the id stays"


@pytest.mark.django_db(transaction=True)
def test_a_webhook_that_fails_on_and_on_is_paused_and_somebody_is_told_once(receiver: Receiver) -> None:
    clerk = make_staff("clerk", "partners.change_webhook")
    clerk.email = "clerk@desk.example"
    clerk.save()
    receiver.answer = lambda handler: say(handler, 500, b"broken")
    webhook = make_webhook(receiver.address, failures=PAUSE_AFTER - 1)
    for _ in range(2):
        send_ping(webhook=webhook, now=timezone.now())
    run(webhook)
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert "50 times in a row" in webhook.paused_because
    assert [letter.to for letter in mail.outbox] == [["clerk@desk.example"]]
    assert "/admin/partners/webhook/" in mail.outbox[0].body
    assert "whsec_" not in mail.outbox[0].body
    due_again(webhook)
    assert webhooks_due(now=timezone.now()) == []
    pause_webhook(webhook=webhook, because="again")
    assert len(mail.outbox) == 1
    receiver.answer = lambda handler: say(handler, 200)
    assert resume_webhook(webhook=webhook, now=timezone.now()) == 2
    assert run(webhook) == 2


def test_who_says_gone_is_not_asked_again(receiver: Receiver) -> None:
    receiver.answer = lambda handler: say(handler, 410)
    webhook = make_webhook(receiver.address)
    send_ping(webhook=webhook, now=timezone.now())
    run(webhook)
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert WebhookDelivery.objects.get().state == State.DEAD


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://127.0.0.1/hooks", "loopback"),
        ("https://[::1]/hooks", "loopback"),
        ("https://2130706433/hooks", "loopback"),
        ("https://0x7f.1/hooks", "loopback"),
        ("https://10.0.0.8/hooks", "private"),
        ("https://169.254.169.254/latest/meta-data/", "link-local"),
        ("https://[::ffff:10.0.0.8]/hooks", "private"),
        ("https://localhost/hooks", "loopback"),
    ],
)
def test_no_message_goes_to_an_address_inside(address: str, said: str) -> None:
    webhook = make_webhook(address)
    send_ping(webhook=webhook, now=timezone.now())
    run(webhook)
    attempt = WebhookAttempt.objects.get()
    assert attempt.status is None
    assert said in attempt.said


def test_a_name_that_leads_inside_after_it_was_checked_is_refused_when_it_is_used(receiver: Receiver) -> None:
    answers = iter([["203.0.113.9"], ["127.0.0.1"]])
    door = WebDoor(user_agent="test", resolve=lambda host, port: next(answers), timeout_seconds=0.2)
    next(answers)
    webhook = make_webhook(f"http://rebound.example:{receiver.port}/hooks")
    send_ping(webhook=webhook, now=timezone.now())
    deliver(webhook_id=webhook.pk, send=sending_through(door))
    assert "loopback" in WebhookAttempt.objects.get().said
    assert not receiver.messages


def test_a_redirect_inside_leads_nowhere(receiver: Receiver) -> None:
    receiver.answer = lambda handler: say(handler, 307, Location="http://169.254.169.254/latest/meta-data/")
    webhook = make_webhook(receiver.address)
    send_ping(webhook=webhook, now=timezone.now())
    run(webhook)
    assert WebhookAttempt.objects.get().status == 307
    assert len(receiver.messages) == 1


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("https://partner.example/hooks?for=us", ""),
        ("http://partner.example/hooks", "https only"),
        ("ftp://partner.example/", "not a web address"),
        ("https://", "not a web address"),
        ("https://user:word@partner.example/", "user name"),
        ("https://partner.example/#x", "behind the #"),
        ("https://partner.example/\r\nX: y", "not a web address"),
        ("https://partner.example:99999/", "not a web address"),
    ],
)
def test_an_address_that_will_not_do_is_said_at_once(address: str, problem: str) -> None:
    assert problem in address_problem(address)
    assert bool(problem) == bool(address_problem(address))


def test_for_a_day_both_secrets_verify_and_then_only_the_new_one(receiver: Receiver) -> None:
    webhook = make_webhook(receiver.address)
    former = webhook_signing.secret_of(webhook)
    now = timezone.now()
    assert webhook_signing.rotate_secret(webhook=webhook, seen=webhook_signing.mark_of(webhook), now=now)
    assert webhook_signing.secret_of(webhook) != former
    send_ping(webhook=webhook, now=now)
    run(webhook)
    message = receiver.messages[0]
    for secret in (former, webhook_signing.secret_of(webhook)):
        Verifier(secret).verify(message.body, message.headers)
    Webhook.objects.update(former_until=now)
    send_ping(webhook=webhook, now=now)
    run(webhook)
    later = receiver.messages[1]
    Verifier(webhook_signing.secret_of(webhook)).verify(later.body, later.headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(former).verify(later.body, later.headers)


def test_a_new_secret_key_of_ours_goes_over_without_a_gap(receiver: Receiver, settings: Settings) -> None:
    webhook = make_webhook(receiver.address)
    known = webhook_signing.secret_of(webhook)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-of-the-site"
    assert webhook_signing.secret_of(webhook) != known
    send_ping(webhook=webhook, now=timezone.now())
    run(webhook)
    Verifier(known).verify(receiver.messages[0].body, receiver.messages[0].headers)


def test_two_runs_never_have_one_webhook_and_a_lost_claim_is_taken_up() -> None:
    webhook = make_webhook("https://partner.example/hooks")
    send_ping(webhook=webhook, now=timezone.now())
    inner: list[int] = []

    def send(address: str, body: bytes, headers: Any) -> Answer:
        inner.append(deliver(webhook_id=webhook.pk, send=send))
        raise SystemExit  # killed while the other side answers

    with pytest.raises(SystemExit):
        deliver(webhook_id=webhook.pk, send=send)
    assert inner == [0]
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.tries) == (State.WAITING, 1)
    assert delivery.next_at > timezone.now()
    due_again(webhook)
    assert deliver(webhook_id=webhook.pk, send=lambda *_: Answer(status=200)) == 1


def test_old_logs_go_and_what_waited_too_long_is_given_up() -> None:
    webhook = make_webhook("https://partner.example/hooks", is_active=False)
    now = timezone.now()
    for days, state in ((31, State.DELIVERED), (29, State.DEAD), (4, State.WAITING), (1, State.WAITING)):
        at = now - timedelta(days=days)
        ended = None if state == State.WAITING else at
        WebhookDelivery.objects.create(
            webhook=webhook, kind="ping", body="{}", state=state, made_at=at, next_at=at, ended_at=ended
        )
    assert forget_deliveries(now=now) == 1
    assert sorted(WebhookDelivery.objects.values_list("state", flat=True)) == ["dead", "dead", "waiting"]


def test_no_secret_and_no_message_gets_into_the_log(receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    receiver.answer = lambda handler: say(handler, 500)
    webhook = make_webhook(receiver.address)
    send_ping(webhook=webhook, now=timezone.now())
    run(webhook)
    assert webhook_delivery.log.name == "partners.services.webhook_delivery"
    assert webhook_signing.secret_of(webhook) not in caplog.text
    assert "v1," not in caplog.text

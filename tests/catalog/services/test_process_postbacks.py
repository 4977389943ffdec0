"""What networks sent is understood later, once; what is not understood stays for an editor, and goes after a month."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from celery.contrib.testing.worker import start_worker
from django.test import Client

from catalog.models import Conversion, ConversionEvent, NetworkAccount, Postback
from catalog.services import postbacks as service
from catalog.services.network_accounts import postback_path
from config.celery import app
from tests.factories import make_account

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
PUSH = {
    "transactionId": "9001",
    "transactionDate": "2026-11-20 12:00:00",
    "transactionCurrency": "EUR",
    "transactionAmount": "100.00",
    "commission": "5.00",
    "merchantId": "789",
}


def sent(account: NetworkAccount, *, at: datetime = NOW, body: str | None = None, **fields: Any) -> Postback:
    text = urlencode({"AwinTransactionPush": json.dumps({**PUSH, **fields})}) if body is None else body
    return Postback.objects.create(
        account=account,
        received_at=at,
        method="POST",
        content_type="application/x-www-form-urlencoded",
        body=text,
    )


@pytest.mark.django_db
def test_a_postback_is_processed_once() -> None:
    postback = sent(make_account())
    first = service.process_postback(postback_id=postback.pk, now=NOW)
    second = service.process_postback(postback_id=postback.pk, now=NOW)

    assert first is not None
    assert (first.problem, second) == ("", None)
    assert ConversionEvent.objects.get().origin == "postback"


@pytest.mark.django_db
def test_the_same_message_sent_again_is_one_statement() -> None:
    account = make_account()
    for postback in (sent(account), sent(account, at=NOW + timedelta(minutes=5))):
        service.process_postback(postback_id=postback.pk, now=NOW + timedelta(hours=1))

    assert (Conversion.objects.count(), ConversionEvent.objects.count()) == (1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "word"), [("nothing=here", "transaction"), ("AwinTransactionPush=%7B", "JSON")], ids=["no-field", "cut"]
)
def test_what_is_not_understood_stays_with_its_reason_until_an_editor_tries_again(body: str, word: str) -> None:
    postback = sent(make_account(), body=body)
    done = service.process_postback(postback_id=postback.pk, now=NOW)

    assert done is not None
    assert word in done.problem
    assert done.processed_at == NOW
    Postback.objects.filter(pk=postback.pk).update(body=sent(postback.account).body)
    again = service.process_again(postback=postback, now=NOW)
    assert again is not None
    assert (again.problem, Conversion.objects.count()) == ("", 1)


@pytest.mark.django_db
def test_rows_that_cannot_be_read_are_named_and_the_others_stored() -> None:
    postback = sent(make_account())
    both = [PUSH, {**PUSH, "transactionId": "9002", "commission": "five"}]
    Postback.objects.update(body=urlencode({"AwinTransactionPush": json.dumps(both)}))
    done = service.process_postback(postback_id=postback.pk, now=NOW)

    assert done is not None
    assert [row.network_key for row in Conversion.objects.all()] == ["9001"]
    assert "9002" in done.problem


@pytest.mark.django_db
def test_a_mistake_of_ours_leaves_the_message_with_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(service, "store_statements", broken)
    postback = sent(make_account())
    done = service.process_postback(postback_id=postback.pk, now=NOW)

    assert done is not None
    assert "ZeroDivisionError" in done.problem
    assert Postback.objects.filter(pk=postback.pk).exists()


@pytest.mark.django_db
def test_an_unsigned_message_is_read_although_the_token_for_polls_is_missing() -> None:
    account = make_account(report_settings={"publisher_id": "1", "access_token": "NOT_SET_ANYWHERE"})
    done = service.process_postback(postback_id=sent(account).pk, now=NOW)

    assert done is not None
    assert (done.problem, Conversion.objects.count()) == ("", 1)


@pytest.mark.django_db
def test_what_no_worker_was_told_of_is_found_after_a_minute() -> None:
    account = make_account()
    lost = sent(account, at=NOW - timedelta(minutes=2))
    sent(account, at=NOW - timedelta(seconds=30))
    done = sent(account, at=NOW - timedelta(minutes=9))
    service.process_postback(postback_id=done.pk, now=NOW)

    assert service.waiting_postbacks(now=NOW) == [lost.pk]


@pytest.mark.django_db
def test_raw_messages_go_after_a_month_and_what_they_said_stays() -> None:
    account = make_account()
    old, waiting = sent(account, at=NOW - timedelta(days=31)), sent(account, at=NOW - timedelta(days=31))
    service.process_postback(postback_id=old.pk, now=NOW - timedelta(days=31))

    assert service.forget_old_postbacks(now=NOW) == 1
    assert list(Postback.objects.all()) == [waiting], "what was never understood is not forgotten"
    assert Conversion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("default")
def test_a_real_worker_takes_what_came_in_at_the_door() -> None:
    account = make_account()
    app.control.purge()
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=30):
        body = urlencode({"AwinTransactionPush": json.dumps(PUSH)})
        answer = Client().post(postback_path(account), body, content_type="application/x-www-form-urlencoded")
        deadline = time.monotonic() + 20
        while not Conversion.objects.exists() and time.monotonic() < deadline:
            time.sleep(0.05)

    assert answer.status_code == 200
    assert (Conversion.objects.get().network_key, Conversion.objects.get().is_provisional) == ("9001", True)

"""Networks call us: what they say is written down at once, whoever does not know the secret learns nothing."""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError as QueueError
from limits import RateLimitItemPerMinute

from catalog import postbacks as door
from catalog.models import Conversion, NetworkAccount, Postback
from catalog.services import postbacks as service
from catalog.services.network_accounts import postback_path
from catalog.tasks import process_postback
from tests.factories import make_account

PUSH = {
    "transactionId": "9001",
    "transactionDate": "2026-11-20 12:00:00",
    "transactionCurrency": "EUR",
    "transactionAmount": "100.00",
    "commission": "5.00",
    "clickRef": "",
    "merchantId": "789",
}


def post(account: NetworkAccount, fields: dict[str, str] | None = None, **more: Any) -> Any:
    body = urlencode({"AwinTransactionPush": json.dumps(fields or PUSH)})
    return Client().post(postback_path(account), body, content_type="application/x-www-form-urlencoded", **more)


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Which postbacks a worker was told of (a real one takes them in test_worker_takes_postbacks)."""
    found: list[int] = []
    monkeypatch.setattr(process_postback, "delay_on_commit", found.append)
    return found


@pytest.mark.django_db
def test_a_post_is_written_down_word_for_word_and_a_worker_is_told(told: list[int]) -> None:
    answer = post(make_account())

    kept = Postback.objects.get()
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, b"OK\n", "no-store")
    assert (kept.method, kept.content_type) == ("POST", "application/x-www-form-urlencoded")
    assert "9001" in kept.body
    assert kept.processed_at is None
    assert told == [kept.pk]


@pytest.mark.django_db
def test_a_get_is_taken_with_its_query() -> None:
    answer = Client().get(f"{postback_path(make_account())}?{urlencode(PUSH)}")

    assert (answer.status_code, Postback.objects.get().query) == (200, urlencode(PUSH))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/postback/{pk}/wrong-secret-of-nobody/", "/postback/999999/{secret}/"])
def test_whoever_does_not_know_the_secret_is_told_of_no_address(path: str) -> None:
    account = make_account()
    secret = postback_path(account).split("/")[-2]
    answer = Client().post(path.format(pk=account.pk, secret=secret), "x=1", content_type="text/plain")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["detail"] == "There is no such address."
    assert not Postback.objects.exists()


@pytest.mark.django_db
def test_each_account_has_its_own_secret_and_an_old_key_still_opens(settings: Any) -> None:
    one, two = make_account("One"), make_account("Two")
    old = postback_path(one)
    assert old.split("/")[-2] != postback_path(two).split("/")[-2]

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key"
    assert postback_path(one) != old
    assert Client().get(f"{old}?{urlencode(PUSH)}").status_code == 200


@pytest.mark.django_db
def test_a_secret_may_come_from_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWIN_POSTBACK", "a-secret-of-ours-1234")
    account = make_account(report_settings={"address_secret": "AWIN_POSTBACK"})

    assert postback_path(account) == reverse("postback", args=[account.pk, "a-secret-of-ours-1234"])
    assert post(account).status_code == 200
    monkeypatch.setenv("AWIN_POSTBACK", "short")
    assert Client().get(f"/postback/{account.pk}/short/?a=1").status_code == 404


@pytest.mark.django_db
def test_other_methods_than_the_networks_are_refused_with_those_that_do() -> None:
    answer = Client().put(postback_path(make_account()), "x=1")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, POST")
    assert answer.json()["detail"] == "Messages come here by GET, POST."


@pytest.mark.django_db
def test_too_much_is_refused_before_it_is_read() -> None:
    answer = Client().post(postback_path(make_account()), "x" * (door.LARGEST + 1), content_type="text/plain")

    assert answer.status_code == 413
    assert "65,536 bytes" in answer.json()["detail"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "said"), [(b"", "Nothing was sent"), (b"a=\x00", "zero byte")], ids=["nothing", "zero-byte"]
)
def test_what_cannot_be_kept_is_refused_with_the_reason(body: bytes, said: str) -> None:
    answer = Client().generic("POST", postback_path(make_account()), body, content_type="text/plain")

    assert answer.status_code == 400
    assert said in answer.json()["detail"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("hello=1", "transaction"),
        (urlencode({"AwinTransactionPush": '{"transactionId": "1"'}), "JSON"),
        (urlencode({"AwinTransactionPush": json.dumps({**PUSH, "commission": "five"})}), "commission"),
    ],
    ids=["no-transaction", "cut-short", "no-amount"],
)
def test_what_will_not_be_understood_is_kept_and_its_sender_told(body: str, said: str) -> None:
    answer = Client().post(postback_path(make_account()), body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 400
    assert said in answer.json()["detail"]
    assert Postback.objects.count() == 1, "nothing that was sent is lost"


@pytest.mark.django_db
def test_a_body_in_another_encoding_is_kept_too() -> None:
    account = make_account()
    body = f"{urlencode(PUSH)}&note=caf".encode() + b"\xe9"
    answer = Client().generic("POST", postback_path(account), body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 200
    assert Postback.objects.get().body.endswith("café")


@pytest.mark.django_db
def test_a_network_that_sends_without_end_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "PER_MINUTE", RateLimitItemPerMinute(2, namespace="postback-test"))
    account = make_account()
    answers = [post(account) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2]["Retry-After"]) <= 60
    assert post(make_account("Another")).status_code == 200


@pytest.mark.django_db
def test_a_database_that_is_away_asks_for_another_try(monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_account()

    def away(**_: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(door, "keep_postback", away)
    answer = post(account)

    assert (answer.status_code, answer["Retry-After"]) == (503, "60")


@pytest.mark.django_db
def test_a_queue_that_is_away_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: int) -> None:
        raise QueueError("no broker")

    monkeypatch.setattr(process_postback, "delay_on_commit", away)
    assert post(make_account()).status_code == 200
    assert Postback.objects.get().processed_at is None


@pytest.mark.django_db
def test_the_secret_is_in_no_log_line(caplog: pytest.LogCaptureFixture) -> None:
    account = make_account()
    path = postback_path(account)
    secret = path.split("/")[-2]
    Client().post(path, b"", content_type="text/plain")
    Client().post(path, "hello=1", content_type="application/x-www-form-urlencoded")
    Client().put(path)

    (console,) = (one for one in logging.getLogger().handlers if one.name == "console")
    written = "\n".join(console.format(record) for record in caplog.records)
    assert written.count(f"/postback/{account.pk}/") >= 3
    assert secret not in written


@pytest.mark.django_db
def test_a_purchase_told_by_an_unsigned_call_is_provisional() -> None:
    post(make_account())
    done = service.process_postback(postback_id=Postback.objects.get().pk, now=Postback.objects.get().received_at)

    conversion = Conversion.objects.get()
    assert (conversion.network_key, conversion.is_provisional) == ("9001", True)
    assert done is not None
    assert (done.problem, done.processed_at is not None) == ("", True)

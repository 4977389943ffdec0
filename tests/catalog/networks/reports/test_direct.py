"""What merchants of our own agreements say: signed, and so believed at once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest

from catalog.networks.reports import REPORTS
from catalog.networks.reports.base import Message, PostbackError, ReportError, Statement
from catalog.reports.earnings import Status
from catalog.signatures import signature
from tests.catalog.networks.reports.asking import NOW

SECRET = "a-secret-of-more-than-24-characters"
TOLD = {
    "transaction_id": "T-1",
    "status": "approved",
    "commission": "12.50",
    "sale_amount": 125,
    "currency": "EUR",
    "sub_id": "0123",
    "occurred_at": "2026-11-20T10:00:00+01:00",
}


def body(**fields: object) -> bytes:
    return json.dumps({**TOLD, **fields}).encode()


def verified(
    sent: bytes, *, at: datetime = NOW, secret: str = SECRET, ours: str = SECRET, signed: bytes | None = None
) -> None:
    stamp = str(int(at.timestamp()))
    headers = {
        "webhook-id": "msg-1",
        "webhook-timestamp": stamp,
        "webhook-signature": signature(secret, id="msg-1", timestamp=stamp, body=sent if signed is None else signed),
    }
    message = Message(method="POST", content_type="application/json", body=sent)
    REPORTS["direct"].verify(message, headers, {"postback_secret": ours} if ours else {}, now=NOW)


def told(sent: bytes, content_type: str = "application/json", query: str = "") -> Any:
    return REPORTS["direct"].postback(
        Message(method="POST", content_type=content_type, query=query, body=sent), {}, now=NOW
    )


def test_what_is_signed_is_believed() -> None:
    verified(body())
    (said,) = told(body()).statements
    assert said == Statement(
        network_key="T-1",
        event_key="approved",
        status=Status.APPROVED,
        sale_amount=Decimal("125.0000"),
        commission_amount=Decimal("12.5000"),
        currency="EUR",
        occurred_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        happened_at=NOW,
        sub_id="0123",
    )
    assert not said.is_provisional


@pytest.mark.parametrize(
    "attempt",
    [
        {"secret": "another-secret-of-24-characters-"},
        {"signed": b'{"transaction_id": "T-1"}'},
        {"at": NOW - timedelta(minutes=6)},
        {"at": NOW + timedelta(minutes=6)},
    ],
    ids=["another's secret", "another body", "too old", "from the future"],
)
def test_what_is_signed_wrongly_is_refused(attempt: dict[str, Any]) -> None:
    with pytest.raises(PostbackError):
        verified(body(), **attempt)


def test_a_message_without_a_signature_is_refused() -> None:
    with pytest.raises(PostbackError):
        REPORTS["direct"].verify(Message(method="POST", body=body()), {}, {"postback_secret": SECRET}, now=NOW)


@pytest.mark.parametrize("ours", ["", "short"])
def test_a_secret_of_no_use_is_ours_to_mend(ours: str) -> None:
    with pytest.raises(ReportError, match="postback_secret"):
        verified(body(), ours=ours)


def test_a_form_says_the_same() -> None:
    form = urlencode({name: str(value) for name, value in TOLD.items()}).encode()
    assert told(form, "application/x-www-form-urlencoded").statements == told(body()).statements


def test_what_is_not_signed_is_not_read() -> None:
    (said,) = told(body(), query="merchant_id=7&commission=99").statements
    assert (said.commission_amount, said.merchant_reference) == (Decimal("12.5000"), "")


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("pending", Status.PENDING),
        ("CONFIRMED", Status.APPROVED),
        ("cancelled", Status.DECLINED),
        ("refunded", Status.REVERSED),
    ],
)
def test_the_words_for_a_status(word: str, status: Status) -> None:
    (said,) = told(body(status=word)).statements
    assert said.status is status


def test_one_message_may_tell_of_several() -> None:
    sent = json.dumps([TOLD, {**TOLD, "transaction_id": "T-2"}, {**TOLD, "transaction_id": "T-3", "currency": "?"}])
    read = told(sent.encode())
    assert [said.network_key for said in read.statements] == ["T-1", "T-2"]
    assert [(one.where, one.field) for one in read.troubles] == [("transaction T-3", "currency")]


@pytest.mark.parametrize("field", ["transaction_id", "status", "commission", "currency"])
def test_what_is_missing_is_named(field: str) -> None:
    (trouble,) = told(body(**{field: None})).troubles
    assert trouble.field == field


@pytest.mark.parametrize("sent", [b"", b"{", b"[]", b"3"])
def test_what_is_no_message_is_answered_with_what_to_send(sent: bytes) -> None:
    with pytest.raises(PostbackError):
        told(sent)

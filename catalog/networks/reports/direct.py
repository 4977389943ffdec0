"""What does a merchant with whom we have an agreement of our own say of purchases? By messages that it signs.

Signed as in `catalog.signatures` (Standard Webhooks): HMAC-SHA256 over `<id>.<time>.<body>`, at most five minutes old,
so that an old message cannot be sent again. What is signed is no hint but a statement: it is not provisional.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catalog.networks.reports.base import (
    Message,
    PostbackError,
    Read,
    ReportError,
    Reports,
    Statement,
    fields_of,
    named_alike,
    read_each,
)
from catalog.reports.earnings import Status
from catalog.reports.values import (
    FieldProblem,
    api_amount,
    currency_of,
    name_of,
    optional_amount,
    optional_moment,
    optional_name,
    said,
    sentence,
    sub_id_of,
)
from catalog.settings_fields import SettingField
from catalog.signatures import Envelope, SecretError, SignatureError, verify

_STATUSES: Mapping[str, Status] = {
    **dict.fromkeys(("pending", "new", "open", "tracked"), Status.PENDING),
    **dict.fromkeys(("approved", "confirmed", "accepted", "paid", "locked"), Status.APPROVED),
    **dict.fromkeys(("declined", "rejected", "cancelled", "canceled", "deleted"), Status.DECLINED),
    **dict.fromkeys(("reversed", "refunded", "returned"), Status.REVERSED),
}
_NO_FIT = (
    "No signature in webhook-signature fits. Signed is <webhook-id>.<webhook-timestamp>.<body>, byte for byte, with "
    "HMAC-SHA256 and our agreed secret, as v1,<base64>."
)


class DirectReports(Reports):
    key = "direct"
    settings = (
        SettingField(
            name="postback_secret",
            help="The environment variable that holds the secret we share with the merchant: 24 characters or more.",
            secret=True,
        ),
    )
    example_settings = {"postback_secret": "an-example-secret-of-32-characters"}
    methods = frozenset({"POST"})
    signed_headers = ("webhook-id", "webhook-timestamp", "webhook-signature")
    postback_help = (
        "The merchant sends a POST to {address}: JSON or a form with transaction_id, status (pending, approved, "
        "declined or reversed), commission, currency, sale_amount, sub_id and occurred_at, signed as Standard Webhooks "
        "asks (webhook-id, webhook-timestamp, webhook-signature)."
    )

    def verify(
        self, message: Message, headers: Mapping[str, str], settings: Mapping[str, str], *, now: datetime
    ) -> None:
        envelope = Envelope(*(headers.get(name, "").strip() for name in self.signed_headers))
        try:
            verify(envelope, message.body, secret=settings.get("postback_secret", ""), now=now)
        except SecretError as error:
            raise ReportError(f"`postback_secret`: {error}", permanent=True) from None  # for us, not for the sender
        except SignatureError as error:
            text = str(error)
            raise PostbackError(_NO_FIT if text.startswith("No signature") else text) from None

    def postback(self, message: Message, settings: Mapping[str, str], *, now: datetime) -> Read:
        # The signature covers the body alone, so nothing in the query is believed.
        told = fields_of(Message(method=message.method, content_type=message.content_type, body=message.body))
        rows = [named_alike(one, unfilled=r"") for one in told]
        if not rows:
            raise PostbackError("The body is neither JSON nor a form: send transaction_id, status and commission.")
        statements, troubles = read_each(
            ((f"transaction {row.get('transactionid') or number}", row) for number, row in enumerate(rows, 1)),
            lambda row: _statement(row, now),
        )
        return Read(statements=statements, troubles=troubles)


def _statement(row: Mapping[str, Any], now: datetime) -> Statement:
    status = _STATUSES.get(str(row.get("status") or "").strip().lower())
    if status is None:
        raise FieldProblem("status", "is none of pending, approved, declined, reversed")
    key = said("transaction_id", name_of, row.get("transactionid"))
    event = said("event_id", optional_name, row.get("eventid"))
    occurred = said("occurred_at", optional_moment, row.get("occurredat")) or now
    happened = said("happened_at", optional_moment, row.get("happenedat"))
    return Statement(
        network_key=key,
        event_key=event or status.value,
        status=status,
        sale_amount=said("sale_amount", optional_amount, row.get("saleamount")),
        commission_amount=said("commission", api_amount, row.get("commission", row.get("commissionamount"))),
        currency=said("currency", currency_of, row.get("currency")),
        occurred_at=min(occurred, now),
        happened_at=min(happened or (occurred if status is Status.PENDING else now), now),
        sub_id=sub_id_of(row.get("subid"), row.get("clickref")),
        merchant_reference=said("merchant_id", optional_name, row.get("merchantid")),
        is_correction=str(row.get("iscorrection", "")).strip().lower() in {"true", "1", "yes"},
        reason=sentence(row.get("reason")),
    )

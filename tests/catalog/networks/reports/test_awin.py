"""What Awin says: transactions that are polled, and notifications that nobody signed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote_plus, urlencode
from uuid import UUID

import pytest

from catalog.clicks.ids import sub_id
from catalog.networks.reports import REPORTS
from catalog.networks.reports.base import Message, PostbackError, Read, ReportError, Statement
from catalog.reports.earnings import Status
from tests.catalog.networks.reports.asking import NOW, polled
from tests.servers.awin_transactions import open_awin_transactions, transaction

CLICK = sub_id(UUID("01941f29-7c00-7aaa-8aaa-0123456789ab"))


def one(*rows: dict[str, Any]) -> Statement:
    with open_awin_transactions(*rows) as awin:
        found = polled("awin", awin.shop, awin.settings())
    assert not found.troubles
    (statement,) = found.statements
    return statement


def test_a_transaction_becomes_a_statement_with_its_click() -> None:
    said = one(transaction(4711, clickRefs={"clickRef": "something else", "clickRef2": CLICK}))
    assert said == Statement(
        network_key="4711",
        event_key="pending",
        status=Status.PENDING,
        sale_amount=Decimal("55.9600"),
        commission_amount=Decimal("5.5900"),
        currency="GBP",
        occurred_at=datetime(2026, 11, 20, 9, 10, 11, tzinfo=UTC),
        happened_at=datetime(2026, 11, 20, 9, 10, 11, tzinfo=UTC),
        sub_id=CLICK,
        merchant_reference="3661",
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("pending", Status.PENDING),
        ("approved", Status.APPROVED),
        ("Approved", Status.APPROVED),
        ("declined", Status.DECLINED),
        ("deleted", Status.DECLINED),
    ],
)
def test_the_words_of_awin_for_a_status(word: str, status: Status) -> None:
    assert one(transaction(1, commissionStatus=word)).status is status


def test_a_validated_transaction_changed_when_it_was_validated() -> None:
    said = one(
        transaction(
            1, commissionStatus="declined", validationDate="2026-11-21T10:00:00", declineReason="Returned goods"
        )
    )
    assert said.happened_at == datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    assert said.reason == "Returned goods"


def test_a_changed_mind_is_another_statement() -> None:
    approved = transaction(1, commissionStatus="approved", validationDate="2026-11-20T10:00:00")
    again = transaction(1, commissionStatus="approved", validationDate="2026-11-21T10:00:00")
    assert one(approved).event_key != one(again).event_key


def test_an_amended_transaction_changed_when_we_learn_of_it() -> None:
    said = one(transaction(1, amended=True, amendReason="Part returned", amendedAt="2026-11-21T10:00:00"))
    assert said.happened_at == NOW
    assert said.reason == "Part returned"


def test_amounts_may_be_texts() -> None:
    said = one(transaction(1, commissionAmount={"amount": "1,234.50", "currency": "eur"}, saleAmount=None))
    assert (said.commission_amount, said.currency, said.sale_amount) == (Decimal("1234.5000"), "EUR", None)


def test_a_sale_in_another_currency_than_the_commission_is_not_mixed_with_it() -> None:
    said = one(transaction(1, saleAmount={"amount": 10, "currency": "USD"}))
    assert (said.currency, said.sale_amount) == ("GBP", None)


def test_a_row_that_cannot_be_read_takes_no_other_with_it() -> None:
    rows = [
        transaction(1, commissionAmount={"amount": "1.234,5", "currency": "GBP"}),
        transaction(2),
        transaction(3, commissionStatus="maybe"),
        transaction(4, commissionAmount={"amount": 1, "currency": "XYZ"}),
    ]
    with open_awin_transactions(*rows) as awin:
        found = polled("awin", awin.shop, awin.settings())
    assert [said.network_key for said in found.statements] == ["2"]
    assert [(trouble.where, trouble.field) for trouble in found.troubles] == [
        ("transaction 1", "commissionAmount"),
        ("transaction 3", "commissionStatus"),
        ("transaction 4", "commissionAmount.currency"),
    ]
    assert "1.234,5" in str(found.troubles[0])


def test_a_transaction_found_by_several_dates_is_said_once() -> None:
    row = transaction(1, commissionStatus="approved", validationDate="2026-11-21T10:00:00")
    with open_awin_transactions(row) as awin:
        found = polled("awin", awin.shop, awin.settings())
        assert [query["dateType"] for query in awin.asked] == ["transaction", "validation", "amendment"]
    assert len(found.statements) == 1


def test_an_old_transaction_is_found_by_its_validation() -> None:
    row = transaction(
        1, transactionDate="2026-08-01T10:00:00", commissionStatus="approved", validationDate="2026-11-22T10:00:00"
    )
    with open_awin_transactions(row) as awin:
        found = polled("awin", awin.shop, awin.settings(), polled_until=NOW - timedelta(hours=1))
    assert [said.status for said in found.statements] == [Status.APPROVED]


def test_long_silence_is_caught_up_in_windows_that_awin_takes() -> None:
    at: datetime | None = NOW - timedelta(days=100)
    behind, rounds = True, 0
    with open_awin_transactions(transaction(1, transactionDate="2026-09-15T10:00:00")) as awin:
        seen = []
        while behind:
            found = polled("awin", awin.shop, awin.settings(), polled_until=at)
            at, behind, rounds = found.polled_until, found.is_behind, rounds + 1
            seen += [said.network_key for said in found.statements]
    assert at == NOW
    assert rounds == 4
    assert set(seen) == {"1"}


def test_the_first_poll_goes_back_as_far_as_the_account_says() -> None:
    with open_awin_transactions(transaction(1, transactionDate="2026-05-02T10:00:00")) as awin:
        found = polled("awin", awin.shop, awin.settings(since="2026-05-01"))
        assert awin.asked[0]["startDate"] == "2026-05-01T00:00:00"
        with pytest.raises(ReportError, match="since"):
            polled("awin", awin.shop, awin.settings(since="2026-02-31"))
    assert len(found.statements) == 1
    assert found.is_behind


def push(**fields: object) -> dict[str, object]:
    return {
        "transactionId": "105",
        "transactionDate": "2026-11-20 09:10:11",
        "transactionCurrency": "EUR",
        "transactionAmount": "26.09",
        "commission": "1.64",
        "merchantId": "3661",
        "clickRef": CLICK,
        **fields,
    }


def told(message: Message) -> Read:
    return REPORTS["awin"].postback(message, {}, now=NOW)


FORM = "application/x-www-form-urlencoded"
WAYS = {
    "a form with JSON inside": Message(
        method="POST", content_type=FORM, body=b"AwinTransactionPush=" + quote_plus(json.dumps(push())).encode()
    ),
    "JSON": Message(method="POST", content_type="application/json", body=json.dumps(push()).encode()),
    "JSON that is called a form": Message(method="POST", content_type=FORM, body=json.dumps(push()).encode()),
    "a form": Message(method="POST", content_type=FORM, body=urlencode(push()).encode()),
    "a query": Message(method="GET", query=urlencode(push())),
    "a query in other letters": Message(
        method="GET", query=urlencode({name.lower(): value for name, value in push().items()})
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_notification_is_provisional_whichever_way_it_comes(way: str) -> None:
    (said,) = told(WAYS[way]).statements
    assert said == Statement(
        network_key="105",
        event_key="notified pending",
        status=Status.PENDING,
        sale_amount=Decimal("26.0900"),
        commission_amount=Decimal("1.6400"),
        currency="EUR",
        occurred_at=datetime(2026, 11, 20, 9, 10, 11, tzinfo=UTC),
        happened_at=datetime(2026, 11, 20, 9, 10, 11, tzinfo=UTC),
        sub_id=CLICK,
        merchant_reference="3661",
        is_provisional=True,
    )


def test_a_macro_that_was_not_replaced_says_nothing() -> None:
    (said,) = told(Message(method="GET", query=urlencode(push(clickRef="!!!clickRef!!!")))).statements
    assert said.sub_id == ""


def test_a_notification_from_the_future_happened_now() -> None:
    (said,) = told(Message(method="GET", query=urlencode(push(transactionDate="2031-01-01 00:00:00")))).statements
    assert said.occurred_at == said.happened_at == NOW


def test_a_notification_without_its_currency_says_which_field_is_missing() -> None:
    read = told(Message(method="GET", query=urlencode(push(transactionCurrency=""))))
    assert not read.statements
    assert [(trouble.where, trouble.field) for trouble in read.troubles] == [("transaction 105", "transactionCurrency")]


@pytest.mark.parametrize(
    "message",
    [
        Message(method="GET"),
        Message(method="GET", query="hello=1"),
        Message(method="POST", content_type=FORM, body=b"AwinTransactionPush=%7B%22transactionId"),
        Message(method="POST", content_type="application/json", body=b'{"transactionId": "1", '),
        Message(method="POST", content_type="application/json", body=b"[1, 2]"),
        Message(method="GET", query="!!!transactionId!!!"),
    ],
)
def test_what_is_no_notification_is_answered_with_what_to_send(message: Message) -> None:
    with pytest.raises(PostbackError):
        told(message)

"""What Rakuten says: lines of orders, returns as lines with negative amounts, tokens that end."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from catalog.clicks.ids import sub_id
from catalog.networks.reports import REPORTS
from catalog.networks.reports.base import Message, PostbackError, ReportError, Statement
from catalog.networks.reports.rakuten import LIMIT
from catalog.reports.earnings import Earning, Status, sum_of
from tests.catalog.networks.reports.asking import NOW, polled
from tests.catalog.sources.tokens import OwnTokens
from tests.servers.faults import says
from tests.servers.rakuten import event, open_rakuten

CLICK = sub_id(UUID("01941f29-7c00-7aaa-8aaa-0123456789ab"))


def purchase(*rows: dict[str, Any]) -> Earning:
    with open_rakuten(*rows) as rakuten:
        found = polled("rakuten", rakuten.shop, rakuten.settings())
    assert not found.troubles
    return sum_of(list(found.statements))


def test_an_event_becomes_a_statement_with_its_click() -> None:
    with open_rakuten(event(1, u1=CLICK)) as rakuten:
        (said,) = polled("rakuten", rakuten.shop, rakuten.settings()).statements
    assert said == Statement(
        network_key="38815/1001/HS-1",
        event_key="e" + "1".zfill(31),
        status=Status.PENDING,
        sale_amount=Decimal("100.0000"),
        commission_amount=Decimal("7.5000"),
        currency="USD",
        occurred_at=datetime(2026, 11, 15, 2, 11, tzinfo=UTC),
        happened_at=datetime(2026, 11, 15, 2, 18, 36, tzinfo=UTC),
        sub_id=CLICK,
        merchant_reference="38815",
        is_correction=True,
    )


def test_a_locked_line_is_approved() -> None:
    assert purchase(event(1, lock_status="locked")).status is Status.APPROVED


def test_lines_of_one_item_add_up() -> None:
    assert purchase(event(1), event(2, order_id="1001")).commission_amount == Decimal("15.0000")


def test_a_returned_line_takes_back_what_was_approved() -> None:
    back = event(2, order_id="1001", sale_amount=-100.0, commissions=-7.5)
    earned = purchase(event(1, lock_status="locked"), back)
    assert (earned.commission_amount, earned.status) == (Decimal(0), Status.REVERSED)


def test_a_line_returned_before_it_locked_is_declined() -> None:
    back = event(2, order_id="1001", sale_amount=-100.0, commissions=-7.5)
    assert purchase(event(1), back).status is Status.DECLINED


def test_a_part_that_came_back_leaves_the_rest() -> None:
    back = event(2, order_id="1001", sale_amount=-40, commissions="-3.00")
    earned = purchase(event(1, lock_status="locked"), back)
    assert (earned.commission_amount, earned.status) == (Decimal("4.5000"), Status.APPROVED)


def test_a_return_without_its_sale_is_declined() -> None:
    assert purchase(event(2, sale_amount=-100, commissions=-7.5)).status is Status.DECLINED


def test_a_sale_that_pays_nothing_is_still_a_sale() -> None:
    assert purchase(event(1, commissions=0)).status is Status.PENDING


def test_a_line_without_an_order_is_named_by_itself() -> None:
    with open_rakuten(event(1, order_id=None)) as rakuten:
        (said,) = polled("rakuten", rakuten.shop, rakuten.settings()).statements
    assert said.network_key == said.event_key


def test_a_row_that_cannot_be_read_takes_no_other_with_it() -> None:
    rows = [event(1, commissions="lots"), event(2), event(3, transaction_date="once"), event(4, currency=None)]
    with open_rakuten(*rows) as rakuten:
        found = polled("rakuten", rakuten.shop, rakuten.settings())
    assert [said.network_key for said in found.statements] == ["38815/1002/HS-1"]
    assert [one.field for one in found.troubles] == ["commissions", "transaction_date", "currency"]


def test_all_pages_are_read() -> None:
    with open_rakuten(*(event(number) for number in range(LIMIT + 3))) as rakuten:
        found = polled("rakuten", rakuten.shop, rakuten.settings())
        assert [query["page"] for query in rakuten.asked] == ["1", "2"]
    assert len(found.statements) == LIMIT + 3


@pytest.mark.parametrize("body", [{"transactions": []}, {"events": []}, []])
def test_no_events_are_no_fault(body: Any) -> None:
    with open_rakuten() as rakuten:
        rakuten.faults.append(says(200, body))
        assert not polled("rakuten", rakuten.shop, rakuten.settings()).statements


def test_a_token_serves_many_polls_and_is_renewed_once_it_ended() -> None:
    tokens = OwnTokens()
    with open_rakuten(event(1)) as rakuten:
        rakuten.requests_per_token = 2
        for _ in range(3):
            assert polled("rakuten", rakuten.shop, rakuten.settings(), tokens=tokens).statements
        assert len(rakuten.tokens) == 2
    (kept,) = tokens.kept
    assert "rakuten-secret" not in kept


def test_a_token_refused_twice_is_given_up() -> None:
    with open_rakuten(event(1)) as rakuten:
        rakuten.requests_per_token = 0
        with pytest.raises(ReportError) as caught:
            polled("rakuten", rakuten.shop, rakuten.settings())
    assert caught.value.permanent
    assert len(rakuten.tokens) == 2


@pytest.mark.parametrize(
    "answer",
    [says(200, {"token": "x"}), says(200, {"access_token": ""}), says(200, {"access_token": "a\r\nb: c 123456"})],
)
def test_a_token_that_is_none_is_refused(answer: Any) -> None:
    with open_rakuten(event(1)) as rakuten:
        rakuten.token_faults.append(answer)
        with pytest.raises(ReportError, match="token"):
            polled("rakuten", rakuten.shop, rakuten.settings())


def test_wrong_keys_are_said_without_being_repeated() -> None:
    with open_rakuten() as rakuten, pytest.raises(ReportError) as caught:
        polled("rakuten", rakuten.shop, rakuten.settings(client_secret="wrong-secret-0815"))
    assert caught.value.permanent
    assert "client_secret" in str(caught.value)
    assert "0815" not in str(caught.value)


TOLD = {
    "etransaction_id": "e1",
    "advertiser_id": "38815",
    "order_id": "1001",
    "sku_number": "HS-1",
    "sale_amount": "100.00",
    "commissions": "7.50",
    "currency": "USD",
    "transaction_date": "2026-11-15 02:11:00",
    "u1": CLICK,
}


def test_a_postback_is_provisional_and_about_the_purchase_a_poll_will_tell_of() -> None:
    (said,) = REPORTS["rakuten"].postback(Message(method="GET", query=urlencode(TOLD)), {}, now=NOW).statements
    assert said.is_provisional
    assert (said.network_key, said.sub_id) == ("38815/1001/HS-1", CLICK)


def test_a_postback_may_call_its_transaction_otherwise_and_know_no_time() -> None:
    query = urlencode({"etransaction": "e1", "u1": CLICK, "commissions": "7.5", "currency": "usd"})
    (said,) = REPORTS["rakuten"].postback(Message(method="GET", query=query), {}, now=NOW).statements
    assert (said.network_key, said.occurred_at, said.currency) == ("e1", NOW, "USD")


def test_a_time_of_processing_that_cannot_be_read_costs_no_row() -> None:
    query = urlencode({**TOLD, "process_date": "11/20/2026"})
    (said,) = REPORTS["rakuten"].postback(Message(method="GET", query=query), {}, now=NOW).statements
    assert said.happened_at == said.occurred_at


def test_what_is_no_postback_is_answered_with_what_to_send() -> None:
    with pytest.raises(PostbackError, match="etransaction_id"):
        REPORTS["rakuten"].postback(Message(method="GET", query="u1=abc"), {}, now=NOW)

"""What Impact says: actions that are polled with their updates, and event notifications that nobody signed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from catalog.clicks.ids import sub_id
from catalog.networks.reports import REPORTS
from catalog.networks.reports.base import Message, PostbackError, ReportError, Statement
from catalog.reports.earnings import Status
from tests.catalog.networks.reports.asking import NOW, polled
from tests.servers.faults import says
from tests.servers.impact import SID, action, open_impact, update

CLICK = sub_id(UUID("01941f29-7c00-7aaa-8aaa-0123456789ab"))


def one(*actions: dict[str, Any], updates: list[dict[str, Any]] | None = None) -> Statement:
    with open_impact(*actions, updates=updates) as impact:
        found = polled("impact", impact.shop, impact.settings())
    assert not found.troubles
    (statement,) = found.statements
    return statement


def test_an_action_becomes_a_statement_with_its_click() -> None:
    assert one(action(158133, SubId1=CLICK, SharedId="RT-1")) == Statement(
        network_key="1000.4636.158133",
        event_key="pending",
        status=Status.PENDING,
        sale_amount=Decimal("21.9900"),
        commission_amount=Decimal("0.8800"),
        currency="USD",
        occurred_at=datetime(2026, 11, 10, 18, 42, 38, tzinfo=UTC),
        happened_at=datetime(2026, 11, 10, 18, 51, 23, tzinfo=UTC),
        sub_id=CLICK,
        merchant_reference="10306",
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [("PENDING", Status.PENDING), ("approved", Status.APPROVED), ("REVERSED", Status.DECLINED)],
)
def test_the_words_of_impact_for_a_status(word: str, status: Status) -> None:
    assert one(action(1, State=word)).status is status


def test_an_update_says_when_and_why_but_not_how_much() -> None:
    said = one(action(1, State="REVERSED", Payout="0.00", Amount="0.00"), updates=[update(1, 1), update(1, 2)])
    assert said.commission_amount == 0
    assert said.happened_at == datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
    assert said.reason == "ITEM_RETURNED"


def test_an_account_that_may_not_see_updates_is_polled_without_them() -> None:
    with open_impact(action(1, State="APPROVED")) as impact:
        impact.shows_updates = False
        found = polled("impact", impact.shop, impact.settings())
    assert [(said.status, said.happened_at) for said in found.statements] == [(Status.APPROVED, NOW)]


def test_an_id_with_a_fourth_part_is_the_same_purchase() -> None:
    assert one(action(1, Id="1000.4636.1.3")).network_key == "1000.4636.1"


def test_a_pending_action_whose_payout_was_cut_changed_later_than_it_was_made() -> None:
    assert one(action(1, Payout="0.40", IntendedPayout="0.88")).happened_at == NOW


def test_all_pages_are_read() -> None:
    with open_impact(*(action(number) for number in range(5))) as impact:
        found = polled("impact", impact.shop, impact.settings())
        assert [query["Page"] for what, query in impact.asked if what == "Actions"] == ["1", "2", "3"]
    assert len(found.statements) == 5


def test_a_page_that_is_not_there_fails_the_poll_and_not_only_its_rows() -> None:
    with open_impact(*(action(number) for number in range(5))) as impact:
        fine = impact.answer
        impact.shop.serves(
            f"/impact/Mediapartners/{SID}",
            lambda visit: says(500, b"")(visit) if "Page=2" in visit.path else fine(visit),
        )
        with pytest.raises(ReportError, match="answered 500"):
            polled("impact", impact.shop, impact.settings())


def test_it_stays_away_for_as_long_as_the_rate_limit_says() -> None:
    with open_impact() as impact:
        impact.faults.append(says(429, b"", x_ratelimit_reset="125"))
        with pytest.raises(ReportError) as caught:
            polled("impact", impact.shop, impact.settings())
    assert caught.value.retry_after == 125
    assert not caught.value.permanent


def test_long_silence_is_caught_up_in_windows_that_impact_takes() -> None:
    with open_impact() as impact:
        found = polled("impact", impact.shop, impact.settings(), polled_until=NOW - timedelta(days=100))
    assert found.is_behind
    assert found.polled_until == NOW - timedelta(days=100 - 43)


def test_a_row_that_cannot_be_read_takes_no_other_with_it() -> None:
    rows = [action(1, Payout="free"), action(2), action(3, Currency=""), action(4, EventDate="yesterday")]
    with open_impact(*rows) as impact:
        found = polled("impact", impact.shop, impact.settings())
    assert [said.network_key for said in found.statements] == ["1000.4636.2"]
    assert [trouble.field for trouble in found.troubles] == ["Payout", "Currency", "EventDate"]


EVENT = {
    "action_id": "1000.4636.9",
    "campaign_id": "10306",
    "status": "APPROVED",
    "payout": "5.00",
    "amount": "719.10",
    "currency": "USD",
    "event_date": "2026-11-20T08:00:00Z",
    "subid1": CLICK,
}


@pytest.mark.parametrize(
    "message",
    [
        Message(method="GET", query=urlencode(EVENT)),
        Message(method="POST", content_type="application/json", body=json.dumps(EVENT).encode()),
        Message(
            method="POST",
            content_type="application/json; charset=utf-8",
            query="source=impact",
            body=json.dumps({**EVENT, "items": [{"sku": "A", "qty": "1", "amt": "719.10"}]}).encode(),
        ),
        Message(method="GET", query=urlencode({"ActionId" if k == "action_id" else k: v for k, v in EVENT.items()})),
    ],
)
def test_a_notification_is_provisional_whichever_way_it_comes(message: Message) -> None:
    (said,) = REPORTS["impact"].postback(message, {}, now=NOW).statements
    assert said == Statement(
        network_key="1000.4636.9",
        event_key="notified approved",
        status=Status.APPROVED,
        sale_amount=Decimal("719.1000"),
        commission_amount=Decimal("5.0000"),
        currency="USD",
        occurred_at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
        happened_at=NOW,
        sub_id=CLICK,
        merchant_reference="10306",
        is_provisional=True,
    )


def test_a_notification_without_a_currency_takes_the_accounts() -> None:
    message = Message(method="GET", query=urlencode({**EVENT, "currency": "{Currency}"}))
    (said,) = REPORTS["impact"].postback(message, {"currency": "GBP"}, now=NOW).statements
    assert said.currency == "GBP"
    (trouble,) = REPORTS["impact"].postback(message, {}, now=NOW).troubles
    assert "currency={Currency}" in str(trouble)


def test_an_update_that_is_notified_is_about_its_action() -> None:
    message = Message(method="GET", query=urlencode({**EVENT, "action_id": "1000.4636.9.2", "status": "REVERSED"}))
    (said,) = REPORTS["impact"].postback(message, {}, now=NOW).statements
    assert (said.network_key, said.status) == ("1000.4636.9", Status.DECLINED)


@pytest.mark.parametrize(
    "message", [Message(method="GET"), Message(method="POST", body=b"{}"), Message(method="POST", body=b"{")]
)
def test_what_is_no_notification_is_answered_with_what_to_send(message: Message) -> None:
    with pytest.raises(PostbackError):
        REPORTS["impact"].postback(message, {}, now=NOW)

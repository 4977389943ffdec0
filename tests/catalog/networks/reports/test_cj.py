"""What CJ says: commissions, and the corrections that are rows of their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from catalog.clicks.ids import sub_id
from catalog.networks.reports.base import Polled, ReportError, Statement
from catalog.reports.earnings import Earning, Status, sum_of
from tests.catalog.networks.reports.asking import NOW, polled
from tests.servers.cj import commission, correction, open_cj
from tests.servers.faults import says

CLICK = sub_id(UUID("01941f29-7c00-7aaa-8aaa-0123456789ab"))


def read(*rows: dict[str, Any], polled_until: datetime | None = None, **settings: str) -> Polled:
    with open_cj(*rows) as cj:
        return polled("cj", cj.shop, cj.settings(**settings), polled_until=polled_until)


def purchase(*rows: dict[str, Any]) -> Earning:
    found = read(*rows)
    assert not found.troubles
    return sum_of(list(found.statements))


def test_a_commission_becomes_a_statement_with_its_click() -> None:
    (said,) = read(commission(900, 800, shopperId=CLICK), currency="EUR").statements
    assert said == Statement(
        network_key="800",
        event_key="900",
        status=Status.PENDING,
        sale_amount=Decimal("100.0000"),
        commission_amount=Decimal("10.0000"),
        currency="EUR",
        occurred_at=datetime(2026, 11, 10, 8, 0, tzinfo=UTC),
        happened_at=datetime(2026, 11, 10, 9, 0, tzinfo=UTC),
        sub_id=CLICK,
        merchant_reference="7777",
    )


def test_without_a_currency_of_ours_the_dollars_are_kept() -> None:
    (said,) = read(commission(900, 800)).statements
    assert (said.commission_amount, said.sale_amount, said.currency) == (Decimal("11.0000"), Decimal("110.0000"), "USD")


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("new", Status.PENDING),
        ("extended", Status.PENDING),
        ("locked", Status.APPROVED),
        ("CLOSED", Status.APPROVED),
    ],
)
def test_the_words_of_cj_for_a_status(word: str, status: Status) -> None:
    assert purchase(commission(900, 800, actionStatus=word)).status is status


def test_a_correction_is_taken_off_the_purchase_it_belongs_to() -> None:
    part = correction(901, 800, pubCommissionAmountUsd="-4.00", saleAmountUsd="-40.00")
    earned = purchase(commission(900, 800, actionStatus="locked", lockingDate="2026-11-12T10:00:00Z"), part)
    assert (earned.commission_amount, earned.sale_amount) == (Decimal("7.0000"), Decimal("70.0000"))
    assert earned.status is Status.APPROVED


def test_a_purchase_corrected_to_nothing_is_declined() -> None:
    earned = purchase(commission(900, 800), correction(901, 800))
    assert (earned.commission_amount, earned.status) == (Decimal(0), Status.DECLINED)


def test_a_purchase_corrected_to_nothing_stays_declined_although_its_rows_lock() -> None:
    rows = [
        commission(900, 800, actionStatus="locked", lockingDate="2026-11-20T10:00:00Z"),
        correction(901, 800, actionStatus="locked", lockingDate="2026-11-20T10:00:00Z"),
    ]
    assert purchase(*rows).status is Status.DECLINED


def test_a_lone_correction_says_nothing_about_the_whole() -> None:
    (said,) = read(correction(901, 800, pubCommissionAmountUsd="-4.00")).statements
    assert (said.is_correction, said.status, said.reason) == (True, Status.PENDING, "returned merchandise")


def test_several_corrections_add_up() -> None:
    rows = [commission(900, 800)] + [
        correction(number, 800, pubCommissionAmountUsd="-2.50", saleAmountUsd="-25.00") for number in (901, 902, 903)
    ]
    assert purchase(*rows).commission_amount == Decimal("3.5000")


def test_the_pages_follow_each_other_by_the_largest_commission() -> None:
    with open_cj(*(commission(900 + number, 800 + number) for number in range(5))) as cj:
        found = polled("cj", cj.shop, cj.settings())
        asked = [query for query in cj.asked if "sincePostingDate" in query]
    assert len(found.statements) == 5
    assert ["sinceCommissionId" in query for query in asked] == [False, True, True]


def test_what_locks_is_found_although_it_was_posted_long_ago() -> None:
    old = commission(
        900, 800, postingDate="2026-09-01T09:00:00Z", actionStatus="locked", lockingDate="2026-11-22T09:00:00Z"
    )
    (said,) = read(old, polled_until=NOW - timedelta(hours=1)).statements
    assert (said.status, said.happened_at) == (Status.APPROVED, datetime(2026, 11, 22, 9, 0, tzinfo=UTC))


def test_what_is_paid_for_clicks_is_no_purchase() -> None:
    found = read(commission(900, 800, actionType="click"), commission(901, 801))
    assert [said.network_key for said in found.statements] == ["801"]


def test_a_row_that_cannot_be_read_takes_no_other_with_it() -> None:
    found = read(
        commission(900, 800, pubCommissionAmountUsd="ten"), commission(901, 801), commission(902, 802, actionStatus="")
    )
    assert [said.network_key for said in found.statements] == ["801"]
    assert [(one.where, one.field) for one in found.troubles] == [
        ("commission 900", "pubCommissionAmountUsd"),
        ("commission 902", "actionStatus"),
    ]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"data": None, "errors": [{"message": "for somebody else"}]}, "refuses the question"),
        ({"data": {"publisherCommissions": None}}, "holds no commissions"),
        ({"data": {"publisherCommissions": {"records": None}}}, "no list"),
        ({"data": {"publisherCommissions": {"records": [], "payloadComplete": False}}}, "how it goes on"),
    ],
)
def test_an_answer_in_another_form_fails_the_poll(answer: dict[str, Any], message: str) -> None:
    with open_cj() as cj:
        cj.faults.append(says(200, answer))
        with pytest.raises(ReportError, match=message):
            polled("cj", cj.shop, cj.settings())


def test_a_page_that_never_ends_is_given_up() -> None:
    with open_cj(commission(900, 800)) as cj:
        body = {"data": {"publisherCommissions": {"records": [], "payloadComplete": False, "maxCommissionId": "900"}}}
        cj.faults += [says(200, body)] * 3
        with pytest.raises(ReportError, match="how it goes on"):
            polled("cj", cj.shop, cj.settings())

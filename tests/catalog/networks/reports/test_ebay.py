"""What the eBay Partner Network says: its transaction report, in the spellings of old and new exports."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from catalog.clicks.ids import sub_id
from catalog.networks.reports import REPORTS
from catalog.networks.reports.base import Read, ReportError, Statement
from catalog.reports.earnings import Earning, Status, problem, sum_of

CLICK = sub_id(UUID("01941f29-7c00-7aaa-8aaa-0123456789ab"))
OLD = (
    "Event Date\tPosting Date\tEvent Type\tAmount\tProgram Id\tProgram Name\tCampaign Id\tCampaign Name\tTool Id\t"
    "Tool Name\tCustom Id\tClick Timestamp\teBay Item ID\teBay Leaf Category ID\teBay Quantity Sold\t"
    "eBay Total Sale Amount\tItem Site ID\tMeta Category ID\tUnique Transaction ID\tUser Frequency ID\tEarnings\t"
    "Traffic Type\tItem Name"
)
OLD_ROW = (
    f"2026-09-06\t2026-09-08\tWinning Bid (Revenue)\t.03\t1\teBay US\t5337776397\tDefault\t10001\tGenerator\t{CLICK}\t"
    '2026-09-06 09:47:58\t281836452862\t42425\t1\t103.00\t15\t15032\t201608730000347852\t3\t4.12\t\tHeadset 1" black'
)
NEW = "Event Date,Update Date,EPN Transaction ID,Item ID,Custom ID,Campaign ID,Status,Sale Amount,Earnings,Currency"
NEW_ROW = f"2026-09-06,2026-09-08,T-1,I-1,{CLICK},5337776397,Pending,$103.00,$4.12,USD"


def read(*lines: str, **settings: str) -> Read:
    return REPORTS["ebay"].read_file("epn.csv", "\n".join(lines).encode(), {"currency": "USD", **settings})


def purchase(*lines: str) -> Earning:
    found = read(*lines)
    assert not found.troubles
    return sum_of(list(found.statements))


def test_an_old_export_is_read() -> None:
    (said,) = read(OLD, OLD_ROW).statements
    assert said == Statement(
        network_key="201608730000347852",
        event_key="281836452862 20260906",
        status=Status.APPROVED,
        sale_amount=Decimal("103.0000"),
        commission_amount=Decimal("4.1200"),
        currency="USD",
        occurred_at=datetime(2026, 9, 6, 12, 0, tzinfo=UTC),
        happened_at=datetime(2026, 9, 8, 12, 0, tzinfo=UTC),
        sub_id=CLICK,
        merchant_reference="5337776397",
        is_correction=True,
    )
    assert not problem(said)


def test_a_new_export_is_read() -> None:
    (said,) = read("eBay Partner Network Transaction Report", NEW, NEW_ROW).statements
    assert (said.network_key, said.sub_id, said.status) == ("T-1", CLICK, Status.PENDING)
    assert (said.sale_amount, said.commission_amount) == (Decimal("103.0000"), Decimal("4.1200"))


@pytest.mark.parametrize(
    ("word", "status"),
    [("Pending", Status.PENDING), ("CONFIRMED", Status.APPROVED), ("reversed", Status.DECLINED)],
)
def test_the_words_for_a_status(word: str, status: Status) -> None:
    assert purchase(NEW, NEW_ROW.replace("Pending", word)).status is status


def test_a_transaction_that_was_taken_back_leaves_nothing() -> None:
    back = NEW_ROW.replace("$103.00,$4.12", "-103.00,(4.12)").replace("2026-09-08", "2026-10-01")
    earned = purchase(NEW, NEW_ROW.replace("Pending", "Approved"), back.replace("Pending", "Approved"))
    assert (earned.commission_amount, earned.status) == (Decimal(0), Status.REVERSED)


def test_a_later_export_of_the_same_row_is_the_same_statement_put_right() -> None:
    first = read(NEW, NEW_ROW).statements
    later = read(
        NEW, NEW_ROW.replace("Pending", "Approved").replace("4.12", "3.90").replace("09-08", "10-08")
    ).statements
    earned = sum_of([*first, *later])
    assert (earned.commission_amount, earned.status) == (Decimal("3.9000"), Status.APPROVED)


def test_of_two_reports_that_do_not_say_when_the_one_uploaded_last_is_believed() -> None:
    said = []
    for day, earned in ((2, "4.12"), (3, "3.90"), (1, "4.50")):
        row = NEW_ROW.replace("2026-09-08", "").replace("4.12", earned)
        now = datetime(2026, 10, day, tzinfo=UTC)
        said += REPORTS["ebay"].read_file("x.csv", f"{NEW}\n{row}".encode(), {}, now=now).statements
    assert sum_of(said).commission_amount == Decimal("3.9000")


def test_two_items_of_one_transaction_add_up() -> None:
    assert purchase(NEW, NEW_ROW, NEW_ROW.replace("I-1", "I-2")).commission_amount == Decimal("8.2400")


def test_the_same_row_twice_is_one_purchase() -> None:
    assert purchase(NEW, NEW_ROW, NEW_ROW).commission_amount == Decimal("4.1200")


def test_rows_that_name_no_item_are_told_apart_by_their_order() -> None:
    rows = [NEW_ROW.replace("I-1", ""), NEW_ROW.replace("I-1", "").replace("4.12", "1.00")]
    assert purchase(NEW, *rows).commission_amount == Decimal("5.1200")
    assert sum_of([*read(NEW, *rows).statements, *read(NEW, *rows).statements]).commission_amount == Decimal("5.1200")


def test_clicks_in_the_report_are_no_purchases_and_no_fault() -> None:
    found = read(OLD, OLD_ROW.replace("Winning Bid (Revenue)", "Click"), OLD_ROW)
    assert (len(found.statements), found.troubles) == (1, [])
    assert found.notes == ["1 rows of clicks and views were left out."]


@pytest.mark.parametrize(
    ("column", "ours"), [("Earnings", "earnings"), ("Event Date", "date"), ("EPN Transaction ID", "transaction")]
)
def test_a_missing_column_is_named(column: str, ours: str) -> None:
    with pytest.raises(ReportError, match=f"no column for {ours}"):
        read(NEW.replace(column, "Fun"), NEW_ROW)


def test_rows_that_cannot_be_read_take_no_others_with_them() -> None:
    rows = [
        NEW_ROW,
        NEW_ROW.replace("$4.12", "soon"),
        NEW_ROW.replace("Pending", "who knows"),
        NEW_ROW.replace("2026-09-06", "06.09."),
        NEW_ROW.replace("T-1", ""),
        "2026-09-06,2026-09-08,T-9",
        '2026-09-06,"2026-09-08,T-8,I-1,x,1,Pending,1.00,1.00,USD',
        NEW_ROW.replace("T-1", "T-2"),
    ]
    found = read(NEW, *rows)
    assert [said.network_key for said in found.statements] == ["T-1", "T-2"]
    assert [(one.where, one.field) for one in found.troubles] == [
        ("line 3", "earnings"),
        ("line 4", "status"),
        ("line 5", "event date"),
        ("line 6", "transaction id"),
        ("line 7", ""),
        ("line 8", ""),
    ]


@pytest.mark.parametrize(
    ("written", "hour"), [("09/20/2026", 12), ("20/09/2026", 12), ("2026-09-20 14:30:00", 14), ("Sep 20, 2026", 12)]
)
def test_days_in_several_writings(written: str, hour: int) -> None:
    (said,) = read(NEW, NEW_ROW.replace("2026-09-06", f'"{written}"').replace("2026-09-08", "")).statements
    assert (said.occurred_at.month, said.occurred_at.day, said.occurred_at.hour) == (9, 20, hour)


def test_days_in_two_orders_are_refused() -> None:
    rows = [NEW_ROW.replace("2026-09-06", day) for day in ("09/20/2026", "20/09/2026")]
    with pytest.raises(ReportError, match="two orders"):
        read(NEW, *rows)


def test_without_any_currency_nothing_is_guessed() -> None:
    found = REPORTS["ebay"].read_file("epn.tsv", f"{OLD}\n{OLD_ROW}".encode(), {})
    assert not found.statements
    assert "set the account's `currency`" in str(found.troubles[0])

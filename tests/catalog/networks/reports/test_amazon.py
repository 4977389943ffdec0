"""What Amazon says: Fee-Earnings as people download it, with titles above, in several countries' habits."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from catalog.networks.reports import REPORTS
from catalog.networks.reports.amazon import MARKETPLACES
from catalog.networks.reports.base import Read, ReportError, Statement
from catalog.reports.earnings import Status, problem, sum_of
from tests.workbooks import xlsx

HEADER = (
    "Category,Name,ASIN,Seller,Tracking ID,Date Shipped,Price($),Items Shipped,Returns,Revenue($),Ad Fees($),"
    "Device Type Group,Direct Sale"
)
SOLD = (
    'Electronics,"Headset, black",B0TEST0001,Amazon.com,earmark-guides-20,2026-09-15,129.00,1,0,129.00,5.16,Desktop,Yes'
)
PHONE = "Electronics,Headset,B0TEST0002,Amazon.com,earmark-20,2026-09-16,89.00,2,0,178.00,7.12,Phone,No"
BACK = "Electronics,Headset,B0TEST0001,Amazon.com,earmark-guides-20,2026-09-20,129.00,0,1,-129.00,-5.16,Desktop,Yes"


def read(*lines: str, marketplace: str = "us", name: str = "Fee-Earnings.csv", **settings: str) -> Read:
    return read_bytes("\r\n".join(lines).encode(), marketplace=marketplace, name=name, **settings)


def read_bytes(body: bytes, *, marketplace: str = "us", name: str = "report", **settings: str) -> Read:
    return REPORTS["amazon"].read_file(name, body, {"marketplace": marketplace, **settings})


def test_a_shipped_item_is_an_approved_earning_of_its_tracking_id() -> None:
    (said,) = read("Fee-Earnings from 2026-09-01 00:00:00 to 2026-09-30 23:59:59", HEADER, SOLD).statements
    assert said.network_key.startswith("shipped 2026-09-15 earmark-guides-20 B0TEST0001 ")
    assert said == Statement(
        network_key=said.network_key,
        event_key="shipped",
        status=Status.APPROVED,
        sale_amount=Decimal("129.0000"),
        commission_amount=Decimal("5.1600"),
        currency="USD",
        occurred_at=datetime(2026, 9, 15, 12, 0, tzinfo=UTC),
        happened_at=datetime(2026, 9, 15, 12, 0, tzinfo=UTC),
        tracking_id="earmark-guides-20",
    )
    assert not problem(said)


def test_items_that_look_alike_are_told_apart_and_known_again() -> None:
    first = read(HEADER, SOLD, SOLD, PHONE)
    assert len({said.network_key for said in first.statements}) == 3
    longer = read(HEADER, PHONE, SOLD, SOLD, BACK)
    assert {said.network_key for said in first.statements} < {said.network_key for said in longer.statements}


def test_earnings_that_are_put_right_are_the_same_purchase() -> None:
    (first,), (again,) = (read(HEADER, line).statements for line in (SOLD, SOLD.replace("5.16", "5.80")))
    assert first.network_key == again.network_key
    assert first.commission_amount != again.commission_amount


def test_of_two_reports_that_differ_the_one_uploaded_last_is_believed() -> None:
    said = []
    for day, fees in ((2, "5.16"), (3, "5.80"), (1, "4.00")):
        body = f"{HEADER}\n{SOLD.replace('5.16', fees)}".encode()
        now = datetime(2026, 10, day, tzinfo=UTC)
        said += REPORTS["amazon"].read_file("x.csv", body, {"marketplace": "us"}, now=now).statements
    assert sum_of(said).commission_amount == Decimal("5.80")
    assert sum_of(said).occurred_at == datetime(2026, 9, 15, 12, 0, tzinfo=UTC)


def test_a_return_is_a_negative_earning_so_that_sums_are_what_is_paid() -> None:
    said = read(HEADER, SOLD, BACK).statements
    assert sum(one.commission_amount or 0 for one in said) == 0
    assert [one.reason for one in said] == ["", "returned"]
    assert {one.status for one in said} == {Status.APPROVED}


def test_the_line_of_totals_is_no_purchase() -> None:
    found = read(HEADER, SOLD, ",,,,,,,,,Total,5.16,,")
    assert len(found.statements) == 1
    assert not found.troubles


@pytest.mark.parametrize(
    ("day", "marketplace"),
    [
        ("2026-09-15", "us"),
        ("2026-09-15 14:22:01", "us"),
        ("09/15/2026", "us"),
        ("09/15/2026", "de"),
        ("15/09/2026", "uk"),
        ("15.09.2026", "de"),
        ("September 15 2026", "us"),
        ('"September 15, 2026"', "us"),
        ("15-Sep-2026", "uk"),
        ("15. September 2026", "de"),
        ("15 de septiembre de 2026", "mx"),
        ("15 septembre 2026", "fr"),
        ("15 settembre 2026", "it"),
        ("2026/09/15", "jp"),
        ("2026年9月15日", "jp"),
    ],
)
def test_days_in_the_habits_of_many_countries(day: str, marketplace: str) -> None:
    line = SOLD.replace("2026-09-15", day)
    (said,) = read(HEADER.replace("($)", ""), line, marketplace=marketplace).statements
    assert said.occurred_at.date() == date(2026, 9, 15)


def test_a_day_that_may_be_two_is_the_one_that_the_other_rows_say() -> None:
    header = HEADER.replace("($)", "")
    lines = [SOLD.replace("2026-09-15", day) for day in ("03/04/2026", "25/04/2026")]
    assert [said.occurred_at.month for said in read(header, *lines, marketplace="us").statements] == [4, 4]
    (american,) = read(header, lines[0], marketplace="us").statements
    (british,) = read(header, lines[0], marketplace="uk").statements
    assert (american.occurred_at.month, british.occurred_at.month) == (3, 4)


def test_days_in_two_orders_are_refused() -> None:
    lines = [SOLD.replace("2026-09-15", day) for day in ("04/25/2026", "25/04/2026")]
    with pytest.raises(ReportError, match="two orders"):
        read(HEADER, *lines)


@pytest.mark.parametrize(
    ("written", "marketplace", "amount"),
    [
        ("$5.16", "us", "5.16"),
        ('"$1,250.50"', "us", "1250.50"),
        ('"51,96 €"', "de", "51.96"),
        ('"1.250,50"', "de", "1250.50"),
        ("(5.16)", "us", "-5.16"),
        ("-$5.16", "us", "-5.16"),
        ("£5.16", "uk", "5.16"),
        ("516", "jp", "516"),
        (".16", "us", "0.16"),
    ],
)
def test_amounts_in_the_habits_of_many_countries(written: str, marketplace: str, amount: str) -> None:
    line = SOLD.replace(",5.16,", f",{written},")
    (said,) = read(HEADER.replace("($)", ""), line, marketplace=marketplace).statements
    assert said.commission_amount == Decimal(amount)
    assert said.currency == MARKETPLACES[marketplace][0]


@pytest.mark.parametrize("written", ["1.234", '"1,234"', "€5.16", "five", "", "5.16%", "1e400", '"1,23,4"'])
def test_an_amount_that_may_be_two_is_refused_with_its_line(written: str) -> None:
    found = read(HEADER, PHONE, SOLD.replace(",5.16,", f",{written},"))
    assert len(found.statements) == 1
    (trouble,) = found.troubles
    assert (trouble.where, trouble.field) == ("line 3", "earnings")


def test_a_report_in_another_currency_than_the_shops_is_refused() -> None:
    with pytest.raises(ReportError, match="GBP"):
        read(HEADER.replace("($)", "(EUR)"), SOLD, marketplace="uk")


def test_a_formula_in_a_name_does_nothing() -> None:
    line = SOLD.replace('"Headset, black"', '"=HYPERLINK(""https://evil.example"")"').replace("Amazon.com", "+1+1")
    assert len(read(HEADER, line).statements) == 1


def test_a_spanish_report_is_read() -> None:
    header = (
        "Categoría,Nombre,ASIN,Vendedor,ID de seguimiento,Fecha de envío,Precio,Artículos enviados,Devoluciones,"
        "Ingresos,Comisiones"
    )
    line = 'Hogar,Auriculares,B0ES000001,Amazon,earmark-x-20,15 de septiembre de 2026,"1,250.50",1,0,"1,250.50",50.02'
    (said,) = read("Reporte de ganancias", header, line, marketplace="mx").statements
    assert (said.sale_amount, said.commission_amount, said.currency) == (Decimal("1250.5"), Decimal("50.02"), "MXN")


BOOK: list[list[Any]] = [
    ["Fee-Earnings from 2026-09-01 to 2026-09-30"],
    [
        "Category",
        "Name",
        "ASIN",
        "Tracking ID",
        "Date Shipped",
        "Price($)",
        "Items Shipped",
        "Returns",
        "Revenue($)",
        "Ad Fees($)",
    ],
    ["Electronics", "Headset", "B0TEST0001", "earmark-20", date(2026, 9, 15), 129, 1, 0, 129.0, 5.16],
    ["Electronics", "Headset", "B0TEST0002", "earmark-20", "2026-09-16", 89, 1, 0, 89, "=1+1|2.5"],
]


def test_a_workbook_is_read_sheet_by_sheet() -> None:
    orders = [
        ["Category", "Name", "ASIN", "Date", "Qty", "Price($)", "Link Type", "Tag"],
        ["E", "H", "B0TEST0001", "2026-09-14", 1, 129, "Text", "earmark-20"],
    ]
    found = read_bytes(xlsx({"Fee-Orders": orders, "Fee-Earnings": BOOK}), name="report.xlsx")
    assert [said.commission_amount for said in found.statements] == [Decimal("5.16"), Decimal("2.5")]
    assert found.statements[0].occurred_at == datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
    assert found.notes == ["1 ordered items were left out: only earnings count."]


def test_a_workbooks_trouble_names_its_sheet_and_row() -> None:
    book = [*BOOK, ["Electronics", "Headset", "B0TEST0003", "earmark-20", "2026-09-17", 89, 1, 0, 89, "n/a"]]
    (trouble,) = read_bytes(xlsx({"Fee-Earnings": book})).troubles
    assert (trouble.where, trouble.field) == ("row 5 of sheet Fee-Earnings", "earnings")


def test_the_archive_that_amazon_offers_is_read() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("1700000000-Fee-Earnings-abc.csv", f"Fee-Earnings\n{HEADER}\n{SOLD}\n")
        archive.writestr("1700000000-Fee-Tracking-abc.csv", "Tracking ID,Clicks,Ad Fees($)\nearmark-20,5,1.00\n")
    assert len(read_bytes(packed.getvalue(), name="reports.zip").statements) == 1


ORDERS = [
    "Fee-Orders from 2026-09-01 to 2026-09-30",
    "Category,Name,ASIN,Date,Qty,Price($),Link Type,Tag,Indirect Sales,Device Type Group",
    "Electronics,Headset,B0TEST0001,2026-09-14 08:10:00,1,129.00,Text Only,earmark-20,dir,Desktop",
]


def test_ordered_items_alone_are_refused_because_they_earn_nothing_yet() -> None:
    with pytest.raises(ReportError, match="upload Fee-Earnings"):
        read(*ORDERS)


def test_ordered_items_are_kept_as_pending_where_the_account_wants_them() -> None:
    (said,) = read(*ORDERS, orders="keep").statements
    assert (said.status, said.commission_amount, said.tracking_id) == (Status.PENDING, None, "earmark-20")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty"),
        (b"hello", "right file"),
        (b"<html>Sign in</html>", "right file"),
        (b"\x00\x01\x02", "UTF-8"),
        (b"PK\x03\x04 broken", "damaged"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"rest", "cannot be opened"),
        ((HEADER.replace("Ad Fees($)", "Fun")).encode() + b"\n" + SOLD.encode(), "no column for earnings"),
        ((HEADER.replace("Tracking ID", "Fun")).encode() + b"\n" + SOLD.encode(), "no column for tracking id"),
    ],
)
def test_a_file_that_is_no_report_says_what_is_missing(body: bytes, message: str) -> None:
    with pytest.raises(ReportError, match=message) as caught:
        read_bytes(body)
    assert caught.value.permanent


def test_an_account_without_its_marketplace_says_so() -> None:
    with pytest.raises(ReportError, match="marketplace"):
        REPORTS["amazon"].read_file("x.csv", b"x", {})

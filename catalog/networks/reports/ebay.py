"""What does the eBay Partner Network say of our visitors' purchases? By its transaction report, uploaded as a file.

Uncertain, because no public description was found, are the names of the columns: they are known by several spellings,
those of older and newer exports, and a report without one it takes is refused naming it. A row is a purchase with our
sub-id (custom id); a row of the same transaction with a negative amount takes something away again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from catalog.money.currencies import currency_code
from catalog.networks.reports.base import Read, ReportError, Reports, Statement, read_each
from catalog.reports.dates import MONTH_FIRST, day_order, time_or_noon_of
from catalog.reports.earnings import Status
from catalog.reports.tables import Row, Table, TableError, tables
from catalog.reports.values import (
    FieldProblem,
    ValueProblem,
    currency_of,
    name_of,
    optional_name,
    said,
    sentence,
    sub_id_of,
    written_amount,
)
from catalog.settings_fields import SettingField

COLUMNS: Mapping[str, Sequence[str]] = {
    "transaction": (
        "epn transaction id",
        "epntransactionid",
        "unique transaction id",
        "ebay checkout transaction id",
        "checkout transaction id",
        "transaction id",
        "order id",
    ),
    "date": ("event date", "transaction date", "eventdate", "sale date", "order date", "date"),
    "earnings": ("earnings", "publisher earnings", "total earnings", "commission", "commission amount", "payout"),
    "updated": ("update date", "updatedate", "posting date", "posted date", "last updated"),
    "sale": ("ebay total sale amount", "sale amount", "sales", "total sale amount", "item price", "revenue", "gmv"),
    "custom id": ("custom id", "customid", "sub id", "subid"),
    "status": ("status", "transaction status", "event status"),
    "event type": ("event type", "eventtype", "event name"),
    "currency": ("currency", "earnings currency", "transaction currency"),
    "campaign": ("campaign id", "campaignid"),
    "item": ("ebay item id", "item id", "itemid"),
}
NEEDED = ("transaction", "date", "earnings")
_STATUSES: Mapping[str, Status] = {
    **dict.fromkeys(("pending", "open", "new"), Status.PENDING),
    **dict.fromkeys(("", "approved", "confirmed", "final", "finalized", "paid", "payable", "locked"), Status.APPROVED),
    **dict.fromkeys(("declined", "rejected", "denied", "cancelled", "canceled"), Status.DECLINED),
    **dict.fromkeys(("reversed", "returned", "refunded"), Status.DECLINED),
}
# What a report lists beside purchases.
_NO_PURCHASE = frozenset({"click", "clicks", "impression", "impressions", "viewable impression", "bid", "bids"})


class EbayReports(Reports):
    key = "ebay"
    settings = (
        SettingField(
            name="currency",
            help="The currency eBay pays us in, for example USD: its reports may name none.",
            pattern=r"[A-Z]{3}",
            required=False,
        ),
    )
    example_settings = {"currency": "USD"}
    files = (".csv", ".tsv", ".txt", ".xlsx", ".zip")
    file_help = (
        "At the eBay Partner Network under Reports, Transaction detail: choose the dates, add the columns Custom ID "
        "and EPN Transaction ID, and download it as CSV."
    )

    def read_file(self, name: str, body: bytes, settings: Mapping[str, str], *, now: datetime | None = None) -> Read:
        try:
            found = tables(name, body, COLUMNS, NEEDED)
        except TableError as error:
            raise ReportError(str(error), permanent=True) from None
        statements: list[Statement] = []
        troubles = []
        left_out = 0
        for table in found:
            order = _order_of(table)
            rows = [row for row in table.rows if row.text("event type").strip().lower() not in _NO_PURCHASE]
            left_out += len(table.rows) - len(rows)
            numbered = ((row.where, (row, number)) for row, number in _numbered(rows))
            more, wrong = read_each(numbered, partial(_statement, table, settings, order, now))
            statements += more
            troubles += wrong
        notes = [f"{left_out} rows of clicks and views were left out."] if left_out else []
        return Read(statements=statements, troubles=troubles, notes=notes)


def _numbered(rows: Sequence[Row]) -> list[tuple[Row, int]]:
    """Each row, and how many of its transaction and day stood above it, where no item's number tells them apart.

    With an item's number, the same row twice is the same row.
    """
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for row in rows:
        print_ = (row.text("transaction"), row.text("date"))
        found.append((row, 0 if row.text("item") else seen[print_]))
        seen[print_] += 1
    return found


def _statement(
    table: Table, settings: Mapping[str, str], order: str, now: datetime | None, one: tuple[Row, int]
) -> Statement:
    row, number = one
    if row.problem:
        raise FieldProblem("", row.problem)
    currency = _currency(row, table, settings)
    earnings = said("earnings", lambda value: written_amount(value, currency), row.get("earnings"))
    sale = None
    if row.text("sale"):
        sale = said("sale amount", lambda value: written_amount(value, currency), row.get("sale"))
    word = " ".join(row.text("status").lower().replace("_", " ").split())
    status = _STATUSES.get(word)
    if status is None:
        raise FieldProblem("status", f"`{word[:30]}` is none we know: pending, approved, declined, reversed")
    occurred = said("event date", lambda value: time_or_noon_of(value, order), row.get("date"))
    item = said("item id", optional_name, row.text("item"))
    transaction = said("transaction id", name_of, row.text("transaction"))
    return Statement(
        network_key=transaction,
        event_key=" ".join(
            filter(None, (item, f"{occurred:%Y%m%d}", "back" if earnings < 0 else "", str(number or "")))
        ),
        status=status,
        sale_amount=sale,
        commission_amount=earnings,
        currency=currency,
        occurred_at=occurred,
        happened_at=_happened(row, occurred, order, now),
        sub_id=sub_id_of(row.text("custom id")),
        merchant_reference=said("campaign id", optional_name, row.text("campaign")),
        is_correction=True,
        reason=sentence(word if status is Status.DECLINED else ""),
    )


def _order_of(table: Table) -> str:
    """Where nothing in the report tells, as in the country the network is from. Raises `ReportError`."""
    try:
        return day_order((row.get("date") for row in table.rows), otherwise=MONTH_FIRST)
    except ValueProblem as problem:
        raise ReportError(f"The dates {problem}.", permanent=True) from None


def _happened(row: Row, occurred: datetime, order: str, now: datetime | None) -> datetime:
    if not row.text("updated"):
        return max(occurred, now or occurred)
    return max(said("update date", lambda value: time_or_noon_of(value, order), row.get("updated")), occurred)


def _currency(row: Row, table: Table, settings: Mapping[str, str]) -> str:
    """The row's own, or what stands in brackets behind the column's name, or the account's setting."""
    if row.text("currency"):
        return said("currency", currency_of, row.text("currency"))
    try:
        return currency_code(table.units.get("earnings", ""))
    except ValueError:
        pass
    if settings.get("currency"):
        return said("currency", currency_of, settings["currency"])
    raise FieldProblem("currency", "is not named in the report: set the account's `currency`")

"""What does Amazon say of our visitors' purchases? By its Fee-Earnings report, uploaded as CSV, TSV, XLSX or ZIP.

Facts: Amazon knows no sub-ids and numbers no purchases; a row is an item by tracking id and day of shipping. So a row
is named by what it says, and, of rows that say the same, by its place among them: the same report, or a longer one over
the same days, names it alike. A return is a row of its own on a later day, with negative amounts, which nothing ties to
its sale: it is kept as a negative earning, so that sums are what Amazon pays. Ordered items (Fee-Orders) say no
earnings and nothing by which they could be told again once they ship: they are left out unless the account wants them.

Uncertain: the columns' names in other languages than English.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog.money.currencies import SIGNS
from catalog.networks.reports.base import Read, ReportError, Reports, Statement, read_each
from catalog.reports.dates import DAY_FIRST, MONTH_FIRST, day_order, noon_of
from catalog.reports.earnings import Status
from catalog.reports.tables import Row, Table, TableError, tables
from catalog.reports.values import FieldProblem, ValueProblem, name_of, said, written_amount
from catalog.settings_fields import SettingField

# The shop: the currency it pays in, and how its country writes days.
MARKETPLACES: Mapping[str, tuple[str, str]] = {
    "us": ("USD", MONTH_FIRST),
    "ca": ("CAD", MONTH_FIRST),
    "mx": ("MXN", DAY_FIRST),
    "br": ("BRL", DAY_FIRST),
    "uk": ("GBP", DAY_FIRST),
    "de": ("EUR", DAY_FIRST),
    "fr": ("EUR", DAY_FIRST),
    "it": ("EUR", DAY_FIRST),
    "es": ("EUR", DAY_FIRST),
    "nl": ("EUR", DAY_FIRST),
    "be": ("EUR", DAY_FIRST),
    "ie": ("EUR", DAY_FIRST),
    "pl": ("PLN", DAY_FIRST),
    "se": ("SEK", DAY_FIRST),
    "tr": ("TRY", DAY_FIRST),
    "ae": ("AED", DAY_FIRST),
    "sa": ("SAR", DAY_FIRST),
    "eg": ("EGP", DAY_FIRST),
    "in": ("INR", DAY_FIRST),
    "jp": ("JPY", DAY_FIRST),
    "au": ("AUD", DAY_FIRST),
    "sg": ("SGD", DAY_FIRST),
}
_SHARED: Mapping[str, Sequence[str]] = {
    "tracking id": ("tracking id", "trackingid", "tag", "id de seguimiento", "id de suivi", "codice di monitoraggio"),
    "asin": ("asin",),
    "seller": ("seller", "vendedor", "verkäufer", "vendeur", "venditore"),
    "price": ("price", "precio", "preis", "prix", "prezzo"),
    "device": ("device type group", "device"),
    "direct": ("direct sale", "direct", "direct indirect", "indirect sales"),
}
EARNINGS: Mapping[str, Sequence[str]] = {
    **_SHARED,
    "date shipped": ("date shipped", "ship date", "fecha de envío", "versanddatum", "date d expédition", "date"),
    "earnings": (
        "ad fees",
        "advertising fees",
        "earnings",
        "total earnings",
        "commission income",
        "fees",
        "comisiones",
        "werbekostenerstattung",
        "vergütung",
    ),
    "revenue": ("revenue", "ingresos", "umsatz", "chiffre d affaires", "entrate"),
    "shipped": ("items shipped", "shipped items", "artículos enviados", "versandte artikel", "qty"),
    "returned": ("returns", "items returned", "returned items", "devoluciones", "rücksendungen"),
}
ORDERS: Mapping[str, Sequence[str]] = {
    **_SHARED,
    "date ordered": ("date", "date ordered", "order date", "fecha"),
    "ordered": ("qty", "items ordered", "ordered items", "quantity", "cantidad"),
    "link type": ("link type", "linktype"),
}
_TELL_APART = tuple(dict.fromkeys((*_SHARED, "shipped", "returned", "ordered", "link type")))
_EARNINGS_NEED = ("tracking id", "date shipped", "asin", "earnings")
_ORDERS_NEED = ("tracking id", "date ordered", "asin", "ordered")


@dataclass(frozen=True, slots=True)
class _Kind:
    """Which of the two reports a table is, in words of its own columns."""

    name: str
    date: str
    earnings: str
    sale: str
    status: Status


_SHIPPED = _Kind("shipped", "date shipped", "earnings", "revenue", Status.APPROVED)
_ORDERED = _Kind("ordered", "date ordered", "", "", Status.PENDING)


class AmazonReports(Reports):
    key = "amazon"
    settings = (
        SettingField(
            name="marketplace",
            help="Which shop the reports are from: us, uk, de, fr, … It says their currency and how they write days.",
            pattern="|".join(MARKETPLACES),
        ),
        SettingField(
            name="orders",
            help="`keep` to keep rows of Fee-Orders too, as pending: Amazon never says which of them shipped.",
            pattern="keep",
            required=False,
        ),
    )
    example_settings = {"marketplace": "us"}
    files = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".zip")
    file_help = (
        "At Amazon Associates under Reports, Download reports: choose Earnings and CSV or XLSX. The same days may be "
        "uploaded again, whole days only: known rows are known again."
    )

    def read_file(self, name: str, body: bytes, settings: Mapping[str, str], *, now: datetime | None = None) -> Read:
        if settings.get("marketplace") not in MARKETPLACES:
            raise ReportError("Set the account's `marketplace` first (us, uk, de, …).", permanent=True)
        currency, order = MARKETPLACES[settings["marketplace"]]
        shipped, ordered, problem = _found(name, body)
        keeps = settings.get("orders") == "keep"
        if not shipped and not (ordered and keeps):
            raise ReportError(_no_earnings(ordered, problem), permanent=True)
        statements: list[Statement] = []
        troubles = []
        for kind, found in ((_SHIPPED, shipped), (_ORDERED, ordered if keeps else [])):
            for table in found:
                rows = list(_named(table, kind, currency, order, now))
                more, wrong = read_each(((row.row.where, row) for row in rows), _statement)
                statements += more
                troubles += wrong
        notes = []
        if ordered and not keeps:
            notes.append(
                f"{sum(len(table.rows) for table in ordered)} ordered items were left out: only earnings count."
            )
        return Read(statements=statements, troubles=troubles, notes=notes)


def _found(name: str, body: bytes) -> tuple[list[Table], list[Table], str]:
    """The tables of earnings, those of orders, and why there are none of earnings."""
    shipped: list[Table] = []
    ordered: list[Table] = []
    problem = ""
    try:
        shipped = tables(name, body, EARNINGS, _EARNINGS_NEED)
    except TableError as error:
        problem = str(error)
    try:
        ordered = [
            table
            for table in tables(name, body, ORDERS, _ORDERS_NEED)
            if table.name not in {one.name for one in shipped}
        ]
    except TableError:
        ordered = []
    return shipped, ordered, problem


def _no_earnings(ordered: Sequence[Table], problem: str) -> str:
    if ordered:
        return (
            "This is a report of ordered items, which says nothing about earnings: upload Fee-Earnings, or set the "
            "account's `orders` to `keep`."
        )
    return problem


@dataclass(frozen=True, slots=True)
class _Named:
    """A row with all it takes to name it."""

    row: Row
    kind: _Kind
    currency: str
    order: str
    nth: int
    uploaded_at: datetime | None


def _named(table: Table, kind: _Kind, currency: str, otherwise: str, now: datetime | None) -> Iterator[_Named]:
    """The rows that are items, each with the number of those before it that say the same. Raises `ReportError`."""
    unit = table.units.get(kind.earnings, "").casefold()
    if currency not in SIGNS.get(unit, frozenset({unit.upper() or currency})):
        raise ReportError(
            f"The report's amounts are in {unit.upper()}, but the account's shop pays in {currency}: upload it at the "
            "account of its own shop.",
            permanent=True,
        )
    try:
        order = day_order((row.get(kind.date) for row in table.rows), otherwise=otherwise)
    except ValueProblem as problem:
        raise ReportError(f"The dates {problem}.", permanent=True) from None
    seen: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        if not row.problem and not row.text("asin") and not row.text("tracking id"):
            continue  # the line of totals
        print_ = (*_identity(row), row.text(kind.date))
        yield _Named(row, kind, currency, order, seen.get(print_, 0), now)
        seen[print_] = seen.get(print_, 0) + 1


def _identity(row: Row) -> tuple[str, ...]:
    """What tells two items of a day apart. Not the earnings: those Amazon may put right later."""
    names = (
        "tracking id",
        "asin",
        "seller",
        "price",
        "shipped",
        "returned",
        "ordered",
        "device",
        "direct",
        "link type",
    )
    return tuple(row.text(name).casefold() for name in names)


def _statement(named: _Named) -> Statement:
    row, kind, currency = named.row, named.kind, named.currency
    if row.problem:
        raise FieldProblem("", row.problem)
    tracking = said("tracking id", lambda value: name_of(value, longest=80), row.text("tracking id"))
    asin = said("asin", lambda value: name_of(value, longest=20), row.text("asin"))
    day = said(kind.date, lambda value: noon_of(value, named.order), row.get(kind.date))
    earnings = None
    if kind.earnings:
        earnings = said(kind.earnings, lambda value: written_amount(value, currency), row.get(kind.earnings))
    sale = None
    if kind.sale and row.text(kind.sale):
        sale = said(kind.sale, lambda value: written_amount(value, currency), row.get(kind.sale))
    is_return = earnings is not None and (earnings < 0 or (sale is not None and sale < 0))
    print_ = hashlib.sha256("\n".join((*_identity(row), str(named.nth))).encode()).hexdigest()[:12]
    return Statement(
        network_key=f"{kind.name} {day:%Y-%m-%d} {tracking[:60]} {asin} {print_}",
        event_key="returned" if is_return else kind.name,
        status=kind.status,
        sale_amount=sale,
        commission_amount=earnings,
        currency=currency,
        occurred_at=day,
        happened_at=max(day, named.uploaded_at or day),
        tracking_id=tracking,
        reason="returned" if is_return else "",
    )

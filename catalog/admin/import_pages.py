"""What does each step of the import wizard show? Frozen pages, built before their template runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from catalog.models import FeedImport
from catalog.money import money_text
from catalog.services import feed_imports
from catalog.services.feed_imports import errands
from catalog.services.feed_imports.progress import progress_of
from catalog.services.feed_imports.rows import Reader, RowError

State = FeedImport.State
DELIMITER_NAMES = {",": "comma ,", ";": "semicolon ;", "\t": "tab", "|": "bar |"}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15", "cp1250", "shift_jis")
_PREVIEWED = 3
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Step:
    number: int
    label: str
    url: str  # empty: not to be reached now
    is_here: bool


def steps(feed_import: FeedImport | None, here: int) -> tuple[Step, ...]:
    """The four steps; those an editor can go to have an address."""
    names = ("Merchant and file", "Columns", "Trial run", "Import")
    if feed_import is None:
        return tuple(Step(number, name, "", number == here) for number, name in enumerate(names, 1))
    in_setup = feed_import.state in (State.DRAFT, State.FAILED, State.CANCELLED)
    can = (
        in_setup and not feed_import.position,
        in_setup,
        bool(feed_import.report) and in_setup,
        feed_import.state != State.DRAFT,
    )
    pages = ("file", "columns", "trial", "progress")
    return tuple(
        Step(number, name, address(page, feed_import) if reachable else "", number == here)
        for number, (name, page, reachable) in enumerate(zip(names, pages, can, strict=True), 1)
    )


def address(page: str, feed_import: FeedImport) -> str:
    return reverse(f"admin:catalog_feedimport_{page}", args=[feed_import.pk])


# --- the second step: what the columns mean -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """`raw` as it stands in the file, `understood` as it would be stored; `is_wrong`: the reason why it is not."""

    raw: str
    understood: str
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class FieldRow:
    key: str
    label: str
    help: str
    required: bool
    chosen: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsPage:
    feed_import: FeedImport
    steps: tuple[Step, ...]
    is_waiting: bool
    remarks: tuple[str, ...]
    problems: tuple[str, ...]
    columns: tuple[str, ...]
    fields: tuple[FieldRow, ...]
    url_template: str
    row_numbers: tuple[int, ...]
    sample: tuple[tuple[str, ...], ...]
    formats: tuple[tuple[str, str], ...]
    encodings: tuple[str, ...]
    delimiters: tuple[tuple[str, str], ...]


def columns_page(feed_import: FeedImport, problems: Sequence[str] = ()) -> ColumnsPage:
    sample: dict[str, Any] = feed_import.sample
    columns = tuple(sample.get("columns", ()))
    rows: list[list[str]] = sample.get("rows", [])
    shown = rows[:_PREVIEWED]
    understood = [_understood(feed_import, row) for row in shown]
    mapping: dict[str, str] = feed_import.mapping
    return ColumnsPage(
        feed_import=feed_import,
        steps=steps(feed_import, 2),
        is_waiting=errands.is_waiting(feed_import),
        remarks=tuple(sample.get("remarks", ())),
        problems=tuple(problems),
        columns=columns,
        fields=tuple(
            FieldRow(
                key=field.key,
                label=field.label,
                help=field.help,
                required=field.required,
                chosen=mapping.get(field.key, ""),
                cells=tuple(
                    _cell(field.key, mapping.get(field.key, ""), columns, row, said)
                    for row, said in zip(shown, understood, strict=True)
                ),
            )
            for field in feed_imports.FIELDS
        ),
        url_template=mapping.get(feed_imports.URL_TEMPLATE, ""),
        row_numbers=tuple(range(1, len(shown) + 1)),
        sample=tuple(tuple(cell[:_LONGEST] for cell in row) for row in rows),
        formats=tuple(feed_imports.FORMATS.items()),
        encodings=tuple(dict.fromkeys((*filter(None, [feed_import.encoding]), *ENCODINGS))),
        delimiters=tuple((sign, DELIMITER_NAMES[sign]) for sign in feed_imports.DELIMITERS),
    )


def _cell(key: str, column: str, columns: Sequence[str], row: Sequence[str], said: dict[str, Cell]) -> Cell:
    if column not in columns or columns.index(column) >= len(row):
        return said.get(key, Cell("", ""))
    raw = row[columns.index(column)][:_LONGEST]
    found = said.get(key, Cell("", raw))
    return Cell(raw, found.understood, found.is_wrong)


def _understood(feed_import: FeedImport, row: list[str]) -> dict[str, Cell]:
    """Our fields as this row would be read; one that cannot be read holds the reason."""
    columns = feed_import.sample.get("columns", ())
    if feed_import.mapping.get("sku") not in columns or any(
        name not in columns for key, name in feed_import.mapping.items() if key != feed_imports.URL_TEMPLATE
    ):
        return {}
    reader = feed_imports.reader_of(feed_import)
    found: dict[str, Cell] = {}

    def ask(key: str, read: Callable[[], str]) -> None:
        try:
            found[key] = Cell("", read())
        except RowError as error:
            found[error.field or key] = Cell(error.raw, error.message, is_wrong=True)

    ask("sku", lambda: reader.sku(row))
    ask("price", lambda: _price(reader, row))
    ask("condition", lambda: reader.condition(row).label)
    ask("url", lambda: reader.url(row, row[columns.index(feed_import.mapping["sku"])].strip()))
    if not any(cell.is_wrong for cell in found.values()):
        found |= _rest(reader, row)
    if problem := reader.codes_problem(row):
        found["gtin"] = Cell(problem.raw, problem.message, is_wrong=True)
    return found


def _rest(reader: Reader, row: list[str]) -> dict[str, Cell]:
    reading = reader.reading(row, reader.sku(row), reader.price(row), reader.condition(row))
    found = {"availability": Cell("", reading.availability.label)}
    if reading.shipping_amount is not None:
        found["shipping"] = Cell("", money_text(reading.shipping_amount, reading.currency))
    return found


def _price(reader: Reader, row: list[str]) -> str:
    price = reader.price(row)
    return "" if price is None else money_text(price.amount, price.currency or "")


# --- the third step: what would happen ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """`x` and `width` of 100."""

    key: str
    label: str
    count: int
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPage:
    feed_import: FeedImport
    steps: tuple[Step, ...]
    report: dict[str, Any]
    bars: tuple[Bar, ...]
    takes_prices: bool


def trial_page(feed_import: FeedImport) -> TrialPage:
    report: dict[str, Any] = feed_import.report
    return TrialPage(
        feed_import=feed_import,
        steps=steps(feed_import, 3),
        report=report,
        bars=bars(report),
        takes_prices=feed_import.merchant.terms.prices_allowed,
    )


def bars(counts: dict[str, Any]) -> tuple[Bar, ...]:
    """Matched, doubtful, unknown, refused: side by side in one line of length 100."""
    labels = {"matched": "Matched", "doubtful": "Doubtful", "unknown": "Not ours", "refused": "Refused"}
    total = sum(counts.get(key, 0) for key in labels) or 1
    found, x = [], 0.0
    for key, label in labels.items():
        width = 100 * counts.get(key, 0) / total
        found.append(Bar(key, label, counts.get(key, 0), round(x, 3), round(width, 3)))
        x += width
    return tuple(found)


# --- the fourth step: how far it is -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressPage:
    feed_import: FeedImport
    steps: tuple[Step, ...]
    state: str
    is_moving: bool
    can_cancel: bool
    can_resume: bool
    can_retry: bool
    rows_done: int
    rows_total: int
    percent: int
    speed: str
    time_left: str
    bars: tuple[Bar, ...]
    offers_made: int
    offers_changed: int
    error: str
    problems: int
    open_doubts: int

    def as_json(self) -> dict[str, Any]:
        """What the script on the page shows anew."""
        numbers = {bar.key: bar.count for bar in self.bars}
        names = ("state", "is_moving", "rows_done", "rows_total", "percent", "speed", "time_left", "error")
        counters = {"offers_made": self.offers_made, "offers_changed": self.offers_changed, **numbers}
        return {**{name: getattr(self, name) for name in names}, "counters": counters}


def progress_page(feed_import: FeedImport, *, now: datetime) -> ProgressPage:
    far = progress_of(feed_import, now=now)
    stopped = feed_import.state in (State.CANCELLED, State.FAILED)
    counts = {key: getattr(feed_import, f"rows_{key}") for key in ("matched", "doubtful", "unknown", "refused")}
    stopping = feed_import.cancel_asked and feed_import.state == State.RUNNING
    return ProgressPage(
        feed_import=feed_import,
        steps=steps(feed_import, 4),
        state="Stops after the rows in hand" if stopping else feed_import.get_state_display(),
        is_moving=far.is_moving,
        can_cancel=far.is_moving and not feed_import.cancel_asked,
        can_resume=stopped,
        can_retry=stopped or feed_import.state == State.DONE,
        rows_done=far.done,
        rows_total=far.total,
        percent=far.percent,
        speed=f"{far.speed:,.0f} rows a second" if far.speed else "",
        time_left=f"about {far.left} left" if far.left is not None else "",
        bars=bars(counts),
        offers_made=feed_import.offers_made,
        offers_changed=feed_import.offers_changed,
        error=feed_import.error,
        problems=feed_import.problems.count(),
        open_doubts=feed_import.doubtful.filter(decision="open").count(),
    )

"""What does the page of an import of a table show? A frozen page, built before its template runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from catalog.models import TableImport, TableImportRow

State, Did = TableImport.State, TableImportRow.Did
SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    column: str
    was: str
    becomes: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    number: int
    did: str
    label: str
    name: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    key: str
    label: str
    count: int
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePage:
    """`rows`: at most 100 of what is chosen; the whole is in the files beside."""

    pk: int
    title: str
    by: str
    state: str
    remarks: tuple[str, ...]
    error: str
    is_moving: bool
    is_trial: bool
    may_store: bool
    may_stop: bool
    may_go_on: bool
    rows_done: int
    rows_total: int
    percent: int
    new: int
    changed: int
    same: int
    wrong: int
    tabs: tuple[Tab, ...]
    rows: tuple[ShownRow, ...]
    before: int
    after: int
    list_address: str

    def as_json(self) -> dict[str, Any]:
        """What the script on the page shows anew; `imports.js` asks for these names."""
        names = ("state", "is_moving", "rows_done", "rows_total", "percent", "error")
        counters = {"new": self.new, "changed": self.changed, "same": self.same, "wrong": self.wrong}
        return {**{name: getattr(self, name) for name in names}, "counters": counters}


def table_page(found: TableImport, *, which: str = "", number: str = "") -> TablePage:
    moving = found.state in (State.TRYING, State.STORING)
    counts = {Did.WRONG: found.rows_wrong, Did.CHANGED: found.rows_changed, Did.NEW: found.rows_new}
    chosen = which if which in counts else next((did for did, count in counts.items() if count), Did.WRONG)
    place = int(number) if number.isascii() and number.isdigit() and 0 < len(number) < 6 else 1
    start = (max(place, 1) - 1) * SHOWN
    rows = () if moving else tuple(found.rows.filter(did=chosen)[start : start + SHOWN])
    stops = found.stop_asked and found.state == State.STORING
    return TablePage(
        pk=found.pk,
        title=str(found),
        by=brought_by(found),
        state="Stops after the rows in hand" if stops else found.get_state_display(),
        remarks=tuple(found.remarks),
        error=found.error,
        is_moving=moving,
        is_trial=found.state in (State.TRYING, State.TRIED),
        may_store=found.state == State.TRIED and bool(found.rows_new or found.rows_changed),
        may_stop=found.state == State.STORING and not found.stop_asked,
        may_go_on=found.state in (State.STOPPED, State.FAILED),
        rows_done=found.position,
        rows_total=found.rows_total,
        percent=min(100, 100 * found.position // max(found.rows_total, 1)),
        new=found.rows_new,
        changed=found.rows_changed,
        same=found.rows_same,
        wrong=found.rows_wrong,
        tabs=tuple(
            Tab(key=did.value, label=did.label, count=count, is_here=did == chosen)
            for did, count in counts.items()
            if count
        ),
        rows=tuple(_shown(row) for row in rows),
        before=place - 1,
        after=place + 1 if start + SHOWN < counts[Did(chosen)] else 0,
        list_address=reverse(f"admin:catalog_{found.kind.removesuffix('s')}_changelist"),
    )


def brought_by(found: TableImport) -> str:
    """An account, or the key of a partner's machine; empty from a console."""
    if found.started_by:
        return found.started_by.get_username()
    return f"API key {found.by_key}" if found.by_key else ""


def _shown(row: TableImportRow) -> ShownRow:
    said = tuple(
        Said(**{name: one.get(name, "") for name in ("column", "was", "becomes", "message")}) for one in row.said
    )
    return ShownRow(number=row.number, did=row.did, label=row.get_did_display(), name=row.name, said=said)

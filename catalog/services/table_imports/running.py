"""How are the rows of a file tried and stored, a stroke at a time, so that a killed worker loses and doubles nothing?

A stroke is some hundred rows in one transaction that also moves the import's position and its counters; each row has a
savepoint of its own, so that a wrong one stops no other. A trial does the same and takes each stroke back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from catalog.models import TableImport, TableImportRow
from catalog.services.feed_imports.errors import ImportError_, LostClaimError
from catalog.services.reasons import storable
from catalog.services.table_imports.files import read_rows
from catalog.services.table_imports.links import LinkRows
from catalog.services.table_imports.offers import OfferRows
from catalog.services.table_imports.outcome import Around, Did, Outcome
from catalog.services.table_imports.products import ProductRows
from catalog.services.table_imports.rights import rights_of
from catalog.services.table_imports.taking import take_row
from catalog.tables import TABLES, ReadRow
from partners.services.webhook_events import tell

State = TableImport.State
# Rows in one transaction: locks on offers are held no longer than a second or two.
STROKE = 200
# A worker gives the import back after so long, well before its task's time limit; beat hands it to the next one.
LONGEST_RUN = timedelta(minutes=10)
CLAIM_LIVES = timedelta(minutes=2)
MOVING = (State.TRYING, State.STORING)
_COUNTERS = {Did.NEW: "rows_new", Did.CHANGED: "rows_changed", Did.SAME: "rows_same", Did.WRONG: "rows_wrong"}
Writer = ProductRows | OfferRows | LinkRows
_WRITERS: dict[str, type[Writer]] = {"products": ProductRows, "offers": OfferRows, "links": LinkRows}
Progress = Callable[[int], object]


@transaction.atomic
def store_later(*, table_import: TableImport) -> None:
    """An editor has seen the trial and wants it stored. Raises `ImportError_` when it was not tried, or is stored."""
    nothing = dict.fromkeys(("position", *_COUNTERS.values()), 0)
    if not _moved(table_import, (State.TRIED,), State.STORING, **nothing):
        raise ImportError_("It can be stored once, after it was tried.")
    table_import.rows.all().delete()
    table_import.refresh_from_db()


def go_on_later(*, table_import: TableImport) -> None:
    """Go on where a stopped or failed import ended. Raises `ImportError_`."""
    if not _moved(table_import, (State.STOPPED, State.FAILED), State.STORING):
        raise ImportError_("Only an import that stopped can go on.")
    table_import.refresh_from_db()


def stop(*, table_import: TableImport) -> None:
    """Stop after the stroke in hand. What is stored stays."""
    TableImport.objects.filter(pk=table_import.pk, state=State.STORING).update(stop_asked=True)


def _moved(table_import: TableImport, before: Sequence[str], after: str, **also: int) -> bool:
    rows = TableImport.objects.filter(pk=table_import.pk, state__in=before)
    fresh = {"claimed_at": None, "error": "", "finished_at": None, "stop_asked": False}
    return bool(rows.update(state=after, **fresh, **also))


def lost_tables(*, now: datetime) -> list[int]:
    """Imports that no worker has although they should move: whose task was lost, or whose worker was killed."""
    free = Q(claimed_at=None) | Q(claimed_at__lte=now - CLAIM_LIVES)
    return list(TableImport.objects.filter(free, state__in=MOVING).order_by("pk").values_list("pk", flat=True))


def run_table(*, table_import_id: int, now: datetime, progress: Progress | None = None) -> TableImport | None:
    """Try or store the rows that are not dealt with yet; None when it is gone, at rest, or another worker has it."""
    free = Q(claimed_at=None) | Q(claimed_at__lte=now - CLAIM_LIVES)
    claimed_at = max(now, timezone.now())
    if not TableImport.objects.filter(free, pk=table_import_id, state__in=MOVING).update(claimed_at=claimed_at):
        return None
    table_import = TableImport.objects.select_related("started_by").get(pk=table_import_id)
    try:
        _Run(table_import, now, progress).run()
    except LostClaimError:
        return None
    except ImportError_ as error:
        _end(table_import, State.FAILED, str(error))
    except Exception as error:
        _end(table_import, State.FAILED, f"Unexpected {type(error).__name__}: {error}")
        raise
    table_import.refresh_from_db()
    return table_import


def _end(table_import: TableImport, state: str, error: str = "") -> None:
    with transaction.atomic():
        ended = TableImport.objects.filter(pk=table_import.pk, claimed_at=table_import.claimed_at).update(
            state=state, error=storable(error), claimed_at=None, stop_asked=False, finished_at=timezone.now()
        )
        if ended and state != State.TRIED:
            tell("import.finished", f"table:{table_import.pk}")


class _Run:
    def __init__(self, table_import: TableImport, now: datetime, progress: Progress | None) -> None:
        self._import = table_import
        self._is_trial = table_import.state == State.TRYING
        self._progress = progress
        rights = rights_of(table_import.started_by, table_import.kind)
        self._writer: Writer = _WRITERS[table_import.kind](
            Around(rights=rights, now=now, seen_at=table_import.created_at, file_name=table_import.file_name)
        )

    def run(self) -> None:
        began = time.monotonic()
        rows = read_rows(self._import)
        done = sum(1 for _ in islice(rows, self._import.position))
        if done < self._import.position:
            raise ImportError_("The file is shorter than what was stored of it. Upload it again.")
        for stroke in _strokes(rows):
            if self._stroke(stroke):
                _end(self._import, State.STOPPED)
                return
            if self._progress is not None:
                self._progress(len(stroke))
            if time.monotonic() - began > LONGEST_RUN.total_seconds():
                TableImport.objects.filter(pk=self._import.pk, claimed_at=self._import.claimed_at).update(
                    claimed_at=None
                )
                return
        _end(self._import, State.TRIED if self._is_trial else State.DONE)
        if not self._is_trial:
            self._write_down_the_whole()

    def _stroke(self, rows: list[ReadRow]) -> bool:
        """True when somebody asked to stop. Raises `LostClaimError`, and then nothing is stored."""
        with transaction.atomic():
            found = self._taken(rows)
            if not self._is_trial:
                return self._note(found)
            transaction.set_rollback(True)
        with transaction.atomic():
            return self._note(found)

    def _taken(self, rows: list[ReadRow]) -> list[Outcome]:
        self._writer.load([row for row in rows if not row.problems])
        names = TABLES[self._import.kind].names
        return [take_row(self._writer, row, names=names) for row in rows]

    def _note(self, found: list[Outcome]) -> bool:
        counted = {name: F(name) + sum(one.did is did for one in found) for did, name in _COUNTERS.items()}
        claim = timezone.now()
        ours = TableImport.objects.filter(pk=self._import.pk, claimed_at=self._import.claimed_at)
        if not ours.update(claimed_at=claim, position=F("position") + len(found), **counted):
            raise LostClaimError
        self._import.claimed_at = claim
        TableImportRow.objects.bulk_create(
            TableImportRow(
                table_import=self._import,
                number=one.number,
                did=one.did.value,
                name=storable(one.name)[:200],
                said=[{name: storable(text) for name, text in said.items()} for said in one.said],
            )
            for one in found
            if one.did is not Did.SAME
        )
        if not self._is_trial:
            self._write_down(found)
        return TableImport.objects.values_list("stop_asked", flat=True).get(pk=self._import.pk)

    def _write_down(self, found: list[Outcome]) -> None:
        """A line in the history of each row that is another now, as if it had been changed in its form."""
        if self._import.started_by_id is None:
            return
        changed = [one for one in found if one.did in (Did.NEW, Did.CHANGED)]
        if changed:
            content_type = ContentType.objects.get_for_model(changed[0].row)
            LogEntry.objects.bulk_create(
                LogEntry(
                    user_id=self._import.started_by_id,
                    content_type=content_type,
                    object_id=str(one.row.pk),
                    object_repr=one.name[:200],
                    action_flag=ADDITION if one.did is Did.NEW else CHANGE,
                    change_message=_told(one, self._import.file_name),
                )
                for one in changed
            )

    def _write_down_the_whole(self) -> None:
        if self._import.started_by_id is None:
            return
        done = TableImport.objects.get(pk=self._import.pk)
        LogEntry.objects.create(
            user_id=self._import.started_by_id,
            content_type=ContentType.objects.get_for_model(TableImport),
            object_id=str(done.pk),
            object_repr=str(done)[:200],
            action_flag=CHANGE,
            change_message=f"Imported: {done.rows_new} new, {done.rows_changed} changed, {done.rows_same} the same, "
            f"{done.rows_wrong} wrong.",
        )


def _told(one: Outcome, file_name: str) -> str:
    said = "; ".join(f"{change['column']}: {change['was'] or '–'} → {change['becomes'] or '–'}" for change in one.said)
    return f"Imported from {file_name}, row {one.number}. {said}"[:1000]


def _strokes(rows: Iterator[ReadRow]) -> Iterator[list[ReadRow]]:
    while stroke := list(islice(rows, STROKE)):
        yield stroke

"""How does an import run in the background, stop when asked, and go on after its worker was killed?

A stroke is some thousand rows in one transaction that also moves the import's position and its counters: whatever kills
the worker, the rows up to `position` are stored and none after it, and the next worker begins exactly there. The claim
is renewed with every stroke; a worker whose claim was taken over writes nothing more.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from catalog.models import FeedImport, ImportProblem
from catalog.services.feed_imports.ahead import read_ahead
from catalog.services.feed_imports.catalogue import Catalogue
from catalog.services.feed_imports.detecting import feed_rows
from catalog.services.feed_imports.errors import ImportError_, LostClaimError
from catalog.services.feed_imports.files import opened
from catalog.services.feed_imports.reader_of import reader_of
from catalog.services.feed_imports.setting_up import layout_of, mapping_problems, refuse_unless_in_setup
from catalog.services.feed_imports.sorting import Batch, Problem, sift, sort
from catalog.services.feed_imports.storing import Writer
from catalog.services.reasons import storable
from partners.services.webhook_events import tell

log = logging.getLogger(__name__)

# A worker gives the import back after so long, well before its task's time limit; beat hands it to the next one.
LONGEST_RUN = timedelta(minutes=10)
# Rows in one transaction. Measured: smaller ones cost round trips, larger ones memory and time lost with a worker.
STROKE = 20_000
# A worker renews its claim with every stroke, which takes a second or less.
CLAIM_LIVES = timedelta(minutes=2)
# More are counted but not kept: nobody reads ten thousand of them, and most have one cause.
MOST_PROBLEMS = 5000
_STOPPED = frozenset({FeedImport.State.CANCELLED, FeedImport.State.FAILED})
_COUNTERS = (
    "rows_matched",
    "rows_doubtful",
    "rows_unknown",
    "rows_refused",
    "offers_made",
    "offers_changed",
)


@transaction.atomic
def queue_import(*, feed_import: FeedImport) -> None:
    """Hand the import to a worker. Raises `ImportError_` when its mapping has problems or it runs already."""
    refuse_unless_in_setup(feed_import)
    if problems := mapping_problems(feed_import):
        raise ImportError_(problems[0])
    if feed_import.state == FeedImport.State.DRAFT:
        _from_the_start(feed_import)
    _queue(feed_import)


@transaction.atomic
def resume_import(*, feed_import: FeedImport) -> None:
    """Go on with a cancelled or failed import where it stopped. Raises `ImportError_`."""
    feed_import.refresh_from_db()
    if feed_import.state not in _STOPPED:
        raise ImportError_(f"Only a stopped import can be resumed; this one is {_state(feed_import)}.")
    if problems := mapping_problems(feed_import):
        raise ImportError_(problems[0])
    _queue(feed_import)


@transaction.atomic
def retry_import(*, feed_import: FeedImport) -> None:
    """Begin the import anew from its first row, with the file it has. Offers it made are known offers then."""
    feed_import.refresh_from_db()
    if feed_import.state not in {*_STOPPED, FeedImport.State.DONE}:
        raise ImportError_(f"Only an import that has ended can begin anew; this one is {_state(feed_import)}.")
    _from_the_start(feed_import)
    _queue(feed_import)


@transaction.atomic
def cancel_import(*, feed_import: FeedImport, now: datetime) -> None:
    """Stop the import: at once when no worker has it, else after the stroke in hand. What was stored stays."""
    rows = FeedImport.objects.filter(pk=feed_import.pk)
    waiting = Q(state=FeedImport.State.QUEUED) | Q(state=FeedImport.State.RUNNING, claimed_at__lte=now - CLAIM_LIVES)
    if not rows.filter(waiting).update(state=FeedImport.State.CANCELLED, claimed_at=None, finished_at=now):
        rows.filter(state=FeedImport.State.RUNNING).update(cancel_asked=True)
    feed_import.refresh_from_db()


def lost_imports(*, now: datetime) -> list[int]:
    """Imports that no worker has although they should run: whose task was lost, or whose worker was killed."""
    lost = Q(state=FeedImport.State.RUNNING, claimed_at__lte=now - CLAIM_LIVES) | Q(state=FeedImport.State.QUEUED)
    return list(FeedImport.objects.filter(lost).order_by("pk").values_list("pk", flat=True))


def run_import(*, feed_import_id: int, now: datetime) -> FeedImport | None:
    """Import the rows that are not stored yet; None when it is gone, not queued, or another worker has it.

    What is wrong with the file ends it as failed, with the reason in `error`; what came before stays.
    """
    feed_import = _claimed(feed_import_id, now)
    if feed_import is None:
        return None
    try:
        _Run(feed_import, now).run()
    except LostClaimError:
        return None
    except ImportError_ as error:
        _end(feed_import, FeedImport.State.FAILED, str(error))
    except Exception as error:
        _end(feed_import, FeedImport.State.FAILED, f"Unexpected {type(error).__name__}: {error}")
        raise
    feed_import.refresh_from_db()
    return feed_import


def _from_the_start(feed_import: FeedImport) -> None:
    """Nothing of an earlier run counts: another mapping makes other offers of the same rows."""
    feed_import.problems.all().delete()
    nothing = dict.fromkeys(("position", *_COUNTERS), 0)
    FeedImport.objects.filter(pk=feed_import.pk).update(started_at=None, **nothing)


def _queue(feed_import: FeedImport) -> None:
    FeedImport.objects.filter(pk=feed_import.pk).update(
        state=FeedImport.State.QUEUED, cancel_asked=False, claimed_at=None, error="", finished_at=None
    )
    feed_import.refresh_from_db()


def _state(feed_import: FeedImport) -> str:
    return feed_import.get_state_display().lower()


def _claimed(pk: int, now: datetime) -> FeedImport | None:
    """The import, ours for the moment: an update that only one worker can win."""
    free = Q(state=FeedImport.State.QUEUED) | Q(state=FeedImport.State.RUNNING, claimed_at__lte=now - CLAIM_LIVES)
    claimed_at = max(now, timezone.now())
    if not FeedImport.objects.filter(free, pk=pk).update(state=FeedImport.State.RUNNING, claimed_at=claimed_at):
        return None
    FeedImport.objects.filter(pk=pk, started_at=None).update(started_at=now)
    return FeedImport.objects.select_related("merchant").get(pk=pk)


def _end(feed_import: FeedImport, state: FeedImport.State, error: str = "") -> None:
    log.info("%s: %s. %s", feed_import, state.label.lower(), error)
    done = {"rows_total": F("position")} if state is FeedImport.State.DONE else {}
    with transaction.atomic():
        ended = FeedImport.objects.filter(pk=feed_import.pk, claimed_at=feed_import.claimed_at).update(
            state=state, error=storable(error), claimed_at=None, cancel_asked=False, finished_at=timezone.now(), **done
        )
        if ended:
            tell("import.finished", f"feed:{feed_import.pk}")


def _give_back(feed_import: FeedImport) -> None:
    FeedImport.objects.filter(pk=feed_import.pk, claimed_at=feed_import.claimed_at).update(
        state=FeedImport.State.QUEUED, claimed_at=None
    )


class _Run:
    def __init__(self, feed_import: FeedImport, now: datetime) -> None:
        self._import = feed_import
        self._merchant = feed_import.merchant
        self._layout = layout_of(feed_import)
        self._reader = reader_of(feed_import)
        self._catalogue = Catalogue()
        self._writer = Writer(feed_import, self._merchant, self._catalogue, now=now)
        self._kept = feed_import.problems.count()

    def run(self) -> None:
        began = time.monotonic()
        with opened(self._import) as file:
            rows = feed_rows(file, self._layout)
            done = self._import.position
            skipped = sum(1 for _ in islice(rows, done))
            if skipped < done:
                raise ImportError_("The file is shorter than what was imported of it already. Begin the import anew.")

            def next_batch(number: int) -> Batch | None:
                first = self._layout.first_row + done + number * STROKE
                batch = sift(rows, size=STROKE, first=first, reader=self._reader, catalogue=self._catalogue)
                return batch if batch.size else None

            with read_ahead(next_batch) as batches:
                for batch in batches:
                    if self._store(batch):
                        _end(self._import, FeedImport.State.CANCELLED)
                        return
                    if time.monotonic() - began > LONGEST_RUN.total_seconds():
                        _give_back(self._import)
                        return
        _end(self._import, FeedImport.State.DONE)

    @transaction.atomic
    def _store(self, batch: Batch) -> bool:
        """One stroke; true when somebody asked to stop. Raises `LostClaimError`, and then nothing is stored."""
        found = sort(batch, merchant=self._merchant, reader=self._reader)
        written = self._writer.write(found)
        self._keep(found.problems)
        counted = {
            "position": batch.size,
            "rows_matched": found.matched,
            "rows_doubtful": len(found.doubtful),
            "rows_unknown": found.unknown,
            "rows_refused": sum(problem.refused for problem in found.problems),
            "offers_made": written.made,
            "offers_changed": written.changed,
        }
        claim = timezone.now()
        ours = FeedImport.objects.filter(
            pk=self._import.pk, state=FeedImport.State.RUNNING, claimed_at=self._import.claimed_at
        )
        moved = ours.update(claimed_at=claim, **{name: F(name) + value for name, value in counted.items()})
        if not moved:
            raise LostClaimError
        self._import.claimed_at = claim
        return FeedImport.objects.values_list("cancel_asked", flat=True).get(pk=self._import.pk)

    def _keep(self, problems: list[Problem]) -> None:
        room = max(MOST_PROBLEMS - self._kept, 0)
        rows = [problem_row(self._import, problem) for problem in problems[:room]]
        ImportProblem.objects.bulk_create(rows)
        self._kept += len(rows)


def problem_row(feed_import: FeedImport, problem: Problem) -> ImportProblem:
    return ImportProblem(
        feed_import=feed_import,
        row_number=problem.row,
        field=problem.field,
        message=storable(problem.message)[:300],
        raw=storable(problem.raw)[:300],
    )

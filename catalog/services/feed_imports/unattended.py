"""How is an import set up that nobody sits in front of? By the editor's own steps, one after another, in a worker.

A machine says beforehand what an editor would correct; where something stays unclear the import waits as a draft, with
the reason in its `error`, and nothing is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catalog.http import Door
from catalog.models import FeedImport
from catalog.services.feed_imports import errands
from catalog.services.feed_imports.dry_run import dry_run
from catalog.services.feed_imports.errors import ImportError_
from catalog.services.feed_imports.running import cancel_import, queue_import
from catalog.services.feed_imports.setting_up import detect, refuse_unless_in_setup, set_mapping
from catalog.services.reasons import storable

State = FeedImport.State
_SETTINGS = ("format", "encoding", "delimiter", "currency")


def note_prepared_later(feed_import: FeedImport) -> None:
    """A worker is asked to prepare it. Raises `ImportError_`: it cannot be set up now, or one is at it already."""
    refuse_unless_in_setup(feed_import)
    _refuse_while_looked_at(feed_import)
    errands.note_waiting(feed_import)


def prepare_import(
    *, feed_import_id: int, told: Mapping[str, Any], start: bool, door: Door, now: datetime
) -> FeedImport | None:
    """Look at the file, settle what its columns mean and try it; the import if it is handed to a worker then.

    `told`: format, encoding, delimiter and currency where the sender says them, and `columns`: our field to the file's
    column. What is not said is detected, or stays. None: it waits as a draft, and its `error` says for what; or it is
    gone, or was taken further by somebody else.
    """
    feed_import = FeedImport.objects.select_related("merchant").filter(pk=feed_import_id).first()
    try:
        if feed_import is None:
            return None
        refuse_unless_in_setup(feed_import)
        return _prepared(feed_import, told, start=start, door=door, now=now)
    except ImportError_ as error:
        FeedImport.objects.filter(pk=feed_import_id, state=State.DRAFT).update(error=storable(str(error)))
        return None
    finally:
        errands.note_looked_at(feed_import_id)


def _prepared(
    feed_import: FeedImport, told: Mapping[str, Any], *, start: bool, door: Door, now: datetime
) -> FeedImport | None:
    """Raises `ImportError_`."""
    if not feed_import.sample.get("columns"):
        detect(feed_import=feed_import, door=door)
    feed_import.error = ""
    settings = {name: told.get(name) or getattr(feed_import, name) for name in _SETTINGS}
    mapping = {**feed_import.mapping, **told.get("columns", {})}
    if problems := set_mapping(feed_import=feed_import, **settings, mapping=mapping):
        raise ImportError_(" ".join(problems))
    tried = dry_run(feed_import=feed_import, now=now)
    if tried.error:
        raise ImportError_(tried.error)
    if not start:
        return None
    if tried.rows == tried.refused:
        raise ImportError_(f"None of the {tried.rows:,} rows that were tried can be taken: nothing was started.")
    queue_import(feed_import=feed_import)
    return feed_import


def start_prepared(*, feed_import: FeedImport) -> None:
    """As `queue_import`, for whoever cannot see that a worker still looks at the file. Raises `ImportError_`."""
    _refuse_while_looked_at(feed_import)
    queue_import(feed_import=feed_import)


def give_up(*, feed_import: FeedImport, now: datetime) -> None:
    """Stop it wherever it stands; what was stored stays. Of one that is cancelled nothing is changed.

    Raises `ImportError_`: it came to its end, or a worker looks at the file just now.
    """
    if feed_import.state in (State.DONE, State.FAILED):
        state = feed_import.get_state_display().lower()
        raise ImportError_(f"This import is {state}: there is nothing to cancel. What was stored stays.")
    if feed_import.state == State.DRAFT:
        _refuse_while_looked_at(feed_import)
        drafts = FeedImport.objects.filter(pk=feed_import.pk, state=State.DRAFT)
        drafts.update(state=State.CANCELLED, finished_at=now)
    cancel_import(feed_import=feed_import, now=now)


def _refuse_while_looked_at(feed_import: FeedImport) -> None:
    if errands.is_waiting(feed_import):
        raise ImportError_("A worker looks at the file just now. Ask for the import, and try again when it has.")

"""How far is an import, how fast does it go, and how long will the rest take?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from catalog.models import FeedImport

State = FeedImport.State
_MOVING = (State.QUEUED, State.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`total` is near enough until the end. `speed`: rows a second. 0, and None for `left`: nothing can be said."""

    is_moving: bool
    done: int
    total: int
    percent: int
    speed: float
    left: timedelta | None


def progress_of(feed_import: FeedImport, *, now: datetime) -> Progress:
    """From the row alone: no query."""
    moving = feed_import.state in _MOVING
    done, total = feed_import.position, max(feed_import.rows_total or 0, feed_import.position)
    speed = _speed(feed_import, now)
    return Progress(
        is_moving=moving,
        done=done,
        total=total,
        percent=100 if feed_import.state == State.DONE else min(99, 100 * done // total) if total else 0,
        speed=speed,
        left=timedelta(seconds=round((total - done) / speed)) if moving and speed else None,
    )


def _speed(feed_import: FeedImport, now: datetime) -> float:
    if feed_import.started_at is None or not feed_import.position:
        return 0
    seconds = ((feed_import.finished_at or now) - feed_import.started_at) / timedelta(seconds=1)
    return feed_import.position / seconds if seconds > 0 else 0

"""May this price still be shown? One answer for page, API, mail and JSON-LD.

Pure: the offer's facts, the merchant's terms and the time are arguments.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from catalog.terms import Terms, price_expires_at

# Our own limit where a programme sets none: an older amount misleads more than it helps.
OLDEST_SHOWN = timedelta(days=7)


def longest_shown(max_price_age: timedelta | None) -> timedelta:
    """How long any price may be shown that a programme with this limit (None: no limit) lets us read."""
    return OLDEST_SHOWN if max_price_age is None else min(OLDEST_SHOWN, max_price_age)


def showable_until(terms: Terms, seen_at: datetime) -> datetime:
    """The moment from which a price read at `seen_at` is hidden: the programme's limit or ours, whichever is first."""
    ours = seen_at + OLDEST_SHOWN
    theirs = price_expires_at(terms, seen_at)
    return ours if theirs is None else min(ours, theirs)


def is_showable(terms: Terms, seen_at: datetime | None, now: datetime) -> bool:
    """False for a price that was never read, is too old, or carries a time that has not come yet."""
    return seen_at is not None and seen_at <= now < showable_until(terms, seen_at)

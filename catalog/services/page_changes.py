"""Which kept pages no longer say what is true, and how do they learn it?

The database's triggers write down what changed (`PageChange`), in the transaction of the change and whatever its door.
From there it is carried to the page cache: as soon as that transaction commits where the writer calls `announce`, and
every two seconds by beat for everybody else. What cannot be delivered, because Redis is away, stays written down.
"""

from __future__ import annotations

import logging

from django.db import connection, transaction
from redis.exceptions import RedisError

from catalog.page_store import page_store

log = logging.getLogger(__name__)

# Carried in one transaction: a feed with a hundred thousand new prices goes in twenty.
STROKE = 5000

# What changed, by the first word of its tag → the list that changes with it.
_LISTS = {"offers": "prices", "article": "articles", "product": "edited", "scores": "scores"}


def announce(*things: str) -> None:
    """Something that pages show changes in this transaction: let them go the moment it commits.

    `things` (`offer:12`, `merchant:2`) are for whoever reads the log; which pages go is decided by what was written.
    """
    log.debug("Changed: %s", ", ".join(things))
    waiting = (entry[1] for entry in connection.run_on_commit)
    if not any(function is _carry_now for function in waiting):
        transaction.on_commit(_carry_now)


def carry_page_changes() -> int:
    """Tell the page cache what was written down since the last time; how many lines. Raises `RedisError`."""
    carried = 0
    while count := _carry_stroke():
        carried += count
    return carried


def tags_of(things: set[str]) -> set[str]:
    """What changed, with the lists that are different for it."""
    return things | {_LISTS[word] for thing in things if (word := thing.partition(":")[0]) in _LISTS}


@transaction.atomic
def _carry_stroke() -> int:
    """Delivered first, forgotten with the commit: a worker that dies in between delivers twice, which does no harm."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM catalog_pagechange WHERE id IN "
            "(SELECT id FROM catalog_pagechange ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING thing",
            [STROKE],
        )
        rows = cursor.fetchall()
    if rows:
        page_store().changed(tags_of({thing for (thing,) in rows}))
    return len(rows)


def _carry_now() -> None:
    try:
        carry_page_changes()
    except RedisError as error:
        log.warning("Kept pages were not told of a change (%s). It stays written down; beat tries again.", error)

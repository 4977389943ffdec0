"""Is what articles claim still true? Watches are looked at after each change they may hang on, and in their time.

The database's triggers write down which watched products changed (`reviews/migrations/0012`); `take_changes` makes
their watches due, `evaluate_due` looks at those. Workers share the work: each takes watches that no other one holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import QuerySet

from catalog.models import Product
from reviews.conditions import CONDITIONS
from reviews.conditions.base import Outcome, State, unknown
from reviews.models import Article, Watch, WatchChange, WatchEvent, WatchProduct
from reviews.watched import Asked, Known, known

# Looked at in one transaction, with the same number of queries for one watch as for all of them.
BATCH = 500
# Lines of changed products taken at once.
STROKE = 5000
# However soon a price ends: not twice in the same round.
_SOONEST = timedelta(minutes=1)

_TAKE = """
DELETE FROM reviews_watchchange WHERE id IN
    (SELECT id FROM reviews_watchchange ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING product_id
"""
# Locked in the order of their ids, so that two workers never wait for each other.
_MARK = """
UPDATE reviews_watch SET check_again_at = %s WHERE id IN (
    SELECT id FROM reviews_watch
    WHERE id IN (SELECT watch_id FROM reviews_watchproduct WHERE product_id = ANY(%s))
    ORDER BY id FOR UPDATE
)
"""
_STORE = """
UPDATE reviews_watch w SET state = n.state, reason = n.reason, since = n.since, checked_at = %s,
    check_again_at = n.again, is_told_broken = n.told
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::boolean[])
    AS n (id, state, reason, since, again, told)
WHERE w.id = n.id
"""


class WatchError(Exception):
    """The watch cannot be saved; `problems` says why, one sentence each, and nothing was changed."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class WatchInput:
    """What an editor asks for: `products` in their order, the one spoken about first."""

    condition: str
    parameters: Mapping[str, Any]
    products: Sequence[Product]
    passage: str = ""
    block_key: str = ""


def try_watch(given: WatchInput, *, now: datetime) -> Outcome:
    """What would be said of it now. Saves nothing. Raises `WatchError`."""
    stored = _fitted(given)
    asked = _asked_of(given)
    return _outcome(asked, stored, known([asked], now=now))


@transaction.atomic
def save_watch(
    given: WatchInput,
    *,
    article: Article,
    now: datetime,
    watch: Watch | None = None,
    by: AbstractBaseUser | None = None,
) -> Watch:
    """A new watch of the article, or `watch` made what is given, looked at at once. Raises `WatchError`."""
    row = watch or Watch(article=article, created_by_id=by.pk if by else None)
    row.condition = given.condition
    row.parameters = _fitted(given)
    row.passage = " ".join(given.passage.split())
    row.block_key = given.block_key
    row.full_clean(exclude=["article", "created_by"])
    # Whoever saves it sees what it says: no letter goes out about that.
    row.state, row.is_told_broken = Watch.State.UNCHECKED, False
    row.save()
    row.watch_products.all().delete()
    WatchProduct.objects.bulk_create(
        WatchProduct(watch=row, product=product, position=place) for place, product in enumerate(given.products, 1)
    )
    asked = _asked_of(given)
    found = known([asked], now=now)
    _store([(row, asked, _outcome(asked, row.parameters, found))], found, now=now, is_seen=True)
    row.refresh_from_db()
    return row


def evaluate_changed(*, now: datetime) -> int:
    """Takes what changed and looks at a batch of the watches that are due; how many. 0: nothing is due any more."""
    while take_changes(now=now) == STROKE:
        pass
    return evaluate_due(now=now)


def look_again(*, rows: QuerySet[Watch], now: datetime) -> int:
    """Makes these due; the next round looks at them. How many."""
    return rows.update(check_again_at=now)


@transaction.atomic
def take_changes(*, now: datetime) -> int:
    """The watches of changed products become due, and the lines about them go; how many lines.

    A watch that a worker holds is waited for: it may have been read before the change was made.
    """
    if not WatchChange.objects.exists():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [STROKE])
        changed = [product_id for (product_id,) in cursor.fetchall()]
        cursor.execute(_MARK, [now, sorted(set(changed))])
    return len(changed)


@transaction.atomic
def evaluate_due(*, now: datetime) -> int:
    """Looks at the watches that wait longest; how many. A fixed number of queries."""
    rows = list(
        Watch.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(check_again_at__lte=now)
        .order_by("check_again_at", "id")
        .prefetch_related("watch_products")[:BATCH]
    )
    if not rows:
        return 0
    asked = [
        Asked(row.condition, tuple(link.product_id for link in row.watch_products.all()))  # in their order
        for row in rows
    ]
    found = known(asked, now=now)
    judged = [(row, one, _outcome(one, row.parameters, found)) for row, one in zip(rows, asked, strict=True)]
    _store(judged, found, now=now)
    return len(rows)


def _asked_of(given: WatchInput) -> Asked:
    return Asked(given.condition, tuple(product.pk for product in given.products))


def _fitted(given: WatchInput) -> dict[str, Any]:
    condition = CONDITIONS.get(given.condition)
    if condition is None:
        raise WatchError([f"There is no condition “{given.condition}”; known are {', '.join(CONDITIONS)}."])
    stored, found = condition.fit(given.parameters)
    problems = [str(problem) for problem in found]
    ids = [product.pk for product in given.products]
    if problem := condition.count_problem(len(ids)):
        problems.append(f"Products: {problem}")
    if len(set(ids)) < len(ids):
        problems.append("Products: one is named twice.")
    if problems:
        raise WatchError(problems)
    return stored


def _outcome(asked: Asked, parameters: Mapping[str, Any], found: Known) -> Outcome:
    """What cannot be judged any more, because a product or its condition is gone, is unknown and says why."""
    condition = CONDITIONS.get(asked.condition)
    if condition is None:
        return unknown(f"There is no condition “{asked.condition}” any more: choose another one.")
    stored, problems = condition.fit(parameters)
    facts = found.facts_of(asked.product_ids)
    if problems:
        return unknown(f"What it asks for does not fit any more: {problems[0]}")
    if facts is None or condition.count_problem(len(asked.product_ids)):
        return unknown("A product it speaks about is gone.")
    return condition.judge(stored, facts)


def _store(
    judged: Sequence[tuple[Watch, Asked, Outcome]], found: Known, *, now: datetime, is_seen: bool = False
) -> None:
    """`is_seen`: an editor sees what came out, so that no letter has to say it."""
    columns: list[tuple[Any, ...]] = []
    events = []
    for row, asked, outcome in judged:
        reason = outcome.reason[:300]
        is_told = row.is_told_broken
        since = row.since or now
        if outcome.state.value != row.state:
            since = now
            is_news = outcome.state is (State.HOLDS if is_told else State.BROKEN)
            if outcome.state is not State.UNKNOWN:
                is_told = outcome.state is State.BROKEN
            events.append(
                WatchEvent(
                    watch=row,
                    at=now,
                    state=outcome.state.value,
                    reason=reason,
                    is_mailable=found.is_mailable(asked),
                    is_to_be_told=is_news and not is_seen,
                )
            )
        again = outcome.recheck_at and max(outcome.recheck_at, now + _SOONEST)
        columns.append((row.pk, outcome.state.value, reason, since, again, is_told))
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [now, *map(list, zip(*columns, strict=True))])
    WatchEvent.objects.bulk_create(events)

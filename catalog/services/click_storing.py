"""How does a batch of clicks become rows, repeats and counts, all of it or nothing, and never twice?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from catalog.clicks.agents import PERSON
from catalog.clicks.ids import first_id
from catalog.clicks.repeats import Counted, repeats
from catalog.clicks.rows import COLUMNS, ClickRow, copy_lines, moment
from catalog.models import Link
from catalog.services.tallies import COUNTING_LOCK, Stored, Sums, add_tallies, copy_in

# A visit is known again for as long as its salt lives, and so are clicks of a web host that was away for hours.
VISITS_ARE_KEPT = timedelta(days=1)
MOST_UNKNOWN_CODES = 10_000
MOST_UNKNOWN_CODES_AT_ONCE = 1_000
# A shipper whose machine vanished in the middle of a batch holds up the others no longer than this.
_GIVE_UP = "SET LOCAL idle_in_transaction_session_timeout = '60s'"

_COLUMNS = ", ".join(COLUMNS)
_TYPES = (
    "id uuid, clicked_at timestamptz, code varchar(40), is_known boolean, placement varchar(60), agent varchar(8), "
    "agent_reason varchar(60), country varchar(2), language varchar(3), form varchar(8), system varchar(8), "
    "is_direct boolean, offer_id bigint, route_id bigint, referrer_path varchar(300), is_repeat boolean"
)
_COPY = f"COPY catalog_click ({_COLUMNS}) FROM STDIN"
# The way of a batch that was shipped before, in whole or in part.
_SHIPMENT = f"CREATE TEMP TABLE IF NOT EXISTS click_shipment ({_TYPES}) ON COMMIT DROP"
_STORE_NEW = f"""
    INSERT INTO catalog_click ({_COLUMNS}) SELECT {_COLUMNS} FROM click_shipment
    ON CONFLICT (clicked_at, id) DO NOTHING RETURNING id::text
"""  # noqa: S608
_COUNTED = "SELECT visit, click_id::text FROM catalog_countedvisit WHERE visit = ANY(%s::bigint[])"
_LIST_CODES = """
    WITH lost AS (
        SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::text[])
            AS l (code, clicks, people, first_at, last_at, referrer_path)
    ), worth_a_line AS (
        SELECT l.* FROM lost l LEFT JOIN catalog_unknowncode u USING (code)
        ORDER BY u.code IS NULL, l.referrer_path = '', l.people DESC, l.last_at DESC LIMIT %s
    )
    INSERT INTO catalog_unknowncode AS u (code, clicks, people_clicks, first_at, last_at, referrer_path)
    SELECT code, clicks, people, first_at, last_at, referrer_path FROM worth_a_line ORDER BY code
    ON CONFLICT (code) DO UPDATE SET clicks = u.clicks + excluded.clicks,
        people_clicks = u.people_clicks + excluded.people_clicks,
        first_at = least(u.first_at, excluded.first_at), last_at = greatest(u.last_at, excluded.last_at),
        referrer_path = coalesce(nullif(excluded.referrer_path, ''), u.referrer_path)
"""
_FORGET_CODES = """
    DELETE FROM catalog_unknowncode WHERE code IN (
        SELECT code FROM catalog_unknowncode ORDER BY referrer_path = '', people_clicks DESC, last_at DESC, code
        OFFSET %s FOR UPDATE SKIP LOCKED
    )
"""


@transaction.atomic
def store_clicks(rows: Sequence[ClickRow]) -> int:
    """Store the clicks that are not stored yet, and count them; how many they were. One transaction.

    Raises django.db.Error, and then nothing of it has happened.
    """
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_UP)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [COUNTING_LOCK])
    rows = _led_by_their_link(rows)
    counted, repeated = _repeats(rows)
    new, sums = _new([(row, row.id in repeated) for row in rows])
    _remember(new, counted)
    add_tallies(sums)
    _list_unknown_codes([click for click in new if not click[0].is_known])
    return len(new)


def _new(clicks: Sequence[Stored]) -> tuple[Sequence[Stored], Sums]:
    """Store the clicks; those that were not there before, and their sums, made while PostgreSQL stores.

    Nearly always that is all of them, which one COPY stores. A batch that was shipped before (its worker died before
    the checkpoint) is refused by the key as a whole, and then each click is tried for itself.
    """
    sums = Sums()
    try:
        with transaction.atomic():
            copy_in(_COPY, copy_lines(sums.counting(clicks)))
    except IntegrityError:
        sums = Sums()
        return list(sums.counting(_new_each(clicks))), sums
    return clicks, sums


def _new_each(clicks: Sequence[Stored]) -> Sequence[Stored]:
    with connection.cursor() as cursor:
        cursor.execute(_SHIPMENT)
        cursor.execute("TRUNCATE click_shipment")
        copy_in("COPY click_shipment FROM STDIN", copy_lines(clicks))
        cursor.execute(_STORE_NEW)
        new = {click_id for (click_id,) in cursor.fetchall()}
    # A line that stands twice in the batch is one click.
    return list({click[0].id: click for click in clicks if click[0].id in new}.values())


def _led_by_their_link(rows: Sequence[ClickRow]) -> Sequence[ClickRow]:
    """The rows with where they led: an old line names no offer, its click went to its link's."""
    codes = {row.code for row in rows if _is_old(row)}
    if not codes:
        return rows
    offers = dict(Link.objects.filter(code__in=codes).values_list("code", "offer_id"))
    return [row._replace(offer_id=offers.get(row.code)) if _is_old(row) else row for row in rows]


def _is_old(row: ClickRow) -> bool:
    """A line of today names its visit, and no offer where the link had ended and led to a page of ours."""
    return row.offer_id is None and row.visit == 0 and row.is_known


def _repeats(rows: Sequence[ClickRow]) -> tuple[set[str], set[str]]:
    """The clicks of the same visits that were counted in the last day, and which of the rows are repeats: ids."""
    visits = Counter([row.visit for row in rows if row.visit and row.agent == PERSON])
    if not visits:
        return set(), set()
    with connection.cursor() as cursor:
        # An array as text: turning a list of ten thousands into one takes longer than the search.
        cursor.execute(_COUNTED, [f"{{{','.join(map(str, visits))}}}"])
        counted = [Counted(moment(key), key, visit) for visit, key in cursor.fetchall()]
    # Most clicks are the only one of their visit, and cannot be a repeat.
    several = {visit for visit, clicks in visits.items() if clicks > 1} | {visit for _, _, visit in counted}
    found = repeats(
        [Counted(row.at, row.id, row.visit) for row in rows if row.visit in several and row.may_repeat], counted
    )
    return {key for _, key, _ in counted}, found


def _remember(new: Sequence[Stored], counted: Collection[str]) -> None:
    # In the order of their index, which so is written where it was read.
    lines = sorted(
        [
            f"{row.visit}\t{row.id}\n"
            for row, is_repeat in new
            if row.visit and row.agent == PERSON and not is_repeat and row.id not in counted
        ]
    )
    if lines:
        copy_in("COPY catalog_countedvisit (visit, click_id) FROM STDIN", lines)


def _list_unknown_codes(lost: Sequence[Stored]) -> None:
    codes: dict[str, list[Any]] = {}
    for row, is_repeat in sorted(lost, key=lambda click: click[0].at):
        line = codes.setdefault(row.code, [0, 0, row.clicked_at, row.clicked_at, ""])
        line[0] += 1
        line[1] += row.agent == PERSON and not is_repeat
        line[3] = row.clicked_at
        line[4] = row.referrer_path or line[4]
    if codes:
        columns = [list(column) for column in zip(*codes.values(), strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(_LIST_CODES, [list(codes), *columns, MOST_UNKNOWN_CODES_AT_ONCE])


@transaction.atomic
def forget_visits(*, now: datetime) -> int:
    """Delete the visits of more than a day ago (or, by a clock that jumped, ahead); how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM catalog_countedvisit WHERE click_id < %s OR click_id > %s",
            [first_id(now - VISITS_ARE_KEPT), first_id(now + VISITS_ARE_KEPT)],
        )
        return int(cursor.rowcount)


@transaction.atomic
def forget_unknown_codes() -> int:
    """Shorten the list of codes that lead nowhere to its bound; how many went.

    First go those that no page of ours links to, then those that no person followed, then those of long ago.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_CODES, [MOST_UNKNOWN_CODES])
        return int(cursor.rowcount)


@transaction.atomic
def expire_spent_links(*, now: datetime) -> list[str]:
    """Mark the links whose net clicks are used up (`expires_after_clicks`); their codes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalog_link SET expired_at = %s WHERE id IN ("
            " SELECT l.id FROM catalog_link l"
            " WHERE l.expires_after_clicks IS NOT NULL AND l.expired_at IS NULL AND l.expires_after_clicks <= ("
            "  SELECT coalesce(sum(t.net_clicks), 0) FROM catalog_clicktally t"
            "  WHERE t.dimension = 'link' AND t.key = l.code)"
            " ORDER BY l.id FOR NO KEY UPDATE SKIP LOCKED) RETURNING code",
            [now],
        )
        return sorted(code for (code,) in cursor.fetchall())

"""How are clicks counted into the days' tallies, once each, and counted anew?

A tally counts clicks that led somewhere: a code that leads nowhere is in the ledger and in its own list, but no reader
reached a merchant by it, and a scanner that makes up codes must not fill the reports. Days are those of the site's
`TIME_ZONE`, as PostgreSQL reckons them, so also where a day has 23 or 25 hours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from catalog.clicks.agents import PERSON
from catalog.clicks.rows import ClickRow, time_text
from catalog.placements import levels

# Whoever stores clicks or counts them anew holds this lock of the database's for its transaction: of two shippers the
# second sees whom the first has counted, and none of them ever waits for another in a ring.
COUNTING_LOCK = 7_301_948_113

# From `counted`: a day's clicks that are alike in everything a tally looks at, with their number and how many are net.
_SIDES = """
    sides AS (
        SELECT c.day, s.dimension, s.key, sum(c.clicks) AS clicks, sum(c.net_clicks) AS net_clicks
        FROM counted c CROSS JOIN LATERAL (VALUES
            ('total', ''), ('link', c.code), ('route', c.route_id::text), ('offer', c.offer_id::text),
            ('page', nullif(split_part(c.placement, '.', 1), '')),
            ('block', nullif(substring(c.placement FROM '^[^.]+[.][^.]+'), '')), ('place', nullif(c.placement, '')),
            ('country', c.country), ('form', c.form)
        ) s (dimension, key)
        WHERE s.key IS NOT NULL GROUP BY 1, 2, 3
    )
"""
# From `sides`: what an offer's clicks say of its merchant and product is added, and everything counted. In order, so
# that rows are locked in the same order by everyone.
_ADD = """
    shops AS (
        SELECT s.day, d.dimension, d.key, sum(s.clicks) AS clicks, sum(s.net_clicks) AS net_clicks
        FROM sides s JOIN catalog_offer o ON o.id = s.key::bigint
        CROSS JOIN LATERAL (
            VALUES ('merchant', o.merchant_id::text), ('product', o.product_id::text)
        ) d (dimension, key)
        WHERE s.dimension = 'offer' GROUP BY 1, 2, 3
    ), added AS (
        INSERT INTO catalog_clicktally AS t (day, dimension, key, clicks, net_clicks)
        SELECT day, dimension, key, clicks, net_clicks FROM (TABLE sides UNION ALL TABLE shops) every_side
        ORDER BY dimension, day, key
        ON CONFLICT (dimension, day, key) DO UPDATE
            SET clicks = t.clicks + excluded.clicks, net_clicks = t.net_clicks + excluded.net_clicks
        RETURNING 1
    )
"""

_COUNT_A_DAY = f"""
    WITH counted AS (
        SELECT %(day)s::date AS day, code, route_id, offer_id, placement, country, form,
            count(*) AS clicks, count(*) FILTER (WHERE agent = %(person)s AND NOT is_repeat) AS net_clicks
        FROM catalog_click
        WHERE is_known AND clicked_at >= %(from)s AND clicked_at < %(until)s
            AND (clicked_at AT TIME ZONE %(zone)s)::date = %(day)s
        GROUP BY code, route_id, offer_id, placement, country, form
    ), {_SIDES}, {_ADD} SELECT
"""  # noqa: S608
_SUMS = """
    CREATE TEMP TABLE IF NOT EXISTS click_sums (
        quarter timestamptz, dimension text, key text, clicks bigint, net_clicks bigint
    ) ON COMMIT DROP
"""
_ADD_SUMS = f"""
    WITH sides AS (
        SELECT (quarter AT TIME ZONE %(zone)s)::date AS day, dimension, key, sum(clicks) AS clicks,
            sum(net_clicks) AS net_clicks
        FROM click_sums GROUP BY 1, 2, 3
    ), {_ADD} SELECT
"""  # noqa: S608

_DAY = timedelta(days=1)
_QUARTER = 15 * 60 * 1_000_000
_CLICKS = (1 << 32) - 1
_NET = (1 << 32) + 1
# Sides on which clicks count also where the thing is not known.
_ALSO_WITHOUT = frozenset({"total", "country", "form"})
# A click as it was stored, and whether it is a repeat.
Stored = tuple[ClickRow, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuiltDay:
    """`differed`: how many tallies of the day were wrong, missing or too many before."""

    day: date
    clicks: int
    net_clicks: int
    differed: int


def add_tallies(sums: Sums) -> None:
    """Count clicks that were just stored, in their own transaction; whoever calls holds the `COUNTING_LOCK`."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS)
        cursor.execute("TRUNCATE click_sums")
        copy_in("COPY click_sums FROM STDIN", sums.lines())
        cursor.execute(_ADD_SUMS, {"zone": settings.TIME_ZONE})


class Sums:
    """Clicks from every side, by quarters of an hour: whatever the time zone, one lies in one day, and PostgreSQL
    says in which."""

    def __init__(self) -> None:
        self._quarters: defaultdict[int, _Quarter] = defaultdict(_Quarter)

    def counting(self, clicks: Iterable[Stored]) -> Iterator[Stored]:
        """The clicks, each counted as it goes by."""
        for click in clicks:
            row, is_repeat = click
            if row.is_known:
                step = _NET if not is_repeat and row.agent == PERSON else 1
                self._quarters[row.at // _QUARTER].add(row, step)
            yield click

    def lines(self) -> Iterator[str]:
        """The sums as lines of a COPY."""
        for quarter, counted in self._quarters.items():
            yield from counted.lines(time_text(quarter * _QUARTER))


class _Quarter:
    """The clicks of a quarter of an hour, from each side. A sum holds clicks below and net clicks above 32 bits."""

    __slots__ = ("country", "form", "link", "offer", "place", "route")

    def __init__(self) -> None:
        self.link: dict[str, int] = {}
        self.route: dict[int | None, int] = {}
        self.offer: dict[int | None, int] = {}
        self.place: dict[str, int] = {}
        self.country: dict[str, int] = {}
        self.form: dict[str, int] = {}

    def add(self, row: ClickRow, step: int) -> None:
        self.link[row.code] = self.link.get(row.code, 0) + step
        self.route[row.route_id] = self.route.get(row.route_id, 0) + step
        self.offer[row.offer_id] = self.offer.get(row.offer_id, 0) + step
        self.place[row.placement] = self.place.get(row.placement, 0) + step
        self.country[row.country] = self.country.get(row.country, 0) + step
        self.form[row.form] = self.form.get(row.form, 0) + step

    def lines(self, moment: str) -> Iterator[str]:
        """The sums as lines of a COPY. Pages and blocks are their places', all together are the links'."""
        page: dict[str, int] = {}
        block: dict[str, int] = {}
        for place, step in self.place.items():
            first, *deeper = levels(place) or [""]
            page[first] = page.get(first, 0) + step
            if deeper:
                block[deeper[0]] = block.get(deeper[0], 0) + step
        sides: dict[str, Mapping[Any, int]] = {name: getattr(self, name) for name in self.__slots__}
        sides |= {"page": page, "block": block, "total": {"": sum(self.link.values())}}
        for dimension, sums in sides.items():
            for key, step in sums.items():
                if key is not None and (key != "" or dimension in _ALSO_WITHOUT):
                    yield f"{moment}\t{dimension}\t{key}\t{step & _CLICKS}\t{step >> 32}\n"


def copy_in(statement: str, lines: Iterable[str]) -> None:
    """Give lines to a COPY … FROM STDIN. Raises django.db.Error, as other statements do.

    A thousand at a time: PostgreSQL stores them while the next ones are made.
    """
    left = iter(lines)
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        while some := "".join(islice(left, 1_000)):
            copy.write(some)


def first_whole_day(*, now: datetime) -> date:
    """The first day all of whose clicks are still kept (`CLICK_RETENTION_MONTHS`): older ones cannot be recounted."""
    months = now.astimezone(UTC).year * 12 + now.astimezone(UTC).month - 1 - settings.CLICK_RETENTION_MONTHS
    return date(months // 12, months % 12 + 1, 1) + _DAY


def rebuild_click_tallies(*, first: date, last: date) -> Iterator[RebuiltDay]:
    """Count the clicks of these days anew, both included, a day at a time (each in its own transaction).

    Shipping waits while a day is counted. Whoever asks sees to it that the days' clicks are still kept
    (`first_whole_day`).
    """
    for number in range((last - first).days + 1):
        yield _rebuilt(first + number * _DAY)


@transaction.atomic
def _rebuilt(day: date) -> RebuiltDay:
    # Wide enough for every time zone; the exact day is asked of the database.
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    asked: dict[str, str | date] = {
        "zone": settings.TIME_ZONE,
        "person": PERSON,
        "day": day,
        "from": midnight - _DAY,
        "until": midnight + 2 * _DAY,
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [COUNTING_LOCK])
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS tallies_before (LIKE catalog_clicktally) ON COMMIT DROP")
        cursor.execute("TRUNCATE tallies_before")
        cursor.execute(
            "WITH gone AS (DELETE FROM catalog_clicktally WHERE day = %(day)s RETURNING *) "
            "INSERT INTO tallies_before SELECT * FROM gone",
            asked,
        )
        cursor.execute(_COUNT_A_DAY, asked)
        cursor.execute(_COMPARED, asked)
        clicks, net_clicks, differed = cursor.fetchone()
    return RebuiltDay(day=day, clicks=clicks, net_clicks=net_clicks, differed=differed)


_COMPARED = """
    SELECT coalesce(sum(a.clicks) FILTER (WHERE dimension = 'total'), 0),
        coalesce(sum(a.net_clicks) FILTER (WHERE dimension = 'total'), 0),
        count(*) FILTER (WHERE (a.clicks, a.net_clicks) IS DISTINCT FROM (b.clicks, b.net_clicks))
    FROM (SELECT * FROM catalog_clicktally WHERE day = %(day)s) a
    FULL JOIN tallies_before b USING (dimension, key)
"""

"""How long does an editor wait for a report over ten million clicks, and how does that grow from one to a hundred?

Clicks are made by PostgreSQL over a year of a site with 300 articles of 24 places each, 1,000 products at 4 of 40
merchants, and 60 countries; nearer places and smaller numbers get more. They are tallied as the command does that
counts them anew. At a hundred million the tallies are made without the clicks: every key on every day, which is the
most that any number of clicks can make of this site, and reports read nothing else.
"""

from __future__ import annotations

import time
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from statistics import quantiles

from django.core.management import call_command
from django.db import connection

from bench.figures import Curve, Figure

SIZES = (1_000_000, 10_000_000)
LARGEST = 100_000_000
DAYS = 365
ROUNDS = 3
GOAL_MS = 300

# Squared randomness: a quarter of the keys get half of the clicks.
_CLICKS = """
INSERT INTO catalog_click (id, clicked_at, code, is_known, placement, agent, is_repeat, country, language, form, system,
    is_direct, offer_id)
SELECT gen_random_uuid(), %(day)s::date + random() * interval '1 day', 'link-' || n.offer, true,
    'a' || (1 + floor(300 * random() ^ 2)) || '.' || (1 + floor(8 * random() ^ 2)) || '.' || (1 + floor(3 * random())),
    CASE WHEN random() < 0.6 THEN 'person' ELSE 'bot' END, random() < 0.05,
    chr(65 + n.place %% 26) || chr(65 + n.place %% 3), 'en',
    (ARRAY['phone', 'desktop', 'tablet'])[1 + floor(3 * random() ^ 2)], 'ios', false, n.offer
FROM (SELECT %(first)s + floor(4000 * random() ^ 2)::bigint AS offer, floor(60 * random() ^ 2)::int AS place
      FROM generate_series(1, %(clicks)s)) n
"""
_EVERY_KEY = """
INSERT INTO catalog_clicktally (day, dimension, key, clicks, net_clicks)
SELECT d::date, k.dimension, k.key, 40, 20 FROM generate_series(%(since)s::date, %(until)s::date, '1 day') d,
    (SELECT DISTINCT dimension, key FROM catalog_clicktally) k
ON CONFLICT DO NOTHING
"""


def figures(_folder: Path) -> list[Figure]:
    """`report_p95` (goal: 300 ms at ten million, as a share of it) and `report_growth` (recorded)."""
    call_command("collectstatic", interactive=False, verbosity=0)
    until = date(2026, 6, 30)
    since = until - timedelta(days=DAYS - 1)
    first = site()
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.4)")
    waits: dict[int, float] = {}
    rows: dict[int, int] = {}
    stored = 0
    for size in SIZES:
        grow(first, since, size - stored)
        stored = size
        waits[size], rows[size] = _p95(since, until), _tallied()
    with connection.cursor() as cursor:
        cursor.execute(_EVERY_KEY, {"since": since, "until": until})
        cursor.execute("VACUUM ANALYZE catalog_clicktally")
        cursor.execute("VACUUM ANALYZE catalog_clickmonth")
    waits[LARGEST], rows[LARGEST] = _p95(since, until), _tallied()
    _clean()
    told = "; ".join(f"{size:,} clicks ({rows[size]:,} tallies): {wait:.0f} ms" for size, wait in waits.items())
    share = waits[SIZES[-1]] / GOAL_MS
    growth = waits[LARGEST] / waits[SIZES[0]]
    return [
        Figure(
            name="report_p95",
            ratio=round(share, 2),
            goal=1,
            ok=share <= 1,
            unit=f"of {GOAL_MS} ms: 95th percentile of the report page over {SIZES[-1]:,} clicks (less is better)",
            note=f"whole page through Django, every side over 7, 30, 90 and 365 days, {ROUNDS} times each; {told}",
        ),
        Figure(
            name="report_growth",
            ratio=round(growth, 2),
            goal=10,
            ok=growth <= 10,
            unit=f"times the wait at {LARGEST:,} clicks of that at {SIZES[0]:,} (less is better)",
            note=told,
            curve=Curve(
                title="A report over many clicks",
                x="clicks in a year",
                y="ms, 95th percentile of the page",
                points=tuple((size, round(wait)) for size, wait in waits.items()),
            ),
        ),
    ]


def site() -> int:
    """Products, merchants and offers that clicks lead to; the first offer's id, the others follow."""
    from catalog.models import Offer
    from tests.factories import make_merchant, make_product

    shops = [make_merchant(f"Report {number}") for number in range(40)]
    goods = [make_product(f"Report {number}") for number in range(1000)]
    made = Offer.objects.bulk_create(
        Offer(
            product=goods[number % 1000], merchant=shops[number * 7 % 40], merchant_sku=f"r{number}", url="https://x/"
        )
        for number in range(4000)
    )
    return made[0].pk


def grow(first: int, since: date, clicks: int) -> None:
    """So many clicks more, and the tallies of all days anew, as `rebuild_click_tallies` does."""
    from catalog.services.tallies import rebuild_click_tallies

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE catalog_clicktally, catalog_clickmonth")
        for number in range(DAYS):
            day = since + timedelta(days=number)
            cursor.execute(_CLICKS, {"day": day, "first": first, "clicks": clicks // DAYS})
    for _ in rebuild_click_tallies(first=since, last=since + timedelta(days=DAYS - 1)):
        pass
    with connection.cursor() as cursor:
        for table in ("catalog_click", "catalog_clicktally", "catalog_clickmonth"):
            cursor.execute(f"VACUUM ANALYZE {table}")


def _tallied() -> int:
    from catalog.models import ClickTally

    return ClickTally.objects.count()


def _p95(since: date, until: date) -> float:
    """Milliseconds."""
    from django.contrib.auth.models import User
    from django.test import Client

    from reviews.reports.sides import SIDES

    client = Client()
    client.force_login(User.objects.get_or_create(username="reporter", is_staff=True, is_superuser=True)[0])
    asked = [
        {"by": side, "since": (until - timedelta(days=days - 1)).isoformat(), "until": until.isoformat()}
        for side, days in product(SIDES, (7, 30, 90, DAYS))
    ]
    waits = []
    for query in asked * ROUNDS:
        began = time.perf_counter()
        answer = client.get("/admin/catalog/clicktally/", query, headers={"Host": "localhost"})
        waits.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200
    return quantiles(waits, n=20)[-1]


def _clean() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE catalog_click, catalog_clicktally, catalog_clickmonth")

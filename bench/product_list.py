"""How long does an editor wait for the first page of a hundred thousand products, beside one bare SELECT of it?"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.figures import Figure

PRODUCTS = 100_000
ROUNDS = 15
PAGE = "/admin/catalog/product/"
MOST_QUERIES = 12
GOAL = 3

_BRANDS = """
INSERT INTO catalog_brand (name, slug, homepage) SELECT 'Brand ' || n, 'brand-' || n, '' FROM generate_series(1, 400) n
"""
_PRODUCTS = """
INSERT INTO catalog_product (brand_id, model, variant, slug, kind, type, status, summary, colour, created_at,
    updated_at)
SELECT b.first + n %% 400, 'Model ' || n, '', 'model-' || n, 'headphones', 'over_ear', 'current', '', '#3b4252', now(),
    now()
FROM generate_series(1, %s) n, (SELECT min(id) AS first FROM catalog_brand WHERE name LIKE 'Brand %%') b
"""


def figures(_folder: Path) -> list[Figure]:
    """`product_list` and `product_list_queries`."""
    from django.contrib.admin import site
    from django.contrib.auth.models import User
    from django.test import Client, RequestFactory

    from catalog.models import Product

    call_command("collectstatic", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(_BRANDS)
        cursor.execute(_PRODUCTS, [PRODUCTS])
        cursor.execute("VACUUM ANALYZE catalog_product")
    client = Client()
    user = User.objects.create_superuser("bench-lists", "", "bench")
    client.force_login(user)
    request = RequestFactory().get(PAGE)
    request.user = user
    changes = site._registry[Product].get_changelist_instance(request)
    # The very rows of the first page, as text that nothing else is done with.
    bare, parameters = changes.queryset[: changes.list_per_page].query.sql_with_params()

    def ours() -> None:
        assert client.get(PAGE, headers={"Host": "localhost"}).status_code == 200

    def theirs() -> None:
        with connection.cursor() as cursor:
            cursor.execute(bare, parameters)
            assert len(cursor.fetchall()) == changes.list_per_page

    ours()
    theirs()
    with CaptureQueriesContext(connection) as queries:
        ours()
    waits = [(_milliseconds(ours), _milliseconds(theirs)) for _ in range(ROUNDS)]
    in_database = _milliseconds_in_database(ours)
    ratio = statistics.median(a / b for a, b in waits)
    told = (
        f"{PRODUCTS:,} products; medians {statistics.median(a for a, _ in waits):.0f} ms for the whole page, of which "
        f"{in_database:.0f} ms in the database, and {statistics.median(b for _, b in waits):.1f} ms for the bare SELECT"
    )
    return [
        Figure(
            name="product_list",
            ratio=round(ratio, 2),
            goal=GOAL,
            ok=ratio <= GOAL,
            unit="times the wait for a bare SELECT … LIMIT of the same rows (less is better)",
            note=told,
        ),
        Figure(
            name="product_list_queries",
            ratio=len(queries),
            goal=MOST_QUERIES,
            ok=len(queries) <= MOST_QUERIES,
            unit="queries to open the list (less is better)",
            note=told,
        ),
    ]


def _milliseconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _milliseconds_in_database(work: Callable[[], None]) -> float:
    with CaptureQueriesContext(connection) as queries:
        work()
    return sum(float(query["time"]) for query in queries) * 1000

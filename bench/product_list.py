"""What does the list of a hundred thousand products ask of the database, beside one bare SELECT of its first page?

The goal is about the database: to draw fifty rows costs the same for fifty products as for a hundred thousand.
How long the whole page takes is told beside it.
"""

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
SELECT b.first + n %% 400, 'Model ' || n, '', 'model-' || n, 'headphones', 'over-ear', 'current', '', '#3b4252', now(),
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
    questions = len(queries)  # now: the next request empties the log
    asked = [(_in_database(ours), _in_database(theirs)) for _ in range(ROUNDS)]
    whole = statistics.median(_milliseconds(ours) for _ in range(ROUNDS))
    ratio = statistics.median(a / b for a, b in asked)
    told = (
        f"{PRODUCTS:,} products; medians {statistics.median(a for a, _ in asked):.1f} ms for all that the page asks, "
        f"{statistics.median(b for _, b in asked):.1f} ms for the bare SELECT; the whole page takes {whole:.0f} ms"
    )
    return [
        Figure(
            name="product_list",
            ratio=round(ratio, 2),
            goal=GOAL,
            ok=ratio <= GOAL,
            unit="times the database's work for a bare SELECT … LIMIT of the same rows (less is better)",
            note=told,
        ),
        Figure(
            name="product_list_queries",
            ratio=questions,
            goal=MOST_QUERIES,
            ok=questions <= MOST_QUERIES,
            unit="queries to open the list (less is better)",
            note=told,
        ),
    ]


def _milliseconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _in_database(work: Callable[[], None]) -> float:
    """Milliseconds until every question was answered; Django's log rounds to whole ones, we do not."""
    spent = 0.0

    def timed(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        nonlocal spent
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent += time.perf_counter() - began

    with connection.execute_wrapper(timed):
        work()
    return spent * 1000

"""What does the log of rows cost: an import of products, and a round of prices, with its triggers and without?

Both ways in turn in one run on one database, each import with products of its own. Products come by the table import
that editors use, whose rows are judged and stored one by one; prices are the columns a refresh writes into offers.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from bench.figures import Figure

PRODUCTS, OFFERS = 500, 20_000
ROUNDS = 5
MOST_BYTES = 800

_TRIGGERS = """
SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'written_down_%' AND NOT tgisinternal
"""
_PRICES = (
    "UPDATE catalog_offer SET amount = coalesce(amount, 50) + 1, seen_at = now(), checked_at = now(), state = 'ok'"
)


def figures(_folder: Path) -> list[Figure]:
    """`row_log_import`, `row_log_prices`: time with the triggers ÷ without; `bytes_per_row_change`."""
    from bench.growth import grow, shops

    first = iter(range(0, 10**9, PRODUCTS))
    imports = _ratio(lambda: _imported(next(first)))
    size = _bytes()
    merchants, product = shops()
    grow(product, merchants, 0, OFFERS)
    prices = _ratio(_priced)
    return [
        Figure(
            name=name,
            ratio=round(ratio, 3),
            goal=goal,
            ok=ratio <= goal,
            unit=f"times as long with the log of rows as without it, {what} (less is better)",
            note=f"medians of {ROUNDS} rounds each way in turn: {with_:.2f} and {without:.2f} s",
        )
        for name, goal, what, (ratio, with_, without) in (
            ("row_log_import", 1.15, f"{PRODUCTS:,} new products by a table", imports),
            ("row_log_prices", 1.1, f"{OFFERS:,} offers get another price", prices),
        )
    ] + [
        Figure(
            name="bytes_per_row_change",
            ratio=round(size),
            goal=MOST_BYTES,
            ok=size <= MOST_BYTES,
            unit="bytes in PostgreSQL for each line of the log of rows, its indexes with it (less is better)",
            note="pg_total_relation_size of the month's table after the imports",
        )
    ]


def _ratio(work: Callable[[], float]) -> tuple[float, float, float]:
    """Of medians, and both in seconds."""
    with_, without = [], []
    work()  # warms both
    for _ in range(ROUNDS):
        with_.append(work())
        with _without_triggers():
            without.append(work())
    both = statistics.median(with_), statistics.median(without)
    return both[0] / both[1], *both


def _imported(first: int) -> float:
    """Seconds to try and to store a file of new products."""
    from catalog.models import TableImport
    from catalog.services.table_imports import run_table, store_later, take_table

    rows = "\n".join(f"Brand {n % 50},Model {n},headphones,over-ear" for n in range(first, first + PRODUCTS))
    file = ContentFile(f"brand,model,kind,type\n{rows}\n".encode(), "products.csv")
    begun = time.perf_counter()
    made = take_table(kind="products", content=file, name="products.csv", by=None)
    run_table(table_import_id=made.pk, now=timezone.now())
    store_later(table_import=TableImport.objects.get(pk=made.pk))
    ended = run_table(table_import_id=made.pk, now=timezone.now())
    seconds = time.perf_counter() - begun
    assert ended is not None, "somebody else has it"
    assert ended.rows_new == PRODUCTS, (ended.error, ended.rows_new, ended.rows_wrong)
    return seconds


def _priced() -> float:
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_PRICES)
    return time.perf_counter() - begun


@contextmanager
def _without_triggers() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(_TRIGGERS)
        found = cursor.fetchall()
        for table, name in found:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        yield
        for table, name in found:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")


def _bytes() -> float:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE reviews_rowchange")
        cursor.execute(
            "SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree('reviews_rowchange') WHERE isleaf"
        )
        size = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM reviews_rowchange")
        lines = cursor.fetchone()[0]
    return float(size) / lines

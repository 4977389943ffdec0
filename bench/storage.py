"""How many bytes does a row cost, its indexes with it? What docs/scaling.md reckons years of a site with."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from django.db import connection

from bench.figures import Figure

CLICKS, OFFERS, PRICES = 200_000, 100_000, 500_000
MOST = {"click": 400, "offer": 1_500, "price": 300}

_PRICES = """
INSERT INTO catalog_price (offer_id, amount, currency, availability, seen_at, source, verdict, reason, raw, decided_by)
SELECT offer.id, 50 + n %% 400, 'USD', 'in_stock', now() - n * interval '1 hour', 'page_markup', 'accepted', '',
    '50.00', ''
FROM (SELECT id FROM catalog_offer ORDER BY id LIMIT %s) offer, generate_series(1, %s::int) n
"""


def figures(_folder: Path) -> list[Figure]:
    """`bytes_per_click`, `bytes_per_offer`, `bytes_per_price`: after VACUUM, with indexes and what is stored apart."""
    from bench.growth import grow, shops
    from bench.reports import grow as click
    from bench.reports import site

    merchants, product = shops()
    grow(product, merchants, 0, OFFERS)
    with connection.cursor() as cursor:
        cursor.execute(_PRICES, [PRICES // 10, 10])
        cursor.execute("VACUUM ANALYZE catalog_price")
    found = {"offer": _bytes("catalog_offer", OFFERS), "price": _bytes("catalog_price", PRICES)}
    click(site(), date(2026, 6, 30) - timedelta(days=364), CLICKS)
    found["click"] = _bytes("catalog_click", CLICKS // 365 * 365)
    counts = {"click": CLICKS, "offer": OFFERS, "price": PRICES}
    return [
        Figure(
            name=f"bytes_per_{name}",
            ratio=round(size),
            goal=MOST[name],
            ok=size <= MOST[name],
            unit=f"bytes in PostgreSQL for each {name}, its indexes with it (less is better)",
            note=f"pg_total_relation_size over {counts[name]:,} rows, after VACUUM",
        )
        for name, size in found.items()
    ]


def _bytes(table: str, rows: int) -> float:
    """Of the table and all its partitions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(relid)), count(*) FROM pg_partition_tree(%s) WHERE isleaf", [table]
        )
        size, leaves = cursor.fetchone()
        if not leaves:
            cursor.execute("SELECT pg_total_relation_size(%s)", [table])
            size = cursor.fetchone()[0]
        cursor.execute(f"SELECT count(*) FROM {table}")
        stored = cursor.fetchone()[0]
    assert abs(stored - rows) <= rows // 100, f"{stored} rows in {table}, not {rows}"
    return float(size) / stored

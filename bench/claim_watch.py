"""Does one changed price cost the same among a hundred thousand watched claims as among a thousand?"""

from __future__ import annotations

import time
from pathlib import Path

from django.db import connection

from bench.figures import Curve, Figure

FEW, MANY = 1_000, 100_000
ROUNDS = 15
BULK = 1_000
BULK_ROUNDS = 3

_PRODUCTS = """
INSERT INTO catalog_product (brand_id, model, variant, slug, status, summary, colour, created_at, updated_at)
SELECT %s, 'Watched ' || n, '', 'watched-' || n, 'current', '', '#3b4252', now(), now()
FROM generate_series(1, %s::bigint) n
"""
_OFFERS = """
INSERT INTO catalog_offer (product_id, merchant_id, merchant_sku, url, condition, amount, currency, availability,
    seen_at, state, state_reason, checked_at, next_check_at, times_missing, rate_shape, rate_days, click_weight,
    days_seen, created_at)
SELECT id, %s, slug, 'https://watched.example/p/' || slug, 'new', 49.9, 'USD', 'in_stock', now(), 'ok', '', now(),
    now(), 0, 0.5, 5, 0.02, 0, now()
FROM catalog_product WHERE slug LIKE 'watched-%%'
"""
_LINKS = """
INSERT INTO catalog_link (code, offer_id, redirect_status, is_active, fallback_path, created_at, updated_at)
SELECT merchant_sku, id, 302, true, '', now(), now() FROM catalog_offer WHERE merchant_sku LIKE 'watched-%%'
"""
_WATCHES = """
INSERT INTO reviews_watch (article_id, block_key, passage, condition, parameters, state, reason, is_told_broken,
    created_at)
SELECT %s, '', 'Under fifty dollars.', 'price_below', '{"amount": "50.00", "currency": "USD"}', 'holds', '', false,
    now()
FROM generate_series(1, %s::bigint)
"""
# The n-th claim is about the n-th product: each product has one.
_OF_PRODUCTS = """
INSERT INTO reviews_watchproduct (watch_id, product_id, position)
SELECT w.id, p.id, 1
FROM (SELECT id, row_number() OVER (ORDER BY id) n FROM reviews_watch) w
JOIN (SELECT id, row_number() OVER (ORDER BY id) n FROM catalog_product WHERE slug LIKE 'watched-%%') p USING (n)
"""
_CHANGE = """
UPDATE catalog_offer SET amount = amount + 0.01, seen_at = now()
WHERE id IN (SELECT id FROM catalog_offer WHERE merchant_sku LIKE 'watched-%%' ORDER BY id LIMIT %s OFFSET %s)
"""


def figures(folder: Path) -> list[Figure]:
    """`claim_watch_growth` and `claim_watch_bulk_growth`."""
    one: dict[int, float] = {}
    bulk: dict[int, float] = {}
    for count in (FEW, MANY):
        _grow(count)
        _seconds(1, 0)  # once before: connections and plans
        one[count] = min(_seconds(1, 7 * n) for n in range(1, ROUNDS + 1))
        bulk[count] = min(_seconds(BULK, 0) for _ in range(BULK_ROUNDS))
    _empty()
    return [
        _figure("claim_watch_growth", one, "hearing of one changed price and looking at its claim", ROUNDS),
        _figure("claim_watch_bulk_growth", bulk, f"the same for {BULK:,} changed prices at once", BULK_ROUNDS),
    ]


def _figure(name: str, seconds: dict[int, float], what: str, rounds: int) -> Figure:
    ratio = seconds[MANY] / seconds[FEW]
    return Figure(
        name=name,
        ratio=round(ratio, 2),
        goal=2,
        ok=ratio <= 2,
        unit=f"times the time among {FEW:,} watched claims, among {MANY:,} (less is better)",
        note=(
            f"{what}, the update with its triggers included: {seconds[FEW] * 1000:.1f} and "
            f"{seconds[MANY] * 1000:.1f} ms, the fastest of {rounds}"
        ),
        curve=Curve(
            title="Claims that hang on a price" if name == "claim_watch_growth" else f"On {BULK:,} changed prices",
            x="watched claims",
            y="ms",
            points=tuple((count, round(took * 1000, 1)) for count, took in seconds.items()),
        ),
    )


def _seconds(changed: int, skipped: int) -> float:
    """The change, its being heard of, and the look at what hangs on it."""
    from django.utils import timezone

    from reviews.services.watches import evaluate_changed

    looked = 0
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_CHANGE, [changed, skipped])
    while count := evaluate_changed(now=timezone.now()):
        looked += count
    seconds = time.perf_counter() - began
    assert looked == changed, f"{looked} claims were looked at, not {changed}"
    return seconds


def _grow(count: int) -> None:
    from tests.factories import make_article, make_merchant, make_product

    _empty()
    brand = make_product(f"Watched maker {count}").brand_id
    shop = make_merchant(f"Watched {count}", hosts=["watched.example"])
    article = make_article(f"watched-{count}")
    with connection.cursor() as cursor:
        cursor.execute(_PRODUCTS, [brand, count])
        cursor.execute(_OFFERS, [shop.pk])
        cursor.execute(_LINKS, [])
        cursor.execute(_WATCHES, [article.pk, count])
        cursor.execute(_OF_PRODUCTS, [])
        cursor.execute("DELETE FROM reviews_watchchange")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_product, catalog_offer, catalog_link, reviews_watch, reviews_watchproduct")


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE reviews_watch, reviews_watchproduct, reviews_watchevent, reviews_watchchange CASCADE")
        cursor.execute("TRUNCATE catalog_offer CASCADE")
        cursor.execute("DELETE FROM catalog_product WHERE slug LIKE 'watched-%%'")
        cursor.execute("TRUNCATE catalog_pagechange")

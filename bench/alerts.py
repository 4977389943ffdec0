"""Are a hundred thousand alerts answered by a thousand changed offers in a fixed number of statements, and how soon?"""

from __future__ import annotations

import statistics
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from bench.figures import Figure

PRODUCTS, ALERTS = 1_000, 100_000
ROUNDS = 3
# The plain way asks for each alert by itself; it is timed with so many of them and taken times the rest.
ASKED_PLAINLY = 1_000
GOAL = 0.1
_REST = timedelta(days=14)

_READERS = """
INSERT INTO readers_reader (address, confirmed_at, created_at, rhythm, news_rhythm, news_hour, link_version,
    suppressed_because)
SELECT 'waits' || n || '@mail.example', now(), now(), 'each', 'at_once', 8, 0, '' FROM generate_series(1, %s::bigint) n
"""
_CONSENTS = """
INSERT INTO readers_consent (reader_id, topic, label, wording, wording_version, asked_on, asked_at, how, key,
    confirmed_at)
SELECT id, 'alert:' || id, 'An alert', 'Yes.', 1, '/', now(), 'known', 'bench-' || id, now()
FROM readers_reader WHERE address LIKE 'waits%%'
"""
# A hundred wait for each product, each for another amount: from 0.81 to 81.00.
_ALERTS = """
INSERT INTO catalog_alert (consent_id, product_id, product_name, kind, amount, currency, country, is_armed, times_told,
    created_at)
SELECT c.id, p.id, p.model, 'below', (1 + c.n / %(products)s) * 0.81, 'USD',
    CASE WHEN c.n %% 3 = 0 THEN 'US' ELSE '' END, true, 0, now()
FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM readers_consent WHERE key LIKE 'bench-%%') c
JOIN (SELECT id, model, row_number() OVER (ORDER BY id) - 1 AS n FROM catalog_product WHERE slug LIKE 'awaited-%%') p
    ON p.n = c.n %% %(products)s
"""
_PRODUCTS = """
INSERT INTO catalog_product (brand_id, model, variant, slug, status, summary, colour, created_at, updated_at)
SELECT %s, 'Awaited ' || n, '', 'awaited-' || n, 'current', '', '#3b4252', now(), now()
FROM generate_series(1, %s::bigint) n
"""
_OFFERS = """
INSERT INTO catalog_offer (product_id, merchant_id, merchant_sku, url, condition, amount, currency, availability,
    seen_at, state, state_reason, checked_at, next_check_at, times_missing, rate_shape, rate_days, click_weight,
    days_seen, created_at)
SELECT id, %s, slug, 'https://awaited.example/p/' || slug, 'new', 99.9, 'USD', 'in_stock', now(), 'ok', '', now(),
    now(), 0, 0.5, 5, 0.02, 0, now()
FROM catalog_product WHERE slug LIKE 'awaited-%%'
"""
_LINKS = """
INSERT INTO catalog_link (code, offer_id, redirect_status, is_active, fallback_path, created_at, updated_at)
SELECT merchant_sku, id, 302, true, '', now(), now() FROM catalog_offer WHERE merchant_sku LIKE 'awaited-%%'
"""
_CHANGE = """
UPDATE catalog_offer SET amount = %s, seen_at = now() WHERE id IN (
    SELECT id FROM catalog_offer WHERE merchant_sku LIKE 'awaited-%%' ORDER BY id LIMIT %s
)
"""
_AS_BEFORE = """
UPDATE catalog_alert SET is_armed = true, base = NULL, told_at = NULL, times_told = 0;
DELETE FROM readers_news WHERE kind = 'alert';
DELETE FROM catalog_alertcheck;
"""


def figures(folder: Path) -> list[Figure]:
    """`alert_statements` and `alert_batch`."""
    _fill()
    few, many = _statements(PRODUCTS // 10), _statements(PRODUCTS)
    batch, plain, told = [], [], 0
    for _ in range(ROUNDS):
        _tidy()
        seconds, told = _batch()
        batch.append(seconds)
        plain.append(_plainly() * ALERTS / ASKED_PLAINLY)
    _empty()
    ratio = statistics.median(batch) / statistics.median(plain)
    return [
        Figure(
            name="alert_statements",
            ratio=round(many / few, 3),
            goal=1,
            ok=many == few,
            unit=f"statements for {PRODUCTS:,} changed offers ÷ for {PRODUCTS // 10:,} (less is better)",
            note=f"{few} and {many} statements; {ALERTS:,} alerts",
        ),
        Figure(
            name="alert_batch",
            ratio=round(ratio, 4),
            goal=GOAL,
            ok=ratio <= GOAL,
            unit=f"of the time that asking for each of {ALERTS:,} alerts by itself takes (less is better)",
            note=(
                f"{PRODUCTS:,} changed offers, {told:,} alerts told; {ROUNDS} alternating rounds, medians "
                f"{statistics.median(batch):.2f} s and {statistics.median(plain):.1f} s "
                f"(the plain way timed with {ASKED_PLAINLY:,} alerts and taken times {ALERTS // ASKED_PLAINLY})"
            ),
        ),
    ]


def _fill() -> None:
    from catalog.models import Brand, Merchant

    brand = Brand.objects.create(name="Awaited", slug="awaited")
    merchant = Merchant.objects.create(
        name="Awaited",
        slug="awaited",
        homepage="https://awaited.example/",
        hosts=["awaited.example"],
        country="US",
        currency="USD",
        source="manual",
        network="direct",
        max_price_age=None,
        alerts_allowed=True,
        mail_allowed=True,
        delivers_to=["US", "CA"],
    )
    with connection.cursor() as cursor:
        cursor.execute(_PRODUCTS, [brand.pk, PRODUCTS])
        cursor.execute(_OFFERS, [merchant.pk])
        cursor.execute(_LINKS)
        cursor.execute(_READERS, [ALERTS])
        cursor.execute(_CONSENTS)
        cursor.execute(_ALERTS, {"products": PRODUCTS})
        cursor.execute("ANALYZE catalog_alert, readers_consent, readers_reader, catalog_offer")


def _tidy() -> None:
    """What earlier rounds left behind would slow the plain way's many questions more than the batch's one."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) catalog_alert, readers_news, catalog_offer, readers_consent")


def _change(amount: float, count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_AS_BEFORE)
        cursor.execute(_CHANGE, [amount, count])


def _statements(count: int) -> int:
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from catalog.services.alert_rounds import evaluate_alerts

    _change(99.0, PRODUCTS)
    _change(79.0, count)
    with CaptureQueriesContext(connection) as seen:
        evaluate_alerts(now=timezone.now(), rest=_REST)
    return len(seen)


def _batch() -> tuple[float, int]:
    """Seconds of a round in which one in fifty alerts is told, and how many those are."""
    from django.utils import timezone

    from catalog.services.alert_rounds import evaluate_alerts
    from readers.models import News

    _change(99.0, PRODUCTS)
    _change(79.5, PRODUCTS)
    began = time.perf_counter()
    evaluate_alerts(now=timezone.now(), rest=_REST)
    return time.perf_counter() - began, News.objects.filter(kind="alert").count()


def _plainly() -> float:
    """Seconds for some of the alerts, each with a question and, where it is told, two writes of its own."""
    from django.db import transaction
    from django.utils import timezone

    from catalog.models import Alert, Offer
    from readers.models import News

    _change(99.0, PRODUCTS)
    _change(79.5, PRODUCTS)
    began = time.perf_counter()
    rows: Any = Alert.objects.filter(ended_at=None).select_related("consent").order_by("product_id", "pk")
    rows = rows[:ASKED_PLAINLY]
    with transaction.atomic():
        for alert in rows:
            offers = Offer.objects.buyable().filter(product=alert.product_id, currency=alert.currency)
            lowest = offers.select_related("merchant").order_by("amount").first()
            if lowest is None or lowest.amount is None or lowest.amount > (alert.amount or 0):
                continue
            Alert.objects.filter(pk=alert.pk).update(is_armed=False, told_at=timezone.now())
            News.objects.create(
                reader_id=alert.consent.reader_id,
                consent=alert.consent,
                kind="alert",
                ref=f"{alert.pk}.1",
                noted_at=timezone.now(),
            )
    return time.perf_counter() - began


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_link WHERE code LIKE 'awaited-%%'", [])
        cursor.execute("DELETE FROM readers_news WHERE kind = 'alert'")
        cursor.execute("DELETE FROM catalog_alert")
        cursor.execute("DELETE FROM readers_consent WHERE key LIKE 'bench-%%'", [])
        cursor.execute("DELETE FROM readers_reader WHERE address LIKE 'waits%%'", [])
        cursor.execute("DELETE FROM catalog_offer WHERE merchant_sku LIKE 'awaited-%%'", [])
        cursor.execute("DELETE FROM catalog_product WHERE slug LIKE 'awaited-%%'", [])
        cursor.execute("DELETE FROM catalog_alertcheck")

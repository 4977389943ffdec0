"""What does an offer's refresh cost as the catalogue grows? Claim, store and plan, at 10 k, 100 k and 1 M offers."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import connection
from django.utils import timezone

from bench.figures import Curve, Figure
from catalog.models import Merchant, Offer
from catalog.reading import Availability, Reading
from catalog.services import claims
from catalog.services.matching import by_sku, matched
from catalog.services.readings import store_answers

SIZES = (10_000, 100_000, 1_000_000)
MERCHANTS = 50
STROKES = 6
STROKE = 150  # as many as each merchant of the smallest size has due

_OFFERS = """
INSERT INTO catalog_offer (product_id, merchant_id, merchant_sku, url, condition, amount, currency, availability,
    seen_at, state, state_reason, checked_at, next_check_at, times_missing, rate_shape, rate_days, click_weight,
    days_seen, created_at)
SELECT %s, (%s::bigint[])[1 + n %% %s], 'g' || n, 'https://growth.example/p/' || n, 'new', 50 + n %% 400, 'USD',
    'in_stock', now() - interval '6 hours', 'ok', '', now() - interval '6 hours',
    now() - n %% 3600 * interval '1 second', 0, 0.5, 5, 0.02, 0, now()
FROM generate_series(%s::bigint, %s::bigint) n
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds per offer; `due` is milliseconds for finding all merchants with due offers."""

    claim: float
    store: float
    due: float


def figures(_folder: Path) -> list[Figure]:
    """`refresh_growth`: the cost per offer at a million beside that at ten thousand. Recorded; the goal is 2."""
    merchants, product = shops()
    costs: dict[int, Cost] = {}
    known = 0
    for size in SIZES:
        grow(product, merchants, known, size)
        known = size
        costs[size] = _cost(merchants)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE catalog_offer CASCADE")
        cursor.execute("TRUNCATE catalog_pagechange")
    first, last = costs[SIZES[0]], costs[SIZES[-1]]
    ratio = (last.claim + last.store) / (first.claim + first.store)
    told = "; ".join(
        f"{size:,}: claim {cost.claim:.0f} µs, store and plan {cost.store:.0f} µs an offer, find the due "
        f"{MERCHANTS} merchants {cost.due:.1f} ms"
        for size, cost in costs.items()
    )
    return [
        Figure(
            name="refresh_growth",
            ratio=round(ratio, 2),
            goal=2,
            ok=ratio <= 2,
            unit="times the cost per offer at 1,000,000 offers of that at 10,000 (less is better)",
            note=f"strokes of {STROKE} offers, one in twenty changed; {told}",
            curve=Curve(
                title="Refreshing a price among many",
                x="offers",
                y="µs an offer: claimed, stored, planned",
                points=tuple((size, round(cost.claim + cost.store)) for size, cost in costs.items()),
            ),
        )
    ]


def shops() -> tuple[list[Merchant], int]:
    from tests.factories import make_merchant, make_product

    shops = [make_merchant(f"Growth {n}", source="page_markup", least_worth=0.0001) for n in range(MERCHANTS)]
    return shops, make_product("Grown").pk


def grow(product: int, merchants: list[Merchant], first: int, last: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalog_offer DISABLE TRIGGER USER")
        cursor.execute(_OFFERS, [product, [one.pk for one in merchants], MERCHANTS, first, last - 1])
        cursor.execute("ALTER TABLE catalog_offer ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE catalog_offer")


def _cost(merchants: list[Merchant]) -> Cost:
    now = timezone.now()
    began = time.perf_counter()
    assert len(claims.merchants_due(now=now)) >= MERCHANTS
    due = time.perf_counter() - began
    claim = store = 0.0
    count = 0
    for merchant in merchants[: STROKES + 1]:
        began = time.perf_counter()
        offers = claims.claim_offers(merchant=merchant, now=now, limit=STROKE, everything=False)
        claim += time.perf_counter() - began
        answers = [_reading(offer, now) for offer in offers]
        began = time.perf_counter()
        store_answers(merchant=merchant, answers=matched(by_sku(offers), answers), now=now)
        store += time.perf_counter() - began
        count += len(offers)
        if merchant is merchants[0]:  # plans are made and caches filled once in a worker's life
            claim = store = 0.0
            count = 0
    # They are due again for the next size.
    Offer.objects.filter(claimed_at=None, checked_at=now).update(next_check_at=now - timedelta(hours=1))
    return Cost(claim=claim / count * 1e6, store=store / count * 1e6, due=due * 1000)


def _reading(offer: Offer, now: datetime) -> Reading:
    number = int(offer.merchant_sku[1:])
    amount = Decimal(50 + number % 400 + (1 if number // MERCHANTS % 20 == 0 else 0))
    return Reading(
        sku=offer.merchant_sku,
        amount=amount,
        currency="USD",
        seen_at=now,
        availability=Availability.IN_STOCK,
        raw_price=f"{amount} USD",
    )

"""How fast do prices become fresh, beside an HTTP client that throws the answers away, and beside the naive way?"""

from __future__ import annotations

import contextlib
import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpcore2
from celery import shared_task
from celery.contrib.testing.worker import start_worker
from django.db import connection
from django.utils import timezone

from bench.figures import Figure
from catalog import sources
from catalog.http import Door
from catalog.models import Merchant, Offer, Price
from catalog.reading import Availability, FeedState, Reading
from catalog.services import claims, prices
from catalog.sources.base import Answer, Pace, Source, Tokens, Wanted
from config.celery import app
from tests.ports import closed_port

OFFERS = 16_000
NAIVE = 200
ROUNDS = 3
CONNECTIONS = 16
ITEMS = 10


class BenchShop(Source):
    key = "bench_shop"
    label = "The bench's own shop"
    batch_size = 4000
    items_per_request = ITEMS
    parallel = CONNECTIONS
    pace = Pace(per_second=None)

    def read(
        self,
        wanted: Sequence[Wanted],
        settings: Mapping[str, str],
        *,
        door: Door,
        now: Any,
        state: FeedState,
        tokens: Tokens,
    ) -> Answer:
        ids = ",".join(one.sku for one in wanted)
        with door.get(f"{settings['server']}/items?ids={ids}") as reply:
            found = json.loads(reply.read())["items"]
        return Answer(
            items=iter(
                [
                    Reading(
                        sku=item["sku"],
                        amount=Decimal(item["price"]["amount"]),
                        currency=item["price"]["currency"],
                        seen_at=now,
                        availability=Availability(item["availability"]),
                        raw_price=item["price"]["amount"],
                    )
                    for item in found
                ]
            )
        )


@shared_task(name="bench.refresh.one_offer")
def one_offer(pk: int, server: str) -> None:
    """The naive way: one task, one request, one save per offer."""
    offer = Offer.objects.select_related("merchant", "product").get(pk=pk)
    with prices.door().get(f"{server}/items?ids={offer.merchant_sku}") as reply:
        said = json.loads(reply.read())["items"][0]["price"]
    amount = Decimal(said["amount"])
    if amount != offer.amount:
        Price.objects.create(
            offer=offer,
            amount=amount,
            currency=said["currency"],
            availability="in_stock",
            seen_at=timezone.now(),
            source="bench_shop",
        )
    offer.amount, offer.currency, offer.seen_at, offer.state = amount, said["currency"], timezone.now(), "ok"
    offer.checked_at = timezone.now()
    offer.next_check_at = timezone.now() + timedelta(hours=6)
    offer.save()


def figures(_folder: Path) -> list[Figure]:
    sources.SOURCES["bench_shop"] = BenchShop()
    found: list[Figure] = []
    with shop(30) as slow, shop(0) as instant:
        merchant = stored(slow)
        found += _figures(merchant, slow, "at 30 ms", goal=True)
        found += _figures(merchant, instant, "at 0 ms", goal=False)
    Merchant.objects.filter(pk=merchant.pk).update(is_active=False)
    return found


def _figures(merchant: Merchant, server: str, when: str, *, goal: bool) -> list[Figure]:
    Merchant.objects.filter(pk=merchant.pk).update(source_settings={"server": server}, hosts=[server[7:]])
    ours, raw = [], []
    for _ in range(ROUNDS):
        raw.append(_raw(server))
        ours.append(_pipeline(merchant))
    naive = _naive(merchant, server)
    ratio = statistics.median(a / b for a, b in zip(ours, raw, strict=True))
    note = (
        f"server {when}, {CONNECTIONS} connections, {ITEMS} items a request, {OFFERS:,} offers of which one in twenty "
        f"changed; medians {statistics.median(ours):,.0f} and {statistics.median(raw):,.0f} items/s"
    )
    name = when.replace(" ", "_")
    times = statistics.median(ours) / naive
    return [
        Figure(
            name=f"refresh_vs_http_client_{name}",
            ratio=round(ratio, 2),
            goal=0.5 if goal else 0,
            ok=ratio >= 0.5 or not goal,
            unit="of the items/s of a bare HTTP client that reads the bodies and throws them away",
            note=note,
        ),
        Figure(
            name=f"refresh_vs_naive_{name}",
            ratio=round(times, 1),
            goal=10,
            ok=times >= 10,
            unit="times the items/s of one Celery task, one request and one ORM save per offer (a real worker)",
            note=f"server {when}, naive {naive:,.0f} items/s over {NAIVE} offers, a solo worker on Redis",
        ),
    ]


@contextlib.contextmanager
def shop(milliseconds: int) -> Iterator[str]:
    """A merchant's server that answers after so long; its address."""
    port = closed_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.price_server", str(port), str(milliseconds)])
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def stored(server: str, *, name: str = "Bench shop", offers: int = OFFERS) -> Merchant:
    """The offers, made by SQL; nineteen of twenty know the price that the server says."""
    from bench.price_server import price
    from tests.factories import make_merchant, make_product

    merchant = make_merchant(name, source="bench_shop", source_settings={"server": server}, hosts=[server[7:]])
    merchant.history_allowed = True
    merchant.least_worth = 0.0001
    merchant.save()
    product = make_product(f"Refreshed {name}")
    now = timezone.now() - timedelta(hours=7)
    Offer.objects.bulk_create(
        Offer(
            product=product,
            merchant=merchant,
            merchant_sku=str(n),
            url=f"https://bench.example/{n}",
            amount=Decimal(price(n)),
            currency="USD",
            availability="in_stock",
            state="ok",
            seen_at=now,
        )
        for n in range(offers)
    )
    return merchant


def make_due() -> None:
    """All of these offers are due, and one in twenty has another price than the server says."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalog_offer SET next_check_at = now() - interval '1 minute', "
            "seen_at = now() - interval '6 hours', "
            "amount = CASE WHEN id % 20 = 0 THEN amount * 0.9 ELSE amount END WHERE merchant_sku ~ '^[0-9]+$'"
        )
        cursor.execute("VACUUM ANALYZE catalog_offer")


def _pipeline(merchant: Merchant) -> float:
    """Items/s of rounds that follow each other as the task queues them."""
    make_due()
    read = 0
    began = time.perf_counter()
    while claims.is_due(merchant_id=merchant.pk, now=timezone.now()):
        run = prices.refresh_merchant(merchant_id=merchant.pk, now=timezone.now(), door=_door(merchant))
        assert run is not None
        assert not run.error, run.error
        read += run.offers_read
    seconds = time.perf_counter() - began
    assert read == OFFERS, f"{read} of {OFFERS} were read"
    return read / seconds


def _door(merchant: Merchant) -> Any:
    from catalog.http import WebDoor

    merchant.refresh_from_db(fields=["hosts"])
    return WebDoor(user_agent="bench", allowed_private=frozenset(merchant.hosts))


def _raw(server: str) -> float:
    def ask(numbers: range) -> int:
        return len(pool.request("GET", f"{server}/items?ids={','.join(map(str, numbers))}").content) and len(numbers)

    with httpcore2.ConnectionPool(max_connections=CONNECTIONS) as pool, ThreadPoolExecutor(CONNECTIONS) as threads:
        began = time.perf_counter()
        count = sum(threads.map(ask, [range(n, n + ITEMS) for n in range(0, OFFERS, ITEMS)]))
        return count / (time.perf_counter() - began)


def _naive(merchant: Merchant, server: str) -> float:
    from django.conf import settings

    settings.PRIVATE_HOSTS_ALLOWED = [server[7:]]
    began_at = timezone.now()
    ids = list(Offer.objects.filter(merchant=merchant).values_list("pk", flat=True)[:NAIVE])
    app.control.purge()
    with start_worker(app, perform_ping_check=False, pool="solo", shutdown_timeout=60):
        began = time.perf_counter()
        for pk in ids:
            one_offer.delay(pk, server)
        while Offer.objects.filter(pk__in=ids, checked_at__gte=began_at).count() < len(ids):
            time.sleep(0.02)
        return len(ids) / (time.perf_counter() - began)

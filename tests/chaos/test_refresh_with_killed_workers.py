"""Workers are killed with -9 in the middle of refreshing: no price is doubled, none is lost, no claim stays."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count, F, QuerySet
from django.utils import timezone

from catalog import tasks
from catalog.models import Merchant, Offer, Price
from catalog.schedule import CLAIM_LIVES
from config import embedded
from config.celery import app
from tests.catalog.shop import Shop, Visit, open_shop
from tests.factories import make_merchant, make_product

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default"),
]

# A larger shop by hand: `CHAOS_OFFERS=100000 pytest tests/chaos/test_refresh_with_killed_workers.py`.
FEED, PAGES = int(os.environ.get("CHAOS_OFFERS", "3000")), 60
KILLS = 5
# A round of a large feed takes longer than one of a small one, and so does reading all that it stored.
PATIENCE = 10 + FEED / 2000
PAGE = """<!doctype html><script type="application/ld+json">{{"@context": "https://schema.org", "@type": "Product",
"name": "Item {sku}", "sku": "{sku}", "offers": {{"@type": "Offer", "price": "{price}", "priceCurrency": "USD",
"availability": "https://schema.org/InStock", "itemCondition": "https://schema.org/NewCondition"}}}}</script>"""


def amount(sku: str, version: int) -> Decimal:
    return Decimal(int(sku[1:]) % 400 + 100 + version)


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as opened:
        yield opened


class Prices:
    """What the server says; the feed comes in drips, so that workers die in the middle of it."""

    version = 0

    def feed(self, visit: Visit) -> None:
        lines = ["id\ttitle\tprice\tavailability\tcondition"]
        lines += [f"f{n}\tItem\t{amount(f'f{n}', self.version)} USD\tin stock\tnew" for n in range(FEED)]
        body = "\n".join(lines).encode()
        visit.start(content_length=str(len(body)), content_type="text/tab-separated-values")
        for start in range(0, len(body), len(body) // 8 + 1):
            visit.wfile.write(body[start : start + len(body) // 8 + 1])
            time.sleep(0.1)

    def page(self, visit: Visit) -> None:
        sku = visit.path.rpartition("/")[2]
        visit.answer(PAGE.format(sku=sku, price=amount(sku, self.version)).encode(), content_type="text/html")


@contextlib.contextmanager
def worker(host: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    site = urlsplit(os.environ.get("DATABASE_URL") or embedded.database_url())
    url = site._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "REDIS_URL": settings.REDIS_URL,
        "PRIVATE_HOSTS_ALLOWED": host,
        "SECRET_KEY": settings.SECRET_KEY,
        "DEBUG": "1",
    }
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-c", "2", "-l", "WARNING"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def children(process: subprocess.Popen[bytes]) -> list[int]:
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(pid) for pid in path.read_text().split()] if path.exists() else []


def until(check: Callable[[], bool], seconds: float = 90) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.2)
    return False


def time_passes() -> None:
    """As if a claim's life were over: what dead workers hold is free, and what live ones hold is taken from them."""
    for model in (Offer, Merchant):
        model.objects.filter(claimed_at__isnull=False).update(claimed_at=F("claimed_at") - CLAIM_LIVES)


def wrong(version: int) -> list[int]:
    """The offers that do not say what the server says."""
    rows = Offer.objects.values_list("pk", "merchant_sku", "amount")
    return [pk for pk, sku, known in rows if known != amount(sku, version)]


def are_due(offers: QuerySet[Offer]) -> None:
    offers.update(next_check_at=timezone.now() - timedelta(minutes=1))


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds a worker's children in /proc")
def test_nothing_is_doubled_and_nothing_is_lost(shop: Shop, tmp_path: Path) -> None:
    prices, dice = Prices(), random.Random(20261125)
    shop.serves("/feed.tsv", prices.feed)
    shop.serves("/p", prices.page)
    product = make_product()
    common = {"hosts": [shop.host], "requests_per_minute": 60_000}
    feed = make_merchant("Feed", source="merchant_feed", source_settings={"feed_url": shop.url("/feed.tsv")}, **common)
    pages = make_merchant("Pages", source="page_markup", source_settings={"robots": "ignore"}, **common)
    rows = [(feed, f"f{n}") for n in range(FEED)] + [(pages, f"p{n}") for n in range(PAGES)]
    Offer.objects.bulk_create(
        Offer(product=product, merchant=merchant, merchant_sku=sku, url=shop.url(f"/p/{sku}")) for merchant, sku in rows
    )
    app.control.purge()
    log = tmp_path / "worker.log"
    with worker(shop.host, log) as process:
        assert until(lambda: len(children(process)) >= 2, 30), log.read_text()
        for version in (0, 1):
            prices.version = version
            are_due(Offer.objects.all())
            for _ in range(KILLS):
                tasks.refresh_due_offers.delay()
                time.sleep(dice.uniform(0.3, 1.3) * PATIENCE / 10)
                if alive := children(process):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(dice.choice(alive), signal.SIGKILL)
                time_passes()
            for _ in range(6):
                time_passes()
                are_due(Offer.objects.filter(pk__in=wrong(version)))
                tasks.refresh_due_offers.delay()
                if until(lambda: not wrong(version), PATIENCE):  # noqa: B023
                    break
            assert not wrong(version), log.read_text()[-3000:]
        assert until(lambda: not Merchant.objects.filter(claimed_at__isnull=False).exists(), 20)
    time_passes()
    doubled = Price.objects.values("offer").annotate(rows=Count("id")).exclude(rows=2)
    assert list(doubled) == []
    assert Price.objects.filter(verdict="accepted").count() == 2 * (FEED + PAGES)
    assert not Offer.objects.filter(claimed_at__gt=timezone.now() - CLAIM_LIVES).exists()

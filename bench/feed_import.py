"""How fast does a feed come in, against COPY of the same rows, and is memory flat from 10 k to 1 M rows?

COPY is psycopg's `write_row` of the rows that `csv.reader` reads, into an unlogged table of text columns without an
index: the least that any loader of this file does. The import also understands, matches, judges and writes: of a
hundred rows 30 are products of ours, 65 are not, 1 is a doubt and 4 are broken. Every third matched row is an offer
that is new; the price of the others is the one of the last import. Rows differ in cost: what is unknown costs Python's
reading, a known offer an update, and a new one an offer, a link and a price with their index entries and checks, some
93 µs of PostgreSQL's time. Figures of the extremes stand beside it.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from bench.figures import Curve, Figure

ROWS = 200_000
MEMORY_AT = (10_000, 100_000, 1_000_000)
PRODUCTS = 3_000
COLUMNS = (
    "aw_product_id",
    "merchant_product_id",
    "product_name",
    "brand_name",
    "ean",
    "mpn",
    "search_price",
    "currency",
    "in_stock",
    "condition",
    "merchant_deep_link",
    "delivery_cost",
)


def figures(folder: Path) -> list[Figure]:
    _stock()
    half, whole, shop = folder / "half.csv", folder / "whole.csv", folder / "shop.csv"
    _write(whole, ROWS, matched=30)
    _write(half, ROWS, matched=30, leave_out_every=3)
    _write(shop, ROWS, matched=2)
    found = []
    copied = _copied(whole)
    first = _imported("first", whole)
    _imported("usual", half)
    usual = _imported("usual", whole)
    again = _imported("first", whole)
    large = _imported("large", shop)
    copied = (copied + _copied(whole)) / 2
    for name, speed, what in (
        ("feed_import", usual, "30 % matched, every third of them new"),
        ("feed_import_first", first, "30 % matched, all of them new"),
        ("feed_import_again", again, "30 % matched, none of them new"),
        ("feed_import_large_shop", large, "2 % matched, all of them new"),
    ):
        found.append(
            Figure(
                name=name,
                ratio=round(speed / copied, 3),
                goal=0.2,
                ok=speed / copied >= 0.2,
                unit=f"rows/s of an import ({what}) ÷ psycopg COPY of the same file's rows",
                note=f"{speed:,.0f} and {copied:,.0f} rows/s, {ROWS:,} rows of {len(COLUMNS)} columns",
            )
        )
    return [*found, _memory(folder)]


def _memory(folder: Path) -> Figure:
    """Peak memory of a process of its own at each size."""
    peaks = []
    for rows in MEMORY_AT:
        path = folder / "memory.csv"
        _write(path, rows, matched=30)
        command = [sys.executable, "-m", "bench.feed_import", str(path), f"memory {rows}"]
        said = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
        peaks.append(json.loads(said.stdout.splitlines()[-1])["peak_mb"])
    return Figure(
        name="feed_import_memory",
        ratio=round(peaks[-1] / peaks[-2], 3),
        goal=1.15,
        ok=peaks[-1] / peaks[-2] <= 1.15,
        unit=f"peak memory of an import of {MEMORY_AT[-1]:,} rows ÷ of {MEMORY_AT[-2]:,} (less is better)",
        note=", ".join(f"{peak:.0f} MB at {rows:,}" for rows, peak in zip(MEMORY_AT, peaks, strict=True)),
        curve=Curve(
            title="Memory of an import",
            x="rows of the feed",
            y="MB at its peak",
            points=tuple((rows, round(peak)) for rows, peak in zip(MEMORY_AT, peaks, strict=True)),
        ),
    )


def _gtin(number: int) -> str:
    digits = f"400{number:09d}"
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str((10 - weighed % 10) % 10)


def _stock() -> None:
    """The catalogue that the feed's items are looked up in."""
    from catalog.models import Brand, Product, ProductCode

    brands = Brand.objects.bulk_create(Brand(name=f"Brand{n}", slug=f"brand{n}") for n in range(100))
    products = Product.objects.bulk_create(
        Product(brand=brands[n % 100], model=f"Model X{n}", slug=f"brand{n % 100}-model-x{n}") for n in range(PRODUCTS)
    )
    ProductCode.objects.bulk_create(
        ProductCode(product=product, scheme=scheme, value=value)
        for n, product in enumerate(products)
        for scheme, value in (("gtin", _gtin(n)), ("mpn", f"MP-{n}"))
    )


def _write(path: Path, rows: int, *, matched: int, leave_out_every: int = 0) -> None:
    """`leave_out_every`: of the matched rows, each such one is a stranger's in this file and ours in the whole one."""
    with path.open("w", newline="") as file:
        written = csv.writer(file)
        written.writerow(COLUMNS)
        written.writerows(_rows(rows, matched, leave_out_every))


def _rows(rows: int, matched: int, leave_out_every: int) -> Iterator[list[str]]:
    for number in range(rows):
        kind, product = number % 100, number % PRODUCTS
        sku, price, brand = f"SKU-{number}", f"{10 + number % 500}.99", f"Other{number % 700}"
        title, ean, mpn = f"{brand} Thing {number} Wireless, Black", f"{9_990_000_000_000 + number}", f"OT-{number}"
        is_left_out = leave_out_every and number % leave_out_every == 0
        if kind < matched and not is_left_out:
            brand, ean, mpn = f"Brand{product % 100}", _gtin(product), f"MP-{product}"
            title = f"{brand} Model X{product} Headphones"
        elif kind == 95:
            brand = f"Brand{product % 100}"
            title = f"{brand} Model X{product} Headphones, Black"
        elif kind > 95:
            sku, price = ("", price) if kind == 96 else (sku, {97: "", 98: "0.00", 99: "from 10"}[kind])
        page = f"https://bench.example/p/item-{number}-with-some-words"
        yield [f"{30_000_000_000 + number}", sku, title, brand, ean, mpn, price, "USD", "1", "new", page, "4.95"]


def _copied(path: Path) -> float:
    """Rows a second of COPY alone; the best of three."""
    from django.db import connection, transaction

    best = 0.0
    names = ", ".join(f"{column} text" for column in COLUMNS)
    for _ in range(3):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"CREATE UNLOGGED TABLE bench_stage ({names})")
            began = time.perf_counter()
            with path.open(newline="") as file, cursor.copy("COPY bench_stage FROM STDIN") as copy:
                for row in islice(csv.reader(file), 1, None):
                    copy.write_row(row)
            best = max(best, ROWS / (time.perf_counter() - began))
            cursor.execute("DROP TABLE bench_stage")
    return best


def _imported(shop: str, path: Path) -> float:
    """Rows a second of one import, from the claim to the last commit."""
    from django.core.files.uploadedfile import UploadedFile
    from django.utils import timezone

    from catalog.http import WebDoor
    from catalog.models import FeedImport, Merchant
    from catalog.services import feed_imports
    from tests.factories import make_merchant

    merchant = Merchant.objects.filter(name=shop).first() or make_merchant(shop, hosts=["bench.example"])
    with path.open("rb") as file:
        uploaded = UploadedFile(file, name="feed.csv", size=path.stat().st_size)
        started = feed_imports.start_import(merchant=merchant, uploaded=uploaded, url="", by="bench")
    feed_imports.detect(feed_import=started, door=WebDoor(user_agent="bench"))
    feed_imports.queue_import(feed_import=started)
    began = time.perf_counter()
    done = feed_imports.run_import(feed_import_id=started.pk, now=timezone.now())
    took = time.perf_counter() - began
    assert done is not None
    assert done.state == FeedImport.State.DONE, done.error
    assert done.rows_matched + done.rows_doubtful + done.rows_unknown + done.rows_refused == done.position
    return done.position / took


def _measure_memory(path: Path, shop: str) -> None:
    import django

    django.setup()
    _imported(shop, path)
    # Not getrusage: its peak outlives exec, so that a child begins with its parent's.
    status = Path("/proc/self/status").read_text().splitlines()
    peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
    print(json.dumps({"peak_mb": int(peak) / 1024}))


if __name__ == "__main__":
    _measure_memory(Path(sys.argv[1]), sys.argv[2])

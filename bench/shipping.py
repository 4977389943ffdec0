"""How fast do clicks get from the spool into the ledger, counted, beside a COPY that only stores the same rows?

What each step costs, and what was tried, stands in docs/decisions/0017-shipping-clicks.md.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection
from uuid_utils import uuid7

from bench.figures import Figure
from catalog.clicks.rows import COLUMNS, copy_lines, parse
from catalog.models import ClickTally, CountedVisit
from catalog.services.click_partitions import make_click_partitions
from catalog.services.clicks import ship_clicks
from catalog.services.tallies import copy_in

CLICKS = 200_000
ROUNDS = 3
LINKS, PAGES, READERS = 5_000, 400, 60_000
_SPREAD = 2_654_435_761_000_003
PIECE = 25_000
GOAL, GOAL_PER_SECOND = 0.5, 50_000.0


def figures(folder: Path) -> list[Figure]:
    make_click_partitions(now=datetime.now(UTC))
    ours, copied = [], []
    for number in range(ROUNDS):
        lines = _lines(random.Random(number))
        copied.append(_copied(lines))
        ours.append(_shipped(folder / f"spool {number}", lines))
    _empty()
    ratio = statistics.median(a / b for a, b in zip(ours, copied, strict=True))
    fastest = statistics.median(ours)
    return [
        Figure(
            name="shipping_vs_copy",
            ratio=round(ratio, 2),
            goal=GOAL,
            ok=ratio >= GOAL or fastest >= GOAL_PER_SECOND,
            unit="of the clicks/s of a COPY of the same rows into the same table; or 50,000 clicks/s",
            note=(
                f"{CLICKS:,} clicks of {READERS:,} readers on {LINKS:,} links, read, judged, stored, counted from "
                f"eleven sides, repeats found; medians {fastest:,.0f} and {statistics.median(copied):,.0f} clicks/s"
            ),
        )
    ]


def _lines(dice: random.Random) -> list[bytes]:
    """Clicks as the web side writes them: few links get most of them, every reader has one of 600 browsers."""
    agents = [
        f"Mozilla/5.0 (X11; Linux x86_64; rv:{version}.0) Gecko/20100101 Firefox/{version}.{minor}"
        for version in range(100, 160)
        for minor in range(10)
    ]
    made = []
    for _ in range(CLICKS):
        reader = dice.randrange(READERS)
        link = int(dice.paretovariate(0.8)) % LINKS
        page = link % PAGES
        made.append(
            f"2\t{uuid7()}\t1\tlink-{link}\ta{page}.{dice.randrange(6)}.1\t\tDE\tde\t/guides/{page}/\t"
            f"{reader * _SPREAD % 2**64:016x}\t{link + 1}\t\tr\t\t{agents[reader % 600]}\n".encode()
        )
    return made


def _copied(lines: Sequence[bytes]) -> float:
    """Clicks/s of a COPY that is handed the finished rows."""
    _empty()
    rows = list(copy_lines((parse(line[:-1]), False) for line in lines))
    began = time.perf_counter()
    for start in range(0, len(rows), PIECE):
        copy_in(f"COPY catalog_click ({', '.join(COLUMNS)}) FROM STDIN", rows[start : start + PIECE])
    return len(rows) / (time.perf_counter() - began)


def _shipped(folder: Path, lines: Sequence[bytes]) -> float:
    """Clicks/s of the product's own way, from finished segments."""
    _empty()
    folder.mkdir()
    for start in range(0, len(lines), CLICKS // 4):
        (folder / f"{uuid7()}.clicks").write_bytes(b"".join(lines[start : start + CLICKS // 4]))
    began = time.perf_counter()
    shipment = ship_clicks(now=datetime.now(UTC), folder=folder)
    seconds = time.perf_counter() - began
    assert (shipment.stored, shipment.rejected) == (len(lines), 0)
    total = ClickTally.objects.get(dimension="total")
    assert total.clicks == len(lines) > total.net_clicks > 0
    return len(lines) / seconds


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE catalog_click, catalog_clicktally, catalog_countedvisit")
        cursor.execute("VACUUM ANALYZE catalog_countedvisit")
    assert not CountedVisit.objects.exists()

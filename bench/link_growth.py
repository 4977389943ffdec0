"""What does a million links cost beside a thousand: requests per second, memory, the start and an edit?"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from bench.figures import Curve, Figure
from bench.servers import Load, generator, granian, load_scripted, location, resident_bytes
from catalog.link_table import LinkTable
from catalog.models import Link
from catalog.placements import token

FEW, MANY = 1_000, 1_000_000
ROUNDS = 3
SECONDS = 3
SHOPS = 50

_OFFERS = """
INSERT INTO catalog_offer (product_id, merchant_id, merchant_sku, url, condition, amount, currency, availability,
    seen_at, state, state_reason, checked_at, next_check_at, times_missing, rate_shape, rate_days, click_weight,
    days_seen, created_at)
SELECT %s, (%s::bigint[])[1 + n %% %s], 'l' || n, 'https://links.example/headphones/some-model-' || n, 'new', 50,
    'EUR', 'in_stock', now(), 'ok', '', now(), now(), 0, 0.5, 5, 0.02, 0, now()
FROM generate_series(1, %s::bigint) n
"""
_LINKS = """
INSERT INTO catalog_link (code, offer_id, redirect_status, is_active, fallback_path, created_at, updated_at)
SELECT 'model-' || substr(merchant_sku, 2), id, 302, true, '', now(), now()
FROM catalog_offer WHERE merchant_sku LIKE 'l%%' AND product_id = %s
"""
# As clicks fall: the link of rank n is followed 1/n as often as the first.
_ASKING = """
math.randomseed(%(seed)d)
function request()
  return wrk.format("GET", "/go/model-" .. math.floor(%(links)d ^ math.random()) .. "/?p=%(place)s")
end
"""


def figures(folder: Path) -> list[Figure]:
    """`go_link_growth` and `go_bytes_per_link`."""
    if generator() != "wrk":
        print("go_link_growth is left out: wrk is not installed here", flush=True)
        return []
    tables, read = {}, 0.0
    for links in (FEW, MANY):
        _grow(links)
        tables[links] = folder / f"links-{links}.snapshot"
        began = time.perf_counter()
        table = LinkTable(tables[links])
        table.refresh()
        read = time.perf_counter() - began
        _until(tables[links].exists)
    edit = _edit(tables[MANY])
    rates: dict[int, list[float]] = {FEW: [], MANY: []}
    memory: dict[int, int] = {}
    start = 0.0
    for _ in range(ROUNDS):
        for links, snapshot in tables.items():
            began = time.perf_counter()
            load, memory[links] = _measured(folder, links, snapshot)
            start = time.perf_counter() - began - SECONDS
            rates[links].append(load.per_second)
    _empty()
    return [_throughput(rates), _memory(memory, read, edit, start)]


def _grow(links: int) -> None:
    from tests.factories import make_merchant, make_product

    _empty()
    settings = {"parameter": "ref", "value": "bench", "sub_id_parameter": "subid"}
    name = f"Links {links}"
    shops = [make_merchant(f"{name} {n}", hosts=["links.example"], network_settings=settings).pk for n in range(SHOPS)]
    product = make_product(name).pk
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalog_offer DISABLE TRIGGER USER")
        cursor.execute(_OFFERS, [product, shops, SHOPS, links])
        cursor.execute("ALTER TABLE catalog_offer ENABLE TRIGGER USER")
        cursor.execute(_LINKS, [product])
        cursor.execute("ANALYZE catalog_offer, catalog_link")


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE catalog_offer CASCADE")
        cursor.execute("TRUNCATE catalog_pagechange")


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _edit(snapshot: Path) -> float:
    """Seconds that a table of all links takes to have an edit of one."""
    table = LinkTable(snapshot)
    table.restore()
    table.refresh()
    Link.objects.filter(code="model-500").update(redirect_status=307)
    began = time.perf_counter()
    table.refresh()
    assert table.links["model-500"].status == 307
    return time.perf_counter() - began


def _measured(folder: Path, links: int, snapshot: Path) -> tuple[Load, int]:
    script = folder / "asking.lua"
    script.write_text(_ASKING % {"seed": links, "links": links, "place": token("a1.1.1")})
    environment = {"LINK_SNAPSHOT": str(snapshot), "CLICK_SPOOL_DIR": str(folder / "growth-spool")}
    with granian("config.wsgi:application", log=folder / "growth.log", environment=environment) as site:
        _until(lambda: "model-1" in location(f"{site}/go/model-1/"))
        memory = resident_bytes(site)
        return load_scripted(site, script, seconds=SECONDS), memory


def _throughput(rates: dict[int, list[float]]) -> Figure:
    few, many = (statistics.median(rates[links]) for links in (FEW, MANY))
    return Figure(
        name="go_link_growth",
        ratio=round(many / few, 2),
        goal=0.9,
        ok=many / few >= 0.9,
        unit=f"times the requests per second among {FEW:,} links, among {MANY:,}",
        note=(
            f"links followed as 1/rank, wrk with 16 connections, {ROUNDS} alternating rounds of {SECONDS} s, "
            f"medians {few:,.0f} and {many:,.0f} requests/s"
        ),
        curve=Curve(
            title="Redirects among many links",
            x="links",
            y="requests a second",
            points=((FEW, round(few)), (MANY, round(many))),
        ),
    )


def _memory(memory: dict[int, int], read: float, edit: float, start: float) -> Figure:
    each = (memory[MANY] - memory[FEW]) / (MANY - FEW)
    return Figure(
        name="go_bytes_per_link",
        ratio=round(each),
        goal=600,
        ok=each <= 600,
        unit="bytes of a web process' memory for each link (less is better)",
        note=(
            f"{memory[FEW] / 1e6:,.0f} MB with {FEW:,} links, {memory[MANY] / 1e6:,.0f} MB with {MANY:,}; there, "
            f"reading all of them takes {read:.1f} s, starting two processes from the snapshot {start:.1f} s, and "
            f"hearing of one edit {edit * 1000:.0f} ms"
        ),
    )

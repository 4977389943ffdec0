"""How long does the catalogue take for three filters, words, all counts and a page, and how long would others?

Each question is asked of the index in memory, of PostgreSQL alone and of SQLite with FTS5 in memory, over the same
products. Those two read words as they stand: no typing errors, no meanings.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from bench import catalogue_rows, catalogue_sql
from bench.figures import Curve, Figure
from catalog.facets import answer
from catalog.facets.index import Index
from catalog.facets.rows import ProductRow

SIZES = {10_000: 20, 100_000: 30, 1_000_000: 60}
QUESTIONS, WARM = 240, 16
# The databases are asked fewer: they take seconds.
FEWER = 24
COMPARED = (10_000, 100_000)
PAGE = 24
T = TypeVar("T")


def figures(_folder: Path) -> list[Figure]:
    """`catalogue_10k`, `…_100k`, `…_1m`, `catalogue_growth`, `catalogue_beside_postgresql`, `…_sqlite`."""
    p95, notes, beside = {}, {}, {}
    for size in SIZES:
        p95[size], notes[size] = _index(size)
    for name, engine in catalogue_sql.ENGINES.items():
        beside[name] = {size: _engine(engine, size) for size in COMPARED}
    found = [
        Figure(
            name=f"catalogue_{_short(size)}",
            ratio=round(p95[size], 2),
            goal=goal,
            ok=p95[size] <= goal,
            unit="ms of one core for three filters, words, all counts and a page, p95 (less is better)",
            note=notes[size],
        )
        for size, goal in SIZES.items()
    ]
    sizes = list(SIZES)
    growth = max(p95[large] / p95[small] for small, large in pairwise(sizes))
    found.append(
        Figure(
            name="catalogue_growth",
            ratio=round(growth, 2),
            goal=10,
            ok=growth < 10,
            unit="times the p95 for ten times the products, the worse of two steps (less is better)",
            note=" → ".join(f"{p95[size]:.2f} ms at {size:,}" for size in sizes),
            curve=Curve(
                title="The catalogue's filters",
                x="products",
                y="ms of one core, 95th percentile",
                points=tuple((size, round(p95[size], 1)) for size in sizes),
            ),
        )
    )
    largest = COMPARED[-1]
    for name, times in beside.items():
        ratio = times[largest] / p95[largest]
        found.append(
            Figure(
                name=f"catalogue_beside_{name}",
                ratio=round(ratio, 1),
                goal=1,
                ok=ratio >= 1,
                unit=f"times the index' p95 that {name} takes at {largest:,} products (more is better)",
                note="p95 " + ", ".join(f"{value:.1f} ms at {size:,}" for size, value in times.items()),
            )
        )
    return found


def _index(size: int) -> tuple[float, str]:
    gc.collect()
    gc.disable()  # a million rows that are all kept: looking through them for circles doubles the time
    try:
        rows = list(catalogue_rows.rows(size))
        built, index = _milliseconds(lambda: Index.of(rows, {}, catalogue_rows.NOW))
        changed = rows[:: max(1, size // 200)][:200]
        rows.clear()
    finally:
        gc.enable()
    gc.freeze()
    asked = catalogue_rows.questions(QUESTIONS)
    for one in asked[:WARM]:
        answer.find(index, one, start=0, size=PAGE)
    waits = []
    for number, one in enumerate(asked):
        spent, found = _milliseconds(partial(answer.find, index, one, start=0, size=PAGE))
        waits.append(spent)
        assert found.counts["brand"], number
    dearer = _dearer(changed)
    put, _ = _milliseconds(partial(_put, index, dearer))
    gc.unfreeze()
    return _p95(waits), (
        f"{size:,} products, {QUESTIONS} questions, median {sorted(waits)[len(waits) // 2]:.2f} ms; built in "
        f"{built / 1000:.1f} s; {len(changed)} products with another price put in within {put:.0f} ms"
    )


def _put(index: Index, rows: Iterable[ProductRow]) -> None:
    for row in rows:
        index.put(row)


def _dearer(rows: Iterable[ProductRow]) -> list[ProductRow]:
    return [
        replace(row, offers=tuple(replace(offer, total=(offer.total or Decimal(0)) + 1) for offer in row.offers))
        for row in rows
    ]


def _engine(fill: Callable[[Iterable[ProductRow]], catalogue_sql.Ask], size: int) -> float:
    """The p95 in milliseconds of the wall, since another process may do the work."""
    asked = catalogue_rows.questions(FEWER)
    ask = fill(catalogue_rows.rows(size))
    ask(asked[0])
    waits = []
    for one in asked:
        began = time.perf_counter()
        ask(one)
        waits.append((time.perf_counter() - began) * 1000)
    return _p95(waits)


def _milliseconds(work: Callable[[], T]) -> tuple[float, T]:
    began = time.thread_time()
    done = work()
    return (time.thread_time() - began) * 1000, done


def _p95(waits: list[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.95)]


def _short(size: int) -> str:
    return "1m" if size == 1_000_000 else f"{size // 1000}k"

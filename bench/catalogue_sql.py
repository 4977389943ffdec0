"""How would a database answer the catalogue's questions? PostgreSQL, and SQLite with FTS5 in memory.

One wide table as good as it is quickly written: a column for each facet, those with several values beside, every
column that is filtered indexed, the words in the database's own full-text index.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from catalog.facets.asked import Asked
from catalog.facets.choices import FACETS, FacetSort
from catalog.facets.rows import ProductRow, prices_of, stock_of
from catalog.facets.words import pieces

Ask = Callable[[Asked], None]
_ONE = [facet.key for facet in FACETS if facet.sort in {FacetSort.FLAG, FacetSort.CHOICE}]
_SEVERAL = [facet.key for facet in FACETS if facet.sort is FacetSort.LIST]
_NUMBERS = [facet.key for facet in FACETS if facet.sort.is_range]
_PAGE = 24


def _wide(row: ProductRow) -> list[Any]:
    from bench.catalogue_rows import NOW

    values = {**row.values, "stock": (stock_of(row.offers, NOW),)}
    price = prices_of(row.offers, NOW).get("USD")
    numbers = {**row.numbers, **({"price": price} if price is not None else {})}
    return [
        row.id,
        f"{row.brand_name} {row.model}",
        *((values.get(key) or ("",))[0] or None for key in _ONE),
        *(float(numbers[key]) if key in numbers else None for key in _NUMBERS),
    ]


def _pairs(row: ProductRow) -> list[tuple[int, str, str]]:
    return [(row.id, key, value) for key in _SEVERAL for value in row.values.get(key, ())]


def _text(row: ProductRow) -> str:
    name = f"{row.brand_name} {row.model}"
    return " ".join((name.replace("-", ""), *pieces(name), *row.codes))


def _conditions(asked: Asked) -> dict[str, str]:
    """SQL of each part but the words. Nothing of it comes from strangers."""
    parts = {}
    for key, chosen in asked.choices.items():
        listed = ", ".join(f"'{value}'" for value in sorted(chosen))
        several = f"id IN (SELECT id FROM bench_several WHERE facet = '{key}' AND value IN ({listed}))"
        parts[key] = several if key in _SEVERAL else f"{key} IN ({listed})"
    for key, wanted in asked.ranges.items():
        if wanted.high is not None:
            parts[key] = f"{key} <= {wanted.high}"
    return parts


_ORDER = {"price": "price NULLS LAST, name", "weight_g": "weight_g NULLS LAST, name"}


def _statements(asked: Asked, words: str) -> list[str]:
    """What fits into `found`, then the page, the spans, every facet's counts; of asked facets without themselves."""
    parts = _conditions(asked) | {"words": words}
    columns = ", ".join(("id", "name", *_ONE, *_NUMBERS))
    spans = ", ".join(f"min({key}), max({key})" for key in _NUMBERS)
    made = [
        f"CREATE TEMP TABLE found AS SELECT {columns} FROM bench_wide WHERE {' AND '.join(parts.values())}",
        f"SELECT id FROM found ORDER BY {_ORDER.get(asked.sort, 'name')} LIMIT {_PAGE}",
        f"SELECT count(*), {spans} FROM found",
        *(f"SELECT {key}, count(*) FROM found GROUP BY 1" for key in _ONE if key not in parts),
        "SELECT facet, value, count(*) FROM bench_several WHERE id IN (SELECT id FROM found) GROUP BY 1, 2",
        "DROP TABLE found",
    ]
    for key in asked.choices:
        others = " AND ".join(condition for part, condition in parts.items() if part != key)
        made.append(f"SELECT {key}, count(*) FROM bench_wide WHERE {others} GROUP BY 1")
    return made


def _postgresql(rows: Iterable[ProductRow]) -> Ask:
    from django.db import connection

    types = [*(f"{key} text" for key in _ONE), *(f"{key} float8" for key in _NUMBERS)]
    grouping = ", ".join(f"({key})" for key in _ONE)

    def ask(asked: Asked) -> None:
        tsquery = " & ".join(f"{word}:*" for word in asked.words.replace("-", "").lower().split())
        statements = _statements(asked, f"words @@ to_tsquery('simple', '{tsquery}')")
        counts = [line for line in statements if line.startswith("SELECT") and "FROM found GROUP BY 1" in line]
        with connection.cursor() as cursor:
            for line in statements:
                if line not in counts:
                    cursor.execute(line)
                elif line == counts[0]:  # PostgreSQL counts them all in one pass
                    cursor.execute(f"SELECT {', '.join(_ONE)}, count(*) FROM found GROUP BY GROUPING SETS ({grouping})")

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_wide, bench_several")
        cursor.execute(
            f"CREATE UNLOGGED TABLE bench_wide (id int PRIMARY KEY, name text, {', '.join(types)}, words tsvector)"
        )
        cursor.execute("CREATE UNLOGGED TABLE bench_several (id int, facet text, value text)")
        several: list[tuple[int, str, str]] = []
        names = ", ".join(("id", "name", *_ONE, *_NUMBERS, "words"))
        with cursor.copy(f"COPY bench_wide ({names}) FROM STDIN") as copy:
            for row in rows:
                # The `simple` vector of the words, made here.
                copy.write_row([*_wide(row), " ".join(f"'{word}'" for word in sorted(set(_text(row).lower().split())))])
                several += _pairs(row)
        with cursor.copy("COPY bench_several FROM STDIN") as copy:
            for pair in several:
                copy.write_row(pair)
        cursor.execute("CREATE INDEX ON bench_wide USING gin (words)")
        for key in ("kind", "price", "weight_g", "brand", "form_factor"):
            cursor.execute(f"CREATE INDEX ON bench_wide ({key})")
        cursor.execute("CREATE INDEX ON bench_several (id)")
        cursor.execute("VACUUM ANALYZE bench_wide")
        cursor.execute("VACUUM ANALYZE bench_several")
    return ask


def _sqlite(rows: Iterable[ProductRow]) -> Ask:
    """In memory, with FTS5."""
    database = sqlite3.connect(":memory:")
    types = [*(f"{key} text" for key in _ONE), *(f"{key} real" for key in _NUMBERS)]
    database.execute(f"CREATE TABLE bench_wide (id integer PRIMARY KEY, name text, {', '.join(types)}, words text)")
    database.execute("CREATE TABLE bench_several (id integer, facet text, value text)")
    database.execute("CREATE VIRTUAL TABLE bench_words USING fts5(words, content='', prefix='2 3')")
    marks = ", ".join("?" * (3 + len(_ONE) + len(_NUMBERS)))
    waiting = iter(rows)
    while some := list(islice(waiting, 10_000)):
        database.executemany(f"INSERT INTO bench_wide VALUES ({marks})", [[*_wide(row), _text(row)] for row in some])
        pairs = [pair for row in some for pair in _pairs(row)]
        database.executemany("INSERT INTO bench_several VALUES (?, ?, ?)", pairs)
        texts = [(row.id, _text(row)) for row in some]
        database.executemany("INSERT INTO bench_words (rowid, words) VALUES (?, ?)", texts)
    for key in ("kind", "price", "weight_g", "brand"):
        database.execute(f"CREATE INDEX by_{key} ON bench_wide ({key})")
    database.execute("CREATE INDEX several_of ON bench_several (id)")

    def ask(asked: Asked) -> None:
        words = asked.words.replace("-", "").lower().split()
        match = " AND ".join(f'"{word}"*' for word in words)
        fits = f"id IN (SELECT rowid FROM bench_words WHERE bench_words MATCH '{match}')"
        for line in _statements(asked, fits):
            database.execute(line).fetchall()

    return ask


# Filled with rows, each gives what asks it.
ENGINES: dict[str, Callable[[Iterable[ProductRow]], Ask]] = {"postgresql": _postgresql, "sqlite": _sqlite}

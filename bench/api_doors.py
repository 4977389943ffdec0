"""What does a key cost on a request to the API, and what does a filtered page of products cost as products become many?

The key is looked up in the database at each request (so that a revoked one is shut at once), and its day of use is
looked at. Both kinds of requests go in turn through all of Django in one process; no network between.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.test import Client
from django.utils import timezone

from bench.figures import Curve, Figure

SIZES = (7_000, 100_000)
ROUNDS = 60
GOAL_KEY, GOAL_GROWTH = 1.5, 3
_STROKE = 5_000
_TYPES = ("over-ear", "on-ear", "in-ear", "wireless", "noise-cancelling")
_DOOR = "/api/v1/products/"
# One in five products, wireless ones of them, light ones of those; and everything of one flag, which is half of all.
_FEW = {"type": "over-ear", "wireless": "yes", "weight_g": "-250"}
_MANY = {"wireless": "yes"}


def figures(_folder: Path) -> list[Figure]:
    """`api_key_cost`, `api_products_growth` and `api_products_growth_half`."""
    from config.api_limits import PerClient

    PerClient.THROTTLE_RATES |= dict.fromkeys(("key", "anon"), "100000000/min")
    client, times = Client(headers={"Host": "localhost"}), {}
    made = 0
    for size in SIZES:
        _grow(made, size)
        made = size
        _until_read(size)
        times[size] = {name: _median(lambda asked=asked: _ask(client, asked)) for name, asked in _asked()}
    return [_key_cost(client), *(_growth(times, name) for name, _ in _asked())]


def _asked() -> Iterator[tuple[str, dict[str, str]]]:
    yield "", _FEW
    yield "_half", _MANY


def _key_cost(client: Client) -> Figure:
    from partners.services.api_keys import issue_key

    ends = timezone.now() + timedelta(days=30)
    _, secret = issue_key(name="Bench", contact="", scopes=["links:read"], expires_at=ends)
    headers = {"Authorization": f"Bearer {secret}"}
    door = f"{_DOOR}model-1/"
    for sent in ({}, headers):  # warms both; the day's first use is written down
        client.get(door, headers=sent)

    def asked(sent: dict[str, str]) -> float:
        return _milliseconds(lambda: _ok(client.get(door, headers=sent)))

    pairs = [(asked(headers), asked({})) for _ in range(ROUNDS)]
    ratio = statistics.median(with_ / without for with_, without in pairs)
    told = [statistics.median(one) for one in zip(*pairs, strict=True)]
    return Figure(
        name="api_key_cost",
        ratio=round(ratio, 2),
        goal=GOAL_KEY,
        ok=ratio <= GOAL_KEY,
        unit="times as long to answer for one product by key as without (less is better)",
        note=f"{ROUNDS} requests each way in turn, medians {told[0]:.1f} and {told[1]:.1f} ms",
    )


def _growth(times: dict[int, dict[str, float]], name: str) -> Figure:
    few, many = (times[size][name] for size in SIZES)
    what = dict(_asked())[name]
    words = "&".join(f"{key}={value}" for key, value in what.items())
    return Figure(
        name=f"api_products_growth{name}",
        ratio=round(many / few, 2),
        goal=GOAL_GROWTH,
        ok=many / few <= GOAL_GROWTH,
        unit=f"times as long for a page of products?{words} among {SIZES[1]:,} products as among {SIZES[0]:,} "
        "(less is better)",
        note=f"fifty products a page, medians of {ROUNDS}: {few:.0f} and {many:.0f} ms",
        curve=Curve(
            title=f"Pages of products over the API ({words})",
            x="products",
            y="ms a page",
            points=tuple((size, round(times[size][name], 1)) for size in SIZES),
        ),
    )


def _grow(first: int, last: int) -> None:
    from catalog.models import AudioSpecs, Brand, Product

    brands = [Brand.objects.get_or_create(slug=f"brand-{n}", defaults={"name": f"Brand {n}"})[0] for n in range(100)]
    numbers = iter(range(first, last))
    while some := list(islice(numbers, _STROKE)):
        products = Product.objects.bulk_create(
            Product(
                brand=brands[n % len(brands)],
                model=f"Model {n}",
                slug=f"model-{n}",
                kind="headphones",
                type=_TYPES[n % len(_TYPES)],
            )
            for n in some
        )
        AudioSpecs.objects.bulk_create(
            AudioSpecs(product=product, wireless=n // 5 % 2 == 0, weight_g=100 + n // 10 % 300)
            for n, product in zip(some, products, strict=True)
        )


def _until_read(products: int) -> None:
    """Until the catalogue in memory has them all."""
    from catalog.facets.asked import Asked
    from catalog.product_index import StillReadingError, find_products

    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        try:
            if find_products(Asked(), start=0, size=1, now=timezone.now()).count == products:
                return
        except StillReadingError:
            pass
        time.sleep(0.2)
    raise TimeoutError("The catalogue was not read within ten minutes.")


def _ask(client: Client, asked: dict[str, str]) -> None:
    answer = _ok(client.get(_DOOR, asked))
    assert len(answer.json()["results"]) == 50


def _ok(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content[:300]
    return answer


def _median(work: Callable[[], object]) -> float:
    work()
    return statistics.median(_milliseconds(work) for _ in range(ROUNDS))


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000

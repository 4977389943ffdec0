"""How long does a whole piece of advice take over many products, beside one pass of its sum of criteria in NumPy?

In one process, warm: decision, reasons, list, repairs, what would change the kind, the type and the winner, and what
may be kept instead, for our own people of `bench/advice_people.py`. The text reader, the next question, and the API's
door beside an empty DRF view are measured in the same run. NumPy
is not needed for the site; without it its figure is left out.
"""

from __future__ import annotations

import json
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.advice_people import people, sentences
from bench.figures import Figure

if TYPE_CHECKING:
    from django.test import Client

SIZES = ((7_000, 20.0, 50.0), (100_000, 60.0, 150.0))
ROUNDS = 2
# One round takes a second, and the machine's moods move its ratio by a fifth.
API_ROUNDS = 8
MOST_TIMES_NUMPY = 10
MOST_READING_MS = 20.0
LEAST_SHARE_OF_EMPTY = 0.1
MOST_QUESTION_MS = 200.0


def figures(_folder: Path) -> list[Figure]:
    """`advice_7000_p50`, … `advice_text_p95`, `advice_question`, `advice_api`."""
    found: list[Figure] = []
    for size, most_median, most_slow in SIZES:
        found += _of_size(size, most_median, most_slow)
    found.append(_reading())
    found.append(_question())
    found.append(_api())
    return found


def _of_size(size: int, most_median: float, most_slow: float) -> list[Figure]:
    from datetime import UTC, datetime

    from recommender.advice import advise
    from recommender.ranking import Catalogue
    from recommender.rules import load
    from tests.recommender.many_products import many_products

    before = _megabytes()
    began = time.perf_counter()
    listed = many_products(size)
    made = time.perf_counter()
    catalogue = Catalogue(listed)
    rules, now, needs = load(), datetime.now(UTC), people()
    compiled = time.perf_counter()

    def ask(index: int) -> None:
        advise(needs[index], catalogue, rules, now=now)

    for index in range(len(needs)):
        ask(index)
    warm = time.perf_counter()
    times = sorted(_milliseconds(partial(ask, index)) for _ in range(ROUNDS) for index in range(len(needs)))
    median, slow = statistics.median(times), times[int(len(times) * 0.95)]
    note = (
        f"{len(needs)} people over {size:,} generated products, {ROUNDS} rounds; median {median:.1f} ms, 95 % within "
        f"{slow:.1f} ms, slowest {times[-1]:.1f} ms; products made in {made - began:.1f} s, compiled in "
        f"{compiled - made:.2f} s, first round {warm - compiled:.1f} s; {_megabytes() - before:.0f} MB more in memory, "
        f"{_megabytes():.0f} MB in all"
    )
    unit = "ms for a whole piece of advice (less is better)"
    found = [
        Figure(
            name=f"advice_{size}_p50",
            ratio=round(median, 1),
            goal=most_median,
            ok=median <= most_median,
            unit=unit,
            note=note,
        ),
        Figure(
            name=f"advice_{size}_p95", ratio=round(slow, 1), goal=most_slow, ok=slow <= most_slow, unit=unit, note=note
        ),
    ]
    times_numpy = _times_numpy(catalogue, needs, median)
    return found if times_numpy is None else [*found, times_numpy]


def _times_numpy(catalogue: object, needs: Sequence[object], median: float) -> Figure | None:
    """The median beside one pass of the same weighted sum over the same products in NumPy; None without NumPy."""
    try:
        numpy = import_module("numpy")
    except ModuleNotFoundError:
        print('{"name": "advice_numpy", "note": "left out: NumPy is not installed (pip install numpy)"}')
        return None
    from recommender.counterfactuals import kinds_of
    from recommender.engine import decide
    from recommender.ranking import Catalogue, demand_of
    from recommender.rules import load

    assert isinstance(catalogue, Catalogue)
    passes = []
    for need in needs[:6]:
        decision = decide(need, load())  # type: ignore[arg-type]
        for kind in kinds_of(decision, need)[:1]:  # type: ignore[arg-type]
            criteria = demand_of(decision, kind=kind).criteria
            rows = [[float(item.curve(one) or 0) for one in catalogue.products] for item in criteria]
            table = numpy.array(rows)
            weights = numpy.array([float(item.weight) for item in criteria])
            passes.append(_milliseconds(partial(_ranked, table, weights)))
    one_pass = statistics.median(passes)
    ratio = median / one_pass
    return Figure(
        name=f"advice_{len(catalogue)}_numpy",
        ratio=round(ratio, 1),
        goal=MOST_TIMES_NUMPY,
        ok=ratio <= MOST_TIMES_NUMPY,
        unit="times one pass of the same sum, sorted, in NumPy (less is better)",
        note=f"median {median:.1f} ms beside {one_pass:.2f} ms",
    )


def _ranked(table: Any, weights: Any) -> Any:
    return (weights @ table / weights.sum()).argsort()


def _reading() -> Figure:
    from recommender.reading_text import needs_from_text

    texts = sentences()
    for text in texts:
        needs_from_text(text)
    times = sorted(_milliseconds(partial(needs_from_text, text)) for _ in range(5) for text in texts)
    slow = times[int(len(times) * 0.95)]
    return Figure(
        name="advice_text_p95",
        ratio=round(slow, 2),
        goal=MOST_READING_MS,
        ok=slow <= MOST_READING_MS,
        unit="ms to read a sentence into needs (less is better)",
        note=f"{len(texts)} sentences, 5 rounds; median {statistics.median(times):.2f} ms, 95 % within {slow:.2f} ms",
    )


def _question() -> Figure:
    """The next question for two uses, with nothing known of them before."""
    from recommender import asking
    from recommender.questions import BY_KEY
    from recommender.rules import load
    from recommender.told import Told

    rules = load()

    def step(told: Told) -> None:
        asking.forget()
        asking.upcoming(told, rules)
        asking.way_here(told, rules)

    walkers = [Told(do=(option.value, "music")) for option in BY_KEY["do"].options if option.value != "music"]
    step(walkers[0])
    times = sorted(_milliseconds(partial(step, told)) for told in walkers)
    return Figure(
        name="advice_question",
        ratio=round(times[-1], 1),
        goal=MOST_QUESTION_MS,
        ok=times[-1] <= MOST_QUESTION_MS,
        unit="ms to find the next question and the way to it, the slowest of all uses (less is better)",
        note=f"{len(times)} uses, each beside music, nothing kept; median {statistics.median(times):.1f} ms",
    )


def _api() -> Figure:
    """Requests a second through Django's own stack over the demo's products, beside a view of the same framework that
    answers nothing. Each request is another person's: no answer is given twice in a row."""
    from django.test import Client, override_settings
    from django.urls import path
    from rest_framework.request import Request
    from rest_framework.response import Response
    from rest_framework.views import APIView

    from catalog.models import Product
    from demo import stock
    from recommender.answers import needs_as_mapping

    class Empty(APIView):
        throttle_classes = ()

        def post(self, request: Request) -> Response:
            return Response({"read": len(request.data)})

    from config import urls
    from recommender.api import Recommendation

    for fill in (stock.fill_catalogue, stock.fill_merchants, stock.fill_offers):
        fill()
    bodies = [json.dumps({"needs": needs_as_mapping(needs)}) for needs in people()]
    client = Client(headers={"host": "localhost"})
    urls.urlpatterns.append(path("bench-empty/", Empty.as_view()))
    # neither counts how often one client asks
    throttles, Recommendation.throttle_classes = Recommendation.throttle_classes, ()
    with override_settings(ALLOWED_HOSTS=["localhost"]):
        ours, empty = _side_by_side(client, "/api/v1/recommendations/", "/bench-empty/", bodies)
    Recommendation.throttle_classes = throttles
    urls.urlpatterns.pop()
    return Figure(
        name="advice_api",
        ratio=round(ours / empty, 3),
        goal=LEAST_SHARE_OF_EMPTY,
        ok=ours / empty >= LEAST_SHARE_OF_EMPTY,
        unit="of the requests a second of an empty DRF view (more is better)",
        note=f"{ours:.0f} requests a second beside {empty:.0f}, one process, {len(bodies)} people in turn over "
        f"{Product.objects.count():,} products",
    )


def _side_by_side(client: Client, ours: str, empty: str, bodies: Sequence[str]) -> tuple[float, float]:
    """Requests a second of both, asked in turns so that what else the machine does meets both alike."""
    seconds = {ours: 0.0, empty: 0.0}
    for warm in (True, *[False] * API_ROUNDS):
        for body in bodies:
            for door in (ours, empty):
                began = time.perf_counter()
                answer = client.post(door, body, content_type="application/json")
                seconds[door] += 0 if warm else time.perf_counter() - began
                assert answer.status_code == 200, answer.content[:300]
    asked = len(bodies) * API_ROUNDS
    return asked / seconds[ours], asked / seconds[empty]


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

"""What do more processes bring? Requests a second with 1, 2 and 4 web processes, prices with as many workers.

All of them share this machine's cores with PostgreSQL, Redis, the merchants' server and the load generator: where those
are the ones that wait, more of ours bring nothing, which is what docs/scaling.md reckons with.
"""

from __future__ import annotations

import contextlib
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.figures import Curve, Figure
from bench.servers import granian, load

COUNTS = (1, 2, 4)
ROUNDS = 3
SECONDS = 3
WARM_SECONDS = 1
SHOPS = 8
OFFERS = 2_000
WORKERS = "worker processes"
CORES = len(os.sched_getaffinity(0))
# What PostgreSQL and the load generator take of the same cores is not ours to use.
GOAL = 1.5 if CORES > 1 else 1.0

Rates = dict[int, list[float]]


def figures(folder: Path) -> list[Figure]:
    """`processes_*`: the rate with two processes beside that with one; the curves go on to four."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    return [*_web(folder), _workers(folder)]


def _web(folder: Path) -> list[Figure]:
    from bench.pages import published
    from bench.redirect import stored_links

    article, code = published(), stored_links()
    asked = {
        "kept_page": (article, {"Accept-Encoding": "gzip"}, {}),
        "redirect": (f"/go/{code}/", {}, {}),
        "new_page": (article, {}, {"PAGE_CACHE_SECONDS": "0"}),
        "api": ("/api/v1/products/?page_size=20", {}, {"API_RATE": "1000000/s"}),
    }
    found = []
    for name, (path, headers, environment) in asked.items():
        rates = _rates(folder, path, headers, environment)
        # Kept pages and redirects take less than the load generator does: on shared cores that is what is measured.
        goal = GOAL if name in ("new_page", "api") else 0.0
        found.append(_figure(f"processes_{name}", rates, goal, f"requests a second: {_WORDS[name]}", "web processes"))
    return found


_WORDS = {
    "kept_page": "a kept page",
    "redirect": "a redirect",
    "new_page": "a page made anew",
    "api": "20 products of the API",
}


def _rates(folder: Path, path: str, headers: Mapping[str, str], environment: Mapping[str, str]) -> Rates:
    rates: Rates = {count: [] for count in COUNTS}
    for _ in range(ROUNDS):
        for count in COUNTS:
            apart = {"CLICK_SPOOL_DIR": str(folder / "processes-spool"), **environment}
            log = folder / "processes.log"
            with granian("config.wsgi:application", log=log, environment=apart, workers=count) as site:
                load(site + path, seconds=WARM_SECONDS, headers=headers)
                rates[count].append(load(site + path, seconds=SECONDS, headers=headers).per_second)
    return rates


def _workers(folder: Path) -> Figure:
    """Items a second of a real worker's processes that refresh the prices of several merchants."""
    from bench.refresh import shop

    rates: Rates = {count: [] for count in COUNTS}
    with shop(30) as server:
        merchants = _merchants(server)
        for _ in range(ROUNDS):
            for count in COUNTS:
                rates[count].append(_refreshed(folder, merchants, count, server))
    return _figure(
        "processes_refresh", rates, GOAL, "prices refreshed a second, merchants at 30 ms", "worker processes"
    )


def _merchants(server: str) -> list[int]:
    from bench.refresh import stored

    return [stored(server, name=f"Process shop {number}", offers=OFFERS).pk for number in range(SHOPS)]


def _refreshed(folder: Path, merchants: list[int], count: int, server: str) -> float:
    from django.utils import timezone

    from bench.refresh import make_due
    from catalog.models import Offer
    from catalog.tasks import refresh_merchant

    make_due()
    since = timezone.now()
    waiting = Offer.objects.filter(merchant__in=merchants).exclude(checked_at__gte=since)
    with _worker(folder, count, server):
        began = time.perf_counter()
        for pk in merchants:
            refresh_merchant.delay(pk)
        deadline = time.monotonic() + 300
        while waiting.exists():
            assert time.monotonic() < deadline, f"{waiting.count()} offers are still waiting"
            time.sleep(0.05)
        return len(merchants) * OFFERS / (time.perf_counter() - began)


@contextlib.contextmanager
def _worker(folder: Path, count: int, server: str) -> Iterator[None]:
    from config.celery import app

    app.control.purge()
    command = [sys.executable, "-m", "celery", "-A", "bench.worker", "worker", "--concurrency", str(count)]
    command += ["--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--hostname", f"bench{count}@%h"]
    environment = {**os.environ, "PRIVATE_HOSTS_ALLOWED": server.removeprefix("http://")}
    with (folder / "processes-worker.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            deadline = time.monotonic() + 60
            while not app.control.ping(timeout=0.5):
                assert time.monotonic() < deadline, "the worker did not start"
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def _figure(name: str, rates: Rates, goal: float, what: str, which: str) -> Figure:
    medians = {count: statistics.median(found) for count, found in rates.items()}
    ratio = statistics.median(two / one for one, two in zip(rates[1], rates[2], strict=True))
    told = ", ".join(f"{rate:,.0f} with {count}" for count, rate in medians.items())
    title, _, of_what = what.partition(": ")
    return Figure(
        name=name,
        ratio=round(ratio, 2),
        goal=goal,
        ok=ratio >= goal,
        unit=f"times the rate of one of the {which} with two",
        note=f"{what}, medians of {ROUNDS} rounds: {told}; everything on {CORES} cores",
        curve=Curve(
            title=(of_what or title).capitalize(),
            x=which,
            y=title if of_what else "items a second",
            points=tuple((count, round(rate)) for count, rate in medians.items()),
        ),
    )

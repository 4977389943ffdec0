"""How fast is `/go/<code>/` beside an empty view and beside nginx, how late at half load, and is no click lost?"""

from __future__ import annotations

import json
import shutil
import statistics
from pathlib import Path

from bench.figures import Figure
from bench.servers import CONNECTIONS, answer, generator, granian, load, load_scripted, location, nginx
from catalog.placements import token

ROUNDS = 5
SECONDS = 3
LINKS = 200
# Sixteen readers at once are the measure of all our figures; with more of them a server hands over several at a time.
MANY_CONNECTIONS = 64
HALF_LOAD_CONNECTIONS = 64
# Each connection waits between its requests, so that together they come at about half of what the server can do.
_PACED = """
local mean = %(mean).3f
math.randomseed(os.time())
function delay() return math.floor(-mean * math.log(1 - math.random()) + 0.5) end
"""


def figures(folder: Path) -> list[Figure]:
    """`go_vs_empty_view`, the same with many readers, `go_vs_bare_function`, `go_vs_nginx`, `go_p99_at_half_load`,
    `go_clicks_lost`.

    Rounds alternate, so that a busy machine is busy for all sides.
    """
    code = stored_links()
    path = f"/go/{code}/?p={token('a1.1.1')}"
    found: list[Figure] = []
    answered = 1
    with (
        granian("config.wsgi:application", log=folder / "site.log") as site,
        granian("bench.empty_view:application", log=folder / "empty.log") as empty,
    ):
        assert "ref=bench" in location(site + path), "the site does not redirect"
        ours, theirs, count = _rounds(site + path, empty + path)
        answered += count
        found.append(_throughput("go_vs_empty_view", ours, theirs, CONNECTIONS))
        many, their_many, count = _rounds(site + path, empty + path, MANY_CONNECTIONS)
        answered += count
        found.append(_throughput("go_vs_empty_view_for_many", many, their_many, MANY_CONNECTIONS))
        told = {"BARE_ANSWER": json.dumps(answer(site + path))}
        with granian("bench.bare_view:application", log=folder / "bare.log", environment=told) as bare:
            beside, bare_rates, count = _rounds(site + path, bare + path)
        answered += count + 1
        found.append(_beside_bare(beside, bare_rates, statistics.median(theirs)))
        if shutil.which("nginx") and generator() == "wrk":
            with nginx(folder, "https://shop.example/p/1") as constant:
                beside, nginx_rates, count = _rounds(site + path, constant + path)
            answered += count
            found.append(_beside_nginx(beside, nginx_rates))
        else:
            print("go_vs_nginx is left out: nginx and wrk are not both installed here", flush=True)
        if generator() == "wrk":
            figure, count = _half_load(folder, {site + path: ours, empty + path: theirs})
            answered += count
            found.append(figure)
        else:
            print("go_p99_at_half_load is left out: wrk is not installed here", flush=True)
    return [*found, _lost(code, answered)]


def stored_links() -> str:
    """A catalogue of some links; the code of one of them."""
    from catalog.services.links import link_for_offer
    from tests.factories import make_merchant, make_offer, make_product

    settings = {"parameter": "ref", "value": "bench", "sub_id_parameter": "subid"}
    shop = make_merchant("Bench", network_settings=settings)
    links = [link_for_offer(offer=make_offer(make_product(f"Bench {n}"), shop)) for n in range(LINKS)]
    return links[LINKS // 2].code


def _rounds(one: str, other: str, connections: int = CONNECTIONS) -> tuple[list[float], list[float], int]:
    """The rates of both in alternating rounds, and how many answers the first one gave."""
    ours, theirs, answered = [], [], 0
    for _ in range(ROUNDS):
        round_ = load(one, seconds=SECONDS, connections=connections)
        answered += round_.answered
        ours.append(round_.per_second)
        theirs.append(load(other, seconds=SECONDS, connections=connections).per_second)
    return ours, theirs, answered


def _throughput(name: str, ours: list[float], theirs: list[float], connections: int) -> Figure:
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    return Figure(
        name=name,
        ratio=round(ratio, 2),
        goal=4,
        ok=ratio >= 4,
        unit="times the requests per second of an empty Django view on the same server",
        note=(
            f"granian, 2 workers, {generator()} with {connections} connections, {ROUNDS} alternating rounds of "
            f"{SECONDS} s, medians {statistics.median(ours):,.0f} and {statistics.median(theirs):,.0f} requests/s; "
            "ours writes every click down"
        ),
    )


def _beside_bare(ours: list[float], theirs: list[float], empty: float) -> Figure:
    """(No goal of its own: it says how near the goals beside Django and nginx anything could come.)"""
    bare = statistics.median(theirs)
    return Figure(
        name="go_vs_bare_function",
        ratio=round(statistics.median(a / b for a, b in zip(ours, theirs, strict=True)), 3),
        goal=0,
        ok=True,
        unit="times the requests per second of a function before Django that answers the same headers and does nothing",
        note=(
            f"granian, 2 workers, {generator()} with {CONNECTIONS} connections, {ROUNDS} alternating rounds of "
            f"{SECONDS} s, medians {statistics.median(ours):,.0f} and {bare:,.0f} requests/s; that function itself "
            f"reaches {bare / empty:.2f} times the empty view"
        ),
    )


def _beside_nginx(ours: list[float], theirs: list[float]) -> Figure:
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    return Figure(
        name="go_vs_nginx",
        ratio=round(ratio, 3),
        goal=0.35,
        ok=ratio >= 0.35,
        unit="times the requests per second of nginx with a constant 302 and no log",
        note=(
            f"2 workers each, wrk with 16 connections on the same cores, {ROUNDS} alternating rounds of {SECONDS} s, "
            f"medians {statistics.median(ours):,.0f} and {statistics.median(theirs):,.0f} requests/s"
        ),
    )


def _half_load(folder: Path, rates: dict[str, list[float]]) -> tuple[Figure, int]:
    """The 99th percentile of each address at half of its own rate; how many answers the first one gave."""
    late: dict[str, list[float]] = {address: [] for address in rates}
    asked: dict[str, list[float]] = {address: [] for address in rates}
    answered = 0
    ours, theirs = rates
    for _ in range(ROUNDS):
        for address, measured in rates.items():
            script = folder / "paced.lua"
            script.write_text(_PACED % {"mean": 1000 * HALF_LOAD_CONNECTIONS / (statistics.median(measured) / 2)})
            round_ = load_scripted(address, script, seconds=SECONDS, connections=HALF_LOAD_CONNECTIONS)
            late[address].append(round_.p99)
            asked[address].append(round_.per_second)
            answered += round_.answered if address == ours else 0
    ratio = statistics.median(late[ours]) / statistics.median(late[theirs])
    figure = Figure(
        name="go_p99_at_half_load",
        ratio=round(ratio, 2),
        goal=3,
        ok=ratio <= 3,
        unit="times the 99th percentile of the empty view's answers, each at half of its own rate (less is better)",
        note=(
            f"{HALF_LOAD_CONNECTIONS} connections that pause, medians {statistics.median(late[ours]):.2f} ms at "
            f"{statistics.median(asked[ours]):,.0f} requests/s and {statistics.median(late[theirs]):.2f} ms at "
            f"{statistics.median(asked[theirs]):,.0f}"
        ),
    )
    return figure, answered


def _lost(code: str, answered: int) -> Figure:
    """What was answered minus what is in the database after shipping (the load generator may leave a few unread)."""
    from django.utils import timezone

    from catalog.models import Click
    from catalog.services.clicks import ship_clicks

    shipment = ship_clicks(now=timezone.now())
    stored = Click.objects.filter(code=code, is_known=True).count()
    lost = max(0, answered - stored)
    return Figure(
        name="go_clicks_lost",
        ratio=lost,
        goal=0,
        ok=lost == 0 and shipment.rejected == 0,
        unit="clicks answered but not in PostgreSQL after shipping (less is better)",
        note=f"{answered:,} answers read by the load generator, {stored:,} clicks in PostgreSQL",
    )

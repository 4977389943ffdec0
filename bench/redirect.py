"""How fast is `/go/<code>/` beside an empty Django view on the same server, and is every click in the database?"""

from __future__ import annotations

import statistics
from pathlib import Path

from bench.figures import Figure
from bench.servers import generator, granian, load, location

ROUNDS = 5
SECONDS = 3
LINKS = 200


def figures(folder: Path) -> list[Figure]:
    """`go_vs_empty_view` and `go_clicks_lost`. Rounds alternate, so that a busy machine is busy for both sides."""
    code = _stored_links()
    path = f"/go/{code}/?p=bench.1.1"
    ours: list[float] = []
    theirs: list[float] = []
    answered = 1
    with (
        granian("config.wsgi:application", log=folder / "site.log") as site,
        granian("bench.empty_view:application", log=folder / "empty.log") as empty,
    ):
        assert "ref=bench" in location(site + path), "the site does not redirect"
        for _ in range(ROUNDS):
            round_ = load(site + path, seconds=SECONDS)
            answered += round_.answered
            ours.append(round_.per_second)
            theirs.append(load(empty + path, seconds=SECONDS).per_second)
    return [_throughput(ours, theirs), _lost(code, answered)]


def _stored_links() -> str:
    """A catalogue of some links; the code of one of them."""
    from catalog.services.links import link_for_offer
    from tests.factories import make_merchant, make_offer, make_product

    shop = make_merchant("Bench", network_settings={"parameter": "ref", "value": "bench"})
    links = [link_for_offer(offer=make_offer(make_product(f"Bench {n}"), shop)) for n in range(LINKS)]
    return links[LINKS // 2].code


def _throughput(ours: list[float], theirs: list[float]) -> Figure:
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    return Figure(
        name="go_vs_empty_view",
        ratio=round(ratio, 2),
        goal=3,
        ok=ratio >= 3,
        unit="times the requests per second of an empty Django view on the same server",
        note=(
            f"granian, 2 workers, {generator()} with 16 connections, {ROUNDS} alternating rounds of {SECONDS} s, "
            f"medians {statistics.median(ours):,.0f} and {statistics.median(theirs):,.0f} requests/s; "
            "ours writes every click down"
        ),
    )


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
        unit="clicks answered but not in PostgreSQL after shipping",
        note=f"{answered:,} answers read by the load generator, {stored:,} clicks in PostgreSQL",
    )

"""How is a walk through all answers begun, made and kept, with who wins by brand and by merchant?

Who pays us is read here and nowhere below: what ranks cannot see it (`.importlinter`), and the walk shows whether the
winners follow it all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from catalog.models import Merchant
from catalog.networks import NETWORKS
from recommender import rules_in_force
from recommender.rules import load
from recommender.selectors import Candidates, candidates
from recommender.simulation import MOST_OF_A_USE, USES, Walk
from recommender.told import Told
from reviews.models import ChoiceWalk

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State = ChoiceWalk.State
# A worker that was killed is waited for no longer; one at work says so after each use.
CLAIM_LIVES = timedelta(minutes=5)
MOST_KEPT = 20
MOST_NAMED = 300
# Of no network: nobody pays for its sales unless its record names us to the shop, as an agreement of its own has it.
WITHOUT_NETWORK, AGREED = "direct", "an agreement of its own"


class WalkRefusedError(Exception):
    """Nothing was begun; the text says why."""


@transaction.atomic
def begin_walk(*, by: User | None, now: datetime) -> ChoiceWalk:
    """A walk that waits for a worker. One at a time: raises `WalkRefusedError` while another is on its way."""
    if ChoiceWalk.objects.filter(state__in=(State.WAITING, State.WALKING), created_at__gt=now - CLAIM_LIVES).exists():
        raise WalkRefusedError("A walk is on its way already. Wait for its result.")
    old = ChoiceWalk.objects.order_by("-created_at").values_list("pk", flat=True)[MOST_KEPT:]
    ChoiceWalk.objects.filter(pk__in=list(old)).delete()
    return ChoiceWalk.objects.create(started_by=by, total=len(USES))


def make_walk(*, walk_id: int, now: datetime) -> None:
    """Walk, if nobody else does; safe to repeat. `now` is aware."""
    free = Q(claimed_at=None) | Q(claimed_at__lte=now - CLAIM_LIVES)
    mine = ChoiceWalk.objects.filter(free, pk=walk_id, state__in=(State.WAITING, State.WALKING))
    if not mine.update(claimed_at=now, state=State.WALKING, done=0):
        return
    row = ChoiceWalk.objects.filter(pk=walk_id)
    try:
        rules_in_force.refresh()
        row.update(rules_version=load().version)
        result = walk_everything(now=now, tell=lambda done: row.update(done=done, claimed_at=timezone.now()))
    except Exception as error:
        row.update(state=State.FAILED, error=f"{type(error).__name__}: {error}"[:1000], finished_at=timezone.now())
        raise
    row.update(state=State.DONE, result=result, finished_at=timezone.now())


def walk_everything(
    *, now: datetime, tell: Callable[[int], Any] = lambda done: None, most: int = MOST_OF_A_USE
) -> dict[str, Any]:
    """The figures of a whole walk, ready for JSON. `tell` hears after each use how many are done."""
    found = candidates(now=now)
    walk = Walk(load(), found.facts, most=most)
    for done, use in enumerate(USES, start=1):
        walk.take(use)
        tell(done)
    seen = walk.walked
    names = {product.id: product.name for product in found.facts}
    never = [product.name for product in found.facts if product.id not in seen.shown]
    return {
        "ways": seen.ways,
        "cut": seen.cut,
        "asked": {str(number): count for number, count in sorted(seen.asked.items())},
        "kinds": dict(seen.kinds),
        "relaxed": seen.relaxed,
        "dead": {"count": seen.dead_count, "examples": [_in_words(told) for told in seen.dead]},
        "tied": {"count": seen.tied_count, "examples": [[_in_words(told), pair] for told, pair in seen.tied]},
        "products": {"count": len(names), "never": len(never), "names": sorted(never)[:MOST_NAMED]},
        "winners": [[names[pk], count] for pk, count in seen.wins.most_common(MOST_NAMED)],
        "brands": _by_brand(seen.wins, found),
        "merchants": _by_merchant(seen.wins, found),
    }


def _by_brand(wins: Counter[int], found: Candidates) -> list[list[Any]]:
    """Brand, wins, products: those with wins first."""
    won: Counter[str] = Counter()
    have: Counter[str] = Counter()
    for product in found.facts:
        have[product.brand] += 1
        won[product.brand] += wins[product.id]
    return [[brand, won[brand], have[brand]] for brand in sorted(have, key=lambda brand: (-won[brand], brand))]


def _by_merchant(wins: Counter[int], found: Candidates) -> list[list[Any]]:
    """Merchant, who pays, wins, and products that lead there: of each product the offer its link would lead to."""
    payers = _payers()
    won: Counter[str] = Counter()
    have: Counter[str] = Counter()
    for product in found.facts:
        shown = found.offers.get(product.id, ())
        where = shown[0].merchant if shown else ""
        have[where] += 1
        won[where] += wins[product.id]
    ordered = sorted(have, key=lambda name: (-won[name], name))
    return [[name or "No shop", payers.get(name, ""), won[name], have[name]] for name in ordered]


def _payers() -> Mapping[str, str]:
    """Merchant → by what it pays us for its sales; merchants that pay nobody are left out."""
    rows = Merchant.objects.values_list("name", "network", "network_settings")
    return {
        name: AGREED if network == WITHOUT_NETWORK else NETWORKS[network].label if network in NETWORKS else network
        for name, network, settings in rows
        if network != WITHOUT_NETWORK or settings.get("parameter")
    }


def _in_words(told: Told) -> str:
    return " · ".join(f"{key}: {value}".replace("_", " ") for key, value in told.params())

"""Which destinations are looked at now, by whom, and what becomes of what was seen?

A merchant's due destinations are claimed by one worker at a time and looked at one after the other; those whose links
lose most clicks go first. A killed worker's claims are void after `CLAIM_LIVES`.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, F, FloatField, Max, Min, OuterRef, Q, QuerySet, Value, When

from catalog import destination_check as check
from catalog.destination_check import Expected, Finding, Seen, Standing, State
from catalog.http import WebDoor
from catalog.models import Destination, Link, LinkRoute, Merchant, Offer
from catalog.networks import NETWORKS
from catalog.schedule import CLAIM_LIVES
from catalog.services.failover import settle_failovers
from catalog.services.looks import Looker, LookingDoor
from catalog.services.reasons import storable
from catalog.services.turns import BusyError
from catalog.targets import TargetError, destination

log = logging.getLogger(__name__)

# A round of looks waits more than it works, and two workers are usual: it must not keep prices from being read.
BATCH = 4
MERCHANTS_AT_ONCE = 1
# Between two requests to one host, unless the merchant's record says how fast it may be asked.
REST_SECONDS = 2.0
_NEW_AT_ONCE = 5000
_CLOSED_TO_ROBOTS = [key for key, network in NETWORKS.items() if not network.lets_robots_look]
# When no shop of several answered for so long, it is us who are offline.
_LATELY = timedelta(hours=2)
_FEWEST_OTHERS = 2
_OFFLINE_SECONDS = 900.0


def door() -> WebDoor:
    """A door for looks: what takes so long has no readers either."""
    return WebDoor(
        allowed_private=frozenset(settings.PRIVATE_HOSTS_ALLOWED),
        user_agent=settings.FETCH_USER_AGENT,
        timeout_seconds=10.0,
        deadline_seconds=15.0,
    )


def _lost() -> Case:
    fails = When(Q(state__in=[*Destination.FAILING, Destination.State.SUSPECT]), then=F("offer__click_weight"))
    return Case(fails, default=Value(0.0), output_field=FloatField())


def by_loss(rows: QuerySet[Destination]) -> QuerySet[Destination]:
    """With `lost`: clicks a day that lead to what failed; the most first."""
    return rows.annotate(lost=_lost()).order_by("-lost", "next_check_at", "pk")


def note_new_destinations(*, now: datetime) -> int:
    """Every offer that a link leads to gets a row; how many are new."""
    linked = Exists(Link.objects.filter(offer=OuterRef("pk"), is_active=True))
    routed = Exists(LinkRoute.objects.filter(offer=OuterRef("pk"), link__is_active=True))
    rows = Offer.objects.buyable().filter(linked | routed, destination__isnull=True)
    rows = rows.exclude(merchant__network__in=_CLOSED_TO_ROBOTS).order_by("pk")
    made = [Destination(offer_id=pk, next_check_at=now) for pk in rows.values_list("pk", flat=True)[:_NEW_AT_ONCE]]
    Destination.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _due(now: datetime) -> QuerySet[Destination]:
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lte=now - CLAIM_LIVES)
    is_there = Q(offer__merchant__is_active=True, offer__withdrawn_at__isnull=True)
    due = Destination.objects.filter(free, is_there, next_check_at__lte=now)
    return due.exclude(offer__merchant__network__in=_CLOSED_TO_ROBOTS)


def merchants_due(*, now: datetime) -> list[int]:
    """Ids of the merchants whose destinations are to be looked at now, at most `MERCHANTS_AT_ONCE` with those at work.

    First those whose failing links lose most clicks, then the longest waiting.
    """
    at_work = Destination.objects.filter(claimed_at__gt=now - CLAIM_LIVES).values_list("offer__merchant", flat=True)
    busy = set(at_work.order_by().distinct())
    waiting = _due(now).exclude(offer__merchant__in=busy).order_by().values("offer__merchant")
    first = waiting.annotate(most=Max(_lost()), since=Min("next_check_at")).order_by(
        "-most", "since", "offer__merchant"
    )
    return list(first.values_list("offer__merchant", flat=True)[: max(MERCHANTS_AT_ONCE - len(busy), 0)])


@transaction.atomic
def claim_destinations(*, merchant_id: int, now: datetime, limit: int = BATCH) -> list[Destination]:
    """At most `limit` due destinations of the merchant, ours until their next look is set; the costliest first."""
    rows = by_loss(_due(now).filter(offer__merchant=merchant_id))
    ids = list(rows.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[:limit])
    Destination.objects.filter(pk__in=ids).update(claimed_at=now)
    claimed = Destination.objects.select_related("offer__merchant", "offer__product__brand").in_bulk(ids)
    return [claimed[pk] for pk in ids]


def release(*, rows: Sequence[Destination], next_check_at: datetime) -> None:
    """Give claims back without having learnt anything; not those another worker took over meanwhile."""
    for row in rows:
        Destination.objects.filter(pk=row.pk, claimed_at=row.claimed_at).update(
            claimed_at=None, next_check_at=next_check_at
        )


def check_merchant(*, merchant_id: int, now: datetime, door: LookingDoor) -> int:
    """Look at the merchant's due destinations; how many were looked at. 0 when it is gone or nothing is due.

    `now` (aware, UTC) is the time of all these looks. A host that wants rest gets it, and the others go on later.
    """
    rows = claim_destinations(merchant_id=merchant_id, now=now)
    if not rows:
        return 0
    merchant = rows[0].offer.merchant
    looker = Looker(door, rest=_rest(merchant), keeps_robots=(merchant.source_settings or {}).get("robots") != "ignore")
    for done, row in enumerate(rows):
        try:
            look_at(row=row, looker=looker, now=now)
        except BusyError as error:
            release(rows=rows[done:], next_check_at=now + timedelta(seconds=error.retry_after))
            return done
        except Exception:
            # A mistake of ours about one page must not keep the others from being looked at, nor come back at once.
            log.exception("The destination of offer %s could not be looked at", row.pk)
            release(rows=[row], next_check_at=now + timedelta(hours=6))
    return len(rows)


def _rest(merchant: Merchant) -> float:
    return 60 / merchant.requests_per_minute if merchant.requests_per_minute else REST_SECONDS


def look_at(*, row: Destination, looker: Looker, now: datetime) -> Destination | None:
    """Look at one claimed destination and store what was seen. Raises `BusyError`."""
    try:
        address, wanted = expectation(row.offer)
    except TargetError as error:
        seen, finding = Seen(hops=()), Finding(state=State.BROKEN, detail=str(error))
    else:
        seen, finding = looker.look(address, wanted)
    if seen.hops and all(hop.status == 0 for hop in seen.hops) and _are_we_offline(row.offer.merchant, now):
        raise BusyError("No shop answered lately: we seem to be offline.", retry_after=_OFFLINE_SECONDS)
    return store_look(offer_id=row.pk, claimed_at=row.claimed_at, seen=seen, finding=finding, now=now)


def expectation(offer: Offer) -> tuple[str, Expected]:
    """The address readers are sent to, without a sub-id, and what a good end of it looks like. Raises `TargetError`."""
    merchant = offer.merchant
    address = destination(
        offer.url,
        hosts=merchant.hosts,
        merchant=merchant.name,
        network=merchant.network,
        settings=merchant.network_settings,
    )
    wanted = check.expected(
        merchant=merchant.name,
        hosts=merchant.hosts,
        offered=offer.url,
        names=offer.product.name,
        tagged=address,
        payer=NETWORKS[merchant.network],
    )
    return address, wanted


def _are_we_offline(merchant: Merchant, now: datetime) -> bool:
    """Did nobody else answer lately either? A merchant that is alone proves nothing."""
    others = Destination.objects.filter(checked_at__gt=now - _LATELY).exclude(offer__merchant=merchant)
    if others.filter(status_code__isnull=False).exists():
        return False
    return others.order_by().values("offer__merchant").distinct().count() >= _FEWEST_OTHERS


@transaction.atomic
def store_look(
    *, offer_id: int, claimed_at: datetime | None, seen: Seen, finding: Finding, now: datetime
) -> Destination | None:
    """What is true after this look, and what follows for the offer's links; None when the claim is another's now."""
    row = Destination.objects.select_for_update(of=("self",)).filter(pk=offer_id, claimed_at=claimed_at).first()
    if row is None:
        return None
    offer = Offer.objects.get(pk=offer_id)
    held = check.after(standing_of(row), finding, now=now)
    before = row.state
    row.state, row.suspected, row.strikes = (
        held.state.value,
        held.suspected.value if held.suspected else "",
        held.strikes,
    )
    row.failing_since, row.confirmed_at = held.failing_since, held.confirmed_at
    row.detail, row.page_said = storable(finding.detail)[:300], storable(finding.words)[:300]
    end = seen.final
    row.status_code = (end.status or None) if end else None
    row.final_address = storable(end.address)[:2000] if end else ""
    row.hops = [[hop.method, storable(hop.address)[:2000], hop.status] for hop in seen.hops]
    row.checked_at, row.claimed_at = now, None
    share = crc32(f"destination {offer_id}".encode()) % 1000 / 1000
    row.next_check_at = check.next_look(held, clicks_a_day=offer.click_weight, now=now, share=share)
    if row.state != before:
        # What an editor said was said of the failure of before; the digest has not told of this one yet.
        row.decision, row.decided_by, row.told_at = "", "", None
    row.save()
    if row.state != before or row.state in Destination.FAILING:
        settle_failovers(offer_ids=[offer_id], now=now)
    return row


def standing_of(row: Destination) -> Standing:
    return Standing(
        state=State(row.state),
        suspected=State(row.suspected) if row.suspected else None,
        strikes=row.strikes,
        failing_since=row.failing_since,
        confirmed_at=row.confirmed_at,
    )


@transaction.atomic
def decide(*, rows: QuerySet[Destination], decision: str, by: str, now: datetime) -> int:
    """An editor calls failures right as they are (`accepted`), known (`muted`), or takes that back (empty)."""
    found = rows.select_for_update(of=("self",)).filter(state__in=Destination.FAILING).order_by("pk")
    ids = list(found.values_list("pk", flat=True))
    changed: dict[str, Any] = {"decision": decision, "decided_by": by if decision else ""}
    Destination.objects.filter(pk__in=ids).update(**changed)
    settle_failovers(offer_ids=ids, now=now)
    return len(ids)


def check_now(*, rows: QuerySet[Destination], now: datetime) -> int:
    """They are the next to be looked at; how many. A look does not count as a second strike before its hour."""
    return rows.update(next_check_at=now)

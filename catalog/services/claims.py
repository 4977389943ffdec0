"""Who is working on this merchant and these offers right now?

A claim is taken by an update that only one worker can win, and it is void after `schedule.CLAIM_LIVES`, so that what
a killed worker left behind is taken over.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import OuterRef, Q, Subquery
from django.db.models.base import ModelState

from catalog import sources
from catalog.models import Merchant, Offer
from catalog.schedule import CLAIM_LIVES

# All that asking and storing look at, so that a claimed offer is read once.
_ASKED_FOR = (
    "id",
    "merchant_id",
    "merchant_sku",
    "url",
    "condition",
    "product_id",
    "amount",
    "currency",
    "shipping_amount",
    "availability",
    "seen_at",
    "days_seen",
    "state",
    "state_reason",
    "times_missing",
    "rate_shape",
    "rate_days",
    "click_weight",
)
_CLAIM = " ".join(
    (
        "WITH wanted (id) AS MATERIALIZED ({wanted})",
        "UPDATE catalog_offer o SET claimed_at = %s FROM wanted WHERE o.id = wanted.id RETURNING",
        ", ".join(f"o.{name}" for name in _ASKED_FOR),
        ", o.xmin::text, extract(epoch FROM o.next_check_at)::float8",
    )
)
# In the order of every other door, so that none waits for another in a ring.
_LOCK = """
SELECT id, xmin = ANY(%s::xid[]) FROM catalog_offer WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE
"""


def _unclaimed(now: datetime) -> Q:
    return Q(claimed_at__isnull=True) | Q(claimed_at__lte=now - CLAIM_LIVES)


def merchants_due(*, now: datetime) -> list[int]:
    """Ids of the merchants that have due offers and that nobody is asking, the longest waiting first.

    One look into the index per merchant, however many of its offers are due. A merchant whose terms allow no prices
    is never asked.
    """
    first = Offer.objects.due(now).filter(_unclaimed(now), merchant=OuterRef("pk")).order_by("next_check_at")
    free = Merchant.objects.filter(_unclaimed(now), is_active=True, prices_allowed=True).exclude(
        source__in=sources.UNASKED
    )
    waiting = free.annotate(since=Subquery(first.values("next_check_at")[:1])).filter(since__isnull=False)
    return list(waiting.order_by("since", "pk").values_list("pk", flat=True))


def is_due(*, merchant_id: int, now: datetime) -> bool:
    """Does any offer of this merchant wait to be asked for, by nobody yet?"""
    return Offer.objects.due(now).filter(_unclaimed(now), merchant=merchant_id).exists()


def claim_merchant(*, merchant_id: int, now: datetime) -> Merchant | None:
    """The merchant, ours until it is released; None when it is gone or somebody else has it."""
    won = Merchant.objects.filter(_unclaimed(now), pk=merchant_id).update(claimed_at=now)
    return Merchant.objects.get(pk=merchant_id) if won else None


def release_merchant(*, merchant: Merchant) -> None:
    """Give the claim back, unless it was so old that somebody else took it over."""
    Merchant.objects.filter(pk=merchant.pk, claimed_at=merchant.claimed_at).update(claimed_at=None)


@transaction.atomic
def claim_offers(*, merchant: Merchant, now: datetime, limit: int, everything: bool) -> list[Offer]:
    """At most `limit` due offers of the merchant, ours until their next check is set; the longest waiting first.

    `everything`: once one of them is due, the merchant's other offers come along (a feed answers for all at once).
    """
    due = Offer.objects.due(now).filter(_unclaimed(now), merchant=merchant)
    wanted = due
    if everything and due.exists():
        wanted = Offer.objects.buyable().filter(_unclaimed(now), merchant=merchant)
    # Two workers that race here never wait for each other: each takes the rows the other has not locked.
    locked = wanted.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("next_check_at", "pk")
    query, values = locked.values("pk")[:limit].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM.format(wanted=query), [*values, now])
        rows = cursor.fetchall()
    rows.sort(key=lambda row: (row[-1] is None, row[-1] or 0.0, row[0]))
    return [_claimed(row, now) for row in rows]


def _claimed(row: tuple[object, ...], now: datetime) -> Offer:
    """The offer of a row. Not by `Model.__init__`, which takes longer than all else that is done for a claim."""
    offer = Offer.__new__(Offer)
    offer._state = ModelState()
    offer._state.adding, offer._state.db = False, connection.alias
    offer.__dict__.update(zip(_ASKED_FOR, row, strict=False), claimed_at=now, version=row[-2])
    return offer


def still_ours(offers: Iterable[Offer]) -> dict[int, Offer]:
    """The offers as they are now, locked, by id; without those whose claim another worker took over meanwhile.

    Offers that nobody touched since they were claimed are handed back as they are. Whatever door changed a row, an
    editor's or an import's, its version is another then, and it is read anew.
    """
    held = {offer.pk: offer for offer in offers}
    # Claiming is all that the transactions did which made these versions, so any of them will do.
    versions = {offer.version for offer in held.values() if offer.version}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [_array(versions), _array(held)])
        found = dict(cursor.fetchall())
    changed = [pk for pk, is_untouched in found.items() if not is_untouched]
    rows = Offer.objects.in_bulk(changed) if changed else {}
    now = {pk: held[pk] if is_untouched else rows[pk] for pk, is_untouched in found.items()}
    return {pk: offer for pk, offer in now.items() if offer.claimed_at == held[pk].claimed_at}


def _array(values: Iterable[object]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


def release_offers(*, offers: Iterable[Offer], next_check_at: datetime) -> None:
    """Give up claims without having learnt anything; not those that another worker took over meanwhile."""
    claims: dict[datetime | None, list[int]] = {}
    for offer in offers:
        claims.setdefault(offer.claimed_at, []).append(offer.pk)
    for claimed_at, ids in claims.items():
        Offer.objects.filter(pk__in=ids, claimed_at=claimed_at).update(claimed_at=None, next_check_at=next_check_at)

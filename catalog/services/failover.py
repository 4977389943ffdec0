"""Where do an offer's links lead while it fails? To the next permitted offer of the same product, until it is mended.

Readers never pay for our troubles: what strands them (a page that is gone, sold out, or somebody else's) is replaced by
the best offer there is; a page that merely forgets our tag is replaced only by one that costs them no more. Rows that
ended are the audit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from catalog import selectors
from catalog.best_offer import ranked
from catalog.models import Destination, Failover, Link, Offer
from catalog.reading import Availability, Condition
from catalog.services.link_checks import target_problem
from catalog.shown_offer import ShownOffer, show
from catalog.terms import LinkStyle, Use

_BETTER_FIRST = (Condition.NEW.value, Condition.REFURBISHED.value, Condition.USED.value)


class FailoverError(Exception):
    """The failover cannot be changed. The message says why."""


@transaction.atomic
def settle_failovers(*, offer_ids: Iterable[int], now: datetime) -> int:
    """Make and end failovers so that links over these offers lead where they should; how many changed."""
    wanted = set(offer_ids)
    active = Failover.objects.filter(ended_at__isnull=True)
    wanted |= set(active.filter(to_offer__in=wanted).values_list("from_offer", flat=True))
    changed = _end_outlived(wanted, now)
    failing = (
        Destination.objects.failing()
        .filter(offer__in=wanted, offer__withdrawn_at__isnull=True)
        .select_related("offer")
        .order_by("pk")
    )
    return changed + sum(_fail_over(row, now) for row in failing)


def settle_all(*, now: datetime) -> int:
    """The same for every offer that fails or is led away from: what they led to may be gone meanwhile."""
    failing = set(Destination.objects.failing().values_list("pk", flat=True))
    led_away = set(Failover.objects.filter(ended_at__isnull=True).values_list("from_offer", flat=True))
    return settle_failovers(offer_ids=failing | led_away, now=now)


@transaction.atomic
def revert_failover(*, failover: Failover, by: str, now: datetime) -> None:
    """An editor takes it back; it is not made again while the same failure lasts. Raises `FailoverError`."""
    row = Failover.objects.select_for_update(of=("self",)).get(pk=failover.pk)
    if row.ended_at is not None:
        raise FailoverError(f"{row.link} leads to its own offer already: {row.ended_because}")
    row.is_reverted, row.reverted_by = True, by
    _end(row, f"Taken back by {by}.", now)


def _end_outlived(offer_ids: set[int], now: datetime) -> int:
    """End failovers whose offer is mended, or whose replacement may not be led to any more."""
    rows = (
        Failover.objects.select_for_update(of=("self",))
        .filter(from_offer__in=offer_ids, ended_at__isnull=True)
        .select_related("from_offer", "link")
        .order_by("pk")
    )
    failing = Destination.objects.failing().filter(offer__in=offer_ids).in_bulk()
    return sum(_end(row, because, now) for row in rows if (because := _outlived(row, failing, now)))


def _outlived(row: Failover, failing: Mapping[int, Destination], now: datetime) -> str:
    """Why this failover is over; empty while it holds."""
    failure = failing.get(row.from_offer_id)
    if failure is None:
        return "The offer it replaced is fine again."
    if not row.link.is_active or not _still_leads(row.link, row.from_offer_id):
        return "The link does not lead to that offer any more."
    if row.to_offer_id not in {offer.pk for offer in _replacements(failure, now)}:
        return "The offer it led to cannot be led to any more."
    return ""


def _end(row: Failover, because: str, now: datetime) -> int:
    row.ended_at, row.ended_because = now, because
    row.save(update_fields=["ended_at", "ended_because", "is_reverted", "reverted_by"])
    return 1


def _still_leads(link: Link, offer_id: int) -> bool:
    return link.offer_id == offer_id or link.routes.filter(offer=offer_id).exists()


def _links_of(row: Destination) -> list[Link]:
    """The active links of the failing offer that nothing replaces yet and no editor wants left alone."""
    since = row.failing_since
    reverted = Failover.objects.filter(from_offer=row.pk, is_reverted=True)
    if since is not None:
        reverted = reverted.filter(started_at__gte=since)
    leading: QuerySet[Link] = Link.objects.filter(
        Q(offer=row.pk) | Q(routes__offer=row.pk, routes__weight__gt=0), is_active=True
    )
    replaced = Failover.objects.filter(ended_at__isnull=True).values("link")
    ids = leading.exclude(pk__in=replaced).exclude(pk__in=reverted.values("link")).values_list("pk", flat=True)
    return list(Link.objects.select_for_update().filter(pk__in=set(ids)).order_by("pk"))


def _fail_over(row: Destination, now: datetime) -> int:
    links = _links_of(row)
    found = next(iter(_replacements(row, now)), None) if links else None
    if found is None:
        return 0
    reason = f"{row.get_state_display()}: {row.detail}"[:300]
    for link in links:
        Failover.objects.create(link=link, from_offer_id=row.pk, to_offer_id=found.pk, reason=reason, started_at=now)
    return len(links)


def _replacements(row: Destination, now: datetime) -> list[Offer]:
    """The offers that may stand in for the failing one, best first."""
    permitted = _permitted(row.offer, now)
    if row.state in Destination.STRANDING:
        return [offer for offer, _ in permitted]
    own = selectors.offers().filter(pk=row.offer_id).first()
    ours = _shown(own, now) if own is not None else None
    return [offer for offer, shown in permitted if _costs_no_more(shown, ours)]


def _costs_no_more(shown: ShownOffer, than: ShownOffer | None) -> bool:
    if than is None or than.price is None or shown.price is None or shown.price.currency != than.price.currency:
        return False
    return shown.price.total <= than.price.total


def _permitted(offer: Offer, now: datetime) -> list[tuple[Offer, ShownOffer]]:
    """The offers its links may lead to, best first: same condition, country and currency before others.

    Never to a worse condition than the reader chose, to one that cannot be ordered, to one that fails itself, or over
    `/go/` to a merchant whose programme wants direct links.
    """
    offer = Offer.objects.select_related("merchant").get(pk=offer.pk)
    failing = Destination.objects.failing().values("pk")
    rows = (
        selectors.offers()
        .filter(product=offer.product_id, merchant__link_style=LinkStyle.REDIRECT)
        .exclude(pk=offer.pk)
        .exclude(pk__in=failing)
        .exclude(availability__in=[Availability.OUT_OF_STOCK, Availability.DISCONTINUED])
        .filter(condition__in=_BETTER_FIRST[: _BETTER_FIRST.index(offer.condition) + 1])
    )
    by_id = {row.pk: row for row in rows if not target_problem(row)}
    shown = [one for row in by_id.values() if (one := _shown(row, now)) is not None]
    best_first = ranked(shown, currency=offer.currency or offer.merchant.currency)

    def far(one: ShownOffer) -> tuple[bool, bool, bool]:
        row = by_id[one.offer_id]
        return (
            row.condition != offer.condition,
            row.merchant.country != offer.merchant.country,
            row.merchant.currency != offer.merchant.currency,
        )

    return [(by_id[one.offer_id], one) for one in sorted(best_first, key=far)]


def _shown(offer: Offer, now: datetime) -> ShownOffer | None:
    facts = selectors.facts_of(offer)
    return show(facts, now=now, use=Use.PAGE) if facts else None

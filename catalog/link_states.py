"""How is each link doing, and how often was it followed lately? For the desk and for machines alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from catalog.links.route_words import moment
from catalog.models import ClickTally, Failover, Link
from catalog.services.link_checks import offer_problem

DAYS = 30
STATES = {
    "active": "Leads to its offers",
    "failing": "Leads to another offer for now",
    "ended": "Has ended",
    "off": "Switched off",
    "nowhere": "Leads nowhere",
}


@dataclass(frozen=True, slots=True)
class LinkState:
    """`kind` is one of the keys of `STATES`; `text` says it for this link."""

    kind: str
    text: str


def with_failovers(links: QuerySet[Link]) -> QuerySet[Link]:
    """The links, each with `fails_over`: does it lead to another offer for the time being?"""
    return links.annotate(fails_over=Exists(Failover.objects.filter(link=OuterRef("pk"), ended_at__isnull=True)))


def state_of(link: Link, *, now: datetime) -> LinkState:
    """How the link, read by `with_failovers` with its offer's merchant, is doing."""
    if not link.is_active:
        return LinkState("off", "switched off")
    if link.expired_at is not None:
        return LinkState("ended", f"ended with its last click, {moment(link.expired_at)}")
    if link.expires_at is not None and link.expires_at <= now:
        return LinkState("ended", f"ended {moment(link.expires_at)}")
    if why := offer_problem(link.offer):
        return LinkState("nowhere", f"leads nowhere: {why}")
    if getattr(link, "fails_over", False):
        return LinkState("failing", "leads to another offer while its own fails")
    until = f" until {moment(link.expires_at)}" if link.expires_at else ""
    return LinkState("active", f"active{until}")


def in_state(links: QuerySet[Link], kind: str, *, now: datetime) -> QuerySet[Link]:
    """Those of them, read by `with_failovers`, that are in this state; all of them for a state there is not."""
    ended = Q(expired_at__isnull=False) | Q(expires_at__lte=now)
    nowhere = Q(offer__withdrawn_at__isnull=False) | Q(offer__merchant__is_active=False)
    wanted = {
        "off": Q(is_active=False),
        "ended": Q(is_active=True) & ended,
        "nowhere": Q(is_active=True) & ~ended & nowhere,
        "failing": Q(is_active=True, fails_over=True) & ~ended & ~nowhere,
        "active": Q(is_active=True, fails_over=False) & ~ended & ~nowhere,
    }.get(kind)
    return links if wanted is None else links.filter(wanted)


def clicks_of(codes: Sequence[str], *, today: date) -> dict[str, tuple[int, int]]:
    """All clicks and the net ones of the last 30 days by code. One query, however many codes."""
    days = [today - timedelta(days=back) for back in range(DAYS)]
    rows = (
        ClickTally.objects.filter(dimension=ClickTally.Dimension.LINK, day__in=days, key__in=codes)
        .order_by()
        .values_list("key")
        .annotate(Sum("clicks"), Sum("net_clicks"))
    )
    return {key: (clicks, net) for key, clicks, net in rows}

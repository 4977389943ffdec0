"""What does an editor see of links: how each is doing, and whom it leads where? Built before a template runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import available_timezones

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils import timezone

from catalog import placements, qr_codes
from catalog.models import ClickTally, Failover, Link, LinkRoute
from catalog.route_words import moment, whom
from catalog.services.link_checks import as_route, offer_problem, warnings_of

DAYS = 30
QR_PLACE = "qr"


@dataclass(frozen=True, slots=True)
class LinkState:
    """`kind` is one of the keys of `STATES`; `text` says it for this link."""

    kind: str
    text: str


STATES = {
    "active": "Leads to its offers",
    "failing": "Leads to another offer for now",
    "ended": "Has ended",
    "off": "Switched off",
    "nowhere": "Leads nowhere",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteLine:
    """A route in words: whom it leads where, and its part of those it fits together with its equals."""

    position: int
    name: str
    whom: str
    where: str
    share: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a link's routes do, stored or only filled in. `otherwise`: where those are led whom no route fits."""

    routes: tuple[RouteLine, ...]
    otherwise: str
    warnings: tuple[str, ...]
    is_stored: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage:
    code: str
    address: str
    state: LinkState
    words: Words
    clicks: int
    net_clicks: int
    days: int
    qr_address: str
    qr_side: int
    time_zones: tuple[str, ...]


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


def link_page(link: Link, *, now: datetime) -> LinkPage:
    """Everything that stands around a link's form. A fixed number of queries."""
    routes = list(link.routes.select_related("offer__merchant", "offer__product__brand"))
    clicks, net = clicks_of([link.code], today=timezone.localdate(now)).get(link.code, (0, 0))
    return LinkPage(
        code=link.code,
        address=settings.SITE_URL + link.get_absolute_url(),
        state=state_of(with_failovers(Link.objects.select_related("offer__merchant")).get(pk=link.pk), now=now),
        words=words_of(link, routes, now=now),
        clicks=clicks,
        net_clicks=net,
        days=DAYS,
        qr_address=qr_address(link),
        qr_side=qr_codes.side(qr_address(link)),
        time_zones=tuple(sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")),
    )


def words_of(link: Link, rows: Sequence[LinkRoute], *, now: datetime, is_stored: bool = True) -> Words:
    """The routes in words, with what an editor should know of them. Each has a `pk`, stored or not."""
    return Words(
        routes=tuple(_lines(sorted(rows, key=lambda row: (row.position, row.pk < 0, abs(row.pk))))),
        otherwise=f"{link.offer.product} at {link.offer.merchant.name}",
        warnings=tuple(warnings_of(link, rows, now=now)),
        is_stored=is_stored,
    )


def qr_address(link: Link) -> str:
    """What the link's QR code says: its whole address, with a place of its own so that its clicks are told apart."""
    return f"{settings.SITE_URL}{link.get_absolute_url()}?p={placements.token(QR_PLACE)}"


def _lines(rows: Sequence[LinkRoute]) -> Iterable[RouteLine]:
    routes = {row.pk: as_route(row) for row in rows}
    for row in rows:
        # Routes for the same visitors at the same position share them; others meet only some of theirs.
        alike = [
            other.weight
            for other in rows
            if other.position == row.position and whom(routes[other.pk]) == whom(routes[row.pk])
        ]
        total = sum(alike)
        if row.weight == 0:
            share = "switched off: its weight is 0"
        else:
            share = f"{row.weight} of {total}: {row.weight / total:.0%}" if len(alike) > 1 else ""
        yield RouteLine(
            position=row.position,
            name=row.name,
            whom=whom(routes[row.pk]),
            where=f"{row.offer.product} at {row.offer.merchant.name}",
            share=share,
            problem=offer_problem(row.offer),
        )

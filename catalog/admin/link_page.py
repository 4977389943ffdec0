"""What does an editor see of links: how each is doing, and whom it leads where? Built before a template runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from django.conf import settings
from django.utils import timezone

from catalog import placements
from catalog.link_states import DAYS, LinkState, clicks_of, state_of, with_failovers
from catalog.links import qr_codes
from catalog.links.route_words import whom
from catalog.models import Link, LinkRoute
from catalog.services.link_checks import as_route, offer_problem, warnings_of

QR_PLACE = "qr"


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

"""Where would a link lead this visitor, which route says so, and why not another? The simulator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog import targets
from catalog.clicks import ids as click_ids
from catalog.links.countries import country_name
from catalog.links.languages import language_name
from catalog.links.route_words import DAY_NAMES, FORM_NAMES, SYSTEM_NAMES, moment, refusals, whom
from catalog.links.routing import Visitor, deciding
from catalog.models import Failover, Link, LinkRoute, Offer
from catalog.services.link_checks import as_route, offer_problem, route_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One place the visitor may be led to, and how probable it is. Without an address: why there is none."""

    name: str
    percent: str
    shop: str
    product: str
    address: str
    problem: str
    instead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What became of a route: it `decides`, or `why` not."""

    name: str
    whom: str
    decides: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """`outcome` says it in a sentence. `targets` is empty when the visitor stays with us (`stays`)."""

    visitor: str
    outcome: str
    stays: str
    targets: tuple[Target, ...]
    steps: tuple[Step, ...]


def trial(link: Link, visitor: Visitor) -> Trial:
    """Try the link with a visitor; nothing is counted. A fixed number of queries."""
    rows = list(link.routes.select_related("offer__merchant", "offer__product__brand"))
    barred = {row.pk: why for row in rows if (why := offer_problem(row.offer))}
    sharing = deciding([as_route(row) for row in rows if row.pk not in barred], visitor)
    chosen = [row for row in rows if row.pk in {route.id for route in sharing}]
    steps = tuple(_step(row, visitor, chosen, barred) for row in rows)
    said = in_words(visitor)
    if (stays := _ended(link, visitor.at)) or (stays := _leads_nowhere(link)):
        return Trial(visitor=said, outcome=stays, stays=stays, targets=(), steps=steps)
    instead = {
        failover.from_offer_id: failover
        for failover in Failover.objects.filter(link=link, ended_at__isnull=True).select_related(
            "to_offer__merchant", "to_offer__product__brand"
        )
    }
    total = sum(row.weight for row in chosen)
    found = tuple(_target(route_name(row), row.offer, row.weight / total, visitor.at, instead) for row in chosen) or (
        _target("the link's own offer", link.offer, 1.0, visitor.at, instead),
    )
    return Trial(visitor=said, outcome=_outcome(chosen), stays="", targets=found, steps=steps)


def in_words(visitor: Visitor) -> str:
    """`A visitor from Germany, on a phone with iOS, reading German, on Friday 2026-11-27 21:00 UTC`."""
    where = country_name(visitor.country) if visitor.country else "a country we do not know"
    device = f"a {FORM_NAMES[visitor.form]}" if visitor.form else "a device we do not know"
    system = f" with {SYSTEM_NAMES[visitor.system]}" if visitor.system else ""
    reads = f", reading {language_name(visitor.language)}" if visitor.language else ", saying no language"
    day = DAY_NAMES[visitor.at.weekday()]
    return f"A visitor from {where}, on {device}{system}{reads}, on {day} {moment(visitor.at)}"


def _step(row: LinkRoute, visitor: Visitor, chosen: Sequence[LinkRoute], barred: Mapping[int, str]) -> Step:
    route = as_route(row)
    if any(row.pk == one.pk for one in chosen):
        why = "it shares this visitor with the others of its position" if len(chosen) > 1 else "every condition holds"
        return Step(name=route_name(row), whom=whom(route), decides=True, why=why)
    if row.pk in barred:
        why = f"it is passed over: {barred[row.pk]}"
    elif found := refusals(route, visitor):
        why = "; ".join(found)
    else:
        why = f"it would fit, but position {chosen[0].position} decides before it"
    return Step(name=route_name(row), whom=whom(route), decides=False, why=why)


def _ended(link: Link, at: datetime) -> str:
    is_over = link.expired_at is not None or (link.expires_at is not None and link.expires_at <= at)
    if not is_over or not link.is_active:
        return ""
    path = link.fallback_path or link.offer.product.get_absolute_url()
    return f"The link has ended by then: the visitor is led to our page {path}."


def _leads_nowhere(link: Link) -> str:
    if not link.is_active:
        return "The link is switched off: the visitor sees our page that says so."
    if why := offer_problem(link.offer):
        return f"The link leads nowhere, because of its own offer: {why}"
    return ""


def _outcome(chosen: Sequence[LinkRoute]) -> str:
    if not chosen:
        return "No route fits: the link's own offer."
    if len(chosen) == 1:
        return f"Decided by {route_name(chosen[0])}."
    return f"{len(chosen)} routes at position {chosen[0].position} share this visitor by their weights."


def _target(name: str, offer: Offer, part: float, at: datetime, instead: Mapping[int, Failover]) -> Target:
    failover = instead.get(offer.pk)
    led_to = failover.to_offer if failover is not None else offer
    address, problem = _address(led_to, at)
    return Target(
        name=name,
        percent=f"{part * 100:.4g} %",
        shop=led_to.merchant.name,
        product=str(led_to.product),
        address=address,
        problem=problem,
        instead=f"Instead of {offer.merchant.name} for now: {failover.reason}" if failover is not None else "",
    )


def _address(offer: Offer, at: datetime) -> tuple[str, str]:
    """The exact address with the sub-id of a click made then (nobody's), and why there is none."""
    merchant = offer.merchant
    try:
        address = targets.destination(
            offer.url,
            hosts=merchant.hosts,
            merchant=merchant.name,
            network=merchant.network,
            settings=merchant.network_settings,
            sub_id=click_ids.sub_id(example_click(at)),
        )
    except targets.TargetError as error:
        return "", str(error)
    return address, ""


def example_click(at: datetime) -> UUID:
    """The id of a click that was never made, with the time in front and nothing behind it."""
    return UUID(int=int(at.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62)

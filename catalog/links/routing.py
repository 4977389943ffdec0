"""Which of a link's routes does a visitor take, and why not the others?

A pure module. The lowest position that has a fitting route with a weight decides; among its fitting routes the weights
share the visitors. Nobody is remembered: a visitor who comes twice is drawn twice, which keeps the shares honest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# What a route may ask, in the order in which it is asked.
CONDITIONS = ("countries", "forms", "systems", "languages", "dates", "hours")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who follows a link. `at` is aware, UTC; what is not known is empty and fits only what asks nothing of it."""

    country: str
    form: str
    system: str
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Route:
    """One way a link can lead; all its conditions must hold (AND), an empty one always does."""

    id: int
    position: int
    weight: int
    offer_id: int
    countries: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    systems: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset()
    from_time: time | None = None
    until_time: time | None = None
    time_zone: str = "UTC"
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def choose(routes: Iterable[Route], visitor: Visitor, draw: float) -> Route | None:
    """The route the visitor takes; None is the link's own offer. `draw` is a number from 0 up to, not with, 1."""
    sharing = deciding(routes, visitor)
    if len(sharing) < 2:
        return sharing[0] if sharing else None
    total = sum(route.weight for route in sharing)
    # A whole number below the total, so that every weight gets exactly its part of the draws.
    rest = min(int(draw * total), total - 1)
    for route in sharing:
        rest -= route.weight
        if rest < 0:
            return route
    raise AssertionError("the weights add up to their total")


def deciding(routes: Iterable[Route], visitor: Visitor) -> Sequence[Route]:
    """The routes that share this visitor: those that fit at the lowest position where one does, by their ids."""
    found: list[Route] = []
    for route in routes:
        if route.weight <= 0 or (found and route.position > found[0].position) or not fits(route, visitor):
            continue
        if found and route.position < found[0].position:
            found.clear()
        found.append(route)
    if len(found) > 1:
        found.sort(key=_by_id)
    return found


def _by_id(route: Route) -> int:
    return route.id


def fits(route: Route, visitor: Visitor) -> bool:
    """True when every condition of the route holds for the visitor. The weight is not asked."""
    return next(misfits(route, visitor), None) is None


def misfits(route: Route, visitor: Visitor) -> Iterator[str]:
    """The names (of `CONDITIONS`) of the conditions that do not hold."""
    if route.countries and visitor.country not in route.countries:
        yield "countries"
    if route.forms and visitor.form not in route.forms:
        yield "forms"
    if route.systems and visitor.system not in route.systems:
        yield "systems"
    if route.languages and visitor.language not in route.languages:
        yield "languages"
    if (route.starts_at is not None and visitor.at < route.starts_at) or (
        route.ends_at is not None and visitor.at >= route.ends_at
    ):
        yield "dates"
    if (route.weekdays or route.from_time is not None) and not _is_open(route, visitor.at):
        yield "hours"


def _is_open(route: Route, at: datetime) -> bool:
    """True when the local day and time are the route's; hours that pass midnight belong to the day they begin on.

    Equal times are the whole day from that time on. On the two days a year when clocks change, an hour that is skipped
    does not happen and one that is repeated happens twice, as on a clock on the wall.
    """
    zone = zone_of(route.time_zone)
    if zone is None:  # a row that came past the checks must not send anybody to the wrong shop
        return False
    local = at.astimezone(zone)
    began = local.date()
    if route.from_time is not None and route.until_time is not None:
        clock = local.time()
        if route.from_time < route.until_time:
            if not route.from_time <= clock < route.until_time:
                return False
        elif clock < route.from_time:
            if clock >= route.until_time:
                return False
            began -= timedelta(days=1)
    return not route.weekdays or began.isoweekday() in route.weekdays


@lru_cache(maxsize=1_000)
def zone_of(name: str) -> tzinfo | None:
    """The time zone of that name (`Europe/Berlin`); None when there is no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None

"""Which routes of a link can nobody ever take, and where do two of them get in each other's way?

A pure module. It does not compare conditions with each other but tries visitors: for every route one visitor of each
sort that its own conditions and those of the routes before it can tell apart. So it also sees that two routes together
leave nothing for a third.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import chain, product

from catalog.clicks.visitors import FORMS, SYSTEMS
from catalog.links.routing import Route, Visitor, fits, misfits, zone_of

# A link with so many sorts of visitors is not tried to the end; nothing is said of it then.
MOST_VISITORS = 60_000
_A_DAY = timedelta(days=1)
# Two weeks after each date: every weekday with a whole night behind it, on both sides of a change of clocks.
_DAYS_TRIED = 14


@dataclass(frozen=True, slots=True)
class Hidden:
    """`route` never decides, because of `why`: a clause."""

    route: Route
    why: str
    behind: tuple[Route, ...] = ()


def hidden_routes(routes: Sequence[Route], *, now: datetime) -> list[Hidden]:
    """The routes that lead nobody from now on, in their order."""
    found = []
    for route in sorted(routes, key=lambda one: (one.position, one.id)):
        reason = _hidden(route, [one for one in routes if one.position < route.position and one.weight > 0], now)
        if reason is not None:
            found.append(reason)
    return found


def overlapping_windows(routes: Sequence[Route], *, now: datetime) -> list[tuple[Route, Route]]:
    """Pairs of dated routes for the same visitors whose dates overlap without being the same; the first goes first.

    In the days they share the lower position wins, or both share where the positions are equal: seldom what is meant.
    """
    dated = [
        one
        for one in sorted(routes, key=lambda one: (one.position, one.id))
        if one.weight > 0 and (one.starts_at or one.ends_at) and not (one.ends_at and one.ends_at <= now)
    ]
    pairs = ((one, other) for place, one in enumerate(dated) for other in dated[place + 1 :])
    return [(one, other) for one, other in pairs if _dates(one) != _dates(other) and _meet(one, other)]


def _hidden(route: Route, before: Sequence[Route], now: datetime) -> Hidden | None:
    if route.weight <= 0:
        return Hidden(route, "its weight is 0")
    if route.ends_at is not None and route.ends_at <= now:
        return Hidden(route, "it has ended")
    moments = _moments(route, before, now)
    if not moments:
        return Hidden(route, "no moment from now on is within its dates, days and hours")
    behind: set[Route] = set()
    for tried, visitor in enumerate(_sorts_of_visitors(route, before, moments)):
        first = next((one for one in before if fits(one, visitor)), None)
        if first is None or tried > MOST_VISITORS:
            return None
        behind.add(first)
    return Hidden(route, "others before it take all its visitors", tuple(sorted(behind, key=lambda one: one.id)))


def _sorts_of_visitors(route: Route, before: Sequence[Route], moments: Iterable[datetime]) -> Iterator[Visitor]:
    """Visitors that fit the route. What no route asks need not be told apart."""
    countries = route.countries or {"", "??", *chain.from_iterable(one.countries for one in before)}
    forms = route.forms or (("", *FORMS) if any(one.forms for one in before) else ("",))
    systems = route.systems or (("", *SYSTEMS) if any(one.systems for one in before) else ("",))
    languages = route.languages or {"", "??", *chain.from_iterable(one.languages for one in before)}
    for at, country, form, system, language in product(moments, countries, forms, systems, languages):
        yield Visitor(country, form, system, language, at)


def _moments(route: Route, before: Sequence[Route], now: datetime) -> list[datetime]:
    """Moments at which the route is open, one for each set of other routes that are open then."""
    found: dict[tuple[bool, ...], datetime] = {}
    for at in sorted(_changes([route, *before], now)):
        if _is_open(route, at):
            found.setdefault(tuple(_is_open(one, at) for one in before), at)
    return list(found.values())


def _changes(routes: Sequence[Route], now: datetime) -> set[datetime]:
    """Every moment from now on at which one of the routes may open or close."""
    dates = {now, *(at for one in routes for at in _dates(one) if at is not None and at > now)}
    found = set(dates)
    for one in routes:
        zone = zone_of(one.time_zone)
        if zone is None or not (one.weekdays or one.from_time):
            continue
        clocks = [clock for clock in (time.min, one.from_time, one.until_time) if clock is not None]
        for date, days, clock in product(dates, range(_DAYS_TRIED + 1), clocks):
            day = (date.astimezone(zone) + days * _A_DAY).date()
            found.add(datetime.combine(day, clock, tzinfo=zone).astimezone(UTC))
    return {at for at in found if at >= now}


def _is_open(route: Route, at: datetime) -> bool:
    return not {"dates", "hours"} & set(misfits(route, Visitor("", "", "", "", at)))


def _dates(route: Route) -> tuple[datetime | None, datetime | None]:
    return route.starts_at, route.ends_at


def _meet(one: Route, other: Route) -> bool:
    """True when some visitor at some moment fits both."""
    starts = [at for at in (one.starts_at, other.starts_at) if at is not None]
    ends = [at for at in (one.ends_at, other.ends_at) if at is not None]
    if starts and ends and max(starts) >= min(ends):
        return False
    pairs = (
        (one.countries, other.countries),
        (one.forms, other.forms),
        (one.systems, other.systems),
        (one.languages, other.languages),
    )
    return all(not a or not b or a & b for a, b in pairs)

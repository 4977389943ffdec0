"""How is a route said in words: for whom it is, and why a visitor does not take it?

A pure module. The words stand in the admin; what readers see is said on the link's own page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from catalog.links.countries import country_name
from catalog.links.languages import language_name
from catalog.links.routing import Route, Visitor, misfits, zone_of

FORM_NAMES = {"phone": "phone", "tablet": "tablet", "desktop": "desktop"}
SYSTEM_NAMES = {"ios": "iOS", "android": "Android", "windows": "Windows", "macos": "macOS", "linux": "Linux"}
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def whom(route: Route) -> str:
    """The visitors a route is for: `From Germany or Austria, on a phone, 18:00–23:00 Berlin time`."""
    said = [
        f"from {_countries(route.countries)}" if route.countries else "",
        f"on a {_either(_in_order(FORM_NAMES, route.forms))}" if route.forms else "",
        f"with {_either(_in_order(SYSTEM_NAMES, route.systems))}" if route.systems else "",
        f"reading {_either(sorted(map(language_name, route.languages)))}" if route.languages else "",
        hours(route),
        dates(route),
    ]
    text = ", ".join(part for part in said if part) or "everybody"
    return text[:1].upper() + text[1:]


def hours(route: Route) -> str:
    """`on Mondays or Fridays, 18:00–23:00 Berlin time`; empty when it is always open."""
    days = f"on {_either([f'{DAY_NAMES[day - 1]}s' for day in sorted(route.weekdays)])}" if route.weekdays else ""
    if route.from_time is None or route.until_time is None:
        return f"{days} ({place_of(route.time_zone)})" if days else ""
    over = " (over midnight)" if route.until_time <= route.from_time else ""
    clock = f"{route.from_time:%H:%M}–{route.until_time:%H:%M} {place_of(route.time_zone)}{over}"
    return f"{days}, {clock}" if days else clock


def dates(route: Route) -> str:
    """`from 2026-11-27 00:00 UTC until 2026-12-01 00:00 UTC`; empty when it has no dates."""
    said = [
        f"from {moment(route.starts_at)}" if route.starts_at else "",
        f"until {moment(route.ends_at)}" if route.ends_at else "",
    ]
    return " ".join(part for part in said if part)


def refusals(route: Route, visitor: Visitor) -> list[str]:
    """Why the visitor does not take the route, one clause for each condition that does not hold."""
    words = [_REFUSALS[condition](route, visitor) for condition in misfits(route, visitor)]
    return [*words, "its weight is 0"] if route.weight <= 0 else words


def place_of(zone: str) -> str:
    """`Berlin time` for Europe/Berlin."""
    return "UTC" if zone == "UTC" else f"{zone.rpartition('/')[2].replace('_', ' ')} time"


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} {at.tzname() or ''}".strip()


def _country_refused(route: Route, visitor: Visitor) -> str:
    came = f"comes from {country_name(visitor.country)}" if visitor.country else "comes from a country we do not know"
    return f"the visitor {came}, not from {_countries(route.countries)}"


def _form_refused(route: Route, visitor: Visitor) -> str:
    held = f"is on a {visitor.form}" if visitor.form else "uses a device we do not know"
    return f"the visitor {held}, not on a {_either(_in_order(FORM_NAMES, route.forms))}"


def _system_refused(route: Route, visitor: Visitor) -> str:
    uses = SYSTEM_NAMES.get(visitor.system, "a system we do not know")
    return f"the visitor uses {uses}, not {_either(_in_order(SYSTEM_NAMES, route.systems))}"


def _language_refused(route: Route, visitor: Visitor) -> str:
    reads = f"reads {language_name(visitor.language)} first" if visitor.language else "says no language"
    return f"the visitor {reads}, not {_either(sorted(map(language_name, route.languages)))}"


def _dates_refused(route: Route, visitor: Visitor) -> str:
    if route.starts_at is not None and visitor.at < route.starts_at:
        return f"it begins only at {moment(route.starts_at)}"
    return f"it ended at {moment(route.ends_at)}" if route.ends_at else "it ended"


def _hours_refused(route: Route, visitor: Visitor) -> str:
    zone = zone_of(route.time_zone)
    if zone is None:
        return f"there is no time zone {route.time_zone!r}"
    local = visitor.at.astimezone(zone)
    return f"it is {DAY_NAMES[local.weekday()]} {local:%H:%M} {place_of(route.time_zone)}, not {hours(route)}"


_REFUSALS = {
    "countries": _country_refused,
    "forms": _form_refused,
    "systems": _system_refused,
    "languages": _language_refused,
    "dates": _dates_refused,
    "hours": _hours_refused,
}


def _countries(codes: Collection[str]) -> str:
    return _either(sorted(country_name(code) for code in codes))


def _in_order(names: dict[str, str], keys: Collection[str]) -> list[str]:
    return [name for key, name in names.items() if key in keys]


def _either(names: Iterable[str]) -> str:
    """`one`, `one or two`, `one, two or three`."""
    found: Sequence[str] = list(names)
    return f"{', '.join(found[:-1])} or {found[-1]}" if len(found) > 1 else "".join(found)

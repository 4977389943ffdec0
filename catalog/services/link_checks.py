"""What is wrong with a link or one of its routes, and what should an editor know who saves it?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import unquote

from django.urls import Resolver404, resolve

from catalog.clicks.visitors import FORMS, SYSTEMS
from catalog.links.countries import NAMES, country_name
from catalog.links.languages import is_language
from catalog.links.route_review import hidden_routes, overlapping_windows
from catalog.links.route_words import dates
from catalog.links.routing import Route, zone_of
from catalog.models import Link, LinkRoute, Offer
from catalog.targets import TargetError, destination
from catalog.terms import LinkStyle

# What goes wrong for each field of a record: sentences for the editor.
Problems = dict[str, list[str]]

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
# One slash, then what may stand in an address; browsers read a backslash as a slash and drop tabs and line ends.
_OWN_PATH = re.compile(r"/(?:(?!//|\\)[\x21-\x7e])*", re.ASCII)
_LIKELY_MEANT = {"UK": "GB", "EL": "GR", "EN": "GB", "EU": "", "JA": "JP", "DA": "DK", "CS": "CZ"}


def link_problems(link: Link, *, stored: Link | None) -> Problems:
    """What is wrong with the link, by field; empty when it can be stored. `stored` is how it stands in the database."""
    found: Problems = {}
    if stored is None and not _CODE.fullmatch(link.code):
        _add(found, "code", "Small letters and digits, with single hyphens between them, as in acme-one-shop.")
    if stored is not None and stored.code != link.code:
        _add(
            found,
            "code",
            f"/go/{stored.code}/ may stand in print, in mails and on other sites, so it stays. "
            "Make another code for the same link below; both lead there then.",
        )
    if (stored is None or stored.offer_id != link.offer_id) and (why := offer_problem(link.offer)):
        _add(found, "offer", why)
    if link.expires_after_clicks == 0:
        _add(found, "expires_after_clicks", "After 0 clicks it would never lead anywhere. Switch it off instead.")
    if why := path_problem(link.fallback_path):
        _add(found, "fallback_path", why)
    return found


def route_problems(route: LinkRoute, *, stored: LinkRoute | None = None) -> Problems:
    """What is wrong with the route, by field; empty when it can be stored."""
    found: Problems = {}
    if route.position < 1:
        _add(found, "position", "Positions begin with 1.")
    if (stored is None or stored.offer_id != route.offer_id) and (why := offer_problem(route.offer)):
        _add(found, "offer", why)
    _check_visitors(found, route)
    if any(not 1 <= day <= 7 for day in route.weekdays):
        _add(found, "weekdays", "Days are 1 (Monday) to 7 (Sunday).")
    if (route.from_time is None) != (route.until_time is None):
        _add(found, "until_time" if route.until_time is None else "from_time", "Give both times of the day or neither.")
    if zone_of(route.time_zone) is None:
        _add(found, "time_zone", f"There is no time zone {route.time_zone!r}; they are named like Europe/Berlin.")
    if route.starts_at and route.ends_at and route.ends_at <= route.starts_at:
        _add(found, "ends_at", "It ends before it starts.")
    return found


def _check_visitors(found: Problems, route: LinkRoute) -> None:
    """Add what is wrong with whom the route is for."""
    for code in route.countries:
        if code not in NAMES:
            _add(found, "countries", _no_country(code))
    for name, known in (("forms", FORMS), ("systems", SYSTEMS)):
        for value in getattr(route, name):
            if value not in known:
                _add(found, name, f"{value!r} is none of: {', '.join(known)}.")
    for code in route.languages:
        if not is_language(code):
            _add(found, "languages", f"{code!r} is no language (ISO 639), such as de, fr or ja.")


def offer_problem(offer: Offer) -> str:
    """A sentence when readers could not, or must not, be sent to this offer."""
    merchant = offer.merchant
    if offer.withdrawn_at is not None:
        return "This offer was withdrawn from the site. Choose another, or put it back first."
    if not merchant.is_active:
        return f"{merchant.name} is switched off. Choose another merchant's offer, or switch it on first."
    return target_problem(offer)


def target_problem(offer: Offer) -> str:
    """A sentence when the offer's address is not its merchant's, or its network cannot tag it."""
    merchant = offer.merchant
    try:
        destination(
            offer.url,
            hosts=merchant.hosts,
            merchant=merchant.name,
            network=merchant.network,
            settings=merchant.network_settings,
        )
    except TargetError as error:
        return str(error)
    return ""


def path_problem(path: str) -> str:
    """A sentence when this is no page of our own. Empty text is fine: the product's page."""
    if not path:
        return ""
    if not _OWN_PATH.fullmatch(path) or "//" in unquote(path.partition("?")[0]) or "\\" in unquote(path):
        return "Give the path of a page of ours, such as /guides/: one slash first, no host, no spaces."
    bare = path.partition("#")[0].partition("?")[0]
    if bare.startswith("/go/"):
        return "It must not lead to another link of ours; give a page's path, such as /guides/."
    try:
        resolve(unquote(bare))
    except Resolver404:
        return f"There is no page {bare} on this site. Copy the path from the page's address."
    return ""


def warnings_about(link: Link, *, now: datetime) -> list[str]:
    """What an editor should know of a stored link: sentences, most serious first. Two queries."""
    rows = list(link.routes.select_related("offer__merchant", "offer__product__brand"))
    return warnings_of(link, rows, now=now)


def warnings_of(link: Link, rows: Sequence[LinkRoute], *, now: datetime) -> list[str]:
    """The same of routes that need not be stored, each with a `pk` of its own. No query where offers are read."""
    routes = [as_route(row) for row in rows]
    names = {row.pk: route_name(row) for row in rows}
    found = []
    for hidden in hidden_routes(routes, now=now):
        others = " and ".join(names[one.id] for one in hidden.behind)
        why = (
            f"{others} before it take{'' if len(hidden.behind) > 1 else 's'} all its visitors" if others else hidden.why
        )
        found.append(f"{_upper(names[hidden.route.id])} is never taken: {why}.")
    for one, other in overlapping_windows(routes, now=now):
        first = f"{names[one.id]} goes first" if one.position < other.position else "they share the visitors"
        found.append(
            f"The dates of {names[one.id]} ({dates(one)}) and {names[other.id]} ({dates(other)}) overlap; "
            f"in the time they share, {first}."
        )
    found += [text for row in rows if (text := _other_product(link, row, names[row.pk]))]
    return [*found, *_direct_style(link, rows)]


def as_route(row: LinkRoute) -> Route:
    """The stored route as `catalog.links.routing` takes it."""
    return Route(
        id=row.pk,
        position=row.position,
        weight=row.weight,
        offer_id=row.offer_id,
        countries=frozenset(row.countries),
        forms=frozenset(row.forms),
        systems=frozenset(row.systems),
        languages=frozenset(row.languages),
        weekdays=frozenset(row.weekdays),
        from_time=row.from_time,
        until_time=row.until_time,
        time_zone=row.time_zone,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def route_name(row: LinkRoute) -> str:
    """`route 2 (“summer sale”, Shop)`: how messages call it."""
    name = f"“{row.name}”, " if row.name else ""
    return f"route {row.position} ({name}{row.offer.merchant.name})"


def _other_product(link: Link, row: LinkRoute, name: str) -> str:
    if row.offer.product_id == link.offer.product_id:
        return ""
    return f"{_upper(name)} leads to another product: {row.offer.product}. Pages say {link.offer.product}."


def _direct_style(link: Link, rows: Sequence[LinkRoute]) -> Iterable[str]:
    if not rows:
        return
    if link.offer.merchant.terms.link_style is LinkStyle.DIRECT:
        yield (
            f"{link.offer.merchant.name}'s programme wants direct links: our pages link to it without /go/, so these "
            "routes decide only for who follows the /go/ address."
        )
    wanted = {row.offer.merchant.name for row in rows if row.offer.merchant.terms.link_style is LinkStyle.DIRECT}
    for name in sorted(wanted - {link.offer.merchant.name}):
        yield f"{name}'s programme wants direct links; a route leads there by a redirect. Make sure that it may."


def _no_country(code: str) -> str:
    meant = _LIKELY_MEANT.get(code, "")
    hint = f" Do you mean {meant} ({country_name(meant)})?" if meant else ""
    return f"{code!r} is no country (ISO 3166), such as DE or US.{hint}"


def _add(found: Problems, field: str, sentence: str) -> None:
    found.setdefault(field, []).append(sentence)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]

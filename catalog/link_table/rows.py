"""How are links read from the database: all of them, some of them, and what of them changed?

Triggers write every change that matters into `catalog_linkchange`, with the transaction it was made in. A reader
remembers the oldest transaction that was still open when it last looked: whatever is not from before that is read
(again, which harms nothing), so that no commit is ever missed, in whatever order transactions end, and nobody waits
for anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from catalog.link_table.entries import Conditions, LinkEntry, RouteEntry, Shop
from catalog.links.routing import Route
from catalog.models import Merchant, Product
from catalog.networks import NETWORKS

# Rows are fetched so many at a time, so that reading a million links needs no second million in memory.
_CHUNK = 5_000

_LINKS = """
SELECT l.code, l.id, l.redirect_status,
    coalesce(f.to_offer_id, o.id), coalesce(t.url, o.url), coalesce(t.merchant_id, o.merchant_id),
    extract(epoch FROM least(l.expired_at, l.expires_at))::float8, l.fallback_path, p.slug,
    EXISTS (SELECT 1 FROM catalog_linkroute r WHERE r.link_id = l.id AND r.weight > 0),
    l.is_active AND (least(l.expired_at, l.expires_at) <= now() OR m.is_active AND o.withdrawn_at IS NULL)
FROM catalog_link l
JOIN catalog_offer o ON o.id = l.offer_id
JOIN catalog_merchant m ON m.id = o.merchant_id
JOIN catalog_product p ON p.id = o.product_id
LEFT JOIN catalog_failover f ON f.link_id = l.id AND f.ended_at IS NULL AND f.from_offer_id = l.offer_id
LEFT JOIN catalog_offer t ON t.id = f.to_offer_id
"""
_ROUTES = """
SELECT r.link_id, r.id, r.position, r.weight, r.countries, r.forms, r.systems, r.languages, r.weekdays, r.from_time,
    r.until_time, r.time_zone, r.starts_at, r.ends_at,
    coalesce(t.id, o.id), coalesce(t.url, o.url), coalesce(t.merchant_id, o.merchant_id)
FROM catalog_linkroute r
JOIN catalog_offer o ON o.id = r.offer_id
JOIN catalog_merchant m ON m.id = o.merchant_id
LEFT JOIN catalog_failover f ON f.link_id = r.link_id AND f.ended_at IS NULL AND f.from_offer_id = r.offer_id
LEFT JOIN catalog_offer t ON t.id = f.to_offer_id
WHERE r.weight > 0 AND m.is_active AND o.withdrawn_at IS NULL AND r.link_id = ANY(%s)
ORDER BY r.link_id, r.position, r.id
"""
# One statement, so that the changes and the position they reach to are of one moment.
_CHANGES = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, c.id, c.kind::text, c.ref, c.code
FROM (VALUES (1)) one LEFT JOIN catalog_linkchange c ON c.xid >= %s::text::xid8
"""
_LINKS_OF = """
SELECT id FROM catalog_link WHERE offer_id = ANY(%(offers)s)
UNION SELECT link_id FROM catalog_linkroute WHERE offer_id = ANY(%(offers)s)
UNION SELECT link_id FROM catalog_failover WHERE ended_at IS NULL AND to_offer_id = ANY(%(offers)s)
UNION SELECT l.id FROM catalog_link l JOIN catalog_offer o ON o.id = l.offer_id WHERE o.merchant_id = ANY(%(shops)s)
UNION SELECT r.link_id FROM catalog_linkroute r JOIN catalog_offer o ON o.id = r.offer_id
    WHERE o.merchant_id = ANY(%(shops)s)
UNION SELECT f.link_id FROM catalog_failover f JOIN catalog_offer o ON o.id = f.to_offer_id
    WHERE f.ended_at IS NULL AND o.merchant_id = ANY(%(shops)s)
"""


class Change(NamedTuple):
    """`kind`: l(ink), o(ffer) or m(erchant) with the id `ref`, or a(ll); a link's `code` as it is and as it was."""

    number: int
    kind: str
    ref: int
    code: str


@dataclass(frozen=True, slots=True)
class News:
    """`position` is where the next look begins."""

    position: int
    changes: frozenset[Change]


def news(since: int) -> News:
    """What changed since the position of the last look; from 0 on it is only the position that is wanted."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, [str(since or 2**62)])
        rows = cursor.fetchall()
    return News(rows[0][0], frozenset(Change(*row[1:]) for row in rows if row[1] is not None))


def database_identity() -> str:
    """Another one after a restore into another server, where positions mean nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%s/%s', (pg_control_system()).system_identifier, oid) FROM pg_database "
            "WHERE datname = current_database()"
        )
        return str(cursor.fetchone()[0])


def shops() -> dict[int, Shop]:
    """All merchants, by id. One query."""
    rows = Merchant.objects.order_by().values_list(
        "pk", "name", "hosts", "network", "network_settings", "referrer_policy"
    )
    return {
        pk: Shop(
            id=pk,
            name=name,
            hosts=tuple(hosts),
            network=network,
            settings=settings,
            referrer_policy=policy or _policy_of(network),
        )
        for pk, name, hosts, network, settings, policy in rows
    }


def _policy_of(network: str) -> str:
    return NETWORKS[network].referrer_policy if network in NETWORKS else "strict-origin-when-cross-origin"


def all_links() -> Iterator[LinkEntry]:
    """Every link that leads somewhere, read in pieces.

    It is switched on, its merchant is active and its offer not withdrawn; or it has ended and leads to a page of ours.
    """
    last = 0
    while True:
        rows = _rows(f"{_LINKS} WHERE l.id > %s ORDER BY l.id LIMIT {_CHUNK}", [last])
        if not rows:
            return
        last = rows[-1][1]
        yield from _entries(row for row in rows if row[-1])


def links_with_ids(ids: Collection[int]) -> tuple[list[LinkEntry], set[str]]:
    """Those of these links that lead somewhere, and the codes of the others that exist."""
    rows = _rows(f"{_LINKS} WHERE l.id = ANY(%s)", [list(ids)])
    return _entries(row for row in rows if row[-1]), {row[0] for row in rows if not row[-1]}


def link_with_code(code: str) -> LinkEntry | None:
    """The link, when it leads somewhere."""
    return next(iter(_entries(row for row in _rows(f"{_LINKS} WHERE l.code = %s", [code]) if row[-1])), None)


def links_touched(changes: Iterable[Change]) -> set[int]:
    """The ids of the links that these changes are about. One query at most."""
    changes = list(changes)
    ids = {change.ref for change in changes if change.kind == "l"}
    offers = [change.ref for change in changes if change.kind == "o"]
    merchants = [change.ref for change in changes if change.kind == "m"]
    if offers or merchants:
        ids.update(pk for (pk,) in _rows(_LINKS_OF, {"offers": offers, "shops": merchants}))
    return ids


def _rows(statement: str, values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _entries(rows: Iterable[Any]) -> list[LinkEntry]:
    rows = list(rows)
    routed = [row[1] for row in rows if row[9]]
    routes = _routes(routed) if routed else {}
    found = []
    for code, pk, status, offer, address, merchant, ends_at, fallback, slug, _, _ in rows:
        conditions = None
        if ends_at is not None or pk in routes:
            path = (fallback or Product(slug=slug).get_absolute_url()) if ends_at is not None else ""
            conditions = Conditions(routes=routes.get(pk, ()), ends_at=ends_at, ended_path=path)
        found.append(LinkEntry(code, pk, status, offer, address, merchant, conditions))
    return found


def _routes(link_ids: list[int]) -> dict[int, tuple[RouteEntry, ...]]:
    found: dict[int, list[RouteEntry]] = {}
    for row in _rows(_ROUTES, [link_ids]):
        link, offer, address, merchant = row[0], row[-3], row[-2], row[-1]
        found.setdefault(link, []).append(RouteEntry(_route(row[1:-3], offer), offer, address, merchant))
    return {link: tuple(entries) for link, entries in found.items()}


def _route(columns: Any, offer: int) -> Route:
    pk, position, weight, countries, forms, systems, languages, weekdays, from_time, until_time, zone, start, end = (
        columns
    )
    return Route(
        id=pk,
        position=position,
        weight=weight,
        offer_id=offer,
        countries=frozenset(countries),
        forms=frozenset(forms),
        systems=frozenset(systems),
        languages=frozenset(languages),
        weekdays=frozenset(weekdays),
        from_time=from_time,
        until_time=until_time,
        time_zone=zone,
        starts_at=start,
        ends_at=end,
    )

"""What is known of a link that may be followed: as it is stored, and as it is worked out once for all its clicks?

A pure module. There may be a million entries in memory, so an entry is small, what few links have lies apart, and what
a merchant's links share is one `Shop`. What a click needs is worked out when a link is first followed.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from catalog.links.routing import Route
from catalog.networks import NETWORKS
from catalog.targets import Target, TargetError, destination, destination_parts

logger = logging.getLogger(__name__)

# Of one link, by the place it stands at: whoever makes places up cannot fill the memory.
_MOST_PLACES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A merchant as its links need it. `referrer_policy` is its own or its network's."""

    id: int
    name: str
    hosts: tuple[str, ...]
    network: str
    settings: Mapping[str, str]
    referrer_policy: str


@dataclass(frozen=True, slots=True)
class RouteEntry:
    """A route and the offer it leads to."""

    route: Route
    offer_id: int
    address: str
    shop_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What few links have: routes, and an end (seconds since 1970) from which the link leads to a page of ours."""

    routes: tuple[RouteEntry, ...] = ()
    ends_at: float | None = None
    ended_path: str = ""


@dataclass(slots=True)
class LinkEntry:
    """A link that may be followed. `offer_id`, `address`, `shop_id`: where it leads when no route decides."""

    code: str
    id: int
    status: int
    offer_id: int
    address: str
    shop_id: int
    conditions: Conditions | None = None


@dataclass(slots=True)
class Way:
    """An offer that a link leads to. `target` is ready for the sub-id of a click."""

    offer_id: int
    address: str
    shop: Shop
    target: Target
    by_place: bool
    _targets: dict[str, Target] = field(default_factory=dict)

    def location(self, sub_id: str, place: str) -> str:
        """The tagged ASCII address."""
        if not self.by_place or not place:
            return self.target.address(sub_id)
        target = self._targets.get(place)
        if target is None:
            if len(self._targets) >= _MOST_PLACES:
                self._targets.clear()
            target = self._targets[place] = _target(self.address, self.shop, place)
        return target.address(sub_id)


@dataclass(slots=True)
class ReadyLink:
    """`status` is the whole line of the answer. `ways` are those of the routes, by the route's id."""

    entry: LinkEntry
    status: str
    own: Way
    routes: tuple[Route, ...]
    ways: Mapping[int, Way]
    ends_at: float | None
    ended_path: str


def address_of(entry: LinkEntry, shop: Shop) -> str:
    """The address the link leads to when no route decides, without a sub-id. Raises `TargetError`."""
    return destination(
        entry.address, hosts=shop.hosts, merchant=shop.name, network=shop.network, settings=shop.settings
    )


def ready(entry: LinkEntry, shops: Mapping[int, Shop]) -> ReadyLink:
    """The link as clicks need it. Raises `TargetError` when it does not lead to its merchant (L24).

    A route that does not is left out, with a line in the log.
    """
    own = _way(entry.offer_id, entry.address, shops[entry.shop_id])
    conditions = entry.conditions or Conditions()
    ways: dict[int, Way] = {}
    routes = []
    for one in conditions.routes:
        try:
            ways[one.route.id] = _way(one.offer_id, one.address, shops[one.shop_id])
        except TargetError as error:
            logger.error("/go/%s/, route %d, is refused: %s", entry.code, one.route.id, error)
            continue
        routes.append(one.route)
    return ReadyLink(
        entry=entry,
        status=f"{entry.status} {HTTPStatus(entry.status).phrase}",
        own=own,
        routes=tuple(routes),
        ways=ways,
        ends_at=conditions.ends_at,
        ended_path=conditions.ended_path,
    )


def _way(offer_id: int, address: str, shop: Shop) -> Way:
    by_place = shop.network in NETWORKS and NETWORKS[shop.network].placement_ids
    return Way(offer_id, address, shop, _target(address, shop, ""), by_place)


def _target(address: str, shop: Shop, place: str) -> Target:
    return destination_parts(
        address, hosts=shop.hosts, merchant=shop.name, network=shop.network, settings=shop.settings, place=place
    )

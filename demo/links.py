"""Which links of the demo lead different visitors to different shops?

Two, with codes of their own, as for a newsletter or a printed card: pages go on naming the shop they lead to. One has
routes for countries, phones and evenings; the other shares its visitors between two shops.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

from django.db import transaction

from catalog.models import Link, LinkRoute, Offer
from catalog.services.links import LinkError, store_link, store_routes
from demo.processes import DemoError

ROUTED, SHARED = "headphones-of-the-week", "two-shops-one-card"
# Ear & Oak is the shop for evenings, Soundquay the one for Europe's days; Northbeat has the rest.
_ROUTES: Mapping[str, tuple[tuple[str, Mapping[str, Any]], ...]] = {
    ROUTED: (
        (
            "ear-and-oak",
            {
                "position": 1,
                "name": "evenings on a phone",
                "countries": ["DE", "AT", "CH"],
                "forms": ["phone"],
                "from_time": time(18),
                "until_time": time(23),
                "time_zone": "Europe/Berlin",
            },
        ),
        ("soundquay", {"position": 2, "name": "German speakers", "languages": ["de"], "weight": 2}),
        ("ear-and-oak", {"position": 2, "name": "German speakers, other shop", "languages": ["de"], "weight": 1}),
    ),
    SHARED: (
        ("northbeat-audio", {"position": 1, "name": "half", "weight": 50}),
        ("soundquay", {"position": 1, "name": "other half", "weight": 50}),
    ),
}


def fill_links() -> int:
    """How many of the two links are new. One that is there, whatever became of it, is left alone."""
    present = set(Link.objects.filter(code__in=_ROUTES).values_list("code", flat=True))
    offers = _offers_everywhere() if len(present) < len(_ROUTES) else iter(())
    try:
        return sum(_make(code, next(offers)) for code in _ROUTES if code not in present)
    except StopIteration as error:
        raise DemoError("No two products are sold by all three of the demo's shops.") from error
    except LinkError as error:
        raise DemoError(str(error)) from error


@transaction.atomic
def _make(code: str, offers: Mapping[str, Offer]) -> int:
    link = Link(code=code, offer=offers["northbeat-audio"])
    store_link(link=link)
    store_routes(link=link, routes=[LinkRoute(link=link, offer=offers[shop], **asked) for shop, asked in _ROUTES[code]])
    return 1


def _offers_everywhere() -> Iterator[dict[str, Offer]]:
    """By shop, the offers of each product that all three sell, in the catalogue's order."""
    found: dict[int, dict[str, Offer]] = {}
    shops = {shop for routes in _ROUTES.values() for shop, _ in routes}
    rows = Offer.objects.filter(merchant__slug__in=shops, withdrawn_at=None).select_related("merchant", "product")
    for offer in rows.order_by("product_id", "pk"):
        found.setdefault(offer.product_id, {}).setdefault(offer.merchant.slug, offer)
    return iter([offers for offers in found.values() if set(offers) == shops])

"""What does a reader see of a link before following it: where it leads whom, or that it leads nowhere (L19)?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from django.utils.translation import get_language_info

from catalog import targets
from catalog.links.countries import country_name
from catalog.links.route_words import whom
from catalog.links.routing import Route
from catalog.models import Link, LinkRoute, Offer
from catalog.offer_links import OfferLink, link_at
from catalog.selectors import direct_link
from catalog.services.link_checks import as_route
from catalog.terms import LinkStyle

PLACE = "lpreview.link.1"
EVERYBODY = whom(Route(id=0, position=0, weight=1, offer_id=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTarget:
    """One shop a link can lead to. `whom` is empty where it leads everybody there.

    `host` is the shop's; `via` the network's that the way goes over, where it does. `country` is ready for a sentence.
    """

    whom: str
    merchant: str
    country: str
    host: str
    via: str
    label: str
    product: str
    product_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage:
    """A link that leads to shops (`targets`), one that has ended (`ended_path`), or one that leads nowhere."""

    title: str
    description: str
    canonical: str
    code: str
    is_indexed: bool = False
    json_ld: tuple[str, ...] = ()
    targets: tuple[LinkTarget, ...] = ()
    disclaimers: tuple[str, ...] = ()
    link: OfferLink | None = None
    ended_path: str = ""

    @property
    def target(self) -> LinkTarget | None:
        """The only shop it leads to; None when it depends on the visitor, or leads to none."""
        return self.targets[0] if len(self.targets) == 1 else None


def preview_page(code: str, *, now: datetime) -> LinkPage:
    """Where the link with this code leads, and who pays for it. Three queries. Raises `Link.DoesNotExist`."""
    link = Link.objects.select_related("offer__merchant", "offer__product__brand").get(code=code)
    if link.expired_at is not None or (link.expires_at is not None and link.expires_at <= now):
        return _ended_page(link)
    ways = list(_ways(link, now))
    product = link.offer.product
    found = [target for words, offer in ways if (target := _target(offer, words)) is not None]
    only = ways[0][1] if len(ways) == len(found) == 1 else None
    is_direct = only is not None and only.merchant.terms.link_style is LinkStyle.DIRECT
    where = only.merchant.name if only else "a shop that depends on who follows it"
    return LinkPage(
        title=f"This link leads to {where}",
        description=f"Where our link to {product.name} leads, and who pays for it.",
        canonical=link.get_absolute_url(),
        code=link.code,
        targets=tuple(found),
        disclaimers=tuple(dict.fromkeys(text for _, offer in ways if (text := offer.merchant.disclaimer))),
        link=link_at(link.code, direct_link(only) if only and is_direct else None, PLACE),
    )


def unknown_page(code: str) -> LinkPage:
    """A code we never had, or one whose link was switched off or whose offer is gone."""
    return LinkPage(
        title="This link leads nowhere",
        description="The offer behind this link is gone, or the address was mistyped.",
        canonical="",
        code=code[:40],
    )


def _ended_page(link: Link) -> LinkPage:
    return LinkPage(
        title="This link has ended",
        description=f"Our link to {link.offer.product.name} was for some time only.",
        canonical=link.get_absolute_url(),
        code=link.code,
        ended_path=link.fallback_path or link.offer.product.get_absolute_url(),
    )


def _ways(link: Link, now: datetime) -> Iterable[tuple[str, Offer]]:
    """For whom, and to which offer: the routes that may decide now or later, then the link's own offer.

    An offer that fails is the one its failover leads to.
    """
    failovers = link.failovers.filter(ended_at__isnull=True).select_related(
        "to_offer__merchant", "to_offer__product__brand"
    )
    instead = {row.from_offer_id: row.to_offer for row in failovers}
    routes = list(
        link.routes.filter(weight__gt=0, offer__merchant__is_active=True, offer__withdrawn_at__isnull=True)
        .exclude(ends_at__lte=now)
        .select_related("offer__merchant", "offer__product__brand")
        .order_by("position", "pk")
    )
    words = {row.pk: _words(row) for row in routes}
    for row in routes:
        alike = [one.weight for one in routes if one.position == row.position and words[one.pk] == words[row.pk]]
        share = f" ({row.weight} in {sum(alike)})" if len(alike) > 1 else ""
        yield f"{words[row.pk]}{share}", instead.get(row.offer_id, row.offer)
    if EVERYBODY not in words.values():
        yield f"{EVERYBODY} else" if routes else "", instead.get(link.offer_id, link.offer)


def _target(offer: Offer, words: str) -> LinkTarget | None:
    """None when the shop's network cannot make its link: then `/go/` does not lead there either."""
    merchant = offer.merchant
    try:
        address = targets.destination(
            offer.url,
            hosts=merchant.hosts,
            merchant=merchant.name,
            network=merchant.network,
            settings=merchant.network_settings,
        )
    except targets.TargetError:
        return None
    host = urlsplit(targets.shop_address(offer.url)).hostname or ""
    first = urlsplit(address).hostname or ""
    return LinkTarget(
        whom=words,
        merchant=merchant.name,
        country=country_name(merchant.country),
        host=host,
        via="" if first == host else first,
        label=merchant.terms.link_label,
        product=offer.product.name,
        product_url=offer.product.get_absolute_url(),
    )


def _words(row: LinkRoute) -> str:
    """The visitors a route is for: `From Austria or Germany, on a phone`. Readers get languages by their names."""
    route = as_route(row)
    return whom(replace(route, languages=frozenset(map(_language, route.languages))))


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name"])
    except KeyError:
        return code

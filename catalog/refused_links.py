"""Which stored links lead nowhere because their merchant or its network would not have them, and why?

`/go/` refuses the same ones, one by one and in its log; here they are told before a reader meets them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from catalog.models import Failover, Link, LinkRoute, Merchant, Offer
from catalog.networks import NETWORKS
from catalog.settings_fields import problems
from catalog.targets import TargetError, destination
from catalog.terms import LinkStyle

_CHUNK = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLink:
    """`way` is how the link would lead there: empty for its own offer, else `route …` or `failover`."""

    code: str
    way: str
    merchant: str
    offer_id: int
    reason: str

    def __str__(self) -> str:
        way = f" ({self.way})" if self.way else ""
        return f"/go/{self.code}/{way} → {self.merchant}, offer {self.offer_id}: {self.reason}"


def tagged_or_why(merchant: Merchant, address: str) -> str:
    """The address as visitors are sent there (without a sub-id), or why they are not."""
    try:
        return _tagged(merchant, address)
    except TargetError as error:
        return str(error)


def refused_links() -> Iterator[RefusedLink]:
    """Every way of a link that is switched on, leads to an active merchant's offer, and would be refused.

    Four queries, read in pieces.
    """
    merchants = {merchant.pk: merchant for merchant in Merchant.objects.filter(is_active=True)}
    on_sale = Offer.objects.filter(merchant__in=list(merchants), withdrawn_at__isnull=True).order_by()
    own = Link.objects.filter(is_active=True, offer__in=on_sale).values_list(
        "code", Value(""), "offer_id", "offer__url", "offer__merchant_id"
    )
    routes = LinkRoute.objects.filter(link__is_active=True, weight__gt=0, offer__in=on_sale).values_list(
        "link__code",
        Concat(Value("route "), Cast("position", CharField())),
        "offer_id",
        "offer__url",
        "offer__merchant_id",
    )
    failovers = Failover.objects.filter(link__is_active=True, ended_at__isnull=True, to_offer__in=on_sale).values_list(
        "link__code", Value("failover"), "to_offer_id", "to_offer__url", "to_offer__merchant_id"
    )
    for code, way, offer_id, url, merchant_id in chain.from_iterable(
        rows.iterator(chunk_size=_CHUNK) for rows in (own, routes, failovers)
    ):
        merchant = merchants[merchant_id]
        try:
            _tagged(merchant, url)
        except TargetError as error:
            yield RefusedLink(code=code, way=way, merchant=merchant.name, offer_id=offer_id, reason=str(error))


def unusable_networks() -> list[tuple[Merchant, list[str]]]:
    """Active merchants whose record cannot make a link that pays, with what is wrong, a sentence each. One query."""
    found = []
    for merchant in Merchant.objects.filter(is_active=True):
        network = NETWORKS.get(merchant.network)
        settings = merchant.network_settings
        if network is None:
            found.append((merchant, [f"there is no network {merchant.network!r}; known are: {', '.join(NETWORKS)}."]))
        elif not isinstance(settings, dict):
            found.append((merchant, ["its network settings are not an object."]))
        elif wrong := (
            problems(network.settings, settings) or network.settings_problems(settings, hosts=merchant.hosts or [])
        ):
            found.append((merchant, wrong))
        elif not pays(merchant):
            found.append((merchant, [tagged_or_why(merchant, merchant.homepage)]))
    return found


def disguised_links() -> list[Merchant]:
    """Active merchants whose links go over `/go/` although their network wants them straight. One query."""
    return [
        merchant
        for merchant in Merchant.objects.filter(is_active=True, link_style=LinkStyle.REDIRECT.value)
        if merchant.network in NETWORKS and NETWORKS[merchant.network].terms.link_style is LinkStyle.DIRECT
    ]


def pays(merchant: Merchant) -> bool:
    """True when the network can tag the shop's home page: where no tag of ours is set it cannot."""
    try:
        _tagged(merchant, merchant.homepage)
    except TargetError:
        return False
    return True


def _tagged(merchant: Merchant, address: str) -> str:
    return destination(
        address,
        hosts=merchant.hosts or [],
        merchant=merchant.name,
        network=merchant.network,
        settings=merchant.network_settings,
    )

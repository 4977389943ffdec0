"""Which addresses lead to a shop, and what must stand beside a link to it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from catalog.links.addresses import host_of, lies_on
from catalog.models import Link, Merchant
from catalog.networks import NETWORKS


@dataclass(frozen=True, slots=True)
class Shops:
    """Hosts of merchants, and the label that the programme behind one of our links wants, by the link's code."""

    hosts: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    def pays_for(self, address: str) -> bool:
        """Whether the address is a shop's or an affiliate network's."""
        if not host_of(address):
            return False
        return lies_on(self.hosts, address) or any(network.is_link(address) for network in NETWORKS.values())


def shops(codes: Iterable[str]) -> Shops:
    """Two queries."""
    hosts = {host for found in Merchant.objects.values_list("hosts", flat=True) for host in found}
    labels = Link.objects.filter(code__in=set(codes)).values_list("code", "offer__merchant__link_label")
    return Shops(hosts=tuple(sorted(hosts)), labels=dict(labels))

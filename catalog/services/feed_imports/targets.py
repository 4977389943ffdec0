"""May this item be linked to? Asked for every item of a feed, so that the answer is remembered by its host."""

from __future__ import annotations

import re
from collections.abc import Callable

from catalog.models import Merchant
from catalog.networks import NETWORKS
from catalog.targets import TargetError, destination

_PLAIN = re.compile(r"(https?://[A-Za-z0-9.-]+(?::\d+)?)(?:[/?#][\x21-\x5b\x5d-\x7e]*)?")
_MOST_HOSTS = 1000


def target_check(merchant: Merchant) -> Callable[[str], str | None]:
    """A function that says why an address cannot be linked to, or None.

    `destination` decides. For an address of plain characters its answer depends on the host alone, unless that is the
    network's own host, whose links carry the shop's address inside.
    """
    known: dict[str, str | None] = {}
    network = NETWORKS.get(merchant.network)
    own = network.hosts if network is not None else ()

    def ask(url: str) -> str | None:
        try:
            destination(
                url,
                hosts=merchant.hosts,
                merchant=merchant.name,
                network=merchant.network,
                settings=merchant.network_settings,
            )
        except TargetError as error:
            return str(error)
        return None

    def check(url: str) -> str | None:
        plain = _PLAIN.fullmatch(url)
        if plain is None:
            return ask(url)
        host = plain[1]
        if host in known:
            return known[host]
        answer = ask(url)
        if len(known) < _MOST_HOSTS and not any(name in host for name in own):
            known[host] = answer
        return answer

    return check

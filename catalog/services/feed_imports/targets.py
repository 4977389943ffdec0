"""May this item be linked to? Asked for every item of a feed, so that the answer is remembered by its host."""

from __future__ import annotations

import re
from collections.abc import Callable

from catalog.models import Merchant
from catalog.targets import TargetError, destination, may_be_link

_PLAIN = re.compile(r"(https?://[A-Za-z0-9.-]+(?::\d+)?)(?:[/?#][\x21-\x5b\x5d-\x7e]*)?")
_MOST_HOSTS = 1000


def target_check(merchant: Merchant) -> Callable[[str], str | None]:
    """A function that says why an address cannot be linked to, or None.

    `destination` decides. For an address of plain characters its answer depends on the host alone, unless it is a link
    of some network's, which carries the shop's address inside.
    """
    known: dict[str, str | None] = {}
    own = str((merchant.network_settings or {}).get("domain", ""))

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
        if plain is None or may_be_link(url) or (own and own in url):
            return ask(url)
        host = plain[1]
        if host in known:
            return known[host]
        answer = ask(url)
        if len(known) < _MOST_HOSTS:
            known[host] = answer
        return answer

    return check

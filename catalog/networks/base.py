"""What must an affiliate network be able to do? The contract every file in this folder keeps.

A network turns a merchant's own address into one that tells the network whose visitor is coming. It is pure: text
and settings in, text out.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from typing import ClassVar
from urllib.parse import quote, urlsplit

from catalog.links.addresses import host_of, lies_on
from catalog.settings_fields import SettingField
from catalog.terms import Terms


class NetworkError(Exception):
    """The address cannot be tagged: a setting is missing or the target is not this network's to tag."""


class Network(ABC):
    key: ClassVar[str]
    label: ClassVar[str]
    # What editors should know of its programmes: direct or redirect, what is never done. One or two sentences.
    note: ClassVar[str] = ""
    settings: ClassVar[tuple[SettingField, ...]] = ()
    # Settings and a shop's address that fit: shown to editors, and what the contract test works with.
    example_settings: ClassVar[Mapping[str, str]] = {}
    example_target: ClassVar[str] = "https://shop.example/p/1"
    # What a new merchant of this network starts with; the record may say otherwise.
    terms: ClassVar[Terms] = Terms()
    # The network's own hosts, when it sends visitors over them; a tagged address lies there or at the merchant's.
    hosts: ClassVar[tuple[str, ...]] = ()
    # Further hosts whose links are this network's and are taken apart: sister domains, what it took over.
    link_hosts: ClassVar[tuple[str, ...]] = ()
    # What the path of a link looks like (a regular expression) where brands have such links on hosts of their own.
    link_path: ClassVar[str] = ""
    # True where the place on our page changes the address: then one address per place is made, not one per link.
    placement_ids: ClassVar[bool] = False
    # What the browser may tell the merchant about the page the visitor comes from (`/go/` answers with it).
    referrer_policy: ClassVar[str] = "strict-origin-when-cross-origin"
    # Where visitors pass over the network's host, one of these query parameters shows at the shop that it knows of
    # them. Networks that tag the shop's own address need none: what they add has to be there still.
    landing_parameters: ClassVar[tuple[str, ...]] = ()
    # What else somebody else's link leaves in a shop's address (names in small letters). It is taken out everywhere.
    foreign_parameters: ClassVar[tuple[str, ...]] = ()
    # False where its conditions forbid robots on the shop's pages, so that nobody looks where links end.
    lets_robots_look: ClassVar[bool] = True
    # The page on which the network ends links that pay nothing (any more), as a piece of its address.
    closed_pages: ClassVar[tuple[str, ...]] = ()

    def is_link(self, address: str) -> bool:
        """True when the address is a link of this network, of whichever publisher's."""
        return lies_on((*self.hosts, *self.link_hosts), address) or (
            bool(self.link_path) and re.match(self.link_path, urlsplit(address).path) is not None
        )

    def shop_address(self, target: str) -> str:
        """The merchant's own address, also when `target` is a link of this network that leads there.

        Who checks that we link to the merchant and nobody else checks this. Raises `NetworkError`.
        """
        return target

    def untagged(self, address: str) -> str:
        """The address without anybody's tag, where this network tags the shop's own addresses and this is one of them.

        Asked whichever network a merchant is with: somebody else's tag would earn for somebody else.
        """
        return address

    def landing(self, address: str, settings: Mapping[str, str]) -> str:
        """The same as `shop_address` where the merchant's settings name a host that links of ours go over."""
        return self.shop_address(address)

    def settings_problems(self, settings: Mapping[str, str], *, hosts: Collection[str] = ()) -> list[str]:
        """What is wrong with settings that fit one by one, a sentence each. `hosts` are the merchant's."""
        return []

    @abstractmethod
    def tagged_url(self, target: str, settings: Mapping[str, str], *, sub_id: str, place: str = "") -> str:
        """The address a visitor is sent to.

        `target` is the merchant's own https address, without anybody's tag or with a foreign one (which is
        replaced). `sub_id` is at most 30 ASCII letters and digits, and may be empty. `place` is where on our pages the
        link stands (`catalog.placements`), or empty; it never appears in the address, it may only choose between ids of
        ours (`placement_ids`). Other parameters of the target are kept, byte for byte. Tagging twice is tagging once.
        Raises `NetworkError`.
        """


def wanted(settings: Mapping[str, str], name: str, pattern: str = r"[0-9]{1,12}") -> str:
    """The setting's value. Raises `NetworkError` when it is missing or does not look right."""
    value = settings.get(name, "")
    if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
        raise NetworkError(f"`{name}` is missing or does not look right: set it in the merchant's record.")
    return value


def link_over(page: str, **parameters: str) -> str:
    """The network's page with these parameters, encoded to the last character; empty ones are left out.

    The order is the given one: networks want the shop's address last.
    """
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items() if value)
    return f"{page}{'&' if '?' in page else '?'}{query}"


def unknown_page(link: str, missing: str) -> NetworkError:
    """The answer to a link that names no page of the shop: it could not be checked, nor made ours."""
    return NetworkError(
        f"the link on {host_of(link)} does not say which page of the shop it leads to (no {missing}): "
        "store the shop's own address instead."
    )

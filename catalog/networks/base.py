"""What must an affiliate network be able to do? The contract every file in this folder keeps.

A network turns a merchant's own address into one that tells the network whose visitor is coming. It is pure: text
and settings in, text out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from catalog.settings_fields import SettingField
from catalog.terms import Terms


class NetworkError(Exception):
    """The address cannot be tagged: a setting is missing or the target is not this network's to tag."""


class Network(ABC):
    key: ClassVar[str]
    label: ClassVar[str]
    settings: ClassVar[tuple[SettingField, ...]] = ()
    # Settings and a shop's address that fit: shown to editors, and what the contract test works with.
    example_settings: ClassVar[Mapping[str, str]] = {}
    example_target: ClassVar[str] = "https://shop.example/p/1"
    # What a new merchant of this network starts with; the record may say otherwise.
    terms: ClassVar[Terms] = Terms()
    # The network's own hosts, when it sends visitors over them; a tagged address lies there or at the merchant's.
    hosts: ClassVar[tuple[str, ...]] = ()
    # What the browser may tell the merchant about the page the visitor comes from (`/go/` answers with it).
    referrer_policy: ClassVar[str] = "strict-origin-when-cross-origin"
    # Where visitors pass over the network's host, one of these query parameters shows at the shop that it knows of them.
    # Networks that tag the shop's own address need none: what they add has to be there still.
    landing_parameters: ClassVar[tuple[str, ...]] = ()
    # The page on which the network ends links that pay nothing (any more), as a piece of its address.
    closed_pages: ClassVar[tuple[str, ...]] = ()

    def shop_address(self, target: str) -> str:
        """The merchant's own address, also when `target` is a link of this network that leads there.

        Who checks that we link to the merchant and nobody else checks this. Raises `NetworkError`.
        """
        return target

    @abstractmethod
    def tagged_url(self, target: str, settings: Mapping[str, str], *, sub_id: str) -> str:
        """The address a visitor is sent to.

        `target` is the merchant's own https address, without anybody's tag or with a foreign one (which is
        replaced). `sub_id` is at most 30 ASCII letters and digits, and may be empty. Other parameters of the target
        are kept. Tagging twice is tagging once. Raises `NetworkError`.
        """


def with_parameter(address: str, name: str, value: str) -> str:
    """The address with this query parameter set once; every other one stays as it is, byte for byte.

    Shops sign their query strings and know their own spelling: parsing and writing them anew would change them.
    """
    parts = urlsplit(address)
    kept = [pair for pair in parts.query.split("&") if pair and not names(pair, name)]
    return urlunsplit(parts._replace(query="&".join([*kept, f"{name}={quote(value, safe='')}"])))


def parameter(address: str, name: str) -> str:
    """The decoded value of the query parameter, or an empty text."""
    for pair in urlsplit(address).query.split("&"):
        if names(pair, name):
            return unquote(pair.partition("=")[2].replace("+", " "))
    return ""


def names(pair: str, name: str) -> bool:
    """True when this piece of a query string sets the parameter of that name."""
    return unquote(pair.partition("=")[0]) == name

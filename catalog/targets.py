"""Where may a link of ours lead, and what is its exact address? The lock against open redirects (L24).

A pure module. A target is an offer's own address; it must lie on a host its merchant owns, and so must what the
network makes of it, unless the network sends visitors over a host of its own (Awin does). Somebody else's link around
the shop's address is taken apart first, whichever network it is of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from urllib.parse import quote, urlsplit, urlunsplit

from catalog.links.addresses import without_parameters
from catalog.networks import NETWORKS
from catalog.networks.base import Network, NetworkError
from catalog.settings_fields import problems

SUB_ID = re.compile(r"[A-Za-z0-9]{0,30}", re.ASCII)
# What may stand in an address as it is; everything else is percent-encoded, what is encoded stays encoded.
_ADDRESS_CHARACTERS = "%/:?#[]@!$&'()*+,;=~-._"
# Browsers read a backslash as a slash and drop tabs and line ends: an address with one is not what it seems.
_DECEPTIVE = re.compile(r"[\x00-\x20\x7f\\]")
_PORTS = {"http": "80", "https": "443"}
# Nearly all addresses are as plain as this, and a million links are judged at a start.
_PLAIN = re.compile(
    r"(https?)://([A-Za-z0-9][A-Za-z0-9.-]*)(?::([1-9][0-9]{0,3}))?(?:[/?#][\x21-\x5b\x5d-\x7e]*)?", re.ASCII
)
_HOST = re.compile(r"[a-z0-9._-]+", re.ASCII)
# Links around links around the shop's address: more of them than this nobody makes in earnest.
_MOST_LINKS = 5
# What any network's links leave behind at a shop: they would say that the visitor is somebody else's.
FOREIGN_PARAMETERS = frozenset(
    name.lower() for network in NETWORKS.values() for name in (*network.landing_parameters, *network.foreign_parameters)
)
_TAGGING = [network for network in NETWORKS.values() if type(network).untagged is not Network.untagged]
# Whose links carry a shop's address inside.
LINK_HOSTS = frozenset(host for network in NETWORKS.values() for host in (*network.hosts, *network.link_hosts))
_MAY_BE_LINK = re.compile(
    rf"https?://(?:[^/?#]*[.@])?(?:{'|'.join(map(re.escape, sorted(LINK_HOSTS)))})[.]?(?:[:/?#]|$)"
    + "".join(rf"|https?://[^/?#]*{network.link_path}" for network in NETWORKS.values() if network.link_path),
    re.IGNORECASE,
)


class TargetError(Exception):
    """This address may not be linked to. The message says why and what would be right."""


@dataclass(frozen=True, slots=True)
class Target:
    """A tagged address, made once and ready for the sub-id of each click.

    `before` and `after` stand around the sub-id; without one, `before` is cut to `lead` characters and `after` begins
    at `tail`, so that no empty parameter is left. Where the network takes no sub-id, `before` is the whole address.
    """

    before: str
    after: str = ""
    takes_sub_id: bool = False
    lead: int = 0
    tail: int = 0

    def address(self, sub_id: str = "") -> str:
        """The ASCII address. `sub_id` is ours (`clicks.ids.sub_id`) and is not checked again."""
        if not self.takes_sub_id:
            return self.before
        if sub_id:
            return self.before + sub_id + self.after
        return self.before[: self.lead] + self.after[self.tail :]


def owns(hosts: Iterable[str], address: str) -> bool:
    """True when the http(s) address lies on one of the hosts or below it (`shop.example` owns `www.shop.example`).

    An entry with a port (`127.0.0.1:8201`) owns that port only; one without owns every port.
    """
    where = _host_and_port(address)
    if where is None:
        return False
    host, port = where
    for entry in hosts:
        name, _, number = entry.strip().lower().partition(":")
        if number and number != port:
            continue
        if not name.isascii():
            name = _entry(name)
        if name and (host == name or host.endswith(f".{name}")):
            return True
    return False


def _host_and_port(address: str) -> tuple[str, str] | None:
    """The host of an http(s) address as it is asked for, and its port; None for what is none, or is deceptive."""
    if plain := _PLAIN.fullmatch(address):
        scheme, host, port = plain.groups()
        return host.lower().rstrip("."), port or _PORTS[scheme]
    if _DECEPTIVE.search(address):
        return None
    try:
        parts = urlsplit(address)
        host, number = _ascii((parts.hostname or "").rstrip(".")), parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc:
        return None
    return host, str(number or _PORTS[parts.scheme])


def refuse_foreign(address: str, hosts: Iterable[str], *, merchant: str) -> None:
    """Raises `TargetError` unless the address lies on the merchant's hosts."""
    hosts = tuple(hosts)
    if not owns(hosts, address):
        raise TargetError(
            f"{address[:200]!r} is not an address of {merchant}. Links lead only to http(s) addresses on: "
            f"{', '.join(hosts) or 'no host at all yet'}. Correct the address or add the host to the merchant."
        )


def may_be_link(address: str) -> bool:
    """True when the address may be a link of a network's, so that its own host says nothing of where it leads."""
    return _MAY_BE_LINK.match(address) is not None


def shop_address(address: str) -> str:
    """The shop's own address, out of however many links of networks, without what they left in it.

    Raises `TargetError` when a link does not say where it leads.
    """
    if _DECEPTIVE.search(address):
        return address  # nobody's, which `owns` says
    try:
        for _ in range(_MOST_LINKS):
            if not may_be_link(address):
                break
            taken_apart = address
            for network in NETWORKS.values():
                taken_apart = network.shop_address(taken_apart)
            if taken_apart == address:
                break
            address = taken_apart
        for network in _TAGGING:
            address = network.untagged(address)
        return without_parameters(address, FOREIGN_PARAMETERS)
    except NetworkError as error:
        raise TargetError(f"{address[:200]!r}: {error}") from error
    except ValueError as error:
        raise TargetError(f"{address[:200]!r} is not an address: {error}.") from error


def destination(
    address: str,
    *,
    hosts: Iterable[str],
    merchant: str,
    network: str,
    settings: Mapping[str, str],
    sub_id: str = "",
    place: str = "",
) -> str:
    """The ASCII address a visitor is sent to, tagged by the merchant's network.

    `sub_id` names a click (at most 30 letters and digits); `place` is where the link stands and is never passed on.
    Raises `TargetError` when the address is not the merchant's, when the network cannot tag it, or when what the
    network made of it leaves both the merchant's and the network's hosts.
    """
    if not SUB_ID.fullmatch(sub_id):
        raise TargetError(f"{merchant}: {sub_id!r} is no sub-id: at most 30 letters and digits.")
    shop = _shop(merchant, tuple(hosts), network, settings)
    return shop.checked(shop.tagged(shop.bare(address), sub_id, place))


def destination_parts(
    address: str,
    *,
    hosts: Iterable[str],
    merchant: str,
    network: str,
    settings: Mapping[str, str],
    place: str = "",
) -> Target:
    """The same, made once for all clicks on a link: what stands before and after their sub-ids."""
    shop = _shop(merchant, tuple(hosts), network, settings)
    bare = shop.bare(address)
    plain = _ascii_address(shop.tagged(bare, "", place))
    sub_id = next(code for number in count() if (code := f"x{number:025d}") not in plain)
    before, found, after = shop.checked(shop.tagged(bare, sub_id, place)).partition(sub_id)
    if not found:
        return Target(before=plain)
    lead = _alike(before, plain)
    return Target(before=before, after=after, takes_sub_id=True, lead=lead, tail=len(after) - (len(plain) - lead))


@dataclass(frozen=True, slots=True)
class _Shop:
    """A merchant's record, found to be usable: what all its links have in common."""

    name: str
    hosts: tuple[str, ...]
    network: Network
    settings: Mapping[str, str]

    def bare(self, address: str) -> str:
        """The shop's own address. Raises `TargetError` unless it is this shop's."""
        try:
            bare = shop_address(address)
            landing = self.network.landing(bare, self.settings)
            bare = bare if landing == bare else shop_address(landing)
        except (TargetError, NetworkError, ValueError) as error:  # ValueError: no address at all
            raise TargetError(f"{self}: {error}") from error
        refuse_foreign(bare, self.hosts, merchant=self.name)
        return bare

    def tagged(self, bare: str, sub_id: str, place: str) -> str:
        try:
            return self.network.tagged_url(bare, self.settings, sub_id=sub_id, place=place)
        except NetworkError as error:
            raise TargetError(f"{self}: {error}") from error

    def checked(self, tagged: str) -> str:
        """The tagged address in ASCII, checked once more: a mistake in a network's file must not open the lock."""
        try:
            arrives = self.network.landing(tagged, self.settings)
        except (NetworkError, ValueError) as error:
            raise TargetError(f"{self} would lead to {tagged[:200]!r}: {error}") from error
        is_ours = owns(self.hosts, arrives)
        if not is_ours or (arrives != tagged and not owns((*self.hosts, *self.network.hosts), tagged)):
            raise TargetError(f"{self} would lead to {tagged[:200]!r}, which is neither's own host.")
        return _ascii_address(tagged)

    def __str__(self) -> str:
        return f"{self.name}, network {self.network.label}"


def _shop(merchant: str, hosts: tuple[str, ...], network: str, settings: Mapping[str, str]) -> _Shop:
    try:
        return _judged(merchant, hosts, network, tuple(settings.items()))
    except TypeError:  # a setting that is no text, which is told below
        return _judged.__wrapped__(merchant, hosts, network, tuple(settings.items()))


@lru_cache(maxsize=1_000)
def _judged(merchant: str, hosts: tuple[str, ...], network: str, items: tuple[tuple[str, str], ...]) -> _Shop:
    """The same for all links of a merchant, of which there may be a million."""
    if network not in NETWORKS:
        raise TargetError(f"{merchant}: there is no network {network!r}; known are: {', '.join(NETWORKS)}.")
    shop = _Shop(merchant, hosts, NETWORKS[network], dict(items))
    fields = shop.network.settings
    if found := problems(fields, shop.settings) or shop.network.settings_problems(shop.settings, hosts=hosts):
        raise TargetError(f"{shop}: {' '.join(found)}")
    return shop


def _alike(one: str, other: str) -> int:
    """How many characters the two have in common from their start on."""
    at = max(one.rfind("?"), one.rfind("&"), 0)
    at = at if one[:at] == other[:at] else 0
    end = min(len(one), len(other))
    while at < end and one[at] == other[at]:
        at += 1
    return at


def _ascii(host: str) -> str:
    """The host as it is asked for; ValueError for one that is none, or that programs read in different ways."""
    if not host.isascii():
        # UnicodeError is a ValueError. What does not come back as it went was another host to somebody.
        encoded = host.encode("idna").decode()
        if encoded.encode().decode("idna") != host:
            raise ValueError("a host that is written in more than one way")
        host = encoded
    if host and not _HOST.fullmatch(host):
        raise ValueError("not a host")
    return host


def _entry(name: str) -> str:
    """The same for a host of a merchant's record, where one that cannot be used owns nothing."""
    try:
        return _ascii(name)
    except ValueError:
        return ""


def _ascii_address(address: str) -> str:
    return quote(address if address.isascii() else _with_ascii_host(address), safe=_ADDRESS_CHARACTERS)


def _with_ascii_host(address: str) -> str:
    parts = urlsplit(address)
    host = parts.hostname or ""
    if host.isascii():
        return address
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit(parts._replace(netloc=_ascii(host.rstrip(".")) + port))

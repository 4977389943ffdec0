"""A link leads to its merchant and nowhere else (L24)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.links.addresses import parameter
from catalog.networks import NETWORKS
from catalog.networks.base import Network
from catalog.settings_fields import SettingField
from catalog.targets import TargetError, destination, destination_parts, owns

HOSTS = ["shop.example", "127.0.0.1:8201"]


@pytest.mark.parametrize(
    "address",
    [
        "https://shop.example/p",
        "http://shop.example",
        "https://www.shop.example/p",
        "https://SHOP.example:8443/p",
        "http://127.0.0.1:8201/p",
    ],
)
def test_its_own_hosts_and_what_lies_below_them_are_the_merchants(address: str) -> None:
    assert owns(HOSTS, address)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/p",
        "https://shop.example.evil.example/",
        "https://evilshop.example/",
        "https://shop.example@evil.example/",
        "https://evil.example\\@shop.example/",
        "https://evil.example\\.shop.example/",
        "https://user@shop.example/",
        "//shop.example/p",
        "javascript://shop.example/%0aalert(1)",
        "data:text/html,x",
        "ftp://shop.example/",
        "https://shop.example/\r\nSet-Cookie: a=b",
        "https://shop.example/\tx",
        " https://shop.example/",
        "https://[shop.example/",
        "https://shop.example:99999/",
        "http://127.0.0.1:8202/p",
        "https://",
        "",
    ],
)
def test_tricks_are_refused(address: str) -> None:
    assert not owns(HOSTS, address)


def test_nobody_owns_anything_without_hosts() -> None:
    assert not owns([], "https://shop.example/")
    assert not owns([""], "https://shop.example/")


def target(address: str, **changes: object) -> str:
    values: dict[str, object] = {"hosts": HOSTS, "merchant": "Shop", "network": "direct", "settings": {}, **changes}
    return destination(address, **values)  # type: ignore[arg-type]


def test_a_foreign_address_is_refused_with_advice() -> None:
    with pytest.raises(TargetError, match=r"not an address of Shop.*shop\.example.*add the host"):
        target("https://evil.example/")


def test_a_shop_address_wrapped_in_a_network_link_is_unwrapped_before_it_is_judged() -> None:
    awin = {"network": "awin", "settings": {"publisher_id": "1", "advertiser_id": "2"}}
    wrapped = "https://www.awin1.com/cread.php?awinmid=9&awinaffid=9&ued=https%3A%2F%2F{}%2Fp"
    assert "ued=https%3A%2F%2Fshop.example%2Fp" in target(wrapped.format("shop.example"), **awin)
    with pytest.raises(TargetError, match="not an address of Shop"):
        target(wrapped.format("evil.example"), hosts=["shop.example", "www.awin1.com"], **awin)


def test_settings_that_do_not_fit_are_named() -> None:
    with pytest.raises(TargetError, match="publisher_id"):
        target("https://shop.example/", network="awin")
    with pytest.raises(TargetError, match="no network 'gone'"):
        target("https://shop.example/", network="gone")


def test_an_address_with_umlauts_becomes_ascii_and_what_is_encoded_stays_encoded() -> None:
    assert target("https://shop.example/Kopfhörer%20neu?q=ü") == ("https://shop.example/Kopfh%C3%B6rer%20neu?q=%C3%BC")


@pytest.mark.parametrize("code", ["a" * 31, "a-b", "ä", "a b", "a&b=c"])
def test_what_is_no_sub_id_never_gets_into_an_address(code: str) -> None:
    with pytest.raises(TargetError, match="at most 30 letters and digits"):
        target("https://shop.example/", sub_id=code)


@pytest.mark.parametrize(
    ("address", "network", "settings"),
    [
        ("https://shop.example/p", "direct", {"sub_id_parameter": "subid"}),
        ("https://shop.example/p?x=1#part", "direct", {"sub_id_parameter": "subid"}),
        (
            "https://shop.example/p?x=1&subid=theirs",
            "direct",
            {"parameter": "a", "value": "b", "sub_id_parameter": "s"},
        ),
        ("https://shop.example/p?x=1", "direct", {"parameter": "a", "value": "b"}),
        ("https://shop.example/p?x=x0000000000000000000000000", "direct", {"sub_id_parameter": "subid"}),
        ("https://shop.example/p?ü=1", "awin", {"publisher_id": "1", "advertiser_id": "2"}),
    ],
)
def test_a_target_made_once_gives_the_same_addresses_as_one_made_anew(
    address: str, network: str, settings: dict[str, str]
) -> None:
    values: dict[str, Any] = {"hosts": HOSTS, "merchant": "Shop", "network": network, "settings": settings}
    made = destination_parts(address, **values)
    assert made.address() == destination(address, **values)
    assert made.address("0abc9") == destination(address, sub_id="0abc9", **values)
    assert made.takes_sub_id == ("0abc9" in made.address("0abc9"))


@pytest.mark.parametrize(
    "address",
    [
        "https://shop.example%2eevil.example/",
        "https://evil.example%2f.shop.example/",
        "https://evil.example;.shop.example/",
        "https://shop.example。evil.example/",
        "https://shop.example\u200b.evil.example/",
        "https://straße.example/",
        "https://[::1]/",
        "https://-shop.example:0x50/",
    ],
)
def test_hosts_that_programs_read_in_different_ways_are_nobodys(address: str) -> None:
    assert not owns([*HOSTS, "evil.example;.shop.example", "strasse.example", "straße.example", "::1"], address)


@given(st.text(max_size=30), st.sampled_from(["https://shop.example", "http://127.0.0.1:8201", "https://"]))
def test_the_quick_look_at_a_plain_address_and_the_careful_one_agree(rest: str, start: str) -> None:
    address = start + rest
    quick = owns(HOSTS, address)
    careful = owns(HOSTS, address + ("" if "#" in address else "#") + "ü")  # beyond ASCII: never looked at quickly
    if "\\" not in address and all(33 <= ord(letter) != 127 for letter in address) and "/" in rest:
        assert quick == careful


class Rogue(Network):
    """A network's file with a mistake in it: it leads wherever its setting says."""

    key = "rogue"
    label = "Rogue"
    hosts = ("go.rogue.example",)
    settings = (SettingField(name="to", help="Where it really leads.", pattern=r"(?s).+"),)

    def tagged_url(self, target: str, settings: Mapping[str, str], *, sub_id: str, place: str = "") -> str:
        return settings["to"]

    def shop_address(self, target: str) -> str:
        return parameter(target, "u") if self.is_link(target) else target


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "https://go.rogue.example/?u=https%3A%2F%2Fevil.example%2F",
        "https://go.rogue.example/",
        "https://shop.example@evil.example/",
        "javascript:alert(1)",
        "https://shop.example/\r\nX: y",
    ],
)
def test_a_mistake_in_a_networks_file_does_not_open_the_lock(to: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(NETWORKS, "rogue", Rogue())
    for made in (destination, destination_parts):
        with pytest.raises(TargetError, match="would lead to"):
            made("https://shop.example/p", hosts=HOSTS, merchant="Shop", network="rogue", settings={"to": to})


def test_a_network_may_lead_over_its_own_host_to_the_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(NETWORKS, "rogue", Rogue())
    fine = "https://go.rogue.example/?u=https%3A%2F%2Fshop.example%2F"
    assert target("https://shop.example/p", network="rogue", settings={"to": fine}) == fine

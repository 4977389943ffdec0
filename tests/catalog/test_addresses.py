from __future__ import annotations

import pytest

from catalog.addresses import refusal


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_may_be_read_from(address: str) -> None:
    assert refusal(address) is None


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("127.0.0.53", "loopback"),
        ("10.1.2.3", "private"),
        ("169.254.169.254", "link-local"),
        ("100.127.255.254", "carrier-grade NAT"),
        ("239.1.2.3", "multicast"),
        ("0.0.0.0", "unspecified"),
        ("198.18.0.1", "private"),
        ("fec0::1", "private"),
        ("fe80::1%eth0", "link-local"),
        ("::ffff:192.168.0.1", "private"),
        ("64:ff9b::a9fe:a9fe", "link-local"),
    ],
)
def test_addresses_of_inner_networks_are_told_by_kind(address: str, kind: str) -> None:
    assert refusal(address) == kind


def test_what_is_no_address_is_an_error() -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        refusal("shop.example")

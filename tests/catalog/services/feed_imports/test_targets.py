"""Whether an item may be linked to is remembered by host, but never for links that carry the shop's address inside."""

from __future__ import annotations

import pytest

from catalog.models import Merchant
from catalog.services.feed_imports.targets import target_check

AWIN = {"publisher_id": "1", "advertiser_id": "2"}
VANITY = {"domain": "go.shop.example", "vanity_path": "us"}


def merchant(network: str = "direct", settings: dict[str, str] | None = None) -> Merchant:
    return Merchant(name="Shop", hosts=["shop.example"], network=network, network_settings=settings or {})


@pytest.mark.parametrize(
    ("network", "settings", "link"),
    [
        ("awin", AWIN, "https://www.awin1.com/cread.php?awinmid=1&ued={}"),
        ("awin", AWIN, "https://www.anrdoezrs.net/click-1-2?url={}"),
        ("direct", {}, "https://brand.pxf.io/c/1/2/3?u={}"),
        ("direct", {}, "https://go.shop.example/c/1/2/3?u={}"),
        ("impact", VANITY, "https://go.shop.example/them?u={}"),
    ],
)
def test_one_good_link_does_not_vouch_for_the_next(network: str, settings: dict[str, str], link: str) -> None:
    check = target_check(merchant(network, settings))
    assert check(link.format("https%3A%2F%2Fshop.example%2Fp")) is None
    assert "not an address of Shop" in (check(link.format("https%3A%2F%2Fevil.example%2Fp")) or "")
    assert check(link.format("https%3A%2F%2Fshop.example%2Fq")) is None


def test_plain_addresses_of_a_host_share_an_answer() -> None:
    check = target_check(merchant())
    assert check("https://shop.example/1") is None
    assert check("https://shop.example/2?x=1") is None
    assert "not an address" in (check("https://evil.example/1") or "")
    assert "evil.example/1" in (check("https://evil.example/2") or "")  # the first one's answer, said again

"""A link leads to its merchant and nowhere else (L24)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.targets import TargetError, destination, owns, sub_id

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


@given(st.text("abcXYZ019._-", min_size=1, max_size=60), st.text("abcXYZ019._-", min_size=1, max_size=60))
def test_a_sub_id_is_short_plain_and_the_same_for_the_same_placement(first: str, second: str) -> None:
    code = sub_id(first)
    assert code.isalnum()
    assert code.isascii()
    assert len(code) <= 30
    assert (code == sub_id(second)) == (first == second)


def test_no_placement_no_sub_id() -> None:
    assert sub_id("") == ""

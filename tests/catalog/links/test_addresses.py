"""Addresses are changed and taken apart without touching what is not meant."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.links.addresses import (
    carried,
    host_of,
    lies_on,
    parameter,
    web_address,
    with_parameter,
    with_parameters,
    without_parameters,
)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://a.example/p", "https://a.example/p?t=1"),
        ("https://a.example/p?x=%41&y=a+b&&z", "https://a.example/p?x=%41&y=a+b&z&t=1"),
        ("https://a.example/p?t=2&x=1&t=3#f?t=4", "https://a.example/p?x=1&t=1#f?t=4"),
        ("https://a.example/p?%74=2&T=3", "https://a.example/p?T=3&t=1"),
        ("https://a.example?x", "https://a.example?x&t=1"),
    ],
)
def test_a_parameter_is_set_once_at_the_end(address: str, expected: str) -> None:
    assert with_parameter(address, "t", "1") == expected
    assert with_parameter(expected, "t", "1") == expected


def test_values_are_encoded_and_empty_ones_only_taken_out() -> None:
    assert with_parameters("https://a.example/?b=1", {"a": "x&y=ü", "b": ""}) == "https://a.example/?a=x%26y%3D%C3%BC"


def test_named_ones_are_taken_out_however_they_are_capitalised() -> None:
    assert without_parameters("https://a.example/?AWC=1&x=2&Awc=3", {"awc"}) == "https://a.example/?x=2"
    assert without_parameters("https://a.example/?awc=1", {"awc"}) == "https://a.example/"


@given(st.text(max_size=40))
def test_an_address_without_them_is_not_touched_at_all(rest: str) -> None:
    address = f"https://a.example/?x=&&{rest.replace('awc', '')}"
    if "awc" not in address.lower() and "%" not in address:
        assert without_parameters(address, {"awc"}) == address


def test_a_parameter_is_read_as_forms_write_it() -> None:
    assert parameter("https://a.example/?x=1&q=a+b%2Bc", "q") == "a b+c"
    assert parameter("https://a.example/", "q") == ""


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://n.example/?u=https%3A%2F%2Fs.example%2Fp%3Fa%3D1%26b%3D2&sid=x", "https://s.example/p?a=1&b=2"),
        ("https://n.example/?U=https%253A%252F%252Fs.example%252Fp%253Fa%253D1", "https://s.example/p?a=1"),
        ("https://n.example/?u=https%253a%252f%252fs.example%252fa%252520b", "https://s.example/a%20b"),
        ("https://n.example/?sid=x&u=https://s.example/p", "https://s.example/p"),
        ("https://n.example/?u=https://s.example/p?a=1&b=2&SID=x&c=3", "https://s.example/p?a=1&b=2&c=3"),
        ("https://n.example/?u=https://s.example/p&sid=x&c=3", "https://s.example/p"),
        ("https://n.example/?u=https%3A%2F%2Fs.example%2Fp#top", "https://s.example/p#top"),
        ("https://n.example/?u=https%3A%2F%2Fs.example%2Fp%23own#top", "https://s.example/p#own"),
        ("https://n.example/?u=https%3A%2F%2Fs.example%2Fp%3Fq%3Da+b%2Bc", "https://s.example/p?q=a+b+c"),
        ("https://n.example/?u=s.example%2Fp", "https://s.example/p"),
        ("https://n.example/?u=%2F%2Fs.example%2Fp", "https://s.example/p"),
        ("https://n.example/?u=&u=https%3A%2F%2Fs.example", "https://s.example"),
        ("https://n.example/?v=https%3A%2F%2Fs.example%2Fv&u=12345", "https://s.example/v"),
        ("https://n.example/?u=12345", ""),
        ("https://n.example/?u=javascript%3Aalert(1)", ""),
        ("https://n.example/?u=ftp%3A%2F%2Fs.example%2F", ""),
        ("https://n.example/", ""),
    ],
)
def test_the_address_in_a_link_is_found(link: str, expected: str) -> None:
    assert carried(link, "u", "v", own=("sid",)) == expected


@given(st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), max_size=40), st.integers(0, 3))
def test_an_address_comes_out_of_any_layers_as_it_went_in(rest: str, layers: int) -> None:
    address = f"https://s.example/{quote(rest, safe='/?&=%+;')}"
    wrapped = address
    for _ in range(layers):
        wrapped = quote(wrapped, safe="")
    assert web_address(wrapped) == address


@pytest.mark.parametrize("text", ["", "12345", "javascript:alert(1)", "/p/1", "mailto:a@s.example", "https:", "s"])
def test_what_is_no_web_address_is_none(text: str) -> None:
    assert web_address(text) == ""


@pytest.mark.parametrize("address", ["https://[x", "https://a.example]", "no address", ""])
def test_what_cannot_be_read_has_no_host(address: str) -> None:
    assert host_of(address) == ""
    assert not lies_on(["a.example"], address)


def test_a_host_is_compared_from_its_end_at_its_dots() -> None:
    assert lies_on(["a.example"], "https://WWW.A.example.:443/")
    assert not lies_on(["a.example"], "https://ba.example/")
    assert not lies_on(["a.example"], "https://a.example.b.example/")

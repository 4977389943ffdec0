"""What every network must do, whichever it is: keep the address, replace foreign tags, never leave the shop's hosts."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.links.addresses import host_of
from catalog.networks import NETWORKS
from catalog.networks.base import NetworkError
from catalog.offer_links import PAID_REL
from catalog.settings_fields import problems
from catalog.targets import FOREIGN_PARAMETERS, TargetError, destination, destination_parts, owns, shop_address

SETTINGS = {key: network.example_settings for key, network in NETWORKS.items()}
CODE = "01jd9z0c7m8e2qk4x5n6r7s8t9"  # what a click's id looks like
# Somebody else's links, around the address that replaces the star.
FOREIGN_LINKS = [
    "https://www.awin1.com/cread.php?awinmid=9&awinaffid=8&clickref=theirs&ued=*",
    "https://www.awin1.com/awclick.php?mid=9&id=8&p=*",
    "https://click.linksynergy.com/deeplink?id=ThEiRs00000&mid=9&u1=theirs&murl=*",
    "https://www.anrdoezrs.net/click-99-88?sid=theirs&url=*",
    "https://www.tkqlhce.com/click-99-88?url=*&sid=theirs",
    "https://theirs.pxf.io/c/99/88/77?subId1=theirs&u=*",
    "https://rover.ebay.com/rover/1/711-53200-19255-0/1?campid=5330000000&toolid=1&mpre=*",
    "https://www.shareasale.com/r.cfm?b=1&u=2&m=3&afftrack=theirs&urllink=*",
]
words = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789-_.", min_size=1, max_size=12)
texts = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), max_size=20)
queries = st.lists(st.tuples(words, texts), max_size=6)
every_network = pytest.mark.parametrize("key", NETWORKS)


def example_hosts(key: str) -> list[str]:
    return [host_of(NETWORKS[key].example_target)]


def tagged(key: str, target: str, **changes: Any) -> str:
    values: dict[str, Any] = {
        "hosts": example_hosts(key),
        "merchant": "Shop",
        "network": key,
        "settings": SETTINGS[key],
        "sub_id": CODE,
        **changes,
    }
    return destination(target, **values)


def parts_of(key: str) -> dict[str, Any]:
    return {"hosts": example_hosts(key), "merchant": "Shop", "network": key, "settings": SETTINGS[key]}


def own_parameters(key: str) -> set[str]:
    """What this network itself puts into a shop's address."""
    arrives = NETWORKS[key].shop_address(tagged(key, NETWORKS[key].example_target))
    return {name for name, _ in parse_qsl(urlsplit(arrives).query)}


@every_network
def test_the_key_is_the_files_name_and_the_settings_fit(key: str) -> None:
    network = NETWORKS[key]
    assert network.key == key == type(network).__module__.rpartition(".")[2]
    assert network.label
    assert network.note.endswith(".")
    assert problems(network.settings, SETTINGS[key]) == []
    assert network.settings_problems(SETTINGS[key], hosts=example_hosts(key)) == []


@every_network
def test_a_misspelled_setting_is_named(key: str) -> None:
    found = problems(NETWORKS[key].settings, {**SETTINGS[key], "tagg": "x"})
    assert len(found) == 1
    assert "`tagg` is not a setting here" in found[0]


@every_network
def test_every_setting_says_what_it_is_and_a_missing_one_is_named(key: str) -> None:
    for field in NETWORKS[key].settings:
        assert len(field.help) > 20
        if field.required:
            rest = {name: value for name, value in SETTINGS[key].items() if name != field.name}
            with pytest.raises(TargetError, match=field.name):
                tagged(key, NETWORKS[key].example_target, settings=rest)
            with pytest.raises(NetworkError, match=field.name):
                NETWORKS[key].tagged_url(NETWORKS[key].example_target, rest, sub_id="")


@every_network
def test_no_setting_can_smuggle_anything_into_an_address(key: str) -> None:
    for name in SETTINGS[key]:
        for bad in ("a&b=c", "a/../b?", "a\r\nb", "https://evil.example/#", "evil.example/", "ä"):
            try:
                address = tagged(key, NETWORKS[key].example_target, settings={**SETTINGS[key], name: bad})
            except TargetError:
                continue
            query = urlsplit(address).query
            assert bad not in address
            assert quote(bad, safe="") in query


@every_network
@given(query=queries)
def test_other_parameters_survive_and_tagging_twice_is_tagging_once(key: str, query: list[tuple[str, str]]) -> None:
    gone = own_parameters(key) | FOREIGN_PARAMETERS | {"tag"}
    kept = [pair for pair in query if pair[0] not in gone and pair[0].lower() not in gone]
    example = NETWORKS[key].example_target
    target = f"{example}?{urlencode(kept)}" if kept else example
    address = tagged(key, target)
    assert urlsplit(address).scheme == "https"
    arrived = parse_qsl(urlsplit(NETWORKS[key].shop_address(address)).query, keep_blank_values=True)
    assert [pair for pair in arrived if pair[0] not in own_parameters(key)] == kept
    assert tagged(key, address) == address
    assert NETWORKS[key].tagged_url(address, SETTINGS[key], sub_id=CODE) == address
    assert owns([*example_hosts(key), *NETWORKS[key].hosts], address)
    assert owns(example_hosts(key), NETWORKS[key].shop_address(address))


@every_network
@pytest.mark.parametrize(
    "rest",
    [
        "?sig=a%2Fb%3d&x=%41&x=2&empty=&bare&plus=a+b%2Bc&ü=ß",
        "?next=https%3A%2F%2Fother.example%2F%3Fa%3D1%26b%3D2",
        "?twice=%2525%25C3%25BC",
        "#reviews",
        "?a=1#über/uns?x=1",
        "/Kopfh%C3%B6rer/größe;v=1/(neu)",
        "?a[]=1&a[]=2&j={}",
    ],
)
def test_what_stands_in_an_address_arrives_as_it_was_byte_for_byte(key: str, rest: str) -> None:
    example = NETWORKS[key].example_target
    arrives = NETWORKS[key].shop_address(tagged(key, example + rest))
    written = quote(example + rest, safe="%/:?#[]@!$&'()*+,;=~-._")
    before, _, fragment = quote(arrives, safe="%/:?#[]@!$&'()*+,;=~-._").partition("#")
    assert before.startswith(written.partition("#")[0])
    assert fragment == written.partition("#")[2]


@every_network
@pytest.mark.parametrize("link", FOREIGN_LINKS, ids=lambda link: host_of(link) + urlsplit(link).path[:7])
def test_somebody_elses_link_around_the_shops_address_becomes_ours(key: str, link: str) -> None:
    example = f"{NETWORKS[key].example_target}?x=1&y=a%20b"
    ours = tagged(key, example)
    assert tagged(key, link.replace("*", quote(example, safe=""))) == ours
    assert tagged(key, link.replace("*", quote(quote(example, safe=""), safe=""))) == ours
    around = link.replace("*", quote(FOREIGN_LINKS[0].replace("*", quote(example, safe="")), safe=""))
    assert tagged(key, around) == ours
    assert "theirs" not in ours.lower()


@every_network
@pytest.mark.parametrize("link", FOREIGN_LINKS, ids=lambda link: host_of(link) + urlsplit(link).path[:7])
@pytest.mark.parametrize(
    "inner",
    [
        "https://evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://{shop}@evil.example/",
        "https://{shop}.evil.example/",
        "https://evil.example\\@{shop}/",
        "https://{shop}/\r\nSet-Cookie: a=b",
        "https://{shop}/%0d\n",
        "//evil.example/",
        "",
    ],
)
def test_a_link_around_anything_else_is_refused(key: str, link: str, inner: str) -> None:
    shop = host_of(NETWORKS[key].example_target)
    with pytest.raises(TargetError):
        tagged(key, link.replace("*", quote(inner.format(shop=shop), safe="")))


@every_network
def test_what_other_publishers_links_left_in_the_address_is_taken_out(key: str) -> None:
    example = NETWORKS[key].example_target
    foreign = dict.fromkeys(FOREIGN_PARAMETERS, "theirs")
    assert {"awc", "clickref", "cjevent", "irclickid", "ransiteid", "ascsubtag"} <= FOREIGN_PARAMETERS
    address = tagged(key, f"{example}?keep=1&{urlencode(foreign)}&IrClickId=theirs&also=2")
    assert address == tagged(key, f"{example}?keep=1&also=2")


@every_network
@pytest.mark.parametrize(
    "text", [" [", "[", "https://[", "https://a b[", "https://shop.example:port/", "\n[", "https://]/"]
)
def test_what_is_no_address_at_all_is_refused_and_no_crash(key: str, text: str) -> None:
    for link in ("*", "https:// [*", *FOREIGN_LINKS):
        for make in (tagged, lambda *given: destination_parts(given[1], **parts_of(given[0]))):
            with pytest.raises(TargetError):
                make(key, link.replace("*", text))


@every_network
@given(text=st.text(max_size=60), link=st.sampled_from(["*", *FOREIGN_LINKS]), encoded=st.booleans())
def test_whatever_is_stored_only_clean_addresses_of_known_hosts_come_out(
    key: str, text: str, link: str, encoded: bool
) -> None:
    for inner in (text, NETWORKS[key].example_target + text, f"https://{text}"):
        stored = link.replace("*", quote(inner, safe="") if encoded else inner)
        try:
            address = tagged(key, stored)
        except TargetError:
            continue
        assert re.fullmatch(r"https?://[\x21-\x7e]+", address)
        assert "\\" not in address
        assert owns([*example_hosts(key), *NETWORKS[key].hosts], address)
        assert owns(example_hosts(key), NETWORKS[key].shop_address(address))


@every_network
@pytest.mark.parametrize("rest", ["", "?x=1", "?x=1#part", "#part", "?customid=theirs&subid=theirs"])
def test_an_address_made_once_gives_each_click_what_one_made_anew_would(key: str, rest: str) -> None:
    target = NETWORKS[key].example_target + rest
    made = destination_parts(target, **parts_of(key))
    assert made.address() == tagged(key, target, sub_id="")
    assert made.address(CODE) == tagged(key, target)
    assert made.takes_sub_id == (CODE in made.address(CODE))
    assert made.address(CODE).count(CODE) == (1 if made.takes_sub_id else 0)


@every_network
def test_the_place_is_never_told_and_changes_addresses_only_where_the_network_says_so(key: str) -> None:
    at = {place: tagged(key, NETWORKS[key].example_target, place=place) for place in ("", "a12.3.1", "q7.1.2", "qr")}
    assert not any(place and place in address for place, address in at.items())
    assert (len(set(at.values())) > 1) == NETWORKS[key].placement_ids


@every_network
def test_a_network_pays_by_sub_id_or_by_place(key: str) -> None:
    takes = CODE in tagged(key, NETWORKS[key].example_target)
    assert takes != NETWORKS[key].placement_ids


@every_network
def test_terms_start_strict_and_links_are_named_as_paid(key: str) -> None:
    network = NETWORKS[key]
    terms = network.terms
    assert terms.max_price_age is not None
    assert terms.max_price_age.total_seconds() <= 24 * 3600
    assert not any([terms.history_allowed, terms.alerts_allowed, terms.mail_allowed, terms.feeds_allowed])
    assert not any([terms.api_allowed, terms.image_copies_allowed])
    assert terms.link_label
    assert network.referrer_policy in {"strict-origin-when-cross-origin", "no-referrer-when-downgrade", "origin"}
    assert {"sponsored", "nofollow", "noopener"} == set(PAID_REL.split())  # noreferrer would hide us from programmes


def test_shop_addresses_are_found_in_links_of_every_network_by_host_alone() -> None:
    for link in FOREIGN_LINKS:
        assert shop_address(link.replace("*", "https%3A%2F%2Fshop.example%2Fp")) == "https://shop.example/p"
    assert shop_address("https://shop.example/c/1/2?u=https://x.example/") == (
        "https://shop.example/c/1/2?u=https://x.example/"
    )


def test_amazon_starts_with_the_strictest_terms() -> None:
    terms = NETWORKS["amazon"].terms
    assert terms.link_style == "direct"
    assert "Amazon Associate" in terms.disclaimer


@pytest.mark.parametrize("key", ["amazon", "ebay"])
def test_who_checks_where_clicks_come_from_may_see_it(key: str) -> None:
    assert NETWORKS[key].referrer_policy == "no-referrer-when-downgrade"
    assert NETWORKS[key].terms.link_style == "direct"

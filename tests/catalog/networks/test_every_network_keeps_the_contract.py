"""What every network must do, whichever it is; and the exact addresses each one makes."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.networks import NETWORKS
from catalog.networks.base import NetworkError
from catalog.settings_fields import problems
from catalog.targets import owns, sub_id

SETTINGS = {key: network.example_settings for key, network in NETWORKS.items()}
EXACT = [
    # Amazon: our tag of that shop, whoever's tag was there; everything else as it was; no sub-id
    ("amazon", "https://www.amazon.com/dp/B01", "", "https://www.amazon.com/dp/B01?tag=earmark-20"),
    ("amazon", "https://www.amazon.com/dp/B01", "abc", "https://www.amazon.com/dp/B01?tag=earmark-20"),
    (
        "amazon",
        "https://www.amazon.com/dp/B01?tag=foreign-20&linkCode=ogi&th=1&psc=1",
        "",
        "https://www.amazon.com/dp/B01?linkCode=ogi&th=1&psc=1&tag=earmark-20",
    ),
    (
        "amazon",
        "https://www.amazon.com/dp/B01?%74ag=foreign-20&k=a%20b+c#reviews",
        "",
        "https://www.amazon.com/dp/B01?k=a%20b+c&tag=earmark-20#reviews",
    ),
    ("amazon", "https://amazon.co.uk/dp/B01", "", "https://amazon.co.uk/dp/B01?tag=earmark-21"),
    # Awin: over its own host, the shop's address encoded to the last character
    (
        "awin",
        "https://shop.example/p/1?a=1&b=ü",
        "abc123",
        "https://www.awin1.com/cread.php?awinmid=789&awinaffid=123456&clickref=abc123"
        "&ued=https%3A%2F%2Fshop.example%2Fp%2F1%3Fa%3D1%26b%3D%C3%BC",
    ),
    (
        "awin",
        "https://www.awin1.com/cread.php?awinmid=1&awinaffid=2&clickref=theirs&p=https%3A%2F%2Fshop.example%2Fold",
        "",
        "https://www.awin1.com/cread.php?awinmid=789&awinaffid=123456&ued=https%3A%2F%2Fshop.example%2Fold",
    ),
    # Direct: the parameter by agreement, or the address as it is
    ("direct", "https://shop.example/p/1", "", "https://shop.example/p/1?ref=ear%26mark"),
    ("direct", "https://shop.example/p/1?x=1&ref=you", "abc", "https://shop.example/p/1?x=1&ref=ear%26mark&subid=abc"),
]


@pytest.mark.parametrize(("network", "target", "code", "expected"), EXACT)
def test_makes_exactly_this_address(network: str, target: str, code: str, expected: str) -> None:
    assert NETWORKS[network].tagged_url(target, SETTINGS[network], sub_id=code) == expected


@pytest.mark.parametrize("key", NETWORKS)
def test_the_key_is_the_files_name_and_the_settings_fit(key: str) -> None:
    network = NETWORKS[key]
    assert network.key == key == type(network).__module__.rpartition(".")[2]
    assert network.label
    assert problems(network.settings, SETTINGS[key]) == []


@pytest.mark.parametrize("key", NETWORKS)
def test_a_misspelled_setting_is_named(key: str) -> None:
    found = problems(NETWORKS[key].settings, {**SETTINGS[key], "tagg": "x"})
    assert len(found) == 1
    assert "`tagg` is not a setting here" in found[0]


words = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789-_.", min_size=1, max_size=12)
texts = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), max_size=20)


@pytest.mark.parametrize("key", NETWORKS)
@given(query=st.lists(st.tuples(words, texts), max_size=6), placement=words)
def test_other_parameters_survive_and_tagging_twice_is_tagging_once(
    key: str, query: list[tuple[str, str]], placement: str
) -> None:
    network, settings, code = NETWORKS[key], SETTINGS[key], sub_id(placement)
    bare = network.shop_address(network.tagged_url(network.example_target, settings, sub_id=code))
    ours = {name for name, _ in parse_qsl(urlsplit(bare).query)}
    kept = [pair for pair in query if pair[0] not in ours]
    target = f"{network.example_target}?{urlencode(kept)}" if kept else network.example_target
    tagged = network.tagged_url(target, settings, sub_id=code)
    assert urlsplit(tagged).scheme == "https"
    arrived = parse_qsl(urlsplit(network.shop_address(tagged)).query, keep_blank_values=True)
    assert [pair for pair in arrived if pair[0] not in ours] == kept
    assert network.tagged_url(tagged, settings, sub_id=code) == tagged
    assert owns([urlsplit(network.example_target).hostname or "", *network.hosts], tagged)


@pytest.mark.parametrize(
    ("key", "target", "settings", "word"),
    [
        ("amazon", "https://www.amazon.de/dp/B01", {"tag_us": "earmark-20"}, "tag_de"),
        ("amazon", "https://www.amazon.com.evil.example/dp/B01", {"tag_us": "earmark-20"}, "not a shop of Amazon's"),
        ("awin", "https://shop.example/", {"publisher_id": "1"}, "advertiser_id"),
        ("awin", "https://www.awin1.com/pclick.php?p=&a=1&m=2", SETTINGS["awin"], "which page of the shop"),
        ("direct", "https://shop.example/", {"parameter": "ref"}, "belong together"),
    ],
)
def test_says_what_is_missing(key: str, target: str, settings: dict[str, str], word: str) -> None:
    with pytest.raises(NetworkError, match=word):
        NETWORKS[key].tagged_url(target, settings, sub_id="")


def test_amazon_starts_with_the_strictest_terms() -> None:
    terms = NETWORKS["amazon"].terms
    assert terms.max_price_age is not None
    assert terms.max_price_age.total_seconds() == 24 * 3600
    assert terms.link_style == "direct"
    assert not any([terms.history_allowed, terms.alerts_allowed, terms.mail_allowed, terms.feeds_allowed])
    assert not terms.api_allowed
    assert "Amazon Associate" in terms.disclaimer


def test_amazon_keeps_the_referrer_for_its_own_check() -> None:
    assert NETWORKS["amazon"].referrer_policy == "no-referrer-when-downgrade"

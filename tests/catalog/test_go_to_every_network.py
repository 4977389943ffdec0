"""A click on a link of each network's: the address it makes, with a code of the click's own, and what it may tell."""

from __future__ import annotations

import pytest
from django.test import Client

from catalog.clicks.ids import click_id
from catalog.links.addresses import host_of
from catalog.networks import NETWORKS
from catalog.placements import token
from catalog.targets import destination
from tests.factories import make_link, make_merchant, make_offer

pytestmark = pytest.mark.django_db
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.mark.parametrize("key", NETWORKS)
def test_each_click_is_sent_on_with_its_own_code_and_never_with_its_place(client: Client, key: str) -> None:
    network = NETWORKS[key]
    hosts = [host_of(network.example_target)]
    merchant = make_merchant(network=key, network_settings=network.example_settings, hosts=hosts)
    make_link(make_offer(merchant=merchant, url=f"{network.example_target}?a=1"), "one")
    place = "a12.3.1"
    locations = []
    for _ in range(2):
        answer = client.get(f"/go/one/?p={token(place)}", headers={"user-agent": BROWSER})
        assert answer.status_code == 302
        assert answer["Referrer-Policy"] == network.referrer_policy
        locations.append(answer["Location"])
    plain = destination(
        f"{network.example_target}?a=1",
        hosts=hosts,
        merchant="Shop",
        network=key,
        settings=network.example_settings,
        place=place,
    )
    assert place not in "".join(locations)
    if network.placement_ids:
        assert set(locations) == {plain}
        return
    assert len(set(locations)) == 2
    for location in locations:
        [code] = [word for word in location.replace("=", "&").split("&") if click_id(word)]
        made = destination(
            f"{network.example_target}?a=1",
            hosts=hosts,
            merchant="Shop",
            network=key,
            settings=network.example_settings,
            sub_id=code,
        )
        assert location == made


def test_a_merchants_own_referrer_policy_is_answered_with(client: Client) -> None:
    make_link(make_offer(merchant=make_merchant(referrer_policy="unsafe-url")), "one")
    assert client.get("/go/one/", headers={"user-agent": BROWSER})["Referrer-Policy"] == "unsafe-url"

from __future__ import annotations

from html import unescape

import pytest
from django.conf import LazySettings
from django.test import Client

from catalog import best_offer
from catalog.networks import NETWORKS

pytestmark = pytest.mark.django_db


def test_how_we_rank_states_the_rules_that_are_in_force(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    html = unescape(client.get("/how-we-rank/").content.decode())
    for rule in best_offer.ORDER:
        assert rule[1:] in html
    monkeypatch.setattr(best_offer, "ORDER", ("offers of friends first",))
    assert "Offers of friends first." in client.get("/how-we-rank/").content.decode()


def test_the_disclosure_names_every_network_and_the_amazon_sentence(client: Client) -> None:
    html = client.get("/disclosure/").content.decode()
    for network in NETWORKS.values():
        assert network.label in html
    assert "As an Amazon Associate we earn from qualifying purchases" in html


def test_privacy_states_the_retention_that_is_set(client: Client, settings: LazySettings) -> None:
    settings.CLICK_RETENTION_MONTHS = 7
    assert "kept for 7 months" in client.get("/privacy/").content.decode()


def test_how_we_work_is_there(client: Client) -> None:
    assert "weighted mean" in client.get("/how-we-work/").content.decode()

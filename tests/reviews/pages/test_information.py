from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from html import unescape
from types import ModuleType

import pytest
from django.test import Client

from catalog import best_offer, deal, freshness, plausibility, schedule
from catalog.networks import NETWORKS

pytestmark = pytest.mark.django_db


def test_how_we_rank_states_the_rules_that_are_in_force(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    html = unescape(client.get("/how-we-rank/").content.decode())
    for rule in best_offer.ORDER:
        assert rule[1:] in html
    monkeypatch.setattr(best_offer, "ORDER", ("offers of friends first",))
    assert "Offers of friends first." in client.get("/how-we-rank/").content.decode()


@pytest.mark.parametrize(
    ("module", "name", "value", "words"),
    [
        (freshness, "OLDEST_SHOWN", timedelta(days=5), "more than 5 days ago"),
        (plausibility, "LARGEST_CHANGE", Decimal("0.25"), "more than 25%"),
        (plausibility, "SECOND_LOOK_AFTER", timedelta(minutes=17), "at least 17 minutes later"),
        (schedule, "FAILURES_BEFORE_PAUSE", 8, "After 8 failures"),
        (deal, "DAYS_NEEDED", 23, "fewer than 23 of those days"),
        (deal, "PRIOR_WINDOW", timedelta(days=41), "lowest price of the 41 days before"),
        (deal, "LEAST_PERCENT", 6, "under 6 %"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isupper() else "",
)
def test_a_limit_that_is_changed_is_changed_on_the_page_too(
    client: Client, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, value: object, words: str
) -> None:
    assert words not in unescape(client.get("/how-we-rank/").content.decode())
    monkeypatch.setattr(module, name, value)
    assert words in unescape(client.get("/how-we-rank/").content.decode())


def test_the_disclosure_names_every_network_and_the_amazon_sentence(client: Client) -> None:
    html = client.get("/disclosure/").content.decode()
    for network in NETWORKS.values():
        assert network.label in html
    assert "As an Amazon Associate we earn from qualifying purchases" in html


def test_how_we_work_is_there(client: Client) -> None:
    assert "weighted mean" in client.get("/how-we-work/").content.decode()

"""With the demo's catalogue nobody who answers the questions is left with nothing to show, to give up or to change."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from demo import stock
from recommender.kept_catalogue import kept_catalogue
from recommender.rules import load
from recommender.simulation import USES, Walk

pytestmark = pytest.mark.django_db
MOST = 60


@pytest.fixture(autouse=True)
def _offers() -> None:
    stock.fill_catalogue()
    stock.fill_merchants()
    stock.fill_offers()


def test_every_way_through_the_questions_leads_somewhere() -> None:
    walk = Walk(load(), kept_catalogue(now=timezone.now()).products, most=MOST)
    for use in USES:
        walk.take(use)
    assert walk.walked.ways > MOST
    assert [told.params() for told in walk.walked.dead] == []


@pytest.mark.parametrize("query", ["do=driving&mic=never", "do=industrial_comms&mic=none&where=construction"])
def test_who_finds_nothing_is_told_what_is_missing_and_what_would_help(client: Client, query: str) -> None:
    html = client.get(f"/choose/result/?{query}").content.decode()
    assert "How to get further" in html

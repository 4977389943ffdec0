"""Pages print an offer's first link that still leads to it, and only without any of those one that has ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog import selectors
from catalog.models import Offer
from tests.factories import make_link, make_merchant, make_product, make_seen_offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer() -> Offer:
    offer = make_seen_offer(make_product(), make_merchant())
    offer.links.all().delete()
    return offer


def printed(offer: Offer) -> str:
    (facts,) = selectors.offer_facts([offer.product_id])[offer.product_id]
    return facts.link_code


@pytest.mark.parametrize("ended", [{"expires_at": -1}, {"expired_at": -1}], ids=["by date", "by clicks"])
def test_a_link_that_has_ended_is_not_printed_while_another_leads_there(offer: Offer, ended: dict[str, int]) -> None:
    values: dict[str, Any] = {name: timezone.now() + timedelta(hours=hours) for name, hours in ended.items()}
    make_link(offer, "over", **values)
    assert printed(offer) == "over", "its fallback is better than nothing"
    make_link(offer, "next")
    make_link(offer, "last")
    assert printed(offer) == "next"


def test_a_link_that_ends_later_is_printed_until_then(offer: Offer) -> None:
    make_link(offer, "first", expires_at=timezone.now() + timedelta(hours=1))
    make_link(offer, "second")
    assert printed(offer) == "first"


def test_a_link_that_is_switched_off_is_not_printed(offer: Offer) -> None:
    make_link(offer, "off", is_active=False)
    make_link(offer, "on")
    assert printed(offer) == "on"

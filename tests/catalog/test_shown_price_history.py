"""Whose readings stand in a chart?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import Price
from catalog.selectors import price_history
from tests.factories import make_merchant, make_product, make_seen_offer


@pytest.mark.django_db
def test_a_history_is_shown_only_where_the_terms_allow_one() -> None:
    now = timezone.now()
    product = make_product()
    for merchant in (make_merchant("Open", history_allowed=True), make_merchant("Closed")):
        offer = make_seen_offer(product, merchant)
        for days, verdict in ((3, "accepted"), (2, "rejected"), (1, "accepted")):
            Price.objects.create(
                offer=offer,
                amount=100 + days,
                currency="USD",
                availability="in_stock",
                seen_at=now - timedelta(days=days),
                source="manual",
                verdict=verdict,
            )
    found = price_history(product.pk, since=now - timedelta(days=30))
    assert [history.merchant for history in found] == ["Open"]
    assert [amount for _, amount in found[0].points] == [103, 101]

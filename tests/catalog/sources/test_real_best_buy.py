"""Best Buy's own example of opened items is read as SOURCES.md says it should be."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.reading import Condition, Reading
from catalog.sources.base import FeedState, Wanted
from catalog.sources.best_buy import BestBuy
from tests.catalog.sources.tokens import OwnTokens
from tests.servers.best_buy import open_best_buy, product

pytestmark = pytest.mark.real_data


def test_opened_ones_are_never_the_price_of_a_new_one(shared: Path) -> None:
    given = json.loads((shared / "fixtures" / "bestbuy" / "openbox_single_8610161.json").read_bytes())
    (result,) = given["results"]
    with open_best_buy() as server:
        server.opened = {"8610161": result}
        prices = result["prices"]
        server.products = {"8610161": product(8610161, prices["current"], regularPrice=prices["regular"])}
        answer = BestBuy().read(
            [Wanted(sku="8610161", url="", currency="USD")],
            server.settings(open_box="read"),
            door=server.shop.door(),
            now=datetime(2026, 11, 25, 12, tzinfo=UTC),
            state=FeedState(),
            tokens=OwnTokens(),
        )
        found = {one.condition: one.amount for one in answer.items if isinstance(one, Reading)}
    assert found == {Condition.NEW: Decimal("199.00"), Condition.USED: Decimal("175.99")}

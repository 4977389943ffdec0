"""Every captured item of eBay's is read as a person reads it, or refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catalog.reading import Condition, NotSold, Reading
from catalog.sources.ebay_browse.access import access_of
from catalog.sources.ebay_browse.items import item_said

pytestmark = pytest.mark.real_data

ACCESS = access_of({"marketplace": "EBAY_US", "client_id": "Earmark", "client_secret": "secret"})
# Before any of the captured listings ended.
THEN = datetime(2020, 1, 1, tzinfo=UTC)


def captured(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.json")):
        answer = json.loads(path.read_text())
        yield from answer.get("itemSummaries") or answer.get("items") or [answer]


def test_every_captured_item_is_read_right_or_refused(shared: Path) -> None:
    read, refused = [], []
    for item in captured(shared / "fixtures" / "ebay-browse"):
        said = item_said(item["itemId"], item["itemId"], item, ACCESS, THEN)
        if not isinstance(said, Reading):
            refused.append(f"{item['itemId']}: {said.reason}")
            continue
        read.append(said)
        assert "FIXED_PRICE" in item["buyingOptions"]
        assert said.amount == Decimal(item["price"]["value"])
        assert (said.currency, item["price"]["currency"]) == ("USD", "USD")
        assert item["conditionId"] != "7000"
        assert (said.condition is Condition.NEW) == (item["conditionId"] == "1000")
    print(f"read {len(read)}, refused {len(refused)}", *refused, sep="\n  ")
    assert len(read) >= 100


def test_a_listing_that_has_ended_since_is_not_sold(shared: Path) -> None:
    ending = [item for item in captured(shared / "fixtures" / "ebay-browse") if item.get("itemEndDate")]
    later = datetime(2099, 1, 1, tzinfo=UTC)
    assert all(isinstance(item_said("x", item["itemId"], item, ACCESS, later), NotSold) for item in ending)

"""Every captured feed is read as its owner means it."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.reading import Reading
from tests.catalog.sources.feeds import read

pytestmark = pytest.mark.real_data

TABLES = {
    "google-merchant/headphones_doc_row.tsv": ("SKU-001", "79.99", "USD"),
    "google-merchant/jpy_doc_row.tsv": ("TSH001", "1980", "JPY"),
    "prisjakt-spec/csv_full.csv": ("a b./)(", "3200000.00", "SEK"),
    "prisjakt-spec/csv_min.csv": ("aBCd1123", "100.00", "SEK"),
}


def test_every_xml_feed_is_read_as_expected(shared: Path) -> None:
    expected = json.loads((shared / "fixtures" / "expected-feeds.json").read_text())
    names = [name for name in expected if name.startswith(("google-merchant", "prisjakt"))]
    assert len(names) >= 6
    for name in names:
        found = read((shared / "fixtures" / name).read_bytes())
        assert len(found) == expected[name]["items"], name
        by_sku = {said.sku: said for said in found}
        for row in expected[name]["rows"]:
            said = by_sku[row["id"]]
            assert isinstance(said, Reading), said
            amount, currency = row["price_raw"].split()
            # Every sale of these feeds ended years ago, so the price is the price.
            assert (said.amount, said.currency) == (Decimal(amount), currency), name
            assert said.title == row["title"]
            assert said.condition.value == row["condition"]
            assert said.availability.value.replace("_", "") == row["availability"].replace("_", "")


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_read_as_expected(shared: Path, name: str) -> None:
    (said,) = read((shared / "fixtures" / name).read_bytes())
    assert isinstance(said, Reading)
    assert (said.sku, str(said.amount), said.currency) == TABLES[name]

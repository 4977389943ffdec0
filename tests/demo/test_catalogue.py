"""Does the demo's own catalogue show every type of device, with facts that fit the columns?"""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.utils.text import slugify

from catalog.kinds import ProductType, type_names
from catalog.models import AudioSpecs
from catalog.services.importing.row import parse
from demo import content

ROWS = content.catalogue()
SPECS = {field.name for field in AudioSpecs._meta.concrete_fields} - {"id", "product"}
OTHER_KEYS = {
    "brand",
    "model",
    "kind",
    "type",
    "status",
    "summary",
    "colour",
    "mpn",
    "gtin",
    "asin",
    "demo_price_usd",
    "evidence",
    "checked_on",
}

each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: slugify(f"{row['brand']} {row['model']}"))


def test_there_are_at_least_66_models_and_none_twice() -> None:
    slugs = [slugify(f"{row['brand']} {row['model']}") for row in ROWS]
    assert len(slugs) >= 66
    assert Counter(slugs).most_common(1)[0][1] == 1


@pytest.mark.parametrize("wanted", list(ProductType))
def test_each_of_the_ten_types_is_earned_by_enough_models(wanted: ProductType) -> None:
    earned = [
        row
        for row in ROWS
        if wanted in type_names(ProductType(row["type"]), wireless=row.get("wireless"), anc=row.get("anc"))
    ]
    assert len(earned) >= 6


def test_prices_spread_from_pocket_money_to_a_mastering_desk() -> None:
    prices = sorted(Decimal(row["demo_price_usd"]) for row in ROWS)
    assert Decimal(10) <= prices[0] <= Decimal(20)
    assert Decimal(1000) <= prices[-1] <= Decimal(1200)
    assert prices[len(prices) // 2] < Decimal(200)


@each_row
def test_a_row_has_only_keys_that_mean_something(row: dict[str, Any]) -> None:
    assert set(row) <= SPECS | OTHER_KEYS


@each_row
def test_a_row_is_read_by_the_import_without_a_remark(row: dict[str, Any]) -> None:
    read = parse(row)
    assert read.notes == ()
    assert read.type is not None
    assert read.type.kind is read.kind


@each_row
def test_each_known_spec_says_who_says_so(row: dict[str, Any]) -> None:
    assert SPECS & set(row) <= set(row["evidence"])


@each_row
def test_a_model_is_described_and_coloured(row: dict[str, Any]) -> None:
    assert re.fullmatch(r"#[0-9a-f]{6}", row["colour"])
    assert 30 <= len(row["summary"]) <= 300
    assert row["summary"].endswith(".")


@each_row
def test_the_microphone_fits_the_kind(row: dict[str, Any]) -> None:
    """A headset is told by its communication microphone, headphones by having none or one for the odd call (A7)."""
    assert (row["mic_grade"] == "communication") is (row["kind"] == "headset")


@each_row
def test_what_decides_a_recommendation_is_known(row: dict[str, Any]) -> None:
    assert row["wireless"] in (True, False)
    assert row["platforms"]
    assert row.get("radios") if row["wireless"] else row["connectors"]
    assert row["wireless"] or row["latency"] == "wired"


def test_a_wired_model_has_a_battery_only_where_it_feeds_noise_cancelling() -> None:
    assert [row["model"] for row in ROWS if "battery_hours" in row and not row["wireless"] and not row["anc"]] == []

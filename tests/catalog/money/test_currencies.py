from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.money.currencies import currency_code, decimals, in_minor_units, is_active


@pytest.mark.parametrize(("code", "places"), [("USD", 2), ("JPY", 0), ("CLP", 0), ("KWD", 3), ("TND", 3), ("XCG", 2)])
def test_knows_how_many_decimals_a_currency_has(code: str, places: int) -> None:
    assert decimals(code) == places


@pytest.mark.parametrize(
    ("text", "code"), [("pln", "PLN"), (" EUR ", "EUR"), ("€", "EUR"), ("RUR", "RUB"), ("US$", "USD"), ("zł", "PLN")]
)
def test_reads_the_spellings_of_a_currency_field(text: str, code: str) -> None:
    assert currency_code(text) == code


@pytest.mark.parametrize(
    ("text", "reason"),
    [("$", "may be"), ("kr", "may be"), ("BGN", "withdrawn in 2026-01"), ("XXX", "not an ISO"), ("", "not an ISO")],
)
def test_refuses_a_currency_field_that_does_not_name_one(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        currency_code(text)


def test_writes_an_amount_with_the_decimals_of_its_currency() -> None:
    assert str(in_minor_units(Decimal("67.8400"), "EUR")) == "67.84"
    assert str(in_minor_units(Decimal("1980.00"), "JPY")) == "1980"
    assert str(in_minor_units(Decimal(5), "KWD")) == "5.000"


def test_cents_in_a_currency_without_cents_are_a_misreading() -> None:
    with pytest.raises(ValueError, match="CLP has no cents"):
        in_minor_units(Decimal("24.99"), "CLP")


@pytest.mark.parametrize("amount", ["1e999", "NaN", "Infinity", "1e12"])
def test_an_amount_that_no_shop_asks_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="is no price"):
        in_minor_units(Decimal(amount), "USD")


@pytest.mark.real_data
def test_agrees_with_the_iso_table(shared: Path) -> None:
    path = shared / "fixtures" / "currencies" / "iso4217_codes-all.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["AlphabeticCode"] and not row["WithdrawalDate"]]
    ours = {row["AlphabeticCode"]: row["MinorUnit"] for row in rows if is_active(row["AlphabeticCode"])}
    assert {code: str(decimals(code)) for code in ours} == ours
    left_out = {row["AlphabeticCode"] for row in rows} - ours.keys()
    funds_and_metals = "BOV CHE CHW CLF COU MXV USN UYI UYW XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX"
    assert " ".join(sorted(left_out)) == funds_and_metals

"""Files of rates are read as their publishers write them, and refused where they are wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from catalog.money.published_rates import RatesError, csv_rates, ecb_rates

DAY = date(2026, 11, 25)
CUBES = b"<Envelope><Cube><Cube time='2026-11-25'>%s</Cube></Cube></Envelope>"


def test_rates_are_found_whatever_the_namespace() -> None:
    body = CUBES % b"<Cube currency='USD' rate='1.1595'/><Cube currency='JPY' rate='181.32'/>"
    spaced = body.replace(b"<Envelope>", b"<Envelope xmlns='http://www.ecb.int/vocabulary/2002-08-01/eurofxref'>")

    assert ecb_rates(body) == ecb_rates(spaced)
    assert ecb_rates(body) == [(DAY, "USD", Decimal("1.1595")), (DAY, "JPY", Decimal("181.32"))]


def test_currencies_that_are_gone_are_left_out() -> None:
    assert ecb_rates(CUBES % b"<Cube currency='BGN' rate='1.9558'/><Cube currency='USD' rate='1.1'/>") == [
        (DAY, "USD", Decimal("1.1"))
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Sign in</body></html>",
        CUBES % b"",
        CUBES % b"<Cube currency='USD' rate='0'/>",
        CUBES % b"<Cube currency='USD' rate='-1'/>",
        CUBES % b"<Cube currency='USD' rate='NaN'/>",
        CUBES % b"<Cube currency='USD' rate='1,15'/>",
        CUBES % b"<Cube currency='USD'/>",
        (CUBES % b"<Cube currency='USD' rate='1.1'/>").replace(b"2026-11-25", b"25.11.2026"),
        (CUBES % b"<Cube currency='USD' rate='1.1'/>")[:-9],
        b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a><Cube time='2026-11-25'>"
        b"<Cube currency='USD' rate='&x;'/></Cube></a>",
    ],
    ids=["empty", "a page", "no rate", "0", "negative", "NaN", "comma", "none", "another day", "cut", "entity"],
)
def test_what_holds_no_usable_rate_is_refused(body: bytes) -> None:
    with pytest.raises(RatesError):
        ecb_rates(body)


def test_both_forms_of_csv_are_read() -> None:
    wide = "Date, USD, JPY, BGN, \n2026-11-25, 1.1595, 181.32, N/A, \n"
    long = "\ufeffcurrency;per_euro;day\n".replace(";", ",") + "USD,1.1595,2026-11-25\n\nJPY,181.32,2026-11-25\n"

    assert csv_rates(wide) == csv_rates(long) == [(DAY, "USD", Decimal("1.1595")), (DAY, "JPY", Decimal("181.32"))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "first line"),
        ("a,b\n1,2\n", "first line"),
        ("day,currency,per_euro\n", "no rate below"),
        ("day,currency,per_euro\n2026-11-25,USD\n", "Line 2 has too few columns"),
        ("day,currency,per_euro\n2026-11-25,ABC,1\n", "Line 2: `ABC` is no ISO 4217"),
        ("day,currency,per_euro\n2026-11-31,USD,1\n", "Line 2: `2026-11-31` is no day"),
        ("day,currency,per_euro\n2026-11-25,USD,=1\n", "Line 2: `=1` is no rate"),
        ("Date,USD\n2026-11-25,one\n", "Line 2, USD: `one` is no rate"),
    ],
    ids=["empty", "other", "headers only", "short", "currency", "day", "formula", "wide"],
)
def test_a_csv_says_which_line_is_wrong(text: str, said: str) -> None:
    with pytest.raises(RatesError, match=said):
        csv_rates(text)

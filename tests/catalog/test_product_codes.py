"""Codes are kept in one spelling, and what names nothing is not kept."""

from __future__ import annotations

import pytest

from catalog.product_codes import asin, gtin, mpns


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("4006381333931", "4006381333931"),
        ("04006381333931", "4006381333931"),
        ("4006381-333931", "4006381333931"),
        ("036000291452", "0036000291452"),  # a UPC is a GTIN-13 with a zero before it
        ("10036000291459", "10036000291459"),
        ("96385074", "0000096385074"),
        ("4006381333932", None),
        ("400638133393", None),
        ("0000000000000", None),
        ("none", None),
        ("", None),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", None),
    ],
)
def test_a_gtin_is_thirteen_digits_with_a_true_check_digit(written: str, kept: str | None) -> None:
    assert gtin(written) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [("b07t5v699k", "B07T5V699K"), ("030640615X", "030640615X"), ("B07", None), ("1234567890A", None)],
)
def test_an_asin_is_ten_signs(written: str, kept: str | None) -> None:
    assert asin(written) == kept


def test_part_numbers_are_taken_apart_and_words_left_out() -> None:
    assert mpns("910-1234 / 910-1235") == ("910-1234", "910-1235")
    assert mpns("abc-100; ABC-100") == ("ABC-100",)
    assert mpns("BLK") == mpns("28") == mpns("beyerdynamic") == mpns("x1" * 40) == ()
    assert mpns("A/B-100") == ("A/B-100",)
